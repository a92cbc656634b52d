"""What a test cell calls when stock nbgrader runs it.

The points of one item, so that stock autograde agrees with us.
"""

from __future__ import annotations

import json
from pathlib import Path

from course import items
from course.answers import ANSWERS, Answer, AnswersError, parse
from grader.ground.workspace import SCORES, Workspace


def points(item_id: str) -> float:
    """Return the automatic points of ``item_id`` for the answers in the current folder: a float within [0, max].

    Walks up to nbgrader's course folder, which is the workspace, for the key, or for what our judge found before
    (``grade --engine nbgrader``). Raises when there is no key: stock nbgrader then gives 0 and shows the cell as
    failed, which a
    person sees; ``None`` would be full marks there.
    """
    here = Path.cwd()
    workspace = next(space for space in map(Workspace, (here, *here.parents)) if space.config.exists())
    if (workspace.root / SCORES).exists():
        return float(json.loads((workspace.root / SCORES).read_bytes())[item_id])
    key = json.loads(workspace.key(item_id.split("-", maxsplit=1)[0]).read_bytes())
    item = next(entry for entry in key["items"] if entry["id"] == item_id)
    if items.kind(item).runs_code:
        return _recorded(workspace, here, item_id)
    try:
        answer = parse((here / ANSWERS).read_bytes()).answers.get(item_id, Answer(None))
    except (OSError, AnswersError):
        answer = Answer(None)
    return float(items.score(item, answer.value, answer.variant).automatic)


def _recorded(workspace: Workspace, here: Path, item_id: str) -> float:
    """Return what our engine recorded for a code item of the submission in ``here`` (…/<person>/<module>).

    Only the box may run code.

    Raises:
        LookupError: when our engine has not graded it; stock nbgrader then shows a failed cell, never full marks.
    """
    import sqlalchemy as sa  # only code items need it

    query = sa.text(
        """select r.items from moduong_result r join moduong_attempt a on a.attempt_id = r.attempt_id
        where a.person_id = :person and a.module_id = :module and a.state = 'accepted'
        order by a.number desc, r.seq desc limit 1"""
    )
    with sa.create_engine(workspace.database).connect() as connection:
        row = connection.execute(query, {"person": here.parent.name, "module": here.name}).first()
    if row is None:
        raise LookupError(f"{item_id}: not graded by moduong yet")
    return float(next(entry["automatic"] for entry in json.loads(row[0]) if entry["id"] == item_id))
