"""Keeps every figure that was published: a changed past figure makes a new version that says why.

Nothing is overwritten (E14).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from course.words import SOURCE, _
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
        why: what changed since the version before, in Vietnamese and in English; empty for the first.
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
    why: tuple[str, str] = ("", "")

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
        why = self.why[words.lang == "en"]
        return f"{words('version', self.number, words.instant(self.published_at))}: {'; '.join(figures)}." + (
            f" {why}" if why else ""
        )


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


def _why(old: Snapshot, new: Snapshot) -> tuple[str, str]:
    """Return what changed, worked out from the people of both versions; counts only."""
    vi, en = [], []
    if (old.target_set, old.rules) != (new.target_set, new.rules):
        vi.append(f"quy tắc hoặc bộ chỉ tiêu đã đổi ({old.target_set} → {new.target_set})")
        en.append(f"the rules or the target set changed ({old.target_set} → {new.target_set})")
    for name, rate in new.rates.items():
        for count, sentence_vi, sentence_en in _changes(old.people.get(name, {}), new.people[name]):
            if count:
                vi.append(f"{name}: {sentence_vi.format(count)}")
                en.append(f"{name}: {sentence_en.format(count)}")
        if old.people.get(name) and rate == old.rates.get(name) and old.corporations[name] != new.corporations[name]:
            vi.append(f"{name}: cơ cấu đơn vị đã đổi")
            en.append(f"{name}: the structure of units changed")
    return _sentence("Khác bản trước", vi), _sentence("Differs from the version before", en)


def _sentence(start: str, parts: list[str]) -> str:
    return f"{start}: {'; '.join(parts)}." if parts else f"{start}."


def _changes(old: _States, new: _States) -> list[tuple[int, str, str]]:
    both = old.keys() & new.keys()
    gained = [p for p in both if new[p] == "trained" != old[p]]
    marked = sum(old[p] == "waiting" for p in gained)
    lost = sum(old[p] == "trained" != new[p] for p in both)
    return [
        (
            marked,
            "{} người từ chờ chấm thành đạt (chấm sau khi công bố)",
            "{} people awaiting marking are now trained (marked later)",
        ),
        (
            len(gained) - marked,
            "{} người thành đạt do kết quả được bổ sung hoặc chấm lại",
            "{} people are now trained (results added or regraded)",
        ),
        (
            lost,
            "{} người không còn đạt (kết quả bị sửa hoặc hủy)",
            "{} people are no longer trained (results corrected or void)",
        ),
        (
            len(new.keys() - old.keys()),
            "thêm {} người vào mẫu số (danh sách cán bộ đã sửa)",
            "{} people added to the denominator (roster corrected)",
        ),
        (
            len(old.keys() - new.keys()),
            "bớt {} người khỏi mẫu số (danh sách cán bộ đã sửa)",
            "{} people taken out of the denominator (roster corrected)",
        ),
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
        "why": list(one.why),
    }


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
                "why": tuple(data["why"]),
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
