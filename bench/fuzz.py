"""Mutates a valid notebook and ``answers.json`` at random: no uncaught exception, and no score above the honest one.

``python -m bench.fuzz [COUNT] [SEED]``; a failure is printed with its number, which with the seed gives the same
bytes again.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from bench.measure import heading, line
from course.answers import Answer, AnswersError, AnswerSet, embed
from grader.intake.answers_in import find_answers
from grader.marking import autograded
from grader.marking.grade import Judge
from grader.publish import notebooks

COUNT = 10_000
MODULE = "F01"
_HEAD = {"critical": None, "component_min": None, "withdrawn": False, "manual": None}


def _item(number: int, kind: str, points: str, body: dict[str, Any], **head: Any) -> dict[str, Any]:
    base = {**_HEAD, "id": f"{MODULE}-Q0{number}", "type": kind, "points": points, "automatic": points}
    return {**base, **head, "variants": [{"stem": "Câu hỏi", "explanation": "", **body}]}


def _options(*ids: str) -> dict[str, Any]:
    return {"options": [{"id": i, "text": i} for i in ids], "feedback": dict.fromkeys(ids, "Vì vậy."), "veto": []}


# The right answers are so far from the honest, wrong ones that no mutation reaches them: every point more is a hole.
ITEMS = [
    _item(1, "single", "2", {**_options("saisaisai", "dungvaqua"), "correct": ["dungvaqua"]}, critical="2"),
    _item(
        2, "multiple", "1.5", {**_options("motmotmot", "haihaihai", "babababa"), "correct": ["haihaihai", "babababa"]}
    ),
    _item(
        3,
        "number",
        "3",
        {
            "parts": [
                {
                    "id": "pa",
                    "label": "Phần a",
                    "unit": "%",
                    "value": "91.25",
                    "tol": "0.05",
                    "points": "2",
                    "feedback": [],
                },
                {
                    "id": "pb",
                    "label": "Phần b",
                    "unit": "",
                    "value": "73519",
                    "tol": "0",
                    "points": "1",
                    "feedback": [],
                },
            ]
        },
    ),
    _item(4, "text", "1", {"accept": ["đường cơ sở của tổ"], "fold": False, "feedback": []}),
    _item(
        5,
        "order",
        "2",
        {
            "steps": [{"id": f"buoc{n}", "text": f"Bước {n}"} for n in range(4)],
            "key": [["buoc0"], ["buoc1"], ["buoc2"], ["buoc3"]],
            "feedback": [],
        },
    ),
    _item(
        6,
        "match",
        "1",
        {
            "left": [{"id": "trai1", "text": "x"}],
            "right": [{"id": "phai1", "text": "x"}, {"id": "phai2", "text": "y"}],
            "key": {"trai1": "phai1"},
            "feedback": {"trai1": "Vì vậy."},
            "right_feedback": {},
        },
    ),
    _item(7, "essay", "4", {"words": [10, 200], "rubric": []}, automatic=None, manual="4"),
]
KEY = {"module": MODULE, "course": "thu", "course_version": "1", "key_version": "1", "items": ITEMS}
WRONG: dict[str, Any] = {
    "F01-Q01": "saisaisai",
    "F01-Q02": ["motmotmot"],
    "F01-Q03": {"pa": "7", "pb": "8"},
    "F01-Q04": "không nhớ tên gọi",
    "F01-Q05": ["buoc3", "buoc2", "buoc1", "buoc0"],
    "F01-Q06": {"trai1": "khongco"},
    "F01-Q07": "Cảm ơn anh em. <b>Tuần này</b> tôi gặp tổ ca đêm lúc giao ca.",
}
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1 << 62,
    1 << 70,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    " ",
    "x" * 3000,
    "\ud800",
    "\0",
    "\u202e",
    "🇻🇳",
    "__proto__",
    "../../keys/F01.json",
    [],
    [[]],
    {},
    {"value": 1},
    [None],
    {"": None},
    1e308,
]
TOKENS = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"1e999",
    b"NaN",
    b"\\ud800",
    b"\xff",
    b"\0",
    b"9" * 400,
    b'"seq":9e9',
    b"\xef\xbb\xbf",
    b"true",
]


@dataclass(frozen=True, slots=True)
class Found:
    """How many mutations were graded or refused with which code, and what failed."""

    outcomes: Counter[str]
    failures: tuple[str, ...]


def honest() -> tuple[AnswerSet, dict[str, Any], dict[str, Any]]:
    """Return the answer set, the source notebook, and the notebook as handed in."""
    answers = AnswerSet(
        MODULE, {i: Answer(v, 0, n) for n, (i, v) in enumerate(WRONG.items())}, "thu", "0" * 16, "CB-000001"
    )
    sheet = {
        kind: notebooks.notebook(
            notebooks.exercise_cells(MODULE, ITEMS, staff=kind == "staff", stub="*(Chưa có bài viết.)*"),
            "thu",
            MODULE,
            "exercise",
        )
        for kind in ("staff", "release")
    }
    return answers, sheet["staff"], embed(sheet["release"], answers)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) in a document."""
    found, stack = [], [data]
    while stack:
        one = stack.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            found.append((one, key))
            stack.append(one[key])
    return found


def _in_structure(data: Any, rng: random.Random) -> None:
    """Change, remove, move or double something of a document in place."""
    places = _places(data)
    if not places:
        return
    box, key = rng.choice(places)
    action = rng.randrange(5)
    if action == 0:
        box[key] = deepcopy(rng.choice(ODD))
    elif action == 1:
        del box[key]
    elif action == 2:
        other, name = rng.choice(places)
        box[key] = deepcopy(other[name]) if name in other or (isinstance(other, list) and name < len(other)) else None
    elif action == 3 and isinstance(box, list):
        box.insert(rng.randrange(len(box) + 1), deepcopy(box[key]))
    elif isinstance(box, dict):
        box[rng.choice(["seq", "value", "variant", "points", "grade_id", "x", "answers", "person", "module"])] = (
            deepcopy(rng.choice(ODD))
        )


def _in_bytes(raw: bytes, rng: random.Random) -> bytes:
    place, length = rng.randrange(len(raw) + 1), rng.choice([0, 1, 1, 2, 8, 100])
    return (
        raw[:place]
        + rng.choice([b"", bytes([rng.randrange(256)]), rng.choice(TOKENS), raw[place : place + length] * 2])
        + raw[place + length :]
    )


def mutated(data: Any, rng: random.Random) -> bytes:
    """Return the bytes of ``data`` after some mutations of its structure and its bytes."""
    changed = deepcopy(data)
    for _ in range(rng.choice([0, 1, 1, 2, 3, 8])):
        _in_structure(changed, rng)
    raw = json.dumps(changed, ensure_ascii=rng.random() < 0.3).encode("utf-8", "surrogatepass")
    for _ in range(rng.choice([0, 0, 0, 1, 2, 5])):
        raw = _in_bytes(raw, rng)
    return raw[: rng.randrange(len(raw) + 1)] if rng.random() < 0.02 else raw


def run(count: int, seed: int, tick: Callable[[], None] = lambda: None) -> Found:
    """Grade ``count`` mutated hand-ins the way ``collect`` and ``grade`` do."""
    answers, source, sheet = honest()
    judge = Judge(KEY)
    master = autograded.cut(json.dumps(source).encode(), judge.items)
    most = {i: s.automatic for i, s in judge.score(answers).items()}
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        which = rng.randrange(3)
        files = {"answers.json": mutated(answers.to_json(), rng)} if which != 1 else {}
        files |= {f"{MODULE}.ipynb": mutated(sheet, rng)} if which else {}
        try:
            outcomes[_grade(files, judge, master, sheet, most)] += 1
        except Exception as error:  # noqa: BLE001  # that is what we look for
            failures.append(f"{seed}-{number}: {type(error).__name__}: {error}"[:300])
        tick()
    return Found(outcomes, tuple(failures))


def _grade(
    files: dict[str, bytes], judge: Judge, master: autograded.Master, released: dict[str, Any], most: dict[str, Decimal]
) -> str:
    try:
        found = find_answers(files)
    except AnswersError as error:
        error.said.encode()
        return error.code
    stored = json.dumps(
        found.to_json()["answers"], ensure_ascii=False
    ).encode()  # as collect writes it, and grade reads it
    read = {i: Answer(a["value"], a["variant"], a["seq"], a["saved_at"]) for i, a in orjson.loads(stored).items()}
    again = AnswerSet(found.module, read, person=found.person)
    found.content_hash()
    json.dumps(embed(released, again), ensure_ascii=False).encode()
    scores = judge.score(again)
    autograded.render(master, again, scores)
    json.dumps(judge.result("x", scores, "grade").items)
    judge.grades(scores)
    for item, score in scores.items():
        if score.automatic > most[item] or (score.points or 0) > most[item] or score.critical_met:
            msg = f"{item} earned {score.automatic}, the honest hand-in {most[item]}: {again.answers.get(item)}"
            raise AssertionError(msg)
    return "graded"


def bench(_folder: Path) -> None:
    """Ten thousand mutations.

    Raises:
        RuntimeError: when one of them was not refused or graded, or earned more than the honest hand-in.
    """
    heading("Mutated notebooks and answers")
    begin = time.perf_counter()
    found = run(COUNT, seed=1)
    line(
        f"{COUNT:,} mutations, {time.perf_counter() - begin:.0f} s",
        f"{found.outcomes['graded']:,} graded, {len(found.failures)} failures",
        "0 failures",
    )
    if found.failures:
        raise RuntimeError("\n".join(found.failures[:20]))


def main() -> None:
    """Run and print; exit code 1 when something failed."""
    count, seed = [*(int(a) for a in sys.argv[1:3]), *(COUNT, 1)[len(sys.argv[1:3]) :]]
    begin = time.perf_counter()
    found = run(count, seed)
    print(
        f"fuzz: {count} mutated hand-ins in {time.perf_counter() - begin:.1f} s, seed {seed}: "
        f"{len(found.failures)} failures"
    )
    print("  " + ", ".join(f"{name} {number}" for name, number in found.outcomes.most_common()))
    for failure in found.failures[:20]:
        print("  " + failure)
    raise SystemExit(bool(found.failures))


if __name__ == "__main__":
    main()
