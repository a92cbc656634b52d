"""What a cadre reads when code did not run to its end: one Vietnamese sentence, no traceback, no English.

Of the code's own text it holds a line number and at most one name.
"""

from __future__ import annotations

from grader.box.lines import Failure

_ERRORS = {
    "SyntaxError": "máy không đọc được câu lệnh; hãy xem lại dấu ngoặc, dấu nháy và dấu hai chấm",
    "IndentationError": "khoảng trắng đầu dòng bị lệch; hãy căn các dòng cùng khối cho thẳng",
    "TabError": "khoảng trắng đầu dòng lẫn cả phím Tab; hãy chỉ dùng dấu cách",
    "NameError": "tên{name} chưa được đặt; hãy xem có gõ sai chữ nào không",
    "UnboundLocalError": "tên{name} được dùng trước khi đặt",
    "KeyError": "không có cột hay khóa{name}; hãy so với tên cột trong bảng, đủ dấu",
    "AttributeError": "gọi một việc mà đối tượng ấy không có; hãy xem lại chữ sau dấu chấm",
    "TypeError": "hai thứ khác kiểu không làm phép tính này được",
    "ValueError": "giá trị đưa vào không hợp lệ",
    "IndexError": "lấy phần tử ở vị trí không có",
    "ZeroDivisionError": "có phép chia cho 0; hãy xem lại mẫu số",
    "FileNotFoundError": "không tìm thấy tệp; hãy mở tệp bằng tên DATA",
    "PermissionError": "việc này không được phép khi chấm",
    "OSError": "việc này không được phép khi chấm",
    "ModuleNotFoundError": "không có thư viện{name}",
    "ImportError": "không nạp được thư viện{name}",
    "EOFError": "khi chấm không có ai gõ phím; hãy bỏ input()",
    "MemoryError": "mã cần nhiều bộ nhớ hơn mức cho phép",
    "RecursionError": "hàm tự gọi mình mãi không dừng",
    "SystemExit": "mã tự dừng; hãy bỏ lệnh exit",
    "KeyboardInterrupt": "mã tự dừng",
    "AssertionError": "một lệnh assert trong mã không đúng",
}
_VALUES = {
    "@ellipsis": "Chỗ này vẫn còn dấu «...»: hãy thay bằng mã của mình.",
    "@nan": "Kết quả là ô trống (NaN), chưa phải một số.",
    "@type": "Kết quả chưa phải là một số, một chữ, một danh sách hay một bảng.",
    "@deep": "Kết quả lồng nhau quá nhiều tầng.",
    "@large": "Kết quả quá lớn.",
}
_VERDICTS = {
    "timeout": "Mã chạy quá lâu nên bị dừng; hãy xem có vòng lặp nào không kết thúc.",
    "memory": "Mã dùng quá nhiều bộ nhớ nên bị dừng.",
    "output-limit": "Mã in ra quá nhiều nên bị dừng.",
    "killed": "Mã làm máy tính của bài bị dừng giữa chừng.",
    "rejected": "Mã gửi ra những dòng kết quả không hợp lệ; bài mã không được tính điểm.",
}


def failed(failure: Failure) -> str:
    """Return the sentence for a cell or check that failed."""
    if failure.kind in _VALUES:
        return _VALUES[failure.kind]
    text = _ERRORS.get(failure.kind, "mã gặp lỗi khi chạy").format(name=f" «{failure.name}»" if failure.name else "")
    return f"Dòng {failure.line}: {text}." if failure.line else f"{text[0].upper()}{text[1:]}."


def unreached(verdict: str) -> str:
    """Return the sentence for what was not reached because the whole run ended with ``verdict``."""
    return _VERDICTS.get(verdict, _VERDICTS["killed"])
