"""The course's own exercises go to every format and come back: equal for what maps, and a line for what does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from grader.formats import catalog, exercise
from grader.formats.foreign import to_html
from grader.formats.question import Given, Place, Question
from grader.formats.settle import Item, settle
from grader.ground import syllabus
from grader.itemtypes.shared.neutral import Ordering
from grader.text import authoring, module_text
from tests.formats.brief import brief, read
from tests.support.people import ROOT

RULES = syllabus.load(ROOT / "course" / "course.yaml")
OPTIONS = authoring.read(ROOT / "tests" / "all_options.md")
Fields = dict[str, Any]


TEXTS = {m: module_text.read(RULES, m, ROOT / "exercises", ROOT / "course") for m in RULES.modules}
TEXTS["T01"] = replace(TEXTS["M01"], module="T01", exercise=OPTIONS)  # every option of every type


def plain_match(fields: Fields) -> Fields:
    """A match without feedback."""
    return {
        **fields,
        **{side: [{k: v for k, v in e.items() if k != "feedback"} for e in fields[side]] for side in ("left", "right")},
    }


def plain_number(fields: Fields) -> Fields:
    """A number whose label and unit are gone."""
    part = {k: v for k, v in fields["parts"][0].items() if k != "points"}
    return {**fields, "parts": [{**part, "label": Given().number_label, "unit": ""}]}


def one_by_one(fields: Fields) -> Fields:
    """An order in which every step has a place of its own."""
    steps = {str(n): s["text"] for n, s in enumerate(fields["steps"], 1)}
    alone = Question(
        Place("tệp"), fields["stem"], Ordering(tuple((steps[i],) for group in fields["key"] for i in group))
    )
    return {**fields, **{k: v for k, v in item(alone).fields.items() if k in {"steps", "key"}}}


def without(*names: str) -> Callable[[Fields], Fields]:
    return lambda fields: {k: v for k, v in fields.items() if k not in names}


KEPT: Mapping[str, Mapping[str, Callable[[Fields], Fields]]] = {
    "moodle": {"match": plain_match, "order": one_by_one, "text": without("fold")},
    "gift": {"match": plain_match, "number": plain_number, "text": without("fold"), "essay": without("words")},
}
"""Format → type → what is left of an item: what the report of the export names is gone."""


def item(question: Question) -> Item:
    made, _ = settle(question, Given())
    assert made is not None
    return made


def shown(made: Item) -> str:
    """An item with its longer texts as they are drawn: a table may be written with more or fewer spaces."""
    drawn = {k: to_html.block(made.fields[k]) for k in ("stem", "explanation") if k in made.fields}
    return brief(Item(made.place, {**made.fields, **drawn}))


@pytest.mark.parametrize("module", TEXTS)
@pytest.mark.parametrize("form", catalog.FORMATS)
def test_items_come_back_equal_for_what_maps(form: str, module: str) -> None:
    reading = exercise.questions(TEXTS[module])
    data, lost = catalog.write(form, module, reading.questions)
    left_out = {loss.question for loss in lost if loss.code == "kind"}
    expected = []
    for question in (q for q in reading.questions if q.place.name not in left_out):
        made = item(question)
        kept = KEPT[form].get(made.fields["type"], dict)
        expected.append(shown(Item(made.place, kept(dict(made.fields)))))
    came, losses = read(form, data)
    assert [shown(i) for i in came] == expected
    assert [loss.code for loss in losses if loss.code != "category"] == []


@pytest.mark.parametrize("form", catalog.FORMATS)
def test_a_question_whose_kind_a_format_lacks_is_a_line(form: str) -> None:
    reading = exercise.questions(TEXTS["T01"])
    left_out = {loss.question for loss in reading.losses if loss.code in {"kind", "withdrawn"}}
    known = {"T01-Q09", "T01-Q10", "T01-Q11", "T01-Q11-1", "T01-Q13"}
    newer = {"T01-Q14", "T01-Q14-1", "T01-Q15", "T01-Q16", "T01-Q16-1", "T01-Q17", "T01-Q18"}  # cloze, grid, hotspot
    assert left_out == known | newer
    _, lost = catalog.write(form, "T01", reading.questions)
    every = {item.id for item in OPTIONS.items}
    came = {i.place.name for i in read(form, catalog.write(form, "T01", reading.questions)[0])[0]}
    assert every - left_out - {loss.question for loss in lost if loss.code == "kind"} <= came
