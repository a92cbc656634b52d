"""Letters with a one-time code: one A4 page a person, with a QR code; to print, or to save as PDF from a browser."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course.host.store.accounts import CODE_DAYS, Account, shown_code
from course.words import Text, into


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter says; ``qr`` is an SVG of the address with the code, ``day`` the last on which it works."""

    name: str
    unit: str
    person: str
    address: str
    code: str
    day: str
    qr: Markup


def letter(account: Account, code: str, address: str, today: date) -> Letter:
    """Return the letter of one person; ``address`` is the host's, with a slash at the end."""
    import segno  # only letters need it

    page = f"{address}thu-moi"
    drawn = BytesIO()
    # Behind the "#" it stays in the browser: no server's log and no proxy ever holds a code.
    segno.make(f"{page}#{code}", error="m", micro=False).save(drawn, kind="svg", xmldecl=False, svgns=True, border=2)
    last = today + timedelta(days=CODE_DAYS)
    shown = shown_code(code)
    qr = Markup(drawn.getvalue().decode())  # noqa: S704  # drawn here
    return Letter(account.name, account.unit_name, account.person, page, shown, f"{last:%d/%m/%Y}", qr)


def render(letters: Sequence[Letter], course: str, lang: str) -> bytes:
    """Return the letters as one HTML file without a script, that asks no server for anything."""
    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    environment = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals["_"] = lambda sentence, **said: into(Text(sentence, said), lang)
    return environment.get_template("letters.html").render(letters=letters, course=course, lang=lang).encode()


def write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read: whoever holds a code can sign in.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
