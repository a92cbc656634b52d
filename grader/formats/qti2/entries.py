"""What is typed into a QTI 2.x or 3.0 text entry: words or a number, from key, mapping and branches."""

from __future__ import annotations

from decimal import Decimal

from grader.formats.foreign.texts import Texts
from grader.formats.foreign.xml import Node
from grader.formats.qti.markup import of_flow
from grader.formats.qti2.item import Branch, Item2, Key
from grader.formats.question import decimal
from grader.itemtypes.shared.neutral import FULL, NumberField, Option, Value, Words

Typed = Words | NumberField


def weight(item: Item2, node: Node) -> Decimal:
    """Return what a gap is worth beside the others: the largest entry of its mapping, what its branch gives, else 1."""
    name = node.get("responseIdentifier")
    mapped = item.keys[name].mapped.values() if name in item.keys else ()
    given = [b.points for b in item.branches if b.response == name]
    return max([*mapped, *given], default=Decimal(0)) or Decimal(1)


def typed(item: Item2, node: Node, key: Key, texts: Texts, used: set[str]) -> Typed:
    """Return what is accepted in a text entry, and the mistakes that are answered.

    Raises:
        Unreadable: a number that is none.
    """
    mine = [b for b in item.branches if b.response == node.get("responseIdentifier")]
    if key.kind in {"float", "integer"}:
        return NumberField("", "", tuple(_values(item, key, mine, texts, used)))
    return _words(item, node, key, mine, texts, used)


def _told(item: Item2, branch: Branch, texts: Texts, used: set[str]) -> str:
    names = [name for name in branch.sets.values() if name in item.shown]
    used |= set(names)
    return " ".join(text for text in (texts.line(of_flow(item.shown[n])) for n in names) if text)


def _words(item: Item2, node: Node, key: Key, branches: list[Branch], texts: Texts, used: set[str]) -> Words:
    most = max(key.mapped.values(), default=Decimal(0))
    options = {value: Option(value, FULL) for value in key.correct}
    if most > 0:
        options |= {text: Option(text, FULL * points / most) for text, points in key.mapped.items()}
    for branch in branches:
        said = _told(item, branch, texts, used)
        for value in branch.values:
            worth = FULL if branch.earns or (value in options and options[value].weight > 0) else Decimal(0)
            options[value] = Option(value, options[value].weight if value in options else worth, said)
    exact = not key.mapped and not any(b.values for b in branches) and "Entry" in node.name
    return Words(tuple(options.values()), case_matters=key.case_matters or exact)


def _values(item: Item2, key: Key, branches: list[Branch], texts: Texts, used: set[str]) -> list[Value]:
    tolerance = next((b.tolerance for b in branches if b.tolerance[0] and (b.earns or not b.values)), ("", ""))
    most = max(key.mapped.values(), default=Decimal(0))
    values = [Value(decimal(v), _tolerance(decimal(v), tolerance, texts)) for v in key.correct]
    if most > 0 and not values:
        values = [Value(decimal(v), weight=FULL * points / most) for v, points in key.mapped.items()]
    for branch in branches:
        said = _told(item, branch, texts, used)
        for text in branch.values:
            value = decimal(text)
            if branch.earns and not values:
                values.append(Value(value, _tolerance(value, branch.tolerance, texts), FULL, said))
            elif not branch.earns and said:
                values.append(Value(value, Decimal(0), Decimal(0), said))
    return values


def _tolerance(value: Decimal, written: tuple[str, str], texts: Texts) -> Decimal:
    """Return the absolute tolerance of ``tolerance="0.5"``, or of per cent where its mode is relative."""
    parts = [abs(decimal(part)) for part in written[0].split()] or [Decimal(0)]
    half = max(parts)
    if written[1] == "relative":
        half = abs(value) * half / 100
        texts.lose("tolerance", f"{written[0]} % → {half}")
    elif len(set(parts)) > 1:
        texts.lose("tolerance", f"{written[0]} → {half}")
    return half
