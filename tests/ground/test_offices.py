"""Posts and kinds of unit stand in one place: what a course carries of them is what every reader says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl

from course.words import Own, into
from grader.completion import rule
from grader.ground.offices import OFFICES, Term
from grader.report import write as report
from grader.report.page import Options
from grader.roster import template
from tests.support.people import ROOT
from tests.support.union_builder import Union

RENAMED = replace(
    OFFICES,
    posts=OFFICES.posts | {"vice_chair": Term(Own({"vi": "phó ban", "en": "deputy"}), "phó ban nữ công")},
    unit_kinds=OFFICES.unit_kinds
    | {
        "section_union": Term(Own({"vi": "tổ nghề", "en": "craft section"})),
        "corporation": Term(Own({"vi": "liên đoàn", "en": "federation"})),
    },
)


def test_rule_and_report_say_the_words_that_the_course_carries(tmp_path: Path) -> None:
    union = Union(tmp_path)
    for number in range(6):
        union.post(f"P{number}", "B1", "vice_chair")
    union.syllabus = union.syllabus.model_copy(update={"offices": RENAMED})
    said = rule.words(union.syllabus, union.syllabus.targets["CT70"])
    vi, en = into(said, "vi"), into(said, "en")
    assert "phó ban" in vi
    assert "tổ nghề thuộc liên đoàn" in vi
    assert "deputy" in en
    assert "craft section under a federation" in en
    page = report.write(
        tmp_path,
        union.completion(),
        union.roster(),
        union.syllabus,
        "vi",
        simulated=True,
        options=Options(named=True),
        formats=("csv",),
    )
    assert "<td>Phó ban</td>" in page.read_text(encoding="utf-8")
    assert ",tổ nghề,C1," in (page.parent / "CT70-units.csv").read_text(encoding="utf-8-sig")


def test_another_level_can_be_counted_and_another_post_be_the_chair(tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("P1", "B1", "vice_chair")
    assert [c.unit_id for c in union.ct70().by_corporation] == ["C1", "C2"]
    assert union.ct70().units_without_chair == ("B1", "G1", "G2")
    offices = replace(OFFICES, counted="grassroots_union", chairs=frozenset({"vice_chair"}))
    ct70 = union.syllabus.targets["CT70"].model_copy(update={"under": "grassroots_union"})
    union.syllabus = union.syllabus.model_copy(update={"offices": offices, "targets": {"CT70": ct70}})
    found = union.ct70()
    assert [(c.unit_id, c.rate.denominator) for c in found.by_corporation] == [("A1", 0), ("G1", 1), ("G2", 0)]
    assert found.units_without_chair == ()  # of the sections, the one kind below the counted level, B1 has one


def test_the_template_offers_and_explains_them(tmp_path: Path) -> None:
    template.write(tmp_path / "t.xlsx", RENAMED)
    rows = {
        str(row[0]).strip(): row[1]
        for row in openpyxl.load_workbook(tmp_path / "t.xlsx")["Hướng dẫn"].iter_rows(values_only=True)
    }
    assert (rows["Phó ban"], rows["Tổ nghề"]) == ("phó ban nữ công", "tổ nghề")


def test_the_order_of_choice_is_the_order_of_the_list(tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("P1", "G1", "vice_chair")
    union.post("P1", "G2", "chair")
    assert [c.corporation_id for c in union.ct70().counted] == ["C2"]
    first = {word: OFFICES.posts[word] for word in ("vice_chair", *OFFICES.posts)}
    union.syllabus = union.syllabus.model_copy(update={"offices": replace(OFFICES, posts=first)})
    assert [c.corporation_id for c in union.ct70().counted] == ["C1"]


def test_the_coordinators_page_lists_them_all() -> None:
    page = (ROOT / "docs" / "dieu-phoi-vien.md").read_text(encoding="utf-8")
    for column, terms in (("kind", OFFICES.unit_kinds), ("post", OFFICES.posts)):
        line = next(line for line in page.splitlines() if line.startswith(f"`{column}`:"))
        assert set(re.findall(r"`(\w+)`", line)) == {column, *terms}
