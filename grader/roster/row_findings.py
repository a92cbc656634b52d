"""What can be said of one row of a roster or attempts file: the codes of docs/design.md §9.5 and their sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_LONGEST_WHOLE = 160
_LONGEST_PIECE = 40
_IDS_SHOWN = 10

# kind -> (Vietnamese, English). A kind is a code, or a code with a variant after "/". ROS-01…08, ROS-10 and ATT-01…03
# reject
# the row; codes with a W accept it. ROS-01 (a whole column) and ROS-09 also stop the command, as errors.
SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "ROS-01": ("thiếu giá trị ở cột «{0}»; hãy điền rồi nạp lại.", "column '{0}' is empty; fill it in."),
    "ROS-01/width": (
        "dòng có {0} trường, dòng đầu có {1} cột; hãy kiểm tra dấu phẩy và dấu ngoặc kép.",
        "the row has {0} fields, the header {1} columns; check commas and quotes.",
    ),
    "ROS-02": (
        "cột «{0}»: «{1}» không phải là ngày; hãy viết năm-tháng-ngày, ví dụ 2026-10-31.",
        "column '{0}': '{1}' is not a date; write it like 2026-10-31.",
    ),
    "ROS-03": ("ngày kết thúc {1} sớm hơn ngày bắt đầu {0}; hãy sửa một trong hai.", "the end {1} is before the start {0}; correct one of them."),
    "ROS-04": ((
        "mã «{0}» đã có ở dòng {1}; mỗi mã chỉ một dòng. Hãy xóa dòng thừa, hoặc đặt mã khác nếu là hai người, hai đơn "
        "vị."
    ), "id '{0}' is already in line {1}; one row per id. Delete one, or give another id."),
    "ROS-05": (
        "cột «{0}»: mã «{1}» không có dòng hợp lệ nào trong {2}; hãy sửa mã, hoặc thêm dòng ấy vào {2}.",
        "column '{0}': id '{1}' has no accepted row in {2}; correct the id, or add that row.",
    ),
    "ROS-06": (
        "trùng thời gian với dòng {0} (cùng {1}); hãy sửa ngày bắt đầu hoặc kết thúc.",
        "shares days with line {0} (same {1}); correct a start or end.",
    ),
    "ROS-06/stored": (
        "trùng thời gian với dòng đã lưu từ {0} đến {1} (cùng {2}); hãy sửa ngày bắt đầu hoặc kết thúc.",
        "shares days with the stored row from {0} to {1} (same {2}); correct a start or end.",
    ),
    "ROS-07": ("cột «{0}» dẫn vòng về chính dòng này: {1}.", "column '{0}' leads back to this row: {1}."),
    "ROS-08": ("cột «{0}»: «{1}» không có trong danh mục ({2}).", "column '{0}': '{1}' is not one of {2}."),
    "ROS-10": (
        "cột «{0}»: ô chứa công thức, không được tính thay; hãy dán giá trị (Dán đặc biệt → Giá trị).",
        "column '{0}' holds a formula, which is never computed; paste its value.",
    ),
    "ROS-10/error": ("cột «{0}»: ô báo lỗi «{1}»; hãy nhập lại giá trị.", "column '{0}' holds the error {1}; type the value."),
    "ROS-10/control": (
        "cột «{0}»: có ký tự điều khiển, không phải chữ; hãy xóa ô rồi nhập lại.",
        "column '{0}' holds control characters; clear it and type it again.",
    ),
    "ROS-10/long": ("cột «{0}»: dài {1} ký tự, nhiều nhất {2}.", "column '{0}' has {1} characters, at most {2}."),
    "ROS-11": (
        "«{0}»: anh/chị đã chọn bỏ qua; dòng này không được tính.",
        "'{0}' was left out as was answered; the row does not count.",
    ),
    "ROS-12": (
        "cột «{0}»: chữ «{1}» đã hỏng, chữ có dấu không còn trong tệp; hãy lấy tệp gốc hoặc gõ lại.",
        "column '{0}': letters of '{1}' are lost, they are no longer in the file; take the original or type it again.",
    ),
    "ATT-01": ("cán bộ «{0}» không có trong danh sách cán bộ.", "person '{0}' is not on the roster."),
    "ATT-02": ("học phần «{0}» không có trong course.yaml.", "module '{0}' is not in course.yaml."),
    "ATT-03": ("cột «{0}»: giá trị «{1}» không hợp lệ.", "column '{0}': '{1}' is not a valid value."),
    "ATT-03/width": (
        "dòng có {0} trường, dòng đầu có {1} cột; hãy kiểm tra dấu phẩy và dấu ngoặc kép.",
        "the row has {0} fields, the header {1} columns; check commas and quotes.",
    ),
    "ATT-03/twice": ("mã lượt làm bài «{0}» đã có ở một dòng trên.", "attempt id '{0}' is already in a line above."),
    "ROS-W01": ("bỏ qua các cột không dùng: {0}.", "columns that are not used: {0}."),
    "ROS-W02": ("đã bỏ khoảng trắng thừa ở cột {0}.", "spaces around the value removed in column {0}."),
    "ROS-W03": ("đã chuyển chữ ở cột {0} về dạng chuẩn NFC.", "text in column {0} brought to normal form NFC."),
    "ROS-W04": ("cột «{0}»: đã đọc «{1}» là ngày {2}.", "column '{0}': '{1}' was read as {2}."),
    "ROS-W05": ("bắt đầu từ ngày {0}, còn ở tương lai.", "starts on {0}, in the future."),
    "ROS-W06": (
        "quyền/phụ trách chủ tịch chưa có số quyết định (decision_no); vẫn được tính.",
        "acting chair without decision_no; counted all the same.",
    ),
    "ROS-W07": (
        "đơn vị «{0}» không hoạt động vào ngày chốt và không có đơn vị kế tiếp: chức vụ này không tính ở đâu.",
        "unit '{0}' is not in force on the as-of date and has no successor: this post counts nowhere.",
    ),
    "ROS-W08": (
        "đơn vị «{0}» đã kết thúc; chức vụ này được tính tại «{1}».",
        "unit '{0}' has ended; this post counts at '{1}'.",
    ),
    "ROS-W09": (
        "{0} chức vụ đã quá {1} năm mà chưa ghi ngày kết thúc, vẫn tính là đương nhiệm (dòng {2}).",
        "{0} posts are older than {1} years without an end and still count as in office (lines {2}).",
    ),
    "ROS-W10": (
        "{0} họ tên có từ hai cán bộ trở lên; hệ thống phân biệt theo mã ({1}).",
        "{0} full names belong to two or more people; ids tell them apart ({1}).",
    ),
    "ROS-W11": ("{0} tài khoản thử (is_test) không được tính ở đâu.", "{0} test accounts (is_test) count nowhere."),
    "ROS-W12": (
        "có {0} tổng công ty vào ngày chốt; thông thường là {1}.",
        "there are {0} corporations on the as-of date; {1} are usual.",
    ),
    "ROS-W13": (
        "{0}: {1} đơn vị khuyết chủ tịch, không có ai để tính ở chức vụ ấy ({2}).",
        "{0}: {1} units have no chair in office ({2}).",
    ),
    "ROS-W14": ("đơn vị không có đơn vị cấp trên (parent_id).", "the unit has no parent_id."),
    "ROS-W15": ("dòng ví dụ của bản mẫu, không nạp.", "an example row of the template, not taken."),
    "ROS-W16": (
        "cột «{0}»: bắt đầu như một công thức; được giữ nguyên là chữ.",
        "column '{0}' begins like a formula; kept as text.",
    ),
    "ROS-W17": (
        "cột «is_test»: không hiểu «{0}»; tính là cán bộ thật. Hãy ghi Có hoặc Không.",
        "column 'is_test': '{0}' is not understood; taken for a real person. Write true or false.",
    ),
    "ROS-W18": (
        "đơn vị «{0}» có hai chủ tịch cùng lúc: {1}. Nếu người trước đã thôi giữ chức: {2}.",
        "unit '{0}' has two chairs at once: {1}. If the earlier one has left: {2}.",
    ),
    "ROS-W18/acting": (
        "đơn vị «{0}» có chủ tịch và quyền (phụ trách) chủ tịch cùng lúc: {1}. Nếu người trước đã thôi giữ chức: {2}.",
        "unit '{0}' has a chair and an acting chair at once: {1}. If the earlier one has left: {2}.",
    ),
    "ROS-W18/units": (
        "một người là chủ tịch của hai đơn vị: {1}. Nếu đã thôi chức vụ trước: {2}.",
        "one person is chair of two units: {1}. If the earlier post has ended: {2}.",
    ),
    "ROS-W18/ended": (
        "chức vụ vẫn để ngỏ sau khi đơn vị «{0}» đã kết thúc: {1}. Nếu chức vụ kết thúc cùng đơn vị: {2}.",
        "a post is open although unit '{0}' has ended: {1}. If it ended with the unit: {2}.",
    ),
    "ROS-W19": (
        "{0} chỗ có chức vụ không thể cùng đúng. Nếu mọi người trước đã thôi giữ chức: {1}.",
        "in {0} places posts cannot all be true. If all earlier holders have left: {1}.",
    ),
    "ROS-W20": ("không đọc trang đang ẩn: {0}.", "hidden sheets are not read: {0}."),
    "ROS-W20/rows": (
        "trang «{0}»: {1} hàng đang ẩn, vẫn được đọc ({2}).",
        "sheet '{0}': {1} hidden rows, read all the same ({2}).",
    ),
    "ROS-W20/formulas": (
        "trang «{0}»: {1} ô công thức; đã lấy giá trị lưu trong tệp, không tính lại.",
        "sheet '{0}': {1} cells with formulas; the values stored in the file were taken, nothing was computed.",
    ),
    "ROS-W20/merged": (
        "trang «{0}»: {1} ô trống thuộc ô gộp, nhận giá trị của ô gộp.",
        "sheet '{0}': {1} empty cells of merged blocks have the value of their block.",
    ),
    "ROS-W20/zeros": (
        "tệp .{0} không cho biết cách hiện số: số 0 ở đầu mã có thể đã mất.",
        "a .{0} file does not tell how numbers are shown: zeros at the beginning of ids may be lost.",
    ),
    "ROS-W20/encoding": ("{0}: chữ được đọc theo bảng mã {1}.", "{0}: the letters were read as {1}."),
    "ROS-W20/letters": (
        "trang «{0}»: {1} ô viết bằng bảng mã cũ {2} đã chuyển sang Unicode, ví dụ «{3}» → «{4}».",
        "sheet '{0}': {1} cells in the old code page {2} were brought to Unicode, such as '{3}' → '{4}'.",
    ),
    "ROS-W20/sheet": ("trang «{0}» không có danh sách, không đọc.", "sheet '{0}' holds no list and is not read."),
    "ROS-W20/passed": (
        "trang «{0}»: {1} hàng là tiêu đề, tổng cộng hoặc ghi chú, không phải dữ liệu (hàng {2}).",
        "sheet '{0}': {1} rows are headings, totals or notes, no data (rows {2}).",
    ),
    "ROS-W20/secret": (
        "trang «{0}»: không đọc và không giữ cột {1}.",
        "sheet '{0}': neither read nor kept: column {1}.",
    ),
    "ATT-W01": (
        "{0}: {1} người trong mẫu số đang chờ chấm tay, chưa tính vào tử số ({2}).",
        "{0}: {1} people in the denominator are awaiting marking and not yet in the numerator ({2}).",
    ),
    "ATT-W02": (
        "{0}: {1} người trong mẫu số chưa có lượt làm bài nào ({2}).",
        "{0}: {1} people in the denominator have no attempt at all ({2}).",
    ),
    "ATT-W03": ("đã bỏ khoảng trắng thừa ở cột {0}.", "spaces around the value removed in column {0}."),
})  # fmt: skip


class RowFinding(NamedTuple):
    """One thing found in one row; a value, never an exception.

    Attributes:
        file: name of the file, without its folder.
        line: physical line where the row starts; the header is line 1; 0 when the whole file is meant.
        kind: a key of ``SENTENCES``.
        said: what the sentence names, in the order of its places.
    """

    file: str
    line: int
    kind: str
    said: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Return the stable code, such as ``ROS-05``."""
        return self.kind.partition("/")[0]

    def message(self, lang: str = "vi") -> str:
        """Return the sentence in ``lang`` (``"vi"`` or ``"en"``); long or unprintable values are shortened."""
        return SENTENCES[self.kind][lang == "en"].format(*map(_shown, self.said))

    def to_json(self, lang: str = "vi") -> dict[str, str | int]:
        """Return the object of ``rejected_rows`` and ``warnings`` in docs/design.md §5.12."""
        return {"file": self.file, "line": self.line, "code": self.code, "message": self.message(lang)}


def _shown(value: str) -> str:
    """Return a value fit for a sentence: no control characters, and of a very long one only the beginning."""
    short = value if len(value) <= _LONGEST_WHOLE else value[:_LONGEST_PIECE] + "…"
    return short if short.isprintable() else "".join(c if c.isprintable() else "·" for c in short)


def some(ids: list[str]) -> str:
    """Return the first ids of a list as one text, and how many more there are."""
    return ", ".join(ids[:_IDS_SHOWN]) + (f" … +{len(ids) - _IDS_SHOWN}" if len(ids) > _IDS_SHOWN else "")
