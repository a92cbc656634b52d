"""Mistakes of authors: each is named with file, line, item, field and remedy, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.publish import build
from grader.text import authoring
from tests.support.people import NUMBER, SINGLE, Author, Instructor


def findings(tmp_path: Path, *items: str) -> list[tuple[str, int, str, str]]:
    path = Author(tmp_path).writes("T01", *items)
    return [(f.code, f.line, f.item, f.field) for f in authoring.read(path).findings]


ORDER = (
    "```{item} T01-Q03\ntype: order\npoints: 1\noutcome: 1\nstem: Xếp\nsteps: [{text: a}, {text: b}, {text: c}]\nkey: "
    "[[%s]]\n```\n"
)
MATCH = (
    "```{item} T01-Q04\ntype: match\npoints: 1\noutcome: 1\nstem: Ghép\nleft: [{text: a, key: a, feedback: vì a}, "
    "{text: b, key: b, feedback: vì b}]\nright: [{text: x}, {text: y}, {text: z}]\n```\n"
)
CASES = {
    "malformed YAML": (SINGLE.replace("options:", "options: ["), "E-YAML-1", ""),
    "a key written twice": (SINGLE.replace("points: 2", "points: 2\npoints: 3"), "E-YAML-1", ""),
    "an unknown type": (SINGLE.replace("type: single", "type: choice"), "E-ITEM-4", "type"),
    "a missing field": (SINGLE.replace("outcome: 1\n", ""), "E-ITEM-1", "outcome"),
    "an unknown field": (SINGLE.replace("outcome: 1", "outcome: 1\ncolour: red"), "E-ITEM-2", "colour"),
    "a value that is no number": (SINGLE.replace("points: 2", "points: hai"), "E-ITEM-3", "points"),
    "points of 0": (SINGLE.replace("points: 2", "points: 0"), "E-ITEM-3", "points"),
    "no right option": (SINGLE.replace(", correct: true", ""), "E-ITEM-5", "options"),
    "a veto that names no option": (SINGLE.replace("outcome: 1", "outcome: 1\nveto: [Z]"), "E-ITEM-5", "veto"),
    "points for some parts only": (
        NUMBER.replace("value: 9, points: 1", "value: 9").replace("points: 3", "points: 2"),
        "E-ITEM-1",
        "parts",
    ),
    "parts that do not add up": (NUMBER.replace("points: 3", "points: 4"), "E-ITEM-6", "points"),
    "ids used twice": (SINGLE.replace('- {text: "Chi', '- {id: B, text: "Chi'), "E-ITEM-7", "options"),
    "steps in the order of the key": (ORDER % "'1'], ['2'], ['3'", "E-ITEM-8", "steps"),
    "steps against the order of the key": (ORDER % "'3'], ['2'], ['1'", "E-ITEM-8", "steps"),
    "a key that names no step": (ORDER % "'1'], ['2'], ['9'", "E-ITEM-5", "key"),
    "pairs 1a 2b": (MATCH, "E-ITEM-8", "right"),
    "a pair with nothing": (MATCH.replace("key: b", "key: k"), "E-ITEM-5", "left"),
    "an item of another module": (SINGLE.replace("T01-Q01", "T09-Q01"), "E-ITEM-9", ""),
    "critical above the points": (SINGLE.replace("points: 2", "points: 2\ncritical: 3"), "E-ITEM-6", "points"),
    "a wrong variant": (
        SINGLE.replace("stem: Việc", "variants: [{stem: ''}]\nstem: Việc"),
        "E-ITEM-3",
        "variants.0.stem",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_mistake_is_named(tmp_path: Path, case: str) -> None:
    text, code, field = CASES[case]
    found = findings(tmp_path, text)
    assert [(c, f) for c, _, _, f in found] == [(code, field)]


def test_the_line_is_the_fields_own(tmp_path: Path) -> None:
    path = Author(tmp_path).writes("T01", SINGLE.replace("points: 2", "points: hai"))
    line = authoring.read(path).findings[0].line
    assert path.read_text(encoding="utf-8").splitlines()[line - 1] == "points: hai"


def test_duplicate_item_ids_are_named(tmp_path: Path) -> None:
    assert [f[0] for f in findings(tmp_path, SINGLE, SINGLE)] == ["E-ITEM-7"]


def test_scalars_stay_what_the_author_wrote(tmp_path: Path) -> None:
    path = Author(tmp_path).writes("T01", SINGLE.replace("Việc nào nên làm trước tiên?", "17:35"))
    assert authoring.read(path).items[0].keyed["variants"][0]["stem"] == "17:35"


def test_a_module_with_mistakes_is_not_built_at_all(instructor: Instructor) -> None:
    before = instructor.workspace.key("T01").read_bytes()
    instructor.author.writes("T01", SINGLE, NUMBER.replace("points: 3", "points: 4"))
    with pytest.raises(ModuongError, match="E-BUILD-1") as caught:
        build.build(instructor.workspace, instructor.author.text("T01"))
    assert "E-ITEM-6" in caught.value.said
    assert instructor.workspace.key("T01").read_bytes() == before


def test_points_must_add_up_to_the_modules(instructor: Instructor) -> None:
    instructor.author.writes("T01", SINGLE)
    with pytest.raises(ModuongError, match="E-BUILD-1") as caught:
        build.build(instructor.workspace, instructor.author.text("T01"))
    assert "2" in caught.value.text("en")
    assert "says 5" in caught.value.text("en")


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes("---\nmodule: T01\n---\nỦy".encode("utf-16"))
    with pytest.raises(ModuongError, match="E-FILE-2"):
        authoring.read(path)


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = Author(tmp_path).writes("T01", SINGLE)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    read = authoring.read(path)
    assert (len(read.items), read.findings) == (1, ())
