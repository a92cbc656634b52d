"""What a corrected key changes: scores, passes, trained people and rates, for people to read before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from course.words import _, into
from grader.completion.records import Completion, Rate
from grader.ground.pass_rule import Rule, passes
from grader.marking.regrade import Regraded
from grader.roster.records import ATTEMPT_COLUMNS

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a corrected key does to one attempt.

    Attributes:
        attempt_id, person: which.
        before, after: points as they counted and as they count from now on; ``None`` while a marker is awaited.
        found: points under the corrected key; differs from ``after`` where an earlier pass is kept (E16).
        max_score: points possible now.
        passed, passes: whether it passed, and passes, the module.
    """

    attempt_id: str
    person: str
    before: Decimal | None
    after: Decimal | None
    found: Decimal | None
    max_score: Decimal
    passed: bool
    passes: bool

    @property
    def kept(self) -> bool:
        """Whether an earlier pass is kept against the corrected key."""
        return self.found is not None and self.after != self.found


@dataclass(frozen=True, slots=True)
class Trained:
    """A person counted in a target whose trained state changes; dates as ISO text, ``None``: not trained."""

    target: str
    person: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A rate that moves; ``unit`` and ``name`` are empty for the whole target."""

    target: str
    unit: str
    name: str
    before: Rate
    after: Rate


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that a corrected key changes in one module; ``regraded``: attempts scored anew."""

    module: str
    regraded: int
    attempts: tuple[Change, ...]
    trained: tuple[Trained, ...]
    rates: tuple[Moved, ...]

    def to_json(self) -> dict[str, Any]:
        """Return one JSON object."""

        def number(value: Decimal | None) -> float | None:
            return None if value is None else float(value)

        return {
            "module": self.module,
            "regraded": self.regraded,
            "attempts": [
                {
                    **asdict(c),
                    **{n: number(getattr(c, n)) for n in ("before", "after", "found", "max_score")},
                    "kept": c.kept,
                }
                for c in self.attempts
            ],
            "trained": [asdict(t) for t in self.trained],
            "rates": [
                {
                    "target": m.target,
                    "unit": m.unit,
                    "name": m.name,
                    "before": m.before.to_json(),
                    "after": m.after.to_json(),
                }
                for m in self.rates
            ],
        }


def difference(
    module: str,
    rule: Rule,
    changed: Sequence[Regraded],
    rows: tuple[Sequence[tuple[str, ...]], Sequence[tuple[str, ...]]],
    counted: tuple[Completion, Completion] | None,
) -> Difference:
    """Compare exports and completion before and after; ``counted`` is ``None`` where there is no roster."""
    earlier, later = ({row[0]: dict(zip(ATTEMPT_COLUMNS, row, strict=True)) for row in side} for side in rows)
    found = []
    for one in changed:
        before, after = earlier[one.after.attempt_id], later[one.after.attempt_id]
        change = Change(
            one.after.attempt_id,
            one.person,
            _points(before),
            _points(after),
            one.after.score if one.after.state == "graded" else None,
            one.after.max_score,
            _passes(rule, before),
            _passes(rule, after),
        )
        if (change.before, change.passed, before["max_score"]) != (
            change.after,
            change.passes,
            after["max_score"],
        ) or change.kept:
            found.append(change)
    trained = tuple(_trained(*counted)) if counted else ()
    return Difference(module, len(changed), tuple(found), trained, tuple(_moved(*counted)) if counted else ())


def _points(row: Row) -> Decimal | None:
    return Decimal(row["score"]) if row["score"] and row["status"] == "graded" else None


def _passes(rule: Rule, row: Row) -> bool:
    flags = {"true": True, "false": False, "": None}
    score, most = _points(row), Decimal(row["max_score"]) if row["max_score"] else None
    return passes(rule, row["status"], score, most, flags[row["critical_met"]], flags[row["component_met"]])


def _trained(before: Completion, after: Completion) -> Iterator[Trained]:
    for old, new in zip(before.targets, after.targets, strict=True):
        dates = {c.person_id: c.trained_on for c in old.counted}
        for now in new.counted:
            then = dates.get(now.person_id)
            if then != now.trained_on:
                yield Trained(
                    new.id,
                    now.person_id,
                    then.isoformat() if then else None,
                    now.trained_on.isoformat() if now.trained_on else None,
                )


def _moved(before: Completion, after: Completion) -> Iterator[Moved]:
    for old, new in zip(before.targets, after.targets, strict=True):
        if old.rate != new.rate:
            yield Moved(new.id, "", "", old.rate, new.rate)
        for then, now in zip(old.by_corporation, new.by_corporation, strict=True):
            if then.rate != now.rate:
                yield Moved(new.id, now.unit_id, now.name, then.rate, now.rate)


def lines(found: Difference, lang: str) -> list[str]:
    """Return the difference for people to read, one line per attempt, person and rate."""
    head = _(
        "{module}: chấm lại {regraded} lượt, {changed} lượt có thay đổi.",
        module=found.module,
        regraded=found.regraded,
        changed=len(found.attempts),
    )
    shown = [into(head, lang)]
    for c in found.attempts:
        passed = into(_PASSES[c.passed, c.passes], lang)
        kept = _("giữ kết quả đạt đã có (theo đáp án mới: {points})", points=_number(c.found))
        more = f"; {into(kept, lang)}" if c.kept else ""
        shown.append(
            f"  {c.attempt_id}  {_number(c.before)} → {_number(c.after)} / {_number(c.max_score)}  {passed}{more}"
        )
    shown += [f"  {t.target}  {t.person}  {t.before or '—'} → {t.after or '—'}" for t in found.trained]
    for m in found.rates:
        shares = " → ".join(f"{r.numerator}/{r.denominator} ({r.percent or '—'} %)" for r in (m.before, m.after))
        place = m.unit or into(_("toàn hệ thống"), lang)
        shown.append(f"  {m.target}  {place}  {shares}")
    return shown


def _number(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:.2f}"


_PASSES = {
    (False, True): _("chưa đạt → đạt"),
    (True, False): _("đạt → chưa đạt"),
    (True, True): _("vẫn đạt"),
    (False, False): _("vẫn chưa đạt"),
}
