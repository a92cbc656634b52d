"""A file that is not there or cannot be read is said in one way, whatever it was to be; never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.words import into
from grader.check import glossary, inspect
from grader.ground import strict_yaml, syllabus, text_files
from grader.ground.errors import ModuongError
from grader.roster.exact.csv_rows import CsvRows
from grader.text import laws, myst
from tests.support.people import ROOT

READERS = {
    "course.yaml": syllabus.load,
    "exercise.md": myst.read,
    "units.csv": lambda path: list(CsvRows(path, ("unit_id",))),
    "any.yaml": strict_yaml.read,
}
WITH_FIELDS = {"glossary": glossary.load, "law facts": laws.load, "blueprint": inspect._blueprint}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("there", ["nothing", "a folder"])
def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path, name: str, there: str) -> None:
    path = tmp_path / name
    if there == "a folder":
        path.mkdir()
    with pytest.raises(ModuongError) as stopped:
        READERS[name](path)
    assert stopped.value.code == "E-FILE-1"
    assert str(stopped.value.said) == str(text_files.no_file(path).said)
    assert "Hãy xem lại tên" in stopped.value.said
    assert into(stopped.value.said, "en").endswith("Check the name, and the folder you are in.")


@pytest.mark.parametrize("kind", WITH_FIELDS)
@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"a: 1\nb: [\n", "E-YAML-1", ":3: "),
        (b"a: 1\na: 2\n", "E-YAML-1", ":2: "),
        (b"- a\n- b\n", "E-YAML-1", ":1: nội dung phải là các cặp"),
        (b"just a word", "E-YAML-1", ":1: nội dung phải là các cặp"),
        ("a: phở".encode("utf-16"), "E-FILE-2", "không phải UTF-8 (byte 0)"),
    ],
    ids=["malformed", "twice", "a list", "a word", "not UTF-8"],
)
def test_yaml_that_cannot_be_read_is_a_sentence_with_its_line(
    tmp_path: Path, kind: str, content: bytes, code: str, said: str
) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(ModuongError) as stopped:
        WITH_FIELDS[kind](path)
    assert stopped.value.code == code
    assert said in stopped.value.said
    assert str(path) in stopped.value.said


def test_a_line_of_a_part_counts_what_stands_above_it(tmp_path: Path) -> None:
    path = tmp_path / "exercise.md"
    path.write_text("---\nmodule: M90\nmodule: M91\n---\n", encoding="utf-8")
    with pytest.raises(ModuongError, match=r"exercise\.md:3: ") as stopped:
        myst.read(path)
    assert stopped.value.code == "E-YAML-1"


@pytest.mark.parametrize(("code", "place"), [("E-FILE-2", "text_files.py"), ("E-YAML-1", "strict_yaml.py")])
def test_each_of_these_refusals_is_made_in_one_place(code: str, place: str) -> None:
    made = re.compile(rf'ModuongError\(\s*"{code}"')
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "grader").rglob("*.py")}
    assert [name for name, text in texts.items() if made.search(text)] == [place]


def test_that_nothing_is_there_is_worded_once() -> None:
    worded = re.compile(r"không có tệp(?: hay thư mục)? này")
    places = [path.name for path in (ROOT / "grader").rglob("*.py") if worded.search(path.read_text(encoding="utf-8"))]
    assert places == ["text_files.py"]
