"""``moduong invite`` and ``moduong host``: a letter leads in, and what is handed in comes back as feedback."""

from __future__ import annotations

import re
import signal
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.host.settings import Settings
from grader.cli import app
from grader.commands.host import processes
from grader.feedback import publish as feedback
from grader.ground.errors import ModuongError
from grader.intake import spool
from tests.loop.test_pipeline import PEOPLE, POSTS, UNITS
from tests.support.host_world import Visitor, make_course, world
from tests.support.people import RIGHT, Coordinator, Instructor

PERSON = "CB-000001"


def invite(instructor: Instructor, *options: str) -> Path:
    out = instructor.root.parent / "thu.html"
    told = ["--workspace", str(instructor.root), "--course", str(instructor.author.course), "--out", str(out)]
    done = CliRunner().invoke(app, ["invite", *options, *told], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return out


def test_from_a_letter_to_feedback_through_the_real_grader(instructor: Instructor) -> None:
    Coordinator(instructor).enters(UNITS, PEOPLE, POSTS)
    letters = invite(instructor, "--unit", "TCT1", "--address", "https://hoc.example.vn/khoa")
    html = letters.read_text(encoding="utf-8")
    assert letters.stat().st_mode & 0o077 == 0
    assert html.count("<section>") == html.count("<svg") == 2
    assert "<script" not in html
    code = re.findall(r'<p class="code">([A-Z0-9-]+)</p>', html)[0]
    space, course_id = instructor.workspace, instructor.rules.course.id
    settings = processes.settings_of(space, course_id, "https://hoc.example.vn/", frozenset(), worker=True)
    with world(processes.folder_of(space), settings.course) as here:
        assert here.host.settings.database == settings.database
        cadre = Visitor(here)
        assert "Trần Thị Mẫu 001" in cadre.fills("/thu-moi", code=code).text
        cadre.opens_letter(code)
        for number, (item, value) in enumerate(RIGHT["T01"].items(), 1):
            assert "stored" in cadre.saves(item, value, person=PERSON, module="T01", number=number)
        receipt = cadre.sends("/nop", {"module": "T01", "attempt": 1}).json["state"]["receipt"]
        assert spool.forward(settings.spool, space.inbound(course_id)) == 1
        (taken,) = instructor.collects(hours_later=1)
        assert (taken.person, taken.module, taken.state) == (PERSON, "T01", "accepted")
        instructor.grades("T01")
        assert 'data-state="sent"' in cadre.gets("/").text
        feedback.publish(space, instructor.engine, instructor.rules, "T01")
        page = cadre.gets("/phan-hoi/T01/1")
        assert receipt["code"] in page.text
        assert 'class="card result passed"' in page.text
        assert "<style" not in page.text
        assert 'data-state="passed"' in cadre.gets("/").text


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--unit", "CS9"), "E-INVITE-1"),
        (("--person", "CB-9"), "E-INVITE-2"),
        ((), "E-INVITE-3"),
        (("--unit", "CS1", "--address", "ftp://x"), "E-HOST-1"),
    ],
)
def test_nobody_is_invited_by_mistake(instructor: Instructor, options: tuple[str, ...], code: str) -> None:
    Coordinator(instructor).enters(UNITS, PEOPLE, POSTS)
    with pytest.raises(ModuongError) as refused:
        invite(instructor, *options)
    assert refused.value.code == code
    assert not (processes.folder_of(instructor.workspace) / "host.db").exists()


def test_pages_start_as_a_process_that_is_told_nothing_of_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODUONG_WORKSPACE", "/bi-mat")
    course = make_course(tmp_path / "exchange")
    settings = Settings(course, tmp_path / "h" / "host.db", tmp_path / "h" / "spool", "http://127.0.0.1:8090/")
    pages, port = processes.start_pages(settings, processes.Door("127.0.0.1", 0))
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=20) as answer:
            assert answer.read() == b"ok"
        assert b"bi-mat" not in Path(f"/proc/{pages.pid}/environ").read_bytes()
        with pytest.raises(ModuongError) as taken:
            processes.start_pages(settings, processes.Door("127.0.0.1", port))
        assert taken.value.code == "E-HOST-2"
    finally:
        pages.send_signal(signal.SIGTERM)
    assert pages.wait(20) == 0
