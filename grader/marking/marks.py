"""Carries marks that people gave in formgrader into the ledger: the way by which an essay's points reach completion."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Engine

from course import items
from course.items import MANUAL_PART, ItemScore
from grader.gradebook import keys, nbgrader_marks, nbgrader_tables, results
from grader.gradebook.nbgrader_marks import Mark
from grader.ground import database
from grader.ground.database import attempts
from grader.ground.workspace import Workspace
from grader.marking.due import shown
from grader.marking.grade import load_key
from grader.marking.judge import Judge, from_json


def read_marks(workspace: Workspace, engine: Engine, module: str, now: datetime) -> int:
    """Carry marks given in formgrader into the ledger; return how many attempts changed."""
    known = keys.read(workspace, module, load_key(workspace, module))
    judge_of = functools.cache(lambda release: Judge(known.of(release)))
    with database.writing(engine) as connection:
        entry = nbgrader_tables.registered(connection, module)
        marks: dict[str, list[Mark]] = {}
        for mark in nbgrader_marks.manual_marks(connection, entry) if entry else []:
            marks.setdefault(mark.person, []).append(mark)
        changed = []
        people = {p.attempt_id: p for p in shown(connection, module) if p.person in marks}
        earlier = results.read(connection, attempts.c.module_id == module) if people else {}
        for attempt_id, pending in people.items():
            before, person, judge = earlier[attempt_id], pending.person, judge_of(pending.release)
            scores = {
                entry["id"]: from_json(judge.items[entry["id"]], entry)
                for entry in before.items
                if entry["id"] in judge.items
            }
            result = judge.result(attempt_id, _marked(judge, scores, marks[person]), "manual", _comments(marks[person]))
            result = replace(result, key_version=before.key_version, course_version=before.course_version)
            if (result.state, result.note, _as_plain(result.items)) != (
                before.state,
                before.note,
                _as_plain(before.items),
            ):
                changed.append(result)
        results.append(connection, changed, now)
    return len(changed)


def _marked(judge: Judge, scores: Mapping[str, ItemScore], marks: Sequence[Mark]) -> dict[str, ItemScore]:
    """Add marks to scores: a mark on a waiting item completes it; one on an automatic item replaces its points."""
    found = dict(scores)
    for mark in marks:
        name = mark.grade_id.removesuffix(MANUAL_PART)
        score = found.get(name)
        if score is None:
            continue
        item = judge.items[name]
        if mark.grade_id == name and item["automatic"] is not None:
            manual = Decimal(item["manual"] or 0)
            base = ItemScore(None, Decimal(0), score.max_points, score.state, message=score.message, notes=score.notes)
            found[name] = items.with_mark(item, base, mark.points) if not manual else score
        elif score.state == "pending_manual" or item["manual"] is not None:
            found[name] = items.with_mark(item, score, mark.points)
    return found


def _comments(marks: Sequence[Mark]) -> str:
    return json.dumps({m.grade_id: m.comment for m in marks if m.comment}, ensure_ascii=False)


def _as_plain(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return items as they would be stored, so that equal ones compare equal."""
    return json.dumps(list(entries), ensure_ascii=False, sort_keys=True)
