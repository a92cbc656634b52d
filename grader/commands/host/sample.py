"""The demo's three accounts: invented cadres who have not begun, with a passphrase that everybody may know."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from course.host import passphrase
from course.host.store import accounts as kept
from course.host.store.accounts import Account
from course.host.store.clerk import Clerk
from course.words import _
from grader.commands import demo
from grader.commands.host.confined import account_of
from grader.desk import invited as people
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.roster.sample import files as roster_sample
from grader.roster.sample.people import BEGUN

PHRASE = "nón lá xanh bến"
_HOW_MANY = 3


def accounts(
    space: Workspace, engine: Engine, rules: Syllabus, database: Path, now: datetime
) -> list[tuple[Account, str]]:
    """Make the three accounts, or find them again, and return each with its passphrase.

    Raises:
        ModuongError: ``E-HOST-5`` the workspace does not hold the demo: nobody real may get a known passphrase.
    """
    if not (space.root / demo.MARKER).exists():
        raise ModuongError(
            "E-HOST-5", _("{root}: không phải thư mục chạy thử. Chạy «moduong demo» trước.", root=space.root)
        )
    _name_host(space)
    waiting = [one.person_id for one in roster_sample.read_learners(space.roster()) if one.diligence < BEGUN]
    today = now.astimezone(rules.course.zone).date()
    chosen = list(itertools.islice(_with_posts(engine, rules, today, waiting), _HOW_MANY))
    hashed = asyncio.run(passphrase.hash_of(PHRASE))

    def make(connection: sqlite3.Connection) -> None:
        for account, code in kept.invite(connection, chosen, "moduong host --demo"):
            there = kept.account(connection, account.person)
            if there is not None and not there.passphrase:
                kept.accept(connection, code, hashed)

    clerk = Clerk(database)
    try:
        clerk.ask(make).result()
    finally:
        clerk.close()
    return [(account, PHRASE) for account in chosen]


def _name_host(space: Workspace) -> None:
    """Name our own account in the demo's file of the operator, so that what its pages hand in counts as signed in."""
    account = account_of("")
    if account not in space.hosts:
        with space.config.open("a", encoding="utf-8") as file:
            file.write(f'c.Moduong.hosts = ["{account}"]\n')


def _with_posts(engine: Engine, rules: Syllabus, today: date, waiting: list[str]) -> itertools.chain[Account]:
    def found(person: str) -> list[Account]:
        try:
            return people.accounts(engine, rules, today, units=(), people=(person,))
        except ModuongError:  # has left
            return []

    return itertools.chain.from_iterable(map(found, waiting))
