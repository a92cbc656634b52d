"""The command line: exit codes, languages, the JSON objects of docs/design.md §5, and clear sentences for bad input."""

from __future__ import annotations

import errno
import json
import re
import socket
from pathlib import Path

import pytest
import typer

from course.words import catalogue
from grader import cli
from grader.commands import help as helping
from grader.commands import serve
from grader.ground.errors import ModuongError
from tests.support.people import ROOT, SINGLE, Author, moduong

GOLD = {
    "M02-Q02": {"1": "b", "2": "a", "3": "d"},
    "M02-Q03": {"a": "91", "b": "9"},
    "M02-Q04": "B",
    "M02-Q09": "A",
    "M02-Q01": "",
    "M02-Q06": None,
}


def help_texts() -> set[str]:
    """Return every text that the help of any command shows."""
    commands = list(helping.every(typer.main.get_command(cli.app)))
    said = {str(command.help) for command in commands if command.help}
    return said | {str(p.help) for command in commands for p in command.params if getattr(p, "help", None)}


def test_help_is_there_in_vietnamese_for_every_command_and_option_and_in_english_on_request() -> None:
    assert {text for text in help_texts() if text not in catalogue("en")} <= {"Show this message and exit."}
    vietnamese = moduong("roster", "import", "--help").stdout
    assert "Chỉ nói điều sẽ thay đổi, không ghi gì." in vietnamese
    assert not re.search(r"\b(Usage|Options|Show|default|Example)\b", vietnamese)
    english = moduong("roster", "import", "--help", MODUONG_LANG="en").stdout
    assert "Show what would change; write nothing." in english
    assert "Các lệnh:" in moduong("roster").stdout + moduong("roster").stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ("report", "--pfd"),
            "không có tùy chọn --pfd (có phải: --pdf). Xem cách viết: «python -m grader report --help».",
        ),
        (("roster", "import"), "thiếu tham số 'source'. Xem"),
        (("reports",), "không có lệnh 'reports'. Có phải 'report', 'export', 'import'. Xem"),
        (("grade", "--jobs", "x"), "giá trị không dùng được ở '--jobs': phải là số nguyên. Xem"),
        (("roster", "template", "a", "b"), "thừa (b). Xem"),
        (("report", "--as-of"), "tùy chọn '--as-of' cần một giá trị. Xem"),
    ],
)
def test_a_mistyped_command_is_one_sentence_with_a_code(typed: tuple[str, ...], said: str) -> None:
    done = moduong(*typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("E-CLI-1: Lệnh viết chưa đúng: " + said)
    assert done.stderr.count("\n") == 1
    assert moduong(*typed, MODUONG_LANG="en").stderr.startswith("E-CLI-1: The command is not written correctly: ")


def test_a_report_from_files_is_no_publication_and_one_of_a_sample_is_stamped(tmp_path: Path) -> None:
    sample, space = tmp_path / "r", tmp_path / "w"
    moduong("roster", "sample", sample, "--attempts")
    moduong("roster", "import", sample, "--workspace", space)
    asked = ("--as-of", "2026-10-31", "--workspace", space)
    first = moduong("report", "--roster", sample, "--attempts", sample / "attempts.csv", *asked)
    assert first.returncode == 0, first.stderr
    apart = space / "reports" / "tu-tep"
    assert sorted(path.name for path in (space / "reports").glob("*")) == ["tu-tep"]
    assert json.loads((apart / "report.json").read_bytes())["simulated"] is True
    moduong("report", *asked)
    published = (space / "reports" / "report.html").read_text(encoding="utf-8")
    assert "Bản 1" in published
    assert "đã thay đổi từ khi công bố" not in published
    (sample / "expected_findings.json").unlink()
    moduong("report", "--roster", sample, *asked)
    assert json.loads((apart / "report.json").read_bytes())["simulated"] is False


def test_a_sample_never_takes_the_place_of_somebodys_roster(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("của tôi", encoding="utf-8")
    done = moduong("roster", "sample", tmp_path)
    assert (done.returncode, done.stderr[:9]) == (2, "E-FILE-3:")
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]
    assert (tmp_path / "units.csv").read_text(encoding="utf-8") == "của tôi"
    again = tmp_path / "r"
    moduong("roster", "sample", again, "--attempts", "--xlsx", "--seed", "1")
    before = {path.name: path.read_bytes() for path in again.iterdir()}
    moduong("roster", "sample", again, "--seed", "2")
    assert {path.name for path in again.iterdir()} == set(before)
    assert all(path.read_bytes() != before[path.name] for path in again.iterdir() if path.suffix in {".csv", ".xlsx"})


def answers(tmp_path: Path, values: dict[str, object]) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(
        json.dumps({"schema": 1, "module": "M02", "answers": {k: {"value": v} for k, v in values.items()}}),
        encoding="utf-8",
    )
    return path


def test_score_prints_the_object_of_the_design(tmp_path: Path) -> None:
    done = moduong(
        "score", "--exercises", "exercises", "--module", "M02", "--answers", answers(tmp_path, GOLD), "--json"
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert set(data) == {"module", "points", "max_points", "items"}
    assert (data["module"], data["points"], data["max_points"]) == ("M02", 5.25, 20.0)
    found = {i["id"]: i for i in data["items"]}
    assert len(found) == 10
    assert found["M02-Q02"] == {
        "id": "M02-Q02",
        "points": 2.25,
        "max_points": 3.0,
        "state": "scored",
        "critical_met": None,
    }
    assert (found["M02-Q03"]["points"], found["M02-Q04"]["points"]) == (1.0, 2.0)
    assert (found["M02-Q09"]["points"], found["M02-Q09"]["state"]) == (None, "invalid")
    assert {found[i]["state"] for i in ("M02-Q01", "M02-Q06", "M02-Q10")} == {"blank"}


def test_completion_prints_the_object_of_the_design_without_a_workspace(tmp_path: Path) -> None:
    assert moduong("roster", "sample", tmp_path / "r", "--size", "demo", "--seed", "1", "--attempts").returncode == 0
    done = moduong(
        "completion",
        "--roster",
        tmp_path / "r",
        "--attempts",
        tmp_path / "r" / "attempts.csv",
        "--as-of",
        "2026-10-31",
        "--json",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert set(data) == {
        "as_of",
        "computed_at",
        "course_version",
        "target_set",
        "targets",
        "indicators",
        "rejected_rows",
        "warnings",
        "impossible",
    }
    assert {t["id"] for t in data["targets"]} >= {"CT70", "CT100B"}
    assert set(data["targets"][0]) == {
        "id",
        "numerator",
        "denominator",
        "percent",
        "met",
        "shortfall",
        "external",
        "rule",
        "by_corporation",
    }
    assert set(data["rejected_rows"][0]) == {"file", "line", "code", "message"}
    assert not (tmp_path / "workspace").exists()


def test_completion_in_the_terminal_lists_the_lowest_rate_first(tmp_path: Path) -> None:
    moduong("roster", "sample", tmp_path / "r", "--attempts")
    done = moduong(
        "completion",
        "--roster",
        tmp_path / "r",
        "--attempts",
        tmp_path / "r" / "attempts.csv",
        "--as-of",
        "2026-10-31",
        cwd=tmp_path,
    )
    parts = done.stdout.split("CT100B ")[0]
    found = re.findall(r"^ {4}(\S+) +(\d+)/(\d+) ", parts, re.MULTILINE)
    rates = [int(n) / int(d) for _, n, d in found]
    written = done.stdout.splitlines()
    assert (
        moduong(
            "completion",
            "--roster",
            tmp_path / "r",
            "--attempts",
            tmp_path / "r" / "attempts.csv",
            "--as-of",
            "31/10/2026",
        ).stdout.splitlines()
        == written
    )
    assert len(rates) == 9
    assert rates == sorted(rates) != sorted(rates, reverse=True)


@pytest.mark.parametrize(
    "old", ["goal: [7, 10]\n", "pass_mark: 16", "counts_from: 2023-12-29\n", "track: leader\n", "set: CTr01-2023\n"]
)
def test_no_number_is_printed_when_a_rule_is_undefined(tmp_path: Path, old: str) -> None:
    text = (ROOT / "course" / "course.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "course.yaml").write_text(
        text.replace(old, "\n" if old.endswith("\n") else "pass_mark: 0", 1), encoding="utf-8"
    )
    moduong("roster", "sample", tmp_path / "r", "--attempts")
    asked = ("--as-of", "2026-10-31", "--course", tmp_path)
    for command in (
        ("completion", "--roster", tmp_path / "r", "--attempts", tmp_path / "r" / "attempts.csv", "--json"),
        ("report", "--workspace", tmp_path / "w"),
    ):
        done = moduong(*command, *asked, MODUONG_NOW="2026-11-01T08:00+07:00")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("E-SYL-1: ")
    assert not list(tmp_path.rglob("report.*"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("completion", "--roster", "{r}", "--attempts", "{r}/attempts.csv", "--as-of", "2099-01-01"), "E-ASOF-1"),
        (("completion", "--roster", "{r}", "--attempts", "{r}/attempts.csv", "--as-of", "2023-12-28"), "E-ASOF-1"),
        (("completion", "--roster", "{r}", "--attempts", "{r}/attempts.csv", "--as-of", "10/31/2026"), "E-ASOF-2"),
        (("completion", "--roster", "nowhere", "--attempts", "{r}/attempts.csv", "--as-of", "2026-10-31"), "E-FILE-1"),
        (("completion", "--roster", "{latin}", "--attempts", "{r}/attempts.csv", "--as-of", "2026-10-31"), "ROS-09"),
        (("completion", "--roster", "{short}", "--attempts", "{r}/attempts.csv", "--as-of", "2026-10-31"), "ROS-01"),
        (("score", "--module", "M02", "--answers", "nowhere.json"), "E-FILE-1"),
        (("score", "--module", "M77", "--answers", "nowhere.json"), "E-MOD-2"),
        (("build", "M77", "--workspace", "{w}"), "E-MOD-1"),
        (("collect", "nowhere", "--workspace", "{w}"), "E-FILE-1"),
        (("roster", "sample", "{w}", "--size", "huge"), "E-SIZE-1"),
        (("release", "M02", "--workspace", "{w}"), "E-REL-4"),
    ],
)
def test_bad_input_gets_a_sentence_a_code_and_exit_2(tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    folders = {name: tmp_path / name for name in ("r", "latin", "short", "w")}
    for name in ("r", "latin", "short"):
        moduong("roster", "sample", folders[name], "--attempts")
    (folders["latin"] / "people.csv").write_bytes(
        "person_id,full_name,email,is_test,same_as\nCB-1,Nguy\xean,,,\n".encode("latin-1")
    )
    (folders["short"] / "people.csv").write_text("person_id,email,is_test,same_as\nCB-1,,,\n", encoding="utf-8")
    for lang in ("vi", "en"):
        done = moduong(*(a.format(**folders) for a in arguments), "--lang", lang, MODUONG_NOW="2026-11-01T08:00+07:00")
        assert done.returncode == 2, done.stdout
        assert done.stderr.startswith(f"{code}: ")
        assert "Traceback" not in done.stderr


def test_a_track_that_names_a_missing_module_is_refused(tmp_path: Path) -> None:
    author = Author(tmp_path).writes_course()
    path = author.course / "course.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("leader: [T01, T02]", "leader: [T01, T09]"), encoding="utf-8"
    )
    done = moduong("check", "--course", author.course, "--exercises", author.exercises)
    assert (done.returncode, "E-SYL-2" in done.stderr, "T09" in done.stderr) == (2, True, True)


def test_check_fails_on_an_essential_mistake_and_names_the_line(tmp_path: Path) -> None:
    author = Author(tmp_path).writes_course()
    path = author.writes("T01", SINGLE.replace("points: 2", "points: hai"))
    done = moduong("check", "T01", "--course", author.course, "--exercises", author.exercises, "--lang", "en")
    assert done.returncode == 1
    line = 1 + path.read_text(encoding="utf-8").splitlines().index("points: hai")
    assert f"exercise.md:{line}: E-ITEM-3 T01-Q01 points:" in done.stdout


def test_a_clock_without_offset_is_refused(tmp_path: Path) -> None:
    done = moduong("grade", "--workspace", tmp_path / "w", MODUONG_NOW="2026-11-01T08:00")
    assert (done.returncode, done.stderr[:8]) == (2, "E-NOW-1:")


def test_help_is_there_for_everybody() -> None:
    done = moduong("--help")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (ROOT / "README.md").read_text(encoding="utf-8").startswith("# Mở Đường")


def test_the_version_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["moduong", "--version"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert re.fullmatch(r"moduong \d+\.\d+\S*\n", capsys.readouterr().out)


def test_a_full_disk_is_a_sentence_wherever_it_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = Author(tmp_path).writes_course().course
    where = ["--workspace", str(tmp_path / "workspace"), "--course", str(course)]

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/dev/full")

    monkeypatch.setattr("grader.report.run.write", full)
    monkeypatch.setattr("sys.argv", ["moduong", "report", "--as-of", "2026-03-31", *where])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("E-WS-2: /dev/full: ")


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for command in (lambda: serve.instructor(tmp_path, port), lambda: serve.cadre(tmp_path, port, None)):
            with pytest.raises(ModuongError, match="E-SERVE-4"):
                command()
