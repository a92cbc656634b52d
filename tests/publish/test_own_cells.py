"""``build`` never destroys what an instructor wrote into a source notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace, open_workspace
from grader.marking import grade
from grader.publish import build, own_cells
from tests.support.people import NUMBER, SINGLE, Author

TEST = {
    "cell_type": "code",
    "execution_count": None,
    "id": "them-thu",
    "outputs": [],
    "source": "assert gap_doi(21) == 42",
    "metadata": {"nbgrader": {"grade": True, "grade_id": "gap-doi", "locked": True, "points": 4.0, "solution": False}},
}


class Bench:
    """A workspace in which one exercise is built again and again."""

    def __init__(self, folder: Path) -> None:
        self.author = Author(folder).writes_course()
        self.space: Workspace = open_workspace(folder / "workspace", "thu")

    def builds(self) -> build.Built:
        return build.build(self.space, self.author.text("T01"))

    @property
    def path(self) -> Path:
        return self.space.source("T01") / "T01.ipynb"

    def names(self) -> list[str]:
        return [cell["id"] for cell in json.loads(self.path.read_bytes())["cells"]]

    def edits(self, change: Callable[[list[dict[str, Any]]], None]) -> None:
        data = json.loads(self.path.read_bytes())
        change(data["cells"])
        self.path.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    one = Bench(tmp_path)
    one.builds()
    return one


def test_a_build_over_its_own_work_writes_the_same_bytes(bench: Bench) -> None:
    before = bench.path.read_bytes()
    assert bench.builds().own == 0
    assert bench.path.read_bytes() == before
    assert not (bench.space.root / "source-truoc").exists()


def test_added_cells_stay_where_they_stood_and_the_old_notebook_is_kept(bench: Bench) -> None:
    bench.edits(lambda cells: cells.insert(4, TEST))
    before = bench.path.read_bytes()
    place = bench.names()[3]
    bench.author.writes("T01", SINGLE, NUMBER.replace("Có 240 đoàn viên", "Tổ có 240 đoàn viên"))
    assert bench.builds().own == 1
    names = bench.names()
    assert names[names.index("them-thu") - 1] == place
    (copy,) = (bench.space.root / "source-truoc").glob("*/T01.ipynb")
    assert copy.read_bytes() == before
    assert [i["id"] for i in grade.load_key(bench.space, "T01")["items"]] == ["T01-Q01", "T01-Q02", "gap-doi"]
    assert bench.builds().own == 1, "and the next time too"


def test_a_cell_stays_even_when_the_one_before_it_is_gone(bench: Bench) -> None:
    bench.edits(lambda cells: cells.append(TEST))
    bench.author.writes(
        "T01", NUMBER.replace("points: 3", "points: 5").replace("tol: 0.05, points: 2", "tol: 0.05, points: 4")
    )
    bench.builds()
    assert bench.names()[-1] == "them-thu"


def test_a_rewritten_cell_stays_unless_its_question_changed_too(bench: Bench) -> None:
    def rewrite(cells: list[dict[str, Any]]) -> None:
        (cell,) = (c for c in cells if c["id"] == "t01-text-1")
        cell["source"] = "Lời dặn của tôi."

    bench.edits(rewrite)
    assert bench.builds().own == 1
    assert json.loads(bench.path.read_bytes())["cells"][1]["source"] == "Lời dặn của tôi."
    path = bench.author.writes("T01", SINGLE, NUMBER)
    path.write_text(path.read_text("utf-8").replace("Anh/chị đọc kỹ", "Mời anh/chị đọc kỹ"), encoding="utf-8")
    before = bench.path.read_bytes()
    with pytest.raises(ModuongError) as told:
        bench.builds()
    assert told.value.code == "E-BUILD-2"
    assert bench.path.read_bytes() == before


def test_a_notebook_from_before_is_told_by_its_cells(bench: Bench) -> None:
    own_cells.record(bench.space, "T01").unlink()
    bench.edits(lambda cells: cells.append(TEST))
    bench.author.writes("T01", SINGLE.replace("Việc nào nên", "Điều gì nên"), NUMBER)
    assert bench.builds().own == 1
    assert bench.names()[-1] == "them-thu"
    own_cells.record(bench.space, "T01").unlink()
    bench.edits(lambda cells: cells.pop())
    assert bench.builds().own == 0


def test_a_damaged_notebook_is_not_overwritten(bench: Bench) -> None:
    bench.path.write_text("{hỏng", encoding="utf-8")
    with pytest.raises(ModuongError, match="E-BUILD-2"):
        bench.builds()
    assert bench.path.read_text("utf-8") == "{hỏng"
