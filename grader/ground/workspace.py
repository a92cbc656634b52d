"""The workspace: an nbgrader course folder. The only place where its folder names are spelled."""

from __future__ import annotations

import ast
import errno
import os
from dataclasses import dataclass
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError

GRADEBOOK = "gradebook.db"
ITEMS = "items.json"
PRACTICE = "practice.json"
LESSON = "bai-hoc.ipynb"
SCORES = "diem-da-cham.json"
"""What our judge found for one submission, for stock nbgrader in a course folder that holds no key."""
_CONFIG = '''"""Written by moduong; stock nbgrader reads it when started in this folder."""

from pathlib import Path

c = get_config()
here = Path(__file__).absolute().parent
c.CourseDirectory.course_id = "{course_id}"
c.CourseDirectory.root = str(here)
c.CourseDirectory.db_url = {database}
c.Exchange.root = str(here / "exchange")
c.ClearSolutions.text_stub = "{text_stub}"
c.ClearSolutions.code_stub = {{"python": ""}}
'''
_SQLITE = f"f\"sqlite:///{{here / '{GRADEBOOK}'}}\""
TEXT_STUB = "*(Chưa có bài viết.)*"
"""What nbgrader puts where the cadre's text will stand; unchanged means blank."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths inside one workspace. ``person`` and ``module`` must have been checked before they are used here."""

    root: Path

    @property
    def config(self) -> Path:
        """Nbgrader's configuration."""
        return self.root / "nbgrader_config.py"

    @property
    def gradebook(self) -> Path:
        """The SQLite gradebook: nbgrader's tables and ours."""
        return self.root / GRADEBOOK

    @property
    def database(self) -> str:
        """URL of the database.

        What the operator wrote as ``db_url`` into nbgrader's configuration, else the SQLite gradebook.
        """
        return _own_database(self.config) or f"sqlite:///{self.gradebook}"

    @property
    def exchange(self) -> Path:
        """Root of nbgrader's exchange."""
        return self.root / "exchange"

    def inbound(self, course_id: str) -> Path:
        """Where learners' hand-ins arrive."""
        return self.exchange / course_id / "inbound"

    def outbound(self, course_id: str) -> Path:
        """Where released modules are fetched from."""
        return self.exchange / course_id / "outbound"

    def key(self, module: str) -> Path:
        """The keyed items of a module; staff only."""
        return self.root / "keys" / f"{module}.json"

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


def open_workspace(root: Path, course_id: str) -> Workspace:
    """Create what is missing in the workspace at ``root`` and return it; safe to repeat.

    Raises:
        ModuongError: ``E-WS-1`` when the folder cannot be written.
    """
    workspace = Workspace(root.absolute())
    try:
        for folder in (root, root / "keys", workspace.roster(), workspace.reports(), workspace.set_aside()):
            folder.mkdir(parents=True, exist_ok=True)
        if not os.access(root, os.W_OK | os.X_OK):  # nothing may have been missing
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # told as any other reason
        os.chmod(root / "keys", 0o700)
        own = _own_database(workspace.config)
        text = _CONFIG.format(course_id=course_id, text_stub=TEXT_STUB, database=repr(own) if own else _SQLITE)
        if not workspace.config.exists() or workspace.config.read_text(encoding="utf-8") != text:
            workspace.config.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ModuongError(
            "E-WS-1",
            _(
                "{root}: không ghi được ({strerror}). Hãy chọn thư mục khác bằng --workspace.",
                root=root,
                strerror=error.strerror,
            ),
        ) from None
    return workspace


def _own_database(config: Path) -> str:
    """Return the URL that ``config`` gives as a plain string, ``""`` for the one that ``open_workspace`` writes.

    Nothing is executed.
    """
    if not config.exists():
        return ""
    try:
        tree = ast.parse(config.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return ""
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "c.CourseDirectory.db_url"
            and isinstance(node.value, ast.Constant)
        ):
            return str(node.value.value)
    return ""
