"""Reads QTI 2.x and 3.0: one item a file, alone or in a package."""

from __future__ import annotations

from collections.abc import Mapping

from grader.formats.foreign import rescue
from grader.formats.foreign.encoding import decode
from grader.formats.foreign.texts import NO_FILES, Texts
from grader.formats.foreign.xml import Node
from grader.formats.losses import Loss
from grader.formats.qti.markup import of_flow
from grader.formats.qti2.answers import body_of
from grader.formats.qti2.item import Item2, item_of
from grader.formats.qti2.names import as_2
from grader.formats.question import NoEquivalent, Place, Question, Reading, Unreadable


def read(name: str, data: bytes, files: Mapping[str, bytes] = NO_FILES) -> Reading:
    """Return the question of a QTI item file and what is not in it; ``files``: what came along, by path."""
    text, guessed = decode(data)
    nodes, lost = rescue.nodes(text, name, "assessmentItem", "qti-assessment-item")
    losses = [*([Loss("encoding", name, 0, "", guessed)] if guessed else []), *lost]
    questions = []
    for node in nodes:
        question, more = _question(as_2(node), name, files)
        losses += more
        questions += [question] if question else []
    return Reading(tuple(questions), tuple(losses or ([] if questions else [Loss("empty", name)])))


def _question(node: Node, file: str, files: Mapping[str, bytes]) -> tuple[Question | None, list[Loss]]:
    title = " ".join((node.get("title") or node.get("identifier")).split())
    texts = Texts(Place(file, node.line, title), files)
    item = item_of(node)
    used: set[str] = set()
    try:
        stem, body = body_of(item, texts, used)
    except NoEquivalent as error:
        return None, [texts.place.loss("kind", str(error))]
    except Unreadable as error:
        return None, [texts.place.loss("broken", str(error))]
    said = (texts.block(of_flow(f)) for f in item.always)
    explanation = "\n\n".join(text for text in said if text)
    _around(item, texts, used)
    return Question(texts.place, stem, body, item.points, explanation, (), texts.pictures), list(texts.losses)


def _around(item: Item2, texts: Texts, used: set[str]) -> None:
    """Report what has no place: feedback for results, notes to markers, processing of a kind of its own."""
    for name, feedback in item.shown.items():
        said = texts.words(of_flow(feedback))
        if name not in used and said:
            texts.lose("overall", f"{name}: {said}")
    for block in item.body.all("rubricBlock"):
        said = texts.words(of_flow(block))
        if said:
            texts.lose("grader", said)
    if item.unusual:
        texts.lose("scoring", ", ".join(item.unusual))
    if item.node.get("adaptive") == "true":
        texts.lose("setting", "adaptive")
