"""What a choice of a QTI 2.x or 3.0 item is worth, and what whoever chooses it is told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from grader.formats.foreign.texts import Texts
from grader.formats.foreign.xml import Node
from grader.formats.qti.markup import of_flow
from grader.formats.qti2.item import Item2, Key
from grader.formats.question import Unreadable
from grader.itemtypes.shared.neutral import FULL


def key_of(item: Item2, interaction: Node) -> Key:
    """Return what the response declaration of an interaction says is right; ``Unreadable`` where there is none."""
    key = item.keys.get(interaction.get("responseIdentifier"))
    if key is None:
        raise Unreadable(interaction.get("responseIdentifier"))
    return key


def maps(item: Item2) -> bool:
    """Say whether the mapping scores, and not the correct response."""
    processing = item.node.first("responseProcessing")
    return processing is not None and (
        "map_response" in processing.get("template") or next(processing.all("mapResponse"), None) is not None
    )


def weights(item: Item2, interaction: Node, texts: Texts, *, several: bool) -> Mapping[str, Decimal]:
    """Return identifier → weight in per cent, by the mapping or the correct response, whichever scores."""
    key = key_of(item, interaction)
    if key.mapped and (maps(item) or not key.correct):
        positive = [points for points in key.mapped.values() if points > 0]
        whole = (sum(positive) if several else max(positive)) if positive else Decimal(1)
        return {name: (FULL * points / whole).quantize(Decimal("0.00001")) for name, points in key.mapped.items()}
    right = key.correct or tuple(
        v for b in item.branches if b.earns for v in b.values if b.response == interaction.get("responseIdentifier")
    )
    if several and len(right) > 1:
        texts.lose("all-or-nothing")
    share = FULL / len(right) if several and right else FULL
    return dict.fromkeys(right, share)


def told(item: Item2, choice: Node, texts: Texts, used: set[str]) -> str:
    """Return the feedback of a choice: inline in it, or modal under its identifier."""
    inner = list(choice.all("feedbackInline", "feedbackBlock"))
    name = choice.get("identifier")
    modal = item.shown.get(name)
    if modal is not None and modal.get("outcomeIdentifier") in item.by_choice and modal not in inner:
        inner.append(modal)
    used |= {f.get("identifier") for f in inner}
    return " ".join(text for text in (texts.line(of_flow(f)) for f in inner) if text)
