"""Writes the template of a roster.

Three sheets with drop-down lists of words and names and an example row each, and an explanation, all in Vietnamese: it
is read by the door, like any list, which knows these headers and asks nobody about them.

The example rows have ids that begin with ``VI-DU-``: an import passes them over with a warning (ROS-W15), left in or
not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices, Term
from grader.roster.match.fields import GUIDE, TEMPLATE
from grader.roster.match.words import FLAG_WORDS

_ROWS = 20_000  # that have lists and formats
_DATES = ("start", "end")
_DAY = "dd/mm/yyyy"
_EXAMPLES: dict[str, tuple[str | date, ...]] = {
    "units": (
        "VI-DU-01",
        "Ví dụ: CĐCS Công ty Điện lực Mẫu 01",
        "grassroots_union",
        "VI-DU-00",
        date(2023, 1, 1),
        "",
        "",
    ),
    "people": ("VI-DU-CB-01", "Ví dụ: Trần Thị Mẫu 001", "mau001@example.vn", "Không", ""),
    "posts": ("VI-DU-CB-01", "Ví dụ: CĐCS Công ty Điện lực Mẫu 01", "chair", date(2025, 10, 1), "", "12/QĐ-CĐ"),
}
_PROMPTS = {
    "unit_id": "Mã đơn vị, do anh/chị đặt, mỗi đơn vị một mã không đổi.",
    "name": "Tên đầy đủ của đơn vị.",
    "kind": "Loại đơn vị: chọn trong danh sách. Nghĩa của từng từ ở trang «Hướng dẫn».",
    "parent_id": "Tên đơn vị cấp trên trực tiếp, chọn trong danh sách; chỉ cấp cao nhất để trống.",
    "start": "Ngày đầu tiên, ví dụ 01/10/2025.",
    "end": "Ngày cuối cùng (vẫn tính ngày này). Còn hiệu lực thì để trống.",
    "successor_id": "Đơn vị sáp nhập, giải thể: tên đơn vị tiếp nhận. Còn hoạt động thì để trống.",
    "person_id": "Mã cán bộ, ví dụ CB-000123. Trùng họ tên vẫn phải khác mã.",
    "full_name": "Họ và tên.",
    "email": "Có thể để trống.",
    "is_test": "Có: tài khoản thử, không tính ở đâu. Để trống hoặc Không: cán bộ thật.",
    "same_as": "Một người có hai mã: ghi ở mã cũ mã được giữ lại. Bình thường để trống.",
    "unit": "Tên đơn vị: chọn trong danh sách, lấy từ trang «Đơn vị».",
    "post": "Chức vụ: chọn trong danh sách. Nghĩa của từng từ ở trang «Hướng dẫn».",
    "decision_no": "Số quyết định; nên có khi là quyền hoặc phụ trách chủ tịch.",
}
_TITLE = "Danh sách cán bộ công đoàn: cách điền"
_GUIDE = (
    "Điền lần lượt ba trang: Đơn vị, Cán bộ, Chức vụ. Mỗi dòng một đơn vị, một người, một chức vụ.",
    "Không đổi tên trang và dòng tiêu đề. Có thể thêm cột riêng ở bên phải; các cột đó không được đọc.",
    "Dòng màu vàng là ví dụ (mã bắt đầu bằng VI-DU-). Anh/chị xóa đi hay để lại đều được: khi nạp, dòng này bị bỏ qua.",
    "Ngày viết như 01/10/2025. Ô «Đến ngày» để trống nghĩa là còn hiệu lực; ngày đầu và ngày cuối đều được tính.",
    "Không dùng công thức: dòng có ô công thức bị loại. Hãy dán giá trị (Dán đặc biệt → Giá trị).",
    "Đơn vị chuyển sang nơi khác hoặc đổi tên: ghi ngày cuối vào dòng cũ, thêm dòng cùng mã, bắt đầu từ hôm sau.",
    "Đơn vị sáp nhập: ghi ngày cuối và «Đơn vị kế tiếp» ở dòng cũ. Người thôi giữ chức: ghi ngày cuối, không xóa dòng.",
    "Nạp thử để xem thay đổi: moduong roster import danh-sach.xlsx --dry-run. Đúng rồi thì bỏ --dry-run.",
    "Dòng không có trong tệp được giữ như đã lưu. Sai ở dòng nào, lệnh nêu trang, dòng, mã lỗi và cách sửa.",
)
_LISTED = {
    "parent_id": ("units", "B"),
    "successor_id": ("units", "B"),
    "unit": ("units", "B"),
    "same_as": ("people", "A"),
}
"""Column -> the sheet and its column from which a value is picked: units by name, people by id, since names repeat."""


def write(path: Path, offices: Offices = OFFICES) -> None:
    """Write the template for a union with these posts and kinds of unit.

    Raises:
        ModuongError: ``E-FILE-3`` a file is there already: a filled-in template is never written over.
    """
    if path.exists():
        raise ModuongError("E-FILE-3", _("{path}: đã có tệp này, không ghi đè. Hãy đặt tên khác.", path=path))
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#1B4F8A", "font_color": "#FFFFFF"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": _DAY, "align": "left"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "example": book.add_format({"num_format": "@", "bg_color": "#FFF3B0", "italic": True}),
            "example_date": book.add_format(
                {"num_format": _DAY, "align": "left", "bg_color": "#FFF3B0", "italic": True}
            ),
        }
        ranges = _guide(book.add_worksheet(GUIDE), offices, formats)
        for table, (name, headers) in TEMPLATE.items():
            _table(book.add_worksheet(name), _Sheet(table, headers, offices, ranges, formats))


class _Sheet(NamedTuple):
    """What one sheet is made of: its table, headers by field, the words to be picked and where they stand, formats."""

    table: str
    headers: Mapping[str, str]
    offices: Offices
    ranges: Mapping[str, str]
    formats: Mapping[str, Any]


def _table(sheet: Any, made: _Sheet) -> None:  # xlsxwriter has no types
    words = {one: term.label("vi") for terms in _words(made.offices).values() for one, term in terms.items()}
    for place, (column, example) in enumerate(zip(made.headers, _EXAMPLES[made.table], strict=True)):
        dated = column in _DATES
        sheet.set_column(place, place, max(14, len(str(example)) + 2), made.formats["date" if dated else "text"])
        sheet.write_string(0, place, made.headers[column], made.formats["head"])
        sheet.write_comment(0, place, _PROMPTS[column])
        if isinstance(example, date):
            sheet.write_datetime(1, place, example, made.formats["example_date"])
        else:
            shown = words.get(example, example) if column in made.ranges else example
            sheet.write_string(1, place, shown, made.formats["example"])
        sheet.data_validation(1, place, _ROWS, place, _validation(column, made))
    sheet.freeze_panes(1, 0)


def _words(offices: Offices) -> Mapping[str, Mapping[str, Term]]:
    """Return the columns whose cells are one of the union's words, and these."""
    return {"kind": offices.unit_kinds, "post": offices.posts}


def _validation(column: str, made: _Sheet) -> dict[str, Any]:
    """Return what a cell of a column takes: a list, a date, or text with a word of help.

    Names and ids that are not there yet only bring a question.
    """
    head = made.headers[column]
    base = {"input_title": head, "input_message": _PROMPTS[column]}
    chosen = {"error_title": head, "error_message": "Hãy chọn một giá trị trong danh sách."}
    asked = {"error_title": head, "error_message": "Trang kia chưa có giá trị này. Vẫn nhập?", "error_type": "warning"}
    if column in made.ranges:
        return base | chosen | {"validate": "list", "source": made.ranges[column]}
    if column == "is_test":
        return base | chosen | {"validate": "list", "source": [FLAG_WORDS["true"], FLAG_WORDS["false"]]}
    if column in _DATES:
        said = {"error_title": head, "error_message": "Hãy viết ngày như 01/10/2025."}
        return base | said | {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    table, letter = ("people", "A") if (made.table, column) == ("posts", "person_id") else _LISTED.get(column, ("", ""))
    if table:
        source = f"='{TEMPLATE[table][0]}'!${letter}$2:${letter}${_ROWS}"
        return base | asked | {"validate": "list", "source": source}
    return base | {"validate": "any"}


def _guide(sheet: Any, offices: Offices, formats: dict[str, Any]) -> dict[str, str]:  # xlsxwriter has no types
    """Write the explanation; return where the words of a column stand, for its list."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90, formats["wrap"])
    sheet.write_string(0, 1, _TITLE, formats["title"])
    for row, text in enumerate(_GUIDE, 1):
        sheet.write_string(row, 1, text, formats["wrap"])
    row = len(_GUIDE) + 1
    ranges: dict[str, str] = {}
    for name, headers in TEMPLATE.values():
        sheet.write_string(row + 1, 1, f"Trang «{name}»", formats["title"])
        row += 2
        for column, header in headers.items():
            sheet.write_string(row, 0, header)
            sheet.write_string(row, 1, _PROMPTS[column], formats["wrap"])
            row += 1
            terms = _words(offices).get(column, {})
            if terms:
                ranges[column] = f"='{GUIDE}'!$A${row + 1}:$A${row + len(terms)}"
            for term in terms.values():
                sheet.write_string(row, 0, term.label("vi"))
                sheet.write_string(row, 1, term.meaning or term.name, formats["wrap"])
                row += 1
    return ranges
