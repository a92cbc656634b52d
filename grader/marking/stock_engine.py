"""The other engine, ``grade --engine nbgrader``: stock autograde scores the cells that an instructor wrote for it.

It executes what the learner handed in, outside the box. So each submission gets a course folder of its own, made for
it and thrown away:
the module's source and the gradebook's cells are in it, no key, no other submission, no mark. Items of ours are
scored by the judge as
ever; of nbgrader only the automatic points of cells that are not ours are read.
"""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import tempfile
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from course.answers import AnswersError, AnswerSet, extract, load_json
from course.items import ItemScore
from course.words import _
from grader.gradebook import nbgrader_bridge, nbgrader_tables
from grader.ground.errors import ModuongError
from grader.ground.workspace import SCORES, Workspace, open_workspace
from grader.intake import kept
from grader.intake import names as intake_names
from grader.intake.names import NOTE
from grader.marking import autograded_files
from grader.marking.due import Pending
from grader.marking.foreign_cells import FOREIGN, foreign
from grader.marking.grade import Graded, Job, open_judge, stored_answers
from grader.marking.judge import Judge

PATIENCE = 900.0
"""Seconds for one submission; nbgrader's own limit is thirty for each cell."""
_SAID = "Ô này do nbgrader chấm."
_WAITS = "Ô này do nbgrader chấm và chưa có điểm; đang chờ người chấm."
_OURS = {NOTE, "timestamp.txt", "submission_secret.txt"}


def run(job: Job) -> list[Graded]:
    """Grade one chunk and write its ``autograded/`` folders; runs in any process.

    Raises:
        RuntimeError: when nbgrader could not grade a submission; nothing is known of it then, least of all a mark.
    """
    with contextlib.ExitStack() as stack:
        judge = open_judge(job.key, [job.workspace.root], stack)
        return [_one(job, judge, one) for one in job.chunk]


def _one(job: Job, judge: Judge, one: Pending) -> Graded:
    module, course = str(job.key["module"]), str(job.key["course"])
    answers = AnswerSet(module, stored_answers(one.answers), course, "", one.person, one.number)
    scores = judge.score(answers)
    with tempfile.TemporaryDirectory(prefix="moduong-nbgrader-") as folder:
        trial = open_workspace(Path(folder) / "course", course)
        _lay_out(job.workspace, trial, module, one, answers)
        found = {item["id"]: float(scores[item["id"]].automatic) for item in job.key["items"] if item["id"] in scores}
        (trial.root / SCORES).write_text(json.dumps(found), encoding="utf-8")
        points = nbgrader_bridge.autograde(trial.root, module, one.person, PATIENCE)
        scores |= {
            item["id"]: _score(item, points.get(item["id"])) for item in job.key["items"] if item["type"] == FOREIGN
        }
        notebook = (trial.autograded(one.person, module) / f"{module}.ipynb").read_bytes()
    if one.current:
        autograded_files.write(
            job.workspace.autograded(one.person, module), module, one.number, one.submitted_at, notebook
        )
    return Graded(one, judge.result(one.attempt_id, scores, job.cause), judge.grades(scores), judge.blank(scores))


def _score(item: dict[str, Any], given: float | None) -> ItemScore:
    """Return what a cell earned; anything but points within its own asks for a person, and is never a mark."""
    most, automatic = Decimal(item["points"]), Decimal(item["automatic"])
    if not isinstance(given, int | float) or not math.isfinite(given) or not 0 <= given <= automatic:
        return ItemScore(None, Decimal(0), most, "pending_manual", message=_WAITS)
    points = Decimal(str(given)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if item["manual"] is not None:
        return ItemScore(None, points, most, "pending_manual", message=_SAID)
    return ItemScore(points, points, most, "scored", message=_SAID)


def _lay_out(workspace: Workspace, trial: Workspace, module: str, one: Pending, answers: AnswerSet) -> None:
    """Make the course folder: source, cells, and the submission as received, its notebook under the module's name."""
    shutil.copytree(workspace.source(module), trial.source(module), ignore=shutil.ignore_patterns("*.ipynb"))
    shutil.copytree(workspace.release(module), trial.release(module))
    nbgrader_bridge.cells_only(workspace, trial)
    kept.write_submitted(trial, answers, one.submitted_at)
    submitted = trial.submitted(one.person, module)
    received = workspace.attempt(one.person, module, str(one.number))
    files = {
        str(path.relative_to(received)): path
        for path in sorted(received.rglob("*"))
        if path.is_file() and path.name not in _OURS
    }
    notebook = _notebook(files, module)
    for name, path in files.items():
        if not intake_names.kind(name):
            (submitted / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, submitted / name)
    if notebook is not None:
        shutil.copyfile(notebook, submitted / f"{module}.ipynb")


def _notebook(files: dict[str, Path], module: str) -> Path | None:
    """Return the module's notebook among the files received; without one the release with the answers stands for it."""
    for name in sorted((n for n in files if intake_names.kind(n) == "ipynb"), key=intake_names.preference):
        with contextlib.suppress(AnswersError):
            found = extract(load_json(files[name].read_bytes()))
            if found is not None and found.module == module:
                return files[name]
    return None


def refuse_unknown(connection: Connection, module: str, key: Mapping[str, Any]) -> None:
    """Refuse a module whose new cells were not handed out yet: the gradebook does not know them.

    Raises:
        ModuongError: ``E-GRADE-5``.
    """
    entry = nbgrader_tables.registered(connection, module)
    missing = sorted(set(foreign(key)) - set(entry.grade_cells if entry else ()))
    if missing:
        raise ModuongError(
            "E-GRADE-5",
            _(
                "{module}: sổ điểm chưa biết ô «{missing}». Chạy «nbgrader generate_assignment {module} --force» "
                "trong thư mục làm việc trước.",
                module=module,
                missing=missing[0],
            ),
        )
