"""Handing in: a completed copy goes out, is read back, and a receipt is kept. The answers themselves are never touched."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course import items
from course.answers import ANSWERS, ZONE, AnswerSet, embed, extract, load_json, parse, write_atomically
from course.exchange import Exchange, ExchangeProblem

RECEIPTS = "bien-nhan"
_NOT_HANDED_IN = {RECEIPTS, "bai-hoc.ipynb", "practice.json", "images", ".ipynb_checkpoints"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a hand-in: ``answered`` of ``total`` questions, when, and a code by which the collector finds it again."""

    module: str
    person: str
    attempt: int
    answered: int
    total: int
    at: str
    code: str
    path: str


def receipt_code(answers: AnswerSet) -> str:
    """Return the short code of an answer set: the first eight hex digits of its content hash."""
    return answers.content_hash()[:8].upper()


def unanswered(folder: Path, answers: AnswerSet) -> list[str]:
    """Return the ids of the questions of ``folder`` that have no answer, in order."""
    questions = json.loads((folder / "items.json").read_bytes())["items"]
    return [q["id"] for q in questions if not q["withdrawn"] and q["id"] not in _filled(answers)]


def _filled(answers: AnswerSet) -> set[str]:
    return {i for i, a in answers.answers.items() if not items.is_blank(a.value)}


def complete_copy(folder: Path, answers: AnswerSet, target: Path) -> None:
    """Write a completed copy of the module's folder to ``target``: the notebook alone is then a whole submission."""
    shutil.copytree(folder, target, ignore=lambda _, names: [n for n in names if n in _NOT_HANDED_IN or n.startswith(".")])
    notebook = json.loads((folder / f"{answers.module}.ipynb").read_bytes())
    (target / f"{answers.module}.ipynb").write_bytes(notebook_bytes(embed(notebook, answers)))
    (target / ANSWERS).write_bytes(notebook_bytes(answers.to_json()))


def notebook_bytes(data: dict[str, Any]) -> bytes:
    """Write JSON as notebooks are written."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def hand_in(folder: Path, exchange: Exchange, now: datetime | None = None) -> Receipt:
    """Submit the module in ``folder`` through the exchange, read back what arrived, and keep a receipt.

    Raises:
        ExchangeProblem: the exchange did not take it, or what arrived differs; nothing is lost and nothing was acknowledged.
    """
    answers = parse((folder / ANSWERS).read_bytes())
    with tempfile.TemporaryDirectory(prefix="nop-bai-") as parent:
        complete_copy(folder, answers, Path(parent) / answers.module)
        entry = exchange.submit(answers.module, Path(parent))
    try:
        arrived = parse((entry / ANSWERS).read_bytes())
        inside = extract(load_json((entry / f"{answers.module}.ipynb").read_bytes()))
    except (OSError, ValueError):
        raise ExchangeProblem("Bài đã gửi nhưng chưa đọc lại được ở nơi nhận.") from None
    if arrived != answers or inside != answers:
        raise ExchangeProblem("Bài ở nơi nhận khác với bài của anh/chị.")
    return _keep(folder, answers, str(entry.name), now)


def _keep(folder: Path, answers: AnswerSet, path: str, now: datetime | None) -> Receipt:
    """Write the receipt into the module's folder."""
    questions = json.loads((folder / "items.json").read_bytes())["items"]
    counted = {q["id"] for q in questions if not q["withdrawn"]}
    moment = (now or datetime.now(ZONE)).astimezone(ZONE)
    receipt = Receipt(
        answers.module,
        answers.person,
        answers.attempt,
        len(counted & _filled(answers)),
        len(counted),
        moment.isoformat(timespec="seconds"),
        receipt_code(answers),
        path,
    )
    kept = folder / RECEIPTS
    kept.mkdir(exist_ok=True)
    name = f"{moment:%Y%m%d-%H%M%S}-{receipt.code}.json"
    write_atomically(kept / name, json.dumps(asdict(receipt), ensure_ascii=False, indent=1).encode())
    return receipt


def attempts_so_far(folder: Path) -> int:
    """Return how many receipts are kept in the module's folder."""
    kept = folder / RECEIPTS
    return sum(1 for _ in kept.glob("*.json")) if kept.is_dir() else 0
