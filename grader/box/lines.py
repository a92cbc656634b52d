"""Reads what comes out of a box: lines of strict JSON in the one expected order. Everything else is refused.

Nothing is ever run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

LONGEST_NAME = 60
"""Longest exception kind or name that is passed on."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a cell stopped or a check has no value, as the box says it.

    A kind, a line of the learner's cell (0: unknown), a name.
    """

    kind: str
    line: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a check reported: plain JSON data, all numbers finite."""

    data: Any


@dataclass(slots=True)
class CellResult:
    """What is known of one cell.

    Whether its code was reached and how it failed, and each check in order (``None``: not reached).
    """

    reached: bool
    failure: Failure | None
    checks: list[Value | Failure | None]


def nothing(checks: Sequence[int]) -> list[CellResult]:
    """Return the results of cells of which nothing is known."""
    return [CellResult(False, None, [None] * n) for n in checks]


class Refused(ValueError):  # a verdict about a line
    """A line that honest code cannot have written."""


@dataclass(slots=True)
class Reader:
    """Takes bytes as they arrive and keeps what is valid.

    Attributes:
        checks: the number of checks of each cell.
        longest: of one line, in bytes; ``most``: of all together; ``depth``: of nesting.
    """

    checks: Sequence[int]
    longest: int
    most: int
    depth: int
    cells: list[CellResult] = field(init=False)
    _awaited: list[tuple[int, int]] = field(init=False)
    _rest: bytearray = field(init=False, default_factory=bytearray)
    _taken: int = field(init=False, default=0)
    _lines: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.cells = nothing(self.checks)
        self._awaited = [(cell, check) for cell, n in enumerate(self.checks) for check in range(-1, n)]

    @property
    def complete(self) -> bool:
        """Say whether every line has come."""
        return self._lines == len(self._awaited)

    @property
    def cell(self) -> int:
        """The cell from which the next line is awaited."""
        return self._awaited[self._lines][0] if not self.complete else len(self.checks)

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            Refused: for bytes that honest code cannot have written; what was taken before is then worthless too.
        """
        self._taken += len(data)
        if self._taken > self.most:
            raise Refused("too much")
        self._rest += data
        start = 0
        while (end := self._rest.find(b"\n", start)) >= 0:
            self._line(bytes(self._rest[start:end]))
            start = end + 1
        del self._rest[:start]
        if len(self._rest) > self.longest:
            raise Refused("long line")
        if self.complete and self._rest:
            raise Refused("more than was asked for")

    def _line(self, line: bytes) -> None:
        if self.complete:
            raise Refused("more lines than were asked for")
        if len(line) > self.longest:
            raise Refused("long line")
        cell, check = self._awaited[self._lines]
        found = parse(line, self.depth)
        place = {"cell": cell} if check < 0 else {"cell": cell, "check": check}
        if not isinstance(found, dict) or any(type(found.get(k)) is not int or found[k] != v for k, v in place.items()):
            raise Refused("not the line that was asked for")
        said = {k: v for k, v in found.items() if k not in place}
        if check < 0:
            self.cells[cell].reached, self.cells[cell].failure = True, _failure(said) if said else None
        else:
            self.cells[cell].checks[check] = Value(said["value"]) if list(said) == ["value"] else _failure(said)
        self._lines += 1


def _failure(said: Mapping[str, Any]) -> Failure:
    kind, line, name = said.get("error"), said.get("line"), said.get("name")
    if (
        set(said) != {"error", "line", "name"}
        or not isinstance(kind, str)
        or not isinstance(name, str)
        or type(line) is not int
    ):
        raise Refused("not a failure")
    if max(len(kind), len(name)) > LONGEST_NAME or not 0 <= line < 1 << 20:
        raise Refused("not a failure")
    return Failure(kind, line, "".join(c for c in name if c.isprintable()))


def parse(line: bytes, depth: int) -> Any:  # JSON data
    """Return the data of one line of strict JSON: no NaN, no infinity, no key twice, nested no deeper than ``depth``.

    Raises:
        Refused: for anything else.
    """
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise Refused("not strict JSON") from None
    _measure(found, depth + 1)
    return found


def _no_constant(_text: str) -> NoReturn:
    raise Refused("not a number of JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("a key twice")
    return found


def _measure(value: object, depth: int) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused("not finite")
    if isinstance(value, dict | list):
        if depth <= 0:
            raise Refused("too deep")
        for part in value.values() if isinstance(value, dict) else value:
            _measure(part, depth - 1)
