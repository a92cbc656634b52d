"""Reads JupyterQuiz JSON: a list of questions, also with something behind its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal
from html import escape
from typing import Any

from grader.formats.foreign.encoding import decode
from grader.formats.foreign.texts import NO_FILES, Texts
from grader.formats.losses import Loss
from grader.formats.question import Body, Place, Question, Reading, Unreadable, decimal
from grader.itemtypes.shared.neutral import FULL, Choice, NumberField, Numbers, Option, Pair, Pairs, Value, Words

_KNOWN = frozenset(
    {"question", "code", "type", "answers", "answer_cols", "precision", "pairs", "options", "input_width"}
)
_KNOWN_OF_PAIRS = frozenset({"shuffle_pairs", "shuffle_options"})


def read(name: str, data: bytes, files: Mapping[str, bytes] = NO_FILES) -> Reading:
    """Return the questions of a JupyterQuiz file and what is not in them; ``name``: the file as the report names it."""
    text, guessed = decode(data)
    losses = [Loss("encoding", name, 0, "", guessed)] if guessed else []
    try:
        found, end = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode(text.lstrip())
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        return Reading((), (*losses, Loss("file", name, line, "", f"JSON: {getattr(error, 'msg', 'depth')}")))
    rest = text.lstrip()[end:].strip()
    losses += [Loss("repaired", name, 0, "", rest[:40])] if rest else []
    entries = found.get("questions") if isinstance(found, dict) and "questions" in found else found
    questions = []
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
        question, lost = _question(entry, Place(name, 0, f"{number}"), files)
        losses += lost
        questions += [question] if question else []
    return Reading(tuple(questions), tuple(losses or ([] if questions else [Loss("empty", name)])))


def _question(entry: Any, place: Place, files: Mapping[str, bytes]) -> tuple[Question | None, list[Loss]]:
    if not isinstance(entry, dict):
        return None, [place.loss("broken", str(entry)[:40])]
    asked = _text(entry, "question")
    texts = Texts(Place(place.file, 0, " ".join(asked.split())[:60] or place.name), files, dollars=True)
    kind = _text(entry, "type")
    if kind not in _BODIES:
        return None, [texts.place.loss("kind", kind or "?")]
    try:
        body = _BODIES[kind](entry, texts)
    except Unreadable as error:
        return None, [texts.place.loss("broken", str(error))]
    code = _text(entry, "code")
    stem = texts.block(asked + (f"<pre>{escape(code)}</pre>" if code else ""))
    known = _KNOWN | (_KNOWN_OF_PAIRS if kind == "match" else frozenset())
    for field in (name for name in entry if name not in known):
        texts.lose("setting", f"{field} = {str(entry[field])[:40]}")
    return Question(texts.place, stem, body, None, "", (), texts.pictures), list(texts.losses)


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field, "")
    return value if isinstance(value, str) else ""


def _answers(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    answers = entry.get("answers")
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise Unreadable("answers")
    return answers


def _weight(answer: Mapping[str, Any]) -> Decimal:
    return FULL if answer.get("correct") is True else Decimal(0)


def _choice(entry: Mapping[str, Any], texts: Texts) -> Body:
    options = []
    for answer in _answers(entry):
        code = _text(answer, "code")
        shown = _text(answer, "answer") + "<br>".join(f"<code>{escape(row)}</code>" for row in code.split("\n") if row)
        options.append(Option(texts.line(shown), _weight(answer), texts.line(_text(answer, "feedback"))))
    return Choice(tuple(options), several=entry["type"] == "many_choice")


def _words(entry: Mapping[str, Any], texts: Texts) -> Body:
    options, otherwise, case_matters = [], "", False
    for answer in _answers(entry):
        said = texts.line(_text(answer, "feedback"))
        if answer.get("type") == "default":
            otherwise = said
            continue
        case_matters |= answer.get("match_case") is True
        if answer.get("fuzzy_threshold"):
            texts.lose("setting", f"fuzzy_threshold = {answer['fuzzy_threshold']}")
        options.append(Option(texts.words(_text(answer, "answer")), _weight(answer), said))
    return Words(tuple(options), case_matters, otherwise=otherwise)


def _numbers(entry: Mapping[str, Any], texts: Texts) -> Body:
    values, otherwise = [], ""
    for answer in _answers(entry):
        said = texts.line(_text(answer, "feedback"))
        if answer.get("type") == "default":
            otherwise = said
        elif "value" in answer:
            value = decimal(str(answer["value"]))
            values.append(Value(value, _rounding(value, entry, texts), _weight(answer), said))
        elif "range" in answer:
            values += _range(answer, said, texts)
        else:
            raise Unreadable("value, range")
    if not values:
        raise Unreadable("answers")
    return Numbers((NumberField("", "", tuple(values), otherwise=otherwise),))


def _range(answer: Mapping[str, Any], said: str, texts: Texts) -> list[Value]:
    ends = answer["range"]
    if not isinstance(ends, list) or len(ends) != 2:  # noqa: PLR2004  # lower and upper
        raise Unreadable("range")
    low, high = (decimal(str(end)) for end in ends)
    shown = f"[{ends[0]}, {ends[1]})"
    if _weight(answer) <= 0:
        texts.lose("other-answer", f"{shown}: {said}")
        return []
    texts.lose("edge", shown)
    return [Value((low + high) / 2, abs(high - low) / 2, FULL, said)]


def _rounding(value: Decimal, entry: Mapping[str, Any], texts: Texts) -> Decimal:
    """Return the tolerance that rounding to so many significant digits means."""
    digits = str(entry.get("precision", ""))
    if not digits.isdigit() or value == 0:
        return Decimal(0)
    place = abs(value).log10().to_integral_value(ROUND_FLOOR) - int(digits) + 1
    tol = Decimal(5).scaleb(int(place) - 1)
    texts.lose("tolerance", f"precision {digits}: ± {tol:f}")
    return tol


def _pairs(entry: Mapping[str, Any], texts: Texts) -> Body:
    pairs, options = entry.get("pairs"), entry.get("options", [])
    if not isinstance(pairs, list) or not all(isinstance(p, dict) for p in pairs) or not isinstance(options, list):
        raise Unreadable("pairs")
    made = tuple(Pair(texts.line(_text(p, "label")), texts.line(_text(p, "answer"))) for p in pairs)
    rights = {pair.right for pair in made}
    spare = [texts.line(text) for text in options if isinstance(text, str)]
    return Pairs(made, tuple(Option(text) for text in spare if text not in rights))


_BODIES: Mapping[str, Callable[[Mapping[str, Any], Texts], Body]] = {
    "multiple_choice": _choice,
    "many_choice": _choice,
    "numeric": _numbers,
    "string": _words,
    "match": _pairs,
}
