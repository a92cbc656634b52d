"""Tells a ledger that has never counted anything from one that is lost.

Hand-ins on disk beside an empty ledger mean one of two things: a collector was killed between keeping the first files
and its first commit, or what had been committed is gone. A mark in the workspace tells them apart: it is made before
the first files are kept and says after the first commit that something was counted. Both are synced to the disk. A
workspace without a mark is from before there was one, and its ledger was counted.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.ground import durable
from grader.ground.database import attempts, file_of
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace


def begin(workspace: Workspace) -> None:
    """Note, before the first files are kept, that the ledger has counted nothing yet; leaves an earlier note alone.

    Called by whoever alone may write the ledger.

    Raises:
        OSError: the workspace cannot be written.
    """
    if not workspace.ledger_mark.exists():
        durable.write(workspace.ledger_mark, _text(counted=False))


def counted(workspace: Workspace) -> None:
    """Note, after a commit, that the ledger has counted something: from now on an empty one is a lost one.

    Raises:
        OSError: the workspace cannot be written.
    """
    if _said(workspace) is not True:
        durable.write(workspace.ledger_mark, _text(counted=True))


def _text(*, counted: bool) -> bytes:
    return json.dumps({"counted": counted}).encode()


def _said(workspace: Workspace) -> bool | None:
    """Return what the mark says; ``None`` where there is none, or none that can be read."""
    try:
        said = json.loads(workspace.ledger_mark.read_bytes())["counted"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if isinstance(said, bool) else None


def refuse_without_file(workspace: Workspace) -> None:
    """Stop before a new database is made in the place of one that is gone; a server is asked once it is open.

    Raises:
        ModuongError: ``E-DB-6``.
    """
    file = file_of(workspace.database)
    if file is not None and not (file.exists() and file.stat().st_size) and _lost(workspace):
        raise _refusal(workspace)


def refuse_if_empty(workspace: Workspace, connection: Connection) -> None:
    """Stop at a ledger without rows beside hand-ins that it had counted; marks one that has rows.

    Raises:
        ModuongError: ``E-DB-6``.
    """
    if connection.execute(sa.select(attempts.c.attempt_id).limit(1)).first() is not None:
        counted(workspace)
    elif _lost(workspace):
        raise _refusal(workspace)


def _lost(workspace: Workspace) -> bool:
    said = _said(workspace)
    if said is None:
        return next(workspace.root.glob("attempts/*/*/*/answers.json"), None) is not None
    return said


def _refusal(workspace: Workspace) -> ModuongError:
    said = _(
        "{root}: có bài nộp đã nhận nhưng sổ lượt làm trống hoặc đã mất, nên dừng lại: làm tiếp sẽ đếm lại từ đầu. "
        "{remedy}",
        root=workspace.root,
        remedy=_remedy(workspace),
    )
    return ModuongError("E-DB-6", said)


def _remedy(workspace: Workspace) -> str:
    try:
        last = workspace.last_backup.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        last = ""
    if not last:
        return _(
            "Chưa có bản sao lưu nào được ghi nhận; chạy «moduong restore» để dựng lại sổ từ attempts/, hoặc chép bản "
            "sao gradebook.db của anh/chị vào chỗ cũ."
        )
    return _("Bản sao lưu gần nhất: {last}. Hãy chạy «moduong restore {last}».", last=last)
