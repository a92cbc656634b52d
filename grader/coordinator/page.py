"""Driver ``serve --as coordinator``: what the notebook's one cell calls.

Counts in the coordinator's own kernel, staff only.
"""

from __future__ import annotations

import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from course.words import SOURCE, _, into
from grader.completion import count as completion
from grader.completion import indicators, ledger_progress, quarters
from grader.completion.records import Completion, Progress
from grader.coordinator import view as coordinator_view
from grader.coordinator.roster_desk import FILES, RosterDesk
from grader.coordinator.view import Asked, Shown
from grader.gradebook.nbgrader_bridge import open_gradebook
from grader.ground import syllabus
from grader.ground.clock import clock
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace, open_workspace
from grader.report import pdf as report_pdf
from grader.report import run as reporting
from grader.report import write as report
from grader.report.page import Options, Page, compose
from grader.roster import lineage
from grader.roster import store as roster_store
from grader.roster.lineage import Structure
from grader.roster.records import Roster

__all__ = ["COURSE", "FILES", "WORKSPACE", "Figures", "coordinator"]
WORKSPACE, COURSE = "MODUONG_WORKSPACE", "MODUONG_COURSE"
"""Where ``serve`` tells the kernel which workspace and which course."""
_LOG = logging.getLogger("moduong.coordinator")
_FAILED = _("Chưa mở được trang số liệu. Hãy tải lại trang; nếu vẫn vậy, báo người vận hành.")


def coordinator() -> Any:  # ipywidgets has no types
    """Show the page; never a traceback."""
    from IPython.display import HTML

    lang = SOURCE  # until the course is read
    try:
        from grader.coordinator.shell import Shell

        rules = syllabus.load(Path(os.environ[COURSE]) / "course.yaml")
        lang = rules.course.language
        figures = Figures.open(Path(os.environ[WORKSPACE]), rules)
        return Shell(figures).box
    except ModuongError as error:
        return HTML(coordinator_view.notice(f"{error.code}: {error.text(lang)}"))
    except Exception:  # noqa: BLE001  # a traceback is no use to a coordinator; the log has it
        _LOG.exception("coordinator's page")
        return HTML(coordinator_view.notice(into(_FAILED, lang)))


class Figures:
    """Roster and results as read once, the completions of the days asked for, and the pages made of them."""

    def __init__(
        self,
        space: Workspace,
        engine: Engine,
        rules: Syllabus,
        clock: Callable[[], tuple[datetime, bool]] = clock,
        *,
        by: str = "",
    ) -> None:
        """Read nothing yet, so that a page without a roster still opens.

        ``clock`` says what time it is, and whether that is simulated; ``by`` who looks, for the logs (else the account
        of the machine).
        """
        self._space, self._engine, self._rules, self._clock, self._by = space, engine, rules, clock, by
        self.lang: str = rules.course.language
        self.reload()

    @classmethod
    def open(cls, workspace: Path, rules: Syllabus) -> Figures:
        """Open the workspace that ``serve`` named."""
        space = open_workspace(workspace, rules.course.id)
        return cls(space, open_gradebook(space), rules)

    @property
    def rules(self) -> Syllabus:
        """Return the course's rules."""
        return self._rules

    def roster_desk(self) -> RosterDesk:
        """Return what can be done with the roster."""
        return RosterDesk(self._space, self._engine, self._rules, self._clock, by=self._by)

    def reload(self) -> None:
        """Forget what was read and computed; the next look reads roster and results again."""
        self._read: tuple[Roster, Progress] | None = None
        self._found: dict[date, Completion] = {}
        self._pages: dict[tuple[date, str, bool], Page] = {}
        self._logged: set[tuple[date, str]] = set()

    def first(self) -> Asked:
        """Return what is shown first: the first target, today."""
        now, _ = self._clock()
        return Asked(now.astimezone(self._rules.course.zone).date(), next(iter(self._rules.targets), ""))

    def look(self, asked: Asked) -> Shown:
        """Return what the page shows; a list of names is noted in the log of named lists before it is shown.

        Raises:
            ModuongError: as ``completion.refuse_day``; ``E-ROSTER-1`` no roster yet; ``E-SCOPE-1`` no such unit
                on that day.
        """
        whole, page = self._page(asked.day, "", named=False), self._page(asked.day, asked.scope, named=asked.named)
        if asked.named and (asked.day, asked.scope) not in self._logged:
            report.log_named(self._space.reports(), page)
            self._logged.add((asked.day, asked.scope))
        return coordinator_view.shown(asked, whole, page, self.structure(asked.day))

    def save(self, asked: Asked) -> tuple[Sequence[tuple[str, str, str]], str]:
        """Write the report and return label, address and file name of each file, and a sentence about what is missing.

        Raises:
            ModuongError: as ``reporting.write``.
        """
        now, simulated = self._clock()
        place = self._space.coordinator() / FILES
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place))
        options = Options(named=asked.named, scope=asked.scope, by=self._by)
        path, _found = reporting.write(
            *(self._space, self._engine, self._rules, asked.day, now, self.lang),
            simulated=simulated,
            options=options,
            formats=("xlsx", "csv"),
            into=folder,
        )
        _zip(folder)
        missing = ""
        try:
            report_pdf.write(path, folder / "report.pdf")
        except ModuongError as error:
            missing = error.text(self.lang)
        for one in folder.iterdir():
            one.chmod(0o600)
        title = "-".join(filter(None, ("MAT" if asked.named else "bao-cao", asked.day.isoformat(), asked.scope)))
        kinds = (
            ("html", _("Trang báo cáo, mở bằng trình duyệt")),
            ("pdf", _("Bản in PDF")),
            ("xlsx", _("Bảng tính Excel")),
            ("zip", _("Các bảng CSV (tệp nén)")),
        )
        files = [
            (into(label, self.lang), f"../files/{FILES}/{folder.name}/report.{kind}", f"{title}.{kind}")
            for kind, label in kinds
            if (folder / f"report.{kind}").exists()
        ]
        return files, missing

    def _page(self, day: date, scope: str, *, named: bool) -> Page:
        key = (day, scope, named)
        if key not in self._pages:
            now, simulated = self._clock()
            completion.refuse_day(self._rules, day, now)
            first = min(target.counts_from for target in self._rules.targets.values())
            self._pages[key] = compose(
                self._count(day, now),
                self._roster(),
                self._rules,
                self.lang,
                simulated=simulated,
                options=Options(named=named, scope=scope, by=self._by),
                history=[self._count(end, now) for end in quarters.ends(first, day)],
                indicators=indicators.read(
                    self._space.roster() / "indicators.csv", self.structure(day), day, indicators.of(self._rules)
                ),
            )
        return self._pages[key]

    def _count(self, day: date, now: datetime) -> Completion:
        if day not in self._found:
            self._found[day] = completion.decide(self._rules, *self._people(), day, now)
        return self._found[day]

    def structure(self, day: date) -> Structure:
        """Return the union as it stands on a day."""
        return lineage.on(self._roster().units, day, self._rules.offices)

    def _roster(self) -> Roster:
        return self._people()[0]

    def _people(self) -> tuple[Roster, Progress]:
        if self._read is None:
            with self._engine.connect() as connection:
                roster = roster_store.required(connection)
                self._read = roster, ledger_progress.read(connection, self._rules, roster)
        return self._read


def _zip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "report.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.glob("*.csv")):
            packed.write(path, path.name)
