"""Nothing but an item type's own files knows its name: special cases are properties of the type."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.types import TYPES as PUBLIC
from course.widgets import drawings, styles
from grader.itemtypes import TYPES
from tests.support.people import ROOT

OWN = {ROOT / "course" / "types", ROOT / "grader" / "itemtypes", ROOT / "course" / "widgets" / "types"}
PLAIN_WORDS = {"code", "grid", "match", "number", "order", "post", "table", "text"}
"""Names of types that are words of programs too; in tables of three or in comparisons with a type they count."""


def sources(suffix: str) -> Iterator[Path]:
    for folder in ("course", "grader"):
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            other = "formats" in path.parts or path.name == "worker.py"  # other systems' kinds, kinds of files
            if path.parent not in OWN and "labextensions" not in path.parts and not other:
                yield path


def is_type(node: ast.AST) -> bool:
    """Say whether an expression is the type of an item: ``item["type"]``, ``.get("type")``, ``head.type``, ``kind``."""
    told = ast.unparse(node)
    return bool(re.search(r"""\[['"]type['"]\]|\.get\(['"]type['"]|\btype$|^kind$""", told))


def named(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)} & TYPES.keys()


def found(text: str) -> list[str]:
    """Return the places of a module that know a type by its name."""
    wrong = []
    for node in ast.walk(ast.parse(text)):
        line = (
            f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]}" if isinstance(node, ast.expr | ast.stmt) else ""
        )
        if isinstance(node, ast.Compare) and any(map(is_type, [node.left, *node.comparators])) and named(node):
            wrong.append(line)
        if isinstance(node, ast.Match) and is_type(node.subject) and any(map(named, node.cases)):
            wrong.append(line)
        if isinstance(node, ast.Dict) and len(set().union(*(named(k) for k in node.keys if k), set())) > 2:
            wrong.append(line)
        if isinstance(node, ast.Set | ast.List | ast.Tuple) and len(named(node)) > 2:
            wrong.append(line)
        if isinstance(node, ast.Constant) and node.value in TYPES.keys() - PLAIN_WORDS:
            wrong.append(line)
    return wrong


def test_no_module_outside_the_types_names_one() -> None:
    wrong = {str(p.relative_to(ROOT)): found(p.read_text(encoding="utf-8")) for p in sources(".py")}
    assert {path: places for path, places in wrong.items() if places} == {}


def test_no_browser_file_outside_the_types_names_one() -> None:
    asked = re.compile(rf"""\.type\s*[!=]==?\s*["']|["'](?:{"|".join(TYPES.keys() - PLAIN_WORDS)})["']""")
    wrong = {p.name: asked.findall(p.read_text(encoding="utf-8")) for p in sources(".js")}
    assert {path: places for path, places in wrong.items() if places} == {}


@pytest.mark.parametrize(
    "planted",
    [
        'if item["type"] == "code": pass',
        'x = [i for i in items if i.head.type in {"number", "table"}]',
        'match item["type"]:\n    case "order": pass',
        'HINTS = {"text": 1, "code": 2, "order": 3}',
        '_ALIKE = frozenset({"number", "table", "text"})',
        'k = "single"',
        'y = kind != "post"',
    ],
)
def test_a_planted_name_is_found(planted: str) -> None:
    assert found(planted)


def test_the_drawings_of_a_page_are_those_of_its_types_alone() -> None:
    everything = drawings(PUBLIC)
    for kind in PUBLIC:
        alone = drawings([kind])
        assert f'shelf.draw["{kind}"]' in alone
        assert alone in everything
        assert not any(f'shelf.draw["{other}"]' in alone for other in PUBLIC.keys() - {kind})
        assert styles([kind]) in styles(PUBLIC)
