"""The way in, and those who try it without being invited."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.host.store import accounts, tries
from course.host.store.accounts import shown_code
from tests.support.host_world import PHRASE, Visitor, World, make_course, world


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("exchange"))


@pytest.fixture
def here(course: Path, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, course) as running:
        yield running


def test_a_letter_leads_in_once_and_the_passphrase_from_then_on(here: World) -> None:
    code = here.invite()
    first = Visitor(here)
    assert "Người Thử" in first.fills("/thu-moi", code=shown_code(code).lower()).text
    assert "dễ đoán" in first.opens_letter(code, "12345678").text
    assert first.opens_letter(code).headers["Location"] == "/"
    assert "Người Thử" in first.gets("/").text
    assert Visitor(here).opens_letter(code, "cụm từ của người khác").status == 403  # used up
    later = Visitor(here)
    decomposed = "no\u0301n la\u0301 xanh be\u0302\u0301n"  # as an iPhone may type it
    assert later.signs_in(" cb-000123 ", decomposed).status == 302
    assert "Người Thử" in later.gets("/").text


def test_a_new_code_resets_and_ends_every_session_and_voids_the_code_before(here: World) -> None:
    old = here.cadre()
    first, second = here.invite(), here.invite()
    assert Visitor(here).opens_letter(first).status == 403
    assert old.gets("/").status == 200  # until the code is used
    assert Visitor(here).opens_letter(second, "một cụm từ khác hẳn").status == 302
    assert old.gets("/").status == 302
    assert Visitor(here).signs_in("CB-000123", PHRASE).status == 403


def test_sign_out_ends_the_session_and_tells_the_browser_to_forget(here: World) -> None:
    cadre = here.cadre()
    kept = dict(cadre.cookies)
    gone = cadre.fills("/ra")
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert Visitor(here, kept).gets("/").status == 302


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(here: World) -> None:
    code, victim = here.invite(), Visitor(here, {"moduong-phien": "gieo-san"})
    victim.opens_letter(code)
    assert victim.cookies["moduong-phien"] != "gieo-san"
    assert Visitor(here, {"moduong-phien": "gieo-san"}).gets("/").status == 302
    mine = Visitor(here, {"moduong-phien": victim.cookies["moduong-phien"]})
    before = mine.cookies["moduong-phien"]
    mine.signs_in("CB-000123", PHRASE)
    assert mine.cookies["moduong-phien"] != before
    assert Visitor(here, {"moduong-phien": before}).gets("/").status == 302


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(here: World) -> None:
    visitor = Visitor(here)
    said = visitor.opens_letter(here.invite()).headers.get_all("Set-Cookie") or []
    session = next(line for line in said if line.startswith("moduong-phien="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(session.split("; "))
    assert not any("Domain" in line for line in said)


@pytest.mark.parametrize("headers", [{"Origin": "https://noi-khac.example"}, {"Sec_Fetch_Site": "cross-site"}, {}])
def test_a_request_of_another_site_changes_nothing(here: World, headers: dict[str, str]) -> None:
    cadre = here.cadre()
    token = cadre.token() if headers else "doan"
    body = b'{"module": "M90", "place": "p2"}'
    asked = cadre.asks("POST", "/cho", body, Content_Type="application/json", X_XSRFToken=token, **headers)
    assert asked.status == 403
    form = cadre.asks(
        "POST", "/ra", f"_xsrf={token}".encode(), Content_Type="application/x-www-form-urlencoded", **headers
    )
    assert form.status == 403
    assert cadre.gets("/").status == 200


def test_json_that_a_form_could_send_is_not_taken(here: World) -> None:
    cadre = here.cadre()
    asked = cadre.asks("POST", "/cho", b'{"module": "M90"}', Content_Type="text/plain", X_XSRFToken=cadre.token())
    assert asked.status == 415


def test_nobody_learns_whether_a_person_exists(here: World) -> None:
    here.cadre(letter=True)
    here.invite("CB-000777", "Chưa Mở Thư")
    said, took = [], []
    for person in ("CB-000123", "CB-000777", "CB-999999"):
        visitor = Visitor(here)
        visitor.token()
        began = time.perf_counter()
        answer = visitor.signs_in(person, "sai hoàn toàn")
        took.append(time.perf_counter() - began)
        said.append((answer.status, re.sub(r'(name="_xsrf" value=|name="person" value=)"[^"]*"', "", answer.text)))
    assert said[0] == said[1] == said[2]
    assert min(took) > max(took) / 10  # a hash is worked out for nobody too


def test_wrong_tries_slow_down_for_all_ids_alike_and_lock_out_no_known_device(here: World) -> None:
    known = here.cadre(letter=True)
    known.fills("/ra")
    for person in ("CB-000123", "CB-999999"):
        name = tries.who(person, "")
        here.do(lambda c, name=name: [tries.wrong(c, name) for _ in range(5)])
        assert Visitor(here).signs_in(person, PHRASE).status == 429
    assert known.signs_in("CB-000123", PHRASE).status == 302  # where she signed in before
    waits = []
    for wrong in range(12):
        here.do(lambda c, n=str(wrong): [tries.wrong(c, n) for _ in range(int(n))])
        waits.append(here.do(lambda c, n=str(wrong): tries.wait(c, n)))
    assert waits[:5] == [0] * 5
    assert 14 < waits[5] <= 15
    assert 29 < waits[6] <= 30
    assert max(waits) <= 900


def test_nothing_of_another_person_can_be_read_or_written(here: World) -> None:
    mine, other = here.cadre(), here.cadre("CB-000456")
    mine.saves("M90-Q01", "A")
    mine.sends("/nop", {"module": "M90", "attempt": 1})
    assert other.sheet()["specs"][0]["stored"] is None
    assert other.gets("/phan-hoi/M90/1").status == 404
    assert mine.gets("/phan-hoi/M90/1").status == 200
    said = other.saves("M90-Q01", "B")  # an entry of her page, sent with his session: it waits for her
    assert "problem" in said
    assert "final" not in said
    assert other.sheet()["specs"][0]["stored"] is None
    assert "CB-000123" not in other.gets("/toi/du-lieu").text
    assert mine.gets("/toi/du-lieu").json["drafts"][0]["value"] == "A"


PATHS = (
    "/tep/M90/../../course.json",
    "/tep/M90/images/..%2f..%2fitems.json",
    "/tep/M90/items.json",
    "/tep/M90/practice.json",
    "/hoc/..",
    "/t/../server.py",
    "/phan-hoi/M90/../1",
    "/lam/M90%00",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_what_a_page_shows(here: World, path: str) -> None:
    answer = here.cadre().gets(path)
    assert answer.status == 404
    assert "Không có trang này" in answer.text


@pytest.mark.parametrize("path", ["/", "/hoc/M90", "/bai/M90", "/toi", "/toi/du-lieu", "/tep/M90/images/a.svg"])
def test_without_a_session_every_page_leads_to_the_sign_in(here: World, path: str) -> None:
    assert Visitor(here).gets(path).headers["Location"] == "/vao"
    assert Visitor(here).gets("/lam/M90", Accept="application/json").status == 401


def test_large_bodies_and_deep_json_are_refused_and_the_server_lives(here: World) -> None:
    cadre = here.cadre()
    assert cadre.sends("/cho", {"module": "M" * 600_000}).status == 413
    deep = b'{"entries": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    asked = cadre.asks("POST", "/luu", deep, Content_Type="application/json", X_XSRFToken=cadre.token())
    assert asked.status == 400
    assert "dài quá" in cadre.saves("M90-Q10", "x" * 41_000)["problem"]
    assert cadre.gets("/health").text == "ok"


def test_every_answer_carries_the_policy_and_no_page_holds_inline_code_or_style(here: World) -> None:
    cadre = here.cadre()
    for path in ("/", "/hoc/M90", "/bai/M90", "/toi", "/khong-co", "/vao"):
        page = cadre.gets(path)
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "<style" not in page.text
        assert " style=" not in page.text
        assert " onclick=" not in page.text


def test_a_name_with_markup_is_text(here: World) -> None:
    visitor = Visitor(here)
    visitor.opens_letter(here.invite(name="<script>alert(1)</script>"))
    assert "<script>alert" not in visitor.gets("/").text
    assert "&lt;script&gt;" in visitor.gets("/").text


def test_codes_and_tokens_are_not_in_the_file(here: World) -> None:
    code, cadre = here.invite("CB-000456"), here.cadre(letter=True)
    here.do(lambda c: c.execute("SELECT 1"))
    raw = here.host.settings.database.read_bytes()
    assert code.encode() not in raw
    assert cadre.cookies["moduong-phien"].encode() not in raw
    assert PHRASE.encode() not in raw
    assert b"$argon2id$" in raw
    assert here.host.settings.database.stat().st_mode & 0o077 == 0


def test_everything_lies_below_the_base_address(course: Path, tmp_path: Path) -> None:
    with world(tmp_path, course, base="/khoa-hoc/") as here:
        cadre = here.cadre()
        assert cadre.cookies
        page = cadre.gets("/khoa-hoc/hoc/M90").text
        assert 'href="/khoa-hoc/bai/M90"' in page
        assert 'src="/khoa-hoc/t/app-' in page
        assert 'href="/' not in page.replace('href="/khoa-hoc/', "")
        assert cadre.gets("/hoc/M90").status == 404


def test_health_and_figures_are_for_this_machine(here: World) -> None:
    here.cadre().saves("M90-Q01", "A")
    assert "moduong_host_saves_total 1" in Visitor(here).gets("/metrics").text
    assert Visitor(here).gets("/metrics", X_Forwarded_For="10.0.0.1").status == 404
    assert accounts.CODE_DAYS == 30


def test_slow_clients_take_nobodys_place(here: World) -> None:
    cadre = here.cadre()
    slow = [socket.create_connection(("127.0.0.1", here.port)) for _ in range(200)]
    try:
        for number, one in enumerate(slow):
            one.sendall(
                b"POST /luu HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n{" if number % 2 else b"GET / HTT"
            )
        began = time.perf_counter()
        assert cadre.gets("/").status == 200
        assert time.perf_counter() - began < 5
    finally:
        for one in slow:
            one.close()
    assert cadre.gets("/health").text == "ok"
