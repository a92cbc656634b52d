"""Draws answers to an item, as people and attackers write them, to compare the scorer with the oracle."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
Rng = random.Random

BLANKS: list[Any] = [None, "", " ", "\n\t ", "\u00a0", "\u202f\u3000", "\u200b", "\ufeff", "\u200e\u2060", [], {}]
WRONG: list[Any] = [
    0,
    1,
    -1,
    2.5,
    True,
    False,
    [[]],
    [None],
    [""],
    ["  "],
    {"": ""},
    {"zz": ""},
    {"zz": None},
    {"zz": "1"},
    {"1": 5},
    {"a": ["x"]},
]
WRONG += [
    {"a": {}},
    [1],
    ["A", None],
    {"r1c1": "x"},
    "A",
    "a",
    "B ",
    "Z",
    ["A", "A"],
    ["1", "2", "1"],
    "91,25",
    {"1": "b", "2": "b"},
    "…",
    "?!",
]
VARIANTS: list[Any] = [0, 0, 0, 1, 2, -1, 99, 10**9]
UNITS = ["%", "người", "NGƯỜI", "sản phẩm", "đồng", "ký tự/giây", "điểm phần trăm", "phần trăm", "kg", "%%", "% %"]
NUMBERS = [
    "0",
    "00",
    "-0",
    "1.200",
    "1.200,5",
    "0.125",
    "1,200",
    "1,200.5",
    "1e3",
    "½",
    "1 200",
    "1\u00a0200",
    "1\u202f200,5",
    "1.200.000",
    "1 200 000,25",
]
NUMBERS += [
    "1.200 000",
    "12.34.56",
    ".5",
    "5.",
    "5,",
    "9.",
    "+5",
    "–5",
    "−5",
    "- 5",
    "− 5,5",
    "--5",
    "５",
    "９１,２５",
    "٣",
    "12.345",
    "1234.567",
    "0.000",
    "-0,0",
]
NUMBERS += [
    "1’200",
    "1'200",
    "1_000",
    "0x10",
    "nan",
    "Infinity",
    "1/2",
    "3²",
    "khoảng 9",
    "~9",
    "9 hoặc 10",
    "chín",
    "9..",
    "01.200",
    "1.2000",
    "１.２００",
    "\u200b9\u200b",
]
NUMBERS += ["9\ufeff", "\u200e9", "9\u2060,5", "999999999999999999999999999999", "0" * 39 + "9", "9" * 41, "9" * 5000]
CLOCKS = [
    "17:35",
    "17h35",
    "17h 35",
    "17 h 35",
    "17g35",
    "17 giờ 35",
    "17 giờ 35 phút",
    "17h35p",
    "17H35",
    "17 Giờ 35",
    "5 giờ 35 chiều",
    "5h35 chiều",
    "5h35 phút chiều",
]
CLOCKS += [
    "5:35 chiều",
    "18 giờ kém 25",
    "18 giờ kém 25 phút",
    "6 giờ kém 25 chiều",
    "17 giờ rưỡi",
    "7 giờ rưỡi tối",
    "19h",
    "19 h",
    "19 giờ",
    "7 giờ tối",
    "7h tối",
    "10 giờ đêm",
]
CLOCKS += [
    "11h30 đêm",
    "12 giờ đêm",
    "12 giờ trưa",
    "1 giờ trưa",
    "12h15 đêm",
    "1 giờ chiều",
    "12 giờ chiều",
    "0 giờ",
    "24 giờ",
    "25 giờ",
    "17:60",
    "17:3",
    "17h5",
    "17 giờ 5",
]
CLOCKS += [
    "lúc 17:40.",
    "(17:35)",
    "17:35:00",
    "17.35",
    "17/35",
    "ngày 17/5",
    "Mẫu 05: 16 giờ 40",
    "17giờ35",
    "17 giờ35",
    "7h15",
    "07:15",
    "7:15",
    "07h15 sáng",
    "2 giờ sáng",
]
CLOCKS += [
    "16h40",
    "5h20 chiều",
    "17 giờ 20",
    "17h15'",
    "5 giờ 15",
    "19 giờ kém",
    "17 giờ 350",
    "1735",
    "5 giờ chiều nay",
    "17 giờ, 35 người",
    "17 giờ 35 người",
    "5 giờ 35 buổi chiều",
]
NAMES = [
    "anh Mẫu Hùng",
    "Anh Hùng",
    "chị Lan",
    "ông Mẫu",
    "bà Mẫu Hoa",
    "cô Lan",
    "chú Tâm",
    "bác Tâm",
    "em Hùng",
    "bạn Hùng",
    "đồng chí Tâm",
    "thợ Hùng",
    "công nhân Nguyễn Văn Mẫu",
]
NAMES += [
    "anh em Đường dây",
    "chị em Thí nghiệm",
    "anh Em",
    "công nhân Mẫu 11",
    "thợ Mẫu 05 hôm",
    "Anh Hùng 17 giờ 35",
    "chị Lan 45 tuổi",
    "anh A",
    "anh NGUYỄN VĂN MẪU",
    "ANH NGUYỄN VĂN MẪU",
    "công nhân KHÔNG bị",
    "công nhân TRƯỢT CHÂN",
]
NAMES += [
    "công nhân EVN",
    "anh  Hùng",
    "anh\u00a0Hùng",
    "anh\nHùng",
    "anh, Hùng",
    "thanh Hùng",
    "chị Công đoàn",
    "ông Giám đốc",
    "công nhân. Đội",
    "anh hùng",
    "anh Ấn",
    "nạn nhân Tâm",
]
DIGITS = [
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "0912-345-678",
    "+84912345678",
    "+84 912 345 678",
    "84912345678",
    "0912\u00a0345\u00a0678",
    "091 234 5678",
    "024 3826 1234",
]
DIGITS += [
    "1900 1234",
    "001000000000",
    "001 000 000 000",
    "123456789",
    "123 456 789",
    "123.456.789",
    "100.000.000 đồng",
    "150 000 000 đ",
    "12345678",
    "1234567890123",
    "số0912345678",
    "0912345678a",
]
DIGITS += ["1.900", "30/11/2026", "001-000-000-000", "123-456-789", "250.000.000đ", "200.000.000 VND"]
JUNK = [
    "…",
    "!!",
    " – ",
    "\n",
    "\n\n",
    " ; ",
    ". ",
    "? ",
    "“",
    "”",
    "/",
    "😀",
    "_",
    "*",
    "\u200b",
    "\u00ad",
    "\u00a0",
    "x" * 60,
    "١٧",
    "ǅ",
    "ß",
    "İ",
]


def new_tone_style(text: str) -> str:
    """Write old-style tone marks in the new style (hòa → hoà)."""
    return re.sub(r"([oóòỏõọuúùủũụ])([aey])(?!\w)", _moved, unicodedata.normalize("NFC", text))


def _moved(match: re.Match[str]) -> str:
    letters = unicodedata.normalize("NFD", match[1])
    return unicodedata.normalize("NFC", letters[0] + match[2] + letters[1:])


STYLES: list[Callable[[str], str]] = [
    str,
    str,
    str.upper,
    str.title,
    str.lower,
    new_tone_style,
    lambda t: unicodedata.normalize("NFD", t),
    lambda t: unicodedata.normalize("NFKD", t.upper()),
    lambda t: t.replace(" ", "  "),
    lambda t: t.replace(" ", "\u00a0"),
    lambda t: f"  {t}\n",
    lambda t: f"“{t}”.",
    lambda t: f"- {t};",
    lambda t: f"• {t} 😀",
    lambda t: f"({t})!",
    lambda t: t.replace(" ", "\n", 1),
    lambda t: unicodedata.normalize("NFD", t).replace("đ", "d"),
    lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c)).replace("đ", "d"),
]


def any_answer(rng: Rng, item: Item) -> tuple[Any, Any]:
    """Return a value and a variant for the item (as the oracle shows it, ids given)."""
    chance = rng.random()
    if chance < 0.06:
        value = rng.choice(BLANKS)
    elif chance < 0.14:
        value = rng.choice(WRONG)
    else:
        value = DRAW[item["type"]](rng, item)
    return value, rng.choice(VARIANTS) if rng.random() < 0.1 else item["variant"]


def _ids(entries: list[Item]) -> list[str]:
    return [entry["id"] for entry in entries]


def _spoilt(rng: Rng, ids: list[str]) -> list[str]:
    """Return ids, now and then with one unknown, twice or in another case."""
    if rng.random() < 0.15:
        ids = [*ids, rng.choice(["Z", "z", "", " ", "11", *ids, *[i.swapcase() for i in ids], *[f"{i} " for i in ids]])]
    return ids


def _single(rng: Rng, item: Item) -> Any:
    return (_spoilt(rng, [rng.choice(_ids(item["options"]))]))[-1]


def _multiple(rng: Rng, item: Item) -> Any:
    options = item["options"] or item["places"]
    ids = _ids(options)
    chosen = [o["id"] for o in options if (o.get("correct") == "true") == (rng.random() < 0.8)]
    return _spoilt(rng, rng.choice([rng.sample(ids, rng.randint(0, len(ids))), chosen, ids]))


def _match(rng: Rng, item: Item) -> Any:
    right = _ids(item["right"])
    rng.shuffle(right)
    pairs: dict[str, Any] = {}
    for entry, other in zip(item["left"], right, strict=False):
        pairs[entry["id"]] = rng.choice([entry["key"], entry["key"], entry["key"], other])
        if rng.random() < 0.1:
            pairs[entry["id"]] = rng.choice(["", None, "  ", "zz", 3, entry["key"].upper(), rng.choice(right)])
    for name in list(pairs):
        if rng.random() < 0.1:
            del pairs[name]
    if rng.random() < 0.05:
        pairs[rng.choice(["99", "a", ""])] = rng.choice([*right, "", None])
    return pairs


def _order(rng: Rng, item: Item) -> Any:
    steps = [step for group in item["key"] for step in rng.sample(group, len(group))]
    for _ in range(rng.randint(0, 4)):
        steps.insert(rng.randrange(len(steps)), steps.pop(rng.randrange(len(steps))))
    if rng.random() < 0.2:
        steps = steps[: rng.randint(0, len(steps))]
    return _spoilt(rng, rng.choice([steps, steps, steps, steps[::-1]]))


def written(rng: Rng, value: str, unit: str = "") -> str:
    """Write a number as people do."""
    whole, _, rest = value.partition(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", rng.choice([".", " ", "\u00a0", ",", "'"]), whole)
    text = rng.choice([whole, whole, grouped]) + (
        rng.choice([",", ",", "."]) + rest if rest else rng.choice(["", "", ",0", ".00"])
    )
    text = rng.choice(["", "", "", "", "-", "−", "+"]) + text
    if rng.random() < 0.05:
        text = "".join(chr(ord("０") + int(c)) if c.isascii() and c.isdigit() else c for c in text)
    tail = rng.choice([unit, unit.upper(), unicodedata.normalize("NFD", unit), rng.choice(UNITS), "", ""])
    return (
        rng.choice(["", " ", "\u00a0"])
        + text
        + rng.choice(["", " ", "\u00a0", "  "])
        + tail
        + rng.choice(["", "", " ", "\n", "."])
    )


def _near(rng: Rng, part: Item) -> str:
    """Return the value, a value at the very edge of the tolerance, beyond it, or a typical wrong one."""
    places = max(len(part[name].partition(".")[2]) for name in ("value", "tol"))
    value, tol = (round(float(part[name]) * 10 ** (places + 1)) for name in ("value", "tol"))
    typical = [entry["value"] for entry in part.get("feedback", []) if isinstance(entry, dict)]
    near = value + rng.choice([0, 0, 0, tol, -tol, tol + 1, -tol - 1, 10**places, rng.randint(-999, 999)])
    exact = (
        f"{'-' if near < 0 else ''}{abs(near) // 10 ** (places + 1)}.{abs(near) % 10 ** (places + 1):0{places + 1}d}"
    )
    return rng.choice([exact, exact.rstrip("0").rstrip("."), exact.rstrip("0").rstrip("."), *typical])


def _field(rng: Rng, part: Item) -> Any:
    if rng.random() < 0.15:
        return rng.choice([*NUMBERS, "", None, " ", "\u200b", 5, 91.25, ["9"]] if rng.random() < 0.2 else NUMBERS)
    return written(rng, _near(rng, {"tol": "0"} | part), part.get("unit", ""))


def _number(rng: Rng, item: Item) -> Any:
    value = {part["id"]: _field(rng, part) for part in item["parts"] if rng.random() < 0.92}
    if rng.random() < 0.03:
        value[rng.choice(["z", "A", ""])] = rng.choice(["1", "", None])
    return value


def _phrase(rng: Rng, accepted: list[str]) -> str:
    text = rng.choice(accepted)
    for _ in range(rng.choice([0, 1, 1, 2])):
        text = rng.choice(STYLES)(text)
    return rng.choice([text, text, text, text + rng.choice(JUNK), rng.choice(JUNK) + text, text[:-1]])


def _text(rng: Rng, item: Item) -> Any:
    accepted = [*item["accept"], *[a for entry in item.get("feedback", []) for a in entry["accept"]]]
    text = _phrase(rng, accepted)
    return rng.choice([text] * 20 + [text + " " * 10_000 + "x", text + "x" * 10_001])


def _table(rng: Rng, item: Item) -> Any:
    asked = {name: cell for name, cell in item["cells"].items() if "given" not in cell}
    if rng.random() < 0.05:  # many cells are hardly ever all right by chance
        return {n: c["accept"][0] if "accept" in c else str(c["value"]).replace(".", ",") for n, c in asked.items()}
    value: dict[str, Any] = {}
    for name, cell in item["cells"].items():
        if "given" in cell:
            if rng.random() < 0.01:
                value[name] = rng.choice([cell["given"], "", None])
        elif rng.random() < 0.92:
            value[name] = _phrase(rng, cell["accept"]) if "accept" in cell else _field(rng, cell)
    return value


def _grid(rng: Rng, item: Item) -> Any:
    columns = _ids(item["columns"])
    value: dict[str, Any] = {}
    for row in item["rows"]:
        keys = row["key"] if isinstance(row["key"], list) else [row["key"]]
        if rng.random() < 0.9:
            value[row["id"]] = rng.choice([*keys, *keys, rng.choice(columns)])
        if rng.random() < 0.03:
            value[row["id"]] = rng.choice(["", None, "z", keys[0].upper(), f"{keys[0]} ", 1, [keys[0]]])
    if rng.random() < 0.03:
        value[rng.choice(["99", "a", ""])] = rng.choice([*columns, "", None])
    return value


def _cloze(rng: Rng, item: Item) -> Any:
    value: dict[str, Any] = {}
    for gap in item["gaps"]:
        if rng.random() < 0.1:
            continue
        if "choices" in gap:
            right = [c["id"] for c in gap["choices"] if c.get("correct") == "true"]
            value[gap["id"]] = rng.choice([*right, *right, *right, *_ids(gap["choices"])])
            if rng.random() < 0.03:
                value[gap["id"]] = rng.choice(["", None, "Z", right[0].lower(), f"{right[0]} ", 2])
        else:
            value[gap["id"]] = _phrase(rng, gap["accept"]) if "accept" in gap else _field(rng, gap)
    if rng.random() < 0.03:
        value[rng.choice(["9x", "0", ""])] = rng.choice(["1", "", None])
    return value


def _phrases(rule: Any) -> list[str]:
    """Return every phrase that a check names anywhere."""
    if isinstance(rule, str):
        return [rule]
    return [p for inner in (rule.values() if isinstance(rule, dict) else rule) for p in _phrases(inner)]


def _post(rng: Rng, item: Item) -> Any:
    text = rng.choice([item["sample"], *[vector["text"] for vector in item.get("vectors", [])]])
    phrases = [
        p
        for check in [*item["checks"], *item.get("veto", [])]
        for p in _phrases({k: v for k, v in check.items() if k not in {"feedback", "id"}})
    ]
    sources = [phrases, CLOCKS, NAMES, DIGITS, JUNK, ["không", "chưa rõ", "Hẹn", "Công đoàn", "hỏi"]]
    for _ in range(rng.choice([0, 1, 2, 3, 5, 8])):
        words = re.split(r"(\s+)", text)
        place = rng.randrange(len(words))
        change = rng.random()
        if change < 0.5:
            words.insert(place, f" {rng.choice(rng.choice(sources))} ")
        elif change < 0.65:
            del words[place : place + rng.randint(1, 12)]
        elif change < 0.8:
            words[place] = rng.choice(STYLES)(words[place])
        elif change < 0.9:
            words[place] = words[place].rstrip(".,;") + rng.choice([".", ",", ";", "!", ":", "…", ".”", "\n"])
        else:
            words = words[:place] or words
        text = "".join(words)
    text = re.sub(r"\d{1,2}(?:h| giờ |:)\d{2}", lambda m: rng.choice([m[0], m[0], rng.choice(CLOCKS)]), text)
    if rng.random() < 0.15:
        text = rng.choice(STYLES)(text)
    return text + rng.choice([""] * 40 + [" sau" * 3000, "\n" + "x" * 10_000])


def _essay(rng: Rng, item: Item) -> Any:
    return rng.choice(["Cảm ơn anh em.", "x" * 12_000, "Ý 1", 5, ["x"], {"a": "x"}])


DRAW: dict[str, Callable[[Rng, Item], Any]] = {
    "single": _single,
    "multiple": _multiple,
    "match": _match,
    "order": _order,
    "number": _number,
    "text": _text,
    "table": _table,
    "post": _post,
    "essay": _essay,
    "cloze": _cloze,
    "grid": _grid,
    "hotspot": _multiple,
}
