"""What people typed wrongly, counted: the same wrong answer of many is a misunderstanding that feedback can answer."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from course import items
from grader.feedback.statistics_records import Thresholds, WrongAnswer

MOST = 5
"""Wrong answers that are listed for each part of a question."""
_LONGEST = 80


def frequent(keyed: Mapping[str, Any], answers: Iterable[Mapping[str, Any]]) -> Iterator[WrongAnswer]:
    """Yield the wrong answers that ``Thresholds.SHOWN`` people or more typed, the most frequent first.

    ``answers``: ``{"value", "variant"}`` of each person. Written alike means: but for case and blanks.
    """
    counted: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    people: Counter[tuple[int, str]] = Counter()
    labels: dict[tuple[int, str], str] = {}
    for answer in answers:
        value, variant = answer.get("value"), answer.get("variant", 0)
        for part, label, text in _typed(keyed, value, variant):
            place = (variant, part)
            people[place] += 1
            labels[place] = label
            if len(text) <= _LONGEST and not _right(keyed, {part: text} if part else text, variant):
                alike = " ".join(unicodedata.normalize("NFC", text).casefold().split())
                counted[place][alike] += 1
                written[alike][text] += 1
    for place in sorted(counted):
        for alike, count in counted[place].most_common(MOST):
            if count >= Thresholds.SHOWN:
                yield WrongAnswer(
                    place[0], labels[place], written[alike].most_common(1)[0][0].strip(), count, people[place]
                )


def _typed(keyed: Mapping[str, Any], value: object, variant: object) -> Iterator[tuple[str, str, str]]:
    """Yield id, label and text of each part that was typed; an answer that is one text has neither id nor label."""
    if not isinstance(variant, int) or isinstance(variant, bool) or items.is_blank(value):
        return
    if isinstance(value, str):
        yield "", "", value
        return
    for part in items.answered(keyed, value, variant):
        if part.unit is not None:
            yield part.about, part.label, part.text


def _right(keyed: Mapping[str, Any], value: object, variant: int) -> bool:
    scored = items.score(keyed, value, variant)
    return scored.points is not None and scored.points > 0
