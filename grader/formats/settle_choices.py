"""What choices and true-false statements become.

Letters, twins and weights of options, and a key that is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from course import vietnamese
from grader.formats.losses import Loss
from grader.formats.question import Given, Place, Question, Truth
from grader.itemtypes.shared.neutral import FULL, Choice, Option, plain

NEARLY_FULL = Decimal("99.9")
_ROUNDING = Decimal("0.5")
_LETTER = re.compile(r"^\(?([A-Ha-h])\s?[.)/]\s+(?=\S)")
_LETTER_MEANT = re.compile(
    r"(?i:(?<!\w)(?:phương án|đáp án|option|answer|choice)) \(?[A-H]\)?(?!\w)"
    r"|(?<!\w)(?i:cả|both) \(?[A-Ha-h]\)?,? (?:và|lẫn|and|&) \(?[A-Ha-h]\)?(?!\w)"
)


def choice(question: Question, given: Given) -> tuple[Choice, list[Loss]]:
    """Return a choice whose right options have weight, and what its weights and letters said beyond that."""
    del given
    body = question.body
    assert isinstance(body, Choice)  # the table says so
    options, losses = cleaned(body, question.place)
    return replace(body, options=options), losses + _letters_meant(question, options)


def cleaned(body: Choice, place: Place) -> tuple[tuple[Option, ...], list[Loss]]:
    """Return each option once, without typed letters, those that are right with weight 100, the others with 0."""
    options, losses = _without_letters(body.options, place)
    options, key_known, lost = _without_twins(options, place)
    losses += lost
    right, lost = _right(options, place, several=body.several) if key_known else (set(), [])
    made = tuple(replace(o, weight=FULL if n in right else Decimal(0)) for n, o in enumerate(options))
    return made, losses + lost


def _without_letters(options: Sequence[Option], place: Place) -> tuple[list[Option], list[Loss]]:
    found = [_LETTER.match(o.text) for o in options]
    if len(options) < 2 or not all(found):  # noqa: PLR2004  # one option is no row of letters
        return list(options), []
    bare = [Option(_LETTER.sub("", o.text), o.weight, o.feedback) for o in options]
    return bare, [place.loss("letters", " ".join(m[0].strip() for m in found if m))]


def _letters_meant(question: Question, options: Sequence[Option]) -> list[Loss]:
    texts = [question.stem, question.explanation, *(t for o in options for t in (o.text, o.feedback))]
    found = next((m[0] for m in map(_LETTER_MEANT.search, texts) if m), "")
    return [question.place.loss("letters-meant", found)] if found else []


def _without_twins(options: Sequence[Option], place: Place) -> tuple[list[Option], bool, list[Loss]]:
    """Return the options each once, whether the key survives that, and what is lost."""
    kept: dict[str, Option] = {}
    losses, known = [], True
    for option in options:
        name = vietnamese.visible(option.text)
        if not name:
            losses.append(place.loss("empty-option", f"{plain(option.weight)} %"))
            continue
        first = kept.setdefault(name, option)
        if first is option:
            continue
        if (first.weight > 0) != (option.weight > 0):
            losses.append(place.loss("key-contradicts", option.text))
            known = False
        else:
            losses.append(place.loss("same-option", option.text))
        if not first.feedback and option.feedback:
            kept[name] = Option(first.text, first.weight, option.feedback)
    return list(kept.values()), known, losses


def _right(options: Sequence[Option], place: Place, *, several: bool) -> tuple[set[int], list[Loss]]:
    """Return the indexes of the right options, and what their weights said beyond that."""
    full = {n for n, o in enumerate(options) if o.weight >= NEARLY_FULL}
    some = {n for n, o in enumerate(options) if o.weight > 0}
    penalties = [f"{o.text} {plain(o.weight)} %" for o in options if o.weight < 0]
    losses = [place.loss("penalty", "; ".join(penalties))] if penalties and not _our_rule(options, several) else []
    if not some:
        return set(), [*losses, place.loss("no-key")]
    if several:
        return some, losses + _sums(options, some, full, place)
    if len(full) > 1:
        return set(), [*losses, place.loss("several-full", "; ".join(options[n].text for n in sorted(full)))]
    if full or len(some) == 1:
        lost = [f"{options[n].text} {plain(options[n].weight)} %" for n in sorted(some - full)] if full else []
        single = [place.loss("weights", plain(options[n].weight)) for n in some] if not full else []
        return full or some, [*losses, *single, *([place.loss("partial", "; ".join(lost))] if lost else [])]
    shares = "; ".join(f"{options[n].text} {plain(options[n].weight)} %" for n in sorted(some))
    return set(), [*losses, place.loss("no-key"), place.loss("partial", shares)]


def _our_rule(options: Sequence[Option], several: bool) -> bool:
    """Say whether the weights are what ``multiple`` does by itself: each wrong one takes its share of 100 per cent."""
    wrong = [o.weight for o in options if o.weight <= 0]
    return several and bool(wrong) and all(abs(weight * len(wrong) + 100) <= _ROUNDING for weight in wrong)


def _sums(options: Sequence[Option], some: set[int], full: set[int], place: Place) -> list[Loss]:
    weights = [options[n].weight for n in sorted(some)]
    total = sum(weights, Decimal(0))
    losses = []
    if max(weights) - min(weights) > _ROUNDING:
        losses.append(
            place.loss("unequal", "; ".join(f"{options[n].text} {plain(options[n].weight)} %" for n in sorted(some)))
        )
    if abs(total - 100) > _ROUNDING and full != some:
        losses.append(place.loss("weights", plain(total)))
    return losses


def truth(question: Question, given: Given) -> tuple[Choice, list[Loss]]:
    """Return a statement as a choice between the two words for true and false."""
    body = question.body
    assert isinstance(body, Truth)
    weights = (FULL, Decimal(0)) if body.true else (Decimal(0), FULL)
    sides = zip((given.true, given.false), weights, (body.on_true, body.on_false), strict=True)
    return Choice(tuple(Option(*side) for side in sides)), []
