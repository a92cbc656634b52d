"""The one file that runs nbgrader: its generator, its exchange, its autograder.

What it keeps is read and written by ``nbgrader_tables``.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from course.words import _
from grader.gradebook import lost
from grader.ground.database import connect
from grader.ground.errors import ModuongError
from grader.ground.workspace import GRADEBOOK, Workspace

_NAMED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|Invalid\w*): ")


def _config(workspace: Workspace) -> Any:  # a traitlets Config
    from traitlets.config.loader import PyFileConfigLoader  # heavy

    return PyFileConfigLoader(workspace.config.name, path=str(workspace.root)).load_config()


def open_gradebook(workspace: Workspace, *, anew: bool = False) -> Engine:
    """Return an engine on the gradebook with nbgrader's tables and ours, creating both when missing.

    ``anew``: a ledger may be empty beside hand-ins, for it is about to be filled again from them.

    Raises:
        ModuongError: ``E-DB-6`` hand-ins lie in the workspace but the ledger is gone or empty; those of ``connect``.
    """
    if not anew:
        lost.refuse_without_file(workspace)
    engine = connect(workspace.database)
    if not anew:
        with engine.connect() as connection:
            lost.refuse_if_empty(workspace, connection)
    _nbgraders(engine, workspace.database, workspace)
    return engine


def prepared(url: str, workspace: Workspace) -> Engine:
    """Return an engine on another database, for the same course, with nbgrader's tables and ours, made when missing.

    Raises:
        ModuongError: those of ``connect``.
    """
    engine = connect(url)
    _nbgraders(engine, url, workspace)
    return engine


def _nbgraders(engine: Engine, url: str, workspace: Workspace) -> None:
    tables = sa.inspect(engine).get_table_names()
    if "submitted_notebook" not in tables:
        from nbgrader.api import Gradebook  # heavy

        with Gradebook(url, str(_config(workspace).CourseDirectory.course_id)):
            pass
    if "alembic_version" not in tables:
        _stamp(engine)


def _stamp(engine: Engine) -> None:
    """Note which version nbgrader's tables have, for ``nbgrader db upgrade``.

    Nbgrader does so only in an empty database.
    """
    import nbgrader  # heavy
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
    version = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), nullable=False))
    with engine.begin() as connection:
        version.create(connection, checkfirst=True)
        if connection.execute(sa.select(version)).first() is None:
            connection.execute(sa.insert(version), {"version_num": head})


@contextlib.contextmanager
def _quiet() -> Iterator[io.StringIO]:
    """Collect what nbgrader logs: it belongs into our error message, not onto the screen."""
    stream = io.StringIO()
    logger = logging.getLogger("traitlets")
    handler, level, propagate = logging.StreamHandler(stream), logger.level, logger.propagate
    handlers, logger.handlers = logger.handlers, [handler]
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield stream
    finally:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def generate(workspace: Workspace, module: str) -> None:
    """Let nbgrader generate ``release/<module>`` from ``source/<module>`` and register its cells in the gradebook.

    Raises:
        ModuongError: ``E-REL-1`` with the last line nbgrader logged. nbgrader has deleted ``release/<module>`` then.
    """
    from nbgrader.converters import GenerateAssignment, NbGraderException  # heavy
    from nbgrader.coursedir import CourseDirectory

    config = _config(workspace)
    config.CourseDirectory.root = str(workspace.root)
    config.CourseDirectory.assignment_id = module
    with _quiet() as log:
        try:
            converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
            converter.force = True
            converter.start()
        except (NbGraderException, SystemExit, OSError, RuntimeError, ValueError) as error:
            lines = [line for line in log.getvalue().splitlines() if line.strip()] or [str(error)]
            lines = [
                line for line in lines if _NAMED.match(line)
            ] or lines  # what was raised says more than what was logged last
            raise ModuongError(
                "E-REL-1",
                _(
                    "{module}: nbgrader không tạo được bản phát ({lines}). Bản phát trước vẫn còn; sửa bài rồi "
                    "chạy lại build và release.",
                    module=module,
                    lines=lines[-1],
                ),
            ) from None


def publish(workspace: Workspace, module: str) -> None:
    """Copy ``release/<module>`` to the exchange with nbgrader's own class.

    Raises:
        ModuongError: ``E-REL-2`` when the exchange cannot be written.
    """
    from nbgrader.auth import Authenticator  # heavy
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.abc import ExchangeError
    from nbgrader.exchange.default import ExchangeReleaseAssignment

    config = _config(workspace)
    config.CourseDirectory.assignment_id = module
    with _quiet():
        try:
            exchange = ExchangeReleaseAssignment(
                coursedir=CourseDirectory(config=config),
                authenticator=Authenticator(config=config),
                config=config,
                force=True,
            )
            exchange.start()
        except (ExchangeError, SystemExit, OSError) as error:
            raise ModuongError(
                "E-REL-2",
                _(
                    "{module}: không đưa được lên chỗ trao đổi ({error}). Kiểm tra quyền ghi thư mục {exchange}.",
                    module=module,
                    error=error,
                    exchange=workspace.exchange,
                ),
            ) from None


def _lay_out(scratch: Workspace, module: str, pages: Mapping[str, bytes]) -> None:
    for number, (secret, page) in enumerate(pages.items()):
        folder = scratch.feedback(f"{number:06}", module)
        folder.mkdir(parents=True)
        (folder / f"{module}.html").write_bytes(page)
        (folder / "submission_secret.txt").write_bytes(secret.encode())
        (folder / "timestamp.txt").write_bytes(b"-")


def release_feedback(workspace: Workspace, module: str, pages: Mapping[str, bytes]) -> int:
    """Release feedback pages (submission secret → HTML) with nbgrader's own class; return how many were new or changed.

    nbgrader releases a whole folder, one page per person: only what changed is laid out for it, one folder per hand-in.

    Raises:
        ModuongError: ``E-FB-1`` when the exchange cannot be written.
    """
    from nbgrader.auth import Authenticator  # heavy
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.abc import ExchangeError
    from nbgrader.exchange.default import ExchangeReleaseFeedback
    from nbgrader.utils import notebook_hash

    config = _config(workspace)
    released = workspace.exchange / str(config.CourseDirectory.course_id) / "feedback"
    changed = {}
    for secret, page in pages.items():
        there = released / f"{notebook_hash(secret=secret, notebook_id=module)}.html"
        if not there.exists() or there.read_bytes() != page:
            changed[secret] = page
    if not changed:
        return 0
    with tempfile.TemporaryDirectory(prefix="moduong-feedback-") as root:
        _lay_out(Workspace(Path(root)), module, changed)
        config.CourseDirectory.root = root
        config.CourseDirectory.assignment_id = module
        with _quiet():
            try:
                ExchangeReleaseFeedback(
                    coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config
                ).start()
            except (ExchangeError, SystemExit, OSError) as error:
                raise ModuongError(
                    "E-FB-1",
                    _(
                        "{module}: không phát được phản hồi ({error}). Kiểm tra quyền ghi thư mục {released}, "
                        "rồi chạy lại «moduong feedback».",
                        module=module,
                        error=error,
                        released=released,
                    ),
                ) from None
    return len(changed)


_OF_PEOPLE = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")


def cells_only(workspace: Workspace, target: Workspace) -> None:
    """Give ``target`` a gradebook with the released cells of ``workspace``, without people and ledger."""
    from nbgrader.api import Base  # heavy

    there, copy = connect(workspace.database), sa.create_engine(f"sqlite:///{target.gradebook}")
    Base.metadata.create_all(copy)
    _stamp(copy)
    with there.connect() as old, copy.begin() as new:
        for table in Base.metadata.sorted_tables:
            rows = [] if table.name in _OF_PEOPLE else [dict(row) for row in old.execute(sa.select(table)).mappings()]
            if rows:
                new.execute(sa.insert(table), rows)
    there.dispose()
    copy.dispose()


def autograde(course: Path, module: str, person: str, seconds: float) -> dict[str, float | None]:
    """Run stock ``nbgrader autograde`` for one submission in a course folder.

    Return grade id → automatic points (``None``: none given).

    It executes what the learner wrote, as the user who runs us.

    Raises:
        RuntimeError: with the last line that nbgrader logged, when it failed or took longer than ``seconds``.
    """
    command = [sys.executable, "-m", "nbgrader", "autograde", module, f"--student={person}", "--force"]
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TZ") if name in os.environ}
    process = subprocess.Popen(  # noqa: S603  # a list, no shell; the person's id was checked by collect
        command,
        cwd=course,
        env={**environment, "HOME": str(course)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"nbgrader: no end after {seconds:.0f} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what the learner's code left running
        process.wait()
    if process.returncode:
        lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
        raise RuntimeError(f"nbgrader: {lines[-1] if lines else process.returncode}")
    query = """SELECT c.name, g.auto_score FROM grade g JOIN base_cell c ON c.id = g.cell_id
        JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id
        JOIN assignment a ON a.id = s.assignment_id WHERE a.name = ? AND s.student_id = ?"""
    with contextlib.closing(sqlite3.connect(course / GRADEBOOK)) as book:
        return dict(book.execute(query, (module, person)))


def warm() -> None:
    """Load nbgrader's heavy modules now, so that the first page of feedback need not wait for them."""
    from nbgrader.auth import Authenticator  # noqa: F401
    from nbgrader.coursedir import CourseDirectory  # noqa: F401
    from nbgrader.exchange.default import ExchangeReleaseFeedback  # noqa: F401
