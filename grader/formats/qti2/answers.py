"""The body of a QTI 2.x or 3.0 item: its interaction, and what each answer earns and is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from grader.formats.foreign import gaps
from grader.formats.foreign.texts import Texts
from grader.formats.foreign.xml import Node
from grader.formats.qti.markup import of_flow
from grader.formats.qti2 import entries, spots
from grader.formats.qti2.item import Item2
from grader.formats.qti2.weights import key_of, told, weights
from grader.formats.question import Body, NoEquivalent, Prose, Unreadable
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    Grid,
    GridRow,
    Option,
    Ordering,
    Pair,
    Pairs,
    Writing,
    gap_mark,
)

_INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_ASIDE = frozenset(
    {"rubricBlock", "feedbackBlock", "feedbackInline", "modalFeedback", "prompt", "infoControl", "stylesheet"}
)
_CENT = Decimal("0.01")


def body_of(item: Item2, texts: Texts, used: set[str]) -> tuple[str, Body]:
    """Return stem and body of an item; identifiers of feedback that found a place go into ``used``.

    Raises:
        NoEquivalent: an interaction that there is not here.
        Unreadable: contradictory parts.
    """
    found = [n for n in item.body.all() if n.name.endswith("Interaction")]
    if item.node.first("templateDeclaration") or item.node.first("templateProcessing"):
        raise NoEquivalent("templateProcessing")
    if not found:
        return texts.block(of_flow(item.body, _ASIDE)), Prose()
    names = {n.name for n in found}
    if names <= _INLINE:
        return _inline(item, found, texts, used)
    if len(found) > 1 or found[0].name not in _BLOCKS:
        raise NoEquivalent(" + ".join(sorted(names)) + (f" × {len(found)}" if len(names) == 1 < len(found) else ""))
    interaction = found[0]
    prompt = interaction.first("prompt")
    asked = of_flow(item.body, _ASIDE, {id(interaction): f"<div>{of_flow(prompt)}</div>" if prompt else ""})
    return _BLOCKS[interaction.name](item, interaction, asked, texts, used)


def _options(
    item: Item2, interaction: Node, choices: Sequence[Node], several: bool, texts: Texts, used: set[str]
) -> Choice:
    worth = weights(item, interaction, texts, several=several)
    return Choice(
        tuple(
            Option(
                texts.line(of_flow(c, _ASIDE)), worth.get(c.get("identifier"), Decimal(0)), told(item, c, texts, used)
            )
            for c in choices
        ),
        several,
    )


def _choice(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    several = key_of(item, interaction).cardinality == "multiple"
    if interaction.get("shuffle", "true") == "false" and interaction.get("shuffle"):
        texts.lose("setting", "shuffle = false")
    choices = list(interaction.elements("simpleChoice"))
    return texts.block(asked), _options(item, interaction, choices, several, texts, used)


def _hottext(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    """Words to be marked in a text become options; the text stays the question."""
    choices = list(interaction.all("hottext"))
    several = key_of(item, interaction).cardinality == "multiple"
    stem = "\n\n".join(t for t in (texts.block(asked), texts.block(of_flow(interaction, _ASIDE))) if t)
    return stem, _options(item, interaction, choices, several, texts, used)


def _ordering(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    del used
    names = {c.get("identifier"): texts.line(of_flow(c, _ASIDE)) for c in interaction.elements("simpleChoice")}
    order = key_of(item, interaction).correct
    if sorted(order) != sorted(names):
        raise Unreadable("correctResponse")
    return texts.block(asked), Ordering(tuple((names[i],) for i in order))


def _pairs(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    """Pairs, or rows of a grid where a right side may be used again and again."""
    del used
    sides = [
        {c.get("identifier"): c for c in side.elements("simpleAssociableChoice")}
        for side in interaction.elements("simpleMatchSet")
    ]
    if len(sides) != 2:  # noqa: PLR2004  # left and right
        raise Unreadable("simpleMatchSet")
    left, right = sides
    key = key_of(item, interaction)
    named = [tuple(p.split()) for p in key.correct or [p for p, points in key.mapped.items() if points > 0]]
    pairs = [p for p in named if len(p) == 2 and p[0] in left and p[1] in right]  # noqa: PLR2004
    firsts = [first for first, _second in pairs]
    if len(set(firsts)) != len(firsts):
        raise NoEquivalent("matchInteraction n × m")
    if not pairs:
        raise Unreadable("correctResponse")
    for name in (n for n in left if n not in firsts):
        texts.lose("half-pair", texts.words(of_flow(left[name])))
    shown = {name: texts.line(of_flow(c)) for name, c in right.items()}
    if all(c.get("matchMax") in {"0", str(len(left))} for c in right.values()):
        columns = list(right)
        rows = tuple(GridRow(texts.line(of_flow(left[a])), (columns.index(b),)) for a, b in pairs)
        return texts.block(asked), Grid(tuple(shown.values()), rows)
    made = tuple(Pair(texts.line(of_flow(left[a])), shown[b]) for a, b in pairs)
    taken = {second for _first, second in pairs}
    return texts.block(asked), Pairs(made, tuple(Option(text) for name, text in shown.items() if name not in taken))


def _writing(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    del item, used
    if interaction.get("format") not in {"", "plain", "xhtml"}:
        texts.lose("setting", f"format = {interaction.get('format')}")
    return texts.block(asked), Writing()


def _inline(item: Item2, found: Sequence[Node], texts: Texts, used: set[str]) -> tuple[str, Body]:
    marks = {id(node): gap_mark(n) for n, node in enumerate(found)}
    made = [Gap(_gap(item, node, texts, used), entries.weight(item, node)) for node in found]
    return gaps.body_of(texts.block(of_flow(item.body, _ASIDE, marks)), made)


def _gap(item: Item2, node: Node, texts: Texts, used: set[str]) -> Choice | entries.Typed:
    if node.name == "inlineChoiceInteraction":
        return _options(item, node, list(node.elements("inlineChoice")), several=False, texts=texts, used=used)
    return entries.typed(item, node, key_of(item, node), texts, used)


def _gap_match(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    """Words that are dragged into gaps: each gap is a choice among all of them."""
    del used
    words = {w.get("identifier"): texts.line(of_flow(w)) for w in interaction.elements("gapText")}
    holes = list(interaction.all("gap"))
    pairs = [p.split() for p in key_of(item, interaction).correct]
    right = {p[-1]: p[0] for p in pairs}
    if not words or not holes:
        raise NoEquivalent("gapMatchInteraction")
    made = [
        Gap(
            Choice(
                tuple(Option(t, FULL if right.get(h.get("identifier")) == i else Decimal(0)) for i, t in words.items())
            )
        )
        for h in holes
    ]
    marks = {id(hole): gap_mark(n) for n, hole in enumerate(holes)}
    text = of_flow(interaction, {*_ASIDE, "gapText", "gapImg"}, marks)
    return gaps.body_of(texts.block(f"<div>{asked}</div><div>{text}</div>"), made)


_Reader = Callable[[Item2, Node, str, Texts, set[str]], tuple[str, Body]]
_BLOCKS: Mapping[str, _Reader] = {
    "choiceInteraction": _choice,
    "hottextInteraction": _hottext,
    "orderInteraction": _ordering,
    "matchInteraction": _pairs,
    "extendedTextInteraction": _writing,
    "gapMatchInteraction": _gap_match,
    "hotspotInteraction": spots.read,
}
