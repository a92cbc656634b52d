"""Writes the autograded notebook that formgrader and stock feedback read.

The master with answers and scores as outputs.
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from course.answers import Answer, AnswerSet, literal_markdown
from course.items import ItemScore, readable
from grader.marking.judge import LONGEST_CACHED, variant_of

_NONE = Answer(None)


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """A cell whose content depends on the submission; ``cell`` is the master's."""

    kind: str
    item: str
    cell: dict[str, Any]


class Master:
    """The source notebook, cut where answers and scores go, so that writing one costs little.

    Equal cells are made once.
    """

    def __init__(self, pieces: Sequence[bytes | _Slot], items: Mapping[str, Mapping[str, Any]]) -> None:
        self.pieces = tuple(pieces)
        self._items = items
        self._made = functools.lru_cache(maxsize=4096)(self._make)

    def cell(self, slot: _Slot, answer: Answer, score: ItemScore | None) -> bytes:
        """Return the bytes of one cell."""
        raw = orjson.dumps(answer.value)
        make = self._made if len(raw) <= LONGEST_CACHED else self._make
        return make(slot, raw, variant_of(answer), *((score.automatic, score.message) if score else (None, "")))

    def _make(self, slot: _Slot, raw: bytes, variant: int, automatic: Decimal | None, message: str) -> bytes:
        return orjson.dumps(_filled(slot, orjson.loads(raw), variant, automatic, message, self._items))


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
    return Master([b'{"cells":[', *pieces, b"]," + rest[1:]], items)


def render(master: Master, answers: AnswerSet, scores: Mapping[str, ItemScore]) -> bytes:
    """Return the bytes of one learner's autograded notebook."""
    given = answers.answers
    return b"".join(
        p if isinstance(p, bytes) else master.cell(p, given.get(p.item, _NONE), scores.get(p.item))
        for p in master.pieces
    )


def _filled(
    slot: _Slot,
    value: Any,
    variant: int,
    automatic: Decimal | None,
    message: str,
    items: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    if slot.kind == "answer":
        shown = readable(items[slot.item], value, variant)
        note = f"<p><em>{html.escape(message)}</em></p>" if message else ""
        data = {"text/html": f'<div style="white-space:pre-wrap">{html.escape(shown)}</div>{note}', "text/plain": shown}
        return {**slot.cell, "outputs": [{"data": data, "metadata": {}, "output_type": "display_data"}]}
    if slot.kind == "text":
        if not isinstance(value, str) or not value.strip():
            return slot.cell
        return {**slot.cell, "source": value if slot.cell["cell_type"] == "code" else literal_markdown(value)}
    if automatic is None:
        return slot.cell
    result = {
        "data": {"text/plain": str(float(automatic))},
        "execution_count": 1,
        "metadata": {},
        "output_type": "execute_result",
    }
    return {**slot.cell, "outputs": [result]}
