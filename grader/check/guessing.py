"""Rules of Q4 about people who have not learnt.

Naive strategies stay below 45 % of the choice points, and nobody passes by guessing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from grader.check.corpus import Corpus, file_place, report
from grader.ground.records import Finding
from grader.itemtypes import guessing
from grader.itemtypes.guessing import Distribution

_STRATEGY_SHARE = 45
_LUCK = 0.001
_CHOICES = frozenset({"single", "multiple"})
_NAMES = {
    "random": "đoán bừa",
    "longest": "chọn câu dài nhất",
    "first": "chọn câu đầu",
    "most polite": "chọn câu lịch sự nhất",
    "everything": "chọn tất cả",
}


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for text in corpus.asked():
        for name, chance in chances(corpus).get(text.module, {}).items():
            if chance >= _LUCK and text.exercise:
                vi = (
                    f"người {_NAMES[name]} vượt mức đạt với xác suất {100 * chance:.2f} % (phải dưới 0,1 %): sửa các "
                    "câu dễ đoán."
                )
                en = (
                    f"somebody who answers by '{name}' passes with probability {100 * chance:.2f} % (must be below 0.1 "
                    "%): mend the items that can be guessed."
                )
                yield report("E-Q04-9", file_place(text.exercise.document.path, 1), vi, en)
    if corpus.whole:
        for name, share in choice_shares(corpus).items():
            if share >= _STRATEGY_SHARE:
                vi = (
                    f"chiến thuật «{_NAMES[name]}» được {share:.0f} % điểm các câu chọn (phải dưới {_STRATEGY_SHARE} "
                    "%): viết lại phương án sai."
                )
                en = (
                    f"the strategy '{name}' earns {share:.0f} % of the choice points (must be below {_STRATEGY_SHARE} "
                    "%): rewrite distractors."
                )
                first = corpus.graded()[0][0]
                yield report("E-Q04-8", file_place(first.document.path.parent.parent), vi, en)


@functools.lru_cache(maxsize=1)
def _odds(corpus: Corpus) -> Mapping[str, Mapping[str, Distribution]]:
    """Return item → guesser → what is earned, for the graded items of the chosen modules.

    Computed once for each check.
    """
    return {i.id: guessing.distributions(i.keyed) for part, i in corpus.graded() if part.module in corpus.chosen}


def chances(corpus: Corpus) -> dict[str, dict[str, float]]:
    """Return module → guesser → probability of passing."""
    found = {}
    for text in (t for t in corpus.asked() if t.exercise):
        odds = [
            _odds(corpus)[item.id] for item in (text.exercise.items if text.exercise else ()) if not item.head.withdrawn
        ]
        mark = corpus.pass_mark(text)
        found[text.module] = {
            name: guessing.passes(guessing.together(o[name] for o in odds), mark) for name in guessing.GUESSERS
        }
    return found


def choice_shares(corpus: Corpus) -> dict[str, float]:
    """Return naive strategy → percentage of the choice points of the course that it earns."""
    choices = [item for part, item in corpus.graded() if item.head.type in _CHOICES and part.module in corpus.chosen]
    possible = sum(float(item.keyed["points"]) for item in choices)
    odds = _odds(corpus)
    return {
        name: 100 * sum(guessing.expected(odds[i.id][name]) for i in choices) / possible if possible else 0.0
        for name in guessing.STRATEGIES
    }


def measures(corpus: Corpus) -> dict[str, tuple[str, str]]:
    """Return what was computed, for the table of criteria."""
    shares = choice_shares(corpus)
    shown = ", ".join(f"{_NAMES[n]} {s:.0f} %" for n, s in shares.items())
    shown_en = ", ".join(f"{n} {s:.0f} %" for n, s in shares.items())
    worst = 100 * max((c["random"] for c in chances(corpus).values()), default=0.0)
    return {"Q4": (f"{shown}, đoán bừa đạt ≤ {worst:.2g} %", f"{shown_en}, random guessing passes ≤ {worst:.2g} %")}
