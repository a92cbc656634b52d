"""course.yaml: what reads it, the page that tells it and the schema for editors are one."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bench import course_page
from grader.ground import syllabus
from grader.ground.errors import ModuongError
from tests.completion.test_other_union import COURSE as HARBOUR
from tests.support.people import ROOT
from tests.support.union_builder import COURSE

PAGE = course_page.PAGE.read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```yaml course\.yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
FILES = {
    "this course": (ROOT / "course" / "course.yaml").read_text(encoding="utf-8"),
    "the page": EXAMPLE,
    "another union": HARBOUR,
    "the tests": COURSE,
}


class Plain(yaml.SafeLoader):
    """YAML as an editor sees it: days are texts."""


Plain.yaml_implicit_resolvers = {
    sign: [(tag, rule) for tag, rule in rules if not tag.endswith("timestamp")]
    for sign, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CHECKED = jsonschema.Draft202012Validator(json.loads(course_page.SCHEMA.read_text(encoding="utf-8")))


def loads(folder: Path, data: Any) -> str:
    """Return the refusal of the code; empty where the file is taken."""
    path = folder / "course.yaml"
    path.write_text(data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    try:
        syllabus.load(path)
    except ModuongError as error:
        return error.text("en")
    return ""


def records(data: Any, schema: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield place and fields of every record in a file."""
    if not isinstance(data, dict):
        return
    if schema.get("anyOf"):
        schema = next((one for one in schema["anyOf"] if "$ref" in one), schema)
    if "$ref" in schema:
        schema = CHECKED.schema["$defs"][schema["$ref"].rpartition("/")[2]]
    if schema.get("additionalProperties") is False:
        yield place, schema
    for name, value in data.items():
        below = schema.get("properties", {}).get(name) or schema.get("additionalProperties") or {}
        yield from records(value, below, (*place, name))


def changed(data: Any, place: tuple[str, ...], change: Any) -> Any:
    new = copy.deepcopy(data)
    inner = new
    for name in place:
        inner = inner[name]
    change(inner)
    return new


def test_page_and_schema_are_what_the_records_say() -> None:
    assert course_page.page() == PAGE, "run `python -m bench.course_page`"
    assert course_page.written() == course_page.SCHEMA.read_text(encoding="utf-8"), "run `python -m bench.course_page`"
    CHECKED.check_schema(CHECKED.schema)


def test_every_field_is_told() -> None:
    untold = [
        (record, field) for record, fields in course_page.told().items() for field, said in fields.items() if not said
    ]
    assert untold == [("_Record", "")]


@pytest.mark.parametrize("name", FILES)
def test_a_good_file_is_good_for_both(tmp_path: Path, name: str) -> None:
    assert loads(tmp_path, FILES[name]) == ""
    assert [error.message for error in CHECKED.iter_errors(yaml.load(FILES[name], Plain))] == []


@pytest.mark.parametrize("name", ["this course", "the page"])
def test_both_refuse_a_field_that_is_unknown_or_missing(tmp_path: Path, name: str) -> None:
    data = yaml.load(FILES[name], Plain)
    found = list(records(data, CHECKED.schema))
    assert {place[0] for place, _schema in found if place} >= {"course", "modules", "attempts", "targets", "indicators"}
    for place, schema in found:
        wrong = {f"unknown in {place}": changed(data, place, lambda inner: inner.update(colour="red"))}
        for field in schema.get("required", ()):
            wrong[f"no {field} in {place}"] = changed(data, place, lambda inner, field=field: inner.pop(field))
        for said, one in wrong.items():
            assert not CHECKED.is_valid(one), said
            assert "course.yaml:" in loads(tmp_path, one), said


def test_an_unknown_field_is_named_with_its_line(tmp_path: Path) -> None:
    text = EXAMPLE.replace("attempts: {limit: 3, wait_hours: 12}", "attempts: {limit: 3, wait_hour: 12}")
    said = loads(tmp_path, text).splitlines()
    line = text.splitlines().index("attempts: {limit: 3, wait_hour: 12}") + 1
    assert [part.partition("course.yaml")[2] for part in said] == [
        f":{line}: attempts.wait_hours: this field is missing.",
        f":{line}: attempts.wait_hour: no such field; correct or remove it.",
    ]
