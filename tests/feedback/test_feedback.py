"""Feedback pages as a cadre gets them.

Fetched with nbgrader's own class, looked at in Chromium, with nothing in them that is not theirs.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from grader.feedback import publish as feedback
from grader.feedback.page import ItemView, Page, PageData, data_block
from grader.feedback.publish import Published
from tests.support.people import RIGHT, WRONG, Cadre, Coordinator, Instructor, moduong, stock_nbgrader

ME, OTHER = "CB-000001", "CB-000002"
STATE = re.compile(r'<script type="application/json" id="moduong-state">(.*?)</script>', re.DOTALL)


def publishes(instructor: Instructor, module: str = "T01", people: list[str] | None = None) -> Published:
    return feedback.publish(instructor.workspace, instructor.engine, instructor.rules, module, people)


def fetches_feedback(cadre: Cadre, module: str) -> list[str]:
    """Fetch with stock nbgrader and return the pages, oldest first."""
    from nbgrader.exchange.default import ExchangeFetchFeedback

    shutil.rmtree(cadre.home / module / "feedback", ignore_errors=True)
    cadre.exchange._run(ExchangeFetchFeedback, module, cadre.home)
    return [p.read_text(encoding="utf-8") for p in sorted((cadre.home / module / "feedback").glob(f"*/{module}.html"))]


def data(page: str) -> dict[str, Any]:
    found = STATE.findall(page)
    assert len(found) == 1
    assert not set("<>&") & set(found[0])
    return dict(json.loads(found[0]))


def visible(page: str) -> str:
    import html

    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", " ", page, flags=re.DOTALL)))


def graded(
    instructor: Instructor, module: str = "T01", values: Any = None, hours: float = 0, person: str = ME
) -> Cadre:
    cadre = Cadre(person, instructor).answers(module, values)
    cadre.hands_in(module)
    instructor.collects(hours_later=hours)
    instructor.grades(module)
    return cadre


def test_a_pass_reaches_the_learner_through_stock_fetch_feedback(instructor: Instructor) -> None:
    cadre = graded(instructor)
    receipt = json.loads(next((cadre.home / "T01" / "bien-nhan").glob("*.json")).read_bytes())
    assert publishes(instructor) == Published(1, 1, 1, 0)
    (page,) = fetches_feedback(cadre, "T01")
    assert data(page) == {
        "module": "T01",
        "attempt": 1,
        "state": "passed",
        "points": 5.0,
        "max_points": 5.0,
        "pass_mark": 4.0,
        "critical_met": True,
        "attempts_left": 2,
        "next_attempt_at": "2026-03-03T03:00:00+07:00",
        "receipt_code": receipt["code"],
        "reason": "Điểm: 5 trên 5. Mức đạt: 4 điểm.",
    }
    folder = instructor.workspace.feedback(ME, "T01")
    assert {p.name for p in folder.iterdir()} == {"T01.html", "submission_secret.txt", "timestamp.txt"}
    text = visible(page)
    assert "Đạt học phần T01" in text
    assert "Hỏi tổ trưởng anh em nhận tin ở đâu." in text
    assert "Hiểu thói quen của nhóm rồi mới chọn kênh phù hợp." in text
    assert "câu trọng yếu: đạt" in text
    assert '<html lang="vi">' in page


def test_nothing_of_the_key_is_shown_to_who_chose_wrong(instructor: Instructor) -> None:
    cadre = graded(instructor, values=WRONG["T01"])
    publishes(instructor)
    (page,) = fetches_feedback(cadre, "T01")
    text = visible(page)
    assert data(page)["state"] == "not_passed"
    assert "Chi tiền quảng cáo cho bài viết." in text
    assert "Quảng cáo làm mạnh một kênh mà tổ có thể không dùng." in text
    for secret in (
        "Hỏi tổ trưởng",
        "Hiểu thói quen",
        "91.25",
        "91,25",
        "0.9125",
        "tol",
        "correct",
        str(instructor.workspace.root),
        "keys",
    ):
        assert secret not in page
    assert "câu trọng yếu: chưa đạt" in text
    assert "còn 2 lượt" in text
    assert "03:00 ngày 03/03/2026" in text


def test_the_four_states_of_an_item_are_told_apart(instructor: Instructor) -> None:
    cadre = graded(instructor, values={"T01-Q01": ["B"]})
    publishes(instructor)
    (page,) = fetches_feedback(cadre, "T01")
    text = visible(page)
    assert "chưa chấm được" in text
    assert "Hãy chọn một trong các phương án của câu hỏi." in text
    assert "chưa trả lời" in text
    assert "Có 1 câu chưa chấm được" in text
    cadre = graded(instructor, "T02")
    publishes(instructor, "T02")
    (page,) = fetches_feedback(cadre, "T02")
    assert "chờ chấm tay" in visible(page)
    assert "đã chấm" in visible(page)
    assert (data(page)["state"], data(page)["points"]) == ("pending_manual", None)
    assert "Máy đã chấm được 1 điểm; còn 1 câu chờ người chấm, nhiều nhất 4 điểm nữa." in visible(page)


def test_marks_and_comment_replace_the_waiting_page(instructor: Instructor) -> None:
    cadre = graded(instructor, "T02")
    publishes(instructor, "T02")
    instructor.marks(ME, "T02", "T02-Q01", 3.5, "Viết <b>tốt</b>, thiếu ngày.")
    instructor.grades("T02")
    assert publishes(instructor, "T02") == Published(1, 1, 1, 0)
    (page,) = fetches_feedback(cadre, "T02")
    assert (data(page)["state"], data(page)["points"]) == ("passed", 4.5)
    assert "Viết &lt;b&gt;tốt&lt;/b&gt;, thiếu ngày." in page


def test_only_changed_pages_are_written_and_released(instructor: Instructor) -> None:
    graded(instructor)
    graded(instructor, person=OTHER, values=WRONG["T01"])
    assert publishes(instructor) == Published(2, 2, 2, 0)
    pages = [instructor.workspace.feedback(p, "T01") / "T01.html" for p in (ME, OTHER)]
    before = [p.stat().st_mtime_ns for p in pages]
    assert publishes(instructor) == Published(2, 0, 0, 0)
    assert [p.stat().st_mtime_ns for p in pages] == before
    (instructor.workspace.exchange / "thu/feedback").joinpath(
        next((instructor.workspace.exchange / "thu/feedback").iterdir()).name
    ).unlink()
    assert publishes(instructor) == Published(2, 0, 1, 0)


def test_refused_duplicate_and_unreadable_hand_ins_get_a_page(instructor: Instructor) -> None:
    cadre = graded(instructor, values=WRONG["T01"])
    cadre.hands_in("T01")
    instructor.collects(hours_later=1)
    cadre.answers("T01").hands_in("T01")
    instructor.collects(hours_later=1)
    (cadre.home / "T01").rename(cadre.home / "giu")
    cadre.answers("T01").hands_in("T01")
    entry = max(instructor.workspace.inbound("thu").iterdir(), key=lambda p: p.stat().st_ctime_ns)
    for path in (entry / "answers.json", entry / "T01.ipynb"):
        path.chmod(0o644)
        path.write_text('{"schema": 1, "answers": {', encoding="utf-8")
    instructor.collects(hours_later=1)
    assert publishes(instructor) == Published(4, 4, 4, 0)
    pages = fetches_feedback(cadre, "T01")
    first, same, early, broken = (data(p) for p in pages)
    assert [d["state"] for d in (first, same, early, broken)] == ["not_passed", "not_passed", "refused", "unreadable"]
    assert same["receipt_code"] == first["receipt_code"]
    assert "giống hệt bài đã nhận" in visible(pages[1])
    assert early["next_attempt_at"] == "2026-03-03T03:00:00+07:00"
    assert early["attempts_left"] == 2
    assert "nộp lại được từ 03:00 ngày 03/03/2026" in visible(pages[2])
    assert (broken["receipt_code"], broken["points"], broken["attempts_left"]) == ("", None, 2)
    assert "Lần này không mất lượt nào." in visible(pages[3])
    top = (instructor.workspace.feedback(ME, "T01") / "T01.html").read_text(encoding="utf-8")
    assert data(top)["attempt"] == 1


def test_a_warning_of_the_intake_is_passed_on(instructor: Instructor) -> None:
    cadre = graded(instructor, values={**RIGHT["T01"], "T01-Q99": "thừa"})
    publishes(instructor)
    (page,) = fetches_feedback(cadre, "T01")
    assert data(page)["state"] == "passed"
    assert "T01-Q99" in visible(page)


def test_a_stranger_is_told_without_names(instructor: Instructor) -> None:
    Coordinator(instructor).enters(
        "unit_id,name,kind,parent_id,start,end,successor_id\n",
        f"person_id,full_name,email,is_test,same_as\n{ME},Trần Thị Mẫu 001,,,\n",
        "person_id,unit_id,post,start,end,decision_no\n",
    )
    cadre = Cadre(OTHER, instructor).answers("T01")
    cadre.hands_in("T01")
    (taken,) = instructor.collects()
    assert (taken.state, taken.code) == ("set_aside", "E-SUB-13")
    assert publishes(instructor) == Published(1, 0, 1, 0)
    (page,) = fetches_feedback(cadre, "T01")
    assert data(page)["state"] == "unreadable"
    assert "không có trong danh sách cán bộ" in visible(page)
    assert OTHER not in page
    assert publishes(instructor, people=[ME]) == Published(0, 0, 0, 0)


def test_a_mailed_hand_in_has_a_page_that_stock_release_feedback_can_take(instructor: Instructor) -> None:

    cadre = Cadre(ME, instructor).answers("T01")
    mailed = instructor.root / "thu"
    shutil.copytree(cadre.home / "T01", mailed / "bai-cua-toi")
    instructor.collects(source=mailed)
    instructor.grades("T01")
    assert publishes(instructor) == Published(1, 1, 0, 0)
    stock_nbgrader(instructor.workspace.root, "release_feedback", "T01")
    assert len(list((instructor.workspace.exchange / "thu/feedback").glob("*.html"))) == 1


@pytest.mark.parametrize("secret", [b"", b"../../x", b"a" * 5000, b"\xff\xfe" * 20])
def test_a_hand_in_with_a_bad_secret_stops_nobody(instructor: Instructor, secret: bytes) -> None:
    cadre = Cadre(ME, instructor).answers("T01")
    cadre.hands_in("T01")
    path = next(instructor.workspace.inbound("thu").iterdir()) / "submission_secret.txt"
    path.chmod(0o644)
    path.write_bytes(secret)
    instructor.collects()
    instructor.grades("T01")
    other = graded(instructor, person=OTHER)
    assert publishes(instructor) == Published(2, 2, 1, 0)
    assert len(fetches_feedback(other, "T01")) == 1


def test_a_void_attempt_is_told_without_the_reason(instructor: Instructor) -> None:
    from grader.gradebook import ledger_entries

    cadre = graded(instructor)
    publishes(instructor)
    with instructor.engine.begin() as connection:
        ledger_entries.void(connection, f"{ME}.T01.1", "chép bài của CB-000009", ["Trần A", "Lê B"], instructor.now)
    publishes(instructor)
    (page,) = fetches_feedback(cadre, "T01")
    assert (data(page)["state"], data(page)["points"]) == ("refused", None)
    assert "đã bị hủy" in visible(page)
    assert "CB-000009" not in page
    assert "Trần A" not in page


def test_pages_wait_for_regrade_when_the_key_has_changed(instructor: Instructor) -> None:
    graded(instructor)
    publishes(instructor)
    page = instructor.workspace.feedback(ME, "T01") / "T01.html"
    before = page.read_bytes()
    key = instructor.workspace.key("T01")
    changed = json.loads(key.read_bytes())
    changed["key_version"] = "0" * 16
    key.write_text(json.dumps(changed), encoding="utf-8")
    assert publishes(instructor) == Published(1, 0, 0, 1)
    assert page.read_bytes() == before
    page.unlink()
    assert publishes(instructor) == Published(1, 1, 1, 0)
    assert "Hỏi tổ trưởng" in page.read_text(encoding="utf-8")
    assert "Hiểu thói quen" not in page.read_text(encoding="utf-8")  # it would be about another key than the points


HOSTILE = (
    "</script><script>parent.hit=1</script>",
    "<img src=x onerror=\"document.title='hit'\">",
    "<svg/onload=\"document.title='hit'\">",
    "<iframe srcdoc=\"<script>parent.document.title='hit'</script>\"></iframe>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/x'>",
    "[bấm](javascript:alert(1)) ![x](http://127.0.0.1:9/x.png) <http://127.0.0.1:9/>",
    "$$\\href{javascript:alert(1)}{x}$$ {{ 7*7 }} {% raw %}",
    "\x1b[31mđỏ\x00 \u202egnuht",
    '<style>@import url(http://127.0.0.1:9/x.css)</style><div style="background:url(http://127.0.0.1:9/y)">',
    "]]>--></textarea></style></title><base href=http://127.0.0.1:9/>",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield chromium
        chromium.close()


def test_45_no_script_of_a_learner_runs_and_nothing_is_requested(instructor: Instructor, browser: Any) -> None:
    text = "\n".join(HOSTILE)
    graded(instructor, values={"T01-Q01": text, "T01-Q02": {"a": text[:60], "b": HOSTILE[1]}})
    graded(instructor, "T02", {"T02-Q01": text, "T02-Q02": text})
    instructor.marks(ME, "T02", "T02-Q01", 1, text)
    instructor.grades("T02")
    for module in ("T01", "T02"):
        publishes(instructor, module)
        path = instructor.workspace.feedback(ME, module) / f"{module}.html"
        asked: list[str] = []
        page = browser.new_page()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_timeout(300)
        assert asked == [path.as_uri()]
        assert "hit" not in page.title()
        assert page.evaluate("() => window.hit") is None
        assert page.evaluate("() => document.querySelectorAll('script').length") == 1
        assert (
            page.evaluate(
                "() => document.querySelectorAll('img,svg,iframe,form,object,embed,base,link,a,textarea').length"
            )
            == 0
        )
        assert page.evaluate("() => JSON.parse(document.getElementById('moduong-state').textContent).module") == module
        assert "{{ 7*7 }}" in page.inner_text("main") or module == "T01"
        page.close()


def test_the_policy_of_the_page_stops_what_escaping_might_miss(instructor: Instructor, browser: Any) -> None:
    graded(instructor)
    publishes(instructor)
    path = instructor.workspace.feedback(ME, "T01") / "T01.html"
    spoilt = path.with_name("spoilt.html")
    spoilt.write_text(
        path.read_text(encoding="utf-8").replace(
            "</main>", "<script>window.hit=1</script><img src=x onerror='window.hit=2'></main>"
        ),
        encoding="utf-8",
    )
    page = browser.new_page()
    page.goto(spoilt.as_uri())
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.hit") is None
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_and_reads_aloud(instructor: Instructor, browser: Any, width: int) -> None:
    graded(instructor, "T02", {**RIGHT["T02"], "T02-Q02": "đườngcơsở" * 60})
    publishes(instructor, "T02")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((instructor.workspace.feedback(ME, "T02") / "T02.html").as_uri())
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate("() => document.documentElement.lang") == "vi"
    assert page.locator("h1").count() == 1
    assert page.get_by_role("region", name="Kết quả").count() == 1
    assert page.get_by_role("region", name="Câu 1").count() == 1
    assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "16px"
    page.close()


def test_nothing_in_the_data_block_can_end_it() -> None:
    hostile = "</script><!--<script> & ]]>"
    block = str(data_block(PageData("T01", 1, "unreadable", None, None, None, None, 3, None, "", hostile)))
    assert not set("<>&") & set(block)
    assert json.loads(block)["reason"] == hostile


def test_the_command_publishes_every_module_and_says_what_it_did(instructor: Instructor) -> None:
    graded(instructor)
    options = ("--workspace", instructor.workspace.root, "--course", instructor.author.course)
    assert moduong("feedback", *options).stdout.splitlines() == [
        "T01: 1 trang phản hồi, viết mới 1, phát 1.",
        "T02: 0 trang phản hồi, viết mới 0, phát 0.",
    ]
    assert (
        moduong("feedback", "T01", "--lang", "en", *options).stdout == "T01: 1 feedback pages, 0 written, 0 released.\n"
    )


def test_what_a_page_may_say_is_a_closed_list() -> None:
    """A new column of the ledger cannot slip in."""
    assert {f.name for f in fields(Page)} == {
        "title",
        "person",
        "submitted",
        "headline",
        "summary",
        "next_step",
        "items",
        "data",
    }
    assert {f.name for f in fields(ItemView)} == {
        "title",
        "critical",
        "stem",
        "state",
        "points",
        "message",
        "lines",
        "text",
        "comment",
    }
    assert len(fields(PageData)) == 11
