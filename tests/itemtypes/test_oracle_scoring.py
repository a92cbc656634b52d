"""The scorer agrees with a naive one, written from the specification alone, on answers as people and attackers write
them.

``python tests/itemtypes/test_oracle_scoring.py 200000 [seed]`` is the long run, by hand.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from course import items, vietnamese
from grader.cli import app
from grader.ground.errors import ModuongError
from grader.text import authoring
from tests.support import oracle_scoring, oracle_text, random_answers
from tests.support.people import ROOT

OPTIONS = ROOT / "tests" / "all_options.md"
FILES = [*sorted((ROOT / "exercises").glob("*/exercise.md")), OPTIONS]
Case = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]


def cases(*paths: Path) -> list[Case]:
    """Return item id, the item as the oracle read it, the variant it shows, and the keyed item of the real scorer."""
    found: list[Case] = []
    for path in paths:
        read = authoring.read(path)
        assert read.findings == ()
        keyed = {entry.keyed["id"]: entry.keyed for entry in read.items}
        ours = oracle_scoring.read_items(path)
        assert list(ours) == list(keyed)
        for name, item in ours.items():
            if item["type"] != "code":
                shown = [
                    oracle_scoring.variant_of(item, n) | {"variant": n}
                    for n in range(1 + len(item.get("variants", [])))
                ]
                found += [(name, item, variant, keyed[name]) for variant in shown]
    return found


CASES = cases(*FILES)
WITH_FACTS = {name for name, *_, keyed in CASES if any(body.get("facts") for body in keyed["variants"])}


def form_alone(keyed: dict[str, Any]) -> dict[str, Any]:
    """Return an item without the facts of its situation: what contradicts those waits for a person (test_facts.py)."""
    return {**keyed, "variants": [{k: v for k, v in body.items() if k != "facts"} for body in keyed["variants"]]}


def compare(case: Case, rng: random.Random) -> str:
    """Score one random answer twice; return the state and the kind of points, for counting."""
    name, item, shown, keyed = case
    value, variant = random_answers.any_answer(rng, shown)
    expected = oracle_scoring.score(item, value, variant)
    score = items.score(form_alone(keyed), value, variant)
    found = {"state": score.state, "points": score.points, "critical_met": score.critical_met}
    assert found == expected, f"{name} variant {variant!r}: {value!r:.2000}"
    points = expected["points"]
    kind = points if points is None else "full" if points == score.max_points else "part" if points else "zero"
    return f"{item['type']} {expected['state']} {kind}"


@pytest.mark.parametrize("kind", oracle_scoring.SCORERS)
def test_agrees_with_the_oracle_on_random_answers(kind: str) -> None:
    rng = random.Random(f"{kind} 2028")
    chosen = [case for case in CASES if case[1]["type"] == kind]
    seen = Counter(
        compare(case, rng) for case in chosen for _ in range(25 if kind == "post" else max(25, 900 // len(chosen)))
    )
    wanted = {"blank zero", "invalid None"} | ({"pending_manual None"} if kind in {"post", "essay"} else set())
    if kind != "essay":
        wanted |= {"scored full", "scored zero"} | (set() if kind in {"single", "text"} else {"scored part"})
    assert set(seen) == {f"{kind} {state}" for state in wanted}, "every state is met, no other"


def test_every_option_of_the_format_is_in_the_synthetic_exercise() -> None:
    read = oracle_scoring.read_items(OPTIONS)
    assert {item["type"] for item in read.values()} == set(oracle_scoring.SCORERS)
    fields = {field for item in read.values() for field in item}
    assert fields >= {
        "critical",
        "component_min",
        "withdrawn",
        "veto",
        "variants",
        "fold",
        "min_words",
        "manual",
        "accept",
        "cells",
    }
    rules = {
        rule
        for item in read.values()
        for check in [*item.get("checks", []), *item.get("veto", [])]
        if isinstance(check, dict)
        for rule in check
    }
    assert rules >= {
        "length",
        "any",
        "none",
        "time_in",
        "time_after",
        "sentence",
        "after",
        "person_name",
        "phone",
        "id_number",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.parent.name)
def test_samples_and_vectors_earn_for_the_oracle_what_their_author_says(path: Path) -> None:
    for item in oracle_scoring.read_items(path).values():
        if item["type"] == "post":
            by_hand = Decimal(item.get("manual", {}).get("points", 0))
            for vector in [
                {"text": item["sample"], "points": Decimal(item["points"]) - by_hand},
                *item.get("vectors", []),
            ]:
                points, _ = oracle_scoring.score_post(item, vector["text"])
                assert oracle_scoring.rounded(points) == Decimal(vector["points"]), vector["text"]


def answer_set(module: str, path: Path, rng: random.Random) -> dict[str, Any]:
    """Return a whole ``answers.json`` with random answers, unknown items and fields that nobody asked for."""
    given: dict[str, Any] = {"M99-Q01": {"value": "B"}}
    for name, _, shown, _ in cases(path):
        value, variant = random_answers.any_answer(rng, shown)
        if rng.random() < 0.9 and (name not in given or rng.random() < 0.5):
            given[name] = {
                "value": value,
                "variant": variant,
                "seq": rng.choice([1, -5, "x", None]),
                "note": [1, {"a": None}],
            }
            if rng.random() < 0.1:
                given[name]["variant"] = rng.choice(["0", None, 0.0, True, [], "B"])
    return {"schema": 1, "module": module, "answers": given, "lạ": {"x": [1]}}


@pytest.mark.parametrize("path", FILES[:-1], ids=lambda p: p.parent.name)
def test_the_command_prints_what_the_oracle_says(path: Path, tmp_path: Path) -> None:
    module = path.parent.name
    for seed in range(2):
        document = answer_set(module, path, random.Random(f"{module} {seed}"))
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        printed = CliRunner().invoke(
            app, ["score", "--exercises", str(ROOT / "exercises"), "--module", module, "--answers", str(file), "--json"]
        )
        assert printed.exit_code == 0, printed.output
        found = json.loads(printed.stdout, parse_float=Decimal)
        expected = oracle_scoring.module(path, document["answers"])
        code = [row for row in found["items"] if row["id"] not in {r["id"] for r in expected["items"]}]
        assert all(row["state"] == "blank" and row["points"] == 0 for row in code)  # no code was handed in
        doubted = set()
        for row, wanted in zip([row for row in found["items"] if row not in code], expected["items"], strict=True):
            if row["state"] == "pending_manual" and wanted["state"] == "scored" and row["id"] in WITH_FACTS:
                doubted.add(row["id"])
                wanted |= {"state": "pending_manual", "points": None, "critical_met": None}
            assert row == wanted
        assert (found["module"], found["points"]) == (module, None if doubted else expected["points"])
        assert found["max_points"] == expected["max_points"] + sum(row["max_points"] for row in code)


def test_times_numbers_and_lengths_are_read_alike() -> None:
    rng = random.Random(1740)
    for _ in range(3000):
        text = " ".join(
            rng.choices(
                [*random_answers.CLOCKS, *random_answers.NUMBERS[:40], *random_answers.JUNK, "lúc", "trước"],
                k=rng.randint(1, 5),
            )
        )
        text = rng.choice(random_answers.STYLES)(text)
        assert vietnamese.read_times(text) == oracle_text.times(text), text
        assert vietnamese.count_syllables(text) == oracle_text.syllables(text), text
        number, unit = rng.choice([*random_answers.NUMBERS, text]), rng.choice(random_answers.UNITS)
        for typed in (number, f"{number} {unit}", f"-{number}{unit}"):
            assert vietnamese.read_number(typed, unit) == oracle_scoring.read_number(typed, unit), typed


def test_the_answers_of_another_module_are_not_scored_as_blank(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(
        json.dumps({"schema": 1, "module": "M03", "answers": {"M03-Q01": {"value": "A"}}}), encoding="utf-8"
    )
    printed = CliRunner().invoke(
        app, ["score", "--exercises", str(ROOT / "exercises"), "--module", "M02", "--answers", str(file), "--json"]
    )
    assert isinstance(printed.exception, ModuongError)
    assert (printed.exception.code, printed.stdout) == ("E-SUB-12", "")


def test_the_oracle_reads_sentences_and_phrases_by_itself() -> None:
    """A few words of the specification, so that an oracle that agrees by doing nothing is seen."""
    assert oracle_text.times("17h35, 17 giờ 35, 5 giờ 35 chiều, 18 giờ kém 25") == [17 * 60 + 35] * 4
    assert oracle_text.sentences("Không ai. Có tin; điện giật!") == ["Không ai. ", "Có tin;", " điện giật!"]
    assert oracle_scoring.read_number("1.200,5") == Decimal("1200.5")
    assert oracle_scoring.read_number("1,200.5") is None


if __name__ == "__main__":
    total, start = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    source = random.Random(start)
    counted = Counter(compare(CASES[number % len(CASES)], source) for number in range(total))
    sys.stdout.writelines(f"{count:8} {kind}\n" for kind, count in sorted(counted.items()))
