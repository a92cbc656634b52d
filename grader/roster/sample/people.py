"""Draws the units, people, posts and learners of a synthetic roster, all without faults (docs/design.md §9.6)."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

AS_OF = date(2026, 10, 31)  # the demo's as-of date: what the shares below are about
TRAINED, LATE, WAITING, BEGUN = 0.5, 0.4, 0.36, 0.2  # bands of diligence, see ``roster_sample``
UNION = "CDDLVN"
NOBODY_TRAINED = "EVNHANOI-03"

_FOUNDED = "2015-01-01"
_VACANT, _DUAL, _TWO_VICES, _SECTION_VICE, _ACTING = 0.04, 0.03, 0.48, 0.5, 0.03
_YEARLY_TURNOVER = 0.08
_WAVE = frozenset({(2025, 9), (2025, 10), (2025, 11)})  # grassroots congresses
_WAVE_TURNOVER = 0.35
_EMAIL, _PHONE_ONLY, _FULL_TIME = 0.9, 0.2, 0.05
_OTHERS_TRAINED = 0.4
_ALL_TRAINED = 0.31
_LOW, _HIGH = 0.2, 0.7  # shares beyond these are rounded up: none below 12 %, the best above 70 %
_MIDDLING = ("EVNNPC", "EVNSPC", "EVNCPC")  # take what rounding left over
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_MIDDLES = ("Văn", "Thị", "Minh", "Thu", "Đức", "Ngọc", "Hữu", "Thanh")


class _Corporation(NamedTuple):
    """One corporation: names, CĐCS and CĐBP of the ``full`` size, shift workers in %, leaders trained on ``AS_OF``."""

    code: str
    name: str
    company: str
    unions: int
    sections: int
    shift: int
    trained: float


_CORPORATIONS = (
    _Corporation("EVNNPC", "Tổng công ty Điện lực miền Bắc", "Công ty Điện lực", 24, 260, 25, 0.33),
    _Corporation("EVNCPC", "Tổng công ty Điện lực miền Trung", "Công ty Điện lực", 24, 170, 25, 0.24),
    _Corporation("EVNSPC", "Tổng công ty Điện lực miền Nam", "Công ty Điện lực", 24, 240, 25, 0.28),
    _Corporation("EVNHANOI", "Tổng công ty Điện lực TP Hà Nội", "Công ty Điện lực", 23, 120, 22, 0.15),
    _Corporation("EVNHCMC", "Tổng công ty Điện lực TP Hồ Chí Minh", "Công ty Điện lực", 22, 130, 22, 0.52),
    _Corporation("EVNNPT", "Tổng công ty Truyền tải điện Quốc gia", "Công ty Truyền tải điện", 9, 90, 45, 0.72),
    _Corporation("EVNGENCO1", "Tổng công ty Phát điện 1", "Công ty Nhiệt điện", 10, 60, 50, 0.21),
    _Corporation("EVNGENCO2", "Tổng công ty Phát điện 2", "Công ty Thủy điện", 9, 50, 50, 0.13),
    _Corporation("EVNGENCO3", "Tổng công ty Phát điện 3", "Công ty Nhiệt điện", 8, 45, 50, 0.18),
)


class _Size(NamedTuple):
    """How many unions and people; ``unions`` None means the corporation's own numbers."""

    unions: int | None
    attached: int
    attached_leaders: float
    collaborators: tuple[int, int]


SIZES: Mapping[str, _Size] = MappingProxyType({"demo": _Size(3, 4, 1.5, (1, 2)), "full": _Size(None, 40, 1.5, (2, 6))})
_DEMO_SECTIONS = (2, 4)


@dataclass(frozen=True)
class Learner:
    """What a simulated learner is like; of no meaning outside the sample.

    Attributes:
        person_id: as in people.csv.
        role: the track this person would follow: ``leader``, ``officer`` or ``collaborator``.
        shift: ``office``, ``shift`` or ``mobile``.
        device: ``computer`` or ``phone`` (phone only).
        full_time: whether a full-time cadre.
        diligence: 0 to 1; the bands are in ``roster_sample``.
    """

    person_id: str
    role: str
    shift: str
    device: str
    full_time: bool
    diligence: float


@dataclass
class Sample:
    """The rows of a sample while it is being made, as they will be written."""

    units: list[dict[str, str]] = field(default_factory=list)
    people: list[dict[str, str]] = field(default_factory=list)
    posts: list[dict[str, str]] = field(default_factory=list)
    learners: list[Learner] = field(default_factory=list)


def draw(size: str, seed: int) -> Sample:
    """Return a sample without faults; the same arguments give the same sample."""
    return _Drawing(SIZES[size], random.Random(f"{size}-{seed}")).sample()  # not for secrets


class _Drawing:
    """One drawing: the sample so far, and who leads where on ``AS_OF``."""

    def __init__(self, size: _Size, rng: random.Random) -> None:
        self._size = size
        self._rng = rng
        self._made = Sample()
        self._roles: dict[str, str] = {}
        self._shift_share: dict[str, int] = {}
        self._leaders: defaultdict[str, dict[str, str]] = defaultdict(dict)  # corporation -> person in office -> CĐCS

    def sample(self) -> Sample:
        self._unit(UNION, "Công đoàn Điện lực Việt Nam", "union", "")
        for corporation in _CORPORATIONS:
            self._corporation(corporation)
        for number in range(1, self._size.attached + 1):
            unit = f"TT-{number:02}"
            self._unit(unit, f"CĐCS Đơn vị trực thuộc Mẫu {number:02}", "grassroots_union", UNION)
            for post in ("chair", *self._vices(self._size.attached_leaders)):
                self._seat(unit, post, "", 25)
            self._helpers(unit, 2, 25)
        self._learners()
        return self._made

    def _corporation(self, corporation: _Corporation) -> None:
        code, unions = corporation.code, self._size.unions or corporation.unions
        self._unit(code, f"Công đoàn {corporation.name}", "corporation", UNION)
        for number in range(1, unions + 1):
            unit = f"{code}-{number:02}"
            name = f"CĐCS {corporation.company} Mẫu {number:02} – {code}"
            self._unit(unit, name, "grassroots_union", code)
            holders = [
                self._seat(unit, post, unit, corporation.shift) for post in ("chair", *self._vices(1 + _TWO_VICES))
            ]
            for section in range(1, self._sections(corporation, number, unions) + 1):
                below = f"{unit}-B{section:02}"
                self._unit(below, f"CĐBP Phân xưởng Mẫu {section:02} – {unit}", "section_union", unit)
                for post in ("chair", *self._vices(_SECTION_VICE)):
                    dual = holders[-1] if post == "chair" and self._rng.random() < _DUAL * 2 else ""
                    self._seat(below, post, unit, corporation.shift, dual)
            self._helpers(unit, self._rng.randint(1, 2), corporation.shift)

    def _sections(self, corporation: _Corporation, number: int, unions: int) -> int:
        """Return how many sections this union has; in ``full`` they add up to the corporation's number."""
        if self._size.unions:
            return self._rng.randint(*_DEMO_SECTIONS)
        before, after = ((corporation.sections * n) // unions for n in (number - 1, number))
        return after - before

    def _vices(self, mean: float) -> list[str]:
        """Return vice-chairs, the mean's whole part or one more."""
        more = self._rng.random() < mean - int(mean)
        return ["vice_chair"] * (int(mean) + more)

    def _unit(self, unit_id: str, name: str, kind: str, parent_id: str) -> None:
        row = {"unit_id": unit_id, "name": name, "kind": kind, "parent_id": parent_id, "start": _FOUNDED}
        self._made.units.append(row)

    def _person(self, role: str, shift_share: int) -> str:
        number = len(self._made.people) + 1
        person_id = f"CB-{number:06}"
        name = f"{self._rng.choice(_FAMILIES)} {self._rng.choice(_MIDDLES)} Mẫu {number:03}"
        email = f"{person_id.lower()}@mau.example" if self._rng.random() < _EMAIL else ""
        self._made.people.append({"person_id": person_id, "full_name": name, "email": email})
        self._roles[person_id] = role
        self._shift_share[person_id] = shift_share
        return person_id

    def _post(self, person_id: str, unit_id: str, post: str, start: date, end: date | None) -> None:
        acting = post == "chair" and self._rng.random() < _ACTING
        row = {
            "person_id": person_id,
            "unit_id": unit_id,
            "post": "acting_chair" if acting else post,
            "start": start.isoformat(),
            "end": end.isoformat() if end else "",
            "decision_no": f"QĐ-{self._rng.randint(1, 9999):04}/{start.year}",
        }
        self._made.posts.append(row)

    def _seat(self, unit_id: str, post: str, union_unit: str, shift_share: int, holder: str = "") -> str:
        """Write the holders of one leader's seat, one after another; return who holds it on ``AS_OF``, or empty.

        ``holder`` is somebody who holds another seat already (a dual post) and takes this one last.
        """
        changes = self._changes()
        vacant = not holder and self._rng.random() < _VACANT
        for number, start in enumerate(changes):
            last = number == len(changes) - 1
            end = None if last else changes[number + 1] - timedelta(days=1)
            if last and vacant:
                end = max(start, AS_OF - timedelta(days=self._rng.randint(1, 120)))
            person_id = holder if last and holder else self._person("leader", shift_share)
            self._post(person_id, unit_id, post, start, end)
        if vacant:
            return ""
        if union_unit:
            self._leaders[union_unit.partition("-")[0]].setdefault(person_id, union_unit)
        return person_id

    def _changes(self) -> list[date]:
        """Return the first days of a seat's holders: 8 % change a year, 35 % in the wave of autumn 2025."""
        starts = [date(2022, 1, 1) + timedelta(days=self._rng.randrange(700))]
        for month in range(12 * 2024, 12 * AS_OF.year + AS_OF.month - 1):
            year_month = month // 12, month % 12 + 1
            wave = 1 - (1 - _WAVE_TURNOVER) ** (1 / len(_WAVE))
            if self._rng.random() < (wave if year_month in _WAVE else _YEARLY_TURNOVER / 12):
                starts.append(date(*year_month, self._rng.randint(1, 28)))
        return starts

    def _helpers(self, unit_id: str, officers: int, shift_share: int) -> None:
        """Add communication officers and collaborators."""
        for post, role, count in (
            ("comms_officer", "officer", officers),
            ("collaborator", "collaborator", self._rng.randint(*self._size.collaborators)),
        ):
            for _ in range(count):
                start = date(2023, 1, 1) + timedelta(days=self._rng.randrange(1000))
                self._post(self._person(role, shift_share), unit_id, post, start, None)

    def _learners(self) -> None:
        """Give everybody a diligence: leaders in office to the share of their corporation, the others by chance."""
        trained = {person for code, count in self._quotas().items() for person in self._chosen(code, count)}
        leaders = {person for people in self._leaders.values() for person in people}
        for person_id, role in self._roles.items():
            chosen = person_id in trained if person_id in leaders else self._rng.random() < _OTHERS_TRAINED
            low, high = (TRAINED, 1.0) if chosen else (0.0, TRAINED - 0.001)
            shift, device = self._circumstances(self._shift_share[person_id])
            full_time = self._rng.random() < _FULL_TIME
            diligence = round(self._rng.uniform(low, high), 3)
            self._made.learners.append(Learner(person_id, role, shift, device, full_time, diligence))

    def _quotas(self) -> dict[str, int]:
        """Return how many leaders in office to train: by corporation near its share, over all ``_ALL_TRAINED``."""
        sizes = {c.code: len(self._leaders[c.code]) for c in _CORPORATIONS}
        quotas = {}
        for corporation in _CORPORATIONS:
            extreme = corporation.trained < _LOW or corporation.trained > _HIGH
            quotas[corporation.code] = (math.ceil if extreme else math.floor)(
                corporation.trained * sizes[corporation.code]
            )
        missing = round(_ALL_TRAINED * sum(sizes.values())) - sum(quotas.values())
        for number in range(abs(missing)):
            quotas[_MIDDLING[number % len(_MIDDLING)]] += 1 if missing > 0 else -1
        return quotas

    def _chosen(self, code: str, count: int) -> list[str]:
        """Return ``count`` leaders in office of a corporation, none of them in ``NOBODY_TRAINED``."""
        people = [person for person, union_unit in self._leaders[code].items() if union_unit != NOBODY_TRAINED]
        self._rng.shuffle(people)
        return people[:count]

    def _circumstances(
        self, shift_share: int
    ) -> tuple[Literal["office", "shift", "mobile"], Literal["phone", "computer"]]:
        at_work = self._rng.random() * 100
        shift: Literal["office", "shift", "mobile"] = (
            "shift" if at_work < shift_share else "mobile" if at_work < shift_share + 15 else "office"
        )
        return shift, "phone" if self._rng.random() < _PHONE_ONLY else "computer"
