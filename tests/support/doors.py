"""A contract of import-linter: who comes from another room uses only the modules that the room names in ``__all__``."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

from tests.support.people import ROOT

DOORLESS = frozenset({"__main__", "cli"})


def doors(package: str) -> dict[str, set[str]]:
    """Return room -> the names in its ``__all__``, read from the text of its ``__init__.py``."""
    found: dict[str, set[str]] = {}
    for room in sorted((ROOT / package).iterdir()):
        if (room / "__init__.py").is_file():
            found[room.name] = _all(room / "__init__.py")
    return found


def _all(path: Path) -> set[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


class Doors(Contract):
    """``package``: whose subpackages are the rooms."""

    type_name = "doors"
    package = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # the framework's signature
        package = str(self.package)
        named, wrong = doors(package), []
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                room, _dot, inside = imported.removeprefix(f"{package}.").partition(".")
                outside = not importer.startswith(f"{package}.{room}")
                if imported.startswith(f"{package}.") and inside and outside and inside not in named.get(room, set()):
                    wrong.append(f"{importer} -> {imported}")
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: Any) -> None:
        for line in check.metadata["wrong"]:
            output.print_error(f"- {line}: not a door; name it in the room's __all__, or use one that is")
