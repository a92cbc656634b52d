"""An independent, naive scorer.

Reads the exercise Markdown itself and scores answers as docs/design.md §6 and docs/items.md say.

Shares no code with ``course`` or ``grader`` and cares for no speed. ``tests/itemtypes/test_oracle_scoring.py``
compares the two.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from tests.support import oracle_text

Item = dict[str, Any]
CUT = 10_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Invalid(Exception):
    """Wrong JSON type, unknown id, an id twice, nothing readable."""


def read_items(path: Path) -> dict[str, Item]:
    """Return the items of an exercise file by id; every scalar is a string."""
    items: dict[str, Item] = {}
    inside, body = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        opening = re.fullmatch(r"`{3,}\{item\}\s+(\S+)\s*", line)
        if opening and not inside:
            inside, body = opening[1], []
        elif inside and re.fullmatch(r"`{3,}\s*", line):
            items[inside] = yaml.load("\n".join(body), yaml.BaseLoader)
            inside = ""
        elif inside:
            body.append(line)
    kept = path.with_name("ids.yaml")
    if kept.exists():
        named(items, yaml.load(kept.read_text(encoding="utf-8"), yaml.BaseLoader)["items"])
    return items


def named(items: dict[str, Item], kept: dict[str, list[dict[str, dict[str, str]]]]) -> None:
    """Give options, sides, steps and parts the ids under which their texts stand in ``ids.yaml``."""
    for item, bodies in kept.items():
        for body, lists in zip([items[item], *items[item].get("variants", [])], bodies, strict=True):
            for name, texts in lists.items():
                ids = {text: key for key, text in texts.items()} if name != "withdrawn" else {}
                for entry in body.get(name, []):
                    said = {str(value) for value in entry.values()} & ids.keys()
                    if said:
                        entry["id"] = ids[said.pop()]


def variant_of(item: Item, number: Any) -> Item:
    """Return the item with the fields of that variant in place, and its ids given."""
    bodies: list[Item] = [{}, *item.get("variants", [])]
    if type(number) is not int or not 0 <= number < len(bodies):
        raise Invalid
    shown = item | bodies[number]
    names = {"options": LETTERS.upper(), "places": LETTERS.upper(), "right": LETTERS, "parts": LETTERS}
    for name in ("options", "places", "left", "right", "steps", "parts", "gaps"):
        shown[name] = with_ids(shown.get(name, []), names.get(name, ""))
    for gap in shown["gaps"]:
        if "choices" in gap:
            gap["choices"] = with_ids(gap["choices"], LETTERS.upper())
    if shown["type"] == "grid":
        shown["columns"], shown["rows"] = with_ids(shown["columns"], LETTERS), with_ids(shown["rows"], "")
    return shown


def with_ids(entries: list[Item], letters: str) -> list[Item]:
    """Return entries with the letter of their place as id, or its number, where they say none."""
    return [{"id": letters[i] if letters else str(i + 1)} | entry for i, entry in enumerate(entries)]


def is_blank(value: Any) -> bool:
    if isinstance(value, dict):
        return all(part is None or (isinstance(part, str) and not oracle_text.seen(part)) for part in value.values())
    return value in (None, []) or (isinstance(value, str) and not oracle_text.seen(value))


def score_single(item: Item, value: Any) -> Fraction:
    if not isinstance(value, str) or value not in [o["id"] for o in item["options"]]:
        raise Invalid
    right = [o["id"] for o in item["options"] if o.get("correct") == "true"]
    return Fraction(item["points"]) * (value in right)


def distinct_ids(value: Any, known: list[str]) -> list[str]:
    if (
        not isinstance(value, list)
        or any(not isinstance(v, str) or v not in known for v in value)
        or len(set(value)) < len(value)
    ):
        raise Invalid
    return value


def score_multiple(item: Item, value: Any) -> Fraction:
    options = item["options"] or item["places"]  # a hotspot is a multiple whose options lie on a picture
    chosen = distinct_ids(value, [o["id"] for o in options])
    right = [o["id"] for o in options if o.get("correct") == "true"]
    wrong = [o["id"] for o in options if o.get("correct") != "true"]
    if any(v in chosen for v in item.get("veto", [])):
        return Fraction(0)
    share = Fraction(sum(o in chosen for o in right), len(right))
    if wrong:
        share -= Fraction(sum(o in chosen for o in wrong), len(wrong))
    return Fraction(item["points"]) * max(Fraction(0), share)


def given_parts(value: Any, known: list[str]) -> dict[str, str]:
    """Return the parts that are filled in; all are text and known."""
    if not isinstance(value, dict) or any(part not in known for part in value):
        raise Invalid
    if any(v is not None and not isinstance(v, str) for v in value.values()):
        raise Invalid
    return {part: v for part, v in value.items() if not is_blank(v)}


def score_match(item: Item, value: Any) -> Fraction:
    pairs = given_parts(value, [entry["id"] for entry in item["left"]])
    distinct_ids(list(pairs.values()), [r["id"] for r in item["right"]])
    right = sum(pairs.get(entry["id"]) == entry["key"] for entry in item["left"])
    return Fraction(item["points"]) * Fraction(right, len(item["left"]))


def score_order(item: Item, value: Any) -> Fraction:
    placed = distinct_ids(value, [s["id"] for s in item["steps"]])
    kept = broken = total = 0
    for before, after in combinations(item["key"], 2):
        for a in before:
            for b in after:
                total += 1
                if a in placed and b in placed:
                    kept += placed.index(a) < placed.index(b)
                    broken += placed.index(a) > placed.index(b)
    return Fraction(item["points"]) * max(Fraction(0), Fraction(kept - broken, total))


def read_number(text: str, unit: str = "") -> Fraction | None:
    """Return the number as people write it in Vietnamese, or None."""
    text = oracle_text.seen(text)
    unit = oracle_text.nfc(unit).strip()
    if unit and text.casefold().endswith(unit.casefold()):
        text = text[: len(text) - len(unit)].strip()
    sign = -1 if text[:1] in {"-", "−"} else 1
    digits = text[1:].strip() if sign < 0 else text
    if len(digits) > 40:  # nobody's count of anything
        return None
    if re.fullmatch(r"[1-9][0-9]{0,2}([. ][0-9]{3})+(,[0-9]+)?", digits):
        digits = digits.replace(".", "").replace(" ", "")
    elif not re.fullmatch(r"[0-9]+([.,][0-9]+)?", digits):
        return None
    return sign * Fraction(digits.replace(",", "."))


def number_points(field: Item, text: str) -> Fraction | None:
    """Return what one part or cell earns, or None if the number cannot be read."""
    number = read_number(text, field.get("unit", ""))
    if number is None:
        return None
    near = abs(number - Fraction(field["value"])) <= Fraction(field.get("tol", "0"))
    return Fraction(field["points"]) if near else Fraction(0)


def sum_of_readable(earned: list[Fraction | None]) -> Fraction:
    readable = [points for points in earned if points is not None]
    if not readable:
        raise Invalid
    return sum(readable, Fraction(0))


def score_number(item: Item, value: Any) -> Fraction:
    equal = str(Fraction(item["points"]) / len(item["parts"]))  # where the parts carry no points of their own
    parts = {part["id"]: {"points": equal} | part for part in item["parts"]}
    return sum_of_readable([number_points(parts[name], text) for name, text in given_parts(value, list(parts)).items()])


def same_text(text: str, accepted: list[str], *, fold: bool) -> bool:
    def shape(written: str) -> str:
        written = oracle_text.canonical(oracle_text.seen(written))
        while written and not written[0].isalnum():
            written = written[1:]
        while written and not written[-1].isalnum():
            written = written[:-1]
        return oracle_text.plain(written) if fold else written

    return shape(text) in [shape(a) for a in accepted]


def score_text(item: Item, value: Any) -> Fraction:
    if not isinstance(value, str):
        raise Invalid
    return Fraction(item["points"]) * same_text(value[:CUT], item["accept"], fold=item.get("fold") == "true")


def score_table(item: Item, value: Any) -> Fraction:
    asked = {name: cell for name, cell in item["cells"].items() if "given" not in cell}
    earned: list[Fraction | None] = []
    for name, text in given_parts(value, list(asked)).items():
        cell = asked[name]
        if "accept" in cell:
            earned.append(Fraction(cell["points"]) * same_text(text, cell["accept"], fold=False))
        else:
            earned.append(number_points(cell, text))
    return sum_of_readable(earned)


def equal_shares(item: Item, parts: list[Item]) -> list[Item]:
    """Return parts that carry points, where the author gave none."""
    return [{"points": str(Fraction(item["points"]) / len(parts))} | part for part in parts]


def score_grid(item: Item, value: Any) -> Fraction:
    chosen = given_parts(value, [row["id"] for row in item["rows"]])
    if any(column not in [c["id"] for c in item["columns"]] for column in chosen.values()):
        raise Invalid
    earned = Fraction(0)
    for row in equal_shares(item, item["rows"]):
        keys = row["key"] if isinstance(row["key"], list) else [row["key"]]
        if chosen.get(row["id"]) in keys:
            earned += Fraction(row["points"])
    return earned


def score_cloze(item: Item, value: Any) -> Fraction:
    gaps = {gap["id"]: gap for gap in equal_shares(item, item["gaps"])}
    filled = given_parts(value, list(gaps))
    earned: list[Fraction | None] = []
    for name, text in filled.items():
        gap = gaps[name]
        if "choices" in gap:
            if text not in [c["id"] for c in gap["choices"]]:
                raise Invalid
            right = [c["id"] for c in gap["choices"] if c.get("correct") == "true"]
            earned.append(Fraction(gap["points"]) * (text in right))
        elif "accept" in gap:
            earned.append(Fraction(gap["points"]) * same_text(text, gap["accept"], fold=gap.get("fold") == "true"))
        else:
            earned.append(number_points(gap, text))
    return sum_of_readable(earned)


def score_post(item: Item, value: Any) -> tuple[Fraction, str]:
    if not isinstance(value, str):
        raise Invalid
    text = value[:CUT]
    if oracle_text.syllables(text) < int(item.get("min_words", "0")):
        return Fraction(0), "scored"
    if any(oracle_text.rules_met(text, rule) for rule in item.get("veto", [])):
        return Fraction(0), "scored"
    points = sum((Fraction(c["points"]) for c in item["checks"] if oracle_text.rules_met(text, c)), Fraction(0))
    return points, "pending_manual" if "manual" in item else "scored"


def score_essay(item: Item, value: Any) -> tuple[Fraction, str]:
    if not isinstance(value, str):
        raise Invalid
    return Fraction(0), "pending_manual"


SCORERS: dict[str, Any] = {
    "single": score_single,
    "multiple": score_multiple,
    "match": score_match,
    "order": score_order,
    "number": score_number,
    "text": score_text,
    "table": score_table,
    "post": score_post,
    "essay": score_essay,
    "cloze": score_cloze,
    "grid": score_grid,
    "hotspot": score_multiple,
}


def rounded(points: Fraction) -> Decimal:
    return (Decimal(points.numerator) / Decimal(points.denominator)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def score(item: Item, value: Any, variant: Any = 0) -> dict[str, Any]:
    """Return ``state``, ``points`` and ``critical_met`` of one answer."""
    points: Decimal | None
    try:
        if is_blank(value):
            points, state = Decimal("0.00"), "blank"
        else:
            shown = variant_of(item, variant)
            earned = SCORERS[shown["type"]](shown, value)
            exact, state = earned if isinstance(earned, tuple) else (earned, "scored")
            points = rounded(exact) if state == "scored" else None
    except Invalid:
        points, state = None, "invalid"
    critical = None
    if "critical" in item and state != "pending_manual":
        critical = points is not None and points >= Decimal(item["critical"])
    return {"state": state, "points": points, "critical_met": critical}


def module(path: Path, answers: dict[str, Any]) -> dict[str, Any]:
    """Return what ``moduong score --json`` prints of the items that need no box; no total while a marker is awaited."""
    rows = []
    for name, item in read_items(path).items():
        if item["type"] == "code" or item.get("withdrawn") == "true":
            continue
        entry = answers.get(name, {"value": None})
        result = score(item, entry["value"], entry.get("variant", 0))
        rows.append({"id": name, "max_points": Decimal(item["points"])} | result)
    waiting = any(row["state"] == "pending_manual" for row in rows)
    return {
        "items": rows,
        "points": None if waiting else sum((row["points"] or Decimal(0) for row in rows), Decimal(0)),
        "max_points": sum((row["max_points"] for row in rows), Decimal(0)),
    }
