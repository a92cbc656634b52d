"""What a file says, wherever it says it: in archives, office files, pictures' metadata, PDFs, notebooks, encodings.

Nothing is guessed to be harmless: a file that cannot be looked into is reported as such.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import re
import shutil
import subprocess
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from course.words import _, into

DEEPEST = 6
LARGEST = 64 << 20
"""Bytes that one file may unpack to, all its layers together."""
_MOST = 5_000
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{11,}")
_WRAPPED = re.compile(r"(?:[A-Za-z0-9+/_-]{20,}\s+)+[A-Za-z0-9+/=_-]{2,}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s:,-]{0,2}){8,}")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2}|=[0-9A-F]{2}){2,}")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
_PLAYED = re.compile(rb"ID3|\xff[\xe2-\xff]|OggS|\x1a\x45\xdf\xa3|.{4}ftyp", re.DOTALL)
"""Sound and video: titles, comments and subtitles lie in them as plain text, or compressed as in a picture."""
_ZIP, _PDF, _TAR = (b"PK\x03\x04", b"PK\x05\x06"), b"%PDF-", b"ustar"
_UNPACK: Mapping[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
_CLOSED = (b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


class Sealed(Exception):
    """Something cannot be looked into; ``said`` tells why."""

    def __init__(self, said: str) -> None:
        super().__init__(into(said, "en"))
        self.said = said


@dataclass(slots=True)
class _Budget:
    """How much may still be unpacked; shared by all layers of one file."""

    left: int = LARGEST

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise Sealed(_("giải nén ra hơn {most} MiB.", most=LARGEST >> 20))


def texts(raw: bytes) -> Iterator[str]:
    """Yield every text in a file's bytes: as it stands, and without each encoding and container that is known.

    Raises:
        Sealed: for an archive with a password, a kind of file that is not known, or one that unpacks to too much.
    """
    yield from _texts(raw, 0, _Budget(), must=True)


def _texts(raw: bytes, depth: int, budget: _Budget, *, must: bool) -> Iterator[str]:
    """``must``: bytes of an unknown kind are an error, not merely the chance decoding of some long word."""
    if depth > DEEPEST:
        raise Sealed(_("lồng nhau quá {most} lớp.", most=DEEPEST))
    if raw.startswith(_CLOSED):
        raise Sealed(_("tệp nén hoặc tệp văn phòng kiểu cũ, không soát được bên trong."))
    budget.take(len(raw))
    text = _as_text(raw)
    known = text is not None
    if text is not None:
        yield from _of_text(text, depth, budget)
    for unpacked in _unpacked(raw, budget, carve=text is None):
        known = True
        yield from _texts(unpacked, depth + 1, budget, must=False)
    if text is None and (known or raw.startswith(_PICTURES) or raw[8:12] == b"WEBP" or _PLAYED.match(raw)):
        known = True
        yield from _loose(raw)
    if must and not known:
        raise Sealed(_("loại tệp không soát được bên trong."))


def _as_text(raw: bytes) -> str | None:
    """Return the bytes as text, or ``None`` for what is no text."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if raw.startswith((*_ZIP, _PDF, *_PICTURES, *_UNPACK)):
        return None
    for encoding in ("utf-8-sig", "utf-16-le", "utf-16-be", "cp1258"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _readable(text, guessed=encoding != "utf-8-sig"):
            return text
    return None


def _readable(text: str, *, guessed: bool) -> bool:
    """Say whether decoded bytes are text: hardly any control characters, and where the encoding is guessed, Latin."""
    sample = text[:4096]
    strange = sum(unicodedata.category(c) in {"Cc", "Cn", "Cs"} and c not in "\t\r\n\f" for c in sample)
    plain = sum(c.isascii() or "\u00a0" < c < "\u0370" or "\u1e00" <= c < "\u2070" for c in sample)
    return 20 * strange <= len(sample) and (not guessed or 10 * plain >= 6 * len(sample))


def _unpacked(raw: bytes, budget: _Budget, *, carve: bool) -> Iterator[bytes]:
    """Yield what the container ``raw`` holds, names and comments too; nothing when it is no container.

    ``carve``: also what is compressed somewhere inside, as in a picture's comment or on a PDF's page.
    """
    if raw.startswith(_ZIP) or zipfile.is_zipfile(io.BytesIO(raw)):
        yield from _members(raw, budget)
    for magic, opener in _UNPACK.items():
        if raw.startswith(magic):
            yield _read(opener(io.BytesIO(raw)), budget)
    if raw[257:262] == _TAR:
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for entry in archive:
                yield entry.name.encode() + b"\n" + entry.linkname.encode()
                if (file := archive.extractfile(entry)) is not None:
                    yield _read(file, budget)
    if raw.startswith(_PDF):
        yield _pdf(raw)
    for place in _ZLIB.finditer(raw) if carve else ():
        if found := _inflated(memoryview(raw)[place.start() :], budget):
            yield found


def _members(raw: bytes, budget: _Budget) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield archive.comment
            if len(archive.infolist()) > _MOST:
                raise Sealed(_("tệp nén có hơn {most} tệp.", most=_MOST))
            _refuse_unlisted(raw, archive.infolist())
            for entry in archive.infolist():
                if entry.flag_bits & 1:
                    raise Sealed(_("tệp nén có mật khẩu."))
                yield entry.filename.encode() + b"\n" + entry.comment + b"\n" + entry.extra
                with archive.open(entry) as file:
                    yield _read(file, budget)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError):
        raise Sealed(_("tệp nén bị hỏng.")) from None


def _refuse_unlisted(raw: bytes, listed: Sequence[zipfile.ZipInfo]) -> None:
    """A file that lies in the archive and stands in no list would be found by a repair program alone."""
    spans = [(e.header_offset, e.header_offset + 30 + len(e.filename.encode()) + e.compress_size) for e in listed]
    for place in re.finditer(rb"PK\x03\x04", raw):
        if not any(start <= place.start() <= end for start, end in spans):
            raise Sealed(_("tệp nén bị hỏng."))


def _read(file: Any, budget: _Budget) -> bytes:  # any of the openers' objects
    try:
        content: bytes = file.read(budget.left + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        raise Sealed(_("tệp nén bị hỏng.")) from None
    budget.take(len(content))
    return content


def _inflated(raw: memoryview, budget: _Budget) -> bytes:
    """Return the zlib stream at the start of ``raw``: a PNG's compressed text, a PDF's page; nothing if it is none."""
    try:
        found = zlib.decompressobj().decompress(raw, budget.left + 1)
    except zlib.error:
        return b""
    budget.take(len(found))
    return found if len(found) > DEEPEST else b""


def _pdf(raw: bytes) -> bytes:
    """Return the text that a reader of the PDF sees; poppler alone knows its fonts."""
    program = shutil.which("pdftotext")
    if program is None:
        raise Sealed(_("tệp PDF, mà máy này không có pdftotext (poppler) để soát."))
    command = [program, "-q", "-", "-"]
    done = subprocess.run(command, input=raw, capture_output=True, timeout=60, check=False)  # noqa: S603  # no shell
    if done.returncode:
        raise Sealed(_("tệp PDF không đọc được."))
    return done.stdout


def _loose(raw: bytes) -> Iterator[str]:
    """Yield texts that lie in bytes of another kind, such as EXIF.

    In each encoding, from each place where it may begin.
    """
    yield raw.decode("utf-8", "ignore")
    for start in (0, 1):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield raw[start:].decode(encoding, "ignore")


def _of_text(text: str, depth: int, budget: _Budget) -> Iterator[str]:
    """Yield a text as it stands, with every escape undone, and what its encoded words say."""
    yield text
    plain = text
    for _again in range(3):  # escapes of escapes
        once = unquote(html.unescape(_ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)), plain)))
        if once == plain:
            break
        plain = once
        yield plain
    yield _BYTES.sub(lambda m: bytes.fromhex(re.sub(r"\\x|=", "", m[0])).decode("utf-8", "ignore"), text)
    yield from _strings_together(text)
    words = {*_TOKEN.findall(plain), *("".join(m[0].split()) for m in _WRAPPED.finditer(plain))}
    for word in words:
        if decoded := _base64(word):
            yield from _texts(decoded, depth + 1, budget, must=False)
    for match in _HEX.finditer(plain):
        digits = re.sub(r"0x|[^0-9A-Fa-f]", "", match[0])
        yield from _texts(bytes.fromhex(digits[: len(digits) // 2 * 2]), depth + 1, budget, must=False)


def _strings_together(text: str) -> Iterator[str]:
    """Yield all strings of a JSON text one after the other: a text may be cut into lines, or into cells."""
    if text.lstrip()[:1] not in {"{", "["}:
        return
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield "".join(strings(data))
    yield "\n".join(strings(data))


def strings(data: object) -> Iterator[str]:
    """Yield every string in JSON data, names of fields included."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from strings(value)


def _base64(word: str) -> bytes:
    """Return what a base64 word says, or nothing."""
    bare = word.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_" if set(word) & set("-_") else None, validate=True)
    except (binascii.Error, ValueError):
        return b""
