"""The arithmetic of item statistics: difficulty, item-rest correlation, Cronbach's alpha.

Pure functions on lists of numbers.

A row is one person's attempt: for each item the share of its points that was earned, 0 to 1, or ``None`` where
nothing can be said
(could not be graded, a marker is awaited). Source of alpha: Cronbach 1951.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Row = Mapping[str, float | None]
_FEWEST = 3  # two points always lie on a line
_NOTHING = 1e-12  # below it a spread is rounding


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; ``None`` of nothing."""
    return sum(values) / len(values) if values else None


def difficulty(rows: Sequence[Row], item: str) -> float | None:
    """Return p, the mean share of the item's points, over the rows in which it was scored."""
    return mean([share for row in rows if (share := row.get(item)) is not None])


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Pearson's r; ``None`` when there are fewer than three pairs or one side does not vary."""
    if len(one) < _FEWEST:
        return None
    a, b = sum(one) / len(one), sum(other) / len(other)
    across = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    spread = math.sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return across / spread if spread > _NOTHING else None


def item_rest(rows: Sequence[Row], item: str, points: Mapping[str, float]) -> float | None:
    """Return the correlation of an item's share with the points of all *other* items."""
    known = [row for row in rows if row.get(item) is not None]
    rest = [sum(points[i] * (share or 0.0) for i, share in row.items() if i != item) for row in known]
    return correlation([row[item] or 0.0 for row in known], rest)


def alpha(rows: Sequence[Row], points: Mapping[str, float]) -> float | None:
    """Return Cronbach's alpha of the points over rows in which every item was scored.

    ``None`` where it is not defined.
    """
    whole = [[points[i] * share for i in points if (share := row.get(i)) is not None] for row in rows]
    whole = [row for row in whole if len(row) == len(points)]
    count = len(points)
    if count <= 1 or len(whole) < _FEWEST:
        return None
    total = _variance([sum(row) for row in whole])
    parts = sum(_variance([row[n] for row in whole]) for n in range(count))
    return count / (count - 1) * (1 - parts / total) if total > _NOTHING else None


def at_most(count: int, people: int, share: float) -> float:
    """Return the probability that at most ``count`` of ``people`` choose what each one does with that of ``share``."""
    return sum(math.comb(people, n) * share**n * (1 - share) ** (people - n) for n in range(count + 1))


def _variance(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return sum((v - middle) ** 2 for v in values) / (len(values) - 1)
