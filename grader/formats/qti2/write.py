"""Writes QTI 2.1 and 3.0: one item a file in a content package; both are one text with other names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from grader.formats.foreign import pictures, to_html
from grader.formats.foreign.gaps import as_pairs
from grader.formats.foreign.to_xml import element, words
from grader.formats.losses import Loss
from grader.formats.qti import manifest
from grader.formats.qti2.item_text import Dialect, ItemText
from grader.formats.question import Question
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    Gaps,
    Grid,
    NumberField,
    Numbers,
    Ordering,
    Pairs,
    Spots,
    Words,
    Writing,
    gap_mark,
    plain,
)


def package_of(dialect: Dialect, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as a package of items, and a line for everything that is not in it."""
    items: list[tuple[str, str, Question | None]] = []
    losses: list[Loss] = []
    for question in questions:
        made = _BODIES.get(type(question.body))
        if made is None:
            losses.append(question.place.loss("kind", type(question.body).__name__.lower()))
            continue
        item = ItemText(dialect, question)
        losses += [question.place.loss("field", name) for name in made(question, item)]
        items.append((f"items/{question.place.name}.xml", item.whole(question), question))
    return manifest.pack(dialect.resource, items), losses


def _choice(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Choice)  # the table says so
    named = [(f"O{n}", option) for n, option in enumerate(body.options, 1)]
    right = [name for name, option in named if option.weight > 0]
    shares = [(name, item.points * o.weight / FULL) for name, o in named] if body.several else []
    cardinality = "multiple" if body.several else "single"
    item.response("RESPONSE", "identifier", cardinality, right, *shares)
    choices = [item.tag("simpleChoice", to_html.line(o.text), identifier=name) for name, o in named]
    most = "0" if body.several else "1"
    item.body.append(
        item.tag("choiceInteraction", *choices, responseIdentifier="RESPONSE", shuffle="true", maxChoices=most)
    )
    if body.several:
        item.rules.append(item.sets("SCORE", item.tag("mapResponse", identifier="RESPONSE")))
    else:
        item.when(item.right("RESPONSE"), item.sets("SCORE", item.value("float", plain(item.points))))
    item.by_choice(cardinality, [(name, o.feedback) for name, o in named])
    return []


def _pairs(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Pairs)
    rights = list(dict.fromkeys([p.right for p in body.pairs] + [o.text for o in body.spare]))
    key = [(f"A{n} B{rights.index(p.right) + 1}", item.points / len(body.pairs)) for n, p in enumerate(body.pairs, 1)]
    item.response("RESPONSE", "directedPair", "multiple", [pair for pair, _ in key], *key)
    sides = ([(f"A{n}", p.left) for n, p in enumerate(body.pairs, 1)], [(f"B{n}", t) for n, t in enumerate(rights, 1)])
    sets = [
        item.tag(
            "simpleMatchSet",
            *(item.tag("simpleAssociableChoice", to_html.line(t), identifier=i, matchMax="1") for i, t in side),
        )
        for side in sides
    ]
    most = str(len(body.pairs))
    item.body.append(
        item.tag("matchInteraction", *sets, responseIdentifier="RESPONSE", shuffle="true", maxAssociations=most)
    )
    item.rules.append(item.sets("SCORE", item.tag("mapResponse", identifier="RESPONSE")))
    said = any(p.feedback for p in body.pairs) or any(o.feedback for o in body.spare)
    return ["feedback"] if said else []


def _ordering(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Ordering)
    steps = [(f"O{n}", step) for n, step in enumerate((s for group in body.groups for s in group), 1)]
    item.response("RESPONSE", "identifier", "ordered", [name for name, _ in steps])
    shown = [
        item.tag("simpleChoice", to_html.line(t), identifier=i) for i, t in sorted(steps, key=lambda step: step[1])
    ]
    item.body.append(item.tag("orderInteraction", *shown, responseIdentifier="RESPONSE", shuffle="true"))
    item.when(item.right("RESPONSE"), item.sets("SCORE", item.value("float", plain(item.points))))
    return ["key"] if any(len(group) > 1 for group in body.groups) else []


def _words(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Words)
    right = [o for o in body.options if o.weight > 0]
    item.response("RESPONSE", "string", "single", [o.text for o in right[:1]], *((o.text, item.points) for o in right))
    item.body.append(f"<p>{item.tag('textEntryInteraction', responseIdentifier='RESPONSE')}</p>")
    item.rules.append(item.sets("SCORE", item.tag("mapResponse", identifier="RESPONSE")))
    typical: dict[str, list[str]] = {}
    for option in (o for o in body.options if o.weight <= 0):
        typical.setdefault(option.feedback, []).append(option.text)
    for number, (said, texts) in enumerate(typical.items(), 1):
        tests = [
            item.tag("stringMatch", item.variable("RESPONSE"), item.value("string", text), caseSensitive="false")
            for text in texts
        ]
        _answered(item, "FEEDBACK", number, item.tag("or", *tests), said)
    return ["fold"] if body.fold else []


def _answered(item: ItemText, outcome: str, number: int, test: str, said: str) -> None:
    if number == 1:
        item.outcome(outcome, "identifier")
    name = f"{outcome}{number}"
    item.when(test, item.sets(outcome, item.value("identifier", name)))
    item.says(outcome, name, to_html.line(said))


def _numbers(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Numbers)
    for number, field in enumerate(body.fields, 1):
        points = item.points / len(body.fields) if field.points is None else field.points
        _number(item, f"RESPONSE{number}", field, points)
    return []


def _number(item: ItemText, name: str, field: NumberField, points: Decimal) -> None:
    right = [v for v in field.values if v.weight > 0]
    item.response(name, "float", "single", [plain(v.value) for v in right])
    entry = item.tag("textEntryInteraction", responseIdentifier=name)
    item.body.append(f"<p>{to_html.line(field.label)}: {entry} {to_html.line(field.unit)}</p>")
    tolerance = plain(right[0].tol) if right else "0"
    near = item.tag(
        "equal",
        item.variable(name),
        item.tag("correct", identifier=name),
        toleranceMode="absolute",
        tolerance=f"{tolerance} {tolerance}",
    )
    item.when(near, item.adds(points))
    for number, value in enumerate((v for v in field.values if v.weight <= 0), 1):
        test = item.tag("equal", item.variable(name), item.value("float", plain(value.value)), toleranceMode="exact")
        _answered(item, f"{name}FEEDBACK", number, test, value.feedback)


def _gaps(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Gaps)
    html, lost = to_html.block(body.text), []
    whole = sum((gap.weight for gap in body.gaps), Decimal(0))
    for number, gap in enumerate(body.gaps, 1):
        name, points = f"RESPONSE{number}", item.points * gap.weight / whole
        unit = f" {to_html.line(gap.body.unit)}" if isinstance(gap.body, NumberField) and gap.body.unit else ""
        html = html.replace(gap_mark(number - 1), _gap(item, name, gap, points) + unit)
        if not isinstance(gap.body, Choice) and gap.body.otherwise:
            lost.append("gaps.feedback")
        lost += ["gaps.unit"] if unit else []
        lost += ["gaps.fold"] if isinstance(gap.body, Words) and gap.body.fold else []
    item.body.append(html)
    return lost


def _gap(item: ItemText, name: str, gap: Gap, points: Decimal) -> str:
    body = gap.body
    entry = item.tag("textEntryInteraction", responseIdentifier=name)
    if isinstance(body, NumberField):
        item.response(name, "float", "single", [plain(body.values[0].value)])
        tolerance = {
            "toleranceMode": "absolute",
            "tolerance": f"{plain(body.values[0].tol)} {plain(body.values[0].tol)}",
        }
        test = item.tag("equal", item.variable(name), item.tag("correct", identifier=name), **tolerance)
        item.when(test, item.adds(points))
        return entry
    named = [(f"{name}O{n}", option) for n, option in enumerate(body.options, 1)]
    if isinstance(body, Words):
        item.response(
            name, "string", "single", [o.text for o in body.options[:1]], *((o.text, points) for o in body.options)
        )
        item.rules.append(
            item.sets("SCORE", item.tag("sum", item.variable("SCORE"), item.tag("mapResponse", identifier=name)))
        )
        return entry
    item.response(name, "identifier", "single", [i for i, o in named if o.weight > 0])
    item.when(item.right(name), item.adds(points))
    item.by_choice("single", [(i, o.feedback) for i, o in named], name)
    choices = [item.tag("inlineChoice", to_html.line(o.text), identifier=i) for i, o in named]
    return item.tag("inlineChoiceInteraction", *choices, responseIdentifier=name, shuffle="true")


def _grid(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Grid)
    _shown, lost = as_pairs(body)
    key = [(f"A{n} B{row.right[0] + 1}", item.points / len(body.rows)) for n, row in enumerate(body.rows, 1)]
    item.response("RESPONSE", "directedPair", "multiple", [pair for pair, _ in key], *key)
    sides = (
        ([(f"A{n}", row.text) for n, row in enumerate(body.rows, 1)], "1"),
        ([(f"B{n}", text) for n, text in enumerate(body.columns, 1)], "0"),
    )
    sets = [
        item.tag(
            "simpleMatchSet",
            *(item.tag("simpleAssociableChoice", to_html.line(t), identifier=i, matchMax=most) for i, t in side),
        )
        for side, most in sides
    ]
    item.body.append(
        item.tag("matchInteraction", *sets, responseIdentifier="RESPONSE", maxAssociations=str(len(body.rows)))
    )
    item.rules.append(item.sets("SCORE", item.tag("mapResponse", identifier="RESPONSE")))
    return [*lost, *(["rows.feedback"] if any(row.feedback for row in body.rows) else [])]


def _spots(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Spots)
    picture = next((p for p in question.pictures if p.name == body.picture), None)
    size = pictures.size(picture.data) if picture else None
    width, height = size or (1000, 1000)
    named = [(f"O{n}", place) for n, place in enumerate(body.places, 1)]
    shares = [(name, item.points * place.weight / FULL) for name, place in named]
    item.response("RESPONSE", "identifier", "multiple", [n for n, p in named if p.weight > 0], *shares)
    choices = []
    for name, place in named:
        left, top, across, down = place.region
        edges = (left * width, top * height, (left + across) * width, (top + down) * height)
        coords = ",".join(str(round(edge / 100)) for edge in edges)
        choices.append(item.tag("hotspotChoice", identifier=name, shape="rect", coords=coords, hotspotLabel=place.text))
    kind = "image/svg+xml" if body.picture.endswith(".svg") else f"image/{body.picture.rpartition('.')[2]}"
    shown = element(
        "object", words(body.alt), type=kind, data=f"../pictures/{body.picture}", width=str(width), height=str(height)
    )
    item.body.append(item.tag("hotspotInteraction", shown, *choices, responseIdentifier="RESPONSE", maxChoices="0"))
    item.rules.append(item.sets("SCORE", item.tag("mapResponse", identifier="RESPONSE")))
    item.by_choice("multiple", [(name, place.feedback) for name, place in named])
    return [] if picture else [f"picture {body.picture}"]


def _writing(question: Question, item: ItemText) -> list[str]:
    body = question.body
    assert isinstance(body, Writing)
    item.response("RESPONSE", "string", "single", [])
    item.body.append(item.tag("extendedTextInteraction", responseIdentifier="RESPONSE"))
    return [f"words {list(body.words)}"] if body.words else []


_BODIES: Mapping[type, Callable[[Question, ItemText], list[str]]] = {
    Choice: _choice,
    Pairs: _pairs,
    Ordering: _ordering,
    Words: _words,
    Numbers: _numbers,
    Gaps: _gaps,
    Grid: _grid,
    Spots: _spots,
    Writing: _writing,
}
