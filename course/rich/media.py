"""Pictures, sound and video of questions: what a file is by its name, how a page shows it, where its bytes come from.

Drawn HTML names a file (``data-media``) and never an address; whoever shows the page puts the source there.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from course.words import SOURCE, _, into

NAME = r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.(?:svg|png|jpg|webp|mp3|ogg|mp4|webm)"
"""A file of the ``data`` folder that can be shown."""
MIME: Mapping[str, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
MOST: Mapping[str, int] = {"img": 400_000, "audio": 2_000_000, "video": 8_000_000}
"""Bytes that a file may have, by the element that shows it."""
_ELEMENTS = {"image": "img", "audio": "audio", "video": "video"}
_DRAWN = re.compile(
    r'<(?P<kind>img|audio|video) class="md-media"[^<>]*? data-media="(?P<name>[\w.-]+)" '
    r'(?:alt|aria-label)="(?P<alt>[^"<>]*)">'
    r"(?:</(?P=kind)>)?"
)


def suffix(name: str) -> str:
    """Return the end of a file's name after its last point."""
    return name.rsplit(".", 1)[-1]


def element(name: str) -> str:
    """Return the HTML element that shows a file: ``img``, ``audio`` or ``video``; empty for no medium."""
    return _ELEMENTS[MIME[suffix(name)].split("/")[0]] if re.fullmatch(NAME, name) else ""


def drawn(name: str, alt: str) -> str:
    """Return the element for a file, with its description, without a source; escaped text where it is no medium."""
    kind = element(name)
    said = escape(alt)
    if kind == "img":
        return f'<img class="md-media" data-media="{name}" alt="{said}">'
    return (
        f'<{kind} class="md-media" controls preload="none" data-media="{name}" aria-label="{said}"></{kind}>'
        if kind
        else said
    )


def shown_in(text: str) -> set[str]:
    """Return the files that a Markdown text places itself, as ``![description](file)``."""
    return set(re.findall(rf"!\[[^\]]*\]\(({NAME})\)", text))


def figures(body: Mapping[str, Any], inline: Callable[[str], str], lang: str = SOURCE) -> str:
    """Return the media of a question as HTML, in order, but for those that its stem places itself.

    Args:
        body: a public or keyed body; ``media`` lists ``file``, ``alt``, ``source``, maybe ``caption``, ``transcript``.
        inline: Markdown → HTML that can do nothing.
        lang: language of the page.
    """
    placed = shown_in(str(body.get("stem", "")))
    return "".join(_figure(entry, inline, lang) for entry in body.get("media", ()) if entry["file"] not in placed)


def _figure(entry: Mapping[str, Any], inline: Callable[[str], str], lang: str) -> str:
    origin = escape(into(_("Nguồn: {source}", source=entry["source"]), lang))
    caption = f"{inline(entry['caption'])} · " if entry.get("caption") else ""
    spoken = ""
    if entry.get("transcript"):
        summary = escape(into(_("Lời bằng chữ"), lang))
        spoken = f"<details><summary>{summary}</summary><p>{inline(entry['transcript'])}</p></details>"
    return (
        f'<figure class="md-figure">{drawn(entry["file"], entry["alt"])}'
        f"<figcaption>{caption}<small>{origin}</small></figcaption>{spoken}</figure>"
    )


def sources(names: Iterable[str], read: Callable[[str], bytes | None]) -> dict[str, dict[str, str]]:
    """Return file → ``{"src": …}`` for pictures (their bytes), ``{"file": …}`` for what is fetched when played.

    ``read`` gives a file's bytes, or ``None`` where it is missing: then its description is shown.
    """
    found = {}
    for name in dict.fromkeys(names):
        kind = element(name)
        if kind == "img" and (content := read(name)) is not None:
            found[name] = {"src": address(name, content)}
        elif kind in {"audio", "video"}:
            found[name] = {"file": f"data/{name}"}
    return found


def address(name: str, content: bytes) -> str:
    """Return the bytes of a file as an address that needs no server."""
    return f"data:{MIME[suffix(name)]};base64,{base64.b64encode(content).decode()}"


def filled(html: str, read: Callable[[str], bytes | None]) -> str:
    """Return drawn HTML for a page that has to stand alone: pictures are in it, all else is told by its description."""

    def told(match: re.Match[str]) -> str:
        content = read(match["name"]) if match["kind"] == "img" else None
        if content is None:
            return f"<em>{match['alt']}</em>" if match["alt"] else ""
        return f'<img src="{address(match["name"], content)}" alt="{match["alt"]}">'

    return _DRAWN.sub(told, html)
