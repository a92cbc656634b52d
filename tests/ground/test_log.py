"""The log: one line an event, text or JSON, with ids and codes; never an answer, a name or a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from grader import cli
from grader.ground.journal import log
from tests.support.people import RIGHT, Cadre, Instructor


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    logger = logging.getLogger(log.NAME)
    before = list(logger.handlers), logger.level, logger.propagate
    monkeypatch.setenv(log.VARIABLE, "")
    yield
    logger.handlers, logger.level, logger.propagate = before


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_batch_is_a_line_per_attempt_without_answers(
    instructor: Instructor, capsys: pytest.CaptureFixture[str]
) -> None:
    for person in ("CB-1", "CB-2"):
        Cadre(person, instructor).answers("T01").hands_in("T01")
    broken = next(instructor.workspace.inbound("thu").glob("CB-2+*"))
    for name in ("answers.json", "T01.ipynb"):
        (broken / name).write_text("{", encoding="utf-8")
    instructor.engine.dispose()
    where = ["--workspace", str(instructor.root), "--course", str(instructor.author.course)]
    with instructor.workspace.config.open("a", encoding="utf-8") as config:
        config.write("\nc.Moduong.hosts = ['root']\n")
    for words in (["collect"], ["grade", "--jobs", "1"], ["feedback"]):
        cli.app(["--log", "json", *words, *where], standalone_mode=False)
    said = capsys.readouterr().err
    found = lines(said)
    assert [one["event"] for one in found if one["event"] == "begin"] == ["begin"] * 3
    (fine,) = [one for one in found if one["event"] == "taken" and one.get("person") == "CB-1"]
    assert (fine["attempt"], fine["module"], fine["state"]) == ("CB-1.T01.1", "T01", "accepted")
    assert {"time", "level"} <= fine.keys()
    (bad,) = [one for one in found if one["event"] == "taken" and one is not fine]
    assert bad["level"] == "warning"
    assert str(bad["code"]).startswith("E-")
    (graded,) = [one for one in found if one["event"] == "graded"]
    assert (graded["person"], graded["attempt"], graded["state"]) == ("CB-1", "CB-1.T01.1", "graded")
    secret = next(instructor.root.glob("attempts/CB-1/T01/1/submission_secret.txt")).read_text(encoding="utf-8")
    for hidden in (secret, str(RIGHT["T01"]["T01-Q02"]["a"])):
        assert hidden not in said


def test_text_has_the_same_fields_and_one_line_whatever_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr("sys.stderr", heard)
    log.listen("text")
    log.listen("text")
    log.event("taken", person="CB-1\nERROR giả", attempt="CB-1.T01.1", level=logging.WARNING, count=0)
    (line,) = heard.getvalue().splitlines()
    assert " WARNING taken " in line
    assert line.endswith('person="CB-1\\nERROR giả" attempt="CB-1.T01.1" count=0')


def test_without_the_option_nothing_is_logged_and_the_operators_file_may_ask_for_it(
    instructor: Instructor, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--workspace", str(instructor.root), "--course", str(instructor.author.course)]
    instructor.engine.dispose()
    cli.app(["collect", *where], standalone_mode=False)
    assert capsys.readouterr().err == ""
    config = instructor.workspace.config
    config.write_text(config.read_text(encoding="utf-8") + "\nc.Moduong.log = 'json'\n", encoding="utf-8")
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    cli.app(["collect", *where], standalone_mode=False)
    assert [one["event"] for one in lines(capsys.readouterr().err)] == ["taken"]
