"""The pages that there are: each registers itself by being there.

A module of ``grader/desk/`` whose name begins with one of :data:`KINDS` has ``PLACES``. Nothing lists these modules, so
a page is added by adding its file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tornado.routing import Router

KINDS = ("coordinator_", "marking_", "instructor_", "operator_")
_ROOM = "grader.desk"


class Granted(Protocol):
    """A role and where it holds, as in ``staff.Grant``."""

    @property
    def role(self) -> str: ...
    @property
    def scope(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """One address, who may come in, and what stands in the menu.

    Attributes:
        path: below the base, as a regular expression, such as ``so-lieu`` or ``tep/([0-9a-f]+)``.
        handler: a subclass of ``frame.base.DeskPage``; it is given this place as ``self.place``.
        roles: who may come in: at least one of these is needed. Where in the union a role holds is the page's own
            business: ``DeskPage.reach`` says it.
        title: in the menu; empty: not in it.
        order: of the menu, small first.
        everywhere: only for a grant that covers the whole union (its scope is empty).
    """

    path: str
    handler: type[Any]
    roles: frozenset[str]
    title: str = ""
    order: int = 50
    everywhere: bool = False

    def admits(self, grants: Iterable[Granted]) -> bool:
        """Say whether one of the grants lets somebody in."""
        return any(one.role in self.roles and not (self.everywhere and one.scope) for one in grants)


@dataclass(frozen=True, slots=True)
class Mount:
    """Everything below ``path`` (with a slash at its end) is answered by another application.

    ``made`` returns it for a desk, or ``None`` while there is none; it has to hold its own against strangers.
    """

    path: str
    made: Callable[[Any], Router | None]


@dataclass(frozen=True, slots=True)
class Menu:
    """All places, and the names of the modules that brought them (their templates are called so)."""

    places: tuple[Place, ...]
    modules: tuple[str, ...] = ()
    mounts: tuple[Mount, ...] = ()

    def of(self, grants: Sequence[Granted]) -> list[Place]:
        """Return what stands in the menu of somebody with these grants."""
        shown = [place for place in self.places if place.title and place.admits(grants)]
        return sorted(shown, key=lambda place: (place.order, place.path))


def discover() -> Menu:
    """Import the modules with pages and return their places."""
    folder = Path(__file__).parents[1]
    names = sorted(found.name for found in pkgutil.iter_modules([str(folder)]) if found.name.startswith(KINDS))
    modules = [importlib.import_module(f"{_ROOM}.{name}") for name in names]
    told = [(name, module.PLACES) for name, module in zip(names, modules, strict=True) if hasattr(module, "PLACES")]
    places = tuple(place for _name, listed in told for place in listed)
    mounts = tuple(mount for module in modules for mount in getattr(module, "MOUNTS", ()))
    return Menu(places, tuple(name for name, _listed in told), mounts)
