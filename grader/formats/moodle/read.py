"""Reads Moodle XML: the kinds that have an equivalent, the others by name."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from html import escape

from grader.formats.foreign import rescue
from grader.formats.foreign.encoding import decode
from grader.formats.foreign.gaps import body_of
from grader.formats.foreign.markdown import Form
from grader.formats.foreign.texts import NO_FILES, Texts
from grader.formats.foreign.xml import Node
from grader.formats.losses import Loss
from grader.formats.moodle import cloze
from grader.formats.question import Body, Place, Prose, Question, Reading, Truth, Unreadable, decimal
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    NumberField,
    Numbers,
    Option,
    Ordering,
    Pair,
    Pairs,
    Value,
    Words,
    Writing,
    gap_mark,
    without_marks,
)

_FORMS: Mapping[str, Form] = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "markdown": "markdown",
    "": "html",
}
_USUAL = {"your answer is correct.", "your answer is partially correct.", "your answer is incorrect."}
_MOST_WORDS = 1000


class _Reader:
    """One ``question`` element with its texts."""

    def __init__(self, node: Node, file: str, files: Mapping[str, bytes]) -> None:
        name = " ".join(_raw(node.first("name")).split())
        self.node = node
        self.texts = Texts(Place(file, node.line, re.sub(r"<[^>]*>", "", name)), {**files, **_files(node)})

    def block(self, name: str) -> str:
        child = self.node.first(name)
        return self.texts.block(_raw(child), _form(child)) if child else ""

    def line(self, node: Node | None) -> str:
        return self.texts.line(_raw(node), _form(node)) if node else ""

    def value(self, name: str, default: str = "") -> str:
        child = self.node.first(name)
        return _raw(child).strip() if child else default


def _raw(node: Node | None) -> str:
    """Return the text of ``<x><text>…</text></x>`` or ``<x>…</x>``, HTML that is not in CDATA included."""
    if node is None:
        return ""
    inner = node.first("text") or node
    return "".join(_markup(c) for c in inner.children if isinstance(c, str) or c.name not in {"file", "feedback"})


def _markup(child: Node | str) -> str:
    if isinstance(child, str):
        return child
    attributes = "".join(f' {k}="{escape(v)}"' for k, v in child.attributes.items())
    inner = "".join(escape(c, quote=False) if isinstance(c, str) else _markup(c) for c in child.children)
    return f"<{child.name}{attributes}>{inner}</{child.name}>" if inner else f"<{child.name}{attributes}>"


def _form(node: Node | None) -> Form:
    return _FORMS.get(node.get("format") if node else "", "html")


def _files(node: Node) -> dict[str, bytes]:
    """Return the files that came along in a question, by path; the one of Moodle 1.9 too."""
    found = {}
    for file in node.all("file"):
        path = (file.get("path", "/").strip("/") + "/" + file.get("name")).lstrip("/")
        found[path] = _bytes(file.text())
    old = node.first("image_base64")
    return found | ({_old_name(node): _bytes(old.text())} if old else {})


def _bytes(text: str) -> bytes:
    """Return what base64 says; nothing for what is none, which no picture is."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _old_name(node: Node) -> str:
    image = node.first("image")
    return (image.text().strip() if image else "").rpartition("/")[2] or "image"


def read(name: str, data: bytes, files: Mapping[str, bytes] = NO_FILES) -> Reading:
    """Return the questions of a Moodle XML file and what is not in them; ``name``: the file as the report names it."""
    text, guessed = decode(data)
    nodes, lost = rescue.nodes(text, name, "question")
    losses = [*([Loss("encoding", name, 0, "", guessed)] if guessed else []), *lost]
    questions = []
    for node in nodes:
        question, lost = _question(node, name, files)
        losses += lost
        questions += [question] if question else []
    return Reading(tuple(questions), tuple(losses or ([] if questions else [Loss("empty", name)])))


def _question(node: Node, file: str, files: Mapping[str, bytes]) -> tuple[Question | None, list[Loss]]:
    kind = node.get("type")
    if kind == "category":
        called = _raw(node.first("category"))
        return None, [Loss("category", file, node.line, "", " ".join(called.split()))]
    reader = _Reader(node, file, files)
    texts = reader.texts
    if kind not in _BODIES:
        return None, [texts.place.loss("kind", kind)]
    try:
        stem, body = _BODIES[kind](reader)
        points = decimal(reader.value("defaultgrade", "1") or "1")
    except Unreadable as error:
        return None, [texts.place.loss("broken", str(error))]
    if node.first("image") and reader.value("image"):
        texts.block(f'<img src="{escape(_old_name(node))}">')  # Moodle 1.9 showed it below the text
    explanation = reader.block("generalfeedback")
    _around(reader)
    tags = tuple(" ".join(_raw(tag).split()) for tag in node.all("tag"))
    return Question(texts.place, stem, body, points, explanation, tags, texts.pictures), list(texts.losses)


def _around(reader: _Reader) -> None:
    """Report what a question has beside text, answers and key."""
    texts = reader.texts
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        said = reader.texts.words(reader.value(name))
        if said and said.casefold() not in _USUAL:
            texts.lose("overall", f"{name.removesuffix('feedback')}: {said}")
    for hint in reader.node.elements("hint"):
        said = texts.words(_raw(hint))
        if said:
            texts.lose("hint", said)
    if reader.value("shuffleanswers") in {"0", "false"}:
        texts.lose("setting", "shuffleanswers = false")
    for name in ("hidden", "unitgradingtype"):
        if reader.value(name, "0") not in {"0", "", "false"}:
            texts.lose("setting", f"{name} = {reader.value(name)}")
    if reader.value("idnumber"):
        texts.lose("setting", f"idnumber = {reader.value('idnumber')}")


def _fraction(answer: Node) -> Decimal:
    return decimal(answer.get("fraction", "0") or "0")


def _choice(reader: _Reader) -> tuple[str, Body]:
    options = tuple(
        Option(reader.line(a), _fraction(a), reader.line(a.first("feedback"))) for a in reader.node.elements("answer")
    )
    single = reader.value("single", "true").lower() in {"true", "1", ""}
    return reader.block("questiontext"), Choice(options, several=not single)


def _truth(reader: _Reader) -> tuple[str, Body]:
    said = {}
    right = []
    for answer in reader.node.elements("answer"):
        word = reader.texts.words(_raw(answer)).lower()
        said[word] = reader.line(answer.first("feedback"))
        right += [word] if _fraction(answer) > 0 else []
    if len(right) != 1 or right[0] not in {"true", "false"}:
        raise Unreadable(f"true/false: {', '.join(right) or '–'}")
    return reader.block("questiontext"), Truth(right[0] == "true", said.get("true", ""), said.get("false", ""))


def _words(reader: _Reader) -> tuple[str, Body]:
    options, otherwise = [], ""
    for answer in reader.node.elements("answer"):
        typed, said = reader.texts.words(_raw(answer)), reader.line(answer.first("feedback"))
        weight = _fraction(answer)
        literal = typed.replace("\\*", "\x00")
        if typed == "*" and weight <= 0:
            otherwise = said
        elif "*" in literal:
            reader.texts.lose("wildcard", typed)
        elif typed:
            options.append(Option(literal.replace("\x00", "*"), weight, said))
    return reader.block("questiontext"), Words(
        tuple(options), case_matters=reader.value("usecase", "0") in {"1", "true"}, otherwise=otherwise
    )


def _numbers(reader: _Reader) -> tuple[str, Body]:
    values, otherwise = [], ""
    for answer in reader.node.elements("answer"):
        said = reader.line(answer.first("feedback"))
        text = reader.texts.words(_raw(answer))
        if text == "*":
            otherwise = said
            continue
        tolerance = answer.first("tolerance")
        tol = abs(decimal(tolerance.text() or "0")) if tolerance and tolerance.text().strip() else Decimal(0)
        values.append(Value(decimal(text), tol, _fraction(answer), said))
    if not values:
        raise Unreadable("numerical")
    unit = ""
    for node in (u for units in reader.node.elements("units") for u in units.elements("unit")):
        name, multiplier = (node.first("unit_name"), node.first("multiplier"))
        shown = name.text().strip() if name else ""
        if not unit and shown and (multiplier is None or decimal(multiplier.text() or "1") == 1):
            unit = shown
        elif shown:
            reader.texts.lose("unit", shown)
    return reader.block("questiontext"), Numbers((NumberField("", unit, tuple(values), otherwise=otherwise),))


def _pairs(reader: _Reader) -> tuple[str, Body]:
    pairs, spare = [], []
    for sub in reader.node.elements("subquestion"):
        left, right = reader.line(sub), reader.line(sub.first("answer"))
        if left and right:
            pairs.append(Pair(left, right))
        elif right:
            spare.append(Option(right))
        elif left:
            reader.texts.lose("half-pair", left)
    if not pairs:
        raise Unreadable("matching")
    return reader.block("questiontext"), Pairs(tuple(pairs), tuple(spare))


def _ordering(reader: _Reader) -> tuple[str, Body]:
    answers = sorted(reader.node.elements("answer"), key=_fraction)
    for answer in answers:
        if reader.texts.words(_raw(answer.first("feedback"))):
            reader.texts.lose("catch-all", _raw(answer.first("feedback")))
    return reader.block("questiontext"), Ordering(tuple((reader.line(a),) for a in answers))


def _writing(reader: _Reader) -> tuple[str, Body]:
    for name in ("graderinfo", "responsetemplate"):
        said = reader.texts.words(reader.value(name))
        if said:
            reader.texts.lose("grader", said)
    if reader.value("attachments", "0") not in {"0", ""}:
        reader.texts.lose("setting", f"attachments = {reader.value('attachments')}")
    limits = (reader.value("minwordlimit"), reader.value("maxwordlimit"))
    if not any(text.isdigit() for text in limits):
        return reader.block("questiontext"), Writing()
    fewest, most = (
        int(text) if text.isdigit() else default for text, default in zip(limits, (0, _MOST_WORDS), strict=True)
    )
    return reader.block("questiontext"), Writing((fewest, most))


def _prose(reader: _Reader) -> tuple[str, Body]:
    return reader.block("questiontext"), Prose()


def _drop_gaps(reader: _Reader) -> tuple[str, Body]:
    """Gaps ``[[1]]`` that are filled from groups of words: of each group every word can be chosen."""
    words = list(reader.node.elements("dragbox", "selectoption"))
    shown = [(reader.line(n), " ".join(_raw(n.first("group")).split()) or "1") for n in words]
    asked = reader.node.first("questiontext")
    gaps: list[Gap] = []

    def marked(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        if not 0 <= number < len(shown):
            raise Unreadable(match[0])
        group = dict.fromkeys(text for text, name in shown if name == shown[number][1])
        gaps.append(Gap(Choice(tuple(Option(t, FULL if t == shown[number][0] else Decimal(0)) for t in group))))
        return gap_mark(len(gaps) - 1)

    text = re.sub(r"\[\[(\d{1,3})\]\]", marked, without_marks(_raw(asked)))
    return body_of(reader.texts.block(text, _form(asked)), gaps)


def _cloze(reader: _Reader) -> tuple[str, Body]:
    return cloze.read(_raw(reader.node.first("questiontext")), reader.texts, _form(reader.node.first("questiontext")))


_BODIES: Mapping[str, Callable[[_Reader], tuple[str, Body]]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "shortanswer": _words,
    "numerical": _numbers,
    "matching": _pairs,
    "ordering": _ordering,
    "essay": _writing,
    "description": _prose,
    "cloze": _cloze,
    "gapselect": _drop_gaps,
    "ddwtos": _drop_gaps,
}
