"""Lists as coordinators keep them: each is read as a person reads it, or is a question, or stops with a reason."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import Result
from typer.testing import CliRunner

from grader.cli import app
from grader.ground.errors import ModuongError
from grader.roster import export, guards
from grader.roster.door import taking
from grader.roster.records import OPEN, Roster
from tests.support.door import FILES, agreed, encoded, rows, stored

CLEAN = "00-clean.xlsx"


@pytest.fixture(scope="module")
def clean() -> Roster:
    made = taking.draft(FILES / CLEAN, taking.Now(0, None, {}, {}))
    assert made.questions == ()
    return made.settled()


def codes(made: Any) -> set[str]:
    return {finding.kind for finding in made.merged.roster.warnings}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("01-title-rows.xlsx", set()),
        ("03-vietnamese-headers.xlsx", {"column"}),
        ("04-vietnamese-values.xlsx", set()),
        ("06-merged-unit-cells.xlsx", set()),
        ("13-hidden-duplicate-sheet.xlsx", set()),
        ("18-unit-names.xlsx", {"unit"}),
        ("19-split-name.xlsx", {"column"}),
        ("24-end-dash-nay.xlsx", set()),
        ("60-clean.ods", set()),
        ("64-noext", set()),
    ],
)
def test_a_list_is_read_as_the_clean_one_after_its_proposals_are_confirmed_once(
    clean: Roster, name: str, asked: set[str]
) -> None:
    first = taking.draft(FILES / name, taking.Now(0, None, {}, {}))
    assert {question.kind for question in first.questions} == asked
    assert all(question.proposal for question in first.questions)
    made = agreed(FILES / name)
    assert made.questions == ()
    assert made.merged.roster.rejected == ()
    assert rows(made.settled()) == rows(clean)
    again = taking.draft(FILES / name, stored(made))
    assert again.questions == ()  # what was confirmed once is not asked again
    assert {change.what for change in again.merged.changes} <= {"kept"}


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [
        (";", "utf-8"),
        (",", "cp1258"),
        ("\t", "utf-16"),
        (";", "utf-8-sig"),
        ("|", "tcvn3"),
        (",", "vni"),
        (";", "cp1258"),
    ],
)
def test_text_files_of_any_code_page_and_separator(
    tmp_path: Path, clean: Roster, separator: str, encoding: str
) -> None:
    for name, columns, table in export.tables(clean):
        lines = [separator.join(row) for row in [tuple(columns), *table]]
        (tmp_path / name).write_bytes(encoded("\r\n".join(lines) + "\r\n", encoding))
    made = agreed(tmp_path)
    assert made.questions == ()
    assert rows(made.settled()) == rows(clean)
    if encoding in {"cp1258", "utf-16"}:
        assert "ROS-W20/encoding" in codes(made)
    if encoding in {"tcvn3", "vni"}:
        assert "ROS-W20/letters" in codes(made)


def test_hidden_sheets_merged_cells_and_code_pages_are_told() -> None:
    assert "ROS-W20/merged" in codes(agreed(FILES / "06-merged-unit-cells.xlsx"))


def test_a_days_order_and_half_days_are_questions(clean: Roster) -> None:
    made = agreed(FILES / "08-date-texts.xlsx")
    assert {question.key for question in made.questions} == {"order:start", "day:02/13/2024", "day:01/2024"}
    assert not any(question.proposal for question in made.questions)
    with pytest.raises(ModuongError, match="E-DOOR-1"):
        taking.take(None, made, "", None, None)  # type: ignore[arg-type]  # it stops before it looks at them
    answers = {"order:start": "day", "day:02/13/2024": "2024-03-04", "day:01/2024": "05/12/2024"}
    made = agreed(FILES / "08-date-texts.xlsx", answers=answers)
    assert rows(made.settled()) == rows(clean)
    turned = agreed(FILES / "08-date-texts.xlsx", answers=answers | {"order:start": "month"})
    assert sorted(post.start for post in turned.settled().posts)[:2] == [date(2024, 1, 2), date(2024, 2, 1)]
    assert [post.start for post in turned.settled().posts if post.person_id == "00017"] == [date(2024, 1, 2)]


def test_the_list_of_real_life() -> None:
    """Title rows, two header rows, split names, birth dates, titles of posts, names of units, no ids, no start."""
    path = FILES / "40-real-life-list.xlsx"
    first = agreed(path)
    assert {question.key for question in first.questions} == {"start:list"}
    made = agreed(path, answers={"start:list": "1/5/2023"})
    assert made.questions == ()
    roster = made.settled()
    names = {unit.unit_id: (unit.name, unit.kind, unit.parent_id) for unit in roster.units}
    assert names == {
        "CDDLVN": ("Công đoàn Điện lực Việt Nam", "union", ""),
        "TCT-01": ("CÔNG ĐOÀN TCT ĐIỆN LỰC MIỀN BẮC", "corporation", "CDDLVN"),
        "DV-0001": ("Cty Điện lực Hà Nam", "grassroots_union", "TCT-01"),
        "DV-0002": ("Cty ĐL Nam Định", "grassroots_union", "TCT-01"),
    }
    people = {person.person_id: person.full_name for person in roster.people}
    assert [(people[p.person_id], p.unit_id, p.post, p.start, p.end, p.line) for p in roster.posts] == [
        ("Nguyễn Văn Hùng", "DV-0001", "chair", date(2023, 5, 1), OPEN, 6),
        ("Nguyễn Văn Hùng", "DV-0001", "vice_chair", date(2023, 5, 1), OPEN, 7),
        ("Trần Thị Bích Ngọc", "DV-0002", "vice_chair", date(2023, 5, 1), OPEN, 8),
        ("Lê Nam", "DV-0002", "acting_chair", date(2023, 5, 1), OPEN, 9),
    ]
    assert len(people) == 4
    assert sorted(made.births.values()) == ["1978-03-15", "1982", "1985-11-02", "1990-04-03"]
    again = agreed(path, stored(made))  # the same list once more: the same people, nothing asked, nothing changed
    assert again.questions == ()
    assert {change.what for change in again.merged.changes} == {"kept"}


def test_ids_that_became_numbers_are_the_same_people(clean: Roster) -> None:
    now = taking.Now(1, clean, {}, {})
    first = taking.draft(FILES / "16-ids-as-numbers.xlsx", now)
    assert [question.key for question in first.questions] == ["ids:zeros"]
    assert "00017" in first.questions[0].said
    made = agreed(FILES / "16-ids-as-numbers.xlsx", now)
    assert rows(made.settled()) == rows(clean)
    other = agreed(FILES / "16-ids-as-numbers.xlsx", now, {"ids:zeros": "no"})
    assert len(other.settled().people) == 8


def test_old_code_pages_are_decoded_and_told() -> None:
    made = agreed(FILES / "21-tcvn3.xlsx")
    roster = made.settled()
    assert {person.full_name for person in roster.people} == {"Nguyễn Văn Hùng"}
    assert "CĐCS Công ty Điện lực Hà Nam" in {unit.name for unit in roster.units}
    assert "ROS-W20/letters" in codes(made)


def test_words_for_a_test_account_are_understood() -> None:
    made = agreed(FILES / "26-is-test-values.xlsx")
    assert [person.is_test for person in made.settled().people] == [True] * 4


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_a_list_without_ids_never_empties_the_roster(tmp_path: Path, clean: Roster) -> None:
    """With ``--replace`` it stops and names the number; without, it asks who is who."""
    here = ("--workspace", tmp_path / "w")
    assert run("roster", "import", FILES / CLEAN, *here).exit_code == 0
    for options, code in ((("--replace",), "E-ROSTER-2"), ((), "E-DOOR-1")):
        done = run("roster", "import", FILES / "25-no-ids.xlsx", *options, *here)
        assert isinstance(done.exception, ModuongError)
        assert done.exception.code == code
        if options:
            assert "4/4 cán bộ, 4/4 chức vụ" in done.exception.said
            assert "--losses 8" in done.exception.said
    assert run("roster", "export", tmp_path / "after", *here).exit_code == 0
    export.write(clean, tmp_path / "before")
    for name in ("units.csv", "people.csv", "posts.csv"):
        assert (tmp_path / "after" / name).read_bytes() == (tmp_path / "before" / name).read_bytes()


def test_a_list_on_the_command_line_from_proposal_to_profile(tmp_path: Path) -> None:
    path, here = FILES / "40-real-life-list.xlsx", ("--workspace", tmp_path / "w")
    done = run("roster", "import", path, *here)
    assert isinstance(done.exception, ModuongError)
    assert done.exception.code == "E-DOOR-1"
    proposed = tmp_path / "w" / "roster" / "de-xuat.yaml"
    assert proposed.stat().st_mode & 0o777 == 0o600
    assert "0912345678" not in proposed.read_text(encoding="utf-8").replace("«0912345678»", "")
    done = run("roster", "import", path, "--profile", proposed, "--start", "1/5/2023", *here)
    assert done.exit_code == 0, done.exception
    assert "CT70: 0/4" in done.stdout
    again = run("roster", "import", path, *here)
    assert "Không có gì thay đổi" in again.stdout


def test_a_second_import_without_the_profile_loses_no_answer(tmp_path: Path) -> None:
    path, here = FILES / "40-real-life-list.xlsx", ("--workspace", tmp_path / "w")
    run("roster", "import", path, *here)
    proposed = tmp_path / "w" / "roster" / "de-xuat.yaml"
    answered = proposed.read_text(encoding="utf-8").replace('"start:list": ""', '"start:list": "2023-05-01"')
    assert "2023-05-01" in answered
    proposed.write_text(answered, encoding="utf-8")
    run("roster", "import", path, *here)
    assert proposed.read_text(encoding="utf-8") == answered
    broken = answered.replace("answers:", "answers")  # what nobody can read is kept beside the new one
    proposed.write_text(broken, encoding="utf-8")
    done = run("roster", "import", path, *here)
    assert "de-xuat-truoc.yaml" in done.stdout
    assert proposed.with_name("de-xuat-truoc.yaml").read_text(encoding="utf-8") == broken


@pytest.mark.parametrize(
    ("ended", "removed", "of", "many"),
    [(1, 0, 4, False), (2, 0, 4, False), (3, 0, 4, True), (0, 1, 4, True), (0, 1, 20, False), (5, 0, 100, False),
     (6, 0, 100, True), (10, 0, 10_000, False), (11, 0, 10_000, True)],
)  # fmt: skip
def test_which_losses_want_their_number(ended: int, removed: int, of: int, many: bool) -> None:
    lost = guards.Losses({"posts": (ended + removed, of)}, frozenset({"posts"}) if removed else frozenset())
    assert lost.many == many


def test_a_post_by_name_is_the_person_whose_id_another_sheet_gives(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        people, posts = book.add_worksheet("Cán bộ"), book.add_worksheet("Chức vụ")
        for row, line in enumerate(
            [("Mã cán bộ", "Họ và tên", "Email"), ("CB-000007", "Trần Thị Mẫu", "a@example.vn")]
        ):
            people.write_row(row, 0, line)
        head = ("Họ và tên", "Chức vụ", "Đơn vị", "Từ ngày")
        for row, line in enumerate([head, ("Trần Thị Mẫu", "Chủ tịch", "CĐCS Công ty Điện lực Mẫu", "1/5/2023")]):
            posts.write_row(row, 0, line)
    answers = {"top:": "direct"}
    made = agreed(path, answers=answers)
    assert made.questions == ()
    assert made.answers["names:list"] == "yes"
    assert [post.person_id for post in made.settled().posts] == ["CB-000007"]
    apart = agreed(path, answers=answers | {"names:list": "no"})
    assert [post.person_id for post in apart.settled().posts] == ["CB-000008"]


def test_a_start_that_was_wrong_is_corrected_in_one_row(tmp_path: Path) -> None:
    here = ("--workspace", tmp_path / "w")
    run("roster", "sample", tmp_path / "sample")
    run("roster", "import", tmp_path / "sample", *here)
    folder = tmp_path / "one"
    shutil.copytree(tmp_path / "sample", folder)
    lines = (folder / "posts.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if ",chair," in line and line.split(",")[4] == "").split(",")
    right = [*row[:3], "2021-06-21", *row[4:]]
    (folder / "posts.csv").write_text(lines[0] + "\n" + ",".join(right) + "\n", encoding="utf-8")
    done = run("roster", "import", folder, *here)
    assert "ROS-06" in done.stdout
    assert "roster correct" in done.stdout
    done = run("roster", "import", folder, "--correct", *here)
    assert f"start: «{row[3]}» → «2021-06-21»" in done.stdout, done.stdout
    run("roster", "undo", *here)
    done = run("roster", "correct", *row[:3], "--start", "21/06/2021", "--since", row[3], *here)
    assert done.exit_code == 0, done.exception
    run("roster", "export", tmp_path / "out", *here)
    written = (tmp_path / "out" / "posts.csv").read_text(encoding="utf-8")
    assert ",".join(right) in written
    assert ",".join(row) not in written
