"""Opens a ZIP with questions: into memory, within limits, and never by the names that it gives."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from grader.formats.losses import Loss

MOST_MEMBERS = 20_000
MOST_BYTES = 512 * 1024 * 1024
MOST_OF_ONE = 64 * 1024 * 1024
_COPIES = ("__MACOSX/", ".ipynb_checkpoints/", ".DS_Store", "Thumbs.db")
_CHUNK = 1 << 20


def is_archive(data: bytes) -> bool:
    """Say whether the bytes are a ZIP."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def members(name: str, data: bytes) -> tuple[dict[str, bytes], list[Loss]]:
    """Return path → bytes of the files in a ZIP, and a line for each that is not taken.

    Not taken: a path that leaves the folder, an absolute one, a link, an encrypted or damaged file, what goes beyond
    the limits. Copies that systems make for themselves (``__MACOSX``, checkpoints) are skipped without a line.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        return {}, [Loss("file", name, 0, "", f"ZIP: {error}")]
    found: dict[str, bytes] = {}
    losses: list[Loss] = []
    left = MOST_BYTES
    with archive:
        for number, info in enumerate(archive.infolist()):
            if info.is_dir() or any(mark in info.filename for mark in _COPIES):
                continue
            why = _unsafe(info) or ("limit" if number >= MOST_MEMBERS or left <= 0 else "")
            body = None if why else _read(archive, info, min(left, MOST_OF_ONE))
            if body is None:
                losses.append(Loss("archive-member", name, 0, "", f"{info.filename} ({why or 'damaged'})"))
                continue
            left -= len(body)
            found[info.filename] = body
    return found, losses


def _unsafe(info: zipfile.ZipInfo) -> str:
    path = info.filename
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or path.startswith(("/", "\\")) or ":" in parts[0]:
        return ".."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "link"
    return "encrypted" if info.flag_bits & 1 else ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """Return the bytes of a member; ``None`` when it is damaged or larger than it may be, whatever it declares."""
    try:
        with archive.open(info) as stream:
            body = b"".join(_limited(stream, most))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None
    return body if len(body) <= most else None


def _limited(stream: IO[bytes], most: int) -> Iterator[bytes]:
    read = 0
    while read <= most:
        part = stream.read(_CHUNK)
        if not part:
            return
        read += len(part)
        yield part


def pack(files: dict[str, bytes]) -> bytes:
    """Return a ZIP of these files that is the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in files.items():
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return buffer.getvalue()
