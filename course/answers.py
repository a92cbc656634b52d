"""The learner's answers: strict reading of ``answers.json``, and a store in which "saved" means "on disk"."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from course.words import _

try:
    import fcntl
except ImportError:  # Windows: one writer per machine is assumed there
    fcntl = None  # type: ignore[assignment]

ANSWERS = "answers.json"
SCHEMA = 1
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NBFORMAT = 4
LARGEST_FILE = 1 << 20
DEEPEST = 32
MOST_VALUES = 1_000_000
"""A JSON text with more commas and opening brackets than this is not parsed.

The objects in memory would be far larger than the text.
"""
_WIDEST_WHOLE = 1 << 63
_TOO_LARGE = ("E-SUB-04", _("Tệp bài làm lớn hơn 1 MiB."))
_PACKAGED = {"schema", "course", "module", "release", "person", "attempt", "answers"}


class AnswersError(ValueError):
    """An answer set cannot be read at all; ``code`` is a refusal code, the text is for the learner."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as stored: JSON value, variant shown, sequence number (higher is newer), time of saving."""

    value: Any
    variant: int = 0
    seq: int = 0
    saved_at: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Everything one ``answers.json`` says; ``warnings`` are sentences for the learner."""

    module: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    course: str = ""
    release: str = ""
    person: str = ""
    attempt: int = 1
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the document of docs/design.md §5.6."""
        return {
            "schema": SCHEMA,
            "course": self.course,
            "module": self.module,
            "release": self.release,
            "person": self.person,
            "attempt": self.attempt,
            "answers": {
                item: {"value": a.value, "variant": a.variant, "seq": a.seq, "saved_at": a.saved_at}
                for item, a in sorted(self.answers.items())
            },
        }

    def content_hash(self) -> str:
        """Return the SHA-256 of what was answered, by whom, to which module.

        Two hand-ins with one hash are one attempt.
        """
        said = [self.module, self.person.casefold(), [[i, a.value, a.variant] for i, a in sorted(self.answers.items())]]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def release_id(items_json: bytes) -> str:
    """Return the name of a release: the first 16 hex digits of the SHA-256 of its ``items.json``."""
    return hashlib.sha256(items_json).hexdigest()[:16]


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise AnswersError("E-SUB-10", _("Tệp bài làm ghi một khóa hai lần nên không biết lấy giá trị nào."))
    return data


def _no_constant(name: str) -> Any:  # json's hook
    raise AnswersError("E-SUB-05", _("Tệp bài làm có giá trị {name}, không phải JSON.", name=name))


def _finite(text: str) -> float:
    """Read a JSON number with a fraction or exponent.

    ``1e400`` is legal JSON, but nothing that could be stored again.
    """
    number = float(text)
    return number if math.isfinite(number) else _no_constant(text[:20])


def _storable(text: str) -> int:
    """Read a whole number, refusing what the ledger could not give back."""
    number = int(text)  # more than 4,300 digits is a ValueError
    return number if -_WIDEST_WHOLE <= number < _WIDEST_WHOLE else _no_constant(text[:20] + "…")


def load_json(raw: bytes) -> Any:  # any JSON
    """Read untrusted JSON.

    UTF-8 (a BOM is accepted), no duplicate keys, no NaN, numbers of 64 bits, bounded depth and size.

    Raises:
        AnswersError: ``E-SUB-04`` too many values, ``E-SUB-05`` or ``E-SUB-10``.
    """
    if weight(raw) > MOST_VALUES:
        raise AnswersError("E-SUB-04", _("Tệp bài làm có quá nhiều giá trị."))
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_storable,
        )
    except AnswersError:
        raise
    except (ValueError, RecursionError):
        raise AnswersError("E-SUB-05", _("Tệp bài làm không đọc được (không phải JSON ở dạng UTF-8).")) from None


def weight(raw: bytes) -> int:
    """Return an upper bound of how many values the JSON text ``raw`` holds, without parsing it."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _too_deep(value: object, left: int = DEEPEST) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_too_deep(child, left - 1) for child in children)


def _size(value: object) -> int | None:
    """Return the bytes that ``value`` takes when written again; ``None`` when it cannot be (a lone surrogate)."""
    try:
        return len(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return None


def parse(raw: bytes) -> AnswerSet:
    """Read the bytes of an ``answers.json``.

    Raises:
        AnswersError: ``E-SUB-04`` too large, ``E-SUB-05`` no JSON, ``E-SUB-08`` a field of wrong type,
            ``E-SUB-10`` duplicate key.
    """
    if len(raw) > LARGEST_FILE:
        raise AnswersError(*_TOO_LARGE)
    return from_json(load_json(raw))


def from_json(data: object) -> AnswerSet:
    """Validate the document of an ``answers.json``; what is wrong in one answer is left to scoring (``invalid``)."""

    def bad(field_name: str) -> AnswersError:
        return AnswersError("E-SUB-08", _("Tệp bài làm sai ở trường «{field_name}».", field_name=field_name))

    if not isinstance(data, dict) or data.get("schema") != SCHEMA or isinstance(data.get("schema"), bool):
        raise bad("schema")
    if _too_deep(data) or (size := _size(data)) is None:
        raise bad("answers")
    if size > LARGEST_FILE:  # the copy in a notebook, which may itself be larger
        raise AnswersError(*_TOO_LARGE)
    if not isinstance(data.get("module"), str) or not data["module"]:
        raise bad("module")
    if not isinstance(data.get("answers"), dict):
        raise bad("answers")
    for name in ("course", "release", "person"):
        if not isinstance(data.get(name, ""), str):
            raise bad(name)
    attempt = data.get("attempt", 1)
    if not _whole(attempt) or attempt < 1:
        raise bad("attempt")
    warnings = [_("Bỏ qua trường lạ «{value}».", value=str(name)[:30]) for name in data if name not in _PACKAGED]
    answers = {}
    for item, entry in data["answers"].items():
        if not isinstance(entry, dict) or "value" not in entry:
            raise bad(f"answers.{item[:30]}")
        answers[item] = Answer(
            entry["value"],
            entry.get("variant", 0),
            entry["seq"] if _whole(entry.get("seq")) else 0,
            entry["saved_at"] if isinstance(entry.get("saved_at"), str) else "",
        )
    return AnswerSet(
        data["module"],
        answers,
        data.get("course", ""),
        data.get("release", ""),
        data.get("person", ""),
        attempt,
        tuple(warnings),
    )


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53


_SPECIAL = frozenset("\\`*_{}[]()#+-.!|>~$:=&<\"'")


def literal_markdown(text: str) -> str:
    """Return Markdown that shows exactly ``text``: nothing in it is markup, HTML, a link or a formula."""
    lines = ("".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in line) for line in text.splitlines())
    return "\n\n".join(line for line in lines if line.strip())


def embed(notebook: dict[str, Any], answers: AnswerSet) -> dict[str, Any]:
    """Return a copy of an exercise notebook with the answers in it.

    All in the metadata, texts and code in their cells too.
    """
    metadata = notebook["metadata"]
    cells = []
    for cell in notebook["cells"]:
        text = _cell_text(cell, answers)
        cells.append(cell if text is None else {**cell, "source": text})
    packed = {**metadata.get("moduong", {}), "answers": answers.to_json()}
    return {**notebook, "cells": cells, "metadata": {**metadata, "moduong": packed}}


def _cell_text(cell: dict[str, Any], answers: AnswerSet) -> str | None:
    """Return what a solution cell must hold, or ``None`` to leave it."""
    ours = cell["metadata"].get("nbgrader", {})
    if not ours.get("solution"):
        return None
    item = ours["grade_id"].removesuffix("-code").removesuffix("-m")
    answer = answers.answers.get(item)
    if answer is None or not isinstance(answer.value, str) or not answer.value.strip():
        return None
    return answer.value if cell["cell_type"] == "code" else literal_markdown(answer.value)


def extract(notebook: object) -> AnswerSet | None:
    """Return the answer set inside a notebook, or ``None`` when there is none.

    Raises:
        AnswersError: ``E-SUB-06`` not a notebook (v4), ``E-SUB-08`` a bad answer set inside.
    """
    if (
        not isinstance(notebook, dict)
        or not isinstance(notebook.get("cells"), list)
        or notebook.get("nbformat") != NBFORMAT
    ):
        raise AnswersError("E-SUB-06", _("Tệp .ipynb không phải bài tập của khóa học."))
    metadata = notebook.get("metadata")
    ours = metadata.get("moduong") if isinstance(metadata, dict) else None
    packed = ours.get("answers") if isinstance(ours, dict) else None
    return None if packed is None else from_json(packed)


def merge(first: AnswerSet, second: AnswerSet) -> AnswerSet:
    """Return ``first`` with every answer of ``second`` that is newer by ``seq``."""
    answers = dict(first.answers)
    for item, answer in second.answers.items():
        if item not in answers or answer.seq > answers[item].seq:
            answers[item] = answer
    return AnswerSet(first.module, answers, first.course, first.release, first.person, first.attempt, first.warnings)


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write ``content`` so that ``path`` is, whatever happens, the old file or the whole new one.

    Returns when it is on disk.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class AnswerStore:
    """The ``answers.json`` of one module's folder; safe for several tabs and kernels at once."""

    def __init__(self, folder: Path, blank: AnswerSet) -> None:
        """Keep the absolute path (the current folder may vanish) and the document to begin with."""
        self.path = folder.absolute() / ANSWERS
        self.blank = blank

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.path.parent / ".answers.lock").open("a") as handle:
            if fcntl is not None and hasattr(fcntl, "flock"):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def read(self) -> AnswerSet:
        """Return what is on disk. A file that is unreadable or another module's is put aside, never overwritten."""
        try:
            found = parse(self.path.read_bytes())
        except FileNotFoundError:
            return self.blank
        except (AnswersError, IsADirectoryError):
            found = None
        if found is not None and found.module == self.blank.module:
            return found
        stamp = datetime.now(ZONE).strftime("%Y%m%d-%H%M%S-%f")
        os.replace(self.path, self.path.with_name(f"answers-khong-doc-duoc-{stamp}.json"))
        return self.blank

    def begin(self, drawn: Callable[[str, int], bool]) -> AnswerSet:
        """Return what is on disk, ready for this attempt.

        In a new attempt only answers to the variant that is drawn now stay (``drawn(item, variant)``); what was
        handed in is
        kept beside its receipt.

        Raises:
            OSError: when the folder cannot be read or written.
        """
        with self._lock():
            current = self.read()
            if current.attempt >= self.blank.attempt and current.person == self.blank.person:
                return current
            if current.attempt == self.blank.attempt:  # only now the cadre said who they are
                return self._write(current.answers)
            stay = {i: a for i, a in current.answers.items() if _whole(a.variant) and drawn(i, a.variant)}
            return self._write(stay)

    def _write(self, answers: Mapping[str, Answer]) -> AnswerSet:
        changed = AnswerSet(
            self.blank.module, answers, self.blank.course, self.blank.release, self.blank.person, self.blank.attempt
        )
        content = json.dumps(changed.to_json(), ensure_ascii=False, indent=1).encode()
        if len(content) > LARGEST_FILE:  # it would be put aside as unreadable the next time
            raise AnswersError("E-SUB-04", _("Bài làm lớn hơn 1 MiB."))
        write_atomically(self.path, content)
        return changed

    def put(self, item: str, value: object, variant: int, seq: int, saved_at: str = "") -> Answer:
        """Store one answer unless a newer one (higher ``seq``) is there; return what is on disk now.

        Raises as ``put_all``.
        """
        answer = Answer(value, variant, seq, saved_at or datetime.now(ZONE).isoformat(timespec="seconds"))
        return self.put_all({item: answer}).answers[item]

    def put_all(self, answers: Mapping[str, Answer]) -> AnswerSet:
        """Store several answers at once, each unless a newer one is there; return what is on disk now.

        Raises:
            OSError: when they could not be written; nothing was acknowledged then.
            AnswersError: ``E-SUB-04`` when the whole would be too large to be read again.
        """
        with self._lock():
            current = self.read()
            newer = {i: a for i, a in answers.items() if i not in current.answers or a.seq > current.answers[i].seq}
            return self._write({**current.answers, **newer}) if newer else current
