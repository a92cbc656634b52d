"""The arrows of imports, read from the source: cli and drivers → stages → adapters → records.

Course knows nothing of grader.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.people import ROOT

STAGES = {
    "check",
    "build",
    "release",
    "collect",
    "grade",
    "feedback",
    "ledger_entries",
    "roster",
    "completion",
    "report",
    "regrade",
    "item_statistics",
}
COMMANDS = {f"commands_{part}" for part in ("course", "grading", "keys", "ledger", "roster", "completion", "run")}
DRIVERS = {
    "cli",
    "console",
    "batch",
    "demo",
    "serve",
    "coordinator",
    "watch",
    "doctor",
    "reporting",
    "__main__",
    *COMMANDS,
}
COURSE_FOR_GRADER = {"course", "course.items", "course.answers", "course.vietnamese"}
LEARNER_DRIVERS = {"demo", "serve"}
"""Drivers that play or start the learner's side; no stage does."""


def imports(path: Path) -> set[str]:
    """Return the dotted names that a file imports, at any depth, except for type checking only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(n)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for n in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                f"{node.module}.{alias.name}" if node.module in {"grader", "course"} else node.module
                for alias in node.names
            }
    return found


def modules(package: str) -> dict[str, set[str]]:
    return {
        str(p.relative_to(ROOT).with_suffix("")).replace("/", "."): imports(p)
        for p in sorted((ROOT / package).rglob("*.py"))
    }


GRADER = modules("grader")
COURSE = modules("course")


def test_course_never_imports_grader() -> None:
    assert {m: i for m, names in COURSE.items() for i in names if i.split(".")[0] == "grader"} == {}


def test_grader_uses_only_the_pure_part_of_course() -> None:
    wrong = {
        (m, i)
        for m, names in GRADER.items()
        for i in names
        if i.split(".")[0] == "course" and i not in COURSE_FOR_GRADER and m.split(".")[1] not in LEARNER_DRIVERS
    }
    assert wrong == set()


def test_stages_do_not_import_each_other() -> None:
    wrong = {
        (m, i)
        for m, names in GRADER.items()
        for i in names
        if m.split(".")[-1] in STAGES and i.startswith("grader.") and i.split(".")[1] in STAGES - {m.split(".")[-1]}
    }
    assert wrong == set()


def test_only_the_command_line_imports_drivers() -> None:
    wrong = {
        (m, i)
        for m, names in GRADER.items()
        for i in names
        if i.startswith("grader.") and i.split(".")[1] in DRIVERS and m.split(".")[-1] not in DRIVERS
    }
    assert wrong == set()


def test_one_file_on_each_side_knows_nbgrader() -> None:
    users = {m for m, names in {**GRADER, **COURSE}.items() for i in names if i.split(".")[0] == "nbgrader"}
    assert users == {"grader.gradebook.nbgrader_bridge", "course.exchange"}


def test_there_are_no_import_cycles() -> None:
    graph = {
        m: {i if i in GRADER else i.rsplit(".", 1)[0] for i in names if i.startswith("grader.")} - {m}
        for m, names in GRADER.items()
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"cycle: {' → '.join((*path, module))}"
        if module in done:
            return
        for other in graph.get(module, ()):
            visit(other, (*path, module))
        done.add(module)

    for module in graph:
        if module not in {"grader", "grader.__main__"}:
            visit(module, ())


def test_nothing_imports_from_exercises_or_submissions() -> None:
    assert not [
        (m, i)
        for m, names in {**GRADER, **COURSE}.items()
        for i in names
        if i.split(".")[0] in {"exercises", "submitted"}
    ]


@pytest.mark.parametrize("forbidden", ["eval", "exec", "pickle", "dill", "marshal", "shelve"])
def test_learner_bytes_cannot_reach_an_interpreter(forbidden: str) -> None:
    """Only what runs inside the box executes anything."""
    users = []
    for path in sorted((ROOT / "grader").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        if forbidden in called or forbidden in {i.split(".")[0] for i in imports(path)}:
            users.append(path.parent.name)
    assert set(users) <= {"box"}


@pytest.mark.parametrize(
    "heavy", ["pandas", "matplotlib", "nbgrader", "nbconvert", "sqlalchemy", "pydantic", "IPython", "ipywidgets"]
)
def test_start_up_loads_nothing_heavy(heavy: str) -> None:
    code = f"import sys, grader.cli; sys.exit('{heavy}' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
