"""The help texts of the command line in Vietnamese, for staff who did not choose English.

Loaded only when help is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

TEXTS: Mapping[str, str] = MappingProxyType({
    "Mở Đường: course text → notebooks → hand-ins → marks → which corporation is below its target.":
        "Mở Đường: lời văn khóa học → sổ bài → bài nộp → điểm → tổng công ty nào còn dưới chỉ tiêu.",
    "Find mistakes in lessons and exercises: file, line, item, field, remedy; then the quality table Q1–Q17 of "
    "the course.":
        "Tìm lỗi trong bài học và bài tập: tệp, dòng, câu, mục, cách sửa; rồi in bảng chất lượng Q1–Q17 của khóa học.",
    "With modules named, only they are looked at, and there is no table. Exit code 1: an essential finding, or a "
    "table that does not pass.":
        "Nêu học phần thì chỉ xem học phần ấy và không có bảng. Mã thoát 1: có lỗi thiết yếu, hoặc bảng không đạt.",
    "Make nbgrader's source notebooks, the keys and the lessons from course text.":
        "Làm sổ nguồn cho nbgrader, đáp án và bài học từ lời văn khóa học.",
    "Generate the learner's copies with nbgrader, prove that no key is in them, and hand them out.":
        "Tạo bản phát cho người học bằng nbgrader, chứng minh không có đáp án trong đó, rồi phát.",
    "Take hand-ins in: from the exchange, or from folders and ZIP files. Nothing received is ever overwritten.":
        "Nhận bài nộp: từ chỗ trao đổi, hoặc từ thư mục và tệp ZIP. Bài đã nhận không bao giờ bị ghi đè.",
    "Score what was collected, and carry formgrader's marks into the ledger. Our engine executes no learner's "
    "notebook.":
        "Chấm bài đã nhận, và đưa điểm chấm tay trong formgrader vào sổ lượt làm. Máy chấm không chạy sổ bài của "
        "người học.",
    "Write the Vietnamese feedback pages and release them where learners fetch them; unchanged pages are not touched.":
        "Viết trang phản hồi và phát đến nơi người học nhận; trang không đổi thì giữ nguyên.",
    "Score one answers.json against an exercise, without a workspace.":
        "Chấm một tệp answers.json theo bài tập, không cần thư mục làm việc.",
    "Write item statistics as a page: difficulty, item-rest correlation, use of options, alpha, for each version "
    "of the key.":
        "Viết trang thống kê câu hỏi: độ khó, tương quan với phần còn lại, lựa chọn được dùng, alpha, theo từng "
        "bản đáp án.",
    "Score a module again after its key was corrected: whose score, pass or trained state changes, which rates move.":
        "Chấm lại học phần sau khi sửa đáp án: điểm, kết quả đạt của ai thay đổi, tỉ lệ nào thay đổi.",
    "Show the attempt ledger, or print it as attempts.csv; enter what a coordinator decided.":
        "Xem sổ lượt làm, hoặc in thành attempts.csv; ghi quyết định của điều phối viên.",
    "Declare an attempt void for proven misconduct: it counts nowhere from now on. Two people sign.":
        "Hủy một lượt làm vì gian lận đã xác minh: từ nay không tính ở đâu. Hai người ký.",
    "Attest that an offline site's hand-in was made up to 7 days before the server got it.":
        "Xác nhận bài của nơi mất mạng đã nộp trước khi máy chủ nhận, nhiều nhất 7 ngày.",
    "Open two more attempts for somebody who has used all of them and was coached.":
        "Mở thêm hai lượt cho người đã hết lượt và đã được kèm cặp.",
    "The roster of cadres: units, people, posts.": "Danh sách cán bộ: đơn vị, người, chức vụ.",
    "Write an invented roster with planted faults, to try things out.": (
        "Ghi một danh sách hư cấu có cài sẵn lỗi, để làm thử."
    ),
    "Write an empty roster as a workbook: drop-down lists, an example row on each sheet, and an explanation.":
        "Ghi danh sách trống thành tệp Excel: danh sách để chọn, mỗi trang một dòng ví dụ, và trang hướng dẫn.",
    "Take a roster into the workspace and say what that changes: new, changed, ended, kept, rejected rows.":
        "Nạp danh sách vào thư mục làm việc và nói điều thay đổi: dòng mới, thay đổi, kết thúc, giữ nguyên, bị loại.",
    "Count who is trained, per target and corporation, as of a date.": (
        "Đếm người đã bồi dưỡng theo chỉ tiêu và tổng công ty, đến một ngày chốt."
    ),
    "Write report.html and report.json: targets, corporations, shortfall, pace and forecast, with date and rule.":
        "Lập report.html và report.json: chỉ tiêu, tổng công ty, số còn thiếu, nhịp cần có và dự báo, kèm ngày "
        "chốt và quy tắc.",
    "Play the whole course with invented cadres, ending with the CT70 line and the report.":
        "Chạy thử cả khóa học với cán bộ hư cấu, kết thúc bằng dòng CT70 và báo cáo.",
    "Start the page of a role on this machine's loopback address and print its link.": (
        "Mở trang của một vai trên máy này và in liên kết."
    ),
    "Say what this machine has for grading code, why something is missing, and what to do.":
        "Nói máy này có gì để chấm câu mã, thiếu gì, vì sao, và cần làm gì.",
    "Modules, such as M02; all when left out.": "Học phần, ví dụ M02; bỏ trống là tất cả.",
    "The private folder of exercises, which hold the keys.": "Thư mục riêng chứa bài tập, có đáp án.",
    "The public folder: course.yaml, lessons, law facts.": "Thư mục công khai: course.yaml, bài học, căn cứ pháp luật.",
    "Language of messages: vi or en.": "Ngôn ngữ của lời báo: vi hoặc en.",
    "Print one JSON object.": "In một đối tượng JSON.",
    "The nbgrader course folder that moduong keeps.": "Thư mục làm việc (thư mục khóa học của nbgrader).",
    "Folders or ZIP files; the exchange when left out.": "Thư mục hoặc tệp ZIP; bỏ trống là chỗ trao đổi.",
    "Grade again what no person has marked; see regrade for the rest.": (
        "Chấm lại những bài chưa ai chấm tay; các bài khác: xem regrade."
    ),
    "Collect, grade and give feedback as hand-ins arrive, until stopped.": (
        "Nhận, chấm và phản hồi ngay khi có bài nộp, đến khi dừng."
    ),
    "Processes that score side by side.": "Số tiến trình chấm song song.",
    "Let the workers of this Dask scheduler score, such as tcp://127.0.0.1:8786.": (
        "Để các máy của bộ điều phối Dask này chấm, ví dụ tcp://127.0.0.1:8786."
    ),
    "moduong, or nbgrader for test cells that an instructor wrote for it (runs learners' code).":
        "moduong, hoặc nbgrader cho ô kiểm tra do giảng viên viết (có chạy mã của người học).",
    "The module, such as M02.": "Học phần, ví dụ M02.",
    "An answers.json.": "Một tệp answers.json.",
    "The page to write; reports/items.html in the workspace when left out.": (
        "Trang cần viết; bỏ trống là reports/items.html trong thư mục làm việc."
    ),
    "The module whose key was corrected and built, such as M07.": "Học phần đã sửa đáp án và đã build, ví dụ M07.",
    "Show what would change; write nothing.": "Chỉ nói điều sẽ thay đổi, không ghi gì.",
    "Day for which rates are compared; today when left out.": "Ngày chốt để so tỉ lệ; bỏ trống là hôm nay.",
    "Print attempts.csv.": "In các lượt làm thành attempts.csv.",
    "Attempt id, such as CB-000123.M07.2.": "Mã lượt làm, ví dụ CB-000123.M07.2.",
    "Why; kept in the ledger.": "Lý do; được giữ trong sổ lượt làm.",
    "Name of one who signs; give it twice.": "Tên một người ký; ghi hai lần.",
    "The day on which it was handed in at the offline site, such as 2026-10-30.": (
        "Ngày đã nộp ở nơi mất mạng, ví dụ 2026-10-30."
    ),
    "Name of the coordinator.": "Tên điều phối viên.",
    "Person id as in the ledger, such as CB-000123.": "Mã cán bộ như trong sổ, ví dụ CB-000123.",
    "The module, such as M07.": "Học phần, ví dụ M07.",
    "Folder to write into.": "Thư mục để ghi vào.",
    "demo (about 180 leaders) or full (about 1,980).": "demo (khoảng 180 cán bộ lãnh đạo) hoặc full (khoảng 1.980).",
    "The same seed gives the same roster.": "Cùng một số thì ra cùng một danh sách.",
    "Also write simulated attempts.csv.": "Ghi thêm attempts.csv mô phỏng.",
    "Also write the roster as one workbook, danh-sach.xlsx.": "Ghi thêm danh sách thành một tệp Excel, danh-sach.xlsx.",
    "The workbook to write.": "Tệp Excel cần ghi.",
    "Folder with units.csv, people.csv, posts.csv, or one .xlsx with these sheets.":
        "Thư mục có units.csv, people.csv, posts.csv, hoặc một tệp .xlsx có các trang ấy.",
    "The file is the whole truth: what it lacks is removed. Otherwise it is kept.": (
        "Tệp là toàn bộ sự thật: dòng tệp không có thì gỡ bỏ. Không có tùy chọn này thì giữ."
    ),
    "Write every rejected row to this CSV file.": "Ghi mọi dòng bị loại vào tệp CSV này.",
    "Folder with units.csv, people.csv, posts.csv; the workspace's when left out.":
        "Thư mục có units.csv, people.csv, posts.csv; bỏ trống là danh sách đã nạp.",
    "attempts.csv; the workspace's ledger when left out.": "Tệp attempts.csv; bỏ trống là sổ lượt làm.",
    "As-of date, such as 2026-10-31; today when left out.": "Ngày chốt, ví dụ 2026-10-31; bỏ trống là hôm nay.",
    "Also print report.pdf (needs Chromium).": "In thêm report.pdf (cần Chromium).",
    "Also write report.xlsx.": "Ghi thêm report.xlsx.",
    "Also write the tables as CSV for Excel.": "Ghi thêm các bảng thành CSV cho Excel.",
    "Report one unit and what is below it.": "Chỉ báo cáo một đơn vị và các đơn vị bên dưới.",
    "Name the people still missing; confidential, kept apart and logged.": (
        "Nêu tên người còn thiếu; tài liệu mật, để riêng và ghi nhật ký."
    ),
    "An election to come, such as 2028-10-15=35 (per cent replaced).": (
        "Một đợt đại hội sắp tới, ví dụ 2028-10-15=35 (phần trăm thay mới)."
    ),
    "indicators.csv; the roster folder's when left out.": (
        "Tệp indicators.csv; bỏ trống là tệp trong thư mục danh sách."
    ),
    "Show the quarters before, and a forecast.": "Có các quý trước và dự báo.",
    "Of the forecast's simulation.": "Số khởi đầu của mô phỏng dự báo.",
    "The same seed gives the same demo.": "Cùng một số thì ra cùng một lần chạy thử.",
    "cadre, coordinator or instructor.": "cadre (cán bộ), coordinator (điều phối viên) hoặc instructor (giảng viên).",
    "Id of the cadre, such as CB-000123.": "Mã cán bộ, ví dụ CB-000123.",
    "The cadre's own folder; in the workspace when left out.": (
        "Thư mục của cán bộ; bỏ trống là trong thư mục làm việc."
    ),
    "On loopback; a free one when left out.": "Cổng trên máy này; bỏ trống là một cổng còn trống.",
    "Also try the shipped attacks on the box.": "Thử thêm các đòn tấn công có sẵn vào hộp cách ly.",
})  # fmt: skip
"""What the commands say in English, and the same in Vietnamese."""
_OF_CLICK = {
    "Usage: ": "Cách dùng: ",
    "Options": "Tùy chọn",
    "Arguments": "Tham số",
    "Commands": "Các lệnh",
    "Show this message and exit.": "Hiện lời này rồi thôi.",
    "Example:": "Ví dụ:",
    "default: ": "mặc định: ",
    "env var: ": "biến môi trường: ",
    "[required]": "[bắt buộc]",
}
_MISTAKES = {
    "No such option: ": "không có tùy chọn ",
    "Possible options: ": "có phải: ",
    "No such command ": "không có lệnh ",
    " Did you mean ": " Có phải ",
    "Missing argument ": "thiếu tham số ",
    "Missing option ": "thiếu tùy chọn ",
    "Invalid value for ": "giá trị không dùng được ở ",
    "Input should be a valid integer, unable to parse string as an integer": "phải là số nguyên",
    "Got unexpected extra argument(s) ": "thừa ",
    "Option '": "tùy chọn '",
    "requires an argument": "cần một giá trị",
}


def mistake(said: str) -> str:
    """Return what the framework says of a mistyped command, in Vietnamese as far as it is foreseen."""
    for english, vietnamese in _MISTAKES.items():
        said = said.replace(english, vietnamese)
    return said


def speak(command: Any) -> None:
    """Put the help of a command, of all below it, and the framework's own words into Vietnamese."""
    command.context_class.formatter_class = _formatter(command.context_class.formatter_class)
    for one in every(command):
        one.help = _words("\n\n".join(TEXTS.get(part, part) for part in paragraphs(one.help)))
        for parameter in one.params:
            if getattr(parameter, "help", None):
                parameter.help = TEXTS.get(parameter.help, parameter.help)


def _formatter(base: Any) -> Any:
    class Formatter(base):  # type: ignore[misc]  # Typer carries a private copy of click: its class cannot be named here
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or _OF_CLICK["Usage: "])

        def write_heading(self, heading: str) -> None:
            super().write_heading(_words(heading))

        def write_dl(self, rows: Sequence[tuple[str, str]], *places: int, **more: int) -> None:
            super().write_dl([(term, _words(text)) for term, text in rows], *places, **more)

    return Formatter


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of a help text, each on one line."""
    return [" ".join(part.split()) for part in (text or "").split("\n\n")]


def every(command: Any) -> Iterator[Any]:
    """Yield a command and all commands below it."""
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from every(below)


def _words(text: str) -> str:
    for english, vietnamese in _OF_CLICK.items():
        text = text.replace(english, vietnamese)
    return text
