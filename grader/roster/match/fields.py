"""What a column can hold, and under which headers people put it; headers are compared folded and without marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz import fuzz, process

from course.vietnamese import visible, without_diacritics
from course.words import _

IGNORED = "ignore"
"""A column that is not read: numbers of rows, notes, telephones."""
SECRET = "secret"  # noqa: S105  # the name of a sort of column
"""A column that is neither read nor shown: passwords, numbers of identity cards, accounts at a bank."""
INTERCHANGE = (
    "unit_id", "name", "kind", "parent_id", "start", "end", "successor_id", "person_id", "full_name", "email",
    "is_test", "same_as", "post", "decision_no", "course", "day", "organiser", "evidence",
)  # fmt: skip
"""Columns of the interchange form: such headers mean what they say, and are asked about by nobody."""
_SURE = 90  # of 100, by which a header with a slip is taken for a known one
_WORDS = re.compile(r"[a-z0-9]+")

WORDS: Mapping[str, str] = MappingProxyType({
    "unit_id": _("mã đơn vị"),
    "name": _("tên đơn vị"),
    "kind": _("loại đơn vị"),
    "parent_id": _("đơn vị cấp trên"),
    "successor_id": _("đơn vị kế tiếp"),
    "person_id": _("mã cán bộ"),
    "full_name": _("họ và tên"),
    "family": _("họ và tên đệm"),
    "given": _("tên"),
    "email": _("email"),
    "is_test": _("tài khoản thử"),
    "same_as": _("gộp vào mã"),
    "post": _("chức vụ"),
    "start": _("từ ngày"),
    "end": _("đến ngày"),
    "decision_no": _("số quyết định"),
    "unit": _("đơn vị (tên hoặc mã)"),
    "birth": _("ngày sinh"),
    "course": _("khóa học, hội nghị ở ngoài"),
    "day": _("ngày học"),
    "organiser": _("nơi tổ chức"),
    "evidence": _("minh chứng"),
    IGNORED: _("không đọc"),
    SECRET: _("không đọc, không hiện"),
})  # fmt: skip
"""Field -> how it is named to a person."""
_HEADERS: Mapping[str, str] = MappingProxyType({
    "unit_id": (
        "mã đơn vị|mã đv|mã đơn vị công đoàn|ma don vi cong doan|mã cđcs|mã công đoàn|unit id|unit code|code of unit"
    ),
    "name": "tên đơn vị|tên cđcs|tên công đoàn|tên công đoàn cơ sở|tên đơn vị công đoàn|unit name|tên tổ chức",
    "kind": "loại|loại đơn vị|loại hình|loại công đoàn|cấp công đoàn|kind|unit kind|type|unit type",
    "parent_id": "đơn vị cấp trên|cấp trên|cấp trên trực tiếp|công đoàn cấp trên|thuộc|trực thuộc|đơn vị chủ quản|"
    "mã đơn vị cấp trên|mã cấp trên|tổng công ty|tct|công đoàn tổng công ty|cđ tct|parent|parent id|parent "
    "unit|thuộc đơn vị",
    "successor_id": "đơn vị kế tiếp|đơn vị tiếp nhận|sáp nhập vào|kế tiếp|successor|successor id|mã đơn vị kế tiếp",
    "person_id": "mã cb|mã cán bộ|mã số cán bộ|mã nv|mã nhân viên|mã số nhân viên|mã số|mã người|mã|msnv|id|person id|"
    "mã đoàn viên|mã số đoàn viên|mã thẻ đoàn viên|staff id|employee id|mã cbcnv|mã cnv|person code",
    "full_name": "họ và tên|họ tên|họ & tên|họ và tên cán bộ|họ tên cán bộ|tên cán bộ|full name|fullname|name of cadre|"
    "họ và tên cán bộ công đoàn|họ tên đầy đủ|cán bộ|tên đầy đủ|họ, tên|họ và tên đồng chí|person name|cadre",
    "family": "đệm|chữ đệm|tên lót|tên đệm|chữ lót|middle name|họ đệm|họ và đệm|họ|họ và tên đệm|họ lót|"
    "họ và chữ lót|họ chữ đệm|last name|surname|family name|họ và tên lót",
    "given": "tên|tên gọi|first name|given name",
    "birth": "ngày sinh|ngày tháng năm sinh|năm sinh|ngày, tháng, năm sinh|sinh ngày|ns|birth date|date of birth|"
    "birthday|ngày sinh nam|ngày sinh nữ|năm sinh nam|năm sinh nữ|dob|birth|ngày tháng năm sinh nam|"
    "ngày tháng năm sinh nữ",
    "email": "email|e mail|thư điện tử|địa chỉ email|hộp thư|mail|email address|địa chỉ thư điện tử|email công vụ",
    "is_test": "tài khoản thử|thử|is test|test|tài khoản thử nghiệm|test account|tk thử",
    "same_as": "gộp vào|gộp vào mã|trùng với|trùng mã|same as|merged into|mã được giữ lại",
    "post": "chức vụ|chức danh|chức vụ cđ|chức vụ công đoàn|chức danh công đoàn|chức vụ trong công đoàn|post|position|"
    "chức vụ đoàn thể|chức vụ công đoàn hiện nay|chức vụ đảm nhiệm|nhiệm vụ|title|union post|role",
    "start": "từ ngày|ngày bắt đầu|bắt đầu|ngày giữ chức|ngày bổ nhiệm|ngày bầu|từ|start|start date|from|"
    "ngày nhận nhiệm vụ|"
    "ngày nhận chức|ngày vào chức|thời gian bắt đầu|ngày công nhận|ngày có hiệu lực|giữ chức từ|since",
    "end": "đến ngày|ngày kết thúc|kết thúc|ngày thôi giữ chức|đến|thôi giữ chức|end|end date|to|until|ngày thôi|"
    "thời gian kết thúc|ngày hết hiệu lực|ngày thôi chức|giữ chức đến",
    "decision_no": "số qđ|số quyết định|quyết định|quyết định số|decision no|decision|số quyết định công nhận|qđ số|"
    "quyết định công nhận|decision number",
    "unit": "đơn vị|tên đơn vị công tác|đơn vị công tác|cđcs|công đoàn cơ sở|công đoàn|đơn vị công đoàn|nơi công tác|"
    "unit|đv|tên đv|cđ cơ sở|phòng ban|cơ quan|cơ quan đơn vị|đơn vị, bộ phận|workplace|thuộc cđcs|cđcs cđbp|"
    "đơn vị sinh hoạt|nơi sinh hoạt công đoàn|công ty",
    "course": "khóa học|tên khóa|tên khóa học|khóa bồi dưỡng|tên khóa bồi dưỡng|lớp bồi dưỡng|tên lớp bồi dưỡng|"
    "tên lớp|lớp tập huấn|tên lớp tập huấn|khóa tập huấn|hội nghị|tên hội nghị|nội dung bồi dưỡng|nội dung tập huấn|"
    "khóa học ngoài|khóa ngoài|khóa đã học|lớp đã học|course|training|course outside|khóa đào tạo|"
    "chương trình bồi dưỡng",
    "day": "ngày học|ngày bồi dưỡng|ngày tập huấn|ngày dự|ngày tham dự|ngày tổ chức|thời gian học|thời gian tổ chức|"
    "thời gian bồi dưỡng|thời gian tập huấn|ngày hoàn thành|ngày hội nghị|day|date|ngày",
    "organiser": "nơi tổ chức|đơn vị tổ chức|cơ quan tổ chức|địa điểm|nơi học|địa điểm tổ chức|đơn vị mở lớp|place|"
    "organiser|organizer|venue|đơn vị đào tạo|cơ sở đào tạo|nơi bồi dưỡng",
    "evidence": "minh chứng|giấy chứng nhận|số giấy chứng nhận|chứng nhận|chứng chỉ|số chứng chỉ|giấy xác nhận|"
    "evidence|certificate|số chứng nhận|tài liệu minh chứng|căn cứ",
    IGNORED: "stt|số tt|tt|số thứ tự|no|thứ tự|ghi chú|note|notes|remark|remarks|điện thoại|số điện thoại|sđt|đt|"
    "di động|"
    "phone|mobile|tel|giới tính|nam|nữ|nam nữ|gender|sex|dân tộc|tôn giáo|trình độ|trình độ chuyên môn|chuyên môn|"
    "đảng viên|ngày vào đảng|lý luận chính trị|chức vụ chuyên môn|chức vụ chính quyền|chức danh chuyên môn|quê quán|"
    "địa chỉ|nhiệm kỳ|ca kíp|thiết bị|chuyên trách|số đoàn viên|số lượng đoàn viên|tổng số đoàn viên|"
    "điện thoại liên hệ|số đt|zalo|hình thức|kiêm nhiệm|trình độ học vấn|trình độ lý luận chính trị|nghề nghiệp|"
    "nơi sinh|bậc lương|thâm niên|ngày vào ngành|ký nhận|chữ ký|số người|nhận xét|kết quả|điểm",
    SECRET: "mật khẩu|password|pass|passwd|pin|cccd|cmnd|cmt|số cccd|số cmnd|căn cước|số căn cước|căn cước công dân|"
    "số cmnd cccd|chứng minh nhân dân|số định danh|mã định danh|mã số thuế|mst|số tài khoản|stk|tài khoản ngân hàng|"
    "số tài khoản ngân hàng|số bhxh|mã số bhxh|sổ bhxh|bảo hiểm xã hội|hộ chiếu|passport|số thẻ bhyt|id card|"
    "số cccd cmnd|số cmt|bank account|tax code|otp|mật khẩu đăng nhập|số cccd cmt|lương|mức lương|ngày cấp cccd",
})  # fmt: skip


GUIDE = "Hướng dẫn"
"""The template's sheet of explanations; no list."""
TEMPLATE: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType({
    "units": ("Đơn vị", {
        "unit_id": "Mã đơn vị", "name": "Tên đơn vị", "kind": "Loại đơn vị", "parent_id": "Đơn vị cấp trên",
        "start": "Từ ngày", "end": "Đến ngày", "successor_id": "Đơn vị kế tiếp",
    }),
    "people": ("Cán bộ", {
        "person_id": "Mã cán bộ", "full_name": "Họ và tên", "email": "Email", "is_test": "Tài khoản thử",
        "same_as": "Gộp vào mã",
    }),
    "posts": ("Chức vụ", {
        "person_id": "Mã cán bộ", "unit": "Đơn vị", "post": "Chức vụ", "start": "Từ ngày", "end": "Đến ngày",
        "decision_no": "Số quyết định",
    }),
})  # fmt: skip
"""The template: table -> (name of its sheet, field -> header); a sheet with these headers asks nobody about them."""


@lru_cache(maxsize=65_536)
def bare(text: str) -> str:
    """Return a text as headers, words and names of units are compared: small letters and digits, single spaces."""
    plain = text.lower() if text.isascii() else without_diacritics(visible(text).casefold())
    return " ".join(_WORDS.findall(plain))


def _keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for field, written in _HEADERS.items():
        for header in written.split("|"):
            keys.setdefault(bare(header), field)
    for column in INTERCHANGE:
        keys[bare(column)] = column
        keys[column] = column
    return keys


KEYS: Mapping[str, str] = MappingProxyType(_keys())
"""Folded header -> field."""
_HIDES = tuple(sorted({key for key, field in KEYS.items() if field == SECRET and len(key) > len("pin")}))


@lru_cache(maxsize=4_096)
def of_header(header: str) -> tuple[str, bool]:
    """Return (field, whether it is sure) of a header; an empty field for one that is not known."""
    key = bare(header)
    if not key:
        return "", False
    known = KEYS.get(key) or KEYS.get(" ".join(header.split()).lower())
    if known:
        return known, True
    if any(f" {secret} " in f" {key} " for secret in _HIDES):
        return SECRET, True
    without = bare(re.sub(r"\(.*?\)|\[.*?\]", " ", header))  # «Họ và tên (chữ in hoa)»
    if without != key and without in KEYS:
        return KEYS[without], True
    near = process.extractOne(key, KEYS.keys(), scorer=fuzz.ratio, score_cutoff=_SURE)
    if near and len(key) > len("don vi"):
        return KEYS[near[0]], False
    return "", False
