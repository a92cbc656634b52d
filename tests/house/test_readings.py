"""Blind sheets are made of a release alone, and what readers answered is compared with the key."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bench import readings
from course.types import TYPES
from grader.ground import syllabus
from grader.itemtypes import TYPES as STAFF
from grader.text import module_text, roles
from tests.support.people import ROOT

KEY_FIELDS = ("correct", "accept", "feedback", "explanation", "sample", "vectors", "rubric", "key")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder of releases and one of keys, of a module with many types."""
    root = tmp_path_factory.mktemp("readings")
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    for module in ("M02", "M09"):
        text = module_text.read(rules, module, ROOT / "exercises", ROOT / "course")
        assert text.exercise
        shown = root / "release" / module
        shown.mkdir(parents=True)
        public = {"title": text.title, "items": [roles.with_roles(i.public, text.facts) for i in text.exercise.items]}
        (shown / "items.json").write_text(json.dumps(public, default=str), encoding="utf-8")
        (root / "keys").mkdir(exist_ok=True)
        key = {"items": [i.keyed for i in text.exercise.items]}
        (root / "keys" / f"{module}.json").write_text(json.dumps(key, default=str), encoding="utf-8")
    return root / "release", root / "keys"


def filled(places: tuple[Path, Path], out: Path, module: str) -> Path:
    """Fill a sheet with right answers, as a person writes them."""
    readings.sheets(places[0], out, [module])
    sheet = out / f"{module}.csv"
    keyed = {i["id"]: i for i in json.loads((places[1] / f"{module}.json").read_bytes())["items"]}
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        item = keyed[row["item"]]
        if row["answer"] == "-":
            continue
        right = STAFF[item["type"]].right(item["variants"][int(row["body"]) - 1])
        if isinstance(right, dict):
            row["answer"] = "; ".join(f"{k}={v}" for k, v in right.items())
        else:
            row["answer"] = " ".join(right) if isinstance(right, list) else right
    write(sheet, rows)
    return sheet


def write(sheet: Path, rows: list[dict[str, str]]) -> None:
    with sheet.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, readings.SHEET)
        out.writeheader()
        out.writerows(rows)


@pytest.mark.parametrize("module", ["M02", "M09"])
def test_right_answers_agree_in_every_body_and_a_changed_one_differs(
    places: tuple[Path, Path], tmp_path: Path, module: str
) -> None:
    sheet = filled(places, tmp_path, module)
    found = list(readings.compare(*places, "r1", sheet))
    assert {r.verdict for r in found} <= {"agrees", "-"}
    assert len(found) >= 30
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = next(r for r in rows if r["answer"] in {"A", "B", "C", "D"})
    first.update(answer="B" if first["answer"] == "A" else "A", doubt="hai cách đáp")
    last = next(r for r in rows if r["item"].endswith("-Q03"))
    last["answer"] = ""
    write(sheet, rows)
    found = list(readings.compare(*places, "r2", sheet))
    assert [(r.item, r.verdict, r.doubt) for r in found if r.verdict not in {"agrees", "-"}] == [
        (first["item"], "differs", "hai cách đáp"),
        (last["item"], "unread", ""),
    ]
    readings.record(tmp_path / "readings.csv", found)
    assert len((tmp_path / "readings.csv").read_text(encoding="utf-8").splitlines()) == len(found) + 1


def test_a_sheet_shows_what_is_released_and_nothing_of_the_key(places: tuple[Path, Path], tmp_path: Path) -> None:
    readings.sheets(places[0], tmp_path, ["M09"])
    sheet = (tmp_path / "M09.md").read_text(encoding="utf-8")
    keyed = json.loads((places[1] / "M09.json").read_bytes())["items"]
    for item in keyed:
        for body in item["variants"]:
            assert body["stem"] in sheet
            assert not body["explanation"] or body["explanation"] not in sheet
    assert not [name for name in KEY_FIELDS if f"**{name}**" in sheet]
    assert TYPES.keys() >= {item["type"] for item in keyed}


def test_a_sheet_of_another_release_is_refused(places: tuple[Path, Path], tmp_path: Path) -> None:
    sheet = filled(places, tmp_path, "M09")
    release, _ = readings.released(places[0], "M09")
    sheet.write_text(sheet.read_text(encoding="utf-8").replace(release, "0" * 16), encoding="utf-8")
    with pytest.raises(ValueError, match=r"was read in release 0{16}"):
        list(readings.compare(*places, "r1", sheet))


def test_a_body_that_was_reworded_is_to_be_read_again_and_nothing_else(
    places: tuple[Path, Path], tmp_path: Path
) -> None:
    """Ten bodies get another right option after two readers agreed; the linter cannot see it, the record does."""
    sheet = filled(places, tmp_path, "M09")
    found = [r for reader in ("r1", "r2") for r in readings.compare(*places, reader, sheet)]
    readings.record(tmp_path / "readings.csv", found)
    changed = tmp_path / "release" / "M09"
    changed.mkdir(parents=True)
    public = json.loads((places[0] / "M09" / "items.json").read_bytes())
    (changed / "items.json").write_text(json.dumps(public), encoding="utf-8")
    assert list(readings.missing(tmp_path / "release", tmp_path / "readings.csv")) == []
    bodies = [(i["id"], n, b) for i in public["items"] for n, b in enumerate(i["variants"], 1) if "options" in b][:10]
    for _item, _number, body in bodies:
        body["options"][0]["text"] = "Cũng đúng: " + body["options"][-1]["text"]
    (changed / "items.json").write_text(json.dumps(public), encoding="utf-8")
    rest = list(readings.missing(tmp_path / "release", tmp_path / "readings.csv"))
    assert rest == [(item, number, 0) for item, number, _body in bodies]
    asked = {(item, number) for item, number, _count in rest}
    assert readings.sheets(tmp_path / "release", tmp_path / "again", ["M09"], asked) == 10
