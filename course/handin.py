"""Handing in: a completed copy goes out, is read back, and a receipt is kept.

The answers themselves are never touched.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course import items
from course.answers import ANSWERS, ZONE, AnswersError, AnswerSet, embed, extract, load_json, parse, write_atomically
from course.exchange import Exchange, ExchangeProblem
from course.released import ITEMS, RECEIPTS
from course.words import _

KEPT = "da-nop"
"""Inside the receipts' folder: what was handed in, one file per receipt."""
_NOT_HANDED_IN = {RECEIPTS, "bai-hoc.ipynb", "practice.json", "images", "feedback", "ban-cu", ".ipynb_checkpoints"}
_EMPTY_NOTEBOOK: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a hand-in.

    ``answered`` of ``total`` questions, when, and a code by which the collector finds it again.
    """

    module: str
    person: str
    attempt: int
    answered: int
    total: int
    at: str
    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A hand-in without an exchange: one file to send, and its receipt."""

    name: str
    content: bytes
    receipt: Receipt


def receipt_code(answers: AnswerSet) -> str:
    """Return the short code of an answer set: the first eight hex digits of its content hash."""
    return answers.content_hash()[:8].upper()


def unanswered(folder: Path, answers: AnswerSet) -> list[str]:
    """Return the ids of the questions of ``folder`` that have no answer, in order."""
    filled = _filled(answers)
    return [name for name in counted(folder) if name not in filled]


def counted(folder: Path) -> list[str]:
    """Return the ids of the questions of ``folder`` that count, in order."""
    return [q["id"] for q in json.loads((folder / ITEMS).read_bytes())["items"] if not q["withdrawn"]]


def _filled(answers: AnswerSet) -> set[str]:
    return {i for i, a in answers.answers.items() if not items.is_blank(a.value)}


def complete_copy(folder: Path, answers: AnswerSet, target: Path) -> None:
    """Write a completed copy of the module's folder to ``target``: the notebook alone is then a whole submission."""
    notebook = notebook_of(folder, answers.module)

    def left_out(_parent: str, names: list[str]) -> list[str]:
        return [n for n in names if n in _NOT_HANDED_IN or n.startswith((".", "answers")) or n.endswith(".ipynb")]

    shutil.copytree(folder, target, ignore=left_out)
    (target / f"{answers.module}.ipynb").write_bytes(notebook_bytes(embed(notebook, answers)))
    (target / ANSWERS).write_bytes(notebook_bytes(answers.to_json()))


def notebook_of(folder: Path, module: str) -> dict[str, Any]:
    """Return the exercise's notebook.

    Under its own name, else a renamed one, else an empty one (the answers are what counts).
    """
    renamed = sorted(folder.glob("*.ipynb"))
    for path in [folder / f"{module}.ipynb", *renamed]:
        try:
            notebook = load_json(path.read_bytes())
            if extract(notebook) is None and notebook["metadata"]["moduong"]["kind"] == "exercise":
                return dict(notebook)
        except (OSError, AnswersError, KeyError, TypeError):
            continue
    return _EMPTY_NOTEBOOK


def notebook_bytes(data: dict[str, Any]) -> bytes:
    """Write a notebook on one line: people open it in Jupyter, and indenting costs ten times the time."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n").encode()


def hand_in(folder: Path, exchange: Exchange, now: datetime | None = None) -> Receipt:
    """Submit the module in ``folder`` through the exchange, read back what arrived, and keep a receipt.

    Raises:
        ExchangeProblem: the exchange did not take it, or what arrived differs; nothing is lost and nothing was
            acknowledged.
    """
    answers = parse((folder / ANSWERS).read_bytes())
    with tempfile.TemporaryDirectory(prefix="nop-bai-") as parent:
        complete_copy(folder, answers, Path(parent) / answers.module)
        entry = exchange.submit(answers.module, Path(parent))
    try:
        arrived = parse((entry / ANSWERS).read_bytes())
        inside = extract(load_json((entry / f"{answers.module}.ipynb").read_bytes()))
    except (OSError, ValueError):
        raise ExchangeProblem(_("Bài đã gửi nhưng chưa đọc lại được ở nơi nhận.")) from None
    if arrived != answers or inside != answers:
        raise ExchangeProblem(_("Bài ở nơi nhận khác với bài của anh/chị."))
    return _keep(folder, answers, str(entry.name), now)


def pack(folder: Path, now: datetime | None = None) -> Parcel:
    """Return the hand-in as one file to send by hand, and keep a receipt: for places without an exchange."""
    answers = parse((folder / ANSWERS).read_bytes())
    content = notebook_bytes(embed(notebook_of(folder, answers.module), answers))
    if extract(load_json(content)) != answers:
        raise ExchangeProblem(_("Tệp bài nộp chưa đúng với bài của anh/chị; xin thử lại."))
    name = f"{answers.module}-{answers.person}-{receipt_code(answers)}.ipynb"
    return Parcel(name, content, _keep(folder, answers, name, now))


def _keep(folder: Path, answers: AnswerSet, path: str, now: datetime | None) -> Receipt:
    """Write the receipt into the module's folder, and what was handed in beside it."""
    questions = set(counted(folder))
    moment = (now or datetime.now(ZONE)).astimezone(ZONE)
    receipt = Receipt(
        answers.module,
        answers.person,
        answers.attempt,
        len(questions & _filled(answers)),
        len(questions),
        moment.isoformat(timespec="seconds"),
        receipt_code(answers),
        path,
    )
    name = f"{moment:%Y%m%d-%H%M%S}-{receipt.code}.json"
    kept = folder / RECEIPTS / KEPT
    kept.mkdir(parents=True, exist_ok=True)
    write_atomically(kept / name, notebook_bytes(answers.to_json()))
    write_atomically(folder / RECEIPTS / name, json.dumps(asdict(receipt), ensure_ascii=False, indent=1).encode())
    return receipt


def receipts(folder: Path) -> list[Receipt]:
    """Return the receipts kept in the module's folder, oldest first; what cannot be read is left out."""
    found = []
    for path in sorted((folder / RECEIPTS).glob("*.json")):
        try:
            found.append(Receipt(**json.loads(path.read_bytes())))
        except (OSError, ValueError, TypeError):
            continue
    return found
