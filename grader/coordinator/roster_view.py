"""What the roster part of the page says: the diff as a person reads it, findings, versions; HTML, all escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from course.vietnamese import read_day
from course.words import _, into
from grader.completion.effect import Effect
from grader.ground.offices import Offices
from grader.roster import todo
from grader.roster.diff import Change
from grader.roster.door.taking import Draft
from grader.roster.records import Roster
from grader.roster.row_findings import RowFinding
from grader.roster.versions import Entry

_KINDS = {
    "new": _("Mới"), "changed": _("Thay đổi"), "ended": _("Thôi giữ chức, kết thúc"), "removed": _("Gỡ bỏ"),
    "kept": _("Không có trong tệp, giữ nguyên"),
}  # fmt: skip
_TABLES = {"units": _("đơn vị"), "people": _("cán bộ"), "posts": _("chức vụ"), "external": _("khóa học ngoài")}
_COLUMNS = {
    "name": _("tên"), "kind": _("loại"), "parent_id": _("cấp trên"), "start": _("từ"), "end": _("đến"),
    "successor_id": _("kế tiếp"),
    "full_name": _("họ tên"), "email": _("email"), "is_test": _("tài khoản thử"), "same_as": _("gộp vào"),
    "decision_no": _("số QĐ"), "organiser": _("nơi tổ chức"), "evidence": _("minh chứng"),
}  # fmt: skip
_DONE = {
    "import": _("nạp"),
    "add": _("thêm chức vụ"),
    "end": _("thôi giữ chức"),
    "correct": _("sửa"),
    "undo": _("quay lại"),
}
_MOST = 60
_MOST_VERSIONS = 20


def effects(found: Iterable[Effect], lang: str) -> str:
    """Return the effect on each target as one sentence."""
    said = [f"<strong>{escape(one.said())}</strong>" for one in found]
    head = into(_("Số người đạt / mẫu số hôm nay:"), lang)
    return f'<p class="md-co-calm">{head} {"; ".join(said)}</p>' if said else ""


def diff(made: Draft, offices: Offices, lang: str) -> str:
    """Return what would change, in the words of names, posts and units; then what is to be done, what was noticed."""
    roster = made.merged.roster
    names = _Names(roster, made.stored, offices, lang)
    parts = []
    for what, title in _KINDS.items():
        changes = [change for change in made.shown().changes if change.what == what]
        if changes:
            counts = ", ".join(
                f"{number} {into(word, lang)}"
                for table, word in _TABLES.items()
                if (number := sum(change.table == table for change in changes))
            )
            lines = _list([escape(names.said(change)) for change in changes], lang)
            opened = "" if what == "kept" else " open"
            parts.append(f"<details{opened}><summary>{into(title, lang)}: {counts}</summary>{lines}</details>")
    if not parts:
        parts.append("<p>" + into(_("Không có gì thay đổi so với danh sách đang dùng."), lang) + "</p>")
    rejected = [made.place(finding) for finding in roster.rejected]
    if rejected:
        head = into(_("Bị loại, không được tính: {count} dòng", count=len(rejected)), lang)
        parts.append(f"<h3>{head}</h3>{_work(rejected, lang)}")
    noticed = [made.place(finding) for finding in roster.warnings]
    if noticed:
        head = into(_("Đã để ý khi đọc tệp: {count} điều", count=len(noticed)), lang)
        parts.append(f"<details><summary>{head}</summary>{findings(noticed, lang)}</details>")
    return "".join(parts)


def _work(rejected: Sequence[RowFinding], lang: str) -> str:
    """Return rejected rows under what is to be done about them."""
    tasks = todo.tasks(rejected)
    parts = [
        f"<p><strong>{escape(into(task.said, lang))} ({len(task.findings)})</strong></p>{findings(task.findings, lang)}"
        for task in tasks
    ]
    told = {finding for task in tasks for finding in task.findings}
    return "".join(parts) + findings([finding for finding in rejected if finding not in told], lang)


def findings(found: Sequence[RowFinding], lang: str) -> str:
    """Return findings as a list: place, code, sentence."""
    lines = []
    for one in found:
        row = into(_(", hàng {line}", line=one.line), lang) if one.line else ""
        lines.append(f"{escape(one.file)}{row}: {escape(one.message(lang))} <small>{one.code}</small>")
    return _list(lines, lang)


def _list(lines: Sequence[str], lang: str) -> str:
    """Return lines of HTML as a list, of many the first ones and how many more there are."""
    shown = [f"<li>{line}</li>" for line in lines[:_MOST]]
    if len(lines) > _MOST:
        shown.append("<li>" + into(_("… còn {count} dòng", count=len(lines) - _MOST), lang) + "</li>")
    return f"<ul>{''.join(shown)}</ul>" if shown else ""


def history(known: Sequence[Entry], standing: Sequence[Entry], zone: ZoneInfo, lang: str) -> str:
    """Return the versions, the latest first."""
    rows = []
    for place, entry in enumerate(known[:_MOST_VERSIONS]):
        at = f"{datetime.fromisoformat(entry.at).astimezone(zone):%d/%m/%Y %H:%M}" if entry.at else "—"
        state = _("đang dùng") if place == 0 else "" if entry in standing else _("đã quay lại")
        said = _(
            "{at}, {what} {source}, {by}: {people} cán bộ, {posts} chức vụ",
            at=at, what=_DONE.get(entry.what, entry.what), source=entry.source, by=entry.by,
            people=entry.rows["people"], posts=entry.rows["posts"],
        )  # fmt: skip
        mark = f" <strong>({into(state, lang)})</strong>" if state else ""
        rows.append(f"<li>{escape(into(said, lang))}{mark}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else "<p>" + into(_("Chưa có bản nào."), lang) + "</p>"


class _Names:
    """Names of units and people before and after, for the lines of a diff."""

    def __init__(self, roster: Roster, stored: Roster | None, offices: Offices, lang: str) -> None:
        both = [one for one in (stored, roster) if one]
        self._units: Mapping[str, str] = {unit.unit_id: unit.name for one in both for unit in one.units}
        self._people: Mapping[str, str] = {p.person_id: p.full_name for one in both for p in one.people}
        self._words = {
            id_: term.word(lang) for terms in (offices.posts, offices.unit_kinds) for id_, term in terms.items()
        }
        self._lang = lang

    def said(self, change: Change) -> str:
        """Return one change as a line."""
        if change.table == "posts":
            person, unit, post, start = change.row
            line = into(
                _(
                    "{name} ({person}): {post}, {unit}, từ {start}",
                    name=self._people.get(person, ""), person=person, post=self._words.get(post, post),
                    unit=self._units.get(unit, unit), start=_day(start),
                ),
                self._lang,
            )  # fmt: skip
        elif change.table == "external":
            person, course, held = change.row
            line = f"{self._people.get(person, '')} ({person}): {course}, {_day(held)}"
        else:
            names = self._units if change.table == "units" else self._people
            line = f"{names.get(change.row[0], '')} ({change.row[0]})"
        fields = "; ".join(
            f"{into(_COLUMNS.get(column, column), self._lang)}: {self._value(old)} → {self._value(new)}"
            for column, old, new in change.fields
        )
        return f"{line}; {fields}" if fields else line

    def _value(self, written: str) -> str:
        return self._words.get(written) or _day(written) or "—"


def _day(written: str) -> str:
    """Return a day as people write it; any other value as it is."""
    day = read_day(written)
    return f"{day:%d/%m/%Y}" if day else written
