"""The workspace: an nbgrader course folder. The only place where its folder names are spelled."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from course.words import _
from grader.ground import operators_file
from grader.ground.errors import ModuongError
from grader.ground.operators_file import GRADEBOOK, TEXT_STUB

__all__ = ["GRADEBOOK", "ITEMS", "LESSON", "PRACTICE", "SCORES", "TEXT_STUB", "Workspace", "open_workspace"]

ITEMS = "items.json"
PRACTICE = "practice.json"
LESSON = "bai-hoc.ipynb"
SCORES = "diem-da-cham.json"
"""What our judge found for one submission, for stock nbgrader in a course folder that holds no key."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths inside one workspace. ``person`` and ``module`` must have been checked before they are used here."""

    root: Path

    @property
    def config(self) -> Path:
        """Nbgrader's configuration."""
        return self.root / operators_file.NAME

    @property
    def gradebook(self) -> Path:
        """The SQLite gradebook: nbgrader's tables and ours."""
        return self.root / GRADEBOOK

    @property
    def database(self) -> str:
        """URL of the database, as the operator's file says.

        A SQLite gradebook in the workspace unless changed there.
        """
        return operators_file.read(self.root).database

    @property
    def exchange(self) -> Path:
        """Root of nbgrader's exchange, as the operator's file says.

        A folder beside the workspace unless changed there.
        """
        return operators_file.read(self.root).exchange

    @property
    def ledger_mark(self) -> Path:
        """Says whether the ledger has ever counted a hand-in; see ``grader/gradebook/lost.py``."""
        return self.root / "so-luot-lam.json"

    @property
    def backups(self) -> Path:
        """Where backups go unless told otherwise: beside the workspace, so that what removes one leaves the other."""
        return self.root.with_name(f"{self.root.name}-backup")

    @property
    def host(self) -> Path:
        """The host's own folder, beside the workspace: databases of pages and desk, the spool of hand-ins."""
        return self.root.with_name(f"{self.root.name}-host")

    @property
    def erased(self) -> Path:
        """What was erased, kept until its time ends; see ``grader/keep/erasures.py``."""
        return self.root / "da-xoa"

    @property
    def last_backup(self) -> Path:
        """Names the folder of the last backup; see ``grader/keep/backup.py``."""
        return self.root / "sao-luu-gan-nhat.txt"

    @property
    def hosts(self) -> frozenset[str]:
        """Accounts that hand in for whoever signed in with them, as the operator's file says."""
        return operators_file.read(self.root).hosts

    def inbound(self, course_id: str) -> Path:
        """Where learners' hand-ins arrive."""
        return self.exchange / course_id / "inbound"

    def key(self, module: str) -> Path:
        """The keyed items of a module; staff only."""
        return self.root / "keys" / f"{module}.json"

    def keys(self, module: str) -> Path:
        """The keys of all releases of a module; staff only."""
        return self.root / "keys" / module

    def releases(self, module: str) -> Path:
        """Every release of a module that was ever handed out, by id."""
        return self.root / "releases" / module

    def source(self, module: str) -> Path:
        """Nbgrader's source folder of a module."""
        return self.root / "source" / module

    def lesson(self, module: str) -> Path:
        """The built lesson of a module."""
        return self.root / "lessons" / module

    def release(self, module: str) -> Path:
        """The proven learner's copy of a module."""
        return self.root / "release" / module

    def attempt(self, person: str, module: str, attempt: str) -> Path:
        """One hand-in as received."""
        return self.root / "attempts" / person / module / attempt

    def submitted(self, person: str, module: str) -> Path:
        """Nbgrader's folder of the latest accepted attempt."""
        return self.root / "submitted" / person / module

    def autograded(self, person: str, module: str) -> Path:
        """Nbgrader's folder of the graded notebook."""
        return self.root / "autograded" / person / module

    def feedback(self, person: str, module: str) -> Path:
        """Nbgrader's feedback folder."""
        return self.root / "feedback" / person / module

    def set_aside(self) -> Path:
        """Hand-ins that belong to nobody we know, with the reason."""
        return self.root / "set-aside"

    def roster(self) -> Path:
        """The roster's CSV files."""
        return self.root / "roster"

    def reports(self) -> Path:
        """What the coordinator reads."""
        return self.root / "reports"

    def coordinator(self) -> Path:
        """The coordinator's page and the files made there; staff only."""
        return self.root / "dieu-phoi"

    def learner(self, person: str) -> Path:
        """A learner's own folder (demo only)."""
        return self.root / "learners" / person


_OTHERS = 0o077


def open_workspace(root: Path, course_id: str, exchange: Path | None = None) -> Workspace:
    """Create what is missing in the workspace at ``root`` and return it; safe to repeat.

    Args:
        root: a folder that only its owner may enter: it holds every key, answer and mark.
        course_id: of course.yaml.
        exchange: root of the exchange, for a workspace that is made now; a folder beside it when left out.

    Raises:
        ModuongError: ``E-WS-1`` the folder cannot be written, ``E-WS-3`` others may enter it, ``E-WS-4`` the operator's
            file cannot be understood, ``E-WS-5`` it belongs to another course.
    """
    workspace = Workspace(root.absolute())
    try:
        workspace.root.parent.mkdir(parents=True, exist_ok=True)
        if not workspace.root.exists():
            workspace.root.mkdir(mode=0o700)
        if not os.access(root, os.W_OK | os.X_OK):  # nothing may have been missing
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # told as any other reason
        _refuse_open_doors(workspace.root)
        for folder in (root / "keys", workspace.roster(), workspace.reports(), workspace.set_aside()):
            folder.mkdir(parents=True, exist_ok=True)
        os.chmod(root / "keys", 0o700)
        operators_file.write_once(workspace.root, course_id, exchange)
    except OSError as error:
        raise ModuongError(
            "E-WS-1",
            _(
                "{root}: không ghi được ({strerror}). Hãy chọn thư mục khác bằng --workspace.",
                root=root,
                strerror=error.strerror,
            ),
        ) from None
    _refuse_another_course(workspace.root, course_id)
    return workspace


def others_may_enter(root: Path) -> bool:
    """Say whether anybody but its owner may look into the folder; where there are no UNIX modes, nobody can tell."""
    return os.name == "posix" and bool(root.stat().st_mode & _OTHERS)


def _refuse_open_doors(root: Path) -> None:
    if others_may_enter(root):
        said = _(
            "{root}: người dùng khác của máy này vào được thư mục làm việc, nơi có đáp án, bài làm và điểm. "
            "Chạy «moduong doctor --fix --workspace {root}».",
            root=root,
        )
        raise ModuongError("E-WS-3", said)


def _refuse_another_course(root: Path, course_id: str) -> None:
    there = operators_file.read(root).course_id
    if there and there != course_id:
        said = _(
            "{root}: thư mục làm việc này là của khóa «{there}», không phải «{course_id}». Hãy chỉ thư mục khác bằng "
            "--workspace, hoặc khóa khác bằng --course.",
            root=root,
            there=there,
            course_id=course_id,
        )
        raise ModuongError("E-WS-5", said)
