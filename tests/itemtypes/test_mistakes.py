"""What an author of a cloze, a grid or a hotspot can get wrong, each told with its code and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.text import authoring, module_text
from tests.support import type_examples

CLOZE = """type: cloze
points: 1
outcome: 1
stem: Điền.
text: "Có {1} và {2}."
gaps:
  - choices: [{text: Một, correct: true, feedback: Vì.}, {text: Hai, feedback: Vì.}]
  - {value: 2, feedback: Vì.}
"""
GRID = """type: grid
points: 1
outcome: 1
stem: Chọn.
columns: [{text: Đúng}, {text: Sai}]
rows:
  - {text: Một, key: a, feedback: Vì.}
  - {text: Hai, key: b, feedback: Vì.}
"""
HOTSPOT = """type: hotspot
points: 1
outcome: 1
stem: Chỉ.
picture: hinh.svg
alt: Một hình có hai chỗ.
places:
  - {text: Một, region: [0, 0, 50, 50], correct: true, feedback: Vì.}
  - {text: Hai, region: [50, 0, 50, 50], feedback: Vì.}
"""


def read(tmp_path: Path, body: str) -> authoring.Authored:
    path = tmp_path / "exercise.md"
    path.write_text(f"---\nmodule: M02\n---\n```{{item}} M02-Q01\n{body}```\n", encoding="utf-8")
    return authoring.read(path)


@pytest.mark.parametrize("body", [CLOZE, GRID, HOTSPOT])
def test_the_patterns_have_no_mistake(tmp_path: Path, body: str) -> None:
    assert [f.text("en") for f in read(tmp_path, body).findings] == []


@pytest.mark.parametrize(
    ("body", "old", "new", "code", "field"),
    [
        (CLOZE, "{1} và {2}", "{1} và {3}", "E-ITEM-5", "text"),
        (CLOZE, "{1} và {2}", "{1} và {1}, {2}", "E-ITEM-5", "text"),
        (CLOZE, "{1} và {2}", "{1}", "E-ITEM-5", "text"),
        (CLOZE, "Có {1}", "{src}`S7` {1}", "E-ITEM-5", "text"),
        (CLOZE, "value: 2", "value: 2, accept: [hai]", "E-ITEM-1", "gaps.1"),
        (CLOZE, "{value: 2, feedback: Vì.}", "{value: 2}", "E-ITEM-1", "gaps.1.feedback"),
        (CLOZE, "value: 2", "value: 2, fold: true", "E-ITEM-2", "gaps.1"),
        (CLOZE, "value: 2", "value: 2, points: 1", "E-ITEM-1", "gaps"),
        (CLOZE, "correct: true, ", "", "E-ITEM-5", "gaps.0.choices"),
        (CLOZE, "{text: Hai, feedback", "{id: A, text: Hai, feedback", "E-ITEM-7", "gaps.0.choices"),
        (CLOZE, "value: 2", "value: hai", "E-ITEM-3", "gaps.1.value"),
        (CLOZE, "points: 1\n", "points: 1\noptions: []\n", "E-ITEM-2", "options"),
        (GRID, "key: b", "key: z", "E-ITEM-5", "rows.1.key"),
        (GRID, "key: b", "key: [a, b]", "E-ITEM-5", "rows.1.key"),
        (GRID, "key: b", "key: a", "E-ITEM-8", "rows"),
        (GRID, "key: b, feedback: Vì.", "key: b", "E-ITEM-1", "rows.1.feedback"),
        (GRID, "key: b", "key: b, points: 1", "E-ITEM-1", "rows"),
        (GRID, "{text: Hai, key", "{id: 1, text: Hai, key", "E-ITEM-7", "rows"),
        (HOTSPOT, "[50, 0, 50, 50]", "[49, 0, 50, 50]", "E-ITEM-5", "places"),
        (HOTSPOT, "[50, 0, 50, 50]", "[60, 0, 50, 50]", "E-ITEM-5", "places.1.region"),
        (HOTSPOT, "[50, 0, 50, 50]", "[50, 0, 3, 50]", "E-ITEM-5", "places.1.region"),
        (HOTSPOT, "[50, 0, 50, 50]", "[50, 0, 50]", "E-ITEM-1", "places.1.region.3"),
        (HOTSPOT, "correct: true, ", "", "E-ITEM-5", "places"),
        (HOTSPOT, "hinh.svg", "../hinh.svg", "E-ITEM-3", "picture"),
        (HOTSPOT, "hinh.svg", "hinh.html", "E-ITEM-3", "picture"),
        (HOTSPOT, "picture: hinh.svg\n", "picture: hinh.svg\nveto: [A]\n", "E-ITEM-5", "veto"),
    ],
)
def test_a_mistake_is_told_where_it_is(tmp_path: Path, body: str, old: str, new: str, code: str, field: str) -> None:
    assert old in body
    found = read(tmp_path, body.replace(old, new)).findings
    assert (code, field) in {(f.code, f.field) for f in found}, [f.text("en") for f in found]
    assert all(f.said and f.text("en") for f in found)


def test_a_file_that_is_not_there_is_told_before_building(tmp_path: Path) -> None:
    assert module_text.mistakes(type_examples.text()) == []
    part = read(tmp_path, HOTSPOT)
    missing = [f for f in module_text._missing_files(part) if f.code == "E-ITEM-11"]
    assert [f.item for f in missing] == ["M02-Q01"]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "hinh.svg").write_text("<svg/>", encoding="utf-8")
    assert module_text._missing_files(part) == []
