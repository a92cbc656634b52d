"""Reads one hand-in without trusting it: regular files only, no link followed, bounded; finds the answers and what they claim."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from course import answers as answer_files
from course.answers import AnswersError, AnswerSet

LARGEST_NOTEBOOK = 20 << 20
LARGEST_HAND_IN = 100 << 20
MOST_FILES = 1_000
DEEPEST = 8
_CHUNK = 1 << 20
_OURS = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True, slots=True)
class HandIn:
    """One hand-in as it arrived.

    Attributes:
        source: where from; the same source is collected once.
        person: who the exchange's folder name says it is; empty for a folder or ZIP.
        module: what the exchange's folder name says; empty for a folder or ZIP.
        owner: the UNIX owner's name, where there is one.
        claimed_at: the time that the sender gives; never used as the time of submission.
        received_at: when the server got it (an aware instant).
        files: relative name → content.
        refusal: why the files could not be taken, else ``None``.
    """

    source: str
    received_at: datetime
    person: str = ""
    module: str = ""
    owner: str = ""
    claimed_at: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    refusal: AnswersError | None = None


def refuse(code: str, vi: str) -> AnswersError:
    """Return a refusal: a code and a sentence for the learner."""
    return AnswersError(code, vi)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the regular files below ``folder``.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-02`` special file, ``E-SUB-03`` too deep, ``E-SUB-04`` too large or too many.
    """
    files: dict[str, bytes] = {}
    total = 0
    for name, path in _walk(folder, "", 0):
        if len(files) >= MOST_FILES:
            raise refuse("E-SUB-04", f"Bài nộp có hơn {MOST_FILES} tệp.")
        content = read_file(path)
        total += len(content)
        if total > LARGEST_HAND_IN:
            raise refuse("E-SUB-04", "Bài nộp lớn hơn 100 MiB.")
        files[name] = content
    return files


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, Path]]:
    if depth > DEEPEST:
        raise refuse("E-SUB-03", f"Thư mục lồng nhau quá {DEEPEST} tầng.")
    with os.scandir(folder) as entries:
        for count, entry in enumerate(sorted(entries, key=lambda e: e.name)):
            name = prefix + _readable(entry.name)
            if count > MOST_FILES:
                raise refuse("E-SUB-04", f"Bài nộp có hơn {MOST_FILES} tệp.")
            if entry.is_symlink():
                raise refuse("E-SUB-01", f"«{name}» là liên kết, không phải tệp thật. Hãy nộp chính tệp đó.")
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in {".ipynb_checkpoints", "__pycache__"}:
                    yield from _walk(Path(entry.path), name + "/", depth + 1)
            else:
                yield name, Path(entry.path)


def _readable(name: str) -> str:
    """Return a file name that can be printed and stored: NFC, no control characters, no undecodable bytes."""
    clean = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    return "".join(c if c.isprintable() else "?" for c in clean)[:120]


def read_file(path: Path, limit: int = LARGEST_NOTEBOOK) -> bytes:
    """Read one regular file; what was opened is what is checked, so it cannot be swapped for a link in between.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-02`` special file or hard link, ``E-SUB-04`` too large.
    """
    name = _readable(path.name)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise refuse("E-SUB-01", f"«{name}» không mở được như một tệp thường.") from None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise refuse("E-SUB-02", f"«{name}» không phải tệp thường.")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise refuse("E-SUB-04", f"«{name}» lớn hơn {limit >> 20} MiB.")
    return content


def read_zip(path: Path) -> dict[str, bytes]:
    """Return the files of a ZIP, read in memory within the same limits; nothing is extracted.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-03`` a path that leaves the archive, ``E-SUB-04`` too large, ``E-SUB-05`` no ZIP.
    """
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            if len(entries) > MOST_FILES:
                raise refuse("E-SUB-04", f"Tệp nén có hơn {MOST_FILES} tệp.")
            for entry in entries:
                name = _safe_name(entry)
                if name in files:
                    raise refuse("E-SUB-04", f"Tệp nén có hai tệp cùng tên «{name}».")
                with archive.open(entry) as file:
                    content = file.read(min(LARGEST_NOTEBOOK, LARGEST_HAND_IN - total) + 1)
                total += len(content)
                if len(content) > LARGEST_NOTEBOOK or total > LARGEST_HAND_IN:
                    raise refuse("E-SUB-04", f"«{name}» trong tệp nén quá lớn.")
                files[name] = content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise refuse("E-SUB-05", f"«{_readable(path.name)}» không mở được như một tệp ZIP.") from None
    return files


def _safe_name(entry: zipfile.ZipInfo) -> str:
    raw = entry.filename.replace("\\", "/")
    pure = PurePosixPath(raw)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise refuse("E-SUB-01", f"«{_readable(raw)}» trong tệp nén là liên kết.")
    if pure.is_absolute() or ".." in pure.parts or ":" in raw or len(pure.parts) > DEEPEST:
        raise refuse("E-SUB-03", f"«{_readable(raw)}» trong tệp nén nằm ngoài thư mục bài nộp.")
    return "/".join(_readable(part) for part in pure.parts)


def find_answers(files: dict[str, bytes]) -> AnswerSet:
    """Return the answer set of a hand-in: ``answers.json`` and the notebook's own copy, merged item by item by ``seq``.

    Raises:
        AnswersError: the first reason why no answer set could be read.
    """
    found: list[AnswerSet] = []
    failures: list[AnswersError] = []
    for name, content in sorted(files.items()):
        plain = name.rsplit("/", 1)[-1].casefold()
        try:
            if plain.endswith(".json") and plain.startswith("answers") and "khong-doc-duoc" not in plain:
                found.insert(0, answer_files.parse(content))
            elif plain.endswith(".ipynb") and (
                embedded := answer_files.extract(answer_files.load_json(content))
            ) is not None:
                found.append(embedded)
        except AnswersError as error:
            failures.append(error)
    if not found:
        names = ", ".join(sorted(n for n in files if n not in _OURS))[:200]
        raise failures[0] if failures else refuse("E-SUB-07", f"Không thấy bài làm trong các tệp: {names or '(trống)'}.")
    merged = found[0]
    for other in found[1:]:
        if other.module == merged.module:
            merged = answer_files.merge(merged, other)
    return merged
