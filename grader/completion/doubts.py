"""Says what is doubtful about a completion, and what is shown beside a target and never mixed into it; all warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from grader.completion.records import TargetResult
from grader.roster.lineage import Structure
from grader.roster.records import OPEN, Post, Roster
from grader.roster.row_findings import RowFinding, some

USUAL_CORPORATIONS = 9  # "9 tổng công ty" in the union's programme; another number is a warning, not an error
TERM_YEARS = 5  # a term of office; an older post without an end date is doubtful (E12)


def dated(roster: Roster, structure: Structure, as_of: date, today: date) -> Iterator[RowFinding]:
    """Yield what is doubtful in the roster, seen from the as-of date and from today."""
    for unit in roster.units:
        if unit.start > today:
            yield RowFinding("units.csv", unit.line, "ROS-W05", (unit.start.isoformat(),))
    for post in roster.posts:
        if post.start > today:
            yield RowFinding("posts.csv", post.line, "ROS-W05", (post.start.isoformat(),))
    lines = [str(post.line) for post in overdue(roster, as_of)]
    if lines:
        yield RowFinding("posts.csv", 0, "ROS-W09", (str(len(lines)), str(TERM_YEARS), some(lines)))
    if roster.test_accounts:
        yield RowFinding("people.csv", 0, "ROS-W11", (str(len(roster.test_accounts)),))
    corporations = sum(unit.kind == structure.offices.counted for unit in structure.in_force.values())
    if corporations != USUAL_CORPORATIONS:
        yield RowFinding("units.csv", 0, "ROS-W12", (str(corporations), str(USUAL_CORPORATIONS)))


def overdue(roster: Roster, as_of: date) -> list[Post]:
    """Return the posts that are open although a term of office has passed since they began."""
    return [post for post in roster.posts if _term_is_over(post, as_of)]


def _term_is_over(post: Post, as_of: date) -> bool:
    start = post.start
    return post.end == OPEN and (start.year + TERM_YEARS, start.month, start.day) < (as_of.year, as_of.month, as_of.day)


def beside(targets: Iterable[TargetResult]) -> Iterator[RowFinding]:
    """Yield, for each target, the units without a chair (E07), who awaits marking (E13), who has no attempt (E23)."""
    for target in targets:
        for file, kind, ids in (
            ("units.csv", "ROS-W13", target.units_without_chair),
            ("attempts.csv", "ATT-W01", target.waiting),
            ("attempts.csv", "ATT-W02", target.without_attempts),
        ):
            if ids:
                yield RowFinding(file, 0, kind, (target.id, str(len(ids)), some(list(ids))))
