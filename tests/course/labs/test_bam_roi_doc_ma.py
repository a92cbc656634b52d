"""Lab M10: the lines shown give the numbers shown, for every choice; the text fallback; a view that reacts."""

from __future__ import annotations

import csv
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest

from course.labs import bam_roi_doc_ma as lab
from course.labs.models import recipe as model
from tests.support.lab_hands import Hands


def executed(recipe: lab.Recipe) -> Any:
    """Execute the lines as a learner would and return ``ket_qua``."""
    import pandas as pd

    names: dict[str, Any] = {"pd": pd, "DATA": model.DATA_FILE}
    exec("\n".join(model.code(recipe)), names)  # our own lines
    return names["ket_qua"]


ALL = model.RECIPES


def test_the_lines_shown_give_the_numbers_shown() -> None:
    for recipe in ALL:
        expected, found = executed(recipe), model.run(recipe)
        if isinstance(found, int):
            assert found == int(expected), recipe
        else:
            assert list(found.values()) == pytest.approx(list(expected), rel=1e-12), recipe


def records() -> list[dict[str, str]]:
    with model.DATA_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_counts_against_plain_python() -> None:
    rows = records()
    once = [dict(t) for t in dict.fromkeys(tuple(r.items()) for r in rows)]
    passed = [r for r in once if r["ket_qua"] == "đạt" and "" < r["ngay"] <= "2026-09-30"]
    assert model.run(lab.Recipe()) == len(rows)
    assert model.run(lab.Recipe(count="repeats")) == len(rows) - len(once) > 0
    assert model.run(lab.Recipe(count="no_date")) == sum(not r["ngay"] for r in rows) > 0
    assert model.run(lab.EXAMPLES[1]) == len({r["person_id"] for r in passed} - {""})


def test_rate_has_the_roster_below_the_line() -> None:
    recipe = lab.Recipe(without_repeats=True, as_of="2026-09-30", only_passed=True, module="M01", count="rate")
    people = model.run(
        lab.Recipe(without_repeats=True, as_of="2026-09-30", only_passed=True, module="M01", count="by_corporation")
    )
    rates = model.run(recipe)
    assert isinstance(people, dict)
    assert isinstance(rates, dict)
    assert rates == {name: pytest.approx(100 * number / model.LEADERS[name]) for name, number in people.items()}
    assert list(rates) == list(model.LEADERS)


def test_a_corporation_without_rows_shows_zero() -> None:
    early = model.run(lab.Recipe(as_of="2026-03-31", only_passed=True, module="M02", count="by_corporation"))
    assert isinstance(early, dict)
    assert list(early) == list(model.LEADERS)
    assert 0.0 in early.values()


def test_the_file_is_plainly_simulated() -> None:
    rows = records()
    assert list(rows[0]) == ["person_id", "tong_cong_ty", "ngay", "hoc_phan", "ket_qua", "nen_tang"]
    assert {r["tong_cong_ty"] for r in rows} == set(model.LEADERS)
    assert {r["ket_qua"] for r in rows} == {"đạt", "chưa đạt", ""}
    assert {r["nen_tang"] for r in rows} == {"số", "giấy", ""}


@pytest.mark.parametrize(
    ("number", "text"), [(70, "70"), (56.25, "56,2"), (Fraction(200, 3), "66,6"), (0, "0"), (Fraction("69.98"), "69,9")]
)
def test_numbers_are_cut_down_to_one_decimal(number: Fraction | float, text: str) -> None:
    assert lab.shown(Fraction(number)) == text


def test_a_new_date_changes_one_line() -> None:
    before, now = (model.code(recipe) for recipe in lab.EXAMPLES)
    assert lab.changed(before, now) == 1
    assert lab.changed(before, before) == 0


def test_text_holds_the_task_and_two_worked_runs() -> None:
    text = lab.text()
    assert all(lab.result_text(recipe) in text for recipe in lab.EXAMPLES)
    assert 'loc = loc[loc["ngay"] <= "2026-06-30"]' in text
    assert "mô phỏng" in text
    assert lab.TEACHES in text


def test_it_reacts_and_starts_again() -> None:
    hands = Hands("bam-roi-doc-ma")
    fresh = hands.now
    hands.press("Chạy")
    assert lab.result_text(lab.Recipe()) in hands.html("said")
    assert "lần chạy trước" not in hands.shown
    hands.sets(as_of="2026-09-30", count="rate").press("Chạy")
    assert "(dòng vừa đổi)" in hands.html("lines")
    assert "&lt;= &quot;2026-09-30&quot;" in hands.html("lines")
    assert "<svg" in hands.html("drawn")
    hands.sets(without_repeats=True, only_passed=True, module="M01")
    assert hands.press("Thử lại").now == fresh


def test_import_is_light() -> None:
    script = "import sys, course.labs.bam_roi_doc_ma; print({'pandas', 'numpy', 'ipywidgets'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
