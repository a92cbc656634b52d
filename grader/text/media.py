"""Looks into pictures, sound and video before they are handed out: are they what their names say, do they only show?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import ParseError

from course.rich import media
from course.words import _

_STARTS: Mapping[str, re.Pattern[bytes]] = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "mp3": re.compile(rb"ID3|\xff[\xe2-\xff]"),
    "ogg": re.compile(rb"OggS"),
    "mp4": re.compile(rb".{4}ftyp", re.DOTALL),
    "webm": re.compile(rb"\x1a\x45\xdf\xa3"),
}
_DRAWS = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "marker",
        "pattern",
        "use",
        "symbol",
        "style",
        "metadata",
    ]
)
_LOADS = re.compile(r"@import|url\(\s*['\"]?(?!#)|expression\(|javascript:|-moz-binding|behavior:", re.IGNORECASE)
_PLACE_TAKEN = 0x8825  # EXIF: where a photograph was taken


def mistakes(path: Path) -> Iterator[str]:
    """Yield why a file of the ``data`` folder may not be shown; nothing for one that may, or that is not there."""
    if not path.is_file():
        return
    content = path.read_bytes()
    most = media.MOST[media.element(path.name)]
    if len(content) > most:
        yield _(
            "{name} nặng {size} kB; nhiều nhất {most} kB.", name=path.name, size=len(content) // 1000, most=most // 1000
        )
    kind = media.suffix(path.name)
    if kind == "svg":
        if said := _runs(content):
            yield _(
                "{name}: SVG có «{said}»; chỉ được vẽ, không mã lệnh, không nạp gì từ ngoài.", name=path.name, said=said
            )
    elif not _STARTS[kind].match(content):
        yield _("{name} không phải tệp {kind} như tên ghi.", name=path.name, kind=kind)
    elif media.element(path.name) == "img":
        yield from _photograph(path)


def _runs(content: bytes) -> str:
    """Return the first thing in an SVG that does more than draw; empty for a drawing."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return str(error)[:60] or type(error).__name__
    for node in root.iter():
        space, _brace, name = str(node.tag).rpartition("}")
        if name not in _DRAWS and "svg" in (space or "svg"):
            return f"<{name[:30]}>"
        if name == "style" and (found := _LOADS.search(node.text or "")):
            return str(found[0])
        for attribute, value in node.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            if (
                plain.startswith("on")
                or (plain in {"href", "src"} and not value.startswith("#"))
                or _LOADS.search(value)
            ):
                return str(plain)
    return ""


def _photograph(path: Path) -> Iterator[str]:
    """A picture can be opened, and does not say where it was taken."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            if _PLACE_TAKEN in picture.getexif():
                yield _("{name} ghi nơi chụp (GPS); hãy lưu lại ảnh không kèm thông tin này.", name=path.name)
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        yield _("{name}: không mở được ảnh này.", name=path.name)
