"""A store of answers in which "saved" means "on disk"."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from course.answers.read import parse, whole
from course.answers.records import ANSWERS, LARGEST_FILE, ZONE, Answer, AnswersError, AnswerSet
from course.words import _

try:
    import fcntl
except ImportError:  # Windows: one writer per machine is assumed there
    fcntl = None  # type: ignore[assignment]


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
            stay = {i: a for i, a in current.answers.items() if whole(a.variant) and drawn(i, a.variant)}
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
