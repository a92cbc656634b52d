"""``moduong invite`` and ``moduong host``: a letter leads in, and what is handed in comes back as feedback."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.host.settings import Settings
from grader.cli import app
from grader.commands.host import processes, tls
from grader.feedback import publish as feedback
from grader.ground.errors import ModuongError
from grader.intake import spool
from tests.loop.test_pipeline import PEOPLE, POSTS, UNITS
from tests.support.host_world import Visitor, make_course, world
from tests.support.people import RIGHT, ROOT, Coordinator, Instructor

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
        assert pages.args[0].endswith("bwrap")  # type: ignore[index,union-attr]
        with pytest.raises(ModuongError) as taken:
            processes.start_pages(settings, processes.Door("127.0.0.1", port))
        assert taken.value.code == "E-HOST-2"
    finally:
        processes.ask_to_end(pages)
    assert pages.wait(20) == 0


CURIOUS = '''
import asyncio, io, json, os, socket, sys
from tornado.web import RequestHandler
from course.host import server
class Run(RequestHandler):
    """Whoever took the process over: runs what it is given."""
    def check_xsrf_cookie(self): pass
    def post(self):
        said = {"found": None}
        try:
            exec(self.request.body.decode(), said)
        except BaseException as error:
            said["found"] = f"{type(error).__name__}: {error}"
        self.finish(json.dumps({"found": repr(said["found"])}))
made = server.application
def application(host):
    app = made(host)
    app.add_handlers(".*", [("/run", Run)])
    return app
server.application = application
from course.host.__main__ import main
main()
'''
TRIES = {
    "key": "found = open({root!r} + '/keys/T01.json').read()",
    "gradebook": "found = open({root!r} + '/gradebook.db', 'rb').read(16)",
    "desk": "found = open({root!r} + '/desk.db', 'rb').read(16)",
    "workspace": "found = os.listdir({root!r})",
    "exercises": "found = os.listdir({exercises!r})",
    "our own exercises": "found = os.listdir({repository!r} + '/exercises')",
    "grader": "import grader; found = grader.__file__",
    "somebody's file": "found = open({secret!r}).read()",
    "parent": "found = open(f'/proc/{{os.getppid()}}/environ').read(); assert 'TMPDIR_OF_STAFF' in found",
    "other processes": "found = [p for p in os.listdir('/proc') if p.isdigit() and int(p) > 50]; assert found",
    "released course": "open({course!r} + '/course.json', 'a').write(' '); found = 'written'",
    "standing": "open({course!r} + '/standing/x.json', 'w').write(''); found = 'written'",
    "inbound": "os.mkdir({course!r} + '/inbound/CB-1+T01+x'); found = 'written'",
    "another account": "os.setuid(0 if os.getuid() else 1); found = open({root!r} + '/gradebook.db').read()",
}


def test_who_took_the_public_process_over_finds_no_key_gradebook_exercise_or_session_of_staff(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR_OF_STAFF", "/bi-mat")
    Coordinator(instructor).enters(UNITS, PEOPLE, POSTS)
    space, course_id = instructor.workspace, instructor.rules.course.id
    done = ["--workspace", str(space.root), "--course", str(instructor.author.course)]
    told = CliRunner().invoke(app, ["desk", "grant", "lan", "--role", "coordinator", "--unit", "all", *done])
    assert told.exit_code == 0, told.output
    settings = processes.settings_of(space, course_id, "http://127.0.0.1:8090/", frozenset(), worker=True)
    command = processes.pages_command(settings, program=("-c", CURIOUS))
    assert command.how == "box"
    pages, port = processes.start_pages(settings, processes.Door("127.0.0.1", 0), command)
    secret = instructor.root.parent / "thu-rieng.txt"
    secret.write_text("riêng", encoding="utf-8")
    places = {
        "secret": str(secret),
        "root": str(space.root), "exercises": str(instructor.author.exercises), "course": str(settings.course),
        "repository": str(ROOT),
    }  # fmt: skip

    def runs(code: str) -> str:
        body = ("import os\n" + code.format(**places)).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/run", body, timeout=20) as answer:
            return str(json.load(answer)["found"])

    try:
        assert (space.root / "keys" / "T01.json").exists()
        assert (space.root / "desk.db").exists()
        for name, code in TRIES.items():
            found = runs(code)
            assert re.match(r"[\"'](FileNotFound|Permission|Module|AssertionError|OSError|ProcessLookup)", found), (
                name,
                found,
            )
        assert "course.json" in runs("found = os.listdir({course!r})")  # what it needs is there
        assert "'host.db'" in runs("open('x', 'w').write('a'); found = os.listdir('.')")
    finally:
        processes.ask_to_end(pages)
        pages.wait(20)


def test_caddy_takes_what_it_is_told_and_what_deploy_holds(tmp_path: Path) -> None:
    sites = [tls.Site("https://hoc.lan:9443/khoa/", 8090), tls.Site("https://ban.hoc.lan:9443/", 8091)]
    mine = tmp_path / "Caddyfile"
    mine.write_text(tls.caddyfile(sites, internal=True, store=tmp_path / "c"), encoding="utf-8")
    for path in (mine, ROOT / "deploy" / "Caddyfile"):
        command = ["caddy", "validate", "--config", str(path), "--adapter", "caddyfile"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={"HOME": str(tmp_path)})
        assert done.returncode == 0, done.stderr
    settings = Settings(tmp_path, tmp_path / "host.db", tmp_path, "https://hoc.example.vn/")
    given = json.loads((ROOT / "deploy" / "moduong-pages.json").read_text(encoding="utf-8"))
    assert given.keys() == json.loads(processes.told(settings, processes.Door("127.0.0.1", 8090))).keys()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--address", "http://hoc.lan/"), "E-HOST-3"),
        (("--address", "https://hoc.lan/", "--desk-address", "https://hoc.lan:8091/"), "E-HOST-9"),
        (("--only", "may-in"), "E-HOST-1"),
        ((), "E-HOST-10"),
        (("--demo",), "E-HOST-5"),
    ],
)
def test_what_would_be_unsafe_is_not_opened(instructor: Instructor, options: tuple[str, ...], code: str) -> None:
    told = ["--workspace", str(instructor.root), "--course", str(instructor.author.course)]
    with pytest.raises(ModuongError) as refused:
        CliRunner().invoke(app, ["host", *options, *told], catch_exceptions=False)
    assert refused.value.code == code
