"""The dossier for the security level: what is held where, who sees it, how long; written from the running system."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

import sqlalchemy as sa
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from course.words import into
from grader.commands.doctor import inventory
from grader.commands.doctor.symptom import Symptom
from grader.ground import database, operators_file
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.keep import restore

_UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class Now:
    """What is true of one installation at one moment, each in words."""

    software: str = _UNKNOWN
    machine: str = _UNKNOWN
    database: str = _UNKNOWN
    workspace: str = _UNKNOWN
    exchange: str = _UNKNOWN
    host: str = _UNKNOWN
    backup: str = _UNKNOWN
    box: str = _UNKNOWN
    people: str = _UNKNOWN
    erased_days: str = "30"
    months: str = _UNKNOWN
    at: str = _UNKNOWN


def seen(space: Workspace, rules: Syllabus, symptoms: list[Symptom], now: datetime) -> Now:
    """Return what is to be said of a workspace that was opened before, from what the doctor saw.

    Raises:
        ModuongError: those of the database.
    """
    said = {one.name: into(one.said, "vi") for one in symptoms}
    settings = operators_file.read(space.root)
    engine = database.connect(space.database)
    with engine.connect() as connection:
        people = connection.execute(sa.select(sa.func.count()).select_from(database.people)).scalar_one()
        attempts = connection.execute(sa.select(sa.func.count()).select_from(database.attempts)).scalar_one()
    engine.dispose()
    last = restore.chosen(space, None)
    return Now(
        software=f"moduong {metadata.version('moduong')}, nbgrader {metadata.version('nbgrader')}",
        machine=f"{platform.system()} {platform.release()} {platform.machine()}, Python {sys.version.split()[0]}",
        database=said.get("database", _UNKNOWN),
        workspace=f"`{space.root}`",
        exchange=f"`{space.exchange}`",
        host=f"`{space.host}`" if space.host.is_dir() else "không dùng",
        backup=f"`{last}`" if last else "chưa có",
        box=said.get("box", _UNKNOWN),
        people=f"{people}; {attempts}",
        erased_days=str(settings.erased_days),
        months=f"{settings.months} tháng" if settings.months else "chưa đặt",
        at=f"{now.astimezone(rules.course.zone):%H:%M %d/%m/%Y}",
    )


def page(now: Now) -> str:
    """Return the dossier as Markdown, in Vietnamese: it is for Vietnamese authorities."""
    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    environment = Environment(
        loader=folder,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown
    )
    return environment.get_template("dossier.md.j2").render(now=now, holdings=inventory.holdings())
