"""Stage ``feedback``.

A Vietnamese page for every hand-in, from allow-listed fields, released where nbgrader's learners fetch it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from grader.feedback import standings
from grader.feedback import words as feedback_words
from grader.feedback.asked import Module
from grader.feedback.page import Page, render
from grader.gradebook import decisions, nbgrader_bridge, results
from grader.ground.database import ERASED, answered, attempts
from grader.ground.journal import log
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

SECRET, TIMESTAMP = "submission_secret.txt", "timestamp.txt"
_SECRET = re.compile(r"[0-9A-Za-z_-]{16,256}")
_STAMP = re.compile(r"[0-9A-Za-z :.+/_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Published:
    """What ``publish`` did.

    Pages there are, written to ``feedback/``, released to the exchange, and left because the key has changed.
    """

    pages: int
    written: int
    released: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Made:
    """A page and its place.

    ``source`` says where the hand-in came from, ``attempt_id`` whose questions the page shows. ``folder`` is in the
    workspace (``None``: nowhere), ``received`` where the hand-in's files are kept. ``stale``: its points are those of
    another key than the one in the workspace; ``regrade`` comes first.
    """

    source: str
    attempt_id: str
    page: Page
    folder: Path | None
    received: Path
    stale: bool


def publish(
    workspace: Workspace,
    engine: Engine,
    rules: Syllabus,
    module: str,
    people: Collection[str] | None = None,
    aside: Collection[str] = (),
) -> Published:
    """Write and release the pages of ``people`` (all when ``None``) in one module; what did not change is not touched.

    The page of the attempt that nbgrader shows lies in ``feedback/<person>/<module>/``, those of other hand-ins in a
    folder below,
    named by their number. ``aside``: ids of hand-ins that were set aside, whose senders get a notice; all when
    ``people`` is ``None``.

    Raises:
        ModuongError: ``E-FB-1`` when the exchange cannot be written; the pages in ``feedback/`` are written then.
    """
    shared = asked_in(workspace, engine, rules, module)
    made = pages(workspace, engine, shared, people, aside)
    outgoing, written, waiting = {}, 0, 0
    for one in made:
        if one.stale and one.folder and (one.folder / f"{module}.html").exists():
            waiting += 1
            continue
        html = render(one.page, shared.lang, shared.media(one.attempt_id))
        secret = _matching(one.received / SECRET, _SECRET)
        written += one.folder is not None and _write(one.folder, module, html, secret, one.received)
        if secret:
            outgoing[secret] = html
    released = nbgrader_bridge.release_feedback(workspace, module, outgoing)
    standings.publish(workspace, engine, rules, module, people)
    if written or released:
        log.event("feedback", module=module, count=released)
    return Published(len(made), written, released, waiting)


def asked_in(workspace: Workspace, engine: Engine, rules: Syllabus, module: str) -> Module:
    """Return what all pages of a module share, with the release that each hand-in answered."""
    query = sa.select(answered).join(attempts, attempts.c.attempt_id == answered.c.attempt_id)
    with engine.connect() as connection:
        releases = {row[0]: row[1] for row in connection.execute(query.where(attempts.c.module_id == module))}
    return Module(workspace, rules, module, releases)


def pages(
    workspace: Workspace,
    engine: Engine,
    shared: Module,
    people: Collection[str] | None = None,
    aside: Collection[str] = (),
) -> list[Made]:
    """Return the pages of ``people`` and of what was ``aside``, as ``publish`` writes them."""
    with engine.connect() as connection:
        return [
            *_of_people(workspace, connection, shared, people),
            *_set_aside(workspace, connection, shared, people, aside),
        ]


def _of_people(
    workspace: Workspace, connection: Connection, shared: Module, people: Collection[str] | None
) -> Iterator[Made]:
    mine = (attempts.c.module_id == shared.name) & (attempts.c.person_id != "")
    if people is not None:
        mine &= attempts.c.person_id.in_(list(people))
    found = results.read(connection, mine)
    kept = results.kept(connection, {shared.name: shared.rule}, mine)
    opened = decisions.all_opened(connection, shared.name)
    by_person: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(
        sa.select(attempts)
        .where(mine, attempts.c.state != "set_aside", attempts.c.identity != ERASED)
        .order_by(attempts.c.number)
    ):
        by_person.setdefault(row.person_id, []).append(row)
    for person, rows in by_person.items():
        graded = [r.number for r in rows if r.attempt_id in found]
        current = graded[-1] if graded else rows[-1].number
        for row in rows:
            page = feedback_words.page(shared, row, rows, found, kept, opened.get(person, 0))
            if page is not None:
                folder = workspace.feedback(person, shared.name)
                received = workspace.attempt(person, shared.name, str(row.number))
                result = found.get(row.attempt_id)
                stale = result is not None and result.key_version != shared.asked(row.attempt_id).key_version
                yield Made(
                    row.received_from,
                    (feedback_words.about_which(row, rows) or row).attempt_id,
                    page,
                    folder if row.number == current else folder / str(row.number),
                    received,
                    stale,
                )


def _set_aside(
    workspace: Workspace, connection: Connection, shared: Module, people: Collection[str] | None, aside: Collection[str]
) -> Iterator[Made]:
    """Tell the sender of a hand-in that belongs to nobody we know; who that is only the secret knows."""
    query = sa.select(attempts).where(attempts.c.module_id == shared.name, attempts.c.state == "set_aside")
    if people is not None:
        query = query.where(attempts.c.attempt_id.in_(list(aside)))
    for row in connection.execute(query):
        yield Made(
            row.received_from,
            row.attempt_id,
            feedback_words.aside(shared, row),
            None,
            workspace.set_aside() / row.attempt_id,
            stale=False,
        )


def _matching(path: Path, pattern: re.Pattern[str]) -> str:
    """Return what a small file of the hand-in says if it looks as nbgrader writes it, else nothing."""
    try:
        with path.open("rb") as file:
            text = file.read(1000).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    return text if pattern.fullmatch(text) else ""


def _write(folder: Path, module: str, html: bytes, secret: str, received: Path) -> bool:
    """Write a page with what stock ``release_feedback`` needs beside it; say whether it changed."""
    path = folder / f"{module}.html"
    if path.exists() and path.read_bytes() == html and (folder / SECRET).exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    # A mailed hand-in has no secret; stock release_feedback stops without one, so it gets one that nobody knows.
    for name, content in (
        (SECRET, (secret or secrets.token_hex(64)).encode()),
        (TIMESTAMP, (_matching(received / TIMESTAMP, _STAMP) or "unknown").encode()),
        (path.name, html),
    ):
        fresh = folder / f".{name}.new"
        fresh.write_bytes(content)
        fresh.rename(folder / name)  # whole or not at all; it can be made again, so no fsync
    return True
