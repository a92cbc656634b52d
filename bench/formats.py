"""Import of 1,000 questions with feedback, as GIFT, Moodle XML and a QTI package, by whole processes.

Every question must come along: the bench stops where one does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from bench.measure import ROOT, heading, line, moduong, run, spread
from grader.formats import catalog
from grader.formats.question import Place, Question
from grader.itemtypes.shared.neutral import FULL, Choice, Neutral, NumberField, Numbers, Option, Pair, Pairs, Value

QUESTIONS = 1_000
_TIMES = 3


def bench(folder: Path) -> None:
    """Print seconds and memory of ``moduong import``."""
    heading("Questions from elsewhere")
    questions = list(drawn())
    for form in ("gift", "moodle", "qti21"):
        data, lost = catalog.write(form, "M05", questions)
        left_out = [loss for loss in lost if loss.code == "kind"]
        if left_out:
            raise RuntimeError(f"{form}: {left_out[:3]}")
        file = folder / f"bank{catalog.named(form).suffix}"
        file.write_bytes(data)
        seconds, memory = zip(*(_import(file, folder / f"{form}-{n}") for n in range(_TIMES)), strict=True)
        what = f"{QUESTIONS:,} questions, {len(data) / 1e6:.1f} MB of {form}: import, checked one by one"
        line(what, f"{spread(seconds)} s, {max(memory):.0f} MB", "≤ 10 s")


def drawn() -> Iterator[Question]:
    """Yield choices, pairs and numbers in turn, no two alike."""
    for n in range(QUESTIONS):
        body = (_choice, _pairs, _number)[n % 3](n)
        tags = ("outcome:1", "level:apply")
        yield Question(
            Place("bench", 0, f"Q{n}"), f"Ca {n}: tổ nào đọc bảng tin **trước** giờ giao ca?", body, tags=tags
        )


def _choice(n: int) -> Neutral:
    wrong = [Option(f"Tổ {k} ở nhà máy {n}", Decimal(0), f"Chưa đúng: tổ {k} đọc sau giờ giao ca.") for k in range(3)]
    return Choice((Option(f"Tổ trực {n}", FULL, "Đúng: tổ trực nhận ca sớm hơn."), *wrong))


def _pairs(n: int) -> Neutral:
    return Pairs(tuple(Pair(f"Ca {k} của {n}", f"Kênh {k} của {n}") for k in range(4)))


def _number(n: int) -> Neutral:
    return Numbers((NumberField("Đáp số", "", (Value(Decimal(n), Decimal("0.5")),)),))


def _import(file: Path, exercises: Path) -> tuple[float, float]:
    done = run(
        moduong("import", file, "--module", "M05", "--exercises", exercises, "--course", ROOT / "course", "--json")
    )
    written = next(exercises.rglob("*.md")).read_text(encoding="utf-8")
    if written.count("```{item}") != QUESTIONS:
        raise RuntimeError(json.dumps({"written": written.count("```{item}"), "file": str(file)}))
    return done.seconds, done.mebibytes
