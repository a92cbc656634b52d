"""Why something of a foreign file is not in what came out of it: stable code → state and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from course.words import Text, _

State = Literal["left_out", "changed", "missing"]
STATES: Mapping[State, Text] = MappingProxyType(
    {"left_out": _("bỏ lại"), "changed": _("đã đổi"), "missing": _("còn thiếu")}
)

REASONS: Mapping[str, tuple[State, Text]] = MappingProxyType(
    {
        "file": ("left_out", _("không đọc được tệp: {about}")),
        "format": ("left_out", _("không nhận ra khuôn dạng; hãy ghi --format ({about})")),
        "encoding": ("changed", _("tệp không phải UTF-8; đọc theo {about}, hãy soát lại chữ có dấu")),
        "archive-member": ("left_out", _("không lấy tệp trong gói: {about}")),
        "empty": ("left_out", _("không có câu hỏi nào trong tệp")),
        "kind": ("left_out", _("loại câu {about} không có tương đương ở đây")),
        "broken": ("left_out", _("không đọc được câu: {about}")),
        "letters-lost": ("left_out", _("chữ có dấu đã thành dấu hỏi hoặc ký hiệu lạ ({about}); hãy xuất lại ở UTF-8")),
        "duplicate": ("left_out", _("câu này giống hệt câu {about}")),
        "no-stem": ("left_out", _("câu không có lời hỏi")),
        "no-key": ("missing", _("tệp không nói phương án nào đúng: chưa ghi correct")),
        "several-full": ("missing", _("câu một đáp án mà nhiều phương án được trọn điểm ({about}): chưa ghi correct")),
        "key-contradicts": ("missing", _("hai phương án giống hệt nhau, một đúng một sai ({about}): chưa ghi correct")),
        "branch": ("left_out", _("nhánh chấm sau nêu lại phương án đã có điểm ({about}); giữ nhánh đầu")),
        "scoring": ("left_out", _("không chuyển được quy tắc chấm: {about}")),
        "partial": ("changed", _("điểm một phần bị bỏ, tính là sai: {about}")),
        "all-or-nothing": ("changed", _("ở tệp gốc chỉ có điểm khi chọn đúng hết; ở đây có điểm từng phần")),
        "penalty": ("changed", _("điểm trừ bị bỏ: {about}; ở đây chấm theo quy tắc của loại câu")),
        "unequal": ("changed", _("trọng số khác nhau thành bằng nhau: {about}")),
        "weights": ("changed", _("trọng số cộng lại là {about} %, không phải 100 %")),
        "other-value": ("left_out", _("câu số nhận một đáp số; bỏ đáp số {about}")),
        "other-answer": ("left_out", _("bỏ câu trả lời {about}")),
        "catch-all": ("left_out", _("phản hồi cho mọi câu trả lời khác: {about}")),
        "gap-mistake": ("left_out", _("chỗ trống chỉ có một phản hồi cho mọi câu sai; bỏ: {about}")),
        "braces": ("changed", _("dấu ngoặc nhọn trong văn bản thành ngoặc tròn: ở đây chúng ghi chỗ trống")),
        "case": ("changed", _("ở đây không phân biệt chữ hoa, chữ thường")),
        "wildcard": ("left_out", _("đáp án có dấu * thay cho chữ bất kỳ: {about}")),
        "regex": ("left_out", _("đáp án là biểu thức chính quy: {about}")),
        "tolerance": ("changed", _("sai số tương đối thành tuyệt đối: {about}")),
        "shape": ("changed", _("hình của vùng thành hình chữ nhật bao quanh: {about}")),
        "edge": ("changed", _("mép khoảng không được tính ở tệp gốc, ở đây có tính: {about}")),
        "points": ("changed", _("điểm được làm tròn: {about}")),
        "right-feedback": ("left_out", _("lời nhắn cho câu trả lời đúng: {about}")),
        "unit": ("left_out", _("đơn vị đo khác: {about}")),
        "comma": ("changed", _("dấu phẩy được đọc là dấu thập phân: {about}")),
        "shared-key": ("changed", _("hai vế trái cùng một vế phải ({about}): thành bảng grid")),
        "half-pair": ("left_out", _("cặp thiếu một vế: {about}")),
        "letters": ("changed", _("bỏ chữ cái gõ tay ở đầu phương án ({about}): trang tự đánh chữ và xáo phương án")),
        "letters-meant": ("changed", _("lời văn nhắc đến chữ cái của phương án ({about}); xáo phương án thì sai")),
        "same-option": ("left_out", _("hai phương án giống hệt nhau: {about}")),
        "empty-option": ("left_out", _("phương án trống: {about}")),
        "name-as-stem": ("changed", _("câu hỏi nằm ở chỗ tên; đã dùng tên làm lời hỏi")),
        "glued": ("changed", _("câu dính liền câu trước, không có dòng trống; đã tách")),
        "blank-inside": ("changed", _("có dòng trống giữa hai dấu ngoặc; đã nối lại")),
        "unescaped": ("changed", _("dấu chưa thoát được đọc là chữ thường: {about}")),
        "entity": ("changed", _("thực thể HTML chưa khai báo đã được thay: {about}")),
        "repaired": ("changed", _("tệp hỏng, đã cứu được câu này: {about}")),
        "control": ("changed", _("bỏ ký tự không nhìn thấy: {about}")),
        "newline-sign": ("changed", _("chữ \\n được đọc là xuống dòng")),
        "look": ("left_out", _("cách trình bày không giữ được: {about}")),
        "table": ("changed", _("bảng có ô gộp hoặc ô nhiều dòng, đã viết thành dòng")),
        "link": ("left_out", _("liên kết, chỉ giữ chữ: {about}")),
        "script": ("left_out", _("mã chạy trong trang: {about}")),
        "embedded": ("left_out", _("nội dung nhúng: {about}")),
        "formula": ("changed", _("công thức được giữ ở dạng mã nguồn: {about}")),
        "too-long": ("left_out", _("lời văn quá dài: {about}")),
        "text": ("changed", _("lời văn có thể hiện khác bản gốc, hãy so lại: {about}")),
        "remote": ("left_out", _("hình hoặc tệp ở máy chủ khác, không tải: {about}")),
        "picture-missing": ("left_out", _("không có tệp hình: {about}")),
        "picture-refused": ("left_out", _("hình không an toàn hoặc không đọc được: {about}")),
        "picture": ("changed", _("hình đã lưu cạnh bài, cần đặt vào câu: {about}")),
        "file-link": ("left_out", _("tệp đính kèm: {about}")),
        "category": ("left_out", _("tên nhóm câu: {about}")),
        "hint": ("left_out", _("gợi ý: {about}")),
        "overall": ("left_out", _("phản hồi chung cho kết quả {about}")),
        "setting": ("left_out", _("thiết đặt: {about}")),
        "tag": ("left_out", _("nhãn: {about}")),
        "grader": ("left_out", _("ghi chú cho người chấm: {about}")),
        "code": ("left_out", _("mã trong câu không được chạy: {about}")),
        "member-file": ("left_out", _("gói nhắc đến tệp không có: {about}")),
        "missing": ("missing", _("còn thiếu {about}")),
        "check": ("missing", _("{about}")),
        "field": ("left_out", _("không có chỗ cho {about}")),
        "variant": ("changed", _("mẫu {about} thành một câu riêng")),
        "other-variant": ("left_out", _("chỉ in mẫu đầu của câu; không in mẫu {about}")),
        "paper-picture": ("left_out", _("DOCX không nhận loại hình này, hãy in PDF: {about}")),
        "withdrawn": ("left_out", _("câu đã rút")),
        "label": ("changed", _("nhãn và đơn vị viết vào lời hỏi: {about}")),
    }
)
