"""The report as a stage: what it writes, what it never says in public, and where."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from grader.completion import indicators, quarters
from grader.completion.records import Completion
from grader.ground.errors import ModuongError
from grader.report import pdf as report_pdf
from grader.report import write as report
from grader.report.page import Options
from grader.roster import lineage
from grader.roster.records import Roster
from tests.support.union_builder import COURSE, NOW, Union, course

_PLAIN = Options()


@pytest.fixture
def union(tmp_path: Path) -> Union:
    """C1 with 6 leaders at G1 (2 trained) and 1 at its section; C2 with 12 (9 trained); 3 officers at A1."""
    union = Union(tmp_path)
    for number in range(6):
        union.post(f"P{number}", "G1", "chair" if not number else "vice_chair")
    union.post("SOLO", "B1")
    for number in range(12):
        union.post(f"Q{number}", "G2", "chair" if not number else "vice_chair")
    for number in range(3):
        union.post(f"K{number}", "A1", "comms_officer")
    for person in ("P0", "P1", *(f"Q{n}" for n in range(9))):
        union.train(person)
    union.attempt("P2", "M01", "0", status="pending_manual")
    return union


def _write(
    union: Union, *, options: Options = _PLAIN, lang: str = "vi", found: Completion | None = None, **more: object
) -> str:
    folder = union.folder / "reports"
    folder.mkdir(exist_ok=True)
    path = report.write(
        folder,
        found or union.completion(),
        union.roster(),
        union.syllabus,
        lang,
        simulated=True,
        options=options,
        **more,
    )
    return path.read_text(encoding="utf-8")


def _json(union: Union, place: str = "") -> dict[str, object]:
    return json.loads((union.folder / "reports" / place / "report.json").read_text(encoding="utf-8"))


def test_the_first_lines_answer_how_far_and_by_how_many(union: Union) -> None:
    page = _write(union)
    for words in (
        "57,8\N{NO-BREAK SPACE}%",
        "11\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}19",
        "còn thiếu 3 người",
        "1 trên 2 tổng công ty chưa đạt",
    ):
        assert words in page
    for words in (
        "Đến hết ngày 31/10/2026",
        "01/11/2026 08:00 (UTC+07)",
        "THU-2026",
        "10·N ≥ 7·D",
        "Số liệu mô phỏng",
        "thiếu 3 người",
    ):
        assert words in page


def test_corporations_stand_lowest_rate_first(union: Union) -> None:
    bars = _write(union).split('class="bars"')[1].split("</table>")[0]
    assert bars.index(">C1<") < bars.index(">C2<")
    union.attempts = [row for row in union.attempts if row["person_id"].startswith("P")]
    bars = _write(union).split('class="bars"')[1].split("</table>")[0]
    assert bars.index(">C2<") < bars.index(">C1<")


def test_the_page_needs_nothing_from_any_host(union: Union) -> None:
    page = _write(union)
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in unescape(page)
    assert "unsafe-inline" not in page
    assert ' style="' not in page


def test_e24_small_groups_and_what_would_give_them_away_are_hidden(union: Union) -> None:
    page = _write(union)
    row = next(part for part in page.split("<tr") if "<td>B1</td>" in part)
    assert "&lt;5" in row
    assert "SOLO" not in page
    assert "&lt;5" in page.split("CT100B")[1].split("</article>")[0]  # three officers are too few to show


def test_public_outputs_name_nobody(union: Union) -> None:
    union.person("Q99", same_as="NOBODY")
    union.attempt("GHOST", "M01", "12")
    page = _write(union, formats=("csv", "xlsx"))
    texts = [
        page,
        *(path.read_text(encoding="utf-8-sig") for path in (union.folder / "reports").glob("*.csv")),
        json.dumps(_json(union)),
    ]
    for text in texts:
        for person in ("P2", "SOLO", "GHOST", "Người P", "NOBODY"):
            assert person not in text
    assert "ATT-01" in page


def test_two_chairs_of_one_unit_are_told_to_staff_and_on_no_page(union: Union) -> None:
    union.post("P9", "G1", "chair")
    found = union.completion()
    assert [finding for finding in found.impossible if "P9" in finding.message()]
    page = _write(union, found=found, formats=("csv", "xlsx"))
    assert "impossible" in found.to_json()
    assert "impossible" not in _json(union)
    texts = [page, json.dumps(_json(union))]
    texts += [path.read_text(encoding="utf-8-sig") for path in (union.folder / "reports").glob("*.csv")]
    for text in texts:
        assert "P9" not in text
        assert not any(finding.message() in unescape(text) for finding in found.impossible)


def test_json_is_the_completion_and_says_simulated(union: Union) -> None:
    found = union.completion()
    _write(union, found=found)
    data = _json(union)
    assert data["simulated"] is True
    assert data["targets"][0] == found.to_json()["targets"][0]  # type: ignore[index]
    assert set(found.to_json()) | {"simulated"} == set(data)


def test_json_leaves_out_hidden_figures(union: Union) -> None:
    _write(union)
    officers = _json(union)["targets"][1]  # type: ignore[index]
    assert officers["denominator"] is None
    assert officers["suppressed"] == "small"


def test_e24_names_come_only_when_asked_for_apart_and_logged(union: Union) -> None:
    public = _write(union)
    named = _write(union, options=Options(named=True))
    assert "Người P2" in named
    assert "MẬT" in named
    assert "Người P0" not in named  # trained
    assert (union.folder / "reports" / "report.html").read_text(encoding="utf-8") == public
    assert (union.folder / "reports" / "MAT").stat().st_mode & 0o077 == 0
    entry = json.loads((union.folder / "reports" / report.NAMED_LOG).read_text(encoding="utf-8"))
    assert entry["people"] == 8 + 3
    assert entry["as_of"] == "2026-10-31"


def test_scope_shows_one_subtree_and_leaves_the_public_report_alone(union: Union) -> None:
    public = _write(union)
    part = _write(union, options=Options(scope="C1"))
    assert "2\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}7" in part
    assert "Phạm vi: C1" in part
    assert "<td>G2</td>" not in part
    assert (union.folder / "reports" / "report.html").read_text(encoding="utf-8") == public
    assert _json(union, "don-vi-C1")["targets"][0]["denominator"] == 7  # type: ignore[index]


def test_a_scope_too_small_to_show_is_not_shown_anywhere(union: Union) -> None:
    part = _write(union, options=Options(scope="B1"), formats=("csv",))
    assert "&lt;5" in part
    assert _json(union, "don-vi-B1")["targets"][0]["numerator"] is None  # type: ignore[index]
    row = (union.folder / "reports" / "don-vi-B1" / "targets.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert ",,<5,," in row


@pytest.mark.parametrize("unit", ["../../out", "snapshots", "MAT", "Ủ" * 100])
def test_any_unit_id_makes_a_folder_below_the_reports(union: Union, unit: str) -> None:
    union.unit(unit, "section_union", "G1")
    _write(union, options=Options(scope=unit))
    (made,) = (path for path in (union.folder / "reports").iterdir() if path.is_dir() and path.name != report.SNAPSHOTS)
    assert made.name.startswith("don-vi-")
    assert (made / "report.html").exists()


def test_an_unknown_scope_is_refused(union: Union) -> None:
    with pytest.raises(ModuongError, match="E-SCOPE-1"):
        _write(union, options=Options(scope="../C1"))


def _indicators(union: Union) -> indicators.Indicators:
    day = date(2026, 10, 31)
    structure = lineage.on(union.roster().units, day)
    return indicators.read(union.folder / "indicators.csv", structure, day, indicators.of(union.syllabus))


def test_without_indicators_three_targets_say_so(union: Union) -> None:
    page = _write(union)
    assert page.count("Chưa có số liệu") == 3
    assert all(name in page for name in ("CT95", "CT100A", "CT50"))


def test_indicators_reach_page_and_json(union: Union) -> None:
    path = union.folder / "indicators.csv"
    path.write_text(
        "year,unit_id,indicator,numerator,denominator,source,entered_by\n2026,U,CT95,19,20,BC "
        "1,A\n2026,U,CT95,1,20,BC 1,A\n"
    )
    read = _indicators(union)
    page = _write(union, indicators=read)
    assert page.count("Chưa có số liệu") == 2
    assert "95,0\N{NO-BREAK SPACE}%" in page
    assert "IND-04" in page
    assert _json(union)["indicators"][0]["numerator"] == 19  # type: ignore[index]


def test_history_and_forecast_are_shown_when_given(union: Union) -> None:
    days = quarters.ends(date(2025, 12, 31), date(2026, 10, 31))
    history = [union.completion(day.isoformat()) for day in days]
    page = _write(union, history=history)
    assert "30/06/2026" in page
    assert "Chưa đủ số liệu để dự báo" not in page
    assert "2000 lượt mô phỏng, số khởi tạo 1" in page
    assert "Chưa đủ số liệu để dự báo" in _write(union, history=history[-1:])


def test_the_pace_is_said_with_and_without_a_history(union: Union) -> None:
    assert "Nhịp cần có: 1 người đạt mỗi quý trong 8,7 quý còn lại, nếu không ai thôi giữ chức." in _write(union)
    history = [union.completion(day.isoformat()) for day in quarters.ends(date(2025, 12, 31), date(2026, 10, 31))]
    assert "người nếu biến động nhân sự như đã thấy." in _write(union, history=history)


def test_english_labels(union: Union) -> None:
    page = _write(union, lang="en")
    assert '<html lang="en">' in page
    assert "1 of 2 corporations are below 70%" in page
    assert "57.8%" in page
    assert "As of the end of 2026-10-31" in page


@pytest.mark.parametrize("named", [False, True])
def test_no_vietnamese_is_left_in_english_but_names(union: Union, named: bool) -> None:
    """Every section is on the page: findings, indicators, history, forecast, an election, two versions, people."""
    union.syllabus = course(
        union.folder, COURSE.replace("{track: leader,", '{title: {vi: "Cán bộ", en: "Leaders trained"}, track: leader,')
    )
    union.train("Q9", "2026-05-10T10:00:00+07:00")
    union.unit("B9", "section_union", "G1", name="Mẫu 9 ")
    union.unit("X9", "section_union", "NOWHERE")
    union.person("P0")
    union.attempt("GHOST", "M01", "12")
    union.post("P1", "B9", start="01/10/2025")
    (union.folder / "indicators.csv").write_text(
        "year,unit_id,indicator,numerator,denominator,source,entered_by\n2026,U,CT95,19,20,BC "
        "1,A\n2026,U,CT95,1,20,BC 1,A\n2026,U,CT50,x,20,B,A\n"
    )
    read = _indicators(union)
    history = [union.completion(day.isoformat()) for day in quarters.ends(date(2025, 12, 31), date(2026, 10, 31))]
    waves = {date(2028, 10, 15): 0.35}
    more = {"lang": "en", "history": history, "indicators": read, "formats": ("csv", "xlsx")}
    _write(union, **more, options=Options(named=named, waves=waves))  # type: ignore[arg-type]
    union.attempts.pop(0)
    page = _write(union, **more, options=Options(named=named, waves=waves))  # type: ignore[arg-type]
    assert "Version 2" in page
    assert "Differs from the version before" in page
    assert "simulated paths, seed 1" in page
    place = union.folder / "reports" / ("MAT" if named else "")
    texts = [
        unescape(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)),
        (place / "report.json").read_text(encoding="utf-8"),
    ]
    texts += [path.read_text(encoding="utf-8-sig") for path in place.glob("*.csv")]
    names = [row["full_name"] for row in union.people] + [row["name"].strip() for row in union.units] + ["Mở Đường"]
    for text in texts:
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")  # noqa: PLW2901
        assert sorted(set(re.findall(r"\w*[À-ỹĐđ]\w*", text))) == []
    dates = texts[0].replace("'01/10/2025'", "")  # quoted as it was typed
    assert re.findall(r"\d,\d+\s*%|\d\N{NO-BREAK SPACE}%|\d\d/\d\d/\d{4}", dates) == []


def test_nobody_in_office_is_no_zero_per_cent(tmp_path: Path) -> None:
    page = _write(Union(tmp_path))
    assert "0,0\N{NO-BREAK SPACE}%" not in page
    assert "không có dữ liệu" in page


def test_names_from_the_roster_are_text_not_markup(union: Union) -> None:
    union.change_unit("G2", name="<script>alert(1)</script>")
    page = _write(union)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_e14_a_later_mark_makes_a_new_version_on_the_page(union: Union) -> None:
    _write(union)
    union.attempts[-1].update(status="graded", score="18")
    union.attempt("P2", "M07", "18")
    page = _write(union)
    assert "Bản 2, công bố" in page
    assert "1 người từ chờ chấm thành đạt" in page
    headline = page.split('class="headline"')[1].split('class="corporations"')[0]
    assert "Số của ngày này đã thay đổi từ khi công bố." in headline
    assert "1 người từ chờ chấm thành đạt" in headline


def test_the_stage_does_not_load_slow_libraries() -> None:
    code = (
        "import sys, grader.report; print([m for m in ('pandas', 'matplotlib', 'xlsxwriter', 'numpy') if m in "
        "sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_browser_is_a_clear_refusal_and_the_page_stays(union: Union, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODUONG_CHROMIUM", "no-such-browser")
    with pytest.raises(ModuongError, match="E-PDF-1"):
        _write(union, formats=("pdf",))
    assert (union.folder / "reports" / "report.html").exists()


def test_a_browser_that_fails_is_a_clear_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODUONG_CHROMIUM", "false")
    old = tmp_path / "report.pdf"
    old.write_text("earlier")
    with pytest.raises(ModuongError, match="E-PDF-2"):
        report_pdf.write(tmp_path / "report.html", old)
    assert old.read_text() == "earlier"


def test_a_test_of_a_roster_without_targets_still_writes(union: Union) -> None:
    found: Completion = replace(union.completion(), targets=())
    roster: Roster = union.roster()
    folder = union.folder / "reports"
    folder.mkdir()
    path = report.write(folder, found, roster, union.syllabus, "vi", simulated=False)
    assert "Số liệu mô phỏng" not in path.read_text(encoding="utf-8")


def test_computed_at_is_printed(union: Union) -> None:
    assert NOW.isoformat(timespec="seconds") == union.completion().to_json()["computed_at"]
