"""The body of a QTI 1.2 item: options, pairs, orders, texts and numbers, with what each answer earns and is told."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from grader.formats.foreign.gaps import body_of
from grader.formats.foreign.texts import Texts
from grader.formats.foreign.xml import Node
from grader.formats.qti.markup import of_material
from grader.formats.qti.numbers import number
from grader.formats.qti12 import gaps
from grader.formats.qti12.item import Item12, Response
from grader.formats.qti12.told import always_shown, feedback_of, report_unused, shown_alike, try_answer
from grader.formats.qti12.typed import typed
from grader.formats.question import Body, NoEquivalent, Prose, Unreadable
from grader.itemtypes.shared.neutral import FULL, Choice, Option, Ordering, Pair, Pairs

_FEWEST_SHARED = 2  # right sides that all left sides offer
_MOST_TRIED = 12  # options of which every set is tried
_KINDS = frozenset(
    f"{kind}_question"
    for kind in (
        *("multiple_choice", "true_false", "multiple_answers", "short_answer", "essay", "matching", "numerical"),
        *("text_only", "ordering"),
    )
)
"""Kinds that systems name so and that there are here; others that are named so are not."""
_GAP_KINDS = frozenset({"fill_in_multiple_blanks_question", "multiple_dropdowns_question"})
Said = list[Node]
"""Feedback that everybody is shown."""


def question_of(item: Item12, texts: Texts) -> tuple[str, Body, Said]:
    """Return stem and body of an item, and the feedback that is shown whatever is answered.

    Raises:
        NoEquivalent: a kind that there is not here.
        Unreadable: contradictory parts.
    """
    kind = item.metadata.get("question_type", "") or item.metadata.get("qmd_itemtype", "")
    text, holes = gaps.marked(item)
    if kind.endswith("_question") and kind not in _KINDS and not (text and kind in _GAP_KINDS):
        raise NoEquivalent(kind)
    if text:
        used = set(always_shown(item))
        made = [gaps.gap_of(item, response, kind, texts, used) for response in holes]
        report_unused(item, used, texts)
        return *body_of(texts.block(text), made), [item.feedback[name] for name in always_shown(item)]
    body, said = _body(item, texts, kind)
    return texts.block(of_material(*item.stem)), body, said


def _body(item: Item12, texts: Texts, kind: str) -> tuple[Body, Said]:
    if not item.responses:
        return Prose(), []
    names = {response.node.name for response in item.responses}
    if names <= {"response_lid"} or names <= {"response_grp"}:
        return _chosen(item, texts, kind)
    if names <= {"response_str", "response_num"}:
        return typed(item, texts, kind)
    raise NoEquivalent(kind or " + ".join(sorted(names)))


def _chosen(item: Item12, texts: Texts, kind: str) -> tuple[Body, Said]:
    if len(item.responses) > 1:
        return _pairs(item, texts, kind)
    response = item.responses[0]
    if response.node.name == "response_grp":
        raise NoEquivalent(kind or "response_grp")
    if response.ordered:
        general = always_shown(item)
        report_unused(item, general, texts)
        return _ordering(item, response, texts), [item.feedback[name] for name in general]
    if not response.labels:
        raise Unreadable(kind or "response_lid")
    if next(response.node.all("render_hotspot", "render_slider"), None):
        raise NoEquivalent(kind or "render_hotspot")
    return _several(item, response, texts) if response.several else _single(item, response, texts)


def _single(item: Item12, response: Response, texts: Texts) -> tuple[Body, Said]:
    tried = {ident: try_answer(item, {response.ident: (ident,)}, texts) for ident in response.labels}
    always = shown_alike(tried.values())
    best = max((one.score for one in tried.values()), default=Decimal(0))
    options, used = [], set(always)
    for ident, label in response.labels.items():
        mine = [n for n in tried[ident].shown if n not in always and sum(n in t.shown for t in tried.values()) == 1]
        used |= set(mine)
        weight = FULL * tried[ident].score / best if best > 0 else Decimal(0)
        options.append(
            Option(texts.line(of_material(label)), weight.quantize(Decimal("0.01")), feedback_of(item, mine, texts))
        )
    report_unused(item, used, texts)
    return Choice(tuple(options)), [item.feedback[n] for n in always if n in item.feedback]


def _several(item: Item12, response: Response, texts: Texts) -> tuple[Body, Said]:
    """Every set of options is tried; the one that earns most is the key, if no other does."""
    idents = list(response.labels)
    if len(idents) > _MOST_TRIED:
        raise Unreadable(f"> {_MOST_TRIED}")
    tried = {
        chosen: try_answer(item, {response.ident: chosen}, texts)
        for size in range(len(idents) + 1)
        for chosen in itertools.combinations(idents, size)
    }
    best = max(one.score for one in tried.values())
    keys = [chosen for chosen, one in tried.items() if one.score == best and best > 0]
    key = _smallest(keys)
    alone = {ident: tried[(ident,)] for ident in idents}
    if key and len(key) > 1 and all(one.score <= 0 for one in alone.values()):
        texts.lose("all-or-nothing")
    always = shown_alike([*alone.values(), *([tried[key]] if key else [])])
    options, used = [], set(always)
    for ident in idents:
        mine = [n for n in alone[ident].shown if n not in always and sum(n in t.shown for t in alone.values()) == 1]
        used |= set(mine)
        right = key is not None and ident in key
        weight = FULL / len(key or ()) if right else Decimal(0)
        options.append(Option(texts.line(of_material(response.labels[ident])), weight, feedback_of(item, mine, texts)))
    report_unused(item, used, texts)
    return Choice(tuple(options), several=True), [item.feedback[n] for n in always if n in item.feedback]


def _smallest(keys: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the set that all best sets contain, if it is one of them.

    Where wrong options cost nothing there are many.
    """
    if not keys:
        return None
    common = set.intersection(*(set(key) for key in keys))
    return next((key for key in keys if set(key) == common), None)


def _pairs(item: Item12, texts: Texts, kind: str) -> tuple[Body, Said]:
    """Several responses with the same labels are left sides, each with the right side that earns most."""
    labels = [{texts.words(of_material(label)) for label in r.labels.values()} for r in item.responses]
    if (
        any(r.several or r.ordered or not r.before for r in item.responses)
        or len(set.intersection(*labels)) < _FEWEST_SHARED
    ):
        raise NoEquivalent(kind or f"response_lid × {len(item.responses)}")
    pairs, used, told = [], set(), set()
    for response in item.responses:
        tried = {ident: try_answer(item, {response.ident: (ident,)}, texts) for ident in response.labels}
        best = max(one.score for one in tried.values())
        right = [ident for ident, one in tried.items() if one.score == best and best > 0]
        if len(right) != 1:
            raise Unreadable(texts.words(of_material(*response.before)))
        names = [n for n in tried[right[0]].shown if sum(n in t.shown for t in tried.values()) == 1]
        left = texts.line(of_material(*response.before))
        pairs.append(Pair(left, texts.line(of_material(response.labels[right[0]])), feedback_of(item, names, texts)))
        used.add(pairs[-1].right)
        told |= set(names)
    general = always_shown(item)
    rest = dict.fromkeys(texts.line(of_material(la)) for r in item.responses for la in r.labels.values())
    report_unused(item, {*told, *general}, texts)
    return Pairs(tuple(pairs), tuple(Option(text) for text in rest if text and text not in used)), [
        item.feedback[name] for name in general
    ]


def _ordering(item: Item12, response: Response, texts: Texts) -> Body:
    """The key is the sequence of the first condition that earns something and names every label once."""
    for condition in item.conditions:
        named = [(n.get("index"), n.text().strip()) for n in condition.all("varequal")]
        if all(index.isdigit() for index, _ in named):
            named.sort(key=lambda pair: int(pair[0]))
        order = [ident for _, ident in named]
        if len(order) == 1 and "," in order[0]:
            order = [part.strip() for part in order[0].split(",")]
        earns = any(number(v.text()) > 0 for v in condition.elements("setvar"))
        if earns and sorted(order) == sorted(response.labels):
            return Ordering(tuple((texts.line(of_material(response.labels[i])),) for i in order))
    raise Unreadable("Ordered")
