# Two commands matter: `make demo` and `make test`. Each sets itself up in .venv from the lock file.
PYTHON ?= python3
VENV := .venv
unexport PYTHONDONTWRITEBYTECODE  # hundreds of processes would each compile what they import
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: setup demo test check bench prove serve words lock clean

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

setup: $(STAMP)

demo: setup
	$(BIN)/moduong demo

test: check
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: setup
	$(BIN)/ruff check course grader tests bench
	$(BIN)/mypy
	$(BIN)/moduong check

bench: setup
	$(BIN)/python -m bench

prove: setup
	$(BIN)/python -m bench --prove

serve: setup
	$(BIN)/moduong serve --as cadre

# New sentences enter the catalogues without a translation, which a test then asks for; sentences that are gone leave.
words: setup
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output --omit-header -o $(VENV)/words.pot course grader
	for catalogue in course/locale/*.po; do $(BIN)/pybabel -q update -l "$$(basename $$catalogue .po)" -i $(VENV)/words.pot \
		-o $$catalogue --no-fuzzy-matching --ignore-obsolete --no-wrap --omit-header; done

lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --all-extras --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) workspace
