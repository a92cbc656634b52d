"""Accounts and invitations of a coordinator's own units: who has come in, and letters with a new code to print.

Codes are shown once, on the letters; nothing keeps them.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tornado.web import HTTPError

from course.host.store import accounts as kept
from course.host.store.accounts import Account, Way
from course.host.store.clerk import Clerk
from course.words import _
from grader.desk import invited, letters
from grader.desk.frame.base import HEADERS, DeskPage
from grader.desk.frame.menu import Place
from grader.roster.lineage import Structure

_MOST_LETTERS = 500
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: how many people hold a post there, how many came in, how many have a letter that still works."""

    unit: str
    name: str
    people: int
    entered: int
    waiting: int


class People(DeskPage):
    """Units with their counts, or the people of one unit."""

    async def get(self) -> None:
        reach, unit = await self.reach(), self.get_argument("unit", "")
        if unit and unit not in reach:
            raise HTTPError(403)
        structure = await self.work(self.desk.structure)
        everybody = await self.work(lambda: self.everybody(structure, reach))
        ways = await self.work(self._ways)
        now = time.time()
        if unit:
            shown = [one for one in everybody if one.unit == unit]
            people = [(one, _state(ways.get(one.person), now)) for one in shown]
            self.page("coordinator_people_unit.html", unit=structure.in_force[unit], people=people)
            return
        self.page("coordinator_people.html", lines=_lines(everybody, ways, now), most=_MOST_LETTERS)

    def everybody(self, structure: Structure, reach: frozenset[str]) -> list[Account]:
        """Return everybody with a post in the units reached, today; call it in the worker."""
        units = [unit for unit in reach if unit in structure.in_force]
        return invited.accounts(self.desk.engine, self.desk.rules, self.today, units=units, people=())

    @property
    def today(self) -> date:
        """The day in the course's zone."""
        return self.desk.clock()[0].astimezone(self.desk.rules.course.zone).date()

    def _ways(self) -> dict[str, Way]:
        clerk = Clerk(self.desk.settings.pages.database)
        try:
            return clerk.ask(kept.ways).result()
        finally:
            clerk.close()


class Letters(People):
    """New codes for the people ticked, as letters to print; their former unused codes are void."""

    async def post(self) -> None:
        reach = await self.reach()
        wanted, unit = set(self.get_body_arguments("person")), self.get_body_argument("unit", "")
        structure = await self.work(self.desk.structure)
        everybody = await self.work(lambda: self.everybody(structure, reach))
        units = set(self.get_body_arguments("units"))
        chosen = [one for one in everybody if one.person in wanted or one.unit in units]
        if wanted - {one.person for one in everybody} or units - reach:
            raise HTTPError(403)
        if units:  # a letter for whoever has none; who came in already keeps the passphrase
            ways = await self.work(self._ways)
            chosen = [
                one for one in chosen if not ways.get(one.person, Way(entered=False, code_until=0, devices=0)).entered
            ]
        if not 0 < len(chosen) <= _MOST_LETTERS:
            said = _("Chọn từ 1 đến {most} người.", most=_MOST_LETTERS)
            self.page("problem.html", said=self.say(said if wanted or units else _("Chưa chọn người nào.")))
            return
        made = await self.work(lambda: self._invite(chosen))
        await self.note("letters", f"{unit or ', '.join(sorted(units))}: {len(made)}")
        self._print(made)

    def _invite(self, chosen: Collection[Account]) -> list[tuple[Account, str]]:
        by, clerk = self.staff.login, Clerk(self.desk.settings.pages.database)
        try:
            return clerk.ask(lambda connection: kept.invite(connection, chosen, by)).result()
        finally:
            clerk.close()

    def _print(self, made: Collection[tuple[Account, str]]) -> None:
        """Answer with the letters; their style is allowed by its hash."""
        pages = self.desk.settings.pages
        course = self.desk.rules.course
        written = [letters.letter(account, code, pages.address, self.today) for account, code in made]
        page = letters.render(written, course.title or course.id, course.language)
        style = _STYLE.search(page.decode())
        digest = base64.b64encode(hashlib.sha256(style[1].encode() if style else b"").digest()).decode()
        policy = HEADERS["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'sha256-{digest}'")
        self.set_header("Content-Security-Policy", policy)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)


def _state(way: Way | None, now: float) -> str:
    """Return ``none``, ``letter``, ``late`` (a letter that no longer works) or ``entered``."""
    if way is None:
        return "none"
    if way.entered:
        return "entered"
    return "letter" if way.code_until > now else "late"


def _lines(everybody: Collection[Account], ways: dict[str, Way], now: float) -> list[Line]:
    units: dict[str, list[Account]] = {}
    for one in everybody:
        units.setdefault(one.unit, []).append(one)
    found = []
    for unit, people in units.items():
        states = [_state(ways.get(one.person), now) for one in people]
        found.append(Line(unit, people[0].unit_name, len(people), states.count("entered"), states.count("letter")))
    return sorted(found, key=lambda line: (line.name, line.unit))


_ROLES = frozenset({"coordinator"})
PLACES = (Place("tai-khoan", People, _ROLES, _("Tài khoản, thư mời"), 20), Place("tai-khoan/thu", Letters, _ROLES))
