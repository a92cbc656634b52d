"""Rules of Q14.

Each item's key earns everything, blank and select-all nothing, and a partial answer exactly what docs/design.md §6.5
says.

The expected points of partial answers are worked out from the formulas by the staff half of each type, not by
``course.items``, so that the two can disagree.
For a ``post`` the author's ``vectors`` are the test: a full, a partial and an empty one at least, each with its
exact points. Elsewhere:
code items run in the box (their hidden data and solution are tested with it), and ``release`` proves that no key
reaches a cadre's copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from course import items
from course.items import points_of
from course.words import _, joined
from grader.check.corpus import Corpus, item_place, report
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Trials
from grader.text.authoring import Authored, AuthoredItem


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for part in corpus.authored():
        for item in part.items:
            if items.scores(item.keyed):
                yield from _truth(part, item)
            for number, body in enumerate(item.bodies):
                if (trials := body.trials()) is not None:
                    yield from _vectors(part, item, trials, number)


def _truth(part: Authored, item: AuthoredItem) -> Iterator[Finding]:
    full, of = Decimal(item.keyed["automatic"] or 0), TYPES[item.head.type]
    for number, body in enumerate(item.keyed["variants"]):
        where = _("mẫu {number}: ", number=number) if number else ""
        tests = [("E-Q14-1", _("đáp án"), of.right(body), full), ("E-Q14-2", _("bỏ trống"), None, Decimal(0))]
        ticked = of.everything(body)
        if ticked is not None:
            tests.append(("E-Q14-3", _("chọn tất cả"), ticked, Decimal(0)))
        shared = of.partial(body)
        if shared is not None:
            points = points_of(shared[1], Decimal(item.keyed["points"]))
            tests.append(("E-Q14-4", _("trả lời một phần"), shared[0], points))
        for code, name, answer, points in tests:
            got = items.score(item.keyed, answer, number).automatic
            if got != points:
                said = _(
                    "{where}{name} được {got} điểm, phải được {points}: sửa đáp án hoặc điểm các phần.",
                    where=where,
                    name=name,
                    got=got,
                    points=points,
                )
                yield report(code, item_place(part, item), said)


def _vectors(part: Authored, item: AuthoredItem, trials: Trials, number: int) -> Iterator[Finding]:
    prefix = f"variants.{number - 1}." if number else ""
    earned = [points for _text, points in trials.texts]
    kinds = {
        _("đủ điểm"): any(p == trials.full for p in earned),
        _("một phần điểm"): any(0 < p < trials.full for p in earned),
        _("0 điểm"): any(p == 0 for p in earned),
    }
    if not all(kinds.values()):
        missing = joined(", ", [name for name, there in kinds.items() if not there])
        said = _("vectors còn thiếu bài thử được {missing}.", missing=missing)
        yield report("E-Q14-5", item_place(part, item, prefix + "vectors"), said)
    for index, (text, points) in enumerate(trials.texts):
        got = items.score(item.keyed, text, number).automatic
        if got != points:
            said = _(
                "bài thử {value} được {got} điểm, tác giả ghi {points}: sửa checks hoặc points.",
                value=index + 1,
                got=got,
                points=points,
            )
            yield report("E-Q14-6", item_place(part, item, f"{prefix}vectors.{index}"), said)
