"""The start page: who is learning, where they stand, what is missing; the notebook is the same for everybody."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from course import handin, identity, published, start_page
from course.answers import ZONE, AnswerSet, AnswerStore
from course.published import Rule
from course.widgets import progress
from grader.feedback import page as feedback_page
from tests.support.cadre_browser import make_module

RULE = Rule("M90", "Mọi loại câu", "20", "15", 3)
NOW = datetime(2026, 11, 1, 21, 14, tzinfo=ZONE)


def page(**changes: Any) -> bytes:
    data: dict[str, Any] = {
        "module": "M90",
        "attempt": 1,
        "state": "not_passed",
        "points": 11.5,
        "max_points": 20.0,
        "pass_mark": 15.0,
        "critical_met": None,
        "attempts_left": 2,
        "next_attempt_at": "2026-11-02T09:14:00+07:00",
        "receipt_code": "",
        "reason": "Điểm: 11,5 trên 20.",
    }
    block = feedback_page.data_block(feedback_page.PageData(**{**data, **changes}))
    return f'<html><script type="application/json" id="moduong-state">{block}</script></html>'.encode()


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return make_module(tmp_path)


def stand(module: Path, *pages: bytes) -> tuple[str, str]:
    results = [r for p in pages if (r := start_page.read_result(p))]
    found = start_page.standing(RULE, module, results, "")
    assert found.label == start_page.STATES[found.state]
    return found.state, found.detail


def answer(module: Path, *names: str) -> None:
    store = AnswerStore(module, AnswerSet("M90", {}, person="CB-000123"))
    for name in names:
        store.put(f"M90-{name}", "A", 0, 1)


def test_every_state_is_told_apart(module: Path, tmp_path: Path) -> None:
    assert start_page.standing(RULE, tmp_path / "M91", [], "").state == "missing"
    assert stand(module) == ("new", "10 câu, 20 điểm, mức đạt 15.")
    answer(module, "Q01", "Q02")
    assert stand(module) == ("working", "2 trên 10 câu đã trả lời.")
    code = handin.pack(module, NOW).receipt.code
    assert stand(module)[0] == "sent"
    assert stand(module)[1].startswith(f"Nộp lúc 21:14 ngày 01/11/2026, mã {code}.")
    assert stand(module, page(receipt_code="0000"))[0] == "sent", "an older attempt's result says nothing of this one"
    judged = page(receipt_code=code)
    assert stand(module, judged) == (
        "failed",
        "11,5 trên 20 điểm, mức đạt 15. Còn 2 lượt, nộp lại được từ 09:14 ngày 02/11/2026.",
    )
    assert stand(module, page(receipt_code=code, state="pending_manual", points=None))[0] == "pending"
    assert stand(module, page(receipt_code=code, attempts_left=0))[1].endswith(
        "Đã hết lượt làm bài; anh/chị liên hệ điều phối viên."
    )
    refused = page(receipt_code=code, state="refused", points=None, reason="Hai lượt phải cách nhau 12 giờ")
    assert stand(module, refused)[1].startswith(
        "Bài nộp gần nhất không được tính. Hai lượt phải cách nhau 12 giờ. Còn 2 lượt"
    )
    assert stand(module, page(state="passed", points=15.0), judged) == ("passed", "15 trên 20 điểm"), (
        "once passed, passed"
    )


def test_a_lesson_alone_is_practice(tmp_path: Path) -> None:
    folder = tmp_path / "M00"
    folder.mkdir()
    (folder / "bai-hoc.ipynb").write_text("{}", encoding="utf-8")
    assert start_page.standing(RULE, folder, [], "").state == "practice"


@pytest.mark.parametrize(
    "block",
    [
        "",
        "{",
        "[]",
        "7",
        '{"state": 3}',
        '{"points": 1}',
        '{"state": "passed", "points": "x", "attempts_left": []}',
        '{"state": "passed"}',
    ],
)
def test_damaged_pages_never_break_the_start_page(module: Path, block: str) -> None:
    answer(module, "Q01")
    stand(module, f'<script type="application/json" id="moduong-state">{block}</script>'.encode(), b"\xff\xfe", b"")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"items": 3}', b"\xff"])
def test_damaged_questions_and_answers_never_break_the_start_page(module: Path, content: bytes) -> None:
    (module / "answers.json").write_bytes(content)
    assert stand(module)[0] == "new"
    (module / "items.json").write_bytes(content)
    assert stand(module)[0] == "new"


def test_what_remains_is_said_in_one_sentence(module: Path) -> None:
    one = start_page.standing(RULE, module, [], "")
    assert start_page.remaining([one], "cộng tác viên") == (
        "Đã đạt 0 trên 1 học phần của lộ trình cộng tác viên. Để được tính là đã bồi dưỡng, còn: M90."
    )
    done = start_page.standing(RULE, module, [r for r in [start_page.read_result(page(state="passed"))] if r], "")
    assert start_page.remaining([done], "cộng tác viên").endswith("đã bồi dưỡng.")


def test_rules_come_from_the_syllabus() -> None:
    course = yaml.safe_load((Path(start_page.__file__).parent / "course.yaml").read_text(encoding="utf-8"))
    rules = published.course(published.data(course)).rules("leader")
    assert [r.module for r in rules] == course["tracks"]["leader"]
    assert all(r.title and r.limit == course["attempts"]["limit"] for r in rules)


def test_the_notebook_is_the_same_every_time_and_runs_nothing_else() -> None:
    assert start_page.notebook_bytes("khoa") == start_page.notebook_bytes("khoa")
    notebook = json.loads(start_page.notebook_bytes("khoa"))
    assert [c["source"] for c in notebook["cells"]] == ["from course import home", "home()"]
    assert notebook["metadata"]["moduong"] == {"course": "khoa", "kind": "home"}


def test_who_is_learning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODUONG_PERSON", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    assert identity.person(tmp_path)[1] == "system"
    with pytest.raises(ValueError, match="Mã cán bộ"):
        identity.remember(tmp_path, "../../x")
    identity.remember(tmp_path, "CB-000777")
    assert identity.person(tmp_path) == ("CB-000777", "remembered")
    monkeypatch.setenv("JUPYTERHUB_USER", "cb-000123")
    assert identity.person(tmp_path) == ("cb-000123", "hub")
    monkeypatch.setenv("MODUONG_PERSON", "CB-000123")
    assert identity.person(tmp_path) == ("CB-000123", "environment")
    monkeypatch.setenv("MODUONG_PERSON", "a/b")
    assert identity.person(tmp_path)[1] == "hub", "what cannot be an id is passed over"


def test_the_start_page_asks_once_and_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODUONG_PERSON", "JUPYTERHUB_USER", "MODUONG_EXCHANGE", "MODUONG_TRACK"):
        monkeypatch.delenv(name, raising=False)
    shown = progress.shown_for(tmp_path)
    assert shown.state["ask_person"]
    shown._hear(shown, {"kind": "person", "person": " không được "}, [])
    assert shown.state["ask_person"]
    shown._hear(shown, {"kind": "person", "person": "cb-000123"}, [])
    assert (shown.state["person"], shown.state["ask_person"]) == ("CB-000123", False)
    shown._hear(shown, {"kind": "track", "track": "officer"}, [])
    assert progress.shown_for(tmp_path).state["track"] == "officer"
    shown._hear(shown, {"kind": "track", "track": "../x"}, [])
    shown._hear(shown, "rác", [])
    assert progress.shown_for(tmp_path).state["track"] == "officer"


def test_new_modules_and_feedback_come_from_the_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    home, root = tmp_path / "CB-000123", tmp_path / "exchange"
    monkeypatch.setenv("MODUONG_PERSON", "CB-000123")
    monkeypatch.setenv("MODUONG_EXCHANGE", str(root))
    course = root / "truyen-thong-so"
    make_module(course / "outbound", "M01")
    home.mkdir()
    assert progress.state_of(home, published.own())["modules"][0]["state"] == "new"
    assert (home / "M01" / "M01.ipynb").exists()
    answer_file = home / "M01" / "answers.json"
    answer_file.write_text("giữ nguyên", encoding="utf-8")
    sent = home / ".nbgrader" / "truyen-thong-so" / "CB-000123+M01+2026-11-01 14:14:00.000000 UTC"
    sent.mkdir(parents=True)
    (sent / "submission_secret.txt").write_text("bí mật", encoding="utf-8")
    (course / "feedback").mkdir()
    name = hashlib.md5("bí mậtM01".encode(), usedforsecurity=False).hexdigest()
    (course / "feedback" / f"{name}.html").write_bytes(page(module="M01", state="passed", points=18.0))
    first = progress.state_of(home, published.own())["modules"][0]
    assert (first["state"], first["detail"]) == ("passed", "18 trên 20 điểm")
    assert (home / first["feedback"]).exists()
    assert answer_file.read_text(encoding="utf-8") == "giữ nguyên", "what is there is never overwritten"


def test_serve_prints_a_link_and_ends_with_its_server(tmp_path: Path) -> None:
    import re
    import signal
    import socket
    import subprocess
    import sys

    script = (
        "from pathlib import Path; from grader.commands import serve; "
        f"serve.run(serve.cadre(Path({str(tmp_path / 'CB-1')!r}), "
        "None, None), print)"
    )
    with subprocess.Popen([sys.executable, "-u", "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.fullmatch(
            r"http://127\.0\.0\.1:(\d+)/notebooks/Trang-chu\.ipynb\?token=\S+\n", process.stdout.readline()
        )
        assert found
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(found[1]))) != 0, "the server ended too"
