"""Writes the autograded notebook that formgrader and stock feedback read: the master with answers and scores as outputs."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from course.answers import AnswerSet, literal_markdown
from course.items import ItemScore, readable


@dataclass(frozen=True, slots=True)
class _Slot:
    """A cell whose content depends on the submission; ``cell`` is the master's."""

    kind: str
    item: str
    cell: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Master:
    """The source notebook, cut where answers and scores go, so that writing one costs little."""

    pieces: tuple[bytes | _Slot, ...]
    items: Mapping[str, Mapping[str, Any]]


def cut(source: bytes, items: Mapping[str, Mapping[str, Any]]) -> Master:
    """Prepare the source notebook ``source`` of a module with keyed ``items`` by id."""
    notebook = json.loads(source)
    pieces: list[bytes | _Slot] = []
    for number, cell in enumerate(notebook["cells"]):
        ours = cell["metadata"].get("nbgrader", {})
        name = ours.get("grade_id", "")
        comma = b"," if number else b""
        if name.endswith("-ask"):
            pieces += [comma, _Slot("answer", name.removesuffix("-ask"), cell)]
        elif ours.get("solution"):
            pieces += [comma, _Slot("text", name.removesuffix("-code").removesuffix("-m"), cell)]
        elif ours.get("grade"):
            pieces += [comma, _Slot("score", name, cell)]
        else:
            pieces.append(comma + orjson.dumps(cell))
    rest = orjson.dumps({k: v for k, v in notebook.items() if k != "cells"})
    return Master((b'{"cells":[', *pieces, b"]," + rest[1:]), items)


def render(master: Master, answers: AnswerSet, scores: Mapping[str, ItemScore]) -> bytes:
    """Return the bytes of one learner's autograded notebook."""
    return b"".join(p if isinstance(p, bytes) else orjson.dumps(_fill(master, p, answers, scores.get(p.item))) for p in master.pieces)


def _fill(master: Master, slot: _Slot, answers: AnswerSet, score: ItemScore | None) -> dict[str, Any]:
    answer = answers.answers.get(slot.item)
    value = answer.value if answer else None
    if slot.kind == "answer":
        shown = readable(master.items[slot.item], value, answer.variant if answer else 0)
        note = f"<p><em>{html.escape(score.message)}</em></p>" if score and score.message else ""
        data = {"text/html": f'<div style="white-space:pre-wrap">{html.escape(shown)}</div>{note}', "text/plain": shown}
        return {**slot.cell, "outputs": [{"data": data, "metadata": {}, "output_type": "display_data"}]}
    if slot.kind == "text":
        if not isinstance(value, str) or not value.strip():
            return slot.cell
        return {**slot.cell, "source": value if slot.cell["cell_type"] == "code" else literal_markdown(value)}
    if score is None:
        return slot.cell
    result = {"data": {"text/plain": str(float(score.automatic))}, "execution_count": 1, "metadata": {}, "output_type": "execute_result"}
    return {**slot.cell, "outputs": [result]}
