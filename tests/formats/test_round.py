"""The course's own exercises go to every format and come back: equal for what maps, and a line for what does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from grader.formats import catalog, exercise
from grader.formats.foreign import to_html
from grader.formats.question import Given, Place, Question
from grader.formats.settle import Item, settle
from grader.ground import syllabus
from grader.itemtypes.shared.neutral import Gaps, Ordering
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


def plain_spare(fields: Fields) -> Fields:
    """A match whose right sides have no feedback."""
    return {**fields, "right": [{k: v for k, v in side.items() if k != "feedback"} for side in fields["right"]]}


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


def bare(*fields: str) -> Callable[[Fields], Fields]:
    """An item in which entries of lists lack these fields."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in fields}
        return [strip(v) for v in value] if isinstance(value, list) else value

    return lambda item: {**item, **{k: strip(v) for k, v in item.items() if isinstance(v, list) and k != "src"}}


def plain_rows(*kept: str) -> Callable[[Fields], Fields]:
    """A grid whose rows have one right column, equal points, and these fields."""

    def rows_of(fields: Fields) -> Fields:
        rows = [{k: v[0] if k == "key" else v for k, v in row.items() if k in kept} for row in fields["rows"]]
        return {**fields, "rows": rows}

    return rows_of


def units_in_text(fields: Fields) -> Fields:
    """A cloze whose units stand in the text; nothing is folded."""
    text, gaps = fields["text"], []
    for number, gap in enumerate(fields["gaps"], 1):
        text = text.replace(f"{{{number}}}", f"{{{number}}} {gap['unit']}" if "unit" in gap else f"{{{number}}}")
        gaps.append({k: v for k, v in gap.items() if k not in {"unit", "fold"}})
    return {**fields, "text": text, "gaps": gaps}


def as_they_stand(fields: Fields) -> Fields:
    """A cloze whose gaps are numbered in the order of the text."""
    order = re.findall(r"\{(\d)\}", fields["text"])
    text = re.sub(r"\{(\d)\}", lambda m: f"{{{order.index(m[1]) + 1}}}", fields["text"])
    return {**fields, "text": text, "gaps": [fields["gaps"][int(n) - 1] for n in order]}


def then(*steps: Callable[[Fields], Fields]) -> Callable[[Fields], Fields]:
    def all_of_them(fields: Fields) -> Fields:
        for step in steps:
            fields = step(fields)
        return fields

    return all_of_them


def gaps_without(*names: str) -> Callable[[Fields], Fields]:
    return lambda fields: {
        **fields,
        "gaps": [{k: v for k, v in gap.items() if k not in names} for gap in fields["gaps"]],
    }


def one_accepted(fields: Fields) -> Fields:
    """A text with one accepted answer and no feedback; a cloze likewise."""
    kept = {**fields, **({"accept": fields["accept"][:1]} if "accept" in fields else {})}
    if "gaps" in fields:
        kept["gaps"] = [{**gap, **({"accept": gap["accept"][:1]} if "accept" in gap else {})} for gap in fields["gaps"]]
    return {k: v for k, v in kept.items() if k not in {"fold", "feedback"}}


def no_verdicts(fields: Fields) -> Fields:
    """Options whose feedback says more than that they are right."""
    bare_one = {"Đúng.", "Sai."}
    options = [{k: v for k, v in o.items() if k != "feedback" or v not in bare_one} for o in fields["options"]]
    return {**fields, "options": options}


QTI2 = {
    "match": plain_match,
    "order": one_by_one,
    "text": without("fold"),
    "essay": without("words"),
    "grid": plain_rows("text", "key"),
    "cloze": then(units_in_text, as_they_stand, gaps_without("feedback")),
}


def bare_head(fields: Fields) -> Fields:
    """An item with nothing beside its question."""
    return {**{k: v for k, v in fields.items() if k not in HEAD_OF_ALL}, "points": "1"}


HEAD_OF_ALL = ("outcome", "level", "scenario", "critical", "component_min", "simulated", "src", "explanation")
UNAVOIDABLE: Mapping[str, Sequence[str]] = {
    "jupyterquiz": ["edge"],
    "rexams": ["case"],
    "qti21": ["picture-missing"],
    "qti30": ["picture-missing"],
}
"""Format → lines that its reader gives for what every file of it does."""
KEPT: Mapping[str, Mapping[str, Callable[[Fields], Fields]]] = {
    "moodle": {
        "match": plain_match,
        "order": one_by_one,
        "text": without("fold"),
        "grid": plain_rows("text", "key"),
        "cloze": then(units_in_text, as_they_stand),
    },
    "qti12": {
        "match": plain_spare,
        "order": one_by_one,
        "text": without("fold"),
        "essay": without("words"),
        "grid": plain_rows("text", "key", "feedback"),
        "cloze": then(units_in_text, as_they_stand, gaps_without("feedback")),
    },
    "qti21": QTI2,
    "qti30": QTI2,
    "gift": {
        "match": plain_match,
        "number": plain_number,
        "text": without("fold"),
        "essay": without("words"),
        "grid": plain_rows("text", "key"),
    },
    "jupyterquiz": {
        **dict.fromkeys(("single", "multiple"), bare_head),
        "match": then(plain_match, bare_head),
        "number": then(plain_number, bare_head),
        "text": then(without("fold"), bare_head),
        "grid": then(plain_rows("text", "key"), bare_head),
    },
    "rexams": {
        **dict.fromkeys(("single", "multiple"), no_verdicts),
        "text": one_accepted,
        "essay": without("words"),
        "number": bare("feedback"),
        "cloze": then(units_in_text, gaps_without("feedback"), bare("feedback"), one_accepted),
    },
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
    left_out |= {q.place.name for q in reading.questions if isinstance(q.body, Gaps) and len(q.body.gaps) == 1}
    expected = []
    for question in (q for q in reading.questions if q.place.name not in left_out):
        made = item(question)
        kept = KEPT[form].get(made.fields["type"], dict)
        expected.append(shown(Item(made.place, kept(dict(made.fields)))))
    came, losses = read(form, data)
    assert [shown(i) for i in came if i.place.name not in left_out] == expected
    found = {loss.code for loss in losses if loss.question not in left_out}
    assert found <= {"category", "empty", *UNAVOIDABLE.get(form, ())}


@pytest.mark.parametrize("form", catalog.FORMATS)
def test_a_question_whose_kind_a_format_lacks_is_a_line(form: str) -> None:
    reading = exercise.questions(TEXTS["T01"])
    left_out = {loss.question for loss in reading.losses if loss.code in {"kind", "withdrawn"}}
    assert left_out == {"T01-Q09", "T01-Q10", "T01-Q11", "T01-Q11-1", "T01-Q13"}
    _, lost = catalog.write(form, "T01", reading.questions)
    came, _ = read(form, catalog.write(form, "T01", reading.questions)[0])
    assert len(came) == len(reading.questions) - sum(loss.code == "kind" for loss in lost) > 0
