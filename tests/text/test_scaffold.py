"""A new module can be filled in: every type begins valid, and nothing that is left unwritten can be built."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.ground import syllabus
from grader.ground.errors import ModuongError
from grader.itemtypes import TYPES
from grader.text import module_text, scaffold


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_new_course_has_every_type_and_says_only_what_is_missing(tmp_path: Path, lang: str) -> None:
    course, exercises = tmp_path / "course", tmp_path / "exercises"
    scaffold.course(course, "thu", list(TYPES), exercises, lang)
    rules = syllabus.load(course / "course.yaml")
    text = module_text.read(rules, "M01", exercises, course)
    assert text.exercise is not None
    assert {item.head.type for item in text.exercise.items} == set(TYPES)
    assert {f.code for f in module_text.mistakes(text)} == {"E-NEW-3", "E-ITEM-11"}


def test_when_all_is_written_nothing_is_missing(tmp_path: Path) -> None:
    course, exercises = tmp_path / "course", tmp_path / "exercises"
    written = scaffold.course(course, "thu", ["single", "number"], exercises, "vi")
    for path in written:
        path.write_text(path.read_text(encoding="utf-8").replace("⟨", "").replace("⟩", ""), encoding="utf-8")
    rules = syllabus.load(course / "course.yaml")
    assert module_text.mistakes(module_text.read(rules, "M01", exercises, course)) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    scaffold.module("M11", "Tên", ["single"], tmp_path / "e", tmp_path / "c", "vi")
    kept = (tmp_path / "e" / "M11" / "exercise.md").read_bytes()
    for types, code in ((["text"], "E-NEW-1"), (["khong"], "E-NEW-2")):
        with pytest.raises(ModuongError) as told:
            scaffold.module("M11", "", types, tmp_path / "e", tmp_path / "c", "vi")
        assert told.value.code == code
    assert (tmp_path / "e" / "M11" / "exercise.md").read_bytes() == kept
