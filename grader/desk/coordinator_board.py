"""The figures of a coordinator's own units: what the notebook page shows, asked for by address, drawn without widgets.

Every unit asked for is held against the grants, on the server.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from tornado.web import HTTPError

from course.vietnamese import read_day
from course.words import _
from grader.coordinator.page import FILES, Figures
from grader.coordinator.view import Asked, Shown
from grader.desk.frame.base import Desk, DeskPage
from grader.desk.frame.menu import Place
from grader.roster.lineage import Structure

_FRESH = 60.0
"""Seconds after which roster and results are read again."""
_SITTINGS, _MOST_FILES = 16, 400
_MEDIA = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NAME = "coordinator_board"


@dataclass
class _Sitting:
    """The figures of one person, and when they were read."""

    figures: Figures
    read: float


@dataclass
class _Kept:
    """What this module keeps: sittings by login and language; files by their secret: login, path, name for the user."""

    sittings: OrderedDict[tuple[str, str], _Sitting] = field(default_factory=OrderedDict)
    files: OrderedDict[str, tuple[str, Path, str]] = field(default_factory=OrderedDict)


def _kept(desk: Desk) -> _Kept:
    kept: _Kept = desk.kept.setdefault(_NAME, _Kept())
    return kept


class Figured(DeskPage):
    """What pages about figures share."""

    def figures(self, *, again: bool = False) -> Figures:
        """Return this person's figures, read again after a minute or when asked for; call it in the worker."""
        kept, key = _kept(self.desk).sittings, (self.staff.login, self.lang)
        sitting, now = kept.get(key), time.monotonic()
        if sitting is None:
            desk = self.desk
            sitting = _Sitting(Figures(desk.space, desk.engine, desk.rules, desk.clock, by=self.staff.login), now)
            sitting.figures.lang = self.lang
            kept[key] = sitting
            if len(kept) > _SITTINGS:
                kept.popitem(last=False)
        elif again or now - sitting.read > _FRESH:
            sitting.figures.reload()
            sitting.read = now
        return sitting.figures

    def asked(self, figures: Figures, reach: frozenset[str], *, named: bool) -> tuple[Asked, str]:
        """Return what was asked for, within the grants, and what is wrong with it (nothing is shown then)."""
        first, wrong = figures.first(), ""
        written = self.get_argument("day", "")
        day = read_day(written) if written else first.day
        if day is None:
            said = _("«{value}» không phải ngày; hãy viết ngày/tháng/năm, ví dụ 31/10/2026.", value=written[:40])
            day, wrong = first.day, self.say(said)
        corporation, unit = self.get_argument("corporation", ""), self.get_argument("unit", "")
        chosen = Asked(day, self.get_argument("target", "") or first.target, corporation, unit, named)
        return _within(chosen, figures.structure(day), reach, self.staff.scopes("coordinator")), wrong


def _within(asked: Asked, structure: Structure, reach: frozenset[str], granted: tuple[str, ...]) -> Asked:
    """Return what was asked for; where no unit was named, the person's own first one.

    Raises:
        HTTPError: 403 for a unit that no grant covers.
    """
    whole = "" in granted or any(structure.offices.top == structure.in_force[u].kind for u in reach if u in granted)
    if not asked.scope and not whole:
        own = next((u.unit_id for one in granted if (u := structure.standing(one)) is not None), "")
        if not own:
            raise HTTPError(403)
        counted = structure.in_force[own].kind == structure.offices.counted
        above = structure.corporations.get(own, "")
        asked = replace(asked, corporation=own if counted else above, unit="" if counted else own)
    if asked.scope and asked.scope not in reach:
        raise HTTPError(403)
    return asked


class Board(Figured):
    """The figures; names only by ``POST``, after they were confirmed."""

    async def get(self) -> None:
        await self._show(named=False)

    async def post(self) -> None:
        """Name people: needs the tick, and is logged."""
        await self._show(named=self.get_body_argument("sure", "") == "1")

    async def _show(self, *, named: bool) -> None:
        reach = await self.reach()
        again = self.get_argument("again", "") == "1"

        def look() -> tuple[Asked, str, Shown | None, Mapping[str, Any]]:
            figures = self.figures(again=again)
            asked, wrong = self.asked(figures, reach, named=named)
            structure = figures.structure(asked.day)
            ways = {"opens": lambda u: _opens(structure, u), "up": _up(structure, asked, reach)}
            return asked, wrong, None if wrong else figures.look(asked), ways

        asked, wrong, shown, ways = await self.work(look)
        if named and shown:
            await self.note("named-list", asked.scope)  # before anybody reads it
        whole = "" in self.staff.scopes("coordinator")
        self.page(
            "coordinator_board.html",
            asked=asked,
            day=f"{asked.day:%d/%m/%Y}",
            wrong=wrong,
            shown=shown,
            html=Markup,  # made and escaped by the writers of reports
            corporations=[c for c in shown.corporations if c[1] in reach] if shown else (),
            units=[u for u in shown.units if u[1] in reach] if shown else (),
            whole=whole,
            **ways,
        )


def _opens(structure: Structure, unit: str) -> tuple[str, str]:
    """Return corporation and unit that a line of the list leads to."""
    if structure.in_force[unit].kind == structure.offices.counted:
        return unit, ""
    return structure.corporations.get(unit, ""), unit


def _up(structure: Structure, asked: Asked, reach: frozenset[str]) -> tuple[str, str] | None:
    """Return corporation and unit one level up; ``None`` where the grants end."""
    if asked.unit:
        return (asked.corporation, "") if asked.corporation in reach else None
    top = any(u in reach and structure.in_force[u].kind == structure.offices.top for u in structure.in_force)
    return ("", "") if asked.corporation and top else None


class Files(Figured):
    """The report as files, made for whoever asks."""

    async def post(self) -> None:
        reach, named = await self.reach(), self.get_body_argument("sure", "") == "1"

        def make() -> tuple[Asked, str, list[tuple[str, str, str]], str]:
            figures = self.figures()
            asked, wrong = self.asked(figures, reach, named=named)
            if wrong:
                return asked, wrong, [], ""
            made, missing = figures.save(asked)
            return asked, "", [self._keep(one) for one in made], missing

        asked, wrong, files, missing = await self.work(make)
        await self.note("report-named" if named else "report", asked.scope)
        self.page("coordinator_files.html", asked=asked, wrong=wrong, files=files, missing=missing)

    def _keep(self, one: tuple[str, str, str]) -> tuple[str, str, str]:
        """Give a file an address that only its maker may open."""
        label, address, name = one
        kept, secret = _kept(self.desk).files, secrets.token_hex(16)
        path = self.desk.space.coordinator() / FILES / Path(address).parent.name / Path(address).name
        kept[secret] = (self.staff.login, path, name)
        if len(kept) > _MOST_FILES:
            kept.popitem(last=False)
        return label, self.to(f"so-lieu/tep/{secret}"), name


class Download(Figured):
    """One file of a report, for whoever had it made."""

    async def get(self, secret: str) -> None:
        login, path, name = _kept(self.desk).files.get(secret, ("", Path(), ""))
        if login != self.staff.login:
            raise HTTPError(404)
        try:
            content = await self.work(path.read_bytes)
        except OSError:
            raise HTTPError(404) from None
        self.set_header("Content-Type", _MEDIA.get(path.suffix[1:], "application/octet-stream"))
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)


_ROLES = frozenset({"coordinator"})
PLACES = (
    Place("so-lieu", Board, _ROLES, _("Số liệu"), 10),
    Place("so-lieu/tep", Files, _ROLES),
    Place("so-lieu/tep/([0-9a-f]{32})", Download, _ROLES),
)
