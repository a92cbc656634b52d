"""All ten labs: any way of using one, what a browser may send, and the same parts in a notebook and in the page."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.labs.shared import play
from course.labs.shared.state import NotAllowed
from course.widgets.lab import LabView
from tests.support.host_world import Visitor, make_course, world
from tests.support.lab_hands import Hands

JUNK: tuple[Any, ...] = (None, True, -1, 10**9, 1.5, "x", "<b>", "\ud800", [], ["x"], {}, [[]], "a" * 5000)


def any_step(hands: Hands, dice: random.Random) -> tuple[str, Any]:
    """Return one control that can be used, with a value that it can have."""
    controls: list[tuple[str, Any]] = []
    for part in hands.now["parts"]:
        if part["kind"] == "choice":
            controls.append((part["id"], dice.choice(part["options"])[0]))
        elif part["kind"] == "range":
            controls.append((part["id"], dice.choice((part["least"], part["most"], part["value"]))))
        elif part["kind"] == "tick":
            controls.append((part["id"], dice.random() < 0.5))
        elif part["kind"] == "area":
            controls.append((part["id"], dice.choice(("", "Trước 31/5, 9 trong 10 người <i>biết</i>", "KHẨN"))))
        controls += [(b["id"], None) for b in part.get("buttons", ()) if not b["disabled"]]
    return dice.choice(controls)


@pytest.mark.parametrize("name", play.names())
def test_any_way_of_using_it_ends_in_parts_that_can_be_shown(name: str) -> None:
    dice, hands = random.Random(name), Hands(name)
    for _ in range(150):
        hands.use(*any_step(hands, dice))
        hands.now = json.loads(json.dumps(hands.now))
        parts = hands.now["parts"]
        controls = [part["id"] for part in parts if "value" in part]
        controls += [b["id"] for part in parts for b in part.get("buttons", ())]
        assert len(set(controls)) == len(controls)
        assert len({part["id"] for part in parts}) == len(parts)
        assert all(part["label"] for part in parts if "value" in part)
        html = " ".join(part.get("html", "") for part in parts)
        assert "style=" not in html  # the pages' policy allows none
        assert "<i>biết" not in html
        assert html.count("<svg") == html.count('role="img" aria-label="')


@pytest.mark.parametrize("name", play.names())
def test_what_is_no_state_or_value_of_it_is_refused(name: str) -> None:
    begun = json.loads(json.dumps(play.begin(name)))
    state = begun["state"]
    for field in state:
        for junk in JUNK:
            forged = {**state, field: junk}
            try:
                after = play.step(name, forged, "", None)
            except NotAllowed:
                continue
            assert json.loads(json.dumps(after["state"])) == forged  # a value that the field has
    for data in (None, [], {}, {**state, "more": 1}, "x"):
        with pytest.raises(NotAllowed):
            play.step(name, data, "again", None)
    for part in begun["parts"]:
        for junk in (None, {}, [1], "khác", 10**9) if "value" in part and part["kind"] != "area" else ():
            with pytest.raises(NotAllowed):
                play.step(name, state, part["id"], junk)
    for control in (None, 7, "__class__", "start", "tab.99", "plan.9", "slots.-1", "choices.²"):
        assert play.step(name, state, control, 1)["parts"] == play.begin(name)["parts"]


def test_a_lab_of_no_file_is_refused() -> None:
    for name in ("shared", "models", "../page", "os", "", "den_giao_thong"):
        with pytest.raises(NotAllowed):
            play.begin(name)


@pytest.fixture(scope="module")
def cadre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder: Path = tmp_path_factory.mktemp("host")
    with world(folder, make_course(folder / "exchange")) as here:
        yield here.cadre()


@pytest.mark.parametrize("name", play.names())
def test_notebook_and_page_show_the_same_texts_and_controls(cadre: Visitor, name: str) -> None:
    dice, hands = random.Random(name), Hands(name)
    page, view = cadre.gets(f"/lab/{name}").json, LabView(name, "", "vi")
    for number in range(1, 16):
        assert (
            page["parts"] == json.loads(json.dumps(view.shown["parts"])) == json.loads(json.dumps(hands.now["parts"]))
        )
        control, value = any_step(hands, dice)
        hands.use(control, value)
        view._hear(view, {"control": control, "value": value, "n": number}, [])
        page = cadre.sends(f"/lab/{name}", {"state": page["state"], "control": control, "value": value}).json
        assert view.shown["n"] == number
    assert page["title"] == view.shown["title"] == play.named(name).TITLE


def test_the_page_refuses_what_it_did_not_give(cadre: Visitor) -> None:
    assert cadre.gets("/lab/khong-co").status == 404
    answer = cadre.sends("/lab/ban-oasis", {"state": {"plan": [99] * 8}, "control": "more", "value": None})
    assert answer.status == 409
    assert "mở lại từ đầu" in answer.json["problem"]
    assert Visitor(cadre.world).gets("/lab/ban-oasis", Accept="application/json").status == 401


def test_the_notebook_lets_nothing_else_happen() -> None:
    view = LabView("ban-oasis", "", "vi")
    before = view.shown["parts"]
    for content in ("x", {"control": "plan.0", "value": 99, "n": 1}, {"control": "more"}, {"n": 2, "control": ["x"]}):
        view._hear(view, content, [])
    assert view.shown["parts"] == before
