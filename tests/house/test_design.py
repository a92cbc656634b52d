"""The design page and the code hold each other.

What is cited exists, cases have tests, examples are read by the code.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course import answers, handin
from grader.cli import app
from grader.completion import indicators
from grader.publish import build
from grader.publish.public_items import PublicItems
from grader.report import write
from grader.roster import lineage, records
from tests.support import union_builder
from tests.support.people import ROOT, Author
from tests.support.union_builder import Union

PAGE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^#{2,3} (\d+(?:\.\d+)?) ", PAGE, re.MULTILINE)
CASES = re.findall(r"^\| (E\d\d) \|", PAGE, re.MULTILINE)
OCCUPANCY = re.findall(r"^\| (O\d\d) \|", PAGE, re.MULTILINE)
FOLDERS = ("grader/", "course/", "bench/", "tests/", "docs/", "README.md", "CONTRIBUTING.md")
READ = (".py", ".md", ".yaml", ".js", ".css", ".j2")
ELSEWHERE = re.compile(
    r"(?<![\w/])(?:design-2|rooms\.md|course[- "
    r"]plan|learner-ui|security\.md|peers\.md|style\.md|host-facts|real-files\.md)"
    r"|(?<!docs/)(?<!\[)\bdesign(?:\.md)? ?§|\b[Ii]ssue #?\d"
)
"""What was written about this project and is not in it: no comment may send a reader there."""

SIGNS = ("§", "E0", "E1", "E2", "E3", ".md", ".py", "plan", "design", "learner-ui", "host-facts", "ssue")
"""Without one of these a line cites nothing."""


def lines() -> Iterator[tuple[str, str]]:
    """Yield file with line number, and the line, of all that may cite the page, but for this file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        path = ROOT / name
        if name.startswith(FOLDERS) and name.endswith(READ) and path != Path(__file__) and path.is_file():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{name}:{number}", line


def wrong_citations(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return the places that cite a section, a case or a document that is not there."""
    wrong = []
    for place, line in found:
        if not any(sign in line for sign in SIGNS):
            continue
        if not place.startswith("docs/design.md") and "§" in line and "docs/design.md" not in line:
            wrong.append(f"{place}: § of which document?")
        wrong += [f"{place}: §{s}" for s in re.findall(r"§ ?(\d+(?:\.\d+)*)", line) if s not in SECTIONS]
        wrong += [f"{place}: {case}" for case in re.findall(r"(?<![\w-])E[0-3]\d(?![\w-])", line) if case not in CASES]
        wrong += [f"{place}: {m[0]}" for m in ELSEWHERE.finditer(line)]
        wrong += [
            f"{place}: {path}"
            for path in re.findall(r"(?<![\w./-])(?:grader|bench|tests|docs)/[\w/.-]*\.(?:py|md)\b", line)
            if not (ROOT / path).exists()
        ]
    return wrong


def test_every_section_case_file_and_document_that_is_cited_exists() -> None:
    assert wrong_citations(lines()) == []


@pytest.mark.parametrize(
    "line",
    [
        "# docs/design.md §9.9: nobody wrote it",
        "# see §6.1",
        "# counted as in E31",
        "# rules of course plan (b)",
        "# security.md, test 12",
        "# design §4 says so",
        "# decided in issue 6",
        "# tests/test_house.py holds it",
    ],
)
def test_a_planted_citation_of_nothing_is_found(line: str) -> None:
    assert wrong_citations([("grader/x.py:1", line)])


def test_sections_are_numbered_once_and_in_order() -> None:
    def number(section: str) -> list[int]:
        return [int(part) for part in section.split(".")]

    assert [s for s, times in Counter(SECTIONS).items() if times > 1] == []
    assert sorted(SECTIONS, key=number) == SECTIONS


def names_of_tests() -> list[str]:
    tests = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests").rglob("test_*.py")))
    return re.findall(r"^(?:async )?def (test_\w+)", tests, re.MULTILINE)


def test_every_case_is_named_by_a_test_and_every_such_test_by_the_page() -> None:
    named = {m[1].upper() for name in names_of_tests() if (m := re.match(r"test_(e\d\d)_", name))}
    assert sorted(CASES) == sorted(named)
    assert [f"E{number:02}" for number in range(1, 31)] == CASES
    occupancy = {m[1].upper() for name in names_of_tests() if (m := re.match(r"test_(o\d\d)_", name))}
    assert sorted(OCCUPANCY) == sorted(occupancy)


def spans(text: str) -> set[int]:
    """Return the numbers of ``48–50, 52``."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:–(\d+))?", text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def test_every_numbered_attack_is_a_test_and_the_other_way_round() -> None:
    table = PAGE.split("### 8.8 ")[1].split("\n## ")[0]
    told = set().union(*(spans(cell) for cell in re.findall(r"^\| ([\d–, ]+) \|", table, re.MULTILINE)))
    played: set[int] = set()
    for name in names_of_tests():
        if m := re.match(r"test_(\d\d)(?:_to_(\d\d))?_", name):
            played.update(range(int(m[1]), int(m[2] or m[1]) + 1))
    assert told == played


def examples(language: str) -> list[tuple[str, str]]:
    """Return label and text of the page's examples in a language."""
    return re.findall(rf"^```{language}(?: (\S+))?\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


JSON = dict(examples("json"))


def test_every_example_in_json_parses_and_has_a_reader_below() -> None:
    assert sorted(JSON) == ["answers.json", "completion", "items.json", "receipt"]
    for text in JSON.values():
        json.loads(text)


def test_the_answers_are_an_answer_set_and_written_back_the_same() -> None:
    read = answers.parse(JSON["answers.json"].encode())
    assert read.warnings == ()
    assert read.to_json() == json.loads(JSON["answers.json"])
    least = {"schema": 1, "module": "M02", "answers": {"M02-Q04": {"value": "B"}}}
    assert answers.parse(json.dumps(least).encode()).answers["M02-Q04"].value == "B"


def test_the_public_items_pass_the_public_models() -> None:
    (item,) = PublicItems.model_validate_json(JSON["items.json"]).items
    assert item.id == "M01-Q01"


def test_the_receipt_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / handin.RECEIPTS).mkdir()
    (tmp_path / handin.RECEIPTS / "20261005-080500-0A1B2C3D.json").write_text(JSON["receipt"], encoding="utf-8")
    (receipt,) = handin.receipts(tmp_path)
    assert receipt.code == "0A1B2C3D"
    assert receipt.path.startswith(f"{receipt.person}+{receipt.module}+")


def same_shape(told: object, real: object, place: str = "") -> list[str]:
    """Return where two JSON values differ in their fields; of a list the first element stands for all."""
    if isinstance(told, dict) and isinstance(real, dict):
        if list(told) != list(real):
            return [f"{place}: {list(told)} / {list(real)}"]
        return [wrong for name in told for wrong in same_shape(told[name], real[name], f"{place}.{name}")]
    if isinstance(told, list) and isinstance(real, list):
        assert told, place
        assert real, place
        return same_shape(told[0], real[0], place + "[]")
    return []


def test_the_completion_has_the_fields_of_a_real_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    union = Union(tmp_path)
    union.post("P1", "G1")
    union.post("P2", "G9")
    for number in range(5):
        union.post(f"Q{number}", "G2", "vice_chair")
    union.write()
    files = ["--roster", tmp_path, "--attempts", tmp_path / "attempts.csv", "--course", tmp_path, "--lang", "en"]
    monkeypatch.setenv("MODUONG_NOW", "2026-11-01T08:00:00+07:00")
    done = CliRunner().invoke(app, list(map(str, ["completion", *files, "--as-of", "2026-10-31", "--json"])))
    assert done.exit_code == 0, done.output
    told, real = json.loads(JSON["completion"]), json.loads(done.output)
    assert list(told) == list(real)
    others = ("targets", "rejected_rows", "warnings")
    assert same_shape({name: told[name] for name in others}, {name: real[name] for name in others}) == []
    assert real["targets"][0]["rule"].startswith(told["targets"][0]["rule"].removesuffix("…"))


def test_the_report_adds_indicators_and_whether_it_is_simulated_and_hides_small_groups(tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("P1", "G1")
    for number in range(5):
        union.post(f"Q{number}", "G2", "vice_chair")
    path = tmp_path / indicators.FILE
    path.write_text(",".join(indicators.COLUMNS) + "\n2026,C1,CT95,19,20,khảo sát,Mẫu Lan\n", encoding="utf-8")
    found, people = union.completion(), union.roster()
    entered = indicators.read(path, lineage.on(people.units, found.as_of), found.as_of, indicators.of(union.syllabus))
    write.write(tmp_path, found, people, union.syllabus, "vi", simulated=True, indicators=entered)
    told, report = json.loads(JSON["completion"]), json.loads((tmp_path / "report.json").read_bytes())
    assert list(report) == [*told, "simulated"]
    assert same_shape(told["indicators"], report["indicators"]) == []
    alone = report["targets"][0]["by_corporation"][0]
    assert alone == {"unit_id": "C1", **dict.fromkeys(list(alone)[1:-1]), "suppressed": "small"}


def test_the_example_of_a_course_is_one(tmp_path: Path) -> None:
    ((_label, course),) = examples("yaml")
    assert union_builder.course(tmp_path, course).targets["CT70"].goal == (7, 10)


def test_the_columns_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| `(\w+\.csv)` \| `([\w, ]+)` \|$", PAGE, re.MULTILINE))
    real = {
        records.UNITS_FILE: records.UNIT_COLUMNS,
        records.PEOPLE_FILE: records.PEOPLE_COLUMNS,
        records.POSTS_FILE: records.POST_COLUMNS,
        "attempts.csv": records.ATTEMPT_COLUMNS,
        indicators.FILE: indicators.COLUMNS,
    }
    assert {name: tuple(columns.split(", ")) for name, columns in told.items()} == real


def test_the_fields_of_a_key_are_those_that_build_writes(tmp_path: Path) -> None:
    text = Author(tmp_path).writes_course().text("T01")
    assert text.exercise is not None
    key, _problem = build.key_of(text, text.exercise)
    section = PAGE.split("### 5.3 ")[1].split("### ")[0]
    fields = re.search(r"`\{(.+?)\}`", section)
    assert fields is not None
    assert re.findall(r'"(\w+)"', fields[1]) == list(key)
    assert [name for name in key["items"][0] if name not in section] == []


def test_every_type_of_the_items_page_has_its_rule() -> None:
    table = PAGE.split("### 6.5 ")[1].split("\n### ")[0]
    told = {name for cell in re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE) for name in cell.split(", ")}
    items = (ROOT / "docs" / "items.md").read_text(encoding="utf-8").split("\n## Types\n")[1].split("\n## ")[0]
    assert told - {"type"} == set(re.findall(r"^### ([a-z]+)$", items, re.MULTILINE))
