"""Rules of Q14.

Each item's key earns everything, blank and select-all nothing, and a partial answer exactly what docs/design.md §6.5 says.

The expected points of partial answers are worked out here from the formulas, not by ``course.items``, so that
the two can disagree.
For a ``post`` the author's ``vectors`` are the test: a full, a partial and an empty one at least, each with its
exact points. Elsewhere:
code items run in the box (their hidden data and solution are tested with it), and ``release`` proves that no key
reaches a cadre's copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from course import items
from course.items import points_of
from course.words import _
from grader.check.corpus import Corpus, item_place, report
from grader.ground.records import Finding
from grader.itemtypes import simulate
from grader.itemtypes.writing import Post
from grader.text.authoring import Authored, AuthoredItem

Body = Mapping[str, Any]


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for part in corpus.authored():
        for item in part.items:
            if item.head.type != "code":
                yield from _truth(part, item)
            for number, body in enumerate(item.bodies):
                if isinstance(body, Post):
                    yield from _vectors(part, item, body, number)


def _truth(part: Authored, item: AuthoredItem) -> Iterator[Finding]:
    full = Decimal(item.keyed["automatic"] or 0)
    for number, body in enumerate(item.keyed["variants"]):
        where, where_en = (f"mẫu {number}: ", f"variant {number}: ") if number else ("", "")
        tests = [
            ("E-Q14-1", "đáp án", "the key", simulate.right(item.keyed, number), full),
            ("E-Q14-2", "bỏ trống", "a blank", None, Decimal(0)),
        ]
        if item.head.type == "multiple":
            tests.append(("E-Q14-3", "chọn tất cả", "select-all", [o["id"] for o in body["options"]], Decimal(0)))
        shared = partial(item.head.type, body)
        if shared is not None:
            tests.append(
                (
                    "E-Q14-4",
                    "trả lời một phần",
                    "a partial answer",
                    shared[0],
                    points_of(shared[1], Decimal(item.keyed["points"])),
                )
            )
        for code, name, name_en, answer, points in tests:
            got = items.score(item.keyed, answer, number).automatic
            if got != points:
                said = _(
                    "{where}{name} được {got} điểm, phải được {points}: sửa đáp án hoặc điểm các phần.",
                    where=where,
                    name=name,
                    got=got,
                    points=points,
                    where_en=where_en,
                    name_en=name_en,
                )
                yield report(code, item_place(part, item), said)


def partial(kind: str, body: Body) -> tuple[Any, Fraction] | None:
    """Return an answer that is right in part and the share it earns (docs/design.md §6.5).

    ``None`` for a type without partial credit.
    """
    if kind == "multiple":
        right = list(body["correct"])
        if len(right) > 1:
            return right[:-1], Fraction(len(right) - 1, len(right))
        wrong = [o["id"] for o in body["options"] if o["id"] not in right]
        harmless = [i for i in wrong if i not in body["veto"]]
        return ([*right, harmless[0]], 1 - Fraction(1, len(wrong))) if harmless else None
    if kind == "match":
        first = next(iter(body["key"]))
        return {first: body["key"][first]}, Fraction(1, len(body["key"]))
    if kind == "order":
        groups = [list(group) for group in body["key"]]
        pairs = sum(len(a) * len(b) for n, a in enumerate(groups) for b in groups[n + 1 :])
        steps = [step for group in groups for step in group]
        edge = len(groups[0])  # the last of the first group changes places with the first of the second
        steps[edge - 1], steps[edge] = steps[edge], steps[edge - 1]
        reversed_ = _reversed(groups, steps)
        return steps, max(Fraction(0), Fraction(pairs - 2 * reversed_, pairs))
    if kind in {"number", "table"}:
        parts = (
            body["parts"]
            if kind == "number"
            else [{"id": n, **c} for n, c in body["cells"].items() if "given" not in c]
        )
        whole = sum((Fraction(p["points"]) for p in parts), Fraction(0))
        first = parts[0]
        typed = first["accept"][0] if "accept" in first else str(first["value"]).replace(".", ",")
        return {first["id"]: typed}, Fraction(first["points"]) / whole
    return None


def _reversed(groups: list[list[str]], steps: list[str]) -> int:
    """Count the pairs of the key that ``steps`` reverses, by looking at every two places."""
    rank = {step: n for n, group in enumerate(groups) for step in group}
    return sum(rank[a] > rank[b] for n, a in enumerate(steps) for b in steps[n + 1 :])


def _vectors(part: Authored, item: AuthoredItem, body: Post, number: int) -> Iterator[Finding]:
    full = sum((c.points for c in body.checks), Decimal(0))
    prefix = f"variants.{number - 1}." if number else ""
    earned = [v.points for v in body.vectors]
    kinds = [any(p == full for p in earned), any(0 < p < full for p in earned), any(p == 0 for p in earned)]
    if not all(kinds):
        named = [("đủ điểm", "full points"), ("một phần điểm", "part of the points"), ("0 điểm", "no points")]
        missing = [name for name, there in zip(named, kinds, strict=True) if not there]
        said = _(
            "vectors còn thiếu bài thử được {v}.",
            v=", ".join((v for v, _ in missing)),
            e=", ".join((e for _, e in missing)),
        )
        yield report("E-Q14-5", item_place(part, item, prefix + "vectors"), said)
    for index, vector in enumerate(body.vectors):
        got = items.score(item.keyed, vector.text, number).automatic
        if got != vector.points:
            said = _(
                "bài thử {value} được {got} điểm, tác giả ghi {points}: sửa checks hoặc points.",
                value=index + 1,
                got=got,
                points=vector.points,
            )
            yield report("E-Q14-6", item_place(part, item, f"{prefix}vectors.{index}"), said)
