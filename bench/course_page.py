"""Writes what authors read of ``course.yaml`` from the records that read it: ``python -m bench.course_page``.

``docs/course.md`` says each field in a sentence, ``docs/course.schema.json`` tells an editor. Both come from
``grader/ground/course_file.py``: types and defaults from its records, sentences from the text under each field.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from grader.ground import course_file
from grader.ground.course_file import CourseFile

ROOT = Path(__file__).resolve().parent.parent
PAGE, SCHEMA = ROOT / "docs" / "course.md", ROOT / "docs" / "course.schema.json"
BEGIN, END = "<!-- fields: python -m bench.course_page -->\n", "<!-- end of fields -->"
_MAPPINGS = {"modules": "M02", "targets": "CT70", "indicators": "CT95", "posts": "steward", "unit_kinds": "quay"}
"""Field of records by id → such an id, for the headings."""


def told() -> dict[str, dict[str, str]]:
    """Return record → field → the sentence under it; the record itself is told under ``""``."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(course_file)).body:
        if isinstance(node, ast.ClassDef):
            fields = found[node.name] = {"": ast.get_docstring(node) or ""}
            for one, after in zip(node.body, node.body[1:], strict=False):
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    fields[one.target.id] = _text(after)
    return found


def _text(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return re.sub(r"\s+", " ", node.value.value)
    return ""


def schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of the file as it is written, ``targets.set`` among the targets."""
    whole = CourseFile.model_json_schema(mode="validation")
    sentences = told()
    for name, record in {"CourseFile": whole, **whole["$defs"]}.items():
        record.pop("title", None)
        record["description"] = _plain(sentences[name][""])
        for field, said in record["properties"].items():
            said.pop("title", None)
            if said.get("default", "") is None:
                del said["default"]
            said["description"] = _plain(sentences[name][field])
    fields = whole["properties"]
    fields["targets"]["properties"] = {"set": fields.pop("target_set")}
    fields["targets"]["required"] = ["set"]
    whole["required"].remove("target_set")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "course.yaml", **whole}


def _plain(text: str) -> str:
    return text.replace("``", "`").replace("*", "")


def page() -> str:
    """Return the page with its tables of fields as they are now."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + "\n".join(_sections("", CourseFile, told())) + "\n" + END + rest.split(END)[1]


def _sections(path: str, record: type[BaseModel], sentences: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    said = sentences[record.__name__]
    yield f"### `{path}`\n" if path else "### The file\n"
    yield said[""].replace("``", "`") + "\n"
    yield "| field | holds | |\n|---|---|---|"
    below = []
    for name, field in record.model_fields.items():
        inner, many = _record_in(field.annotation)
        shown = "targets.set" if name == "target_set" else name
        default = field.get_default()
        needed = "needed" if field.is_required() else f"`{default}`" if default else ""
        yield f"| `{shown}` | {_kind(inner, many, field.annotation)} | {_cell(said[name], needed)} |"
        if inner:
            below.append((_joined(path, name, _MAPPINGS[name] if many else ""), inner))
    yield ""
    for place, inner in below:
        yield from _sections(place, inner, sentences)


def _cell(said: str, needed: str) -> str:
    text = said.replace("``", "`").replace("|", "\\|")
    if needed == "needed":
        return f"**Needed.** {text}"
    return f"{text} Left out: {needed}." if needed else text


def _joined(path: str, name: str, example: str) -> str:
    return ".".join(part for part in (path, name, f"⟨{example}⟩" if example else "") if part)


def _record_in(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the record that a field holds, and whether it holds several by id."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    parts = [_record_in(part)[0] for part in typing.get_args(annotation)]
    return next(filter(None, parts), None), typing.get_origin(annotation) is Mapping


def _kind(inner: type[BaseModel] | None, many: bool, annotation: Any) -> str:
    if inner:
        return "id → fields" if many else "fields"
    text = str(annotation)
    if "Literal" in text and "Mapping" in text:
        return "text, or language → text"
    for sign, kind in (
        ("Literal", " or ".join(f"`{one}`" for one in typing.get_args(annotation))),
        ("tuple[typing.Annotated[int", "`[n, d]`"),
        ("Mapping[str, typing.Annotated[tuple", "id → list"),
        ("Mapping[str, str]", "id → text"),
        ("tuple", "list"),
        ("Decimal", "number"),
        ("int", "whole number"),
        ("date", "day, `2028-12-31`"),
    ):
        if sign in text:
            return kind
    return "text"


def main() -> None:
    """Write both."""
    SCHEMA.write_text(written(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def written() -> str:
    """Return the schema's text."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
