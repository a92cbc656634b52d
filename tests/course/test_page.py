"""What a notebook calls: a sentence instead of a traceback, text under nbgrader, no key in what the browser gets."""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course import drawing, markup, page, released, shown
from course.answers import AnswerSet, AnswerStore
from course.labs.shared import play
from tests.support.cadre_browser import make_module

KEYED: list[dict[str, Any]] = [
    {
        "id": "M90-P01",
        "type": "single",
        "points": "1",
        "critical": None,
        "component_min": None,
        "withdrawn": False,
        "simulated": False,
        "variants": [
            {
                "stem": "Việc nào trước?",
                "options": [{"id": "A", "text": "Hỏi"}, {"id": "B", "text": "Đăng"}],
                "correct": ["A"],
                "veto": [],
                "feedback": {"A": "Đúng: hỏi trước đã.", "B": "Chưa nên: chưa ai biết tin."},
                "explanation": "Nghe rồi mới nói.",
            }
        ],
    }
]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = make_module(tmp_path)
    (folder / "practice.json").write_text(json.dumps({"schema": 1, "items": KEYED}), encoding="utf-8")
    monkeypatch.setattr(released, "HERE", folder)
    monkeypatch.setenv("MODUONG_PERSON", "CB-000123")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    released.here.cache_clear()
    released._practice.cache_clear()
    yield folder
    released.here.cache_clear()
    released._practice.cache_clear()


@pytest.mark.parametrize("name", ["M90-Q99", "nope", "", "../../x", "M90-Q01 ", None, 7, "<script>"])
def test_an_unknown_question_is_a_vietnamese_sentence(module: Path, name: Any) -> None:
    for call in (page.ask, page.practice, page.lab):
        text = call(name).data
        assert "Traceback" not in text
        assert 'role="alert"' in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"items": {}}', b'{"items": [{"id": 3}, 7, {"id": "M90-Q01"}]}']
)
def test_damaged_questions_are_said_not_thrown(module: Path, content: bytes | None) -> None:
    for name in ("items.json", "practice.json"):
        (module / name).unlink() if content is None else (module / name).write_bytes(content)
    assert 'role="alert"' in page.ask("M90-Q01").data
    assert 'role="alert"' in page.practice("M90-P01").data


def test_a_damaged_item_is_said_not_thrown(module: Path) -> None:
    (module / "items.json").write_text(json.dumps({"items": [{"id": "M90-Q01", "variants": [{}]}]}), encoding="utf-8")
    assert "Chưa hiện được mục M90-Q01" in page.ask("M90-Q01").data


def test_a_question_of_a_newer_type_asks_for_an_update(module: Path) -> None:
    body = {"stem": "?"}
    newer = {"id": "M90-Q01", "type": "hologram", "points": "1", "withdrawn": False, "variants": [body]}
    (module / "items.json").write_text(json.dumps({"items": [newer]}), encoding="utf-8")
    assert "phần mềm trên máy này chưa có" in page.ask("M90-Q01").data


def test_under_nbgrader_the_answer_is_text_and_no_widget_is_loaded(module: Path) -> None:
    store = AnswerStore(module, AnswerSet("M90", {}))
    store.put("M90-Q08", "Bài <b>viết</b>\ncủa tôi", 0, 1)
    code = (
        "import sys; from course import ask, lab, practice\n"
        "print(ask('M90-Q08').data, ask('M90-Q01').data, practice('M90-P01').data, lab('mot-ngay-ba-ca').data[:30])\n"
        "print(sorted(m for m in ('anywidget', 'ipywidgets', 'pandas', 'pydantic', 'nbgrader', 'sqlalchemy') if "
        "m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=module,
        env={"NBGRADER_EXECUTION": "autograde", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Bài &lt;b&gt;viết&lt;/b&gt;\ncủa tôi" in done.stdout
    assert "(chưa trả lời)" in done.stdout
    assert done.stdout.endswith("[]\n")


def test_a_learner_kernel_loads_nothing_heavy(module: Path) -> None:
    code = (
        "import sys; from course import ask, lab, practice\n"
        "[ask(f'M90-Q{n:02}') for n in range(1, 11)]; practice('M90-P01'); lab('dong-ho-2028')\n"
        "print(sorted(m for m in ('pandas', 'pydantic', 'nbgrader', 'sqlalchemy', 'matplotlib', 'numpy') if m in "
        "sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=module, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_labs_are_the_files_that_there_are() -> None:
    assert len(play.names()) == 10
    for name in ("os", "../page", "mot_ngay_ba_ca.py", "course.page", "__init__"):
        assert 'role="alert"' in page.lab(name).data


@pytest.mark.parametrize("name", play.names())
def test_every_lab_can_be_shown_and_done_on_paper(name: str) -> None:
    view = page.lab(name)
    assert view.shown["parts"]
    assert play.named(name).TITLE in view.paper


def test_a_lab_that_fails_still_has_its_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    from course.labs import mot_ngay_ba_ca

    monkeypatch.setattr(page, "_BOXES", {})
    monkeypatch.setattr(mot_ngay_ba_ca, "show", lambda _state: 1 // 0)
    text = page.lab("mot-ngay-ba-ca").data
    assert "chưa chạy được" in text
    assert mot_ngay_ba_ca.TITLE in text


def test_the_variant_is_the_one_of_design_4() -> None:
    wanted = int(hashlib.sha256(b"CB-000123|M02-Q04|2").hexdigest(), 16) % 3
    assert released.draw("CB-000123", "M02-Q04", 2, 3) == wanted
    assert {released.draw(f"CB-{n}", "M02-Q04", 1, 3) for n in range(50)} == {0, 1, 2}


def test_the_second_rule_draws_no_body_twice_before_all_have_come() -> None:
    first: set[int] = set()
    for n, size in itertools.product(range(60), (1, 2, 3, 4)):
        drawn = [released.draw(f"CB-{n}", "M02-Q04", attempt, size, drawing.NO_REPEAT) for attempt in range(1, 9)]
        assert all(len(set(drawn[at : at + size])) == size for at in range(8 - size))
        assert drawn == [released.draw(f"cb-{n}", "M02-Q04", attempt, size, 2) for attempt in range(1, 9)]
        first.add(drawn[0])
    assert first == {0, 1, 2, 3}


def test_a_release_names_its_rule_of_the_draw(tmp_path: Path) -> None:
    item = {"id": "M02-Q04", "variants": [{}, {}, {}]}
    for data, rule in (({}, drawing.SEPARATE), ({"draw": 1}, drawing.SEPARATE), ({"draw": 2}, drawing.NO_REPEAT)):
        (tmp_path / "items.json").write_text(json.dumps({**data, "items": [item]}), encoding="utf-8")
        found = released.read(tmp_path)
        wanted = [released.draw("CB-1", "M02-Q04", attempt, 3, rule) for attempt in (1, 2, 3)]
        assert [found.asked.draw("CB-1", item, attempt) for attempt in (1, 2, 3)] == wanted
        assert found.asked.draws("CB-1", "M02-Q04", 2, wanted[1])
        assert not found.asked.draws("CB-1", "M02-Q09", 2, wanted[1])
    (tmp_path / "items.json").write_text(json.dumps({"draw": 3, "items": [item]}), encoding="utf-8")
    with pytest.raises(released.NotShown, match="bản mới hơn"):
        released.read(tmp_path)


def test_options_stand_in_an_order_of_this_person_and_attempt() -> None:
    options = [{"id": i, "text": i} for i in "ABCDEF"]

    def order(person: str, attempt: int) -> str:
        return "".join(o["id"] for o in shown.shuffled(options, person, attempt, "M02-Q04"))

    assert order("CB-1", 1) == order("CB-1", 1)
    assert len({order(f"CB-{n}", a) for n in range(20) for a in (1, 2)}) > 30
    assert sorted(order("CB-1", 2)) == list("ABCDEF")


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    else:
        yield str(data)


def test_what_the_browser_gets_of_a_keyed_item_holds_no_key() -> None:
    spec = shown.question(KEYED[0], 0, "CB-000123", 1)
    text = "\n".join(_strings(spec))
    for secret in ("correct", "feedback", "Đúng:", "Chưa nên", "Nghe rồi", "explanation"):
        assert secret not in text


def test_feedback_speaks_of_what_was_chosen_only() -> None:
    spec = shown.question(KEYED[0], 0, "CB-000123", 1)
    letter = next(o["letter"] for o in spec["options"] if o["id"] == "B")
    found = shown.feedback(KEYED[0], spec, 0, "B")
    assert found["verdict"] == "Chưa đúng. Anh/chị thử lại nhé."
    assert found["notes"] == [{"right": False, "about": letter, "html": "Chưa nên: chưa ai biết tin."}]
    assert "Nghe rồi mới nói." in found["explanation"]
    assert shown.feedback(KEYED[0], spec, 0, None)["verdict"] == "Anh/chị chưa trả lời câu này."
    assert shown.feedback(KEYED[0], spec, 0, "Z")["notes"] == []


def test_numbers_are_echoed_as_understood() -> None:
    spec = {
        "type": "number",
        "parts": [{"id": "a", "unit": "%"}, {"id": "b", "unit": "người"}, {"id": "c", "unit": ""}],
    }
    said = shown.echoes(spec, {"a": "91.25", "b": "1.200", "c": "1e3", "x": "1"})
    assert said == {
        "a": "Đọc là 91,25%.",
        "b": "Đọc là 1200 người.",
        "c": "Chưa đọc được là một số. Viết như 91,25 hoặc 1.200.",
    }
    assert shown.echoes(spec, ["1"]) == {}
    assert shown.echoes(spec, {"a": 7, "b": None}) == {}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](http://a/b.png)",
        "<http://a.b>",
        '<img src="x" onerror="y">',
    ],
)
def test_markdown_of_questions_can_do_nothing(text: str) -> None:
    for html in (markup.block(text), markup.inline(text)):
        assert not any(bad in html for bad in ("<script", "<img", "<a ", "href="))


def test_titles_are_read_from_ids() -> None:
    assert [shown.title(i) for i in ("M02-Q04", "M02-P11", "M02-R1", "DA-X")] == [
        "Câu 4",
        "Câu tự luyện 11",
        "Câu nhớ lại 1",
        "Câu DA-X",
    ]
