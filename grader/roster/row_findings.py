"""What can be said of one row of a roster or attempts file: the codes of docs/design.md §9.5 and their sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from course.words import Text, _, into

_LONGEST_WHOLE = 160
_LONGEST_PIECE = 40
_IDS_SHOWN = 10

# A kind is a code, or a code with a variant after "/". ROS-01…08, ROS-10 and ATT-01…03 reject the row;
# codes with a W accept it. ROS-01 (a whole column) and ROS-09 also stop the command, as errors.
SENTENCES: Mapping[str, Text] = MappingProxyType({
    "ROS-01": _("thiếu giá trị ở cột «{0}»; hãy điền rồi nạp lại."),
    "ROS-01/width": _("dòng có {0} trường, dòng đầu có {1} cột; hãy kiểm tra dấu phẩy và dấu ngoặc kép."),
    "ROS-02": _("cột «{0}»: «{1}» không phải là ngày; hãy viết năm-tháng-ngày, ví dụ 2026-10-31."),
    "ROS-03": _("ngày kết thúc {1} sớm hơn ngày bắt đầu {0}; hãy sửa một trong hai."),
    "ROS-04": _(
        "mã «{0}» đã có ở dòng {1}; mỗi mã chỉ một dòng. Hãy xóa dòng thừa, hoặc đặt mã khác nếu là hai "
        "người, hai đơn vị."
    ),
    "ROS-05": _("cột «{0}»: mã «{1}» không có dòng hợp lệ nào trong {2}; hãy sửa mã, hoặc thêm dòng ấy vào {2}."),
    "ROS-06": _("trùng thời gian với dòng {0} (cùng {1}); hãy sửa ngày bắt đầu hoặc kết thúc."),
    "ROS-06/stored": _(
        "trùng thời gian với dòng đã lưu từ {0} đến {1} (cùng {2}); hãy sửa ngày bắt đầu hoặc kết thúc."
    ),
    "ROS-07": _("cột «{0}» dẫn vòng về chính dòng này: {1}."),
    "ROS-08": _("cột «{0}»: «{1}» không có trong danh mục ({2})."),
    "ROS-10": _("cột «{0}»: ô chứa công thức, không được tính thay; hãy dán giá trị (Dán đặc biệt → Giá trị)."),
    "ROS-10/error": _("cột «{0}»: ô báo lỗi «{1}»; hãy nhập lại giá trị."),
    "ROS-10/control": _("cột «{0}»: có ký tự điều khiển, không phải chữ; hãy xóa ô rồi nhập lại."),
    "ROS-10/long": _("cột «{0}»: dài {1} ký tự, nhiều nhất {2}."),
    "ROS-11": _("«{0}»: anh/chị đã chọn bỏ qua; dòng này không được tính."),
    "ROS-12": _("cột «{0}»: chữ «{1}» đã hỏng, chữ có dấu không còn trong tệp; hãy lấy tệp gốc hoặc gõ lại."),
    "ROS-13": _("cột «{0}» ghi «{1}», không phải họ tên: dòng có vẻ bị lệch cột; hãy sửa trong tệp rồi nạp lại."),
    "ROS-14": _("mã «{0}» có ở {1} họ tên khác nhau ({2}): không biết là ai; hãy sửa mã trong tệp rồi nạp lại."),
    "ROS-15": _("cùng người «{0}», cùng khóa và ngày với dòng {1}; mỗi khóa của một người chỉ một dòng."),
    "ROS-16": _("«{0}» chưa có trong danh sách cán bộ; hãy nạp danh sách có chức vụ của người ấy trước, rồi nạp lại."),
    "ATT-01": _("cán bộ «{0}» không có trong danh sách cán bộ."),
    "ATT-02": _("học phần «{0}» không có trong course.yaml."),
    "ATT-03": _("cột «{0}»: giá trị «{1}» không hợp lệ."),
    "ATT-03/width": _("dòng có {0} trường, dòng đầu có {1} cột; hãy kiểm tra dấu phẩy và dấu ngoặc kép."),
    "ATT-03/twice": _("mã lượt làm bài «{0}» đã có ở một dòng trên."),
    "ROS-W01": _("bỏ qua các cột không dùng: {0}."),
    "ROS-W02": _("đã bỏ khoảng trắng thừa ở cột {0}."),
    "ROS-W03": _("đã chuyển chữ ở cột {0} về dạng chuẩn NFC."),
    "ROS-W04": _("cột «{0}»: đã đọc «{1}» là ngày {2}."),
    "ROS-W05": _("bắt đầu từ ngày {0}, còn ở tương lai."),
    "ROS-W06": _("quyền/phụ trách chủ tịch chưa có số quyết định (decision_no); vẫn được tính."),
    "ROS-W07": _(
        "đơn vị «{0}» không hoạt động vào ngày chốt và không có đơn vị kế tiếp: chức vụ này không tính ở đâu."
    ),
    "ROS-W08": _("đơn vị «{0}» đã kết thúc; chức vụ này được tính tại «{1}»."),
    "ROS-W09": _("{0} chức vụ đã quá {1} năm mà chưa ghi ngày kết thúc, vẫn tính là đương nhiệm (dòng {2})."),
    "ROS-W10": _("{0} họ tên có từ hai cán bộ trở lên; hệ thống phân biệt theo mã ({1})."),
    "ROS-W11": _("{0} tài khoản thử (is_test) không được tính ở đâu."),
    "ROS-W12": _("có {0} tổng công ty vào ngày chốt; thông thường là {1}."),
    "ROS-W13": _("{0}: {1} đơn vị khuyết chủ tịch, không có ai để tính ở chức vụ ấy ({2})."),
    "ROS-W14": _("đơn vị không có đơn vị cấp trên (parent_id)."),
    "ROS-W15": _("dòng ví dụ của bản mẫu, không nạp."),
    "ROS-W16": _("cột «{0}»: bắt đầu như một công thức; được giữ nguyên là chữ."),
    "ROS-W17": _("cột «is_test»: không hiểu «{0}»; tính là cán bộ thật. Hãy ghi Có hoặc Không."),
    "ROS-W18": _("đơn vị «{0}» có hai chủ tịch cùng lúc: {1}. Nếu người trước đã thôi giữ chức: {2}."),
    "ROS-W18/acting": _(
        "đơn vị «{0}» có chủ tịch và quyền (phụ trách) chủ tịch cùng lúc: {1}. Nếu người trước đã thôi giữ "
        "chức: {2}."
    ),
    "ROS-W18/units": _("một người là chủ tịch của hai đơn vị: {1}. Nếu đã thôi chức vụ trước: {2}."),
    "ROS-W18/ended": _(
        "chức vụ vẫn để ngỏ sau khi đơn vị «{0}» đã kết thúc: {1}. Nếu chức vụ kết thúc cùng đơn vị: {2}."
    ),
    "ROS-W19": _("{0} chỗ có chức vụ không thể cùng đúng. Nếu mọi người trước đã thôi giữ chức: {1}."),
    "ROS-W20": _("không đọc trang đang ẩn: {0}."),
    "ROS-W20/rows": _("trang «{0}»: {1} hàng đang ẩn, vẫn được đọc ({2})."),
    "ROS-W20/formulas": _("trang «{0}»: {1} ô công thức; đã lấy giá trị lưu trong tệp, không tính lại."),
    "ROS-W20/merged": _("trang «{0}»: {1} ô trống thuộc ô gộp, nhận giá trị của ô gộp."),
    "ROS-W20/zeros": _("tệp .{0} không cho biết cách hiện số: số 0 ở đầu mã có thể đã mất."),
    "ROS-W20/encoding": _("{0}: chữ được đọc theo bảng mã {1}."),
    "ROS-W20/letters": _("trang «{0}»: {1} ô viết bằng bảng mã cũ {2} đã chuyển sang Unicode, ví dụ «{3}» → «{4}»."),
    "ROS-W20/lists": _("trang «{0}» có {1} danh sách, mỗi danh sách có dòng tiêu đề riêng: đã đọc cả {1}."),
    "ROS-W20/sheet": _("trang «{0}» không có danh sách, không đọc."),
    "ROS-W20/passed": _("trang «{0}»: {1} hàng là tiêu đề, tổng cộng hoặc ghi chú, không phải dữ liệu (hàng {2})."),
    "ROS-W20/secret": _("trang «{0}»: không đọc và không giữ cột {1}."),
    "ATT-W01": _("{0}: {1} người trong mẫu số đang chờ chấm tay, chưa tính vào tử số ({2})."),
    "ATT-W02": _("{0}: {1} người trong mẫu số chưa có lượt làm bài nào ({2})."),
    "ATT-W03": _("đã bỏ khoảng trắng thừa ở cột {0}."),
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
        """Return the sentence in ``lang``; long or unprintable values are shortened."""
        return into(SENTENCES[self.kind], lang).format(*(_shown(into(value, lang)) for value in self.said))

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
