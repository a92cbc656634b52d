"""Keeps hand-ins in the workspace.

What was received, untouched, and nbgrader's ``submitted/`` made from the release and the answers.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.answers import ANSWERS, AnswerSet, embed
from grader.ground import durable, lineage
from grader.ground.workspace import Workspace
from grader.intake.answers_in import HandIn
from grader.intake.names import NOTE


def write_submitted(workspace: Workspace, answers: AnswerSet, submitted_at: str) -> None:
    """Write ``submitted/<person>/<module>``.

    The notebook of the release that was answered, with the answers in it, so that nothing of the learner's runs.
    """
    released = lineage.folder(workspace, answers.module, answers.release)
    folder = workspace.submitted(answers.person, answers.module)
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    master = json.loads((released / f"{answers.module}.ipynb").read_bytes())
    (fresh / f"{answers.module}.ipynb").write_bytes(json.dumps(embed(master, answers), ensure_ascii=False).encode())
    (fresh / ANSWERS).write_bytes(json.dumps(answers.to_json(), ensure_ascii=False).encode())
    moment = datetime.fromisoformat(submitted_at).astimezone(UTC)
    (fresh / "timestamp.txt").write_text(f"{moment:%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def keep(folder: Path, hand_in: HandIn, said: dict[str, Any]) -> None:
    """Write the hand-in's files into ``folder``, with ``said`` in our note beside them.

    What a killed run left there of the same hand-in is replaced; what is there of another one (an older ledger was
    put back) is kept
    under another name: nothing received is ever overwritten.
    """
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    note = {"source": hand_in.source, "received_at": hand_in.received_at.isoformat(), **said}
    for name, content in {**hand_in.files, NOTE: json.dumps(note, ensure_ascii=False, indent=1).encode()}.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    if folder.exists():
        if _source(folder) == hand_in.source:
            shutil.rmtree(folder)
        else:
            folder.rename(_unused(folder))
    fresh.rename(folder)
    durable.sync_folder(folder.parent)


def _source(folder: Path) -> str:
    try:
        return str(json.loads((folder / NOTE).read_bytes())["source"])
    except (OSError, ValueError, KeyError):
        return ""


def _unused(folder: Path) -> Path:
    number = 1
    while (path := folder.with_name(f"{folder.name}.cu-{number}")).exists():
        number += 1
    return path
