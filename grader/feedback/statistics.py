"""Stage ``item_statistics`` (command ``items``).

How the graded items did with real people, for each version of the key, from the ledger.

Counted is each person's *first* accepted attempt of a module that has a result and is not void: later attempts
follow feedback, and one
person would count twice. Blank answers earn 0 and count; answers that could not be graded and parts that await a
marker do not.
Thresholds are those of Q15 (docs/design.md §4.5): at least 50 attempts, p from 0.30 to 0.90, item-rest r of 0.20 or
more,
every wrong option chosen
by 5 % or more of those who answered its variant (allowing for chance); alpha of the course 0.80 or more. Below 50
attempts nothing is judged, below 5 nothing is shown (an answer of one of four
people is an answer with a name).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from grader.feedback import statistics_numbers as item_numbers
from grader.feedback import statistics_page as item_page
from grader.feedback.statistics_records import Course, Item, Module, OptionUse, Thresholds, VariantUse
from grader.feedback.statistics_typed import frequent
from grader.gradebook import results
from grader.ground.database import attempts
from grader.ground.workspace import Workspace
from grader.itemtypes import TYPES

FILE = "items.html"


@dataclass(frozen=True, slots=True)
class First:
    """A person's first attempt of a module: the key it was graded with, its items as scored, and what was answered."""

    person: str
    key_version: str
    scores: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Mapping[str, Any]]
    simulated: bool

    def shares(self) -> dict[str, float | None]:
        """Return item → share of its points; ``None`` where it was not scored."""
        return {
            i: None if s["points"] is None else s["points"] / s["max_points"]
            for i, s in self.scores.items()
            if s["max_points"]
        }


def first_attempts(connection: Connection, module: str) -> list[First]:
    """Return every person's first accepted attempt of a module that was graded, oldest first."""
    newest = results.latest()
    query = (
        sa.select(attempts, newest.c.key_version, newest.c["items"], newest.c.state.label("found"))
        .select_from(attempts.outerjoin(newest, newest.c.attempt_id == attempts.c.attempt_id))
        .where(attempts.c.module_id == module, attempts.c.state == "accepted")
        .order_by(attempts.c.number, attempts.c.submitted_at, attempts.c.attempt_id)
    )
    found: dict[str, First | None] = {}
    for row in connection.execute(query).mappings():
        # A void first attempt, or one that is not graded yet, does not count, but the second is no first one for that.
        if row["person_id"] not in found:
            found[row["person_id"]] = None if row["found"] in {None, results.VOID} else _first(row)
    return [first for first in found.values() if first is not None]


def _first(row: Mapping[Any, Any]) -> First:
    scored = {i["id"]: i for i in orjson.loads(row["items"])}
    return First(row["person_id"], row["key_version"], scored, orjson.loads(row["answers"]), row["simulated"])


def analyse(workspace: Workspace, engine: Engine, modules: Sequence[str], now: datetime) -> Course:
    """Return the statistics of the named modules, newest key first, and of the course."""
    found: list[Module] = []
    rows: dict[str, dict[str, First]] = {}
    simulated = False
    with engine.connect() as connection:
        for module in modules:
            firsts = first_attempts(connection, module)
            key = _key(workspace, module)
            simulated = simulated or any(f.simulated for f in firsts)
            versions = sorted({f.key_version for f in firsts}, key=lambda v: (v != key.get("key_version"), v))
            found += [
                _module(module, key, version, [f for f in firsts if f.key_version == version]) for version in versions
            ]
            current = {f.person: f for f in firsts if f.key_version == key.get("key_version")}
            if len(current) >= Thresholds.ATTEMPTS:
                rows[module] = current
    alpha, people = _course_alpha(rows)
    return Course(tuple(found), alpha, people, tuple(rows), simulated, now)


def _key(workspace: Workspace, module: str) -> dict[str, Any]:
    path = workspace.key(module)
    return dict(orjson.loads(path.read_bytes())) if path.exists() else {}


def _module(module: str, key: Mapping[str, Any], version: str, firsts: Sequence[First]) -> Module:
    current = key.get("key_version") == version
    keyed = {i["id"]: i for i in key.get("items", ())} if current else {}
    rows = [first.shares() for first in firsts]
    points = {i: float(s["max_points"]) for first in firsts for i, s in first.scores.items() if s["max_points"]}
    shown = len(firsts) >= Thresholds.SHOWN
    items = tuple(_item(name, keyed.get(name), firsts, rows, points) for name in points) if shown else ()
    return Module(module, version, current, len(firsts), item_numbers.alpha(rows, points) if shown else None, items)


def _item(
    name: str,
    keyed: Mapping[str, Any] | None,
    firsts: Sequence[First],
    rows: Sequence[item_numbers.Row],
    points: Mapping[str, float],
) -> Item:
    states = [f.scores[name]["state"] for f in firsts if name in f.scores]
    return Item(
        name,
        str(keyed["type"]) if keyed else "",
        sum(row.get(name) is not None for row in rows),
        states.count("blank"),
        states.count("invalid"),
        states.count("pending_manual"),
        item_numbers.difficulty(rows, name),
        item_numbers.item_rest(rows, name, points),
        tuple(_use(keyed, firsts)) if keyed and keyed["type"] in TYPES else (),
        tuple(_by_variant(keyed, firsts)) if keyed and len(keyed["variants"]) > 1 else (),
        tuple(frequent(keyed, [f.answers.get(name, {}) for f in firsts])) if keyed and _is_typed(keyed) else (),
    )


def _is_typed(keyed: Mapping[str, Any]) -> bool:
    return keyed["type"] in TYPES and TYPES[keyed["type"]].typed


def _by_variant(keyed: Mapping[str, Any], firsts: Sequence[First]) -> Iterator[VariantUse]:
    """Yield how each body of an item did; below 5 people nothing of it is told but how many."""
    name = keyed["id"]
    for variant in range(len(keyed["variants"])):
        mine = [f.shares().get(name) for f in firsts if f.answers.get(name, {}).get("variant", 0) == variant]
        shares = [share for share in mine if share is not None]
        shown = len(shares) >= Thresholds.SHOWN
        yield VariantUse(variant, len(shares), sum(shares) / len(shares) if shown else None)


def _use(keyed: Mapping[str, Any], firsts: Sequence[First]) -> Iterator[OptionUse]:
    """Count, for each variant, who chose which option.

    Answers without a known option (blank, invalid) are not counted.
    """
    of = TYPES[keyed["type"]]
    for variant, body in enumerate(keyed["variants"]):
        picks = of.picks(body)
        chosen = []
        for first in firsts if picks else ():
            answer = first.answers.get(keyed["id"], {})
            if answer.get("variant", 0) == variant:
                picked = of.picked(body, answer.get("value"))
                chosen += [picked] if picked else []
        for pick in picks:
            count = sum(pick.id in picked for picked in chosen)
            yield OptionUse(variant, pick.id, pick.text, pick.right, count, len(chosen))


def _course_alpha(rows: Mapping[str, Mapping[str, First]]) -> tuple[float | None, int]:
    """Return alpha over the items of modules with 50 attempts or more, and how many people did them all."""
    if not rows:
        return None, 0
    people = set.intersection(*(set(module) for module in rows.values()))
    whole = [
        {i: share for module in rows.values() for i, share in module[person].shares().items()}
        for person in sorted(people)
    ]
    points = {
        i: float(s["max_points"])
        for module in rows.values()
        for f in module.values()
        for i, s in f.scores.items()
        if s["max_points"]
    }
    return (item_numbers.alpha(whole, points) if len(people) >= Thresholds.ATTEMPTS else None), len(people)


def write(workspace: Workspace, course: Course, lang: str, file: Path | None = None) -> Path:
    """Write the page, readable by its owner alone because it names the keys; return where it is."""
    target = file or workspace.reports() / FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(item_page.render(course, lang))
    fresh.replace(target)
    return target
