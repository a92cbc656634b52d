"""Approving field pictures: what settles each of the eight points, what covering alone leaves, and the page."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from course.labs import duyet_anh as lab
from course.vietnamese import count_syllables

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
        assert set(point.says) == set(get_args(lab.Choice))
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


def widgets_of(root: Any, kind: str) -> list[Any]:
    found = [root] if type(root).__name__ == kind else []
    return found + [w for child in getattr(root, "children", ()) for w in widgets_of(child, kind)]


def test_view_draws_judges_and_resets() -> None:
    view = lab.view()
    picks = widgets_of(view, "Dropdown")
    look, cover, again = widgets_of(view, "Button")
    pages = widgets_of(view, "HTML")
    picture, result = pages[1], pages[-1]
    assert len(picks) == 8
    untouched = picture.value
    for pick, choice in zip(picks, lab.EXAMPLES["Xử lý từng điểm"].values(), strict=True):
        pick.value = choice
    assert picture.value == lab.scene(lab.EXAMPLES["Xử lý từng điểm"])
    look.click()
    assert "Ổn: 8/8" in result.value
    assert lab.TEACHES in result.value
    picks[1].value = "bo"
    assert result.value == ""
    cover.click()
    assert all(pick.value == "che" for pick in picks)
    assert "sợi dây an toàn chưa móc" in result.value
    again.click()
    assert all(pick.value == "" for pick in picks)
    assert result.value == ""
    assert picture.value == untouched


def test_every_control_has_a_label() -> None:
    shown = " ".join(h.value for h in widgets_of(lab.view(), "HTML"))
    assert all(f"<b>{number}. {name}</b>" in shown for number, name in enumerate(NAMES, start=1))
