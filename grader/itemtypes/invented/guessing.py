"""What somebody earns who has not learnt.

Random guessing, naive strategies and "select everything", as exact distributions.

For each item every distinct answer of a guesser is scored once by ``course.items``, as a cadre's answer would be,
and weighted with its
probability; the module's distribution is the convolution over its items. It is what any number of simulated attempts
converges to, so a
probability of 0.01 % can be told from none, which 10,000 simulations cannot; ``tests/check/test_guessing.py``
compares the
two.

A guesser types a number that stands in the question, a run of up to four words of it for a short text, the question
itself or one word
over and over in the wanted length for a post, and leaves essays and code empty. A post's marked part earns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from course import items, vietnamese
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Ranking, Weighted

Item = Mapping[str, Any]
Distribution = dict[tuple[int, bool], float]
"""(hundredths of a point, whether every minimum so far is met) → probability."""

_COURTESY = (
    "xin", "cảm ơn", "kính", "nhờ", "mời", "lắng nghe", "chia sẻ", "trân trọng", "mong", "thông cảm",
    "động viên", "hỏi thăm", "đồng hành",
    "hỏi ý kiến", "đồng ý", "quan tâm", "thân mến",
)  # fmt: skip


def courtesy(text: str) -> int:
    """Return how many words of courtesy stand in ``text``."""
    return said(text, _COURTESY)


_HEDGES = ("có thể", "thường", "nên", "cần", "hãy", "chưa", "tùy", "nếu", "khi", "vẫn", "cũng", "thì", "rồi mới")
_ALL = ("tất cả", "cả hai", "cả ba", "cả bốn", "mọi", "đều", "các ý trên", "các câu trên")


def said(text: str, words: Sequence[str]) -> int:
    """Return how many of the ``words`` stand in ``text``."""
    return sum(vietnamese.has_phrase(text, [word]) for word in words)


def shared_words(stem: str, text: str) -> int:
    """Return how many words of ``text`` the question has said already."""
    return len(set(vietnamese.folded_words(text).split()) & set(vietnamese.folded_words(stem).split()))


STRATEGIES: Mapping[str, Callable[[str], Ranking]] = {
    "longest": lambda _stem: lambda _place, text: len(vietnamese.nfc(text)),
    "shortest": lambda _stem: lambda _place, text: -len(vietnamese.nfc(text)),
    "first": lambda _stem: lambda place, _text: -place,
    "last": lambda _stem: lambda place, _text: place,
    "most polite": lambda _stem: lambda _place, text: courtesy(text),
    "most commas": lambda _stem: lambda _place, text: sum(text.count(mark) for mark in ",;:"),
    "most digits": lambda _stem: lambda _place, text: sum(letter.isdigit() for letter in text),
    "most hedges": lambda _stem: lambda _place, text: said(text, _HEDGES),
    "fewest hedges": lambda _stem: lambda _place, text: -said(text, _HEDGES),
    "words of the question": lambda stem: lambda _place, text: shared_words(stem, text),
    "all of them": lambda _stem: lambda _place, text: said(text, _ALL),
}
"""Name → what an option is chosen by, for a question: the highest value; ties are broken at random."""


def random_answers(item: Item, body: Mapping[str, Any]) -> Weighted:
    """Return the answers of somebody who guesses, with their probabilities."""
    return TYPES[item["type"]].guesses(body)


def chosen_by(strategy: Callable[[str], Ranking], item: Item, body: Mapping[str, Any]) -> Weighted:
    """Return the answers of somebody who follows a strategy.

    Half of the options of a ``multiple``, pairs and steps as they stand.
    """
    return TYPES[item["type"]].chosen_by(strategy(str(body["stem"])), body)


def everything(item: Item, body: Mapping[str, Any]) -> Weighted:
    """Return the answers of somebody who ticks all that can be ticked, and leaves the rest as it stands."""
    of = TYPES[item["type"]]
    ticked = of.everything(body)
    return [(ticked, 1.0)] if ticked is not None else of.as_it_stands(body)


GUESSERS: Mapping[str, Callable[[Item, Mapping[str, Any]], Weighted]] = {
    "random": random_answers,
    **{name: partial(chosen_by, strategy) for name, strategy in STRATEGIES.items()},
    "everything": everything,
}
"""Name → the answers that somebody gives to a body of an item, with their probabilities."""


def distributions(item: Item) -> dict[str, Distribution]:
    """Return guesser → what he or she earns on one keyed item."""
    if not TYPES[item["type"]].to_choose:
        return dict.fromkeys(GUESSERS, item_distribution(item, random_answers))
    return {name: item_distribution(item, guess) for name, guess in GUESSERS.items()}


def item_distribution(item: Item, guess: Callable[[Item, Mapping[str, Any]], Weighted]) -> Distribution:
    """Return what the guesses of one keyed item earn; its variants are drawn equally often."""
    found: Distribution = {}
    bodies = item["variants"]
    for variant, body in enumerate(bodies):
        for answer, weight in guess(item, body):
            score = items.score(item, answer, variant)
            ok = (score.critical_met is not False) and (score.component_met is True or item["component_min"] is None)
            key = (int(score.automatic * 100), ok)
            found[key] = found.get(key, 0.0) + weight / len(bodies)
    return found


def together(parts: Iterable[Distribution]) -> Distribution:
    """Return what independent guesses of several items earn together."""
    total: Distribution = {(0, True): 1.0}
    for here in parts:
        summed: Distribution = {}
        for (points, ok), p in total.items():
            for (more, also), q in here.items():
                key = (points + more, ok and also)
                summed[key] = summed.get(key, 0.0) + p * q
        total = summed
    return total


def passes(distribution: Distribution, pass_mark: Decimal) -> float:
    """Return the probability that the module is passed: the mark reached and every minimum met."""
    return sum(p for (points, ok), p in distribution.items() if ok and points >= pass_mark * 100)


def expected(distribution: Distribution) -> float:
    """Return the mean points."""
    return sum(points * p for (points, _), p in distribution.items()) / 100
