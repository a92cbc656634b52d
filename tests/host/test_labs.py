"""All ten labs in the host's page in Chromium: by mouse at desk size, by keyboard at telephone size."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from course.labs import phong_bien_tap
from course.labs.ban_oasis import GOOD_GOAL
from course.labs.shared import play
from tests.support.cadre_browser import Tab, chromium, follow, overflows, window
from tests.support.host_world import World, make_course, world

STEPS: dict[str, list[tuple[str, str, str]]] = {
    "bam-roi-doc-ma": [
        ("tick", "Bỏ dòng lặp", ""),
        ("pick", "Ngày chốt", "30/6/2026"),
        ("press", "Chạy", "Có bao nhiêu dòng?"),
        ("pick", "Muốn biết gì?", "Tỉ lệ trên số lãnh đạo mỗi tổng công ty?"),
        ("press", "Chạy", "dòng đã đổi hoặc thêm"),
    ],
    "ban-oasis": [
        ("slide", "Tin ngắn trong nhóm Zalo của tổ", "Giờ công: 12/40"),
        ("press", "Thêm mười bài fanpage", "Trước → sau"),
        ("write", "Soi mục tiêu", GOOD_GOAL),
        ("press", "Soi mục tiêu", "Có 5/5 ý."),
    ],
    "den-giao-thong": [
        ("press", "Ghi và xem bản sau", "Hãy chọn một màu đèn"),
        ("radio", "Vàng", ""),
        ("pick", "Lý do chính", "Chưa được phép của người trong ảnh, của tác giả"),
        ("press", "Ghi và xem bản sau", "Bản nháp 2 trên 12"),
    ],
    "dong-ho-2028": [
        ("slide", "Số người học xong mỗi quý (người)", "Đạt chỉ tiêu 70%"),
        ("press", "Xem số nhỏ nhất mỗi quý", "18 người"),
    ],
    "duyet-anh": [
        ("pick", "1. Dây an toàn", "Bỏ"),
        ("press", "Xem kết quả", "Ổn: 1/8"),
        ("press", "Che tất cả rồi xem", "Ổn: 4/8"),
    ],
    "gieo-tin-gac-tin": [
        ("tick", "Ngụy tạo", ""),
        ("tick", "Mạo danh", ""),
        ("tick", "Kích động", ""),
        ("press", "Gieo tin", "10 → 35 → 122 → 427"),
        ("press", "Ảnh gốc", "Còn 4 phút"),
        ("pick", "Kết luận của anh/chị", "Trang giả"),
        ("press", "Kết luận", "mới là đoán"),
    ],
    "mot-ngay-ba-ca": [
        ("pick", "Lượt gửi tin 1", "Họp tổ, 7 giờ"),
        ("pick", "Lượt gửi tin 2", "Nhóm Zalo, 9 giờ"),
        ("pick", "Lượt gửi tin 3", "Nhóm Zalo, 20 giờ"),
        ("press", "Xem kết quả", "còn dưới 80%: 3 ca 4 kíp"),
    ],
    "pheu-mau-so": [
        ("tick", "Tính cả người đã chuyển đi", "14 người đã chuyển đi"),
        ("radio", "Từ 25%", "tính theo số chỉ gấp"),
        ("tick", "Giữ câu 1", ""),
        ("press", "Xem nhận xét", "Giữ đúng 1 câu"),
    ],
    "phong-bien-tap": [
        ("write", "Bài của anh/chị", phong_bien_tap.SAMPLE),
        ("see", "", "6/6 đồng hồ đạt"),
        ("press", "Xem bản đẹp mà sai", "có hai chỗ sai"),
    ],
    "sau-muoi-phut": [
        ("pick", "Mười phút này anh/chị làm gì?", "Giữ an toàn ca trực"),
        ("press", "Làm việc này", "Phút 10:"),
        ("pick", "Mười phút này anh/chị làm gì?", "Lưu, hỏi, xếp mức"),
        ("press", "Làm việc này", "Phút 20:"),
    ],
}

TOO_SMALL = """() => [...document.querySelectorAll('.md-lab :is(button, select, textarea, .md-option, [type=range])')]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML)"""


class Mouse:
    """Clicks."""

    def __init__(self, tab: Tab) -> None:
        self.page = tab.page

    def press(self, target: Any) -> None:
        target.click()

    tick = radio = press

    def pick(self, target: Any, option: str) -> None:
        target.select_option(label=option)  # the list itself is the system's

    def slide(self, target: Any) -> None:
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        self.page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)

    def write(self, target: Any, text: str) -> None:
        target.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)


class Keyboard:
    """Only keys: Tab forward to each control, from where the last one left the focus."""

    def __init__(self, tab: Tab) -> None:
        self.page = tab.page

    def reach(self, target: Any) -> None:
        wanted = target.element_handle()
        for _ in range(80):
            if self.page.evaluate("e => document.activeElement === e", wanted):
                shown = "getComputedStyle(document.activeElement.closest('.md-option') ?? document.activeElement)"
                assert self.page.evaluate(f"{shown}.outlineStyle") != "none"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached by keyboard")

    def press(self, target: Any) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Any) -> None:
        self.reach(target)
        self.page.keyboard.press("Space")

    def radio(self, target: Any) -> None:
        group = target.locator("xpath=ancestor::fieldset[1]").locator("input")
        checked = [n for n in range(group.count()) if group.nth(n).is_checked()]
        self.reach(group.nth(checked[0] if checked else 0))
        place = target.evaluate("e => [...e.closest('fieldset').querySelectorAll('input')].indexOf(e)")
        if not checked:
            self.page.keyboard.press("Space")
        for _ in range(place - (checked[0] if checked else 0)):
            self.page.keyboard.press("ArrowDown")

    def pick(self, target: Any, option: str) -> None:
        self.reach(target)
        texts = target.locator("option").all_inner_texts()
        for _ in range(texts.index(option) - target.evaluate("e => e.selectedIndex")):
            self.page.keyboard.press("ArrowDown")

    def slide(self, target: Any) -> None:
        self.reach(target)
        self.page.keyboard.press("End")

    def write(self, target: Any, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)


def use(tab: Tab, name: str, hands: Mouse | Keyboard) -> None:
    """Take the steps of one lab, and see what each leads to."""
    lab = tab.page.get_by_role("region", name=play.named(name).TITLE, exact=True)
    lab.wait_for()
    roles = {"tick": "checkbox", "radio": "radio", "pick": "combobox", "slide": "slider", "write": "textbox"}
    if isinstance(hands, Keyboard):
        lab.locator(".md-parts").evaluate("e => { e.tabIndex = -1; e.focus(); }")  # here the cadre stands
    for kind, label, more in STEPS[name]:
        if kind == "press":
            target = lab.get_by_role("button", name=label, exact=True)
            if isinstance(hands, Keyboard):  # a button above the place of focus is reached from the lab's beginning
                lab.locator(".md-parts").evaluate("e => e.focus()")
            hands.press(target)
        elif kind != "see":
            target = lab.get_by_role(roles[kind], name=label).first
            if isinstance(hands, Keyboard):
                lab.locator(".md-parts").evaluate("e => e.focus()")
            getattr(hands, kind)(target, *((more,) if kind in {"pick", "write"} else ()))
        if kind in {"press", "see", "tick", "radio", "slide"} and more:
            lab.locator(".md-say", has_text=more).first.wait_for(timeout=5_000)
        if kind == "press":
            assert target.evaluate("e => e === document.activeElement")  # focus stays where it was
    assert not lab.locator(".md-hint").is_visible() if lab.locator(".md-hint").count() else True
    if folder := os.environ.get("MODUONG_SCREENSHOTS"):
        width = tab.page.viewport_size["width"]
        lab.screenshot(path=Path(folder) / f"lab-{name}-{width}.png")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("host")
    course = make_course(folder / "exchange")
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# Mười phòng\n\n## Thực hành"}]
    cells += [{"cell_type": "code", "metadata": {}, "source": f'lab("{name}")'} for name in play.names()]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4}
    (course / "outbound" / "M90" / "bai-hoc.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with world(folder, course) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


def lesson(here: World, browser: Any, width: int) -> Tab:
    context = window(browser, width)
    address = f"http://127.0.0.1:{here.port}/"
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in here.cadre().cookies.items()])
    tab = follow(context.new_page())
    tab.page.goto(f"{address}hoc/M90")
    return tab


@pytest.mark.parametrize(("width", "hands"), [(1280, Mouse), (390, Keyboard)])
def test_all_ten_labs_are_used(here: World, browser: Any, width: int, hands: type[Mouse | Keyboard]) -> None:
    tab = lesson(here, browser, width)
    for name in play.names():
        use(tab, name, hands(tab))
        assert overflows(tab.page) <= 0, name
    assert tab.page.locator(".md-paper[open]").count() == 0  # the version on paper is put away, not gone
    assert tab.page.evaluate(TOO_SMALL) == []
    violations = Axe().run(tab.page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []
    tab.clean()


def test_without_network_the_paper_is_there_and_the_step_is_made_up_for(here: World, browser: Any) -> None:
    tab = lesson(here, browser, 390)
    lab = tab.page.get_by_role("region", name="60 phút")
    lab.wait_for()
    tab.page.route("**/lab/**", lambda route: route.abort())
    lab.get_by_role("button", name="Làm việc này").click()
    tab.page.get_by_text("Phòng thực hành cần có mạng.").wait_for()
    tab.page.unroute("**/lab/**")
    tab.page.evaluate("window.dispatchEvent(new Event('online'))")
    lab.get_by_text("Phút 10:").first.wait_for()
    assert not tab.page.get_by_text("Phòng thực hành cần có mạng.").is_visible()


def test_a_page_of_an_older_edition_begins_the_lab_anew(here: World, browser: Any) -> None:
    tab = lesson(here, browser, 390)
    lab = tab.page.get_by_role("region", name="60 phút")
    lab.wait_for()

    def older(route: Any) -> None:
        route.continue_(**({"post_data": '{"state": {"old": 1}}'} if route.request.method == "POST" else {}))

    tab.page.route("**/lab/sau-muoi-phut", older)
    lab.get_by_role("button", name="Làm việc này").click()
    tab.page.get_by_text("trang mở lại từ đầu").wait_for()
    assert lab.get_by_text("Phút 0:").first.is_visible()
