"""`moduong items`.

On simulated answers in which three items were made bad, exactly these three are found, each for its fault.
"""

from __future__ import annotations

import json
import math
import random
import re
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from course.answers import Answer, AnswerSet
from grader.feedback import statistics as item_statistics
from grader.feedback import statistics_numbers as item_numbers
from grader.feedback import statistics_page as item_page
from grader.feedback.statistics_records import Course, OptionUse
from grader.gradebook import nbgrader_bridge, results
from grader.ground import syllabus
from grader.ground.database import attempts, connect, insert_many
from grader.ground.workspace import Workspace, open_workspace
from grader.itemtypes.invented import simulate
from grader.marking import grade
from grader.publish import build
from grader.text import module_text
from tests.support import clean_course
from tests.support.people import moduong

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MISKEYED, EASY, DEAD = "M01-Q01", "M01-Q06", "M01-Q03"


@dataclass
class Ledger:
    """A workspace whose ledger is filled with answers of invented people, scored by the real judge."""

    root: Path
    workspace: Workspace = field(init=False)
    engine: Engine = field(init=False)
    key: dict[str, Any] = field(init=False)
    judge: grade.Judge = field(init=False)

    def __post_init__(self) -> None:
        course = clean_course.write(self.root / "khoa").root
        rules = syllabus.load(course / "course" / "course.yaml")
        text = module_text.read(rules, "M01", course / "exercises", course / "course")
        assert text.exercise
        self.workspace = open_workspace(self.root / "ws", rules.course.id)
        self.engine = connect(f"sqlite:///{self.root / 'so.db'}")
        key, _ = build.key_of(text, text.exercise)
        self.keep_key(json.loads(json.dumps(key, default=str)))

    def keep_key(self, key: dict[str, Any]) -> None:
        self.key, self.judge = key, grade.Judge(key)
        self.workspace.key("M01").write_text(json.dumps(key), encoding="utf-8")

    def hands_in(
        self, person: str, answers: dict[str, Any], *, variant: int = 0, state: str = "", number: int = 1
    ) -> None:
        given = {
            i: Answer(v, variant if len(self.judge.items[i]["variants"]) > variant else 0, 0, "")
            for i, v in answers.items()
        }
        found = self.judge.result(
            f"{person}.{number}", self.judge.score(AnswerSet("M01", given, person=person)), "grade"
        )
        when = START + timedelta(days=number)
        row = {
            "attempt_id": f"{person}.{number}",
            "person_id": person,
            "module_id": "M01",
            "number": number,
            "received_from": f"{person}-{number}",
            "submitted_at": when.isoformat(),
            "claimed_at": "",
            "content_hash": "",
            "answers": json.dumps(
                {i: {"value": a.value, "variant": a.variant, "seq": 0, "saved_at": ""} for i, a in given.items()}
            ),
            "identity": "claimed",
            "state": "accepted",
            "code": "",
            "reason": "",
            "simulated": True,
        }
        with self.engine.begin() as connection:
            known = {c.name for c in attempts.columns}
            insert_many(connection, attempts, [{k: v for k, v in row.items() if k in known}])
            results.append(connection, [found], when)
            if state == results.VOID:
                results.append(
                    connection,
                    [
                        results.Result(
                            found.attempt_id,
                            "void",
                            "void",
                            None,
                            found.max_score,
                            None,
                            None,
                            found.items,
                            found.key_version,
                            "1",
                        )
                    ],
                    when,
                )

    def analyse(self) -> Course:
        return item_statistics.analyse(self.workspace, self.engine, ["M01", "M02"], START)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def answer(ledger: Ledger, item: str, ability: float, rng: random.Random, *, bad: bool = True) -> Any:
    """What somebody of an ability answers: the able are right more often, but for the items that were made bad."""
    keyed = ledger.judge.items[item]
    chance = 1 / (1 + math.exp(-1.8 * ability))
    if bad and item == MISKEYED:
        chance = 1 - chance
    if bad and item == EASY:
        chance = 0.97
    if rng.random() < chance:
        return simulate.right(keyed)
    if bad and item == DEAD:
        return next(o["id"] for o in keyed["variants"][0]["options"] if o["id"] not in keyed["variants"][0]["correct"])
    return simulate.wrong(keyed, rng)


def fill(ledger: Ledger, people: int, *, bad: bool = True, seed: int = 7) -> None:
    rng = random.Random(seed)
    for n in range(people):
        ability = rng.gauss(0, 1)
        ledger.hands_in(f"CB-{n:04}", {i: answer(ledger, i, ability, rng, bad=bad) for i in ledger.judge.items})


def test_the_three_items_that_were_made_bad_are_found_and_no_other(ledger: Ledger) -> None:
    fill(ledger, 300)
    (module,) = ledger.analyse().modules
    assert {i.id: i.flags for i in module.flagged} == {
        MISKEYED: ("against",),
        EASY: ("easy", "weak"),
        DEAD: ("unused",),
    }
    assert module.attempts == 300


def test_nothing_is_found_when_nothing_was_made_bad(ledger: Ledger) -> None:
    fill(ledger, 300, bad=False)
    (module,) = ledger.analyse().modules
    assert module.flagged == ()
    assert module.alpha is not None
    assert module.alpha > 0.6


def test_forty_nine_attempts_are_shown_but_not_judged_and_four_are_not_shown(ledger: Ledger) -> None:
    fill(ledger, 4)
    (module,) = ledger.analyse().modules
    assert (module.attempts, module.items) == (4, ())
    assert "Dưới 5 lượt" in item_page.render(ledger.analyse(), "vi")
    rng = random.Random(1)
    for n in range(4, 49):
        ledger.hands_in(f"CB-{n:04}", {MISKEYED: simulate.wrong(ledger.judge.items[MISKEYED], rng)})
    (module,) = ledger.analyse().modules
    assert module.attempts == 49
    assert len(module.items) == 8
    assert module.flagged == ()
    ledger.hands_in("CB-0049", {MISKEYED: simulate.wrong(ledger.judge.items[MISKEYED], rng)})
    assert MISKEYED in {i.id for i in ledger.analyse().modules[0].flagged}


def test_only_the_first_attempt_counts_and_a_void_one_is_not_replaced_by_the_second(ledger: Ledger) -> None:
    right, wrong = (
        {MISKEYED: simulate.right(ledger.judge.items[MISKEYED])},
        {MISKEYED: simulate.wrong(ledger.judge.items[MISKEYED], random.Random(1))},
    )
    for n in range(6):
        ledger.hands_in(f"CB-{n}", wrong)
        ledger.hands_in(f"CB-{n}", right, number=2)
    ledger.hands_in("CB-9", wrong, state=results.VOID)
    ledger.hands_in("CB-9", right, number=2)
    (module,) = ledger.analyse().modules
    assert module.attempts == 6
    assert next(i for i in module.items if i.id == MISKEYED).p == 0


def test_versions_of_the_key_are_kept_apart_newest_first(ledger: Ledger) -> None:
    fill(ledger, 8)
    old = ledger.key["key_version"]
    ledger.keep_key({**ledger.key, "key_version": "f" * 16})
    for n in range(100, 106):
        ledger.hands_in(f"CB-{n}", {MISKEYED: "A"})
    new, before = ledger.analyse().modules
    assert (new.key_version, new.current, new.attempts) == ("f" * 16, True, 6)
    assert (before.key_version, before.current, before.attempts) == (old, False, 8)
    assert all(i.options == () for i in before.items), "the old key is gone, only the scores are left"


def test_blank_counts_as_nothing_earned_and_what_could_not_be_graded_does_not_count(ledger: Ledger) -> None:
    right = simulate.right(ledger.judge.items[MISKEYED])
    for n, value in enumerate([right, right, right, None, {"sai": "kiểu"}]):
        ledger.hands_in(f"CB-{n}", {MISKEYED: value})
    item = next(i for i in ledger.analyse().modules[0].items if i.id == MISKEYED)
    assert (item.scored, item.blank, item.invalid, item.p) == (4, 1, 1, 0.75)
    assert {o.people for o in item.options} == {3}


def test_options_are_counted_for_each_variant(ledger: Ledger) -> None:
    key = json.loads(json.dumps(ledger.key))
    one = key["items"][0]["variants"][0]
    key["items"][0]["variants"].append({**one, "correct": ["C"]})
    ledger.keep_key(key)
    for n in range(6):
        ledger.hands_in(f"CB-{n}", {MISKEYED: "A" if n < 2 else "C"}, variant=n % 2)
    item = ledger.analyse().modules[0].items[0]
    assert [(o.variant, o.id, o.right, o.count, o.people) for o in item.options if o.id in {"A", "C"}] == [
        (0, "A", "A" in one["correct"], 1, 3),
        (0, "C", "C" in one["correct"], 2, 3),
        (1, "A", False, 1, 3),
        (1, "C", True, 2, 3),
    ]


@pytest.mark.parametrize(
    ("count", "people", "unused"),
    [
        (0, 49, False),  # fewer than are judged
        (2, 56, False),  # 3,6 %, and an option of 5 % gets so few every other time
        (0, 58, False),
        (0, 59, True),  # 0,95^59 = 0,0485
        (8, 300, True),
        (10, 300, False),
        (20, 300, False),
    ],
)
def test_a_wrong_option_is_unused_only_where_chance_does_not_explain_it(count: int, people: int, unused: bool) -> None:
    assert OptionUse(2, "D", "", False, count, people).unused is unused
    assert OptionUse(2, "D", "", True, count, people).unused is False


@pytest.mark.parametrize("people", [0, 1, 7, 60])
def test_chances_of_counts_add_up(people: int) -> None:
    assert item_numbers.at_most(people, people, 0.05) == pytest.approx(1)
    assert item_numbers.at_most(0, people, 0.05) == pytest.approx(0.95**people)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_stands_alone_escapes_every_text_and_is_private(ledger: Ledger, lang: str, tmp_path: Path) -> None:
    key = json.loads(json.dumps(ledger.key))
    key["items"][0]["variants"][0]["options"][0]["text"] = '<script>alert("x")</script>'
    ledger.keep_key(key)
    fill(ledger, 60)
    file = item_statistics.write(ledger.workspace, ledger.analyse(), lang, tmp_path / "thong-ke.html")
    page = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=|url\(|https?://", page)
    assert not re.search(r"CB-\d", page), "nobody is named"
    assert page.count('role="img"') == 1
    assert ("Số liệu mô phỏng" if lang == "vi" else "Simulated data") in page


def test_the_command_names_the_items_and_writes_the_page(ledger: Ledger) -> None:
    (ledger.workspace.root / "gradebook.db").unlink(missing_ok=True)
    ledger.engine = nbgrader_bridge.open_gradebook(ledger.workspace)
    fill(ledger, 300)
    done = moduong(
        "items",
        "M01",
        "--workspace",
        str(ledger.workspace.root),
        "--course",
        str(ledger.root / "khoa" / "course"),
        "--lang",
        "en",
    )
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^(M01-Q\d\d)", done.stdout, re.MULTILINE) == [MISKEYED, DEAD, EASY]
    assert (ledger.workspace.reports() / "items.html").exists()


def test_a_page_without_any_attempt_says_so(ledger: Ledger) -> None:
    assert "Chưa có lượt nào" in item_page.render(ledger.analyse(), "vi")
    assert "No attempt" in item_page.render(ledger.analyse(), "en")


def test_the_course_has_an_alpha_only_with_fifty_people(ledger: Ledger) -> None:
    fill(ledger, 49)
    assert ledger.analyse().alpha is None
    ledger.hands_in("CB-0049", {MISKEYED: "A"})
    course = ledger.analyse()
    assert (course.people, course.together) == (50, ("M01",))
    assert course.alpha == course.modules[0].alpha


def test_correlation_is_pearsons() -> None:
    rng = random.Random(3)
    one = [rng.random() for _ in range(40)]
    other = [x + rng.random() for x in one]
    assert item_numbers.correlation(one, other) == pytest.approx(statistics.correlation(one, other))
    assert item_numbers.correlation([1, 1, 1], [1, 2, 3]) is None
    assert item_numbers.correlation([1, 2], [1, 2]) is None


def test_an_item_is_not_correlated_with_itself() -> None:
    """Three items of which the first is unrelated to the rest.

    Its r is that with the others' points, 0 here by hand.
    """
    rows = [
        {"a": 1.0, "b": 1.0, "c": 1.0},
        {"a": 0.0, "b": 1.0, "c": 1.0},
        {"a": 1.0, "b": 0.0, "c": 0.0},
        {"a": 0.0, "b": 0.0, "c": 0.0},
    ]
    points = {"a": 10.0, "b": 1.0, "c": 1.0}
    assert item_numbers.item_rest(rows, "a", points) == pytest.approx(0)
    assert item_numbers.item_rest(rows, "b", {"a": 0.0, "b": 1.0, "c": 1.0}) == pytest.approx(1)


def test_alpha_by_hand() -> None:
    """Two items, rows (1,1) (0,0) (1,0) (1,1): variances 1/4 and 1/3, of the sums (2,0,1,2) 11/12.

    2 · (1 − (7/12)/(11/12)) = 8/11.
    """
    rows = [{"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}, {"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 1.0}]
    assert item_numbers.alpha(rows, {"a": 1.0, "b": 1.0}) == pytest.approx(8 / 11)
    assert item_numbers.alpha([*rows, {"a": 1.0, "b": None}], {"a": 1.0, "b": 1.0}) == pytest.approx(8 / 11), (
        "only whole rows"
    )
    assert item_numbers.alpha(rows[:2], {"a": 1.0, "b": 1.0}) is None


def test_frequent_wrong_answers_are_counted_and_rare_ones_stay_private() -> None:
    from grader.feedback.statistics_typed import frequent

    body = {"stem": "", "explanation": "", "accept": ["nhóm đích"], "fold": False, "feedback": []}
    keyed = {
        "id": "M01-Q01",
        "type": "text",
        "points": "1",
        "critical": None,
        "component_min": None,
        "variants": [body, body],
    }
    typed = ["Khán giả"] * 4 + ["khán  giả"] * 3 + ["nhóm đích"] * 9 + ["riêng một người"] * 4 + ["", "  "]
    answers = [{"value": text, "variant": 0} for text in typed] + [{"value": "độc giả", "variant": 1}] * 5
    found = [(w.variant, w.text, w.count, w.people) for w in frequent(keyed, answers)]
    assert found == [(0, "Khán giả", 7, 20), (1, "độc giả", 5, 5)]
    part = {"id": "a", "label": "Tỉ lệ", "unit": "%", "value": "85", "tol": "0", "points": "1", "feedback": []}
    other = {**part, "id": "b", "label": "Số người"}
    number = {**keyed, "type": "number", "variants": [{"stem": "", "explanation": "", "parts": [part, other]}]}
    answers = [{"value": {"a": "0,85", "b": "85"}, "variant": 0}] * 6
    assert [(w.label, w.text, w.count, w.people) for w in frequent(number, answers)] == [("Tỉ lệ", "0,85", 6, 6)]
