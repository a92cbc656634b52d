"""The item types: what an answer to each means and what it earns. Pure functions on plain data; nothing is executed.

A *keyed item* is one entry of ``keys/M02.json`` or ``practice.json``:
``{"id", "type", "points", "critical", "component_min", "withdrawn", "variants": [body, …]}``, where a body holds the
fields of
``docs/items.md`` after ids were given. Rules of scoring: docs/design.md §6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from course import vietnamese

State = Literal["scored", "blank", "pending_manual", "invalid"]
Body = Mapping[str, Any]
LONGEST_ANSWER = 10_000
"""Answers are cut at this many characters, with a message."""


class InvalidAnswer(ValueError):  # it is the answer's state, not a fault of ours
    """The answer has a wrong shape, an unknown id, an id twice, or nothing readable in it.

    The text is for the learner.
    """


@dataclass(frozen=True, slots=True)
class Note:
    """One piece of feedback: ``about`` names an option, pair, part, cell or check.

    ``right`` is ``None`` where neither applies.
    """

    about: str
    right: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one answer earned.

    Attributes:
        points: earned, rounded half up to 0.01; ``None`` while a marker is awaited and for an invalid answer.
        automatic: points of the part that needs no marker (equal to ``points`` for types without a manual part).
        max_points: of the item.
        state: ``scored``, ``blank``, ``pending_manual`` or ``invalid``: four states, never merged.
        critical_met: ``None`` for an item that is not critical.
        component_met: ``None`` for an item without a component minimum, and while a marker is awaited.
        message: for the learner, in Vietnamese, when something could not be read.
        notes: feedback on what was chosen, never on what was not.
    """

    points: Decimal | None
    automatic: Decimal
    max_points: Decimal
    state: State
    critical_met: bool | None = None
    component_met: bool | None = None
    message: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a type's scoring function found: a fraction of the points, or that a person has to mark (``manual``)."""

    share: Fraction
    notes: list[Note] = field(default_factory=list)
    message: str = ""
    manual: bool = False


def points_of(share: Fraction, points: Decimal) -> Decimal:
    """Return ``share`` of ``points``, rounded once, half up, to 0.01."""
    exact = share * Fraction(points)
    return Decimal((exact.numerator * 200 + exact.denominator) // (2 * exact.denominator)).scaleb(-2)


def is_blank(value: object) -> bool:
    """Say whether ``value`` is no answer: absent, null, only spaces, ``[]``, ``{}``, or all parts empty."""
    if isinstance(value, Mapping):
        return all(_is_empty(part) for part in value.values())
    return _is_empty(value) or value == []


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not vietnamese.visible(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer("Câu trả lời phải là một đoạn văn bản.")
    return value[:LONGEST_ANSWER]


def _ids(value: object, known: list[str]) -> list[str]:
    """Return a list of ids, each known and named once."""
    if not isinstance(value, list) or not all(isinstance(i, str) for i in value):
        raise InvalidAnswer("Câu trả lời phải là một danh sách mã.")
    unknown = [i for i in value if i not in known]
    if unknown:
        raise InvalidAnswer(f"Mã «{unknown[0][:20]}» không có trong câu hỏi.")
    if len(set(value)) != len(value):
        raise InvalidAnswer("Có một mã được chọn hai lần.")
    return value


def _parts(value: object, known: list[str]) -> dict[str, str]:
    """Return the filled parts of a ``{part: text}`` answer."""
    if not isinstance(value, Mapping):
        raise InvalidAnswer("Câu trả lời phải ghi theo từng phần.")
    filled = {}
    for part, text in value.items():
        if part not in known:
            raise InvalidAnswer(f"Phần «{str(part)[:20]}» không có trong câu hỏi.")
        if _is_empty(text):
            continue
        if not isinstance(text, str):
            raise InvalidAnswer(f"Phần «{part}» phải là văn bản.")
        filled[part] = text[:LONGEST_ANSWER]
    return filled


def _of(entries: list[Body], identifier: str) -> Body:
    return next(entry for entry in entries if entry["id"] == identifier)


def _single(body: Body, value: object) -> Outcome:
    options = [o["id"] for o in body["options"]]
    if not isinstance(value, str) or value not in options:
        raise InvalidAnswer("Hãy chọn một trong các phương án của câu hỏi.")
    right = value in body["correct"]
    return Outcome(Fraction(right), [Note(value, right, body["feedback"][value])])


def _multiple(body: Body, value: object) -> Outcome:
    chosen = _ids(value, [o["id"] for o in body["options"]])
    correct = set(body["correct"])
    wrong = [o["id"] for o in body["options"] if o["id"] not in correct]
    share = Fraction(len(correct.intersection(chosen)), len(correct))
    if wrong:
        share -= Fraction(len(set(wrong).intersection(chosen)), len(wrong))
    vetoed = bool(set(body["veto"]).intersection(chosen))
    notes = [Note(c, c in correct, body["feedback"][c]) for c in sorted(chosen)]
    return Outcome(Fraction(0) if vetoed else max(Fraction(0), share), notes)


def _match(body: Body, value: object) -> Outcome:
    pairs = _parts(value, [e["id"] for e in body["left"]])
    known = {e["id"] for e in body["right"]}
    if not known.issuperset(pairs.values()):
        raise InvalidAnswer("Có một vế được ghép với mã không có trong câu hỏi.")
    if len(set(pairs.values())) != len(pairs):
        raise InvalidAnswer("Mỗi vế bên phải chỉ được dùng một lần.")
    notes = []
    for left, right in sorted(pairs.items()):
        if body["key"][left] == right:
            notes.append(Note(left, True, body["feedback"][left]))
        else:
            spare = body["right_feedback"].get(right, "")
            notes.append(Note(left, False, spare or "Cặp này chưa khớp: hãy đọc lại cả hai vế rồi cân nhắc vế khác."))
    return Outcome(Fraction(sum(bool(n.right) for n in notes), len(body["key"])), notes)


def _order(body: Body, value: object) -> Outcome:
    steps = _ids(value, [s["id"] for s in body["steps"]])
    place = {step: index for index, step in enumerate(steps)}
    kept = reversed_ = total = 0
    for index, group in enumerate(body["key"]):
        for first in group:
            for second in (s for later in body["key"][index + 1 :] for s in later):
                total += 1
                if first in place and second in place:
                    kept += place[first] < place[second]
                    reversed_ += place[first] > place[second]
    share = max(Fraction(0), Fraction(kept - reversed_, total))
    notes = [
        Note(" → ".join(f["wrong"]), False, f["text"])
        for f in body["feedback"]
        if all(s in place for s in f["wrong"]) and place[f["wrong"][0]] < place[f["wrong"][1]]
    ]
    if share == 1:
        notes.append(Note("", True, "Trình tự hợp lý."))
    return Outcome(share, notes)


def _measure(part: Body, typed: str) -> tuple[bool, Note]:
    """Score one number: right or not, and the feedback."""
    number = vietnamese.read_number(typed, part.get("unit", ""))
    if number is None:
        unit = f" ({part['unit']})" if part.get("unit") else ""
        text = f"Chưa đọc được «{typed[:40]}» là một số{unit}. Hãy viết như 91,25 hoặc 1.200."
        return False, Note(part["id"], None, text)
    tolerance, exact = Fraction(part["tol"]), Fraction(number)  # Decimal would round the difference to 28 digits
    right = abs(exact - Fraction(part["value"])) <= tolerance
    shown = vietnamese.show_number(number)
    if right:
        return True, Note(part["id"], True, f"Đọc là {shown}. Đúng.")
    for typical in part.get("feedback", []):
        if abs(exact - Fraction(typical["value"])) <= tolerance:
            return False, Note(part["id"], False, typical["text"])
    return False, Note(part["id"], False, f"Đọc là {shown}. Chưa đúng: hãy xem lại cách tính và mẫu số.")


def _number(body: Body, value: object) -> Outcome:
    typed = _parts(value, [p["id"] for p in body["parts"]])
    results = [(_of(body["parts"], i), *_measure(_of(body["parts"], i), text)) for i, text in sorted(typed.items())]
    return _measured(body["parts"], [(part, right, note) for part, right, note in results])


def _measured(parts: Sequence[Body], results: Sequence[tuple[Body, bool, Note]]) -> Outcome:
    """Add up parts that carry points of their own.

    One unreadable part earns 0 and is named, all unreadable is invalid.
    """
    unreadable = [note for _, _, note in results if note.right is None]
    if unreadable and len(unreadable) == len(results):
        raise InvalidAnswer(unreadable[0].text)
    whole = sum((Fraction(p["points"]) for p in parts), Fraction(0))
    earned = sum((Fraction(part["points"]) for part, right, _ in results if right), Fraction(0))
    return Outcome(earned / whole, [n for _, _, n in results], message=" ".join(n.text for n in unreadable))


def _accepts(text: str, accepted: list[str], *, bare: bool) -> bool:
    folded = vietnamese.fold(text, diacritics=bare)
    return any(folded == vietnamese.fold(a, diacritics=bare) for a in accepted)


def _short_text(body: Body, value: object) -> Outcome:
    text = _text(value)
    if _accepts(text, body["accept"], bare=body["fold"]):
        return Outcome(Fraction(1), [Note("", True, "Đúng.")])
    for typical in body["feedback"]:
        if _accepts(text, typical["accept"], bare=body["fold"]):
            return Outcome(Fraction(0), [Note("", False, typical["text"])])
    return Outcome(Fraction(0), [Note("", False, "Chưa đúng: hãy đọc lại bài học và viết ngắn gọn đúng tên gọi.")])


def _table(body: Body, value: object) -> Outcome:
    open_cells = {c: cell for c, cell in body["cells"].items() if "given" not in cell}
    results = []
    for cell_id, typed in sorted(_parts(value, list(open_cells)).items()):
        cell = {"id": cell_id, **open_cells[cell_id]}
        if "accept" in cell:
            right = _accepts(typed, cell["accept"], bare=False)
            note = Note(cell_id, right, "Đúng." if right else cell["feedback"])
        else:
            right, note = _measure({**cell, "feedback": []}, typed)
            if note.right is False:
                note = Note(cell_id, False, cell["feedback"])
        results.append((cell, right, note))
    return _measured(list(open_cells.values()), results)


def _post(body: Body, value: object) -> Outcome:
    text = _text(value)
    count = vietnamese.count_syllables(text)
    if count < body["min_words"]:
        note = Note("", False, f"Bài mới có {count} chữ; cần ít nhất {body['min_words']} chữ mới được chấm.")
        return Outcome(Fraction(0), [note])
    for veto in body["veto"]:
        if vietnamese.meets(text, veto["rules"]):
            return Outcome(Fraction(0), [Note("", False, veto["feedback"])])
    met = {c["id"]: vietnamese.meets(text, c["rules"]) for c in body["checks"]}
    automatic = sum((Fraction(c["points"]) for c in body["checks"]), Fraction(0))
    earned = sum((Fraction(c["points"]) for c in body["checks"] if met[c["id"]]), Fraction(0))
    notes = [Note(c["id"], met[c["id"]], "" if met[c["id"]] else c["feedback"]) for c in body["checks"]]
    manual = body.get("manual")
    whole = automatic + (Fraction(manual["points"]) if manual else 0)
    return Outcome(earned / whole, notes, manual=bool(manual))


def _essay(_body: Body, value: object) -> Outcome:
    _text(value)
    return Outcome(Fraction(0), manual=True)


SCORERS: dict[str, Callable[[Body, object], Outcome]] = {
    "single": _single,
    "multiple": _multiple,
    "match": _match,
    "order": _order,
    "number": _number,
    "text": _short_text,
    "post": _post,
    "essay": _essay,
    "table": _table,
}
"""Type → scoring function. ``code`` is absent: its values come out of the box and are compared by the judge."""

MANUAL_PART = "-m"
"""Suffix of the grade id under which a post's manual part is marked."""


def body_of(item: Body, variant: int) -> Body:
    """Return the body of ``item`` in the variant that the answer records.

    Raises:
        InvalidAnswer: when the item has no such variant.
    """
    if isinstance(variant, bool) or not isinstance(variant, int) or not 0 <= variant < len(item["variants"]):
        raise InvalidAnswer("Phiên bản câu hỏi ghi trong bài làm không có.")
    body: Body = item["variants"][variant]
    return body


def score(item: Body, value: object, variant: int = 0) -> ItemScore:
    """Score one answer ``value`` to the keyed ``item``; never raises for what a learner wrote."""
    points = Decimal(item["points"])
    if is_blank(value):
        return _result(item, points, Outcome(Fraction(0)), "blank")
    try:
        outcome = SCORERS[item["type"]](body_of(item, variant), value)
    except InvalidAnswer as error:
        return with_minimums(item, ItemScore(None, Decimal(0), points, "invalid", message=str(error)))
    too_long = isinstance(value, str) and len(value) > LONGEST_ANSWER
    message = f"Bài dài hơn {LONGEST_ANSWER} ký tự; phần sau không được chấm." if too_long else outcome.message
    return _result(item, points, outcome, "pending_manual" if outcome.manual else "scored", message)


def _result(item: Body, points: Decimal, outcome: Outcome, state: State, message: str = "") -> ItemScore:
    earned = points_of(outcome.share, points)
    final = None if state == "pending_manual" else earned
    scored = ItemScore(final, earned, points, state, None, None, message, tuple(outcome.notes))
    return with_minimums(item, scored)


def with_minimums(item: Body, scored: ItemScore) -> ItemScore:
    """Return ``scored`` with ``critical_met`` and ``component_met`` worked out from its points.

    A veto leaves 0, and minimums are above 0.
    """
    met: dict[str, bool | None] = {"critical": None, "component_min": None}
    for name in met:
        if item[name] is not None and scored.state != "pending_manual":
            met[name] = scored.points is not None and scored.points >= Decimal(item[name])
    return ItemScore(
        scored.points,
        scored.automatic,
        scored.max_points,
        scored.state,
        met["critical"],
        met["component_min"],
        scored.message,
        scored.notes,
    )


def with_mark(item: Body, scored: ItemScore, mark: Decimal) -> ItemScore:
    """Return ``scored`` after a person marked it: ``mark`` is added to the automatic part, within [0, max]."""
    total = min(scored.max_points, max(Decimal(0), scored.automatic + mark))
    return with_minimums(
        item, ItemScore(total, scored.automatic, scored.max_points, "scored", None, None, scored.message, scored.notes)
    )


def readable(item: Body, value: object, variant: int = 0) -> str:
    """Return an answer as plain text, one line per part, for people who read it without the page; never raises."""
    if is_blank(value):
        return "(chưa trả lời)"
    try:
        body = body_of(item, variant)
    except InvalidAnswer as error:
        return str(error)
    texts = {e["id"]: e["text"] for name in ("options", "left", "right", "steps") for e in body.get(name, [])}
    texts.update({p["id"]: p["label"] for p in body.get("parts", [])})

    def name(identifier: object) -> str:
        return (
            f"{identifier}. {texts[identifier]}"
            if isinstance(identifier, str) and identifier in texts
            else str(identifier)
        )

    if isinstance(value, list):
        return "\n".join(name(v) for v in value)
    if isinstance(value, Mapping):
        arrow = " → " if item["type"] == "match" else ": "
        return "\n".join(
            f"{name(k)}{arrow}{name(v) if item['type'] == 'match' else v}" for k, v in sorted(value.items(), key=str)
        )
    return name(value) if item["type"] == "single" else str(value)
