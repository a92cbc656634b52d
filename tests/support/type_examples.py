"""The examples of the items page: one of every type, as a course text with its files, and as a released module."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from grader.publish import notebooks
from grader.text import authoring
from grader.text.authoring import Authored, AuthoredItem
from grader.text.module_text import ModuleText
from tests.support.people import ROOT

PAGE = ROOT / "docs" / "items.md"
_SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```\{item\}.*?^```$", re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    """Return type → the text of its section on the items page."""
    types = PAGE.read_text(encoding="utf-8").split("\n## Types\n")[1].split("\n## ")[0]
    return dict(_SECTION.findall(types))


@cache
def written() -> Authored:
    """Return the examples as an exercise in a folder of its own, with the files that they name."""
    folder = Path(mkdtemp(prefix="moduong-vi-du-"))
    path = folder / "exercise.md"
    fences = [fence for text in sections().values() for fence in _FENCE.findall(text)]
    path.write_text("---\nmodule: M02\ntitle: Ví dụ\n---\n" + "\n\n".join(fences) + "\n", encoding="utf-8")
    read = authoring.read(path)
    (folder / "data").mkdir()
    names = {name for item in read.items for body in item.bodies for name in body.files()}
    for number, name in enumerate(sorted(names), start=1):
        picture = ROOT / "docs" / "images" / name
        if picture.exists():
            shutil.copy(picture, folder / "data" / name)
        else:
            (folder / "data" / name).write_text("ngay,ca\n" + "1/11,dem\n" * (3 * number), encoding="utf-8")
    return read


def examples() -> dict[str, AuthoredItem]:
    """Return type → its example."""
    return {item.head.type: item for item in written().items}


def text() -> ModuleText:
    """Return the examples as a module."""
    total = str(sum((item.head.points or Decimal(0) for item in written().items), Decimal(0)))
    return ModuleText("thu", "1", "vi", "M02", "Ví dụ", total, total, written(), None, {})


def release(folder: Path, module: str) -> Path:
    """Write the examples as the released module ``module`` into ``folder``; return its folder."""
    items: list[Any] = [
        {**item.public, "id": item.id.replace("M02", module)} for item in sorted(written().items, key=lambda i: i.id)
    ]
    target = folder / module
    (target / "data").mkdir(parents=True)
    for file in (written().document.path.parent / "data").iterdir():
        shutil.copy(file, target / "data")
    public = {"schema": 1, "course": "truyen-thong-so", "module": module, "title": "Ví dụ", "items": items}
    (target / "items.json").write_bytes(notebooks.dumps(public))
    cells = notebooks.exercise_cells(module, ["Lời dẫn.", *items], staff=False, stub="*(Chưa có bài viết.)*")
    book = notebooks.notebook(cells, "truyen-thong-so", module, "exercise")
    (target / f"{module}.ipynb").write_bytes(notebooks.dumps(book))
    return target
