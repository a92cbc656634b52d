"""The kernel's side of the widgets, without a browser: drafts, acknowledgements, hand-in; and their browser files."""

from __future__ import annotations

import errno
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from course import focus, handin, released
from course.answers import ANSWERS, ZONE, parse
from course.widgets import code, hand_in, question
from course.widgets.question import Desk, Question
from tests.support.cadre_browser import make_module

WIDGETS = Path(question.__file__).parent


class Heard:
    """What a widget sent to the browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.messages: list[dict[str, Any]] = []
        monkeypatch.setattr(
            ipywidgets.Widget,
            "send",
            lambda w, content, buffers=None: self.messages.append({"to": w, **content, "buffers": buffers}),
        )

    def last(self) -> dict[str, Any]:
        return self.messages[-1]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("MODUONG_PERSON", "CB-000123")
    monkeypatch.delenv("MODUONG_EXCHANGE", raising=False)
    return Desk(released.read(make_module(tmp_path)))


def draft(desk: Desk, widget: Question, value: Any, seq: Any) -> None:
    desk._hear(widget, {"kind": "draft", "value": value, "seq": seq, "variant": 0})


def test_a_draft_is_on_disk_before_it_is_acknowledged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = desk.show(desk.module.items[0])
    seen: list[Any] = []
    monkeypatch.setattr(
        Question,
        "send",
        lambda _w, content, buffers=None: seen.append((content, parse((desk.module.folder / ANSWERS).read_bytes()))),
    )
    draft(desk, widget, "A", 7)
    content, on_disk = seen[0]
    assert (content["kind"], content["seq"], content["value"], content["empty"]) == ("stored", 7, "A", False)
    assert on_disk.answers["M90-Q01"].value == "A"
    assert re.fullmatch(r"\d\d:\d\d", content["at"])


def test_an_old_draft_gets_the_newer_answer_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = desk.show(desk.module.items[0])
    heard = Heard(monkeypatch)
    draft(desk, widget, "B", 9)
    draft(desk, widget, "A", 8)
    assert (heard.last()["seq"], heard.last()["value"]) == (9, "B")


def test_a_question_has_one_widget_however_often_its_page_is_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, other = (
        desk.show(desk.module.items[0]),
        desk.show(desk.module.items[0]),
        desk.show(desk.module.items[1]),
    )
    heard = Heard(monkeypatch)
    draft(desk, first, "B", 9)
    assert first is second
    assert [m["to"] for m in heard.messages] == [first]
    assert other is not first
    assert desk.show(desk.module.items[0]).spec["stored"]["value"] == "B", (
        "a page that is opened again gets what is on disk"
    )


def test_the_code_of_the_questions_goes_out_once(desk: Desk) -> None:
    code_of_all = question.library(released.kinds(desk.module.items), "vi")
    texts = [str(w._esm) for w in (code_of_all, *map(desk.show, desk.module.items))]
    assert "function drawOptions(" in texts[0]
    assert max(len(text) for text in texts[1:]) < 600
    assert question.library(released.kinds(desk.module.items), "vi") is code_of_all


def test_what_another_notebook_stored_is_told_when_the_page_looks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    widget, end = desk.show(desk.module.items[0]), hand_in.HandIn(desk)
    draft(desk, widget, "A", 7)
    other = Desk(desk.module)
    draft(other, other.show(desk.module.items[0]), "B", 9)
    heard = Heard(monkeypatch)
    end._hear(end, {"kind": "look"}, [])
    assert [(m["to"], m["kind"], m["seq"], m["value"]) for m in heard.messages] == [(widget, "stored", 9, "B")]


def test_after_another_notebook_handed_in_a_change_counts_for_the_next_attempt(desk: Desk) -> None:
    widget = desk.show(desk.module.items[0])
    draft(desk, widget, "A", 7)
    handin.pack(desk.module.folder)
    draft(desk, widget, "B", 9)
    assert parse((desk.module.folder / ANSWERS).read_bytes()).attempt == 2


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "x",
        {},
        {"kind": "x"},
        {"kind": "draft"},
        {"kind": "draft", "seq": "1"},
        {"kind": "draft", "seq": True},
        {"kind": "draft", "seq": 1.5},
    ],
)
def test_messages_of_wrong_shape_are_passed_over(desk: Desk, content: Any) -> None:
    desk._hear(desk.show(desk.module.items[0]), content)
    assert not (desk.module.folder / ANSWERS).exists()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.ENOSPC, "Ổ đĩa đã đầy."),
        (errno.EROFS, "Thư mục bài làm chỉ cho đọc."),
        (errno.EIO, "Không ghi được vào thư mục bài làm."),
    ],
)
def test_what_could_not_be_written_is_said_and_not_acknowledged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, number: int, text: str
) -> None:
    widget = desk.show(desk.module.items[0])
    heard = Heard(monkeypatch)

    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(number, "English")

    monkeypatch.setattr("course.answers.store.write_atomically", full)
    draft(desk, widget, "A", 7)
    assert heard.last()["kind"] == "failed"
    assert heard.last()["text"] == text


@pytest.mark.parametrize("value", ["x" * 50_000, "\ud800", {"a": "\udfff"}])
def test_what_could_not_be_read_again_is_refused_in_vietnamese(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, value: Any
) -> None:
    widget = desk.show(desk.module.items[5])
    heard = Heard(monkeypatch)
    draft(desk, widget, value, 7)
    assert heard.last()["kind"] == "failed"
    assert heard.last()["text"].startswith("Câu trả lời")


@pytest.mark.parametrize("value", [7, ["A", 3], {"a": []}, "", None, True, {"1": {"2": 3}}])
def test_answers_of_wrong_shape_are_kept_and_never_break_the_page(desk: Desk, value: Any) -> None:
    for item in desk.module.items:
        widget = desk.show(item)
        draft(desk, widget, value, 7)
        again = desk.show(item)
        assert again.spec["stored"]["value"] == value


def test_the_variant_that_was_answered_stays(desk: Desk) -> None:
    item = {**desk.module.items[0], "variants": [desk.module.items[0]["variants"][0]] * 3}
    widget = desk.show(item)
    drawn = released.draw("CB-000123", "M90-Q01", 1, 3)
    assert widget.spec["variant"] == drawn
    desk.store.put("M90-Q01", "A", (drawn + 1) % 3, 1)
    assert desk.show(item).spec["variant"] == (drawn + 1) % 3
    desk.store.put("M90-Q01", "A", 99, 2)
    assert desk.show(item).spec["variant"] == drawn


def test_handing_in_twice_gives_one_receipt_and_the_next_change_is_a_new_attempt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = desk.show(desk.module.items[0])
    draft(desk, widget, "A", 7)
    end = hand_in.HandIn(desk)
    heard = Heard(monkeypatch)
    for _ in range(2):
        end._hear(end, {"kind": "submit"}, [])
    assert [m["kind"] for m in heard.messages] == ["file", "done", "done"]
    assert heard.messages[0]["buffers"][0].startswith(b"{")
    assert (end.state["same"], end.state["receipt"]["answered"], end.state["attempt"]) == (True, 1, 2)
    draft(desk, widget, "B", 8)
    assert not end.state["same"]
    assert parse((desk.module.folder / ANSWERS).read_bytes()).attempt == 2


def test_a_hand_in_that_fails_says_so_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    end = hand_in.HandIn(desk)
    heard = Heard(monkeypatch)
    end._hear(end, {"kind": "submit"}, [])
    assert heard.last()["text"] == "Chưa có câu trả lời nào để nộp."
    draft(desk, desk.show(desk.module.items[0]), "A", 7)
    monkeypatch.setenv("MODUONG_EXCHANGE", str(tmp_path / "khong-co"))
    end._hear(end, {"kind": "submit"}, [])
    assert heard.last()["text"].startswith(
        "CHƯA NỘP ĐƯỢC. Chỗ nộp bài lúc này chưa nhận được bài. Câu trả lời vẫn còn nguyên"
    )
    assert end.state["receipt"] is None
    for rubbish in (None, [], {"kind": 3}):
        end._hear(end, rubbish, [])


def test_a_deleted_folder_that_is_back_gets_every_acknowledged_answer_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, sixth = desk.show(desk.module.items[0]), desk.show(desk.module.items[5])
    draft(desk, first, "A", 7)
    end = hand_in.HandIn(desk)
    heard = Heard(monkeypatch)
    shutil.rmtree(desk.module.folder)
    draft(desk, sixth, "còn đây", 8)
    assert (heard.last()["kind"], heard.last()["text"]) == ("failed", "Thư mục bài làm không còn ở chỗ cũ.")
    for kind in ("look", "check", "submit"):
        end._hear(end, {"kind": kind}, [])
    assert "Thư mục bài làm không còn ở chỗ cũ." in heard.last()["text"]
    desk.module.folder.mkdir()
    draft(desk, sixth, "còn đây", 8)
    stored = parse((desk.module.folder / ANSWERS).read_bytes()).answers
    assert {i: a.value for i, a in stored.items()} == {"M90-Q01": "A", "M90-Q06": "còn đây"}


@pytest.mark.parametrize("same", [True, False])
def test_the_page_says_from_when_another_attempt_is_taken(same: bool) -> None:
    now = datetime.now(ZONE)
    assert "nộp sớm hơn thì không được tính" in hand_in.standing(now.isoformat(), same=same)
    assert "Lượt sau được nhận" not in hand_in.standing((now - timedelta(hours=13)).isoformat(), same=same)
    assert "Bài đã" in hand_in.standing("hôm qua", same=same)


def test_missing_questions_are_listed_by_title(desk: Desk) -> None:
    draft(desk, desk.show(desk.module.items[0]), "A", 7)
    assert [m["title"] for m in hand_in.state_of(desk)["missing"]] == [f"Câu {n}" for n in range(2, 11)]


def test_answers_with_open_parts_are_named_before_handing_in(desk: Desk) -> None:
    by_type = {item["type"]: item for item in desk.module.items}
    match, number = by_type["match"], by_type["number"]
    left, part = match["variants"][0]["left"], number["variants"][0]["parts"][0]
    draft(desk, desk.show(match), {left[0]["id"]: match["variants"][0]["right"][0]["id"], left[1]["id"]: " "}, 7)
    draft(desk, desk.show(number), {part["id"]: "sáu lăm"}, 8)
    said = {p["id"]: p["title"] for p in hand_in.state_of(desk)["partial"]}
    assert said[match["id"]].endswith(f": còn {len(left) - 1} ý")
    assert said[number["id"]].endswith(f": còn {len(number['variants'][0]['parts'])} ý")
    draft(desk, desk.show(number), {p["id"]: f"12,5 {p['unit']}" for p in number["variants"][0]["parts"]}, 9)
    assert number["id"] not in {p["id"] for p in hand_in.state_of(desk)["partial"]}


def test_browser_files_ask_no_other_host_and_prefix_every_class() -> None:
    folders = (WIDGETS, focus.HERE)
    for path in (path for folder in folders for kind in ("*.js", "*.css") for path in folder.rglob(kind)):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|//cdn|@import|\bfetch\(|XMLHttpRequest", text), path.name
    for path in WIDGETS.rglob("*.css"):
        rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert all(name.startswith("md-") for name in re.findall(r"\.([A-Za-z][\w-]*)", rules)), path.name


def test_colours_have_enough_contrast() -> None:
    css = code("question.css")
    colours = dict(re.findall(r"--md-(\w+): (#[0-9a-f]{6})", css))

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for text in ("ink", "soft", "blue", "green", "red", "amber"):
        for ground in ("#ffffff", "#f5f7fa", colours["tint"]):
            assert (light(ground) + 0.05) / (light(colours[text]) + 0.05) >= 4.5, (text, ground)


def test_focus_mode_can_be_installed_for_an_editable_checkout(tmp_path: Path) -> None:
    focus.install(tmp_path)
    share = tmp_path / "share" / "jupyter"
    static = share / "labextensions" / focus.NAME / "static"
    assert {path.name for path in static.iterdir()} == {"remoteEntry.js", "focus.css"}
    settings = share / "lab" / "settings" / "overrides.json"
    settings.write_text("{}", encoding="utf-8")
    focus.install(tmp_path)
    assert settings.read_text(encoding="utf-8") == "{}", "another hand's settings stay"
