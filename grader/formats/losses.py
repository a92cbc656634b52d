"""The loss report: one line for everything of a foreign file that is not in what came out of it, and why.

A line has a stable code. ``left_out``: it did not come along. ``changed``: it came, but means something else or was
mended on the way. ``missing``: the course needs it and the file does not have it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from course.words import Text, _, into, joined
from grader.formats.reasons import REASONS, STATES, State

_LONGEST = 120
_UNPRINTED = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True, slots=True)
class Loss:
    """One line of the loss report.

    ``code`` of ``REASONS``, where, of which question, and what it is about.
    """

    code: str
    file: str
    line: int = 0
    question: str = ""
    about: str = ""

    @property
    def state(self) -> State:
        """Return whether something was left out, changed, or is missing."""
        return REASONS[self.code][0]

    def why(self, lang: str) -> str:
        """Return the sentence in ``lang`` (``"vi"`` or ``"en"``)."""
        about = self.about if isinstance(self.about, Text) else shortened(self.about)
        return into(Text(REASONS[self.code][1].template, {"about": about}), lang)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return ``text`` on one line, cut where it is long."""
    line = "".join("\ufffd" if unicodedata.category(c) in _UNPRINTED else c for c in " ".join(text.split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def lines(losses: Sequence[Loss], lang: str) -> list[str]:
    """Return the report as printed: a line for each loss (place, question, state, why), then how many of each."""
    shown = []
    for loss in losses:
        place = f"{loss.file}:{loss.line}" if loss.line else loss.file
        subject = f" [{shortened(loss.question, 60)}]" if loss.question else ""
        shown.append(f"{place}{subject} {into(STATES[loss.state], lang)}: {loss.why(lang)} ({loss.code})")
    return shown


def summary(losses: Sequence[Loss], lang: str) -> str:
    """Return how many lines of each state there are, as one sentence."""
    found = counts(losses)
    shown = joined(", ", [joined(" ", [STATES[state], str(number)]) for state, number in found.items()])
    return into(_("{count} dòng: {shown}.", count=len(losses), shown=shown), lang)


def counts(losses: Iterable[Loss]) -> dict[State, int]:
    """Return how many lines there are of each state."""
    found = Counter(loss.state for loss in losses)
    return {state: found[state] for state in STATES}


def as_json(losses: Iterable[Loss], lang: str) -> list[dict[str, Any]]:
    """Return the report as ``--json`` prints it: ``file line question code state about why``, one object a line."""
    return [
        {
            "file": loss.file,
            "line": loss.line,
            "question": loss.question,
            "code": loss.code,
            "state": loss.state,
            "about": into(loss.about, lang),
            "why": loss.why(lang),
        }
        for loss in losses
    ]
