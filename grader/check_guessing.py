"""Rules of Q4 about people who have not learnt: naive strategies stay below 45 % of the choice points, and nobody passes by guessing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from grader import guessing
from grader.corpus import Corpus, file_place, report
from grader.guessing import Item, Weighted
from grader.records import Finding

_STRATEGY_SHARE = 45
_LUCK = 0.001
_CHOICES = frozenset({"single", "multiple"})
_NAMES = {"random": "đoán bừa", "longest": "chọn câu dài nhất", "first": "chọn câu đầu", "most polite": "chọn câu lịch sự nhất", "everything": "chọn tất cả"}
GUESSERS: Mapping[str, Callable[[Item, Mapping[str, Any]], Weighted]] = {
    "random": guessing.random_answers,
    **{name: partial(guessing.chosen_by, value) for name, value in guessing.STRATEGIES.items()},
    "everything": guessing.everything,
}


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for text in corpus.asked():
        if text.exercise is None:
            continue
        keyed = [item.keyed for item in text.exercise.items]
        for name, guess in GUESSERS.items():
            chance = guessing.passes(guessing.module_distribution(keyed, guess), corpus.pass_mark(text))
            if chance >= _LUCK:
                vi = f"người {_NAMES[name]} vượt mức đạt với xác suất {100 * chance:.2f} % (phải dưới 0,1 %): sửa các câu dễ đoán."
                en = f"somebody who answers by '{name}' passes with probability {100 * chance:.2f} % (must be below 0.1 %): mend the items that can be guessed."
                yield report("E-Q04-9", file_place(text.exercise.document.path, 1), vi, en)
    if corpus.whole:
        for name in guessing.STRATEGIES:
            share = choice_share(corpus, name)
            if share >= _STRATEGY_SHARE:
                vi = f"chiến thuật «{_NAMES[name]}» được {share:.0f} % điểm các câu chọn (phải dưới {_STRATEGY_SHARE} %): viết lại phương án sai."
                en = f"the strategy '{name}' earns {share:.0f} % of the choice points (must be below {_STRATEGY_SHARE} %): rewrite distractors."
                first = corpus.graded()[0][0]
                yield report("E-Q04-8", file_place(first.document.path.parent.parent), vi, en)


def choice_share(corpus: Corpus, strategy: str) -> float:
    """Return the percentage of the choice points of the course that a strategy earns."""
    keyed = [item.keyed for _, item in corpus.graded() if item.head.type in _CHOICES]
    earned = sum(guessing.expected(guessing.item_distribution(item, GUESSERS[strategy])) for item in keyed)
    possible = sum(float(item["points"]) for item in keyed)
    return 100 * earned / possible if possible else 0.0


def measures(corpus: Corpus) -> dict[str, tuple[str, str]]:
    """Return what was computed, for the table of criteria."""
    shares = {name: choice_share(corpus, name) for name in guessing.STRATEGIES}
    shown = ", ".join(f"{_NAMES[n]} {s:.0f} %" for n, s in shares.items())
    shown_en = ", ".join(f"{n} {s:.0f} %" for n, s in shares.items())
    worst = max(
        (
            guessing.passes(guessing.module_distribution([i.keyed for i in t.exercise.items], guessing.random_answers), corpus.pass_mark(t))
            for t in corpus.asked()
            if t.exercise
        ),
        default=0.0,
    )
    return {"Q4": (f"{shown}, đoán bừa đạt ≤ {100 * worst:.2g} %", f"{shown_en}, random guessing passes ≤ {100 * worst:.2g} %")}
