"""Pictures of a foreign file: from the package or a data link, never from a server; checked before they are kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_to_bytes

from grader.formats.foreign import xml
from grader.formats.question import Picture

MOST_BYTES = 5 * 1024 * 1024
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_PNG_SIZE = 16
_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb].{3}(..)(..)", re.DOTALL)
_VIEW_BOX = re.compile(rb"viewBox=[\"'][\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)")
_DATA_LINK = re.compile(r"data:([\w/+.-]*)((?:;[\w=.+-]+)*),(.*)", re.DOTALL | re.IGNORECASE)
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|(?:https?|ftp|mailto|javascript|vbscript|blob|cid):", re.IGNORECASE)
_FOLDERS = re.compile(
    r"^(?:@@PLUGINFILE@@|\$IMS-CC-FILEBASE\$|%24IMS-CC-FILEBASE%24|\$IMS_CC_FILE_BASE\$)?/*(?:\.{1,2}/+)*",
    re.IGNORECASE,
)
# Drawing only: nothing that runs, loads, animates or holds HTML.
_SVG_ELEMENTS = frozenset(
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
_SVG_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!#)|expression\(|javascript:|-moz-binding|behavior:", re.IGNORECASE)


def find(address: str, alt: str, files: Mapping[str, bytes]) -> Picture | tuple[str, str]:
    """Return the picture at an address, or (code, about) for the loss report.

    Args:
        address: of the ``src``: a data link, a file of the package (``files``, by path), or somewhere else.
        alt: what is said for who cannot see it.
        files: path → bytes of what came along.
    """
    address = address.strip()
    link = _DATA_LINK.fullmatch(address)
    if link:
        return _checked(_linked(link), alt, f"data:{link[1]}")
    if _REMOTE.match(address) or address.startswith("\\\\"):
        return "remote", address
    path = unquote(_FOLDERS.sub("", address.partition("?")[0]))
    data = files.get(path) or next((d for name, d in files.items() if name.endswith("/" + path)), None)
    if data is None or not path:
        return "picture-missing", address
    return _checked(data, alt, path)


def size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture; ``None`` where they cannot be read from its head."""
    if data.startswith(b"\x89PNG") and len(data) > _PNG_SIZE + 8:
        return int.from_bytes(data[_PNG_SIZE : _PNG_SIZE + 4]), int.from_bytes(data[_PNG_SIZE + 4 : _PNG_SIZE + 8])
    if data.startswith(b"GIF8"):
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if data.startswith(b"\xff\xd8"):
        frame = _JPEG_FRAME.search(data)
        return (int.from_bytes(frame[2]), int.from_bytes(frame[1])) if frame else None
    box = _VIEW_BOX.search(data[:2000])
    return (round(float(box[1])), round(float(box[2]))) if box and float(box[1]) and float(box[2]) else None


def _linked(link: re.Match[str]) -> bytes:
    if "base64" not in link[2].lower():
        return unquote_to_bytes(link[3])
    try:
        return base64.b64decode("".join(unquote(link[3]).split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _checked(data: bytes, alt: str, about: str) -> Picture | tuple[str, str]:
    kind = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        kind = "webp"
    if not kind and _is_drawing(data):
        kind = "svg"
    if not kind or len(data) > MOST_BYTES:
        return "picture-refused", about
    return Picture(f"{hashlib.sha256(data).hexdigest()[:12]}.{kind}", data, " ".join(alt.split()))


def _is_drawing(data: bytes) -> bool:
    """Say whether the bytes are an SVG that draws and does nothing else."""
    try:
        text = data.decode("utf-8-sig")
        if len(data) > MOST_BYTES or xml.doctype_declares(text):
            return False
        root = xml.parse(text)
    except (UnicodeDecodeError, xml.Refused, xml.Broken):
        return False
    return root.name == "svg" and all(_harmless(node) for node in (root, *root.all()))


def _harmless(node: xml.Node) -> bool:
    if node.name not in _SVG_ELEMENTS or (node.name == "style" and _SVG_STYLE.search(node.text())):
        return False
    for name, value in node.attributes.items():
        if name.lower().startswith("on") or (name == "href" and not value.startswith("#")):
            return False
        if _SVG_STYLE.search(value):
            return False
    return True
