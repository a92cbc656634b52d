"""Every lesson runs from top to bottom in a real kernel without a network.

Each practice question and each lab is a widget, no error.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.ground import syllabus
from grader.ground.workspace import LESSON, Workspace, open_workspace
from grader.publish import build, notebooks
from grader.text import module_text
from tests.support.people import ROOT

RULES = syllabus.load(ROOT / "course" / "course.yaml")
LESSONS = sorted(path.stem for path in (ROOT / "course" / "lessons").glob("*.md"))
PATIENCE = 60  # seconds for one cell; the rubric's bound for a whole lesson
WIDGET = "application/vnd.jupyter.widget-view+json"
GUARD = """
import sys
_asked = []
def _no_network(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
        _asked.append(f"{event} {args}")
        raise OSError("no network in this test")
sys.addaudithook(_no_network)
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(tmp_path_factory.mktemp("run-all"), RULES.course.id)


def run_all(folder: Path, *more: str) -> nbformat.NotebookNode:
    """Run ``folder``'s lesson after the guard, then ``more`` cells.

    The last cell prints what was asked of a network.
    """
    book = nbformat.read(folder / LESSON, as_version=4)
    cells = [notebooks.code_cell("guard", GUARD), *book.cells]
    cells += [
        notebooks.code_cell(f"more-{n}", text) for n, text in enumerate((*more, 'print("\\n".join(_asked), end="")'))
    ]
    book.cells = [nbformat.from_dict(cell) for cell in cells]
    NotebookClient(
        book, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return book


@pytest.mark.parametrize("module", LESSONS)
def test_the_lesson_runs_from_top_to_bottom_offline(workspace: Workspace, module: str) -> None:
    build.build(workspace, module_text.read(RULES, module, ROOT / "exercises", ROOT / "course"))
    book = run_all(workspace.lesson(module))
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    shown = [cell for cell in code if cell.source.startswith(("practice(", "lab("))]
    assert len(shown) >= 6
    for cell in shown:
        assert [sorted(o.data) for o in cell.outputs if WIDGET in o.get("data", {})], (
            f"{cell.source} shows no widget: {cell.outputs}"
        )
    quiet = [cell for cell in code if cell not in shown]
    assert [cell.outputs for cell in quiet if cell.outputs] == [], "nothing was asked of a network, nothing else prints"


def test_the_guard_sees_who_asks_a_network(workspace: Workspace) -> None:
    build.build(workspace, module_text.read(RULES, "M00", ROOT / "exercises", ROOT / "course"))
    ask = "import urllib.request\ntry:\n    urllib.request.urlopen('http://127.0.0.1:9/')\nexcept OSError:\n    pass"
    assert "socket.getaddrinfo" in run_all(workspace.lesson("M00"), ask).cells[-1].outputs[0].text
