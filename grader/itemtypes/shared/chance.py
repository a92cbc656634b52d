"""Answers of chance: equally likely ones, arrangements and products, drawn where there are too many to list."""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Sequence
from typing import Any

from grader.itemtypes.shared.base import Weighted

_ENUMERATED = 5040  # 7!: beyond it answers are drawn
_DRAWN = 2000
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def equally(answers: Sequence[Any]) -> Weighted:
    """Return answers that are equally likely."""
    return [(answer, 1 / len(answers)) for answer in answers]


def arrangements(ids: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """Return the ways in which ``length`` of the ids can stand in a row, or a fixed sample of them."""
    if math.perm(len(ids), length) <= _ENUMERATED:
        return list(itertools.permutations(ids, length))
    rng = random.Random(0)  # a fixed draw, not for secrets
    return [tuple(rng.sample(ids, length)) for _ in range(_DRAWN)]


def products(values: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """Return the ways in which ``length`` fields can be filled from ``values``, or a fixed sample of them."""
    if len(values) ** length <= _ENUMERATED:
        return list(itertools.product(values, repeat=length))
    rng = random.Random(0)  # a fixed draw, not for secrets
    return [tuple(rng.choices(values, k=length)) for _ in range(_DRAWN)]


def crossed(fields: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the ways in which each field can hold one of its own values, or a fixed sample of them."""
    if math.prod(len(values) for values in fields) <= _ENUMERATED:
        return list(itertools.product(*fields))
    rng = random.Random(0)  # a fixed draw, not for secrets
    return [tuple(rng.choice(values) for values in fields) for _ in range(_DRAWN)]


def numbers_in(text: str) -> list[str]:
    """Return the numbers that stand in a text, for a guesser to type; ``0`` where there are none."""
    return _NUMBER.findall(text) or ["0"]
