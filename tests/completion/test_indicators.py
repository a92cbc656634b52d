"""indicators.csv: every wrong row is listed with its line, nothing is summed twice, and nothing is guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from grader.completion import indicators
from grader.completion.indicators import COLUMNS, Headline, Indicators
from grader.ground.errors import ModuongError
from grader.roster import lineage
from tests.support.union_builder import Union

_DAY = date(2026, 10, 31)


def _read(tmp_path: Path, *rows: str) -> Indicators:
    union = Union(tmp_path)
    structure = lineage.on(union.roster().units, _DAY)
    path = tmp_path / "indicators.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return indicators.read(path, structure, _DAY, indicators.of(union.syllabus))


def _headline(found: Indicators, name: str) -> Headline:
    return next(line for line in found.headlines if line.indicator.id == name)


def test_without_the_file_the_three_targets_are_there_without_numbers(tmp_path: Path) -> None:
    union = Union(tmp_path)
    structure = lineage.on(union.roster().units, _DAY)
    found = indicators.read(tmp_path / "none.csv", structure, _DAY, indicators.of(union.syllabus))
    assert [(line.indicator.id, line.rate) for line in found.headlines] == [
        ("CT95", None),
        ("CT100A", None),
        ("CT50", None),
    ]
    assert found.to_json() == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026,U,CT95,,20,BC,A", "IND-01"),
        ("2026,U,CT95,19,20,,A", "IND-01"),
        ("2026,U,CT95,19,20,BC,", "IND-01"),
        ("2026,U,CT95,-1,20,BC,A", "IND-02"),
        ("2026,U,CT95,1.5,20,BC,A", "IND-02"),
        ("2026,U,CT95,²,20,BC,A", "IND-02"),
        ("2026,U,CT95," + "9" * 5000 + ",20,BC,A", "IND-02"),
        ("hai nghìn,U,CT95,19,20,BC,A", "IND-02"),
        ("2026,U,CT70,19,20,BC,A", "IND-03"),
        ("2026,X,CT95,19,20,BC,A", "IND-05"),
        ("2026,U,CT95,21,20,BC,A", "IND-06"),
        ("2026,U,CT95,0,0,BC,A", "IND-06"),
        ("2022,U,CT95,19,20,BC,A", "IND-07"),
        ("2027,U,CT95,19,20,BC,A", "IND-07"),
        ("2026,U,CT95,19,20,BC", "IND-08"),
    ],
)
def test_a_wrong_row_is_listed_and_counts_nowhere(tmp_path: Path, row: str, code: str) -> None:
    found = _read(tmp_path, "2026,C1,CT50,1,2,BC,A", row)
    assert [(one.line, one.code) for one in found.rejected] == [(3, code)]
    assert len(found.rows) == 1
    assert len(found.rejected[0].message("vi")) < 200


def test_of_two_rows_for_the_same_the_later_is_rejected(tmp_path: Path) -> None:
    found = _read(tmp_path, "2026,U,CT95,18,20,BC,A", "2026,U,CT95,19,20,BC,A", "2025,U,CT95,17,20,BC,A")
    assert [(one.line, one.code, one.said) for one in found.rejected] == [(3, "IND-04", ("2",))]
    assert [row.numerator for row in found.rows] == [18, 17]


def test_the_latest_year_is_the_headline_and_goals_decide_exactly(tmp_path: Path) -> None:
    found = _read(tmp_path, "2025,U,CT95,20,20,BC 1,A", "2026,U,CT95,9499,10000,BC 2,B", "2026,U,CT100A,5,5,BC 3,C")
    line = _headline(found, "CT95")
    assert (line.year, line.sources, line.entered_by) == (2026, ("BC 2",), ("B",))
    assert line.rate is not None
    assert (line.rate.percent, line.rate.met) == ("94.9", False)
    full = _headline(found, "CT100A").rate
    assert full is not None
    assert full.met is True


def test_units_are_summed_but_never_a_unit_and_its_part(tmp_path: Path) -> None:
    found = _read(tmp_path, "2026,C1,CT50,10,20,BC,A", "2026,G1,CT50,9,10,BC,A", "2026,G2,CT50,5,20,BC,A")
    line = _headline(found, "CT50")
    assert line.rate is not None
    assert (line.rate.numerator, line.rate.denominator, line.units) == (15, 40, 2)


def test_the_unions_own_row_wins_and_a_different_sum_is_a_warning(tmp_path: Path) -> None:
    found = _read(tmp_path, "2026,U,CT50,30,40,BC,A", "2026,C1,CT50,10,20,BC,A", "2026,C2,CT50,10,20,BC,A")
    line = _headline(found, "CT50")
    assert line.rate is not None
    assert (line.rate.numerator, line.units) == (30, 0)
    assert [(one.code, one.said[2:]) for one in found.warnings] == [("IND-W1", ("30/40", "20/40"))]


def test_json_rows_carry_the_columns_and_the_decision(tmp_path: Path) -> None:
    (row,) = _read(tmp_path, "2026,U,CT50,1,2,Báo cáo,A").to_json()
    assert row == {
        "year": 2026,
        "unit_id": "U",
        "indicator": "CT50",
        "numerator": 1,
        "denominator": 2,
        "source": "Báo cáo",
        "entered_by": "A",
        "percent": "50.0",
        "met": True,
    }


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    structure = lineage.on(Union(tmp_path).roster().units, _DAY)
    (tmp_path / "indicators.csv").write_text("year,unit_id\n2026,U\n")
    with pytest.raises(ModuongError, match="ROS-01"):
        indicators.read(tmp_path / "indicators.csv", structure, _DAY, ())
