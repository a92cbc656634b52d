"""Writes the template of a roster.

Three sheets with drop-down lists and an example row each, and an explanation in Vietnamese.

The example rows have ids that begin with ``VI-DU-``: an import passes them over with a warning (ROS-W15), left in or
not.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices
from grader.roster.records import PEOPLE_COLUMNS, POST_COLUMNS, UNIT_COLUMNS

_ROWS = 20_000  # that have lists and formats
_DATES = ("start", "end")
_YES_NO = ("true", "false")
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
    "people": ("VI-DU-CB-01", "Ví dụ: Trần Thị Mẫu 001", "mau001@example.vn", "false", ""),
    "posts": ("VI-DU-CB-01", "VI-DU-01", "chair", date(2025, 10, 1), "", "12/QĐ-CĐ"),
}
_COLUMNS = {"units": UNIT_COLUMNS, "people": PEOPLE_COLUMNS, "posts": POST_COLUMNS}
_PROMPTS = {
    "unit_id": "Mã đơn vị, do anh/chị đặt, mỗi đơn vị một mã không đổi.",
    "name": "Tên đầy đủ của đơn vị.",
    "kind": "Loại đơn vị: chọn trong danh sách. Nghĩa của từng từ ở trang «Hướng dẫn».",
    "parent_id": "Mã của đơn vị cấp trên trực tiếp; chỉ cấp cao nhất để trống.",
    "start": "Ngày đầu tiên, viết năm-tháng-ngày, ví dụ 2025-10-01.",
    "end": "Ngày cuối cùng (vẫn tính ngày này). Còn hiệu lực thì để trống.",
    "successor_id": "Đơn vị sáp nhập, giải thể: mã của đơn vị tiếp nhận. Còn hoạt động thì để trống.",
    "person_id": "Mã cán bộ, ví dụ CB-000123. Trùng họ tên vẫn phải khác mã.",
    "full_name": "Họ và tên.",
    "email": "Có thể để trống.",
    "is_test": "true: tài khoản thử, không tính ở đâu. Để trống hoặc false: cán bộ thật.",
    "same_as": "Một người có hai mã: ghi ở mã cũ mã được giữ lại. Bình thường để trống.",
    "post": "Chức vụ: chọn trong danh sách. Nghĩa của từng từ ở trang «Hướng dẫn».",
    "decision_no": "Số quyết định; nên có khi là quyền hoặc phụ trách chủ tịch.",
}
_GUIDE = (
    ("Danh sách cán bộ công đoàn: cách điền", True),
    (
        (
            "Điền lần lượt ba trang: units (đơn vị), people (cán bộ), posts (chức vụ). Mỗi dòng một đơn vị, một "
            "người, một chức vụ."
        ),
        False,
    ),
    ("Không đổi tên trang và dòng tiêu đề. Có thể thêm cột riêng ở bên phải; các cột đó không được đọc.", False),
    (
        (
            "Dòng màu vàng là ví dụ (mã bắt đầu bằng VI-DU-). Anh/chị xóa đi, hoặc để lại cũng được: khi nạp, dòng "
            "này bị bỏ qua."
        ),
        False,
    ),
    (
        (
            "Ngày viết năm-tháng-ngày (2025-10-01). Ô end để trống nghĩa là còn hiệu lực; ngày đầu và ngày cuối đều "
            "được tính."
        ),
        False,
    ),
    ("Không dùng công thức: dòng có ô công thức bị loại. Hãy dán giá trị (Dán đặc biệt → Giá trị).", False),
    (
        (
            "Đơn vị chuyển sang nơi khác hoặc đổi tên: ghi ngày cuối vào dòng cũ, thêm một dòng cùng mã, bắt đầu từ "
            "ngày hôm sau."
        ),
        False,
    ),
    (
        (
            "Đơn vị sáp nhập: ghi ngày cuối và successor_id ở dòng cũ. Người thôi giữ chức: ghi ngày cuối ở trang "
            "posts, không xóa dòng."
        ),
        False,
    ),
    ("Nạp thử để xem thay đổi: moduong roster import danh-sach.xlsx --dry-run. Đúng rồi thì bỏ --dry-run.", False),
    ("Dòng không có trong tệp được giữ như đã lưu. Sai ở dòng nào, lệnh nêu trang, dòng, mã lỗi và cách sửa.", False),
)


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
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "example": book.add_format({"num_format": "@", "bg_color": "#FFF3B0", "italic": True}),
            "example_date": book.add_format(
                {"num_format": "yyyy-mm-dd", "align": "left", "bg_color": "#FFF3B0", "italic": True}
            ),
        }
        _guide(book.add_worksheet("Hướng dẫn"), offices, formats)
        for name in _COLUMNS:
            _table(book.add_worksheet(name), name, offices, formats)


def _table(sheet: Any, name: str, offices: Offices, formats: dict[str, Any]) -> None:  # xlsxwriter has no types
    for place, (column, example) in enumerate(zip(_COLUMNS[name], _EXAMPLES[name], strict=True)):
        dated = column in _DATES
        sheet.set_column(place, place, max(14, len(str(example)) + 2), formats["date" if dated else "text"])
        sheet.write_string(0, place, column, formats["head"])
        sheet.write_comment(0, place, _PROMPTS[column])
        if isinstance(example, date):
            sheet.write_datetime(1, place, example, formats["example_date"])
        else:
            sheet.write_string(1, place, example, formats["example"])
        sheet.data_validation(1, place, _ROWS, place, _validation(name, column, offices))
    sheet.freeze_panes(1, 0)


def _validation(name: str, column: str, offices: Offices) -> dict[str, Any]:
    """Return what a cell of a column takes: a list, a date, or text with a word of help.

    Ids that are not there yet only bring a question.
    """
    lists: dict[str, Any] = {"kind": list(offices.unit_kinds), "post": list(offices.posts), "is_test": list(_YES_NO)}
    ids = {
        "parent_id": "units",
        "successor_id": "units",
        "same_as": "people",
        "person_id": "people",
        "unit_id": "units",
    }
    base = {"input_title": column, "input_message": _PROMPTS[column]}
    if column in lists:
        said = {"error_title": column, "error_message": "Hãy chọn một giá trị trong danh sách."}
        return base | said | {"validate": "list", "source": lists[column]}
    if column in _DATES:
        said = {"error_title": column, "error_message": "Hãy viết ngày như 2025-10-01."}
        return base | said | {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    if column in ids and (name == "posts" or column in {"parent_id", "successor_id", "same_as"}):
        said = {
            "error_title": column,
            "error_message": "Mã này chưa có ở trang kia. Vẫn nhập?",
            "error_type": "warning",
        }
        return base | said | {"validate": "list", "source": f"={ids[column]}!$A$2:$A${_ROWS}"}
    return base | {"validate": "any"}


def _guide(sheet: Any, offices: Offices, formats: dict[str, Any]) -> None:  # xlsxwriter has no types
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90, formats["wrap"])
    row = 0
    for text, title in _GUIDE:
        sheet.write_string(row, 1, text, formats["title" if title else "wrap"])
        row += 1
    for name, heading in (
        ("units", "Trang units: đơn vị"),
        ("people", "Trang people: cán bộ"),
        ("posts", "Trang posts: chức vụ"),
    ):
        sheet.write_string(row + 1, 1, heading, formats["title"])
        row += 2
        for column in _COLUMNS[name]:
            sheet.write_string(row, 0, column)
            sheet.write_string(row, 1, _PROMPTS[column], formats["wrap"])
            row += 1
            for word, term in {"kind": offices.unit_kinds, "post": offices.posts}.get(column, {}).items():
                sheet.write_string(row, 0, f"    {word}")
                sheet.write_string(row, 1, term.meaning or term.name, formats["wrap"])
                row += 1
