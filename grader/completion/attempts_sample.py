"""Writes attempts.csv for a synthetic roster without running the course: to time completion, and to try it out."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from grader.ground.syllabus import Module, Syllabus
from grader.roster.records import ATTEMPT_COLUMNS
from grader.roster.sample.files import read_learners
from grader.roster.sample.people import AS_OF, BEGUN, LATE, TRAINED, WAITING, Learner

_FIRST_DAY = 15  # of 2026: the course opens in mid-January
_RETRIES = 0.3
_FAILING = Decimal("0.4")  # share of the points


def write(folder: Path, syllabus: Syllabus, seed: int) -> None:
    """Write ``attempts.csv`` beside a roster made by ``roster.sample.write``; diligence is explained there."""
    rng = random.Random(f"attempts-{seed}")  # not for secrets
    with (folder / "attempts.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(ATTEMPT_COLUMNS)
        rows = (row for learner in read_learners(folder) for row in _attempts(learner, syllabus, rng))
        writer.writerows([f"A{number:07}", *row] for number, row in enumerate(rows, 1))


def _attempts(learner: Learner, syllabus: Syllabus, rng: random.Random) -> Iterator[list[str]]:
    """Yield the rows of one learner, module after module, without their ids."""
    track = syllabus.tracks[learner.role]
    if learner.diligence < BEGUN:
        return
    opening = datetime.combine(AS_OF.replace(month=1, day=_FIRST_DAY), time(8), syllabus.course.zone)
    closing = datetime.combine(AS_OF, time(23), syllabus.course.zone)
    step = (
        (closing - opening) * rng.uniform(0.3, 1) / (len(track) + 1)
    )  # not all at one pace: a history to forecast from
    for number, module_id in enumerate(track):
        head = learner.person_id, module_id
        module = syllabus.modules[module_id]
        when = opening + step * number + step * rng.random() / 2
        last = number == len(track) - 1
        if number and learner.diligence < WAITING:
            yield [*head, *_graded(when, module.points * _FAILING, module, syllabus.course.version)]
            return
        if rng.random() < _RETRIES:
            yield [*head, *_graded(when, module.points * _FAILING, module, syllabus.course.version)]
            when += timedelta(hours=12 + rng.randrange(48))
        if last and LATE <= learner.diligence < TRAINED:
            when = closing + timedelta(hours=2 + rng.randrange(100))
        if last and WAITING <= learner.diligence < LATE:
            yield [*head, _iso(when), "", str(module.points), "", "", "pending_manual", "", syllabus.course.version]
            return
        above = (module.points - module.pass_mark) * Decimal(rng.randrange(100)) / 100
        yield [*head, *_graded(when, module.pass_mark + above, module, syllabus.course.version)]


def _graded(when: datetime, score: Decimal, module: Module, version: str) -> list[str]:
    """Return the columns after the module for a graded attempt, marked an hour after it was handed in."""
    marked = when + timedelta(hours=1)
    return [_iso(when), f"{score:.2f}", str(module.points), "true", "", "graded", _iso(marked), version]


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
