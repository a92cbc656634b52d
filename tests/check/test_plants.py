"""Content that is wrong in ways that a linter can see: what was planted is found, and good text is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from course import vietnamese
from grader.check import glossary, grounding, spelling
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


@pytest.mark.parametrize("word", MISSPELT)
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
