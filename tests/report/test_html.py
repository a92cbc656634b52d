"""The report page in a real browser: what is read first, search and sort, width, requests, paper, accessibility."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from grader.completion import quarters
from grader.report import pdf as report_pdf
from grader.report import write as report
from grader.report.page import Options
from tests.support.cadre_browser import ARGS
from tests.support.union_builder import Union, nine_corporations


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield chromium
        chromium.close()


def _report(union: Union, **more: Any) -> Path:
    folder = union.folder / "reports"
    folder.mkdir(exist_ok=True)
    days = quarters.ends(date(2025, 12, 31), date(2026, 10, 31))
    history = [union.completion(day.isoformat()) for day in days]
    return report.write(
        folder, union.completion(), union.roster(), union.syllabus, "vi", simulated=True, history=history, **more
    )


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(nine_corporations(tmp_path_factory.mktemp("union"), 40))


def _open(browser: Any, path: Path, width: int = 1280, **context: Any) -> tuple[Page, list[str], list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 800}, **context).new_page()
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto(path.as_uri())
    return page, requests, errors


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_requested_nothing_fails_and_nothing_runs_over(browser: Any, page_file: Path, width: int) -> None:
    page, requests, errors = _open(browser, page_file, width)
    assert requests == [page_file.as_uri()]
    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_first_screen_answers_the_question(browser: Any, page_file: Path) -> None:
    page, _, _ = _open(browser, page_file)
    for selector in (".percent", ".goal-line", ".sentence", ".dated", ".stamp", ".bars tbody tr:last-child"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, selector
    assert page.locator(".first .bars tbody tr").count() == 9


def test_bars_end_where_their_share_is(browser: Any, page_file: Path) -> None:
    page, _, _ = _open(browser, page_file)
    for row in page.locator(".first .bars tbody tr").all():
        n, d = (int(part) for part in row.locator("td").nth(2).inner_text().split("/"))
        track, bar = row.locator(".track").bounding_box(), row.locator("rect").nth(1).bounding_box()
        assert track is not None
        assert bar is not None
        assert abs(bar["width"] / track["width"] - n / d) < 0.01


def test_search_folds_accents_and_finds_hidden_units(browser: Any, page_file: Path) -> None:
    page, _, _ = _open(browser, page_file)
    rows = page.locator("#units tbody tr:visible")
    everything = page.locator("#units tbody tr").count()
    assert rows.count() < everything
    page.fill("#find", "dien luc mau 17")
    assert rows.count() == 1
    assert "Mẫu 17" in rows.first.inner_text()
    page.fill("#find", "phan xuong")
    assert rows.count() == 40
    page.fill("#find", "")
    page.check("#small")
    assert rows.count() == everything
    assert str(everything) in page.locator("#count").inner_text()


def test_sorting_by_rate_goes_up_then_down_and_hidden_come_last(browser: Any, page_file: Path) -> None:
    page, _, _ = _open(browser, page_file)
    page.check("#small")
    header = page.locator("#units th", has_text="Tỉ lệ")

    def column() -> list[float | None]:
        texts = page.locator("#units tbody tr td:nth-child(7)").all_inner_texts()
        return [
            float(text.split("\N{NO-BREAK SPACE}")[0].replace(",", ".")) if text[0].isdigit() else None
            for text in texts
        ]

    header.locator("button").click()
    up = column()
    shown = [value for value in up if value is not None]
    assert shown == sorted(shown)
    assert up[len(shown) :] == [None] * (len(up) - len(shown))
    assert header.get_attribute("aria-sort") == "ascending"
    header.locator("button").press("Enter")
    down = [value for value in column() if value is not None]
    assert down == sorted(shown, reverse=True)
    assert header.get_attribute("aria-sort") == "descending"


def test_without_its_script_the_page_is_complete(browser: Any, page_file: Path) -> None:
    page, _, errors = _open(browser, page_file, java_script_enabled=False)
    assert page.locator("#units tbody tr:visible").count() == page.locator("#units tbody tr").count()
    assert page.locator(".tools").is_hidden()
    assert errors == []


def test_the_whole_page_is_named_in_noto_sans(browser: Any, page_file: Path) -> None:
    page, _, _ = _open(browser, page_file)
    fonts = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => getComputedStyle(e).fontFamily))]")
    assert [font for font in fonts if not font.startswith('"Noto Sans"')] == []


def test_two_thousand_units_stay_small_and_sort(browser: Any, tmp_path: Path) -> None:
    """How fast: bench/completion.py."""
    path = _report(nine_corporations(tmp_path, 1000))  # each with a section
    assert path.stat().st_size <= 2_000_000
    page, _, _ = _open(browser, path)
    page.check("#small")
    names = page.locator("#units tbody tr td:first-child, #units tbody tr th:first-child")
    assert names.count() >= 2000
    before = names.nth(0).inner_text()
    for _ in range(2):
        page.locator("#units th button").first.click()
    assert names.nth(0).inner_text() != before


def test_it_prints_on_a4_with_searchable_text(page_file: Path, tmp_path: Path) -> None:
    pdf = report_pdf.write(page_file, tmp_path / "report.pdf")
    about = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size:\s+59[45]\.\d+ x 84[12]\.\d+ pts \(A4\)", about)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for words in (
        "Công đoàn Điện lực Việt Nam",
        "CĐCS Công ty Điện lực Mẫu 17",
        "Đến hết ngày 31/10/2026",
        "Cách dự báo và giả định",
    ):
        assert words in " ".join(text.split())
    assert "lượt mô phỏng, số khởi tạo 1" in text  # folded on the screen, open on paper
    assert "Tìm đơn vị" not in text  # nothing to search with on paper


def test_every_printed_page_of_the_unit_table_has_its_headings(page_file: Path, tmp_path: Path) -> None:
    pdf = report_pdf.write(page_file, tmp_path / "report.pdf")
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout.split(
        "\f"
    )
    with_rows = [page for page in pages if "CĐCS Công ty Điện lực Mẫu" in page]
    assert len(with_rows) > 1
    assert [page[:200] for page in with_rows if not re.search(r"Mã +Đơn vị +Loại", page)] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_unit_table_shows_all_its_columns_without_scrolling_sideways(
    browser: Any, page_file: Path, width: int
) -> None:
    page, _, _ = _open(browser, page_file, width)
    table = page.locator(".scroll", has=page.locator("#units"))
    assert table.evaluate("e => e.scrollWidth - e.clientWidth") == 0


def test_print_leaves_out_the_rows_without_figures(page_file: Path, tmp_path: Path) -> None:
    pdf = report_pdf.write(page_file, tmp_path / "report.pdf")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "Phân xưởng Mẫu 17" not in text
    assert "Bản in không gồm" in text


@pytest.mark.skipif(
    importlib.util.find_spec("axe_playwright_python") is None, reason="pip install axe-playwright-python"
)
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("named", [False, True])
def test_axe_finds_nothing_serious(browser: Any, tmp_path: Path, width: int, named: bool) -> None:
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    path = _report(nine_corporations(tmp_path, 12), options=Options(named=named))
    page, _, _ = _open(browser, path, width, bypass_csp=True)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run().then(result => result.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html.slice(0, "
        "120)).slice(0, 3)]))"
    )
    assert [one for one in found if one[0] in {"serious", "critical"}] == []
