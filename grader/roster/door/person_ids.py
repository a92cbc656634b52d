"""Who is meant by an id of a list: one that a spreadsheet changed, one with another name, one of two people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from course.words import _
from grader.roster.door.asked import NEW, NO, SKIP, SKIPPED, YES, Asking, Option, Question, choose
from grader.roster.door.mentions import Mention, Stored
from grader.roster.match import ids, names
from grader.roster.match.fields import bare
from grader.roster.row_findings import RowFinding

_SHOWN, _KEY = 3, 16


def doubled(mentions: Sequence[Mention], stored: Stored) -> tuple[list[Mention], list[RowFinding]]:
    """Return the mentions without those of an id that stands beside two names; a finding for each of these (ROS-14).

    Where the id is stored with one of the names, that one is meant.
    """
    spelled: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for one in mentions:
        if one.person_id and one.name:
            spelled[one.person_id.casefold()].setdefault(_plain(one.name), one.name)
    wrong = {person: told for person, told in spelled.items() if len(told) > 1}
    if not wrong:
        return list(mentions), []
    known = {person.casefold(): _plain(row.full_name) for person, row in stored.people.items()}

    def right(one: Mention) -> bool:
        key = one.person_id.casefold()
        return key not in wrong or (bool(one.name) and known.get(key) == _plain(one.name))

    findings = [
        RowFinding("posts", one.line, "ROS-14", (one.person_id, str(len(told)), ", ".join(told.values())))
        for one in mentions
        if not right(one)
        for told in (wrong[one.person_id.casefold()],)
    ]
    return [one for one in mentions if right(one)], findings


def _plain(name: str) -> str:
    return bare(names.key(name))


def meant(
    mentions: Sequence[Mention], stored: Stored, asking: Asking, units: Mapping[str, str]
) -> dict[str, str | None]:
    """Return written id -> the id that is meant; one that differs only by zeros, dashes or capitals is asked about."""
    written = list(dict.fromkeys(one.person_id for one in mentions))
    spelled = {one.casefold(): one for one in stored.people}
    found: dict[str, str | None] = {one: spelled.get(one.casefold(), one) for one in written}
    named = {one.person_id: names.key(one.name) for one in mentions if one.name}
    near = _near(written, stored, spelled)
    agreeing = [
        one
        for one, others in near.items()
        if len(others) == 1
        and others[0] in stored.people
        and named.get(one, "") in {"", names.key(stored.people[others[0]].full_name)}
    ]
    together = _zeros(agreeing, near, asking) if len(agreeing) > 1 else None
    for one, others in near.items():
        if one in agreeing and len(agreeing) > 1:
            found[one] = {YES: others[0], NO: one}.get(together or "")
            continue
        answer = asking.ask(
            Question(
                f"id:{one}",
                _("Mã «{one}» chỉ khác mã đã có ở số 0, gạch nối, khoảng trắng hoặc chữ hoa. Là người nào?", one=one),
                choose(
                    [(other, stored.said(other, units) if other in stored.people else other) for other in others],
                    Option(NEW, _("người khác, mã viết đúng như vậy")),
                    SKIPPED,
                ),
                others[0] if one in agreeing else "",
            )
        )
        found[one] = one if answer == NEW else "" if answer == SKIP else answer
    renamed = {
        one: known
        for one, known in found.items()
        if known
        and known in stored.people
        and named.get(one)
        and bare(named[one]) != _plain(stored.people[known].full_name)
    }
    return found | _renamed(renamed, mentions, stored, asking) if renamed else found


def _near(written: Sequence[str], stored: Stored, spelled: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each id that is not stored those, stored or longer ones of the list, that it differs from only so."""
    near = ids.near(written, stored.people)
    for core in ids.cores(written).values():
        longest = max(core, key=len)
        if len({one.casefold() for one in core}) > 1:
            near |= {
                one: (longest,) for one in core if one != longest and one not in near and one.casefold() not in spelled
            }
    return near


def _renamed(
    renamed: Mapping[str, str], mentions: Sequence[Mention], stored: Stored, asking: Asking
) -> dict[str, str | None]:
    """Return for each stored id under which the list has another name who is meant; all are one question."""
    written = {one.person_id: one.name for one in mentions if one.name}
    told = [f"{one}: «{stored.people[known].full_name}» → «{written[one]}»" for one, known in renamed.items()]
    answer = asking.ask(
        Question(
            f"renamed:{hashlib.sha256('; '.join(told).encode()).hexdigest()[:_KEY]}",
            _(
                "{count} mã trong tệp mang họ tên khác họ tên đã lưu ({shown}). Vẫn là những người ấy, chỉ sửa họ tên?",
                count=len(renamed),
                shown="; ".join(told[:_SHOWN]),
            ),
            (Option(YES, _("đúng, sửa họ tên đã lưu")), Option(NO, _("không, mã ghi nhầm: bỏ qua các dòng này"))),
            rows=len(renamed),
        )
    )
    return {one: {YES: known, NO: ""}.get(answer or "") for one, known in renamed.items()}


def _zeros(agreeing: Sequence[str], near: Mapping[str, Sequence[str]], asking: Asking) -> str | None:
    shown = "; ".join(f"«{one}» → «{near[one][0]}»" for one in agreeing[:3])
    return asking.ask(
        Question(
            "ids:zeros",
            _(
                "{count} mã chỉ khác mã đã lưu ở số 0, gạch nối, khoảng trắng hoặc chữ hoa ({shown}…), họ tên "
                "không trái. Có phải cùng người, dùng mã đã lưu?",
                count=len(agreeing),
                shown=shown,
            ),
            (Option(YES, _("đúng, dùng mã đã lưu")), Option(NO, _("không, là những người khác"))),
            YES,
            rows=len(agreeing),
        )
    )
