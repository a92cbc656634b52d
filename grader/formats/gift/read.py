"""Reads GIFT: Moodle's text format, as its documentation and habits have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from grader.formats.foreign.encoding import decode
from grader.formats.foreign.markdown import Form
from grader.formats.foreign.texts import NO_FILES, Texts
from grader.formats.gift.lexer import ESCAPED, Chunk, chunks, unescape
from grader.formats.losses import Loss
from grader.formats.question import Body, Place, Prose, Question, Reading, Truth, Unreadable, decimal
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    NumberField,
    Numbers,
    Option,
    Pair,
    Pairs,
    Value,
    Words,
    Writing,
)

_FORMS = {"html", "moodle", "plain", "markdown"}
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:[.,]\d*)?)%")
_TRUE, _FALSE = {"T", "TRUE"}, {"F", "FALSE"}
_BLANK = " _____ "
_SPACED = re.compile(r"(?:^|(?<=\s))[~=]")
_INSIDE = re.compile(r"(?<=[^\s~])[~=]")


def read(name: str, data: bytes, files: Mapping[str, bytes] = NO_FILES) -> Reading:
    """Return the questions of a GIFT file and what is not in them; ``name``: the file as it is named in the report."""
    text, guessed = decode(data)
    losses = [Loss("encoding", name, 0, "", guessed)] if guessed else []
    questions = []
    for chunk in chunks(text):
        question, lost = _question(name, chunk, files)
        losses += lost
        questions += [question] if question else []
    return Reading(tuple(questions), tuple(losses or ([] if questions else [Loss("empty", name)])))


def _question(file: str, chunk: Chunk, files: Mapping[str, bytes]) -> tuple[Question | None, list[Loss]]:
    if chunk.text.startswith("$CATEGORY:"):
        return None, [Loss("category", file, chunk.line, "", unescape(chunk.text[10:].strip()))]
    name, text = _named(chunk.text)
    place = Place(file, chunk.line, unescape(name) or _short(text))
    noted = [place.loss(code, about) for code, about in chunk.notes]
    try:
        question, lost = _read(place, text, chunk.tags, files)
    except Unreadable as error:
        return None, [*noted, place.loss("broken", str(error))]
    return question, [*noted, *lost]


def _named(text: str) -> tuple[str, str]:
    if text.startswith("::") and "::" in text[2:]:
        name, _, rest = text[2:].partition("::")
        return name.strip(), rest.strip()
    return "", text


def _short(text: str) -> str:
    bare = re.sub(r"^\[\w+\]", "", text.partition("{")[0].strip())
    line = " ".join(re.sub(r"<[^>]*>", " ", unescape(bare)).split())
    return line if len(line) <= 50 else line[:49] + "…"  # noqa: PLR2004  # one column of the report


def _read(
    place: Place, text: str, tags: tuple[str, ...], files: Mapping[str, bytes]
) -> tuple[Question, tuple[Loss, ...]]:
    stem, answers = _parted(text)
    form, stem = _form(stem, "moodle")
    texts = Texts(place, files, form)
    written = texts.block(unescape(stem))
    if answers is None:
        return Question(place, written or place.name, Prose(), None, "", tags, texts.pictures), texts.losses
    answers, general = answers.rpartition("####")[::2] if "####" in answers else (answers, "")
    form, general = _form(general, form)
    explanation = texts.block(unescape(general), form)
    body = _body(_with_own_signs(answers.strip(), texts), texts)
    return Question(place, written, body, None, explanation, tags, texts.pictures), texts.losses


def _form(text: str, default: Form) -> tuple[Form, str]:
    text = text.strip()
    mark = re.match(r"\[(\w+)\]", text)
    if mark and mark[1] in _FORMS:
        return cast("Form", mark[1]), text[mark.end() :]
    return default, text


def _line(text: str, texts: Texts) -> str:
    form, text = _form(text, texts.form)
    return texts.line(unescape(text), form)


def _with_own_signs(answers: str, texts: Texts) -> str:
    """Return the answers with ``=`` and ``~`` inside words escaped, where those after spaces are the real signs."""
    if answers.startswith("#") or len(_SPACED.findall(answers)) < 2:  # noqa: PLR2004  # written without spaces
        return answers
    inside = _INSIDE.findall(answers)
    if inside:
        texts.lose("unescaped", " ".join(inside))
    return _INSIDE.sub(lambda m: ESCAPED[m[0]], answers)


def _parted(text: str) -> tuple[str, str | None]:
    """Return the question's text, with a blank where the answers stood inside it, and the answers (None: none)."""
    opened, closed = text.find("{"), text.rfind("}")
    if opened < 0 and closed < 0:
        return text, None
    if opened < 0 or closed < opened:
        raise Unreadable("{ }")
    answers = text[opened + 1 : closed]
    if "{" in answers or "}" in answers:
        raise Unreadable("{ … } { … }")
    after = text[closed + 1 :].strip()
    return (text[:opened].rstrip() + _BLANK + after if after else text[:opened]).strip(), answers


def _body(answers: str, texts: Texts) -> Body:
    if not answers:
        return Writing()
    if answers.startswith("#"):
        return _numbers(answers[1:], texts)
    if "~" in answers:
        return _choice(answers, texts)
    if "=" in answers and "->" in answers:
        return _pairs(answers, texts)
    word, _, said = answers.partition("#")
    if word.strip().upper() in _TRUE | _FALSE:
        return _truth(said, texts, true=word.strip().upper() in _TRUE)
    return _words(answers, texts)


def _split(answers: str, sign: str) -> list[str]:
    first, *rest = answers.split(sign)
    return ([first] if first.strip() else []) + rest


def _weighted(text: str, default: Decimal) -> tuple[Decimal, str]:
    found = _WEIGHT.match(text)
    if not found:
        return default, text
    return Decimal(found[1].replace(",", ".").rstrip(".")), text[found.end() :]


def _option(text: str, default: Decimal, texts: Texts) -> Option:
    weight, text = _weighted(text.strip(), default)
    answer, _, feedback = text.partition("#")
    return Option(_line(answer, texts), weight, _line(feedback, texts))


def _choice(answers: str, texts: Texts) -> Choice:
    options = []
    for part in _split(answers.replace("=", "~=").replace("~~=", "~="), "~"):
        bare = part.strip()
        if bare.startswith("="):
            options.append(_option(bare[1:], FULL, texts))
        elif bare:
            options.append(_option(bare, Decimal(0), texts))
        else:
            texts.lose("empty-option", "~")
    return Choice(tuple(options), several="=" not in answers)


def _truth(said: str, texts: Texts, *, true: bool) -> Truth:
    wrong, _, right = said.partition("#")
    on_wrong, on_right = _line(wrong, texts), _line(right, texts)
    return Truth(true, on_right if true else on_wrong, on_wrong if true else on_right)


def _pairs(answers: str, texts: Texts) -> Pairs:
    pairs, spare = [], []
    for part in _split(answers, "="):
        left, arrow, right = part.partition("->")
        shown = _line(left, texts), _line(right, texts)
        if arrow and shown[0] and shown[1]:
            pairs.append(Pair(*shown))
        elif arrow and shown[1]:
            spare.append(Option(shown[1]))
        elif part.strip():
            texts.lose("half-pair", " ".join(shown))
    return Pairs(tuple(pairs), tuple(spare))


def _words(answers: str, texts: Texts) -> Words:
    if "=" not in answers:
        texts.lose("unescaped", answers)
    options, otherwise = [], ""
    for part in _split(answers, "="):
        weight, text = _weighted(part.strip(), FULL)
        answer, _, feedback = text.partition("#")
        typed, said = texts.words(unescape(answer)), _line(feedback, texts)
        if typed == "*" and weight <= 0:
            otherwise = said
        elif "*" in typed:
            texts.lose("wildcard", typed)
        elif typed:
            options.append(Option(typed, weight, said))
    return Words(tuple(options), otherwise=otherwise)


def _numbers(answers: str, texts: Texts) -> Numbers:
    answers, tilde, wrong = answers.partition("~")
    otherwise = _line(wrong.partition("#")[2], texts) if tilde else ""
    values = []
    for part in _split(answers, "="):
        weight, text = _weighted(part.strip(), FULL)
        number, _, feedback = text.partition("#")
        said = _line(feedback, texts)
        if number.strip() == "*":
            otherwise = said or otherwise
        elif number.strip():
            value, tol = _range(number.strip(), texts)
            values.append(Value(value, tol, weight, said))
    if not values:
        raise Unreadable("{#}")
    return Numbers((NumberField("", "", tuple(values), otherwise=otherwise),))


def _range(text: str, texts: Texts) -> tuple[Decimal, Decimal]:
    """Return value and tolerance of ``3``, ``3:2`` or ``1..5``."""
    if ".." in text:
        low, high = (_number(part, texts) for part in text.split("..", 1))
        if low > high:
            raise Unreadable(text)
        return (low + high) / 2, (high - low) / 2
    value, _, tol = text.partition(":")
    return _number(value, texts), abs(_number(tol, texts)) if tol.strip() else Decimal(0)


def _number(text: str, texts: Texts) -> Decimal:
    bare = unescape(text).strip()
    if re.fullmatch(r"-?\d+,\d{3}", bare):
        raise Unreadable(f"{bare} = {bare.replace(',', '')}? {bare.replace(',', '.')}?")
    if re.fullmatch(r"-?\d+,\d+", bare):
        texts.lose("comma", bare)
    return decimal(bare.replace(",", "."))
