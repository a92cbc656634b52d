"""Step 1: each sheet's letters, layout and columns.

The columns are confirmed once, unless they are the interchange's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.door import records
from grader.roster.door.asked import Asking, Option, Question
from grader.roster.door.records import Table
from grader.roster.match import headers, lists
from grader.roster.match.fields import GUIDE, IGNORED, INTERCHANGE, SECRET, TEMPLATE, WORDS, bare
from grader.roster.match.headers import Column, Layout
from grader.roster.row_findings import RowFinding
from grader.roster.tables import letters
from grader.roster.tables.grid import Book, Note, Sheet

_FIELDS = {
    "units": ("unit_id", "name", "kind", "parent_id", "start", "end", "successor_id", IGNORED, SECRET),
    "people": ("person_id", "full_name", "family", "given", "birth", "email", "is_test", "same_as", IGNORED, SECRET),
    "external": (
        "person_id", "full_name", "family", "given", "birth", "unit", "unit_id", "course", "day", "organiser",
        "evidence", IGNORED, SECRET,
    ),
    "posts": (
        "person_id", "full_name", "family", "given", "birth", "unit", "unit_id", "parent_id", "post", "start", "end",
        "decision_no", "email", "is_test", "same_as", IGNORED, SECRET,
    ),
}  # fmt: skip
_LONGEST_SHOWN, _LONGEST_TITLE = 40, 120
_OUTSIDE = re.compile(
    r"(?:^| )(?:tap huan|boi duong|hoi nghi|hoi thao|lop hoc|khoa hoc|khoa dao tao|dai bieu du)(?: |$)"
)


def tables(book: Book, asking: Asking) -> tuple[list[Table], list[RowFinding], list[tuple[str, ...]]]:
    """Return the records of each sheet that holds a list, what was noticed in the file, and the sheets' titles.

    Raises:
        ModuongError: ``E-TABLE-5`` no sheet holds a list.
    """
    found: list[Table] = []
    notes = [_note(note) for note in book.notes]
    titles: list[tuple[str, ...]] = []
    for number, sheet in enumerate(book.sheets):
        if sheet.name == GUIDE:
            continue
        read, letters_read = letters.decoded(sheet)
        notes += [_note(note) for note in letters_read]
        there = list(lists.of(read))
        if not there and any(read.rows):
            notes.append(RowFinding("posts", 0, "ROS-W20/sheet", (sheet.name,)))
        if len(there) > 1:
            notes.append(RowFinding("posts", 0, "ROS-W20/lists", (sheet.name, str(len(there)))))
        for which, (part, told) in enumerate(there):
            layout = _meant(part, told, asking)
            columns = _of_template(layout) or _columns(layout, asking)
            found.append(records.of(part, records.number_of(number, which), layout, columns))
            titles.append(layout.titles)
    if not found:
        raise _no_list(book)
    return found, notes, titles


def _meant(part: Sheet, layout: Layout, asking: Asking) -> Layout:
    """Return the layout of a list as what a person says that it is, where its titles or columns leave two readings.

    Of cadres in office, or of those who took a course outside.
    """
    titles = " ".join(layout.titles)
    fields = {column.field for column in layout.columns}
    by_column = layout.role == "external" and {"post", "start"} & {column.named for column in layout.columns}
    by_title = layout.role == "posts" and _OUTSIDE.search(bare(titles)) and not {"start", "end"} & fields
    if not by_column and not by_title:
        return layout
    key = hashlib.sha256(f"{titles}|{'|'.join(column.header for column in layout.columns)}".encode()).hexdigest()
    shown = layout.titles[-1] if layout.titles else ", ".join(c.header for c in layout.columns)
    answer = asking.ask(
        Question(
            f"list:{key[:16]}",
            _("«{title}» là danh sách gì?", title=shown[:_LONGEST_TITLE]),
            (
                Option("posts", _("cán bộ đang giữ chức vụ")),
                Option("external", _("người đã dự khóa học, hội nghị ở ngoài chương trình này")),
            ),
            "" if by_column else "external",
        )
    )
    return headers.find(part, answer or ("external" if by_title else "")) or layout


def _of_template(layout: Layout) -> list[Column]:
    """Return the columns of a sheet of our template, what stands right of them unread; none for any other sheet."""
    expected = tuple(TEMPLATE[layout.role][1].items()) if layout.role in TEMPLATE else ((IGNORED, ""),)
    own = layout.columns[: len(expected)]
    if tuple((column.field, column.header) for column in own) != expected or not all(column.sure for column in own):
        return []
    return [*own, *(replace(column, field=IGNORED) for column in layout.columns[len(expected) :])]


def _note(note: Note) -> RowFinding:
    return RowFinding("posts", 0, note.kind, note.said)


def _columns(layout: Layout, asking: Asking) -> list[Column]:
    """Return the columns of a list, each with the field that a person confirmed.

    Until then with the likely one, to see what it leads to. Two columns of one header are two questions.
    """
    times: Counter[str] = Counter()
    settled = []
    for column in layout.columns:
        key = _key(column)
        times[key] += 1
        settled.append(_settled(column, layout, f"{key} #{times[key]}" if times[key] > 1 else key, asking))
    return settled


def _key(column: Column) -> str:
    return bare(column.header) if not column.header.startswith("#") else column.header


def _settled(column: Column, layout: Layout, key: str, asking: Asking) -> Column:
    plain = column.header in INTERCHANGE and column.field == column.header and column.sure
    if plain or (column.field == SECRET and column.sure):
        return column
    question = _question(column, layout, key)
    return replace(column, field=asking.ask(question) or question.proposal or IGNORED)


def _question(column: Column, layout: Layout, key: str) -> Question:
    shown = ", ".join(f"«{one[:_LONGEST_SHOWN]}»" for one in column.shown) if column.field != SECRET else ""
    options = tuple(Option(field, WORDS[field]) for field in _FIELDS[layout.role])
    said = _("Cột «{header}» là gì?", header=column.header)
    if shown:
        said = _("Cột «{header}» (ví dụ {shown}) là gì?", header=column.header, shown=shown)
    return Question(f"column:{layout.role}:{key}", said, options, column.field if column.sure else "")


def sheet_name(book: Book, number: int) -> str:
    """Return how findings name the sheet of a list."""
    sheets: tuple[Sheet, ...] = book.sheets
    number = records.sheet_of(number)
    name = sheets[number].name if number < len(sheets) else ""
    return name if book.kind in {"folder", "text"} or not name else f"{book.name}!{name}"


def _no_list(book: Book) -> ModuongError:
    return ModuongError(
        "E-TABLE-5",
        _(
            "{name}: không thấy danh sách nào (không có dòng tiêu đề như «Họ và tên», «Chức vụ», «Đơn vị», cũng "
            "không có cột họ tên). Hãy kiểm tra trang đang hiện của tệp, hoặc dùng bản mẫu: moduong roster "
            "template.",
            name=book.name,
        ),
    )
