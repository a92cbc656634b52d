"""Ids that a spreadsheet has changed: they differ from stored ones only by zeros, dashes, spaces, dots or capitals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

_BETWEEN = re.compile(r"[\s\-–—_.]+")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def core(person_id: str) -> str:
    """Return what stays of an id without zeros before its numbers, dashes, spaces and capitals."""
    return _ZEROS.sub("", _BETWEEN.sub("", person_id)).casefold()


def cores(ids: Iterable[str]) -> dict[str, list[str]]:
    """Return core -> the ids that have it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in ids:
        found[core(one)].append(one)
    return dict(found)


def near(written: Iterable[str], stored: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each written id that is not stored the stored ids from which it differs only so."""
    known = list(stored)
    exact = {one.casefold() for one in known}
    by_core: Mapping[str, list[str]] | None = None
    found: dict[str, tuple[str, ...]] = {}
    for one in written:
        if one.casefold() in exact:
            continue
        if by_core is None:
            by_core = cores(known)
        if others := by_core.get(core(one)):
            found[one] = tuple(others)
    return found


def issued(taken: Iterable[str], prefix: str, width: int) -> Iterable[str]:
    """Yield ids that nobody has: ``prefix`` and a number beyond the highest in use, of at least ``width`` digits."""
    pattern = re.compile(re.escape(prefix) + r"0*(\d+)", re.IGNORECASE)
    number = max((int(match[1]) for one in taken if (match := pattern.fullmatch(one))), default=0)
    while True:
        number += 1
        yield f"{prefix}{number:0{width}}"
