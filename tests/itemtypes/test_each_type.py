"""Each type proves itself: right is full, blank is blank, wrong is less, partial is exact, malformed is a message.

What is tested is the example of its section in docs/items.md, scored as an attempt is: by the judge, programs in the
box. That it is drawn and answered in a browser is in tests/browser/test_types.py.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from course import items, shown
from course.answers import Answer, AnswerSet
from course.items import ItemScore
from course.types import TYPES as PUBLIC
from course.types import modules
from grader.box.probe import open_box
from grader.feedback import page
from grader.itemtypes import TYPES
from grader.itemtypes.invented import guessing
from grader.marking.judge import Judge
from grader.publish import build
from grader.text import authoring
from tests.support import type_examples
from tests.support.people import ROOT

EXAMPLES = type_examples.examples()
each = pytest.mark.parametrize("kind", sorted(TYPES))
MALFORMED: list[Any] = [7, True, 2.5, [7], [["x"]], [None], {"khong-co": "x"}, {"khong-co": ["x"]}, {"1": {"2": "3"}}]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """A judge of all examples, as of one module, with a box for what runs."""
    key, problem = build.key_of(type_examples.text(), type_examples.written())
    assert problem is None
    with open_box([]) as box:
        yield Judge(json.loads(json.dumps(key)), box)


def scored(judge: Judge, kind: str, value: Any) -> ItemScore:
    name = EXAMPLES[kind].id
    return judge.score(AnswerSet("M02", {name: Answer(value)}, person="CB-000001"))[name]


def keyed(judge: Judge, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keyed item of a type's example, and its body."""
    item = judge.items[EXAMPLES[kind].id]
    return item, item["variants"][0]


def test_a_type_is_a_file_on_each_side_and_a_section() -> None:
    drawings = {path.stem for path in (ROOT / "course" / "widgets" / "types").glob("*.js")}
    styles = {path.stem for path in (ROOT / "course" / "widgets" / "types").glob("*.css")}
    assert set(PUBLIC) == set(TYPES) == drawings == set(type_examples.sections()) == set(EXAMPLES)
    assert styles <= drawings
    folders = [str(ROOT / "course" / "types")], [str(ROOT / "grader" / "itemtypes")]
    assert [modules(folder) for folder in folders] == [sorted(TYPES)] * 2


def test_the_examples_have_no_mistake() -> None:
    assert [f.text("en") for f in type_examples.written().findings] == []


@each
def test_its_letter_stands_on_the_items_page(kind: str) -> None:
    (line,) = [
        row for row in type_examples.PAGE.read_text(encoding="utf-8").split("\n") if row.startswith("Letters in")
    ]
    assert any(f"`{TYPES[kind].letter}`" in part and kind in part for part in line.split(", "))


@each
def test_right_earns_every_automatic_point(judge: Judge, kind: str) -> None:
    item, body = keyed(judge, kind)
    found = scored(judge, kind, TYPES[kind].right(body))
    assert found.automatic == Decimal(item["automatic"] or 0)
    assert found.state == ("pending_manual" if item["manual"] else "scored")


@each
@pytest.mark.parametrize("value", [None, "", " \u200b", [], {}], ids=repr)
def test_blank_is_blank(judge: Judge, kind: str, value: Any) -> None:
    found = scored(judge, kind, value)
    assert (found.points, found.state, found.message) == (Decimal(0), "blank", "")


@each
def test_wrong_earns_less_and_is_answered(judge: Judge, kind: str) -> None:
    item, body = keyed(judge, kind)
    for seed in range(4):
        found = scored(judge, kind, TYPES[kind].wrong(body, random.Random(seed)))
        if item["automatic"] is None:
            assert found.state == "pending_manual", "a person marks all of it"
            continue
        assert found.automatic < Decimal(item["automatic"])
        assert found.state in {"scored", "blank"}  # a starter that was left as it is
        assert found.state == "blank" or any(note.text for note in found.notes)


@each
def test_partial_earns_exactly_its_share(judge: Judge, kind: str) -> None:
    item, body = keyed(judge, kind)
    shared = TYPES[kind].partial(body)
    if shared is not None:
        value, share = shared
        found = scored(judge, kind, value)
        assert found.points == items.points_of(share, Decimal(item["points"]))
        assert Decimal(0) < found.automatic < Decimal(item["points"])


@each
@pytest.mark.parametrize("value", MALFORMED, ids=repr)
def test_malformed_is_invalid_with_a_message(judge: Judge, kind: str, value: Any) -> None:
    found = scored(judge, kind, value)
    assert (found.points, found.automatic, found.state) == (None, Decimal(0), "invalid")
    assert found.message


@each
def test_ticking_everything_earns_nothing(judge: Judge, kind: str) -> None:
    ticked = TYPES[kind].everything(keyed(judge, kind)[1])
    assert ticked is None or scored(judge, kind, ticked).points == 0


@each
def test_the_public_part_shows_no_key(judge: Judge, kind: str) -> None:
    model, body = TYPES[kind].public, EXAMPLES[kind].public["variants"][0]
    assert model.model_validate(body).model_dump(exclude_unset=True) == body
    with pytest.raises(ValidationError):
        model.model_validate(keyed(judge, kind)[1])
    with pytest.raises(ValidationError):
        model.model_validate({**body, "correct": ["A"]})


@each
def test_guesses_are_answers_with_probabilities(judge: Judge, kind: str) -> None:
    item, body = keyed(judge, kind)
    for name, guess in guessing.GUESSERS.items():
        assert sum(weight for _answer, weight in guess(item, body)) == pytest.approx(1), name
    if items.scores(item):
        states = {items.score(item, answer).state for answer, _weight in TYPES[kind].guesses(body)}
        assert "invalid" not in states or kind in {"number", "table"}, "a guess can be read"


@each
def test_what_was_picked_is_what_can_be_picked(judge: Judge, kind: str) -> None:
    _item, body = keyed(judge, kind)
    of = TYPES[kind]
    picks = {pick.id: pick.right for pick in of.picks(body)}
    assert len(picks) == len(of.picks(body))
    right = of.picked(body, of.right(body))
    assert bool(right) == of.has_options
    assert all(picks[name] for name in right)
    assert all(isinstance(of.picked(body, value), set) for value in MALFORMED)


@each
def test_the_feedback_page_tells_the_question_the_answer_and_why(judge: Judge, kind: str) -> None:
    item, body = keyed(judge, kind)
    public = EXAMPLES[kind].public
    for value in (TYPES[kind].right(body), TYPES[kind].wrong(body, random.Random(1)), *MALFORMED):
        found = scored(judge, kind, value)
        entry = {
            **{f: getattr(found, f) for f in ("points", "state", "critical_met", "automatic", "max_points", "message")}
        }
        view = page.item_view(public, value, 0, entry, found.notes)
        assert view.lines or view.text or found.state == "blank"
        assert view.text or len(view.lines) >= len(items.answered(public, value))
        assert items.readable(item, value)
    assert str(body["stem"]).split(".")[0] in items.told(public)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([*"ABCD", *"123abc"]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from([*"123", *"ab", "r1c2"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.sampled_from(sorted(k for k in TYPES if not PUBLIC[k].runs_code)), JSON)
def test_any_json_is_one_of_four_states_and_can_be_shown(kind: str, value: Any) -> None:
    keyed, public = EXAMPLES[kind].keyed, EXAMPLES[kind].public
    found = items.score(keyed, value)
    assert found.state in {"scored", "blank", "pending_manual", "invalid"}
    assert found.points is None or Decimal(0) <= found.points <= found.max_points
    assert isinstance(items.readable(public, value), str)
    spec = shown.question(public, 0, "CB-000001", 1)
    assert isinstance(shown.echoes(spec, value), dict)
    assert shown.open_parts(public, 0, value) >= 0
    assert shown.feedback(keyed, spec, 0, value)["verdict"]
    assert isinstance(items.answered(public, value), list)


@pytest.mark.parametrize("said", ["hologram", "[single]", "{a: b}", '""'])
def test_an_unknown_type_is_refused_before_anything_is_built(tmp_path: Path, said: str) -> None:
    path = tmp_path / "exercise.md"
    fence = f"```{{item}} M02-Q01\ntype: {said}\npoints: 1\noutcome: 1\nstem: Gì?\n```\n"
    path.write_text(f"---\nmodule: M02\n---\n{fence}", encoding="utf-8")
    read = authoring.read(path)
    assert read.items == ()
    assert [f.code for f in read.findings] == ["E-ITEM-4"]
    assert all(kind in read.findings[0].text("en") for kind in TYPES)
