"""The learner's one file that knows nbgrader: fetch a module from the exchange, put a hand-in there, fetch feedback."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
            ExchangeProblem: when the module is not released or cannot be copied.
        """
        from nbgrader.exchange.default import ExchangeFetchAssignment  # heavy

        self._run(ExchangeFetchAssignment, module, self.home, replace_missing_files=True)

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
        config.Exchange.cache = str(self.home / ".nbgrader")
        config.Exchange.assignment_dir = str(folder)
        config.CourseDirectory.course_id = self.course
        config.CourseDirectory.assignment_id = module
        config.CourseDirectory.student_id = self.person
        log = logging.getLogger("moduong.exchange")
        log.addHandler(logging.NullHandler())
        log.propagate = False
        try:
            job = kind(coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config, log=log, **options)
            job.start()
        except (ExchangeError, SystemExit, OSError, RuntimeError) as error:
            raise ExchangeProblem(f"Chỗ nộp bài chưa dùng được ({error}).") from None
        return job
