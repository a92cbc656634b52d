"""What runs in the child: takes its limits, reads the files, writes one JSON object, and ends.

Started as ``python -m grader.roster.tables.worker KIND PATH [KIND PATH …]`` by ``child``; nothing else imports it.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course.words import Text
from grader.ground.errors import ModuongError
from grader.roster.tables import grid
from grader.roster.tables.grid import Note, Sheet

_MEMORY = 1 << 30
_SECONDS = 55
_OPEN_FILES = 64


def main(asked: Sequence[str]) -> None:
    """Read files, given as kind and path in turn, and write what is in them, or why one cannot be read."""
    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    gc.disable()  # a table has no cycles, and the process is short
    for name in ("numpy", "lxml"):  # openpyxl would load them: the one for nothing, the other in defusedxml's place
        sys.modules[name] = None  # type: ignore[assignment]
    text = json.dumps(answer(asked), ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is left to do, and freeing a large table takes as long as reading it


def answer(asked: Sequence[str]) -> dict[str, Any]:
    """Return what is in the files, as ``grid.packed`` gives it, or code, template and fields of a refusal."""
    path = Path(asked[1])
    try:
        sheets: list[Sheet] = []
        notes: list[Note] = []
        for kind, name in zip(asked[::2], asked[1::2], strict=True):
            path = Path(name)
            found, noted = _read(kind, path)
            sheets += found
            notes += noted
        return grid.packed(sheets, notes)
    except ModuongError as error:
        return _refused(error)
    except MemoryError:
        from grader.roster.tables.child import too_large

        return _refused(too_large(path))


def _refused(error: ModuongError) -> dict[str, Any]:
    text = error.said
    template, fields = (text.template, text.fields) if isinstance(text, Text) else (text, {})
    return {"code": error.code, "template": template, "fields": {name: str(value) for name, value in fields.items()}}


def _read(kind: str, path: Path) -> tuple[list[Sheet], list[Note]]:
    if kind == "xlsx":
        from grader.roster.tables import xlsx

        return xlsx.read(path)
    if kind == "text":
        from grader.roster.tables import plain

        return plain.read(path)
    from grader.roster.tables import other

    return other.read(path, kind)


if __name__ == "__main__":
    main(sys.argv[1:])
