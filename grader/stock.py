"""What a test cell calls when stock nbgrader runs it: the points of one item, so that stock autograde agrees with us."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

from course import items
from course.answers import ANSWERS, Answer, AnswersError, parse
from grader.workspace import GRADEBOOK, SCORES, Workspace


def points(item_id: str) -> float:
    """Return the automatic points of ``item_id`` for the answers in the current folder: a float within [0, max].

    Walks up to the folder of ``gradebook.db`` for the key, or for what our judge found before (``grade --engine nbgrader``). Raises when there is no key: stock nbgrader then gives 0 and shows the
    cell as failed, which a person sees; ``None`` would be full marks there.
    """
    here = Path.cwd()
    root = next(folder for folder in (here, *here.parents) if (folder / GRADEBOOK).exists())
    if (root / SCORES).exists():
        return float(json.loads((root / SCORES).read_bytes())[item_id])
    key = json.loads(Workspace(root).key(item_id.split("-", maxsplit=1)[0]).read_bytes())
    item = next(entry for entry in key["items"] if entry["id"] == item_id)
    if item["type"] == "code":
        return _recorded(root / GRADEBOOK, here, item_id)
    try:
        answer = parse((here / ANSWERS).read_bytes()).answers.get(item_id, Answer(None))
    except (OSError, AnswersError):
        answer = Answer(None)
    return float(items.score(item, answer.value, answer.variant).automatic)


def _recorded(gradebook: Path, here: Path, item_id: str) -> float:
    """Return what our engine recorded for a code item of the submission in ``here`` (…/<person>/<module>): only the box may run code.

    Raises:
        LookupError: when our engine has not graded it; stock nbgrader then shows a failed cell, never full marks.
    """
    query = """select r.items from moduong_result r join moduong_attempt a on a.attempt_id = r.attempt_id
        where a.person_id = ? and a.module_id = ? and a.state = 'accepted' order by a.number desc, r.seq desc limit 1"""
    with contextlib.closing(sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True)) as book:
        row = book.execute(query, (here.parent.name, here.name)).fetchone()
    if row is None:
        raise LookupError(f"{item_id}: not graded by moduong yet")
    return float(next(entry["automatic"] for entry in json.loads(row[0]) if entry["id"] == item_id))
