"""Code items: what the reference solution yields (at build), and what a learner's code earns (at grading).

Only values are compared, here.

All code items of a module run in order in one namespace, once for each data set: in run *k* an item's ``DATA`` is
the *k*-th name of its
``data`` (the last one when it has fewer). A check earns its points when its value is right in *every* run, so that a
copied number earns
nothing. The values that the reference solution yielded stand in the key (``expected`` of each body) and never enter
a box with
learner code.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from course.items import (
    LONGEST_ANSWER,
    Body,
    InvalidAnswer,
    ItemScore,
    Note,
    body_of,
    is_blank,
    kind,
    points_of,
    with_minimums,
)
from course.words import _
from grader.box.box import Box, BoxFailure, Cell, Limits, Program, Run
from grader.box.code_messages import failed, unreached
from grader.box.lines import CellResult, Failure, Value, nothing
from grader.ground.errors import ModuongError

_KINDS = ("value", "call", "table")
_ROUNDING = Fraction(1, 10**9)
"""Two formulas for one number may differ in a float's last digits; that is no mistake of the learner's."""
TOO_LONG = f"Mã dài hơn {LONGEST_ANSWER} ký tự; phần sau không được chạy."
ELSEWHERE = "Đúng với tệp của bài nhưng sai với một tệp khác cùng cột: hãy tính từ DATA, đừng chép số."


class NeedsLonger(Exception):
    """A first look at an answer ended before the answer did."""


def read_data(items: Sequence[Body], folder: Path) -> dict[str, bytes]:
    """Return the content of every data file that ``items`` name, hidden ones too."""
    return {
        name: (folder / name).read_bytes()
        for name in sorted({n for i in items for b in i["variants"] for n in b["data"]})
    }


def expected(items: Sequence[Body], data: Mapping[str, bytes], box: Box) -> dict[str, list[list[list[Any]]]]:
    """Run the reference solutions and return item → variant → run → the value of each check.

    Raises:
        ModuongError: ``E-CODE-1`` when a solution fails or a check has no plain value.
        BoxFailure: when the box failed.
    """
    found: dict[str, list[list[list[Any]]]] = {item["id"]: [] for item in items}
    for variant in range(max((len(item["variants"]) for item in items), default=0)):
        bodies = [item["variants"][min(variant, len(item["variants"]) - 1)] for item in items]
        runs = [box.run(_program(bodies, [b["solution"] for b in bodies], data, k)) for k in range(_runs(bodies))]
        for number, item in enumerate(items):
            if variant < len(item["variants"]):
                found[item["id"]].append([_reference(item, number, bodies[number], run) for run in runs])
    return found


def with_expected(items: Sequence[Body], data: Mapping[str, bytes], box: Box) -> list[dict[str, Any]]:
    """Return keyed ``items`` in which every body of a code item holds ``expected``.

    Other items are returned as they are.
    """
    values = expected([item for item in items if kind(item).runs_code], data, box)
    complete = []
    for item in items:
        bodies = item["variants"]
        if item["id"] in values:
            bodies = [{**body, "expected": value} for body, value in zip(bodies, values[item["id"]], strict=True)]
        complete.append({**item, "variants": bodies})
    return complete


def score(
    items: Sequence[Body],
    answers: Mapping[str, object],
    data: Mapping[str, bytes],
    box: Box,
    variants: Mapping[str, int] | None = None,
    budget: float | None = None,
) -> dict[str, ItemScore]:
    """Score the code ``answers`` (item id → source) to keyed ``items``, all the code items of a module in order.

    ``budget``: seconds of a first look, for a queue in which the quick go first; ``None``: all that a box allows.

    Raises:
        NeedsLonger: when a first look was too short: nothing is known of the answers yet.
        BoxFailure: when the box failed, twice: the attempt could not be graded and has no score.
    """
    settled, bodies, sources = _settle(items, answers, variants or {})
    open_ = [item["id"] for item in items if item["id"] not in settled]
    if not open_:
        return settled
    if any("expected" not in body for item, body in zip(items, bodies, strict=True) if item["id"] in open_):
        raise BoxFailure("the key has no expected values: build the module where the box works")
    runs = _all_runs(bodies, sources, data, box, budget)
    found = {}
    for number, item in enumerate(items):
        name = item["id"]
        found[name] = (
            settled[name]
            if name in settled
            else _scored(item, bodies[number], number, runs, len(str(answers[name])) > LONGEST_ANSWER)
        )
    return found


def ungraded(items: Sequence[Body], answers: Mapping[str, object], reason: str) -> dict[str, ItemScore]:
    """Return scores for a machine without a box: blank stays blank, everything else waits, and says why."""
    settled, _, _ = _settle(items, answers, {})
    waiting = {
        i["id"]: ItemScore(None, Decimal(0), Decimal(i["points"]), "pending_manual", message=reason) for i in items
    }
    return {name: settled.get(name, score_) for name, score_ in waiting.items()}


def _settle(
    items: Sequence[Body], answers: Mapping[str, object], variants: Mapping[str, int]
) -> tuple[dict[str, ItemScore], list[Body], list[str | None]]:
    """Score what needs no box.

    Return those scores, each item's body, and its source (``None`` where nothing is to run).
    """
    settled: dict[str, ItemScore] = {}
    bodies, sources = [], []
    for item in items:
        answer, points = answers.get(item["id"]), Decimal(item["points"])
        body, source = item["variants"][0], None
        try:
            body = body_of(item, variants.get(item["id"], 0))
            if is_blank(answer) or (isinstance(answer, str) and _lines(answer) == _lines(body["starter"])):
                settled[item["id"]] = with_minimums(item, ItemScore(Decimal(0), Decimal(0), points, "blank"))
            elif not isinstance(answer, str):
                raise InvalidAnswer("Câu trả lời phải là một đoạn mã.")  # noqa: TRY301  # the same state as the other
            else:
                source = answer[:LONGEST_ANSWER]
        except InvalidAnswer as error:
            settled[item["id"]] = with_minimums(
                item, ItemScore(None, Decimal(0), points, "invalid", message=str(error))
            )
        bodies.append(body)
        sources.append(source)
    return settled, bodies, sources


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines()]


def _runs(bodies: Sequence[Body]) -> int:
    return max(1, *(len(body["data"]) for body in bodies))


def _program(bodies: Sequence[Body], sources: Sequence[str | None], data: Mapping[str, bytes], run: int) -> Program:
    """Return the program of one run; the box then holds the data of that run only."""
    cells, names = [], set()
    for body, source in zip(bodies, sources, strict=True):
        name = body["data"][min(run, len(body["data"]) - 1)] if body["data"] else ""
        names.add(name)
        checks = () if source is None else tuple(_expression(c) for c in body["checks"])
        cells.append(Cell(name, body["given"], source or "", checks))
    return Program(tuple(cells), {name: data[name] for name in sorted(names - {""})})


def _expression(check: Mapping[str, Any]) -> str:
    return str(next(check[kind] for kind in _KINDS if kind in check))


def _all_runs(
    bodies: Sequence[Body], sources: Sequence[str | None], data: Mapping[str, bytes], box: Box, budget: float | None
) -> list[Run]:
    """Run every data set within the budget of one submission; what took too long with one is not begun with another."""
    left = box.limits.submission if budget is None else budget
    runs: list[Run] = []
    cut = len(sources)
    for number in range(_runs(bodies)):
        limits: Limits = replace(box.limits, wall=min(box.limits.wall, max(left, 0.1)))
        started = time.monotonic()
        open_ = [source if at < cut else None for at, source in enumerate(sources)]
        run = box.run(_program(bodies, open_, data, number), limits)
        if run.verdict == "timeout" and budget is not None:
            raise NeedsLonger
        left -= time.monotonic() - started
        runs.append(replace(run, cells=(*run.cells[:cut], *nothing([len(b["checks"]) for b in bodies[cut:]]))))
        if run.verdict == "timeout":
            cut = min(cut, next((at for at, cell in enumerate(run.cells) if not _ended(cell)), cut))
    return runs


def _ended(cell: CellResult) -> bool:
    """Say whether a cell came to its end, by itself or by a mistake in it."""
    return cell.failure is not None or (cell.reached and None not in cell.checks)


def _reference(item: Body, number: int, body: Body, run: Run) -> list[Any]:
    cell = run.cells[number]
    values = [value.data for value in cell.checks if isinstance(value, Value)]
    if len(values) < len(body["checks"]):
        wrong = next(
            (_expression(c) for c, v in zip(body["checks"], cell.checks, strict=True) if not isinstance(v, Value)), ""
        )
        why = cell.failure or next((v for v in cell.checks if isinstance(v, Failure)), None)
        about = f"{why.kind} {why.name}".strip() if why else run.verdict
        raise ModuongError(
            "E-CODE-1",
            _(
                "{item}: lời giải mẫu không cho giá trị của «{wrong}» ({about}). Sửa solution hoặc checks.",
                item=item["id"],
                wrong=wrong,
                about=about,
            ),
        )
    return values


def _scored(item: Body, body: Body, number: int, runs: Sequence[Run], too_long: bool) -> ItemScore:
    total = sum((Fraction(check["points"]) for check in body["checks"]), Fraction(0))
    earned, notes = Fraction(0), []
    for index, check in enumerate(body["checks"]):
        right = [_met(check, run, number, index, body["expected"][k][index]) for k, run in enumerate(runs)]
        if all(right):
            earned += Fraction(check["points"])
        elsewhere = right[0] and all(run.cells[number].checks[index] is not None for run in runs)
        text = "" if all(right) else ELSEWHERE if elsewhere else _why(check, runs[0], number, index)
        notes.append(Note(_about(check, index), all(right), text))
    points = points_of(earned / total, Decimal(item["points"]))
    message = TOO_LONG if too_long else next((text for run in runs if (text := _stopped(run, number))), "")
    return with_minimums(
        item, ItemScore(points, points, Decimal(item["points"]), "scored", None, None, message, tuple(notes))
    )


def _met(check: Mapping[str, Any], run: Run, number: int, index: int, wanted: object) -> bool:
    found = run.cells[number].checks[index]
    return isinstance(found, Value) and same(wanted, found.data, Fraction(check["tol"]))


def _why(check: Mapping[str, Any], run: Run, number: int, index: int) -> str:
    found = run.cells[number].checks[index]
    return failed(found) if isinstance(found, Failure) and found.kind.startswith("@") else str(check["feedback"])


def _about(check: Mapping[str, Any], index: int) -> str:
    """Name a check by the variable that the task itself names, else by its number: a call would show what is tested."""
    name = _expression(check)
    return name if name.isidentifier() else str(index + 1)


def _stopped(run: Run, number: int) -> str:
    """Say why a cell did not run to its end, or nothing."""
    cell = run.cells[number]
    if cell.failure:
        return failed(cell.failure)
    return "" if _ended(cell) else unreached(run.verdict)


def same(wanted: object, found: object, tolerance: Fraction) -> bool:
    """Say whether ``found`` is the value ``wanted``; both are plain JSON data. A truth value is never a number."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        apart = abs(Fraction(wanted) - Fraction(found))
        exact = isinstance(wanted, int) and isinstance(found, int)
        return apart <= tolerance + (0 if exact else _ROUNDING * max(Fraction(1), abs(Fraction(wanted))))
    if isinstance(wanted, str) and isinstance(found, str):
        return unicodedata.normalize("NFC", wanted) == unicodedata.normalize("NFC", found)
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(same(w, f, tolerance) for w, f in zip(wanted, found, strict=True))
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(same(w, found[k], tolerance) for k, w in wanted.items())
    return wanted is None and found is None
