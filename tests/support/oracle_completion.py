"""An independent, naive completion: loops over dictionaries, written from docs/design.md §5 and §9 only.

Shares no code with ``grader`` and cares for no speed. ``tests/completion/test_completion.py`` compares the two on
random rosters.
"""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Rejects = set[tuple[str, int, str]]
Why = Callable[[Row, list[Row]], str | None]
FOREVER = dt.date(9999, 12, 31)
KINDS = ["union", "corporation", "grassroots_union", "member_grassroots_union", "section_union", "union_group"]
POSTS = ["chair", "vice_chair", "acting_chair", "comms_officer", "collaborator", "member"]
KIND_ORDER = ["grassroots_union", "member_grassroots_union", "section_union"]
POST_ORDER = ["chair", "acting_chair", "vice_chair"]


def completion(folder: Path, rules: dict[str, Any], as_of: dt.date) -> dict[str, Any]:
    """Return ``targets`` as in docs/design.md §5.12 without ``rule``, and the set of (file, line, code) rejected."""
    rejects: Rejects = set()
    units, people, posts = read_roster(folder, rejects)
    attempts = read_attempts(folder / "attempts.csv", people, rules, rejects)
    outside = read_external(folder / "external.csv", people, rejects)
    targets = [
        target_result(name, rules, units, people, posts, attempts, outside, as_of)
        for name in rules["targets"]
        if name != "set"
    ]
    return {"targets": targets, "rejected": rejects}


def rows_of(path: Path) -> list[Row]:
    """Return the rows as dictionaries with ``line``; values trimmed and NFC."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows: list[Row] = []
        for number, row in enumerate(csv.DictReader(stream)):
            clean: Row = {k: unicodedata.normalize("NFC", v).strip() for k, v in row.items()}
            clean["line"] = number + 2
            rows.append(clean)
        return rows


def to_date(text: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = dt.datetime.strptime(text, form)
        except ValueError:
            continue
        return day.date() if day.strftime(form) == text else None
    return None


def fault_in_fields(row: Row, needed: list[str], lists: dict[str, list[str]]) -> str | None:
    """Return the first of ROS-01, 02, 03, 08, and turn the dates of a row into dates."""
    for column in needed:
        if row[column] == "":
            return "ROS-01"
    if "start" in row:
        row["start"] = to_date(row["start"])
        row["end"] = FOREVER if row["end"] == "" else to_date(row["end"])
        if row["start"] is None or row["end"] is None:
            return "ROS-02"
        if row["end"] < row["start"]:
            return "ROS-03"
    for column, allowed in lists.items():
        if row[column] not in allowed:
            return "ROS-08"
    return None


def share_a_day(one: Row, other: Row) -> bool:
    return bool(one["start"] <= other["end"] and other["start"] <= one["end"])


def accept(rows: list[Row], file: str, rejects: Rejects, code_of: Why) -> list[Row]:
    """Go down the file; ``code_of(row, accepted so far)`` says why a row is rejected, if it is."""
    accepted: list[Row] = []
    for row in rows:
        code = code_of(row, accepted)
        if code:
            rejects.add((file, row["line"], code))
        else:
            accepted.append(row)
    return accepted


def read_roster(folder: Path, rejects: Rejects) -> tuple[list[Row], list[Row], list[Row]]:
    needed = ["unit_id", "name", "kind", "start"]
    units = accept(
        rows_of(folder / "units.csv"), "units.csv", rejects, lambda r, _: fault_in_fields(r, needed, {"kind": KINDS})
    )
    people = accept(
        rows_of(folder / "people.csv"),
        "people.csv",
        rejects,
        lambda r, _: fault_in_fields(r, ["person_id", "full_name"], {}),
    )
    needed = ["person_id", "unit_id", "post", "start"]
    posts = accept(
        rows_of(folder / "posts.csv"), "posts.csv", rejects, lambda r, _: fault_in_fields(r, needed, {"post": POSTS})
    )

    def same(one: Row, other: Row, columns: list[str]) -> bool:
        return all(spelled(one[c], c) == spelled(other[c], c) for c in columns)

    def overlaps(columns: list[str]) -> Why:
        return lambda row, above: (
            "ROS-06" if any(same(row, a, columns) and share_a_day(row, a) for a in above) else None
        )

    units = accept(units, "units.csv", rejects, overlaps(["unit_id"]))
    people = accept(
        people,
        "people.csv",
        rejects,
        lambda row, above: "ROS-04" if any(same(row, a, ["person_id"]) for a in above) else None,
    )
    posts = accept(posts, "posts.csv", rejects, overlaps(["person_id", "unit_id", "post"]))

    units = drop_unknown(units, "units.csv", "unit_id", ["parent_id", "successor_id"], rejects)
    on_cycle = [u for u in units if on_parent_cycle(u, units) or on_successor_cycle(u, units)]
    rejects |= {("units.csv", u["line"], "ROS-07") for u in on_cycle}
    units = drop_unknown(
        [u for u in units if u not in on_cycle], "units.csv", "unit_id", ["parent_id", "successor_id"], rejects
    )

    on_cycle = [p for p in people if on_same_as_cycle(p, people)]
    rejects |= {("people.csv", p["line"], "ROS-07") for p in on_cycle}
    people = drop_unknown([p for p in people if p not in on_cycle], "people.csv", "person_id", ["same_as"], rejects)

    unit_ids = {u["unit_id"] for u in units}
    person_ids = {p["person_id"].lower() for p in people}
    posts = accept(
        posts,
        "posts.csv",
        rejects,
        lambda row, _: None if row["unit_id"] in unit_ids and row["person_id"].lower() in person_ids else "ROS-05",
    )
    return units, people, posts


def spelled(identifier: str, column: str) -> str:
    """Ids of people are compared without case (docs/design.md §7.5); all others as they are written."""
    return identifier.lower() if column == "person_id" else identifier


def drop_unknown(rows: list[Row], file: str, own: str, names: list[str], rejects: Rejects) -> list[Row]:
    while True:
        ids = {spelled(row[own], own) for row in rows} | {""}
        bad = [row for row in rows if any(spelled(row[name], own) not in ids for name in names)]
        if not bad:
            return rows
        rejects |= {(file, row["line"], "ROS-05") for row in bad}
        rows = [row for row in rows if row not in bad]


def on_parent_cycle(unit: Row, units: list[Row]) -> bool:
    """Tell whether on some day the parents lead back to this row."""
    for day in {u["start"] for u in units}:
        row: Row | None = unit if unit["start"] <= day <= unit["end"] else None
        for _ in range(len(units)):
            row = valid_on(row["parent_id"], units, day) if row else None
            if row is unit:
                return True
    return False


def on_successor_cycle(unit: Row, units: list[Row]) -> bool:
    """Tell whether the successors lead back to this row; each is taken as it stands when the one before ends."""
    row: Row | None = unit
    for _ in range(len(units)):
        if row is None or not row["successor_id"]:
            return False
        after = row["end"] if row["end"] == FOREVER else row["end"] + dt.timedelta(days=1)
        rows = [u for u in units if u["unit_id"] == row["successor_id"]]
        begun = [u for u in rows if u["start"] <= after]
        row = max(begun, key=lambda u: u["start"]) if begun else min(rows, key=lambda u: u["start"], default=None)
        if row is unit:
            return True
    return False


def on_same_as_cycle(person: Row, people: list[Row]) -> bool:
    row: Row | None = person
    for _ in range(len(people)):
        row = next((p for p in people if row and p["person_id"].lower() == row["same_as"].lower()), None)
        if row is person:
            return True
    return False


def survivor(person_id: str, people: list[Row]) -> Row | None:
    """Return the row at the end of the chain of merges."""
    for person in people:
        if person["person_id"].lower() == person_id.lower():
            return survivor(person["same_as"], people) if person["same_as"] else person
    return None


def valid_on(unit_id: str, units: list[Row], day: dt.date) -> Row | None:
    for unit in units:
        if unit["unit_id"] == unit_id and unit["start"] <= day <= unit["end"]:
            return unit
    return None


def standing(unit_id: str, units: list[Row], day: dt.date) -> Row | None:
    """Return the unit that day, or the one that carries on for it."""
    for _ in range(len(units) + 1):
        now = valid_on(unit_id, units, day)
        if now:
            return now
        ended = [u for u in units if u["unit_id"] == unit_id and u["end"] < day]
        if not ended:
            return None
        unit_id = max(ended, key=lambda u: u["end"])["successor_id"]
    return None


def above(unit: Row, units: list[Row], day: dt.date) -> list[Row]:
    chain: list[Row] = []
    parent = standing(unit["parent_id"], units, day)
    while parent and parent not in chain and parent is not unit:
        chain.append(parent)
        parent = standing(parent["parent_id"], units, day)
    return chain


def to_number(text: str) -> Decimal | None:
    if not all(c in "0123456789." for c in text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def to_instant(text: str) -> dt.datetime | None:
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.utcoffset() is not None else None


def fault_in_attempt(row: Row, people: list[Row], rules: dict[str, Any], above_ids: set[str]) -> str | None:
    if survivor(row["person_id"], people) is None:
        return "ATT-01"
    if row["module_id"] not in rules["modules"]:
        return "ATT-02"
    score, most = to_number(row["score"]), to_number(row["max_score"])
    wrong = [
        row["status"] not in {"graded", "pending_manual", "unreadable", "void"},
        to_instant(row["submitted_at"]) is None,
        row["graded_at"] != "" and to_instant(row["graded_at"]) is None,
        row["critical_met"] not in {"true", "false", ""} or row["component_met"] not in {"true", "false", ""},
        score is None and (row["score"] != "" or row["status"] == "graded"),
        most is None and (row["max_score"] != "" or row["status"] == "graded"),
        most == 0,
        score is not None and most is not None and score > most,
        row["attempt_id"] == "" or row["attempt_id"] in above_ids,
    ]
    return "ATT-03" if any(wrong) else None


def read_attempts(path: Path, people: list[Row], rules: dict[str, Any], rejects: Rejects) -> list[Row]:
    return accept(
        rows_of(path),
        "attempts.csv",
        rejects,
        lambda row, seen: fault_in_attempt(row, people, rules, {a["attempt_id"] for a in seen}),
    )


def pass_date(
    person_id: str, module: str, attempts: list[Row], people: list[Row], rules: dict[str, Any]
) -> dt.date | None:
    """Return the date of the first passing attempt of one person at one module."""
    dates = []
    for row in attempts:
        if row["module_id"] != module or row["status"] != "graded":
            continue
        holder = survivor(row["person_id"], people)
        if holder is None or holder["person_id"] != person_id:
            continue
        share = Fraction(row["score"]) / Fraction(row["max_score"])
        needed = Fraction(str(rules["modules"][module]["pass_mark"])) / Fraction(
            str(rules["modules"][module]["points"])
        )
        if share >= needed and row["critical_met"] != "false" and row["component_met"] != "false":
            when = dt.datetime.fromisoformat(row["submitted_at"])
            dates.append(when.astimezone(ZoneInfo(rules["course"]["time_zone"])).date())
    return min(dates) if dates else None


def target_result(
    name: str,
    rules: dict[str, Any],
    units: list[Row],
    people: list[Row],
    posts: list[Row],
    attempts: list[Row],
    outside: list[Row],
    as_of: dt.date,
) -> dict[str, Any]:
    target = rules["targets"][name]
    held: dict[str, list[tuple[Any, str]]] = {}
    for post in posts:
        person = survivor(post["person_id"], people)
        unit = standing(post["unit_id"], units, as_of)
        if not post["start"] <= as_of <= post["end"] or post["post"] not in target["posts"]:
            continue
        if person is None or person["is_test"].lower() in {"1", "true", "yes"} or unit is None:
            continue
        corporation = next((u["unit_id"] for u in above(unit, units, as_of) if u["kind"] == "corporation"), None)
        direct = [u["kind"] for u in above(unit, units, as_of)][:1] == ["union"]
        if unit["kind"] not in target["unit_kinds"] or not (
            corporation if target["under"] == "corporation" else direct
        ):
            continue
        rank = (
            KIND_ORDER.index(unit["kind"]),
            POST_ORDER.index(post["post"]) if post["post"] in POST_ORDER else 9,
            post["start"],
            unit["unit_id"],
        )
        held.setdefault(person["person_id"], []).append((rank, corporation or ""))
    where = {person: min(seats)[1] for person, seats in held.items()}
    trained = {person for person in where if is_trained(person, target, rules, attempts, people, as_of)}
    elsewhere = {person for person in where if took_outside(person, target, outside, people, as_of)}
    if target.get("external") == "counts":
        trained = trained | elsewhere
    result = {
        "id": name,
        **figures(len(trained), len(where), target["goal"]),
        "external": len(elsewhere),
        "by_corporation": [],
    }
    if target["under"] == "corporation":
        for unit in sorted((u for u in units if u["kind"] == "corporation"), key=lambda u: u["unit_id"]):
            if valid_on(unit["unit_id"], units, as_of) is unit:
                there = {person for person, c in where.items() if c == unit["unit_id"]}
                row = {"unit_id": unit["unit_id"], **figures(len(there & trained), len(there), target["goal"])}
                row["external"] = len(there & elsewhere)
                result["by_corporation"].append(row)
    return result


def read_external(path: Path, people: list[Row], rejects: Rejects) -> list[Row]:
    if not path.exists():
        return []

    def code_of(row: Row, above: list[Row]) -> str | None:
        if "" in {row["person_id"], row["course"], row["day"]}:
            return "ROS-01"
        day = to_date(row["day"])
        if day is None:
            return "ROS-02"
        row["day"] = day
        if survivor(row["person_id"], people) is None:
            return "ROS-05"
        for other in above:
            if all(spelled(row[c], c) == spelled(other[c], c) for c in ("person_id", "course")) and other["day"] == day:
                return "ROS-15"
        return None

    return accept(rows_of(path), "external.csv", rejects, code_of)


def took_outside(person: str, target: Row, outside: list[Row], people: list[Row], as_of: dt.date) -> bool:
    for row in outside:
        holder = survivor(row["person_id"], people)
        there = holder is not None and holder["person_id"] == person
        if there and dt.date.fromisoformat(target["counts_from"]) <= row["day"] <= as_of:
            return True
    return False


def is_trained(
    person: str, target: Row, rules: dict[str, Any], attempts: list[Row], people: list[Row], as_of: dt.date
) -> bool:
    dates = [pass_date(person, module, attempts, people, rules) for module in rules["tracks"][target["track"]]]
    known = [day for day in dates if day]
    return len(known) == len(dates) and dt.date.fromisoformat(target["counts_from"]) <= max(known) <= as_of


def figures(numerator: int, denominator: int, goal: list[int]) -> dict[str, Any]:
    """Return the five figures by counting up, not by formula."""
    if denominator == 0:
        return {"numerator": 0, "denominator": 0, "percent": None, "met": None, "shortfall": 0}
    percent = (Decimal(100) * numerator / denominator).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    shortfall = 0
    while Fraction(numerator + shortfall, denominator) < Fraction(*goal):
        shortfall += 1
    return {
        "numerator": numerator,
        "denominator": denominator,
        "percent": str(percent),
        "met": shortfall == 0,
        "shortfall": shortfall,
    }
