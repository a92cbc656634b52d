"""Feedback goes back the way the hand-in came: for each ZIP of many hand-ins one ZIP of their pages.

Each page lies in the folder in which the hand-in lay, so that Moodle's upload of several feedback files, and whoever
mails them, finds the person.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from course.words import _, into
from grader.feedback import publish
from grader.feedback.page import render
from grader.ground.database import attempts
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

_PART = re.compile(r"(?:file|folder/[^/]+)/(?P<bag>[^/]+\.zip)/(?P<place>.+)#[0-9a-f]+", re.IGNORECASE)
"""How intake names a hand-in that came in a ZIP with others."""
_ENDING = re.compile(r"(?i)\.(ipynb|json)(\.txt)?$")
LEFT = "chua-co-phan-hoi.txt"


def write(workspace: Workspace, engine: Engine, rules: Syllabus, modules: Iterable[str], folder: Path) -> list[Path]:
    """Write ``<bag>-phan-hoi.zip`` into ``folder`` for every ZIP with several hand-ins, and return the files.

    What has no page yet (waiting for a person, or not of this course) is named in ``chua-co-phan-hoi.txt`` in it, with
    the reason.
    """
    found: dict[str, dict[str, bytes]] = defaultdict(dict)
    done: set[str] = set()
    for module in modules:
        shared = publish.asked_in(workspace, engine, rules, module)
        for made in publish.pages(workspace, engine, shared):
            if (part := _PART.fullmatch(made.source)) and not made.stale:
                done.add(made.source)
                name = f"{_ENDING.sub('', part['place'])}/{module}.html"
                found[part["bag"]][name] = render(made.page, shared.lang, shared.media(made.attempt_id))
    for bag, place, reason in _left(engine, done, rules.course.language):
        found[bag][LEFT] = found[bag].get(LEFT, b"") + f"{place}: {reason}\n".encode()
    folder.mkdir(parents=True, exist_ok=True)
    return [_packed(folder / f"{Path(bag).stem}-phan-hoi.zip", pages) for bag, pages in sorted(found.items())]


def _left(engine: Engine, done: set[str], lang: str) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            sa.select(attempts.c.received_from, attempts.c.reason).order_by(attempts.c.received_from)
        ).all()
    waits = into(_("chưa chấm xong."), lang)
    return [
        (part["bag"], part["place"], row.reason or waits)
        for row in rows
        if row.received_from not in done and (part := _PART.fullmatch(row.received_from))
    ]


def _packed(path: Path, pages: dict[str, bytes]) -> Path:
    fresh = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(pages.items()):
            archive.writestr(name, content)
    fresh.rename(path)
    return path
