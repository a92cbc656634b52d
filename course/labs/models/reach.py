"""Model of "Bàn OASIS": what a plan of activities reaches, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

HOURS: int = 40
ZALO_LIMIT: int = 8
"""Short messages in the teams' Zalo groups that members bear in a month; more and they mute the group."""
GOAL_TOTAL: Fraction = Fraction(90, 100)
GOAL_GROUP: Fraction = Fraction(80, 100)
GOAL_DIGITAL: Fraction = Fraction(50, 100)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members; ``size`` in people."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Something to spend hours on.

    Attributes:
        name: what is done.
        hours: working hours each time.
        limit: how many times at most; with ``spread`` the number of teams there are.
        digital: whether each product stands on a digital platform.
        spread: each time reaches one more team of the group; otherwise all but the first time meet the same people.
        chances: percent of each of ``GROUPS`` reached, with ``spread`` once all teams were met.

    """

    name: str
    hours: int
    limit: int
    digital: bool
    spread: bool
    chances: tuple[int, int, int, int]


_SIZES = {"Hành chính": 110, "3 ca 4 kíp": 100, "Đội lưu động": 50, "Văn phòng xa": 40}
GROUPS: tuple[Group, ...] = tuple(Group(name, size) for name, size in _SIZES.items())
ACTIVITIES: tuple[Activity, ...] = (
    Activity("Bài trên fanpage", 2, 14, digital=True, spread=False, chances=(35, 10, 10, 25)),
    Activity("Tin ngắn trong nhóm Zalo của tổ", 1, 12, digital=True, spread=False, chances=(60, 35, 45, 60)),
    Activity("Video 60 giây", 6, 3, digital=True, spread=False, chances=(40, 25, 30, 35)),
    Activity("Tờ tin ở bảng giao ca, từng kíp", 1, 4, digital=False, spread=True, chances=(0, 55, 0, 0)),
    Activity("Tổ trưởng nói lúc giao ca, từng kíp", 2, 4, digital=False, spread=True, chances=(0, 85, 0, 0)),
    Activity("Năm phút trong họp tổ hành chính, từng tổ", 2, 3, digital=False, spread=True, chances=(80, 0, 0, 0)),
    Activity("Gặp đội lưu động ở điểm tập kết, từng đội", 3, 3, digital=False, spread=True, chances=(0, 0, 85, 0)),
    Activity("Gặp mặt ở văn phòng xa, từng nơi", 4, 2, digital=False, spread=True, chances=(0, 0, 0, 80)),
)
POSTS, ZALO = 0, 1
"""Places in ``ACTIVITIES``."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a plan gives: reach as shares, ``hours``, ``products``, of these ``digital``, and ``zalo`` messages."""

    groups: tuple[Fraction, ...]
    total: Fraction
    hours: int
    products: int
    digital: int
    zalo: int

    @property
    def share(self) -> Fraction:
        """Return the digital share of the products; 0 where there are none."""
        return Fraction(self.digital, self.products) if self.products else Fraction(0)

    @property
    def lacks(self) -> tuple[str, ...]:
        """Return what is not met yet, in words; empty when the plan meets every goal."""
        low = ", ".join(g.name for g, s in zip(GROUPS, self.groups, strict=True) if s < GOAL_GROUP)
        faults = (
            (self.total < GOAL_TOTAL, "tổng tiếp cận dưới 90%"),
            (bool(low), f"nhóm dưới 80%: {low}"),
            (self.share < GOAL_DIGITAL, "tỉ trọng số dưới 50%"),
            (self.hours > HOURS, f"quá tải {self.hours - HOURS} giờ công"),
            (self.zalo > ZALO_LIMIT, "tin Zalo quá dày, người nhận sẽ tắt chuông"),
        )
        return tuple(words for failed, words in faults if failed)


def _chance(activity: Activity, times: int, group: int) -> Fraction:
    """Return the share of a group that an activity done ``times`` times reaches."""
    full = Fraction(activity.chances[group], 100)
    return full * Fraction(times, activity.limit) if activity.spread else full


def evaluate(plan: tuple[int, ...]) -> Result:
    """Return the result of doing each of ``ACTIVITIES`` so many times.

    Raises:
        ValueError: for a plan of another length, and for a number outside 0 … ``limit``.

    """
    if len(plan) != len(ACTIVITIES) or any(not 0 <= n <= a.limit for n, a in zip(plan, ACTIVITIES, strict=False)):
        message = "kế hoạch phải có tám số trong giới hạn"
        raise ValueError(message)
    done = [(n, a) for n, a in zip(plan, ACTIVITIES, strict=True) if n]
    groups = tuple(1 - prod((1 - _chance(a, n, g) for n, a in done), start=Fraction(1)) for g in range(len(GROUPS)))
    people = sum((share * g.size for share, g in zip(groups, GROUPS, strict=True)), Fraction(0))
    hours = sum(n * a.hours for n, a in done)
    digital = sum(n for n, a in done if a.digital)
    return Result(groups, people / sum(g.size for g in GROUPS), hours, sum(plan), digital, plan[ZALO])
