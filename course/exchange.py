"""The learner's one file that knows nbgrader: fetch a module from the exchange, put a hand-in there, fetch feedback."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.answers import AnswersError, write_atomically
from course.fetched import renewal, standing
from course.fetched.standing import Standing
from course.words import _

_CACHE = ".nbgrader"
GRADERS = Path("/etc/moduong/graders")
"""Whose course folders are fetched although another owns the exchange: system-wide, so no cadre's to change."""
_LOG = logging.getLogger("moduong.exchange")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False  # nbgrader's English progress lines are no news for a cadre


def _named_graders() -> set[int]:
    """Return the user ids that ``/etc/moduong/graders`` names, one user a line; none where there is no such file."""
    try:
        names = GRADERS.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return set()
    found = set()
    for name in names:
        with contextlib.suppress(KeyError):
            found.add(int(name) if name.isdecimal() else pwd.getpwnam(name).pw_uid)
    return found


def _digest(secret: Path, module: str) -> str:
    """Return nbgrader's hash of a hand-in's secret, under which what is about it is published."""
    said = secret.read_text(encoding="utf-8") + module
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


class ExchangeProblem(Exception):
    """The exchange did not take or give something; the text is for the learner, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where a learner's exchange is.

    Attributes:
        root: nbgrader's exchange folder.
        course: course id.
        person: ``student_id``.
        home: the learner's folder, in which the modules' folders lie.
    """

    root: Path
    course: str
    person: str
    home: Path

    def fetch(self, module: str) -> None:
        """Copy a released module into the learner's folder; files that are already there stay as they are.

        Raises:
            ExchangeProblem: when the module is not released or cannot be copied, or the course's folder is a
                stranger's.
        """
        if not self.trusted():
            raise ExchangeProblem(_("Chỗ trao đổi không phải của khóa học. Anh/chị báo điều phối viên."))
        from nbgrader.exchange.default import ExchangeFetchAssignment  # heavy

        self._run(ExchangeFetchAssignment, module, self.home, replace_missing_files=True)

    def trusted(self) -> bool:
        """Say whether the course's folder is the graders': who owns the exchange, or whom the system names, made it."""
        try:
            owner, keeper = (self.root / self.course).stat().st_uid, self.root.stat().st_uid
        except OSError:
            return False
        return owner in {keeper, *_named_graders()}

    def take(self, module: str) -> bool:
        """Copy a released module that is not in the learner's folder yet; say whether it is there now.

        What nbgrader's fetch does, without loading nbgrader into the start page (60 MB, two seconds).
        """
        target, released = self.home / module, self.root / self.course / "outbound" / module
        if target.exists() or not released.is_dir() or not self.trusted():
            return target.is_dir()
        try:
            with tempfile.TemporaryDirectory(prefix=".lay-", dir=self.home) as folder:
                fresh = Path(folder) / module
                shutil.copytree(released, fresh)
                for path in (fresh, *fresh.rglob("*")):
                    path.chmod(0o755 if path.is_dir() else 0o644)
                fresh.rename(target)
        except OSError:
            _LOG.exception("could not take %s", module)
        return target.is_dir()

    def newer(self, module: str) -> bool:
        """Say whether another copy of a module is handed out than the one in the learner's folder."""
        return self.trusted() and renewal.newer(self.home / module, self.root / self.course / "outbound" / module)

    def renew(self, module: str) -> None:
        """Take the copy that is handed out now in the place of the learner's own; answers come along.

        Raises:
            ExchangeProblem: when it could not be taken; the former copy is still there.
        """
        if not self.newer(module):
            return
        try:
            renewal.renew(self.home / module, self.root / self.course / "outbound" / module)
        except (OSError, AnswersError) as error:
            _LOG.exception("could not renew %s", module)
            raise ExchangeProblem(_("Chưa lấy được bản mới. Bản đang có vẫn dùng được.")) from error

    def feedback(self, module: str) -> list[Path]:
        """Fetch the released feedback pages of one's own hand-ins of a module, oldest first.

        A page's name in the exchange is nbgrader's hash of the hand-in's secret, so nobody finds another person's.
        """
        pages = []
        for timestamp, released in self._feedback(module):
            kept = self.home / module / "feedback" / timestamp / f"{module}.html"
            try:
                content = released.read_bytes()
                if not kept.exists() or kept.read_bytes() != content:
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    write_atomically(kept, content)
            except OSError:
                continue
        if (self.home / module / "feedback").is_dir():
            pages = sorted((self.home / module / "feedback").glob(f"*/{module}.html"))
        return pages

    def _feedback(self, module: str) -> Iterator[tuple[str, Path]]:
        """Yield time stamp and page for every hand-in in nbgrader's cache that has feedback."""
        for secret in self._secrets(module):
            page = self.root / self.course / "feedback" / f"{_digest(secret, module)}.html"
            if page.exists() and self.trusted():
                yield secret.parent.name.split("+")[-1], page

    def standing(self, module: str) -> Standing | None:
        """Return where the cadre stands in a module: what the newest hand-in's file says; ``None`` where none is."""
        found = None
        for secret in self._secrets(module):
            page = self.root / self.course / standing.FOLDER / f"{_digest(secret, module)}.json"
            try:
                found = standing.read(page.read_bytes()) or found
            except OSError:
                continue
        return found if self.trusted() else None

    def _secrets(self, module: str) -> list[Path]:
        """Return nbgrader's secrets of one's own hand-ins of a module, oldest first."""
        return sorted((self.home / _CACHE / self.course).glob(f"*+{module}+*/submission_secret.txt"))

    def submit(self, module: str, parent: Path) -> Path:
        """Submit the folder ``parent/module``; return the entry in the exchange.

        Raises:
            ExchangeProblem: when the exchange cannot be written.
        """
        from nbgrader.exchange.default import ExchangeSubmit  # heavy

        done = self._run(ExchangeSubmit, module, parent)
        return Path(done.inbound_path) / str(done.assignment_filename)

    def _run(self, kind: type, module: str, folder: Path, **options: Any) -> Any:  # nbgrader has no types
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange.abc import ExchangeError
        from traitlets.config import Config

        config = Config()
        config.Exchange.root = str(self.root)
        config.Exchange.cache = str(self.home / _CACHE)
        config.Exchange.assignment_dir = str(folder)
        config.CourseDirectory.course_id = self.course
        config.CourseDirectory.assignment_id = module
        config.CourseDirectory.student_id = self.person
        try:
            job = kind(
                coursedir=CourseDirectory(config=config),
                authenticator=Authenticator(config=config),
                config=config,
                log=_LOG,
                **options,
            )
            job.start()
        except (ExchangeError, SystemExit, OSError, RuntimeError) as error:
            _LOG.warning("exchange: %s", error)
            raise ExchangeProblem(_("Chỗ nộp bài lúc này chưa nhận được bài.")) from error
        return job
