"""What must not happen unseen: an import that ends or removes many rows, and ids that a spreadsheet has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from course.words import Text, _, joined
from grader.ground.errors import ModuongError
from grader.roster.diff import TABLES, Merged
from grader.roster.match import days, ids, names, words
from grader.roster.match.fields import bare
from grader.roster.match.units import kind_of
from grader.roster.records import Parsed, Roster
from grader.roster.tables import legacy
from grader.roster.tables.grid import Cell

MOST, SHARE = 10, 20
"""More than ``MOST`` rows lost, or more than one in ``SHARE``, want the number typed."""
_ORDINARY = 2
"""So many rows that only end are everyday work, in a roster however small; one removed row of a small one is not."""
_FEW = 2  # rows that may lack something by mistake
_LOST: Mapping[str, Callable[[int, int], Text]] = MappingProxyType(
    {
        "units": lambda lost, of: _("{lost}/{of} đơn vị", lost=lost, of=of),
        "people": lambda lost, of: _("{lost}/{of} cán bộ", lost=lost, of=of),
        "posts": lambda lost, of: _("{lost}/{of} chức vụ", lost=lost, of=of),
        "external": lambda lost, of: _("{lost}/{of} khóa học ngoài", lost=lost, of=of),
    }
)


@dataclass(frozen=True)
class Losses:
    """What an import ends or removes.

    Attributes:
        tables: table -> (rows lost, of how many that were stored).
        removed: the tables of which a row is removed, not only ended.
    """

    tables: Mapping[str, tuple[int, int]]
    removed: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """Return the number that is to be typed: all rows that are ended or removed."""
        return sum(lost for lost, _ in self.tables.values())

    @property
    def many(self) -> bool:
        """Tell whether a table loses more than ten rows, or more than one in twenty; one or two ends are never many."""
        return any(
            lost > MOST or (lost * SHARE > of and (lost > _ORDINARY or table in self.removed))
            for table, (lost, of) in self.tables.items()
        )

    def said(self) -> Text:
        """Return how many rows of each table are lost, in words."""
        return joined(", ", (_LOST[table](lost, of) for table, (lost, of) in self.tables.items() if lost))


def losses(merged: Merged, stored: Roster | None) -> Losses:
    """Return what an import ends or removes of what is stored."""
    lost = Counter(change.table for change in merged.changes if change.what in {"ended", "removed"})
    of: Mapping[str, Any] = {
        "units": stored.units if stored else (), "people": stored.people if stored else (),
        "posts": stored.posts if stored else (), "external": stored.external if stored else (),
    }  # fmt: skip
    removed = frozenset(change.table for change in merged.changes if change.what == "removed")
    return Losses({table: (lost[table], len(of[table])) for table in TABLES}, removed)


def refuse_losses(found: Losses, typed: int | None) -> None:
    """Let an import that loses many rows pass only when their number was typed.

    Raises:
        ModuongError: ``E-ROSTER-2`` it was not; nothing is changed.
    """
    if found.many and typed != found.total:
        raise ModuongError(
            "E-ROSTER-2",
            _(
                "Lần nạp này kết thúc hoặc gỡ bỏ {total} dòng ({lost}), nhiều hơn 5 % hoặc hơn 10 dòng. Chưa ghi gì. "
                "Xem trước bằng --dry-run; nếu đúng là như vậy, chạy lại với --losses {total}.",
                total=found.total,
                lost=found.said(),
            ),
        )


def wants_reading(rows: Parsed, stored: Roster | None) -> bool:
    """Tell whether a file of the interchange form holds what a person would understand and its strict reader does not.

    Words instead of codes, other ways to write a day, names of units instead of ids, blank ids, ids that differ from
    stored ones only by zeros or dashes, old code pages, lost letters.
    """
    for finding in rows.rejected:
        if finding.kind == "ROS-02" and _day(*finding.said):
            return True
        if finding.kind == "ROS-08" and (words.post if finding.said[0] == "post" else words.kind)(finding.said[1]):
            return True
    lacking = Counter((finding.file, finding.said[0]) for finding in rows.rejected if finding.kind == "ROS-01")
    accepted = {rows.tables.units: rows.units, rows.tables.people: rows.people, rows.tables.posts: rows.posts}
    for (table, column), times in lacking.items():
        if column == "unit_id" and table == rows.tables.posts:
            return True  # a merged cell, or one that is as above
        if column in {"person_id", "unit_id", "start"} and times >= max(_FEW, len(accepted[table])):
            return True  # the list does not have it
    if any(finding.kind == "ROS-W17" for finding in rows.warnings):
        return True
    if any(" " in post.unit_id and (kind_of(post.unit_id) or "dien luc" in bare(post.unit_id)) for post in rows.posts):
        return True
    texts = "\n".join([*(person.full_name for person in rows.people), *(unit.name for unit in rows.units)])
    if legacy.SUSPECT.search(texts) or names.lost(texts):
        return True
    return stored is not None and bool(
        ids.near((p.person_id for p in rows.people), (p.person_id for p in stored.people))
    )


def _day(column: str, text: str) -> bool:
    found = days.read(Cell(text))
    return found.day is not None or found.could_be is not None or (column == "end" and words.still(text))
