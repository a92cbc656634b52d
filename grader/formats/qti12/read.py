"""Reads QTI 1.2: ``questestinterop`` with items anywhere inside.

The key is what earns most under the item's conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from grader.formats.foreign import rescue
from grader.formats.foreign.encoding import decode
from grader.formats.foreign.texts import NO_FILES, Texts
from grader.formats.foreign.xml import Node
from grader.formats.losses import Loss
from grader.formats.qti.markup import of_material
from grader.formats.qti.numbers import number
from grader.formats.qti12.answers import question_of
from grader.formats.qti12.item import Item12, item_of
from grader.formats.question import NoEquivalent, Place, Question, Reading, Unreadable

_CENT = Decimal(100)


def read(name: str, data: bytes, files: Mapping[str, bytes] = NO_FILES) -> Reading:
    """Return the questions of a QTI 1.2 file and what is not in them; ``files``: what came along, by path."""
    text, guessed = decode(data)
    nodes, lost = rescue.nodes(text, name, "item")
    losses = [*([Loss("encoding", name, 0, "", guessed)] if guessed else []), *lost]
    questions = []
    for node in nodes:
        question, more = _question(node, name, files)
        losses += more
        questions += [question] if question else []
    return Reading(tuple(questions), tuple(losses or ([] if questions else [Loss("empty", name)])))


def _question(node: Node, file: str, files: Mapping[str, bytes]) -> tuple[Question | None, list[Loss]]:
    title = " ".join((node.get("title") or node.get("ident")).split())
    texts = Texts(Place(file, node.line, title), files)
    item = item_of(node)
    try:
        stem, body, said = question_of(item, texts)
    except NoEquivalent as error:
        return None, [texts.place.loss("kind", str(error))]
    except Unreadable as error:
        return None, [texts.place.loss("broken", str(error))]
    explanation = "\n\n".join(text for text in (texts.block(of_material(f)) for f in said) if text)
    _around(item, texts)
    return Question(texts.place, stem, body, _points(item), explanation, item.tags, texts.pictures), list(texts.losses)


def _points(item: Item12) -> Decimal | None:
    """Return the points: said in the metadata, else the largest score unless that is per cent."""
    for label in ("points_possible", "qmd_weighting", "maxscore", "qmd_maximumscore"):
        if item.metadata.get(label):
            return number(item.metadata[label])
    most = next((number(v.get("maxvalue")) for v in item.node.all("decvar") if v.get("maxvalue")), Decimal(0))
    return most if 0 < most < _CENT else None


def _around(item: Item12, texts: Texts) -> None:
    for part in item.node.all("hint", "rubric", "objectives"):
        said = texts.words(of_material(part))
        if said:
            texts.lose("hint" if part.name == "hint" else "grader", said)
    for part in item.node.elements("itemcontrol", "itemproc_extension", "presentation_material"):
        texts.lose("setting", part.name)
