"""Content that is wrong in ways that a linter can see: what was planted is found, and good text is left alone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from course import vietnamese
from grader.check import glossary, grounding, spelling
from grader.check import inspect as check
from grader.ground import syllabus
from tests.support.people import ROOT

TODAY = date(2026, 11, 30)
MISSPELT = [
    "nghành",
    "kiễmt",
    "truyềnn",
    "ghóp",
    "ngề",
    "thôngg",
    "chứcc",
    "kỷluậtt",
    "đoànn",
    "cuộcc",
    "ciến",
    "gế",
    "quôn",
    "tậpb",
    "khẩnn",
]
RIGHT = (
    "giúp giấc giết giếng gì gìn giữ nghiêng ngành ghế kỷ ký quyền quýnh quốc quơ khuya khuỷu nguyện rượu "
    "oằn ướt yếu chuếnh choáng xoong hòa hoà thủy thuỷ tiệc tích ếch nước thuở huơ ngoéo ruột Đảng quần "
    "giặc "
)
LEGAL = [
    "Theo Luật Lao động, công ty phải trả lời trong ba ngày.",
    "Theo Bộ luật Lao động thì người lao động có quyền nghỉ.",
    "Luật Công đoàn quy định mỗi đơn vị có một tổ.",
    "Bộ luật Lao động cấm phạt tiền thay kỷ luật.",
    "Luật An ninh mạng buộc mọi trang gỡ bài trong một giờ.",
    "Pháp luật hiện hành cho phép quay phim nơi làm việc.",
    "Luật yêu cầu phải có chữ ký của cả hai người.",
    "Căn cứ Nghị định về dân chủ, phải niêm yết bảy ngày.",
    "Đăng như vậy là trái Luật Báo chí.",
    "Đúng quy định của Luật Tiếp cận thông tin, phải công khai.",
]
NOT_LEGAL = [
    "Chị Mẫu Hoa là luật sư.",
    "Kỷ luật cấm hút thuốc ở trạm là của đơn vị.",
    "Tìm hiểu pháp luật là việc nên làm.",
    "Luật lệ của trò chơi rất đơn giản.",
]
LEVELS = [
    "Công đoàn Việt Nam là hệ thống công đoàn bốn cấp.",
    "Tổ chức công đoàn gồm bốn cấp, có cấp huyện.",
    "Gửi báo cáo lên công đoàn cấp huyện.",
    "Liên đoàn Lao động huyện sẽ duyệt.",
    "Có bốn cấp công đoàn từ trên xuống.",
    "Gọi công đoàn huyện để hỏi.",
    "Liên đoàn Lao động quận cử người về.",
    "Công đoàn cấp quận chủ trì.",
    "Ở ta có 4 cấp công đoàn.",
    "Báo Liên đoàn Lao động thị xã.",
]
MISPLACED = [
    *("qúy", "ngừơi", "đựơc", "qủa", "gíao", "hòăn", "lùôn", "vìêc"),
    *("trứơc", "tùân", "mùôn", "nghiã", "gỉa", "tíên", "bĩên"),
]


@pytest.mark.parametrize("word", [*MISSPELT, *MISPLACED])
def test_a_word_that_cannot_be_a_syllable_is_named(word: str) -> None:
    assert list(spelling.misspelt(f"Anh chị làm {word} mỗi ngày.")) == [word]


def test_syllables_of_all_kinds_are_left_alone() -> None:
    assert list(spelling.misspelt(RIGHT)) == []


@pytest.mark.parametrize("text", LEGAL)
def test_a_law_without_its_number_is_a_statement_about_law(text: str) -> None:
    assert grounding.legal(text)


@pytest.mark.parametrize("text", NOT_LEGAL)
def test_what_only_sounds_like_law_is_none(text: str) -> None:
    assert not grounding.legal(text)


@pytest.mark.parametrize("text", LEVELS)
def test_levels_that_the_union_has_no_more_are_words_to_avoid(text: str) -> None:
    avoid = glossary.load(ROOT / "course" / "glossary.yaml").avoid
    assert [form for form in avoid if vietnamese.has_phrase(text, [form])]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"in_force_from": "2029-01-01"}, "chưa có hiệu lực"),
        ({"in_force_from": "2026-12-01"}, "chưa có hiệu lực"),
        ({"in_force_from": "2026-11-30", "in_force_until": ""}, ""),
        ({"in_force_from": "2020-01-01", "in_force_until": "2026-11-30"}, ""),
        ({"in_force_from": "2020-01-01", "in_force_until": "2026-11-29"}, "đã hết hiệu lực"),
    ],
)
def test_a_fact_holds_between_its_days(fact: Mapping[str, str], said: str) -> None:
    found = grounding.out_of_force(fact, TODAY)
    assert (said in found) if said else found == ""


# Planted one to a paragraph into a copy of the real course; each must be found where it stands, and nothing else.
PLANTS = {
    "E-Q08-6": [
        "Theo Luật Lao động, công ty phải trả lời trong ba ngày.",
        "Căn cứ Luật Viên chức, tổ trưởng được nghỉ thêm một ngày.",
        "Đăng ảnh như thế là vi phạm Luật Quảng cáo.",
        "Luật Báo chí cho phép mọi người ghi âm cuộc họp.",
        "Theo quy định của Bộ luật Dân sự, ảnh chụp là của người chụp.",
        "Nghị định 11/2027/NĐ-CP giao việc này cho tổ trưởng.",
        "Luật Công đoàn buộc đơn vị trả lời ngay trong ca.",
        "Cắt phụ cấp như vậy là trái Bộ luật Lao động.",
        "Dựa vào Thông tư về ca kíp, mỗi ca có hai tổ trưởng.",
        "Theo điều 12 của Luật Thi đua, giấy khen gửi trong một tuần.",
        "Bộ luật Hình sự quy định việc lan tin đồn bị giữ máy.",
    ],
    "E-Q12-1": [
        "Công đoàn có bốn cấp, gồm cả cấp huyện và cấp quận.",
        "Việc ấy phải qua LĐLĐ huyện trước.",
        "Công đoàn các huyện sẽ gửi người về.",
        "Hệ thống công đoàn của ta chia làm bốn cấp.",
        "Tổ gửi phiếu cho Liên đoàn Lao động cấp huyện.",
        "Chị Mẫu Hoa từng làm ở công đoàn cấp quận.",
        "LĐLĐ quận tổ chức lớp này mỗi quý.",
        "Theo sơ đồ, công đoàn gồm 4 cấp.",
        "Công đoàn thị xã giữ danh sách.",
        "Hỏi công đoàn huyện nơi trạm đóng.",
        "Giấy mời do LĐLĐ thị xã ký.",
    ],
    "E-Q12-7": [
        "Nguời đi ca đọc bảng tin.",
        "Tổ đã đựơc báo từ sáng.",
        "Số liệu qúy này chưa chốt.",
        "Cả nghành đang vào mùa bão.",
        "Truờng trạm gọi từng tổ.",
        "Chị viết phươmg án ra giấy.",
        "Đội sửa đừơng dây về muộn.",
        "Anh nhắn vào nhóm lùôn.",
        "Kíp đêm nghĩ giữ ca lúc hai giờ sángg.",
        "Tổ trưởng kíêm tra lại lần nữa.",
        "Bài này cần ngắn gọnn.",
    ],
    "E-Q12-5": [
        "Thoả ước dán ở bảng tin.",
        "Chị Mẫu Hoà trực đêm.",
        "Ban uỷ viên họp sáng.",
        "Tổ nhắc giữ sức khoẻ.",
        "Kíp xoá tin cũ.",
        "Nhà máy thuỷ điện gần suối.",
        "Phải tuỳ ca mà hẹn giờ.",
        "Loa đọc to và rõ, đừng loà xoà.",
        "Máy toả nhiệt ở góc phòng.",
        "Đèn nhoè trong mưa.",
        "Anh huỷ lịch đăng.",
    ],
    "E-Q08-9": [f"Điều này có trong {{law}}`chua-co-{n}`." for n in range(11)],
}
DAYS = ("2029-01-01", "2026-12-01", "2027-07-01", "2030-01-01", "2028-02-29")


def planted(lesson: Path, sentences: Sequence[str]) -> None:
    """Put each sentence as a paragraph of its own behind a paragraph of the lesson."""
    rows, inside, free = lesson.read_text(encoding="utf-8").split("\n"), False, []
    for n, row in enumerate(rows):
        inside = inside != row.startswith("```")
        if (
            not inside
            and not row
            and n
            and (rows[n - 1][:1].isalpha() or rows[n - 1].startswith("**"))
            and len(rows[n - 1]) > 40
        ):
            free.append(n)
    chosen = free[2 : 2 + len(sentences)]
    assert len(chosen) == len(sentences)
    for n, sentence in reversed(list(zip(chosen, sentences, strict=True))):
        rows[n:n] = ["", sentence]
    lesson.write_text("\n".join(rows), encoding="utf-8")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("khoa")
    shutil.copytree(ROOT / "course", root / "course", ignore=shutil.ignore_patterns("host", "widgets", "__pycache__"))
    shutil.copytree(ROOT / "exercises", root / "exercises")
    return root


def found(root: Path) -> list[tuple[str, str]]:
    """Return the code of each finding of M03, and the line where it is."""
    rules = syllabus.load(root / "course" / "course.yaml")
    listed = check.check(rules, root / "exercises", root / "course", ["M03"], TODAY)
    return [(f.code, Path(f.file).read_text(encoding="utf-8").split("\n")[f.line - 1]) for f in listed]


def test_the_module_as_it_is_has_no_findings(real: Path) -> None:
    assert found(real) == []


@pytest.mark.parametrize("code", PLANTS)
def test_eleven_plants_of_a_kind_are_found_where_they_stand(real: Path, code: str) -> None:
    lesson, facts = real / "course" / "lessons" / "M03.md", real / "course" / "law_facts.yaml"
    before = lesson.read_bytes(), facts.read_bytes()
    law = 'chua-co-{n}:\n  text: "Luật Mẫu số {n}/2026/QH15."\n  source: "trang mẫu"\n  in_force_from: {day}\n'
    law += '  superseded_by: ""\n  verified_on: 2026-11-30\n'
    try:
        facts.write_bytes(before[1] + "".join(law.format(n=n, day=DAYS[n % 5]) for n in range(11)).encode())
        planted(lesson, PLANTS[code])
        listed = found(real)
    finally:
        lesson.write_bytes(before[0])
        facts.write_bytes(before[1])
    assert {line for here, line in listed if here == code} == set(PLANTS[code])
    assert {here for here, _line in listed} - {code, "E-Q10-1"} == set()
