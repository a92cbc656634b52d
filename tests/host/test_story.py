"""The story of one cadre in Chromium, at phone and desk size: letter, home, lesson, exercise, hand-in, receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.cadre_browser import chromium, follow, overflows, window
from tests.support.host_world import PHRASE, make_course, world

PRACTICE = '.md-question[data-item="M90-P01"]'
FIRST = '.md-question[data-item="M90-Q01"]'


def story(tab: Any, address: str, code: str) -> None:
    page = tab.page
    page.goto(f"{address}thu-moi#{code}")
    page.fill("#passphrase", PHRASE)
    page.get_by_role("button", name="Bắt đầu học").click()
    page.locator(".md-now .md-button").click()
    page.locator(f'{PRACTICE} input[value="A"]').check()
    page.locator(f"{PRACTICE} .md-verdict").wait_for()
    assert overflows(page) <= 0
    page.get_by_role("link", name="Sang bài tập chấm điểm").click()
    page.locator(FIRST).locator("input").first.check()
    page.locator(f"{FIRST} .md-status", has_text="Đã lưu lúc").wait_for()
    assert overflows(page) <= 0
    page.reload()
    page.locator(f"{FIRST} input:checked").wait_for()
    page.locator(f"{FIRST} .md-status", has_text="Đã lưu lúc").wait_for()
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("button", name="Vẫn nộp bài").click()
    page.locator(".md-receipt-box").wait_for()
    page.get_by_role("link", name="Về Trang chủ").click()
    page.locator('.md-module[data-state="sent"]').wait_for()
    assert tab.elsewhere == []
    assert tab.errors == []


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_letter_to_the_receipt(tmp_path: Path, width: int) -> None:
    course = make_course(tmp_path / "exchange")
    with world(tmp_path, course, worker=False) as here, chromium() as browser:
        tab = follow(window(browser, width).new_page())
        story(tab, f"http://127.0.0.1:{here.port}/", here.invite())
        assert [p.name.split("+")[:2] for p in here.host.settings.spool.iterdir()] == [["CB-000123", "M90"]]


def test_what_was_answered_without_network_goes_out_by_itself_and_two_tabs_lose_nothing(tmp_path: Path) -> None:
    course = make_course(tmp_path / "exchange")
    with world(tmp_path, course) as here, chromium() as browser:
        context = window(browser, 390)
        cadre = here.cadre()
        address = f"http://127.0.0.1:{here.port}/"
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cadre.cookies.items()])
        one, two = context.new_page(), context.new_page()
        for page in (one, two):
            page.goto(f"{address}bai/M90")
            page.locator(FIRST).wait_for()
        one.wait_for_function("navigator.serviceWorker.controller !== null")
        one.reload()
        one.locator(FIRST).wait_for()
        context.set_offline(True)
        one.locator(f'{FIRST} input[value="B"]').check()
        one.locator(f"{FIRST} .md-status", has_text="CHƯA LƯU ĐƯỢC").wait_for()
        one.reload()  # from the cache, with what the device keeps
        one.locator(f'{FIRST} input[value="B"]:checked').wait_for()
        one.close()
        cadre.saves("M90-Q01", "A", client="máy khác")
        context.set_offline(False)
        two.evaluate("window.dispatchEvent(new Event('online'))")  # sent from whatever page is open next
        deadline = 40
        while deadline and not (others := cadre.sheet()["specs"][0]["others"]):
            two.wait_for_timeout(250)
            deadline -= 1
        assert [o["value"] for o in others] == ["B"]
        two.reload()
        two.locator(f"{FIRST} .md-other").get_by_text("Dùng bản này").click()
        two.locator(f'{FIRST} input[value="B"]:checked').wait_for()
        two.locator(f"{FIRST} .md-status", has_text="Đã lưu lúc").wait_for()
        assert cadre.sheet()["specs"][0]["stored"]["value"] == "B"
