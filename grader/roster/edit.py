"""One post added, ended or corrected, without a file. Pure: a roster in, a roster out, all rules held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster import rules
from grader.roster.diff import Change
from grader.roster.match import ids, names
from grader.roster.records import CSV_TABLES, OPEN, Parsed, Person, Post, Roster, Unit

_PREFIX, _WIDTH = "CB-", 6


class Which(NamedTuple):
    """Which post is meant; ``start`` where one person held it more than once."""

    person_id: str
    unit_id: str
    post: str
    start: date | None = None


def starts_of(stored: Roster, posts: Sequence[Post]) -> tuple[Roster, tuple[Change, ...]]:
    """Return a roster in which the start of a stored post is that of the row which corrects it, and what changed.

    A row corrects a stored post when it is of the same person, unit and post, shares days with this one alone, and
    has another start, and no row speaks of the stored start.
    """

    def seat(post: Post) -> tuple[str, str, str]:
        return post.written_id.casefold(), post.unit_id, post.post

    named = {(*seat(post), post.start) for post in posts}
    held: dict[tuple[str, str, str], list[int]] = {}
    for place, post in enumerate(stored.posts):
        held.setdefault(seat(post), []).append(place)
    corrected = list(stored.posts)
    changes = []
    for row in posts:
        shared = [p for p in held.get(seat(row), ()) if corrected[p].start <= row.end and row.start <= corrected[p].end]
        if len(shared) == 1 and (*seat(row), corrected[shared[0]].start) not in named:
            before = corrected[shared[0]]
            corrected[shared[0]] = before._replace(start=row.start)
            fields = (("start", before.start.isoformat(), row.start.isoformat()),)
            key = (before.written_id, before.unit_id, before.post, before.start.isoformat())
            changes.append(Change("changed", "posts", key, row.line, fields))
    posts_now = tuple(corrected)
    found = rules.together(stored.units, stored.people, posts_now, stored.rejected, stored.warnings, stored.external)
    return found, tuple(changes)


def add(stored: Roster, post: Post, name: str = "") -> tuple[Roster, str]:
    """Return the roster with one post more, and the id of its person.

    Without an id in ``post`` a new person of that ``name`` is added, with an id issued.

    Raises:
        ModuongError: ``E-POST-1`` a rule forbids it, or somebody of that name is in the unit already.
    """
    people = list(stored.people)
    person_id = post.person_id
    if not person_id:
        there = {p.person_id for p in stored.posts if p.unit_id == post.unit_id}
        same = [p.person_id for p in people if names.key(p.full_name) == names.key(name) and p.person_id in there]
        if same or not names.clean(name):
            raise _refused(
                _(
                    "«{name}» đã có ở đơn vị này (mã {ids}). Hãy chọn người ấy, hoặc ghi mã mới nếu là người khác.",
                    name=name,
                    ids=", ".join(same),
                )
                if same
                else _("chưa có họ tên.")
            )
        person_id = next(iter(ids.issued((p.person_id for p in people), _PREFIX, _WIDTH)))
    if stored.survivor(person_id) is None:
        if not names.clean(name):
            raise _refused(_("Không có cán bộ mã «{person_id}».", person_id=person_id))
        people.append(Person(person_id, names.clean(name), "", False, "", 0))
    row = post._replace(person_id=person_id, written_id=person_id)
    return _settled(stored, people, [*stored.posts, row]), person_id


def end(stored: Roster, which: Which, last: date) -> Roster:
    """Return the roster with the last day of one open post.

    Raises:
        ModuongError: ``E-POST-1`` a rule forbids it, ``E-POST-2`` there is no such post, or more than one.
    """
    place = find(stored, which, still=which.start is None)
    return _with(stored, place, stored.posts[place]._replace(end=last))


def correct(stored: Roster, which: Which, changed: Post | None) -> Roster:
    """Return the roster with ``changed`` in place of one post; without it where that is ``None``.

    Raises:
        ModuongError: as ``end``.
    """
    return _with(stored, find(stored, which), changed)


def find(stored: Roster, which: Which, *, still: bool = False) -> int:
    """Return the place of the post that is meant among ``stored.posts``; ``still``: one without a last day.

    Raises:
        ModuongError: ``E-POST-2`` there is none, or more than one.
    """
    person = stored.survivor(which.person_id) or which.person_id
    wanted = {person.casefold(), which.person_id.casefold()}
    found = [
        place
        for place, post in enumerate(stored.posts)
        if wanted & {post.person_id.casefold(), post.written_id.casefold()}
        and post.unit_id == which.unit_id
        and post.post == which.post
        and (which.start is None or post.start == which.start)
        and (not still or post.end == OPEN)
    ]
    if len(found) == 1:
        return found[0]
    said = f"{which.person_id}, {which.unit_id}, {which.post}"
    starts = ", ".join(stored.posts[place].start.isoformat() for place in found)
    raise ModuongError(
        "E-POST-2",
        _(
            "{said}: có {count} chức vụ như vậy, bắt đầu {starts}; hãy ghi thêm ngày bắt đầu (--since).",
            said=said,
            count=len(found),
            starts=starts,
        )
        if found
        else _("{said}: không có chức vụ như vậy trong danh sách. Xem mã bằng moduong roster export.", said=said),
    )


def _with(stored: Roster, place: int, post: Post | None) -> Roster:
    posts = [*stored.posts[:place], *([post] if post else []), *stored.posts[place + 1 :]]
    return _settled(stored, stored.people, posts)


def _settled(stored: Roster, people: Iterable[Person], posts: Iterable[Post]) -> Roster:
    """Hold the rules over all rows; each keeps its line, since lines must differ only while the rules look."""
    units: Sequence[Unit] = stored.units
    people, posts = list(people), [post._replace(person_id=post.written_id) for post in posts]
    numbered = Parsed(
        [row._replace(line=place) for place, row in enumerate(units, 1)],
        [row._replace(line=place) for place, row in enumerate(people, 1)],
        [row._replace(line=place) for place, row in enumerate(posts, 1)],
        tables=CSV_TABLES,
    )
    settled = rules.settle(numbered)
    if settled.rejected:
        finding = settled.rejected[0]
        raise _refused(_("{code} {found}", code=finding.code, found=finding.message()))
    return rules.together(
        [row._replace(line=units[row.line - 1].line) for row in settled.units],
        [row._replace(line=people[row.line - 1].line) for row in settled.people],
        [row._replace(line=posts[row.line - 1].line) for row in settled.posts],
        stored.rejected,
        stored.warnings,
        stored.external,
    )


def _refused(why: str) -> ModuongError:
    return ModuongError("E-POST-1", _("Chưa ghi được chức vụ này: {why}", why=why))
