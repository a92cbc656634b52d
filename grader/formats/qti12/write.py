"""Writes QTI 1.2: one ``questestinterop`` in a content package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from grader.formats.foreign import to_html
from grader.formats.foreign.gaps import as_pairs
from grader.formats.foreign.to_xml import HEAD, element, words
from grader.formats.losses import Loss
from grader.formats.qti import manifest
from grader.formats.question import Question
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gaps,
    Grid,
    NumberField,
    Numbers,
    Ordering,
    Pairs,
    Value,
    Words,
    Writing,
    gap_mark,
    plain,
)

_NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"


class _Parts:
    """What an item is made of: responses, conditions, and feedback, each feedback with an ident."""

    def __init__(self) -> None:
        self.responses: list[str] = []
        self.conditions: list[str] = []
        self.feedback: list[str] = []

    def told(self, markdown: str) -> str:
        """Add a feedback and return the element that shows it; empty for none."""
        if not markdown:
            return ""
        name = f"F{len(self.feedback) + 1}"
        self.feedback.append(element("itemfeedback", element("flow_mat", _html(to_html.line(markdown))), ident=name))
        return element("displayfeedback", feedbacktype="Response", linkrefid=name)

    def condition(self, test: str, action: str, points: Decimal, markdown: str, *, goes_on: bool) -> None:
        """Add a condition: who meets ``test`` gets the points and is told."""
        score = element("setvar", plain(points), action=action, varname="SCORE")
        goes = {"continue_": "Yes" if goes_on else "No"}
        self.conditions.append(
            element("respcondition", element("conditionvar", test), score, self.told(markdown), **goes)
        )


def write(title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as a QTI 1.2 package, and a line for everything that is not in it."""
    items: list[str] = []
    losses: list[Loss] = []
    for question in questions:
        made = _BODIES.get(type(question.body))
        parts = _Parts()
        if made is None or not made(question, parts, losses):
            losses.append(question.place.loss("kind", type(question.body).__name__.lower()))
            continue
        items.append(_whole(question, parts))
    section = element("section", *items, ident="S1", title=title)
    text = HEAD + element("questestinterop", element("assessment", section, ident="A1", title=title), xmlns=_NAMESPACE)
    return manifest.pack("imsqti_xmlv1p2", [("questions.xml", text, None)]), losses


def _html(html: str) -> str:
    return element("material", element("mattext", words(html), texttype="text/html"))


def _whole(question: Question, parts: _Parts) -> str:
    points = question.points if question.points is not None else Decimal(1)
    fields = {"points_possible": plain(points), "tags": ";".join(question.tags)}
    metadata = [
        element("qtimetadatafield", element("fieldlabel", name), element("fieldentry", words(value)))
        for name, value in fields.items()
        if value
    ]
    general = []
    if question.explanation:
        parts.feedback.append(
            element("itemfeedback", element("flow_mat", _html(to_html.block(question.explanation))), ident="G")
        )
        shown = element("displayfeedback", feedbacktype="Response", linkrefid="G")
        general = [element("respcondition", element("conditionvar", element("other")), shown, continue_="Yes")]
    outcomes = element(
        "outcomes", element("decvar", maxvalue=plain(points), minvalue="0", varname="SCORE", vartype="Decimal")
    )
    return element(
        "item",
        element("itemmetadata", element("qtimetadata", *metadata)),
        element("presentation", _html(_stem(question)), *parts.responses),
        element("resprocessing", outcomes, *general, *parts.conditions),
        *parts.feedback,
        ident=question.place.name,
        title=question.place.name,
    )


def _stem(question: Question) -> str:
    """Return the question as HTML; of a text with gaps also the text."""
    html = to_html.block(question.stem)
    if isinstance(question.body, Gaps):
        html += to_html.block(question.body.text)
        for number, gap in enumerate(question.body.gaps):
            unit = f" {to_html.line(gap.body.unit)}" if isinstance(gap.body, NumberField) and gap.body.unit else ""
            html = html.replace(gap_mark(number), f"[gap{number + 1}]{unit}")
    return html


def _equal(response: str, value: str) -> str:
    return element("varequal", words(value), respident=response)


def _labels(texts: Sequence[tuple[str, str]]) -> str:
    return element(
        "render_choice", *(element("response_label", _html(to_html.line(t)), ident=i) for i, t in texts), shuffle="Yes"
    )


def _choice(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    del losses
    body, points = question.body, question.points or Decimal(1)
    assert isinstance(body, Choice)  # the table says so
    named = [(f"O{n}", option) for n, option in enumerate(body.options, 1)]
    parts.responses.append(
        element(
            "response_lid",
            _labels([(name, option.text) for name, option in named]),
            ident="R1",
            rcardinality="Multiple" if body.several else "Single",
        )
    )
    for name, option in named:
        earned = points * option.weight / FULL
        action = "Set" if not body.several else "Add" if earned >= 0 else "Subtract"
        parts.condition(_equal("R1", name), action, abs(earned), option.feedback, goes_on=body.several)
    return True


def _pairs(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    body, points = question.body, question.points or Decimal(1)
    assert isinstance(body, Pairs)
    rights = list(dict.fromkeys([p.right for p in body.pairs] + [o.text for o in body.spare]))
    names = {text: f"B{n}" for n, text in enumerate(rights, 1)}
    if any(o.feedback for o in body.spare):
        losses.append(question.place.loss("field", "right.feedback"))
    for number, pair in enumerate(body.pairs, 1):
        labels = _labels([(name, text) for text, name in names.items()])
        inner = (_html(to_html.line(pair.left)), labels)
        parts.responses.append(element("response_lid", *inner, ident=f"R{number}", rcardinality="Single"))
        earned = points / len(body.pairs)
        parts.condition(_equal(f"R{number}", names[pair.right]), "Add", earned, pair.feedback, goes_on=True)
    return True


def _ordering(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    body = question.body
    assert isinstance(body, Ordering)
    if any(len(group) > 1 for group in body.groups):
        losses.append(question.place.loss("field", "key"))
    steps = [(f"O{n}", step) for n, step in enumerate((s for group in body.groups for s in group), 1)]
    shown = sorted(steps, key=lambda step: step[1])
    parts.responses.append(element("response_lid", _labels(shown), ident="R1", rcardinality="Ordered"))
    tests = [element("varequal", name, respident="R1", index=str(n)) for n, (name, _step) in enumerate(steps, 1)]
    parts.condition(element("and", *tests), "Set", question.points or Decimal(1), "", goes_on=False)
    return True


def _words(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    body = question.body
    assert isinstance(body, Words)
    if body.fold:
        losses.append(question.place.loss("field", "fold"))
    parts.responses.append(
        element("response_str", element("render_fib", fibtype="String", rows="1"), ident="R1", rcardinality="Single")
    )
    for option in body.options:
        earned = (question.points or Decimal(1)) * option.weight / FULL
        parts.condition(_equal("R1", option.text), "Set", earned, option.feedback, goes_on=False)
    return True


def _numbers(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    del losses
    body = question.body
    assert isinstance(body, Numbers)
    equal = (question.points or Decimal(1)) / len(body.fields)
    for number, field in enumerate(body.fields, 1):
        box = element("render_fib", fibtype="Decimal", rows="1")
        inner = (_html(to_html.line(field.label)), box, _html(to_html.line(field.unit)))
        parts.responses.append(
            element("response_num", *inner, ident=f"R{number}", rcardinality="Single", numtype="Decimal")
        )
        _conditions(f"R{number}", field, equal if field.points is None else field.points, parts)
    return True


def _conditions(response: str, field: NumberField, points: Decimal, parts: _Parts) -> None:
    for value in field.values:
        earned = points * value.weight / FULL
        parts.condition(_near(response, value), "Add", earned, value.feedback, goes_on=True)


def _near(response: str, value: Value) -> str:
    if not value.tol:
        return _equal(response, plain(value.value))
    low = element("vargte", plain(value.value - value.tol), respident=response)
    return element("and", low, element("varlte", plain(value.value + value.tol), respident=response))


def _gaps(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    """The text has ``[gap1]`` where response ``response_gap1`` belongs, as the systems that know gaps write it."""
    body = question.body
    assert isinstance(body, Gaps)
    whole = sum((gap.weight for gap in body.gaps), Decimal(0))
    for number, gap in enumerate(body.gaps, 1):
        name, points = f"response_gap{number}", (question.points or Decimal(1)) * gap.weight / whole
        own = _html(f"gap{number}")
        if isinstance(gap.body, Choice):
            named = [(f"O{number}_{n}", option) for n, option in enumerate(gap.body.options, 1)]
            parts.responses.append(element("response_lid", own, _labels([(i, o.text) for i, o in named]), ident=name))
            for ident, option in named:
                parts.condition(_equal(name, ident), "Add", points * (option.weight > 0), option.feedback, goes_on=True)
            continue
        kind = "String" if isinstance(gap.body, Words) else "Decimal"
        parts.responses.append(element("response_str", own, element("render_fib", fibtype=kind), ident=name))
        if isinstance(gap.body, Words):
            right = "".join(_equal(name, o.text) for o in gap.body.options)
            losses += [question.place.loss("field", "fold")] if gap.body.fold else []
        else:
            right = _near(name, gap.body.values[0])
            losses += [question.place.loss("label", gap.body.unit)] if gap.body.unit else []
        parts.condition(element("or", right), "Add", points, "", goes_on=True)
        losses += [question.place.loss("field", "gaps.feedback")] if gap.body.otherwise else []
    return True


def _grid(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    body = question.body
    assert isinstance(body, Grid)
    shown, fields = as_pairs(body)
    losses += [question.place.loss("field", name) for name in fields]
    return _pairs(replace(question, body=shown), parts, losses)


def _writing(question: Question, parts: _Parts, losses: list[Loss]) -> bool:
    body = question.body
    assert isinstance(body, Writing)
    if body.words:
        losses.append(question.place.loss("field", f"words {list(body.words)}"))
    parts.responses.append(
        element("response_str", element("render_fib", fibtype="String", rows="15"), ident="R1", rcardinality="Single")
    )
    return True


_BODIES: Mapping[type, Callable[[Question, _Parts, list[Loss]], bool]] = {
    Choice: _choice,
    Pairs: _pairs,
    Ordering: _ordering,
    Words: _words,
    Numbers: _numbers,
    Gaps: _gaps,
    Grid: _grid,
    Writing: _writing,
}
