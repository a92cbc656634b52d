"""Saves, hand-ins and reading on the cadres' server: acknowledged is committed, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.answers import AnswerSet, AnswerStore, parse
from course.host.store import learning
from course.host.store.clerk import Clerk
from course.released import read
from grader.intake import spool
from grader.intake.arrivals import from_exchange
from tests.support.host_world import Visitor, World, make_course, world
from tests.support.people import ROOT

ITEM = "M90-Q01"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("exchange"))


@pytest.fixture
def here(course: Path, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, course) as running:
        yield running


@pytest.fixture
def cadre(here: World) -> Visitor:
    return here.cadre()


def stored(here: World, item: str = ITEM) -> object:
    """Read the answer past the server, from the file."""
    with sqlite3.connect(here.host.settings.database) as other:
        row = other.execute("SELECT value FROM drafts WHERE item = ?", (item,)).fetchone()
    return None if row is None else json.loads(row[0])


def test_what_was_acknowledged_is_in_the_file(here: World, cadre: Visitor) -> None:
    said = cadre.saves(ITEM, "B")
    assert stored(here) == "B"
    assert (said["stored"]["value"], said["stored"]["empty"], said["others"]) == ("B", False, [])
    assert cadre.sheet()["specs"][0]["stored"]["value"] == "B"


def test_a_text_typed_on_an_older_version_is_kept_beside_and_shown(here: World, cadre: Visitor) -> None:
    first = cadre.saves(ITEM, "A")["stored"]["seq"]
    newer = cadre.saves(ITEM, "B", base=first, client="điện thoại")["stored"]["seq"]
    late = cadre.saves(ITEM, "C", base=first, client="máy bàn", number=9)
    assert (late["stored"]["value"], late["stored"]["seq"]) == ("B", newer)
    assert [o["value"] for o in late["others"]] == ["C"]
    assert [o["value"] for o in cadre.sheet()["specs"][0]["others"]] == ["C"]
    taken = cadre.saves(ITEM, "C", base=newer, client="máy bàn", number=10, away="máy bàn")
    assert (taken["stored"]["value"], taken["others"]) == ("C", [])
    with sqlite3.connect(here.host.settings.database) as other:
        assert other.execute("SELECT value, seen FROM others").fetchall() == [('"C"', 1)]  # put away, not deleted


def test_a_save_that_is_sent_twice_is_stored_once_and_a_lost_receipt_makes_no_second_text(cadre: Visitor) -> None:
    one = cadre.saves(ITEM, "A", client="x", number=1)["stored"]
    assert cadre.saves(ITEM, "A", client="x", number=1)["stored"] == one
    lost = cadre.saves(ITEM, "B", base=0, client="x", number=2)  # the page never heard of version one
    assert (lost["stored"]["value"], lost["others"]) == ("B", [])
    again = cadre.saves(ITEM, "A", base=0, client="x", number=1)  # an old copy of the first, late
    assert (again["stored"]["value"], again["others"]) == ("B", [])


def test_no_device_clock_decides(cadre: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cadre.saves(ITEM, "A")["stored"]["seq"]
    monkeypatch.setattr(time, "time_ns", lambda: 0)  # the server's own clock falls back to 1970
    second = cadre.saves(ITEM, "B", base=first, client="khác")["stored"]
    assert (second["value"], second["seq"]) == ("B", first + 1)


def test_one_unwritable_row_takes_nothing_else_with_it(tmp_path: Path) -> None:
    clerk = Clerk(tmp_path / "host.db")
    gate = threading.Event()
    clerk.ask(lambda _c: gate.wait(10))  # so that the next three share a commit
    write = "INSERT INTO tries VALUES (?, 1)"
    good, bad, also = (clerk.ask(lambda c, v=v: c.execute(write, (v,))) for v in ("a", "\ud800", "b"))
    gate.set()
    good.result(10)
    also.result(10)
    with pytest.raises(UnicodeEncodeError):
        bad.result(10)
    assert clerk.ask(lambda c: [r[0] for r in c.execute("SELECT who FROM tries")]).result(10) == ["a", "b"]
    clerk.close()


@pytest.mark.parametrize(
    "entry",
    [{"number": None}, {"item": "M90-Q99"}, {"variant": "x"}, {"client": ""}, {"base": 1.5}, {"module": "../M90"}],
)
def test_a_save_of_another_shape_is_refused_for_good(cadre: Visitor, entry: dict[str, object]) -> None:
    said = cadre.saves(**{"item": ITEM, "value": "A", **entry})
    assert said["final"]
    assert cadre.sheet()["specs"][0]["stored"] is None


def test_a_hand_in_arrives_as_the_notebook_edition_writes_it(
    here: World, cadre: Visitor, course: Path, tmp_path: Path
) -> None:
    cadre.saves(ITEM, "A")
    cadre.saves("M90-Q02", ["A", "B"], number=2)
    done = cadre.sends("/nop", {"module": "M90", "attempt": 1}).json["state"]
    assert (done["same"], done["receipt"]["answered"], done["receipt"]["attempt"]) == (True, 2, 1)
    inbound = tmp_path / "inbound"
    inbound.mkdir()
    assert spool.forward(here.host.settings.spool, inbound) == 1
    (arrived,) = from_exchange(inbound, None, frozenset())
    assert (arrived.person, arrived.module, arrived.refusal) == ("CB-000123", "M90", None)
    ours = parse(arrived.files["answers.json"])
    module = read(course / "outbound" / "M90")
    folder = tmp_path / "notebook"
    folder.mkdir()
    store = AnswerStore(folder, AnswerSet("M90", {}, module.course, module.release, "CB-000123", 1))
    store.put_all(ours.answers)
    assert json.loads((folder / "answers.json").read_bytes()) == json.loads(arrived.files["answers.json"])
    assert parse(arrived.files["answers.json"]).content_hash()[:8].upper() == done["receipt"]["code"]
    again = cadre.sends("/nop", {"module": "M90", "attempt": 1}).json["state"]
    assert again["receipt"]["code"] == done["receipt"]["code"]
    assert spool.forward(here.host.settings.spool, inbound) == 0  # a second click handed nothing in


def test_nothing_answered_and_an_old_page_are_not_handed_in(cadre: Visitor) -> None:
    assert cadre.sends("/nop", {"module": "M90", "attempt": 1}).status == 409
    cadre.saves(ITEM, "A")
    cadre.sends("/nop", {"module": "M90", "attempt": 1})
    cadre.saves(ITEM, "B", attempt=2, base=cadre.sheet()["specs"][0]["stored"]["seq"], client="mới")
    assert cadre.sends("/nop", {"module": "M90", "attempt": 1}).status == 409  # a page that has not seen attempt 2


def test_a_text_for_an_attempt_that_was_handed_in_is_kept_and_shown_in_the_next(cadre: Visitor) -> None:
    cadre.saves(ITEM, "A")
    cadre.sends("/nop", {"module": "M90", "attempt": 1})
    said = cadre.saves(ITEM, "B", attempt=1, client="ngoại tuyến")
    assert [o["value"] for o in said["others"]] == ["B"]
    assert said["stored"] is None or said["stored"]["value"] == "A"


def test_what_lies_in_the_spool_and_is_no_hand_in_stays_there(tmp_path: Path) -> None:
    box, inbound = tmp_path / "spool", tmp_path / "inbound"
    inbound.mkdir()
    name = "CB-1+M90+2026-11-30 08:00:00.000000 UTC+0123ABCD0123abcd"
    for folder, file in ((name, "la.txt"), ("..+M90+x", "answers.json"), (".tam", "answers.json")):
        (box / folder).mkdir(parents=True, exist_ok=True)
        (box / folder / file).write_text("x", encoding="utf-8")
    (box / name.replace("CB-1", "CB-2")).symlink_to(tmp_path)
    assert spool.forward(box, inbound) == 0
    assert list(inbound.iterdir()) == []


def test_practice_and_place_are_there_the_next_time(cadre: Visitor) -> None:
    found = cadre.sends("/thu", {"module": "M90", "item": "M90-P01", "variant": 0, "value": "A"}).json
    assert found["verdict"] == "Đúng rồi."
    assert cadre.gets("/tu-luyen/M90").json["specs"][0]["tried"]["value"] == "A"
    assert cadre.sends("/cho", {"module": "M90", "place": "p2"}).status == 200
    assert 'href="/hoc/M90#p2"' in cadre.gets("/").text
    assert "Học tiếp" in cadre.gets("/").text


def test_a_lesson_is_text_pictures_places_for_questions_and_labs_on_paper(cadre: Visitor) -> None:
    page = cadre.gets("/hoc/M90")
    assert 'data-practice="M90-P01"' in page.text
    assert "&lt;b&gt;thô&lt;/b&gt;" in page.text  # raw HTML is shown, not meant
    assert 'src="/tep/M90/images/a.svg"' in page.text
    assert "os.system(&#39;x&#39;)" in page.text  # foreign code is shown, never run
    assert "style=" not in page.text
    assert cadre.gets("/tep/M90/images/a.svg").headers["Content-Security-Policy"].endswith("sandbox")


def test_the_server_loads_no_kernel_no_widget_library_and_no_nbgrader() -> None:
    code = (
        "import sys; from course.host import server; from course.host.content import prose;"
        "prose.lab_on_paper('den-giao-thong');"
        "print({'nbgrader', 'anywidget', 'ipywidgets', 'IPython', 'grader', 'notebook'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def says(here: World, course: Path, **fields: object) -> None:
    """Publish a standing about the newest hand-in, as the ledger does."""
    done = here.do(lambda c: learning.hand_ins(c, "CB-000123", "M90"))
    digest = hashlib.md5((done[-1].secret + "M90").encode(), usedforsecurity=False).hexdigest()
    following = {"attempt": 2, "left": 2, "why": "", "from": None, **fields}
    states = [{"code": done[-1].code, "at": done[-1].at, "state": following.pop("state", "graded"), "why": ""}]
    passed = bool(following.pop("passed", False))
    said = {"schema": 1, "course": "truyen-thong-so", "module": "M90", "passed": passed, "next": following}
    (course / "standing").mkdir(exist_ok=True)
    (course / "standing" / f"{digest}.json").write_text(json.dumps({**said, "hand_ins": states}), encoding="utf-8")


def test_what_would_be_refused_is_stopped_before_it_is_handed_in(here: World, cadre: Visitor, course: Path) -> None:
    cadre.saves(ITEM, "A")
    cadre.sends("/nop", {"module": "M90", "attempt": 1})
    assert 'data-state="sent"' in cadre.gets("/").text
    assert "Lượt sau nộp được từ" in cadre.sheet()["state"]["stopped"]  # unread, but too early all the same
    seq = cadre.sheet()["specs"][0]["stored"] or {"seq": 0}
    cadre.saves(ITEM, "B", attempt=2, base=seq["seq"], client="mới")
    early = cadre.sends("/nop", {"module": "M90", "attempt": 2})
    assert early.status == 409
    assert len(list(here.host.settings.spool.iterdir())) == 1
    says(here, course, left=0)
    assert "hết lượt" in cadre.sheet()["state"]["stopped"]
    assert 'data-state="failed"' in cadre.gets("/").text
    assert "hết lượt" in cadre.gets("/phan-hoi/M90/1").text
    says(here, course, passed=True, state="passed")
    assert 'data-state="passed"' in cadre.gets("/").text
    says(here, course, state="pending_manual", why="E-ATT-MARK")
    assert 'data-state="pending"' in cadre.gets("/").text
    assert "đang chờ người chấm" in cadre.saves(ITEM, "C", attempt=2, client="mới", number=2)["state"]["stopped"]
    says(here, course)
    assert cadre.sheet()["state"]["stopped"] == ""
    assert cadre.sends("/nop", {"module": "M90", "attempt": 2}).status == 200


def test_an_attempt_that_was_not_counted_is_drawn_and_handed_in_again(
    here: World, cadre: Visitor, course: Path
) -> None:
    cadre.saves(ITEM, "A")
    cadre.sends("/nop", {"module": "M90", "attempt": 1})
    says(here, course, attempt=1, left=3, state="refused")
    sheet = cadre.sheet()
    assert sheet["attempt"] == 2  # of the page
    assert sheet["state"]["attempt"] == 1  # of the ledger
    assert [s["stored"]["value"] for s in sheet["specs"] if s["stored"]] == ["A"]  # the same bodies: the same answers
    cadre.saves(ITEM, "B", attempt=2, base=sheet["specs"][0]["stored"]["seq"], client="mới")
    assert cadre.sends("/nop", {"module": "M90", "attempt": 2}).status == 200
    found = [json.loads((e / "answers.json").read_bytes())["attempt"] for e in here.host.settings.spool.iterdir()]
    assert found == [1, 1]


def test_a_full_disk_acknowledges_nothing_and_takes_nothing_that_was_acknowledged(here: World, cadre: Visitor) -> None:
    cadre.saves(ITEM, "A")
    pages = here.do(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    here.do(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    entry = {
        "person": "CB-000123",
        "module": "M90",
        "attempt": 1,
        "item": "M90-Q10",
        "variant": 0,
        "value": "x" * 30_000,
    }
    full = cadre.sends("/luu", {"entries": [{**entry, "base": 0, "client": "t", "number": 1}]})
    assert full.status == 500
    assert "Câu trả lời đã lưu vẫn còn" in full.json["problem"]
    assert stored(here) == "A"
    assert stored(here, "M90-Q10") is None
    here.do(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert "stored" in cadre.saves("M90-Q10", "sau đó", number=2)
    assert stored(here, "M90-Q10") == "sau đó"


@pytest.mark.parametrize("path", ["/lam/M90", "/bai/M90", "/hoc/M90"])
def test_what_has_not_changed_is_not_sent_again(here: World, cadre: Visitor, path: str) -> None:
    first = cadre.gets(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = cadre.gets(path, If_None_Match=first.headers["Etag"])
    assert (again.status, again.body) == (304, b"")
    assert Visitor(here).gets(path, If_None_Match=first.headers["Etag"]).status == 302
    cadre.saves(ITEM, "A")
    assert cadre.gets("/lam/M90", If_None_Match=cadre.gets("/lam/M90").headers["Etag"]).status == 304
