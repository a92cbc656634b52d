"""The staff's pages: who comes in, who may do what where, what another site or an outsider cannot do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.desk.frame import menu, staff
from grader.desk.frame.base import below
from grader.desk.frame.staff import Grant
from grader.gradebook import nbgrader_bridge
from grader.ground.workspace import Workspace, open_workspace
from grader.report.write import NAMED_LOG
from grader.roster import lineage
from tests.support.desk_world import PHRASE, DeskWorld, Member, desk_world
from tests.support.host_world import make_course
from tests.support.union_builder import NOW, Union, course, nine_corporations, store

PAGES = ("/", "/so-lieu", "/tai-khoan", "/toi")


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Union:
    folder = tmp_path_factory.mktemp("union")
    made = nine_corporations(folder, 4)
    made.syllabus = course(folder)
    return made


@pytest.fixture(scope="module")
def space(union: Union, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = open_workspace(tmp_path_factory.mktemp("space") / "w", "thu")
    store(union, nbgrader_bridge.open_gradebook(made))
    return made


@pytest.fixture
def here(union: Union, space: Workspace, tmp_path: Path) -> Iterator[DeskWorld]:
    with desk_world(tmp_path, space, union.syllabus) as running:
        yield running


def test_a_code_leads_in_once_and_the_passphrase_from_then_on(here: DeskWorld) -> None:
    code, first = here.grant("lan", "coordinator", "C1"), Member(here)
    assert "Bà lan" in first.fills("/ma", code=code.lower()).text
    assert "dễ đoán" in first.fills("/ma", code=code, passphrase="12345678").text
    assert first.fills("/ma", code=code, passphrase=PHRASE).headers["Location"] == "/"
    assert "Bà lan" in first.gets("/").text
    assert Member(here).fills("/ma", code=code, passphrase="của người khác hẳn").status == 403
    later = Member(here)
    assert later.fills("/vao", login=" LAN ", passphrase="sai").status == 403
    assert later.fills("/vao", login=" LAN ", passphrase=PHRASE).status == 302
    cookie = later.cookies["moduong-ban"]
    later.fills("/ra")
    assert Member(here, {"moduong-ban": cookie}).gets("/").headers["Location"] == "/vao"


def test_every_page_of_every_module_needs_its_role(here: DeskWorld) -> None:
    found = menu.discover()
    assert {"coordinator_board", "coordinator_people"} <= set(found.modules)
    outsider, marker = Member(here), here.member("m", "marker")
    for place in (p for p in found.places if "(" not in p.path):
        assert place.roles <= set(staff.ROLES)
        assert outsider.gets(f"/{place.path}").status in {302, 405}
        if "marker" not in place.roles:
            assert marker.gets(f"/{place.path}").status in {403, 405}
            assert marker.fills(f"/{place.path}").status in {403, 405}
    assert "so-lieu" not in marker.gets("/").text


def test_a_coordinator_sees_her_own_units_and_no_other(here: DeskWorld) -> None:
    one = here.member("c1", "coordinator", "C1")
    page = one.gets("/so-lieu").text
    assert "C1" in page
    assert not re.search(r'value="C[2-9]"', page)
    for path in ("/so-lieu?corporation=C2", "/so-lieu?unit=C2-0001", "/tai-khoan?unit=C2-0001", "/so-lieu?unit=U"):
        assert one.gets(path).status == 403, path
    assert one.fills("/so-lieu", corporation="C2", sure="1").status == 403
    assert one.fills("/so-lieu/tep", corporation="C2").status == 403
    assert one.fills("/tai-khoan/thu", person="P1-1").status in {200, 403}
    everything = here.member("all", "coordinator").gets("/so-lieu").text
    assert re.search(r'value="C9"', everything)


def test_a_grant_reaches_down_and_never_sideways(union: Union) -> None:
    structure = lineage.on(union.roster().units, NOW.date(), union.syllabus.offices)
    reached = below(structure, ["C1"])
    assert "C1" in reached
    assert any(unit.endswith("-B1") for unit in reached)
    assert not any(unit.startswith("C2") for unit in reached)
    assert "U" not in reached
    assert below(structure, ["không-có"]) == frozenset()
    assert below(structure, [""]) == frozenset(structure.in_force)


def test_names_are_shown_after_they_were_confirmed_and_that_is_logged(here: DeskWorld) -> None:
    one = here.member("c1", "coordinator", "C1")
    assert not re.search(r"P\d+-\d", one.gets("/so-lieu").text)
    assert not re.search(r"P\d+-\d", one.fills("/so-lieu", corporation="C1").text)
    named = one.fills("/so-lieu", corporation="C1", sure="1").text
    assert re.search(r"P\d+-\d", named)
    assert ("c1", "named-list", "C1") in [line[1:] for line in here.do(staff.log)]
    kept = (here.host.space.reports() / NAMED_LOG).read_text(encoding="utf-8")
    assert '"by": "c1"' in kept


def test_a_request_of_another_site_changes_nothing(here: DeskWorld) -> None:
    one = here.member("c1", "coordinator", "C1")
    body = f"_xsrf={one.token()}&lang=en".encode()
    form = "application/x-www-form-urlencoded"
    for headers in ({"Origin": "https://noi-khac.example"}, {"Sec_Fetch_Site": "same-site"}):
        assert one.asks("POST", "/toi", body, Content_Type=form, **headers).status == 403
    assert one.asks("POST", "/toi", b"lang=en", Content_Type=form).status == 403
    assert 'lang="vi"' in one.gets("/").text
    one.fills("/toi", lang="en")
    assert 'lang="en"' in one.gets("/").text
    assert "Sign out" in one.gets("/toi").text


def test_a_role_taken_away_is_gone_at_once(here: DeskWorld) -> None:
    one = here.member("c1", "coordinator", "C1")
    assert one.gets("/so-lieu").status == 200
    here.do(lambda c: staff.revoke(c, "c1", Grant("coordinator", "C1"), "thử"))
    assert one.gets("/so-lieu").headers["Location"] == "/vao"


def test_the_policy_forbids_inline_and_the_database_is_its_owners_alone(here: DeskWorld) -> None:
    one = here.member("c1", "coordinator", "C1")
    for path in (*PAGES, "/khong-co", "/vao"):
        answer = one.gets(path)
        assert "script-src 'self'; style-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<style| style=| on[a-z]+=|<script>", answer.text), path
    assert here.host.settings.database.stat().st_mode & 0o077 == 0
    assert one.cookies["moduong-ban"].encode() not in here.host.settings.database.read_bytes()


def test_wrong_tries_slow_down_and_nobody_learns_who_exists(here: DeskWorld) -> None:
    here.grant("lan", "marker")
    said = []
    for login in ("lan", "khong-co"):
        one = Member(here)
        answers = [one.fills("/vao", login=login, passphrase="sai hẳn") for _ in range(6)]
        said.append([re.sub(r'value="[^"]*"', "", a.text) for a in answers[:1]])
        assert [a.status for a in answers] == [403] * 5 + [429]
    assert said[0] == said[1]


def test_letters_are_made_for_her_people_alone_and_hold_a_code_that_works(here: DeskWorld) -> None:
    one = here.member("c1", "coordinator", "C1")
    units = re.findall(r'name="units" value="([^"]+)"', one.gets("/tai-khoan").text)
    assert units
    assert not any(unit.startswith("C2") for unit in units)
    page = one.fills("/tai-khoan/thu", units=units[:1])
    codes = re.findall(r'class="code">([A-Z0-9-]+)<', page.text)
    people = re.findall(r'name="person" value="([^"]+)"', one.gets(f"/tai-khoan?unit={units[0]}").text)
    assert len(codes) == len(people) > 0
    assert "sha256-" in page.headers["Content-Security-Policy"]
    assert one.fills("/tai-khoan/thu", person="P-cua-noi-khac").status == 403
    assert one.fills("/tai-khoan/thu", units="C2-0001").status == 403
    assert "có thư, chưa vào" in one.gets(f"/tai-khoan?unit={units[0]}").text


def test_the_menu_shows_what_the_grants_allow(here: DeskWorld) -> None:
    whole, one, marker = (
        here.member("a", "coordinator"),
        here.member("c1", "coordinator", "C1"),
        here.member("m", "marker"),
    )
    assert "/danh-sach" in whole.gets("/").text
    assert "/danh-sach" not in one.gets("/").text
    assert one.gets("/danh-sach").status == 403
    assert one.fills("/danh-sach/quay-lai", sure="1").status == 403
    assert "/xem-nhu-can-bo" in marker.gets("/").text


def test_a_list_is_read_asked_about_taken_in_and_undone(here: DeskWorld) -> None:
    whole = here.member("a", "coordinator")
    header = "Họ và tên,Đơn vị,Chức vụ,Ngày bổ nhiệm\n"
    row = "Người Mới Toanh,CĐCS Công ty Điện lực Mẫu 0 – EVNGENCO1,Phó chủ tịch,01/10/2026\n"
    came = whole.uploads("/danh-sach/tep", "moi.csv", (header + row).encode())
    assert came.status == 302, came.text
    page = whole.gets("/danh-sach").text
    for _turn in range(8):
        if "Điều sẽ thay đổi" in page:
            break
        fields = re.findall(r'<select id="c\d+" name="(c\d+)">(.*?)</select>', page, re.DOTALL)
        chosen = {}
        for name, options in fields:
            best = re.search(r'value="([^"]+)" selected', options) or re.search(r'value="([^"]+)"', options)
            assert best
            chosen[name] = best[1].replace("&#34;", '"').replace("&amp;", "&")
        assert whole.fills("/danh-sach/tra-loi", **chosen).status == 302
        page = whole.gets("/danh-sach").text
    assert "Người Mới Toanh" in page
    assert "Đã nạp danh sách" in whole.fills("/danh-sach/nap").text
    known = whole.gets("/danh-sach").text
    assert "moi.csv" in known
    assert ", a:" in known  # by whom
    assert "Đã quay lại bản trước" in whole.fills("/danh-sach/quay-lai", sure="1").text
    assert "E-" in whole.uploads("/danh-sach/tep", "hong.xlsx", b"PK\x03\x04hong").text


def test_seeing_as_a_cadre_leaves_nothing(
    union: Union, space: Workspace, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    released = make_course(tmp_path_factory.mktemp("exchange"))
    with desk_world(tmp_path, space, union.syllabus, released) as here:
        one, marker = here.member("lan", "coordinator", "C1"), here.member("v", "operator")
        assert one.gets("/xem-nhu-can-bo").headers["Location"] == "/can-bo/"
        assert "đang xem như một cán bộ" in one.gets("/can-bo/").text
        sheet = one.gets("/can-bo/lam/M90").json
        assert sheet["person"] == "xem-lan"
        one.cookies["_xsrf"] = re.search(r'name="_xsrf" value="([^"]+)"', one.gets("/can-bo/toi").text)[1]  # type: ignore[index]
        entry = {"person": "xem-lan", "module": "M90", "attempt": 1, "item": "M90-Q01", "variant": 0, "value": "A"}
        entry |= {"base": 0, "client": "t", "number": 1}
        sent = json.dumps({"entries": [entry]}).encode()
        kind = {"Content_Type": "application/json", "X_XSRFToken": one.cookies["_xsrf"]}
        assert one.asks("POST", "/can-bo/luu", sent, **kind).json["results"][0]["stored"]["value"] == "A"
        asked = one.asks("POST", "/can-bo/nop", b'{"module": "M90", "attempt": 1}', **kind)
        assert asked.status == 409
        assert "không tốn lượt" in asked.json["problem"]
        assert one.gets("/xem-nhu-can-bo").status == 302
        assert one.gets("/can-bo/lam/M90").json["specs"][0]["stored"] is None
        for other in (marker, Member(here)):
            assert other.gets("/can-bo/").status == 302
            assert other.gets("/can-bo/lam/M90", Accept="application/json").status == 401
    assert not here.host.settings.pages.spool.exists()
    assert not here.host.settings.pages.database.exists()
