"""The state of a lab: a frozen dataclass whose fields say which values there are.

    class State:
        base: str = one_of(BASES, "members")
        keep: tuple[bool, ...] = row(*[flag()] * 6)

What a browser sends is a learner's bytes: ``read`` and ``put`` let nothing else into a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, field, fields, replace
from typing import Any, TypeVar

T = TypeVar("T")
S = TypeVar("S")
_Check = Callable[[object], Any]


class NotAllowed(ValueError):
    """A state that is none of the lab's, or a value that a control cannot have."""


def _kept(default: T, check: _Check) -> T:
    made: T = field(default=default, metadata={"check": check})  # what dataclass reads: a field, not yet a value
    return made


def _check(of: Any) -> _Check:
    found: _Check = of.metadata["check"]
    return found


def one_of(allowed: Iterable[T], default: T) -> T:
    """Declare one of the values ``allowed``."""
    values = tuple(allowed)

    def check(value: object) -> T:
        for one in values:
            if type(one) is type(value) and one == value:
                return one
        raise NotAllowed(str(value)[:40])

    return _kept(default, check)


def flag() -> bool:
    """Declare yes or no, at first no."""
    return one_of((False, True), default=False)


def whole(least: int, most: int, default: int) -> int:
    """Declare a whole number, both ends included."""

    def check(value: object) -> int:
        if type(value) is int and least <= value <= most:
            return value
        raise NotAllowed(str(value)[:40])

    return _kept(default, check)


def words(longest: int, default: str = "") -> str:
    """Declare a text of at most ``longest`` characters that UTF-8 can write."""

    def check(value: object) -> str:
        if isinstance(value, str) and len(value) <= longest and not any("\ud800" <= c <= "\udfff" for c in value):
            return value
        raise NotAllowed("text")

    return _kept(default, check)


def row(*inner: T) -> tuple[T, ...]:
    """Declare a value for each of ``inner``, declared themselves; a control of one is named ``name.place``."""
    checks = [_check(one) for one in inner]

    def check(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) != len(checks):
            raise NotAllowed("row")
        return tuple(one(part) for one, part in zip(checks, value, strict=True))

    defaults: tuple[T, ...] = tuple(one.default for one in inner)  # type: ignore[attr-defined]  # fields at run time
    return _kept(defaults, check)


def several(allowed: Iterable[T], most: int) -> tuple[T, ...]:
    """Declare at most ``most`` of the values ``allowed``, in order, repeats too; at first none."""
    check_one = _check(one_of(tuple(allowed), None))

    def check(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) > most:
            raise NotAllowed("several")
        return tuple(map(check_one, value))

    return _kept((), check)


def _fields(kind: Any) -> dict[str, Field[Any]]:
    return {one.name: one for one in fields(kind)}


def read(kind: type[S], data: object) -> S:
    """Return the record that ``data``, from JSON, is.

    Raises:
        NotAllowed: it is none.
    """
    known = _fields(kind)
    if not isinstance(data, Mapping) or set(data) != set(known):
        raise NotAllowed("state")
    return kind(**{name: _check(one)(data[name]) for name, one in known.items()})


def written(state: Any) -> dict[str, Any]:  # any dataclass
    """Return a record as JSON has it."""
    return {name: getattr(state, name) for name in _fields(state)}


def put(state: S, control: str, value: object) -> S:
    """Return the record with the field that ``control`` names, ``field`` or ``field.place``, set to ``value``.

    Raises:
        NotAllowed: there is no such field, or it cannot have that value.
    """
    name, dot, place = control.partition(".")
    known = _fields(state)
    if name not in known:
        raise NotAllowed(control[:40])
    if dot:
        old = getattr(state, name)
        if not (isinstance(old, tuple) and place.isdecimal() and len(place) < 4 and int(place) < len(old)):  # noqa: PLR2004
            raise NotAllowed(control[:40])
        value = (*old[: int(place)], value, *old[int(place) + 1 :])
    changed: S = replace(state, **{name: _check(known[name])(value)})  # type: ignore[type-var]
    return changed
