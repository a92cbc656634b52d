"""Ids beside the text: a text keeps its id wherever it stands; nothing ever gets an id that meant something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.text import authoring, ids
from grader.text.authoring import Authored
from tests.support.people import Author

SINGLE = """\
```{{item}} T01-Q01
type: {type}
points: 2
outcome: 1
level: apply
stem: Việc nào nên làm trước tiên?
{more}options:
{options}
```
"""
MATCH = """\
```{item} T01-Q01
type: match
points: 2
outcome: 1
level: apply
stem: Ghép việc với người.
left:
  - {text: Chụp ảnh, key: c, feedback: Vì đây là việc của người giữ máy ảnh.}
  - {text: Viết lời, key: a, feedback: Vì đây là việc của người giữ bút.}
right:
RIGHT
```
"""


def choice(*options: str, kind: str = "single", more: str = "") -> str:
    written = "\n".join("  - {" + o + ', feedback: "Vì điều này được nói rõ trong bài học."}' for o in options)
    return SINGLE.format(type=kind, more=more, options=written)


def match(*right: str) -> str:
    return MATCH.replace("RIGHT", "\n".join("  - {" + side + "}" for side in right))


A, B, C = 'text: "Chi tiền quảng cáo"', 'text: "Hỏi tổ trưởng", correct: true', 'text: "Đăng lại bài"'


class Writer:
    """Writes one exercise again and again, as ``build`` sees it."""

    def __init__(self, folder: Path) -> None:
        self.author = Author(folder)

    def reads(self, item: str) -> Authored:
        return authoring.read(self.author.writes("T01", item))

    def builds(self, item: str) -> dict[str, str]:
        """Return id → text of the first list, after the ids were written."""
        found = self.reads(item)
        assert not found.findings, [f.text("en") for f in found.findings]
        ids.write(found.ids_file, found.ids())
        body = found.items[0].public["variants"][0]
        listed = next(body[name] for name in ("options", "right") if name in body)
        return {entry["id"]: entry["text"] for entry in listed}

    def codes(self, item: str) -> list[tuple[str, str]]:
        return [(f.code, f.field) for f in self.reads(item).findings]


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


def test_without_the_file_ids_go_by_place_and_then_stay_with_their_texts(writer: Writer) -> None:
    first = writer.builds(choice(A, B, C))
    assert list(first) == ["A", "B", "C"]
    moved = writer.builds(choice(C, B, A))
    assert moved == first
    assert list(moved) == ["C", "B", "A"]
    assert writer.reads(choice(C, B, A)).items[0].keyed["variants"][0]["correct"] == ["B"]


def test_the_same_text_in_another_normal_form_and_with_other_blanks_is_the_same(writer: Writer) -> None:
    import unicodedata

    writer.builds(choice(A, B, C))
    other = unicodedata.normalize("NFD", C).replace("lại bài", "lại  bài")
    assert list(writer.builds(choice(other, B, A))) == ["C", "B", "A"]


def test_a_changed_text_asks_what_it_means(writer: Writer) -> None:
    writer.builds(choice(A, B, C))
    changed = 'text: "Chi tiền quảng cáo cho bài"'
    assert writer.codes(choice(changed, B, C)) == [("E-ID-1", "options.0")]
    assert writer.codes(choice(B, C, changed)) == [("E-ID-1", "options.2")]
    assert "Chi tiền quảng cáo" in writer.reads(choice(changed, B, C)).findings[0].text("vi")


def test_reworded_keeps_the_id_and_new_gets_one_never_used(writer: Writer) -> None:
    writer.builds(choice(A, B, C))
    reworded = 'id: A, text: "Chi tiền quảng cáo cho bài"'
    assert writer.builds(choice(reworded, B, C))["A"] == "Chi tiền quảng cáo cho bài"
    assert list(writer.builds(choice(reworded.removeprefix("id: A, "), B, C))) == ["A", "B", "C"]
    fresh = 'id: new, text: "Gọi điện từng người"'
    assert list(writer.builds(choice(fresh, B, C))) == ["D", "B", "C"]
    assert list(writer.builds(choice(fresh, B, C))) == ["D", "B", "C"], "the field may stay"
    assert writer.codes(choice('id: A, text: "Chi tiền quảng cáo"', B, C, fresh)) == [("E-ID-2", "options.0")]
    assert list(writer.builds(choice('id: new, text: "Chi tiền quảng cáo"', B, C, fresh))) == ["E", "B", "C", "D"]


def test_what_is_only_added_or_removed_needs_no_field(writer: Writer) -> None:
    writer.builds(choice(A, B, C))
    assert list(writer.builds(choice(A, 'text: "Gọi điện"', B, C))) == ["A", "D", "B", "C"]
    assert list(writer.builds(choice(A, B, C))) == ["A", "B", "C"]
    assert list(writer.builds(choice(A, 'text: "Gửi thư"', B, C))) == ["A", "E", "B", "C"], "D is withdrawn"


def test_an_id_that_is_another_texts_is_refused(writer: Writer) -> None:
    writer.builds(choice(A, B, C))
    assert writer.codes(choice('id: B, text: "Chi tiền quảng cáo"', B, C)) == [("E-ID-2", "options.0")]
    assert writer.codes(choice(A, B, 'id: A, text: "Gọi điện"')) == [("E-ID-2", "options.2")]


def test_equal_texts_keep_their_own_ids(writer: Writer) -> None:
    twins = ('text: "Không"', 'text: "Có", correct: true', 'id: Z, text: "Không"')
    assert list(writer.builds(choice(*twins))) == ["A", "B", "Z"]
    assert list(writer.builds(choice(*reversed(twins)))) == ["Z", "B", "A"]


def test_where_ids_are_named_a_moved_entry_must_show_its_own(writer: Writer) -> None:
    right = ('text: "Ban biên tập"', 'text: "Nhóm ảnh"', 'text: "Người giữ máy"', 'text: "Kế toán"')
    writer.builds(match(*right))
    swapped = (right[2], right[1], right[0], right[3])
    assert writer.codes(match(*swapped)) == [("E-ID-2", "right.0"), ("E-ID-2", "right.2")]
    shown = ("id: c, " + right[2], right[1], "id: a, " + right[0], right[3])
    assert list(writer.builds(match(*shown))) == ["c", "b", "a", "d"]
    assert writer.reads(match(*shown)).items[0].keyed["variants"][0]["key"] == {"1": "c", "2": "a"}
    writer.builds(choice(A, B, C, kind="multiple", more="veto: [C]\n"))
    moved = choice(C, B, A, kind="multiple", more="veto: [C]\n")
    assert writer.codes(moved) == [("E-ID-2", "options.0"), ("E-ID-2", "options.2")]


def test_bodies_that_change_places_keep_their_ids(writer: Writer) -> None:
    def two(first: tuple[str, ...], second: str) -> str:
        return choice(*first).replace("\n```\n", f"\nvariants:\n  - stem: Câu khác?\n    options:\n{second}\n```\n")

    def under(*options: str) -> str:
        return "\n".join("    - {" + o + ', feedback: "Vì điều này được nói rõ trong bài."}' for o in options)

    other = ('text: "Viết báo cáo"', 'text: "Họp tổ", correct: true', 'text: "Treo băng rôn"')
    writer.builds(two((A, B, C), under(*other)))
    writer.builds(two((C, B, A), under(*other)))
    found = writer.reads(two(tuple(reversed(other)), under(A, B, C)))
    assert not found.findings
    assert [[o["id"] for o in body["options"]] for body in found.items[0].public["variants"]] == [
        ["C", "B", "A"],
        ["A", "B", "C"],
    ]


def test_the_file_is_the_same_on_every_machine_and_a_damaged_one_stops(writer: Writer) -> None:
    found = writer.reads(choice(A, B, C))
    assert ids.write(found.ids_file, found.ids())
    again = writer.reads(choice(A, B, C))
    assert not ids.write(again.ids_file, again.ids())
    assert ids.dumps(again.ids()) == again.ids_file.read_bytes() == ids.dumps(ids.load(again.ids_file))
    for damage in ("<<<<<<< HEAD\n", "items: [1, 2]\n", "items: {T01-Q01: [{options: [A]}]}\n", "schema: '1'\n"):
        again.ids_file.write_text(damage, encoding="utf-8")
        with pytest.raises(ModuongError) as told:
            writer.reads(choice(A, B, C))
        assert told.value.code == "E-ID-3"
