"""Approving field pictures: what settles each of the eight points, what covering alone leaves, and the page."""

from __future__ import annotations

from typing import get_args

import pytest

from course.labs import duyet_anh as lab
from course.vietnamese import count_syllables
from tests.support.lab_hands import Hands

NAMES = ("Dây an toàn", "Thẻ tên", "Màn hình điều độ", "Trẻ em", "Định vị", "Nhạc", "Ảnh AI", "Người chưa đồng ý")


def test_the_eight_points_of_the_syllabus() -> None:
    assert tuple(point.name for point in lab.POINTS) == NAMES


@pytest.mark.parametrize(
    ("number", "verdicts"),
    [
        (1, ("bỏ lọt", "bỏ lọt", "bỏ lọt", "ổn")),
        (2, ("bỏ lọt", "ổn", "ổn", "chặn nhầm")),
        (3, ("bỏ lọt", "ổn", "bỏ lọt", "chặn nhầm")),
        (4, ("bỏ lọt", "ổn", "ổn", "chặn nhầm")),
        (5, ("bỏ lọt", "bỏ lọt", "bỏ lọt", "ổn")),
        (6, ("bỏ lọt", "bỏ lọt", "ổn", "ổn")),
        (7, ("bỏ lọt", "bỏ lọt", "bỏ lọt", "ổn")),
        (8, ("bỏ lọt", "ổn", "ổn", "chặn nhầm")),
    ],
)
def test_verdict_of_leaving_covering_asking_and_dropping(number: int, verdicts: tuple[str, ...]) -> None:
    assert tuple(lab.verdict(number, choice) for choice in ("giu", "che", "hoi", "bo")) == verdicts


def test_nothing_chosen_lets_all_eight_through() -> None:
    assert lab.review({}) == {"ổn": [], "bỏ lọt": [1, 2, 3, 4, 5, 6, 7, 8], "chặn nhầm": []}


def test_covering_everything_still_advertises_the_breach() -> None:
    found = lab.review(dict.fromkeys(range(1, 9), "che"))
    assert found == {"ổn": [2, 3, 4, 8], "bỏ lọt": [1, 5, 6, 7], "chặn nhầm": []}
    assert lab.summary(lab.EXAMPLES["Che tất cả"]) == (
        "Ổn: 4/8. Bỏ lọt: 4. Chặn nhầm: 0.",
        "Còn bỏ lọt: Dây an toàn, Định vị, Nhạc, Ảnh AI.",
        "Ảnh chính vẫn lên trang với sợi dây an toàn chưa móc.",
    )


def test_dropping_everything_blocks_too_much() -> None:
    found = lab.review(dict.fromkeys(range(1, 9), "bo"))
    assert found == {"ổn": [1, 5, 6, 7], "bỏ lọt": [], "chặn nhầm": [2, 3, 4, 8]}


def test_each_point_handled_in_its_own_way_settles_all() -> None:
    counts, closing = lab.summary(lab.EXAMPLES["Xử lý từng điểm"])
    assert counts == "Ổn: 8/8. Bỏ lọt: 0. Chặn nhầm: 0."
    assert closing.startswith("Ảnh chính đã được bỏ.")


def test_every_choice_of_every_point_says_why() -> None:
    for point in lab.POINTS:
        assert set(point.says) == set(get_args(lab.Handling))
        assert all(count_syllables(why) >= 8 for why in point.says.values())


def test_scene_shows_the_numbers_and_has_a_text_alternative() -> None:
    svg = lab.scene({2: "che"})
    assert 'role="img"' in svg
    assert all(point.seen in svg for point in lab.POINTS)
    assert "đọc được họ tên và mã số (che)" in svg
    assert all(f">{number}</text>" in svg for number in range(1, 9))


def test_scene_changes_with_the_choice() -> None:
    assert len({lab.scene({8: choice}) for choice in ("che", "hoi", "bo")}) == 3
    assert "đã hỏi" in lab.scene({8: "hoi"})


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert "| Điểm | Trong ảnh | Để nguyên | Che | Xin phép | Bỏ |" in text
    assert all(f"{number}. {name} |" in text for number, name in enumerate(NAMES, start=1))
    assert "**Che tất cả.** Ổn: 4/8." in text
    assert "**Xử lý từng điểm.** Ổn: 8/8." in text
    assert "mô phỏng" in text
    assert lab.TEACHES in text


def test_it_draws_judges_and_resets() -> None:
    hands = Hands("duyet-anh")
    fresh, own = hands.now, lab.EXAMPLES["Xử lý từng điểm"]
    for number, choice in own.items():
        hands.use(f"choices.{number - 1}", choice)
    assert hands.html("scene") == lab.scene(own)
    hands.press("Xem kết quả")
    assert "Ổn: 8/8" in hands.html("said")
    assert lab.TEACHES in hands.html("result")
    hands.use("choices.1", "bo")
    assert hands.html("said") == hands.html("result") == ""
    hands.press("Che tất cả rồi xem")
    assert all(hands.value(f"choices.{place}") == "che" for place in range(8))
    assert "sợi dây an toàn chưa móc" in hands.html("said")
    assert hands.press("Thử lại").now == fresh


def test_every_control_has_a_label() -> None:
    shown = Hands("duyet-anh").shown
    assert all(f"<b>{number}. {name}</b>" in shown for number, name in enumerate(NAMES, start=1))
