"""Step 3: which person each row is: by id, else by name, birth date and unit; two matches are a question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from course.words import _
from grader.roster.door import person_ids
from grader.roster.door.asked import NEW, NO, SKIP, SKIPPED, YES, Asking, Option, Question, choose
from grader.roster.door.mentions import Mention, Stored
from grader.roster.door.records import place_of
from grader.roster.match import days, ids, names

PREFIX, _WIDTH = "CB-", 6
_ONE, _EACH = "one", "each"
_MOST_SHOWN = 8
_YEAR = len("1978")


def resolved(
    mentions: Sequence[Mention], stored: Stored, asking: Asking, units: Mapping[str, str]
) -> dict[int, str | None]:
    """Return line -> the person's id: issued for a new one, empty to leave the row out, ``None`` for a question.

    Args:
        mentions: rows that name somebody, in the order of the list.
        stored: the people there are.
        asking: answers and questions.
        units: id -> name of a unit, for the questions.
    """
    found: dict[int, str | None] = {}
    meant = person_ids.meant([one for one in mentions if one.person_id], stored, asking, units)
    for one in mentions:
        found[one.line] = meant[one.person_id] if one.person_id else None
    taken = {*stored.people, *(one for one in meant.values() if one)}
    issuing = iter(ids.issued(taken, PREFIX, _WIDTH))
    groups = _groups([one for one in mentions if not one.person_id], asking)
    choices = [match(group, stored) for group in groups]
    claims = Counter(choice.person_id for choice in choices)
    beside = _beside(groups, choices, mentions, meant)
    alone = sum(len(one) == 1 for one in beside)
    together = _named(alone, asking) if alone else None
    for group, choice, written in zip(groups, choices, beside, strict=True):
        contested = bool(choice.person_id) and claims[choice.person_id] > 1
        answer: str | None = choice.person_id or NEW
        if contested or choice.others or len(written) > 1:
            answer = _asked(group, Choice("", written) if written else choice, stored, asking, units)
        elif written:
            answer = {YES: written[0], NO: NEW}.get(together or "")
        person_id = next(issuing) if answer == NEW else "" if answer == SKIP else answer
        for one in group:
            found[one.line] = person_id
    return found


def _beside(
    groups: Sequence[Sequence[Mention]],
    choices: Sequence[Choice],
    mentions: Sequence[Mention],
    meant: Mapping[str, str | None],
) -> list[tuple[str, ...]]:
    """Return for each group that is nobody stored the ids that the list itself writes beside its name."""
    written: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in mentions:
        if one.person_id and one.name and (person_id := meant[one.person_id]):
            written[names.key(one.name)][person_id] = None
    return [
        () if choice.person_id or choice.others else tuple(written.get(names.key(group[0].name), ()))
        for group, choice in zip(groups, choices, strict=True)
    ]


def _named(number: int, asking: Asking) -> str | None:
    return asking.ask(
        Question(
            "names:list",
            _(
                "{count} người ghi tên mà không có mã, trong tệp có đúng một mã với tên ấy. Có phải cùng người?",
                count=number,
            ),
            (Option(YES, _("đúng, dùng mã ấy")), Option(NO, _("không, là những người khác"))),
            YES,
            rows=number,
        )
    )


def _groups(mentions: Sequence[Mention], asking: Asking) -> list[list[Mention]]:
    """Return the rows of each person without an id; rows about which it is asked are in none."""
    by_name: dict[str, list[Mention]] = {}
    merged: dict[int, list[Mention]] = {}
    last: Mention | None = None
    for one in mentions:
        if one.again and last is not None:
            merged.setdefault(last.line, []).append(one)
            continue
        by_name.setdefault(names.key(one.name), []).append(one)
        last = one
    groups: list[list[Mention]] = []
    for rows in by_name.values():
        groups += [[one for row in group for one in (row, *merged.get(row.line, ()))] for group in _apart(rows, asking)]
    return groups


def _apart(rows: list[Mention], asking: Asking) -> Iterator[list[Mention]]:
    """Yield the rows of one name person by person; nothing for rows about which it is asked."""
    if len(rows) == 1:
        yield rows
        return
    births: dict[str, list[Mention]] = {}
    for one in rows:
        births.setdefault(one.birth, []).append(one)
    known = [birth for birth in births if birth]
    if len(known) == len(births) and not any(
        days.agree(one, other) for place, one in enumerate(known) for other in known[:place]
    ):
        for birth, group in births.items():
            yield from _same(birth, group, asking)
        return
    yield from _same("", rows, asking)


def _same(birth: str, rows: list[Mention], asking: Asking) -> Iterator[list[Mention]]:
    if len(rows) == 1 or (len(birth) > _YEAR and len({one.unit_id for one in rows}) == 1):
        yield rows
        return
    name = rows[0].name
    lines = ", ".join(str(place_of(one.line)[1]) for one in rows[:_MOST_SHOWN])
    answer = asking.ask(
        Question(
            f"same:{names.key(name)}" + (f":{birth}" if birth else ""),
            _(
                "«{name}» có ở {count} dòng ({lines}): một người hay mỗi dòng một người?",
                name=name,
                count=len(rows),
                lines=lines,
            ),
            (Option(_ONE, _("một người, nhiều chức vụ")), Option(_EACH, _("mỗi dòng một người")), SKIPPED),
            rows=len(rows),
        )
    )
    if answer == _ONE:
        yield rows
    elif answer == _EACH:
        yield from ([one] for one in rows)


@dataclass(frozen=True)
class Choice:
    """Who a group may be: ``person_id`` where that is plain, or likely when there are ``others`` to choose from."""

    person_id: str
    others: tuple[str, ...] = ()


def match(group: Sequence[Mention], stored: Stored) -> Choice:
    """Return whom of those who are stored the rows of one person may mean, by name, birth date, unit and post."""
    first = group[0]
    birth = max((one.birth for one in group), key=len)
    same_name = [
        one for one in stored.by_name.get(names.key(first.name), ()) if days.agree(birth, stored.births.get(one, ""))
    ]
    units = {one.unit_id for one in group if one.unit_id}
    there = [one for one in same_name if units & {post.unit_id for post in stored.posts.get(one, ())}]
    for narrower in (
        [one for one in there if len(birth) > _YEAR and stored.births.get(one, "") == birth],
        [one for one in there if {post.post for post in stored.posts.get(one, ())} & {m.post for m in group}],
    ):
        if len(there) > 1 and len(narrower) == 1:
            there = narrower
    if len(there) == 1:
        return Choice(there[0])
    if there or same_name:
        exact = [one for one in same_name if len(birth) > _YEAR and stored.births.get(one, "") == birth]
        return Choice(exact[0] if len(exact) == 1 else "", tuple(there or same_name))
    return Choice("")


def _asked(
    group: Sequence[Mention], choice: Choice, stored: Stored, asking: Asking, units: Mapping[str, str]
) -> str | None:
    first = group[0]
    where = units.get(first.unit_id, first.unit_id)
    others = choice.others or (choice.person_id,)
    line = place_of(first.line)[1]
    said = _("Dòng {line}: «{name}», {where}. Là người nào?", line=line, name=first.name, where=where or "—")
    if first.birth:
        said = _(
            "Dòng {line}: «{name}», sinh {birth}, {where}. Là người nào?",
            line=line,
            name=first.name,
            birth=first.birth,
            where=where or "—",
        )
    return asking.ask(
        Question(
            f"person:{names.key(first.name)}|{first.birth}|{first.unit_id}|{first.post}",
            said,
            choose(
                [(one, stored.said(one, units)) for one in others[:_MOST_SHOWN]],
                Option(NEW, _("người mới, trùng họ tên")),
                SKIPPED,
            ),
            choice.person_id if choice.others else "",
            rows=len(group),
        )
    )
