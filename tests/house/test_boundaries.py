"""What no module may do: import exercises or submissions, run what learners wrote, make the start slow."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.people import ROOT


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
