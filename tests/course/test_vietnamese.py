"""Numbers, times, short texts and the rules of ``post`` items, as Vietnamese people write them."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import rules, vietnamese


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.200", "1200"),
        ("1.200,5", "1200.5"),
        ("0.125", "0.125"),
        ("1,200", "1.200"),
        ("91,25", "91.25"),
        ("91.25", "91.25"),
        ("91,25 %", "91.25"),
        ("91,25%", "91.25"),
        (" 1 200 ", "1200"),
        ("1\u00a0200", "1200"),
        ("12.345.678", "12345678"),
        ("-5", "-5"),
        ("−5,5", "-5.5"),
        ("1.20", "1.20"),
        ("007", "7"),
        ("\u200b91,25\u2060 %\ufeff", "91.25"),  # what a copied number brings along unseen
        ("\u200e1\u200b200", "1200"),
    ],
)
def test_numbers_that_can_be_read(typed: str, value: str) -> None:
    assert vietnamese.read_number(typed, "%") == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "1,200.5",
        "1e3",
        "½",
        "9 người",
        "",
        "%",
        "1.2.3",
        "--5",
        "1 2",
        "٣",
        "1" * 41,
        "nan",
        "Infinity",
        "0x10",
        "1.2000.000",
    ],
)
def test_numbers_that_cannot_be_read(typed: str) -> None:
    assert vietnamese.read_number(typed, "%") is None


@given(st.text(max_size=60), st.sampled_from(["", "%", "người"]))
def test_reading_a_number_never_fails(text: str, unit: str) -> None:
    value = vietnamese.read_number(text, unit)
    assert value is None or value.is_finite()


@given(st.decimals(min_value=-10_000_000, max_value=10_000_000, places=3))
def test_what_is_shown_reads_back(number: Decimal) -> None:
    assert vietnamese.read_number(vietnamese.show_number(number)) == number


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("lúc 17:35", [17 * 60 + 35]),
        ("17h35", [17 * 60 + 35]),
        ("17g35", [17 * 60 + 35]),
        ("17 giờ 35", [17 * 60 + 35]),
        ("17 giờ 35 phút", [17 * 60 + 35]),
        ("5 giờ 35 chiều", [17 * 60 + 35]),
        ("18 giờ kém 25", [17 * 60 + 35]),
        ("17 giờ rưỡi", [17 * 60 + 30]),
        ("7 giờ tối", [19 * 60]),
        ("Mẫu 05: 16 giờ 40", [16 * 60 + 40]),
        ("19 giờ", [19 * 60]),
        ("17giờ35", [17 * 60 + 35]),
        ("17 giờ35 phút", [17 * 60 + 35]),
        ("17h5", [17 * 60 + 5]),
        ("17h35p", [17 * 60 + 35]),
        ("5h35 phút chiều", [17 * 60 + 35]),
        ("5:35 buổi chiều", [17 * 60 + 35]),
        ("6 giờ kém 25 phút chiều", [17 * 60 + 35]),
        ("7 rưỡi tối", [19 * 60 + 30]),
        ("cao gấp 7 rưỡi", []),
        ("10 giờ đêm", [22 * 60]),
        ("2 giờ đêm", [2 * 60]),
        ("12 giờ 15 đêm", [15]),
        ("1 giờ trưa", [13 * 60]),
        ("11 giờ 30 trưa", [11 * 60 + 30]),
        ("17 giờ 350", [17 * 60]),
        ("ngày 17/5, số 17.350 đồng", []),
        ("17:99", []),
    ],
)
def test_times_however_written(text: str, minutes: list[int]) -> None:
    assert vietnamese.read_times(text) == minutes


def test_short_texts_are_compared_without_case_spaces_form_and_tone_mark_style() -> None:
    decomposed = unicodedata.normalize("NFD", "  “Ủy   ban HOÀ Thuỷ” ")
    assert vietnamese.fold(decomposed) == vietnamese.fold("uỷ ban hòa thủy.") == "ủy ban hòa thủy"
    assert vietnamese.fold("Đường cơ sở", diacritics=True) == "duong co so"
    assert vietnamese.fold("quý") == "quý"
    assert vietnamese.fold("hoàn toàn") == "hoàn toàn"
    assert vietnamese.fold("• đường cơ sở 👍") == vietnamese.fold("+ ĐƯỜNG\u200b cơ sở\ufeff/") == "đường cơ sở"
    assert vietnamese.fold("\u00adbước 3") == "bước 3"


def test_syllables_are_tieng() -> None:
    assert vietnamese.count_syllables("Lúc 17:35, có 1.900 lượt thích – cao nhất năm!") == 9
    assert vietnamese.count_syllables("anh/chị ___ đổi/trả") == 4
    assert vietnamese.count_syllables(unicodedata.normalize("NFD", "Công đoàn Điện lực")) == 4


@pytest.mark.parametrize(
    ("asked", "text", "met"),
    [
        ({"any": ["hỏi"]}, "Xin HỎI tổ trưởng", True),
        ({"any": ["hỏi"]}, "học hỏii", False),
        ({"none": ["kẻ xấu"]}, "do kẻ  xấu bịa", False),
        ({"length": [2, 3]}, "một hai ba", True),
        ({"length": [2, 3]}, "một hai ba bốn", False),
        ({"time_in": ["17:35"]}, "lúc 17h35", True),
        ({"time_after": "17:40"}, "lúc 17 giờ 40", False),
        ({"time_after": "17:40"}, "lúc 19 giờ", True),
        (
            {"sentence": {"any": ["không có ai"], "all": ["điện giật"], "none": ["không rõ"]}},
            "Không có ai bị điện giật.",
            True,
        ),
        (
            {"sentence": {"any": ["không có ai"], "all": ["điện giật"], "none": ["không rõ"]}},
            "Không rõ, không có ai bị điện giật.",
            False,
        ),
        ({"sentence": {"any": ["không có ai"], "all": ["điện giật"]}}, "Không có ai nói. Có tin điện giật.", False),
        ({"sentence": {"all": [["hẹn", "cập nhật"], "lúc"], "time_after": "17:40"}}, "Sẽ cập nhật lúc 19 giờ.", True),
        ({"after": {"cue": ["hỏi", "gọi"], "any": ["tổ trưởng"]}}, "Xin gọi cho tổ trưởng.", True),
        ({"after": {"cue": ["hỏi", "gọi"], "any": ["tổ trưởng"]}}, "Tổ trưởng sẽ gọi.", False),
        ({"person_name": "true"}, "Anh Mẫu Hùng bị trượt chân", True),
        ({"person_name": "true"}, "anh em trên tuyến, anh A và công nhân Mẫu 11", False),
        ({"person_name": "true"}, "anh NGUYỄN VĂN MẪU bị trượt chân", True),
        ({"person_name": "true"}, "CÔNG NHÂN LÊ MẪU BỊ TRƯỢT CHÂN", True),
        ({"person_name": "true"}, "một công nhân TRƯỢT CHÂN, công nhân EVN, công nhân LÊ bước", False),
        ({"person_name": "true"}, "gọi bác Tâm", True),
        ({"person_name": "true"}, "Anh Hùng 17 giờ 35 báo về", True),
        ({"person_name": "true"}, "Anh Hùng 7h15 có mặt", True),
        ({"person_name": "true"}, "chị Lan 45 tuổi", True),
        ({"person_name": "true"}, "công nhân Mẫu 11 hôm nay, thợ Mẫu 05 gồm hai tổ", False),
        ({"person_name": "true"}, "nhờ thợ Hùng\n3 cột đã dựng xong", True),
        ({"person_name": "true"}, "anh công nhân Nguyễn Văn Mẫu đã được sơ cứu", True),
        ({"person_name": "true"}, "Mời  anh  em  Zalo, chị em Facebook", False),
        ({"phone": "true"}, "gọi 0912 345 678", True),
        ({"phone": "true"}, "gọi 0912\u00a0345\u00a0678", True),
        ({"phone": "true"}, "gọi 0912–345–678", True),
        ({"id_number": "true"}, "căn cước 012\u00a0345\u00a0678\u00a0901", True),
        ({"id_number": "true"}, "chứng minh 123-456-789", True),
        (
            {"id_number": "true"},
            "quỹ còn 150.000.000 đồng, thêm 100 000 000đ, 100.000.000.000 đồng và 200.000.000 VND",
            False,
        ),
        ({"id_number": "true"}, "123.456.789 đã được ghi", True),
        ({"any": ["an toàn"]}, "giữ _an toàn_ nhé", True),
        ({"after": {"cue": ["hỏi"], "any": ["i"]}}, "xin hỏi tổ trưởng", False),
        ({"sentence": {"any": ["không ai"], "all": ["điện giật"]}}, "“Không ai gọi.” Có tin điện giật.", False),
        ({"phone": "true"}, "có 1.900 lượt, lúc 17 giờ 35", False),
        ({"id_number": "true"}, "căn cước 012345678901", True),
        ({"id_number": "true"}, "gọi 0912345678", False),
        ({"any": ["a"], "none": ["b"]}, "a b", False),
    ],
)
def test_rules_of_posts(asked: dict[str, object], text: str, met: bool) -> None:
    assert rules.meets(text, asked) is met


@given(st.text(max_size=400))
def test_no_rule_fails_on_any_text(text: str) -> None:
    arguments = {
        "length": [1, 2],
        "any": ["a"],
        "none": ["a"],
        "time_in": ["17:35"],
        "time_after": "17:35",
        "sentence": {"any": ["a"], "all": [["b", "c"]], "none": ["d"], "time_after": "1:00"},
        "after": {"cue": ["a"], "any": ["b"]},
        "person_name": "true",
        "phone": "true",
        "id_number": "true",
    }
    assert set(arguments) == set(rules.RULES)
    for name, argument in arguments.items():
        assert rules.RULES[name](text, argument) in {True, False}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/10/2026", date(2026, 10, 31)),
        (" 1/9/2026 ", date(2026, 9, 1)),
        ("31-10-2026", date(2026, 10, 31)),
        ("31.10.2026", date(2026, 10, 31)),
        ("2026-10-31", date(2026, 10, 31)),
        ("10/31/2026", None),
        ("31/09/2026", None),
        ("31/10/26", date(26, 10, 31)),  # refused as before the programme
        ("", None),
        ("hôm nay", None),
        ("1/1/0", None),
    ],
)
def test_days_are_read_day_first(text: str, day: date | None) -> None:
    assert vietnamese.read_day(text) == day
