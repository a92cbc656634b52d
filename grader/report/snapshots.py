"""Keeps every figure that was published: a changed past figure makes a new version that says why.

Nothing is overwritten (E14).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from course.words import LANGUAGES, SOURCE, Text, _, into, joined
from grader.completion.records import Completion, Rate
from grader.ground.errors import ModuongError
from grader.report.suppression import SMALLEST_SHOWN
from grader.report.views import states_of
from grader.report.words import Words

_States = Mapping[str, str]  # person id -> one of report_views.STATES


@dataclass(frozen=True)
class Snapshot:
    """One published version of the figures for one as-of date.

    Attributes:
        number: 1, 2, 3 … for the same date.
        as_of: the date the figures are about.
        published_at: when this version was made.
        course_version, target_set: of course.yaml then.
        rates: target -> N of D.
        rules: target -> the rule in Vietnamese.
        corporations: target -> corporation -> (N, D).
        people: target -> person -> state, to say later what has changed; personal data, kept beside the gradebook.
        why: language -> what changed since the version before; empty for the first.
    """

    number: int
    as_of: date
    published_at: datetime
    course_version: str
    target_set: str
    rates: Mapping[str, Rate]
    rules: Mapping[str, str]
    corporations: Mapping[str, Mapping[str, tuple[int, int]]]
    people: Mapping[str, _States]
    why: Mapping[str, str] = field(default_factory=dict)

    def same_figures(self, other: Snapshot) -> bool:
        """Tell whether both say the same by the same rules."""
        return (self.target_set, self.rates, self.rules, self.corporations) == (
            other.target_set,
            other.rates,
            other.rules,
            other.corporations,
        )

    def summary(self, lang: str) -> str:
        """Return when it was published, its figures, and why it differs from the one before; small groups hidden."""
        words = Words(lang)
        figures = []
        for name, rate in self.rates.items():
            small = 0 < rate.denominator < SMALLEST_SHOWN
            text = words.sign("small") if small else f"{words.fraction(rate)} = {words.percent(rate)}"
            figures.append(f"{name} {text}")
        why = self.why.get(words.lang) or self.why.get(SOURCE)
        said = _("Bản {number}, công bố {instant}", number=self.number, instant=words.instant(self.published_at))
        return f"{words.say(said)}: {'; '.join(figures)}." + (f" {why}" if why else "")


def publish(folder: Path, found: Completion, at: datetime, lang: str = SOURCE) -> tuple[Snapshot, ...]:
    """Keep the figures of ``found`` unless the latest version of that date says the same.

    Return all versions of the date.

    Args:
        folder: of all snapshots; made when missing, readable by its owner only.
        found: of the whole union.
        at: the instant of publication.
        lang: of the course, in which the rule is kept; never of who happens to publish.

    Raises:
        ModuongError: ``E-SNAP-1`` a kept version cannot be read: it is never replaced.
    """
    known = versions(folder, found.as_of)
    fresh = _taken(found, at, len(known) + 1, lang)
    if known and known[-1].same_figures(fresh):
        return known
    if known:
        fresh = Snapshot(**{**vars(fresh), "why": _why(known[-1], fresh)})
    place = folder / found.as_of.isoformat()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / f"v{fresh.number:04}.json"
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(_to_json(fresh), stream, ensure_ascii=False, indent=1)
    try:
        os.link(temporary, path)  # refuses when the version is there already, and never shows a half-written one
    except FileExistsError:  # somebody else published meanwhile
        return publish(folder, found, at, lang)
    finally:
        temporary.unlink()
    return (*known, fresh)


def versions(folder: Path, as_of: date) -> tuple[Snapshot, ...]:
    """Return what was published for a date, oldest first."""
    return tuple(_read(path) for path in sorted((folder / as_of.isoformat()).glob("v*.json")))


def _taken(found: Completion, at: datetime, number: int, lang: str) -> Snapshot:
    return Snapshot(
        number=number,
        as_of=found.as_of,
        published_at=at,
        course_version=found.course_version,
        target_set=found.target_set,
        rates={t.id: t.rate for t in found.targets},
        rules={t.id: t.rule(lang) for t in found.targets},
        corporations={
            t.id: {c.unit_id: (c.rate.numerator, c.rate.denominator) for c in t.by_corporation} for t in found.targets
        },
        people={t.id: states_of(t) for t in found.targets},
    )


def _why(old: Snapshot, new: Snapshot) -> Mapping[str, str]:
    """Return what changed, worked out from the people of both versions; counts only."""
    parts = []
    if (old.target_set, old.rules) != (new.target_set, new.rules):
        parts.append(_("quy tắc hoặc bộ chỉ tiêu đã đổi ({before} → {now})", before=old.target_set, now=new.target_set))
    for name, rate in new.rates.items():
        changes = _changes(old.people.get(name, {}), new.people[name])
        parts += [joined(": ", (name, said)) for count, said in changes if count]
        if old.people.get(name) and rate == old.rates.get(name) and old.corporations[name] != new.corporations[name]:
            parts.append(joined(": ", (name, _("cơ cấu đơn vị đã đổi"))))
    listed = joined("; ", parts)
    said = _("Khác bản trước: {changes}.", changes=listed) if parts else _("Khác bản trước.")
    return {lang: into(said, lang) for lang in LANGUAGES}


def _changes(old: _States, new: _States) -> list[tuple[int, Text]]:
    both = old.keys() & new.keys()
    gained = [p for p in both if new[p] == "trained" != old[p]]
    marked = sum(old[p] == "waiting" for p in gained)
    more = len(gained) - marked
    lost = sum(old[p] == "trained" != new[p] for p in both)
    came, went = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    return [
        (marked, _("{count} người từ chờ chấm thành đạt (chấm sau khi công bố)", count=marked)),
        (more, _("{count} người thành đạt do kết quả được bổ sung hoặc chấm lại", count=more)),
        (lost, _("{count} người không còn đạt (kết quả bị sửa hoặc hủy)", count=lost)),
        (came, _("thêm {count} người vào mẫu số (danh sách cán bộ đã sửa)", count=came)),
        (went, _("bớt {count} người khỏi mẫu số (danh sách cán bộ đã sửa)", count=went)),
    ]


def _to_json(one: Snapshot) -> dict[str, Any]:
    rates = {
        name: {"numerator": r.numerator, "denominator": r.denominator, "goal": list(r.goal)}
        for name, r in one.rates.items()
    }
    return {
        **vars(one),
        "as_of": one.as_of.isoformat(),
        "published_at": one.published_at.isoformat(),
        "rates": rates,
        "why": dict(one.why),
    }


def _reasons(kept: Any) -> Mapping[str, str]:
    """Return the reasons as ``Snapshot.why``; versions of 2026 hold them as a pair, Vietnamese and English."""
    pairs = dict(kept) if isinstance(kept, dict) else dict(zip(("vi", "en"), kept, strict=True))
    return {str(lang): str(said) for lang, said in pairs.items() if said}


def _read(path: Path) -> Snapshot:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Snapshot(
            **{
                **data,
                "as_of": date.fromisoformat(data["as_of"]),
                "published_at": datetime.fromisoformat(data["published_at"]),
                "rates": {
                    name: Rate(r["numerator"], r["denominator"], tuple(r["goal"])) for name, r in data["rates"].items()
                },
                "corporations": {
                    name: {c: tuple(pair) for c, pair in rows.items()} for name, rows in data["corporations"].items()
                },
                "why": _reasons(data["why"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModuongError(
            "E-SNAP-1",
            _(
                "{path}: không đọc được bản đã công bố. Hãy khôi phục tệp từ bản sao lưu; hệ thống không ghi đè.",
                path=path,
            ),
        ) from None
