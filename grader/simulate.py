"""Invented answers of differing skill, from the key: for the demo, the tests' vectors and the benches. Seeded, never random."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_TEXT = (
    "Cảm ơn anh em đã nêu ý kiến. Đúng là năm ngoái công đoàn chưa trả lời rõ. Tuần này tôi gặp các tổ ca đêm lúc giao ca, "
    "ghi từng ý kiến; tuần sau Ban Chấp hành họp và báo lại bằng bản tin ở bảng giao ca. "
)


def right(item: Mapping[str, Any], variant: int = 0) -> Any:  # an answer value
    """Return an answer that earns every automatic point of the keyed ``item``."""
    body = item["variants"][variant]
    match item["type"]:
        case "single":
            return body["correct"][0]
        case "multiple":
            return list(body["correct"])
        case "match":
            return dict(body["key"])
        case "order":
            return [step for group in body["key"] for step in group]
        case "number":
            return {p["id"]: _vietnamese(p["value"]) for p in body["parts"]}
        case "text":
            return body["accept"][0]
        case "table":
            return {n: c["accept"][0] if "accept" in c else _vietnamese(c["value"]) for n, c in body["cells"].items() if "given" not in c}
        case "post":
            return body["sample"]
        case "code":
            return body["solution"]
    return _TEXT * (1 + body["words"][0] // 60)


def wrong(item: Mapping[str, Any], rng: random.Random, variant: int = 0) -> Any:  # an answer value
    """Return a plausible answer that earns less than full points."""
    body = item["variants"][variant]
    match item["type"]:
        case "single":
            return rng.choice([o["id"] for o in body["options"] if o["id"] not in body["correct"]])
        case "multiple":
            bad = [o["id"] for o in body["options"] if o["id"] not in body["correct"]]
            return sorted([rng.choice(body["correct"]), rng.choice(bad)])
        case "match":
            names = list(body["key"])
            first, second = rng.sample(names, 2)
            key = dict(body["key"])
            key[first], key[second] = key[second], key[first]
            return key
        case "order":
            steps = [step for group in body["key"] for step in group]
            place = rng.randrange(len(steps) - 1)
            return [*steps[place + 1 :], *steps[: place + 1]]
        case "number":
            return {p["id"]: _vietnamese(_off(p, rng)) for p in body["parts"]}
        case "text":
            return "chưa nhớ"
        case "table":
            cells = [n for n, c in body["cells"].items() if "given" not in c]
            return dict.fromkeys(cells, "0")
        case "post":
            return _TEXT
        case "code":
            return body["starter"]
    return _TEXT


def _off(part: Mapping[str, Any], rng: random.Random) -> str:
    if part["feedback"] and rng.random() < 0.7:  # most mistakes are the typical ones
        return str(rng.choice(part["feedback"])["value"])
    return str(Decimal(part["value"]) + 7 * (1 + Decimal(part["tol"])))


def _vietnamese(number: str) -> str:
    return number.replace(".", ",")
