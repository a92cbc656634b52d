"""Says what an import changes: lines for a terminal, one JSON object, and a CSV file of every rejected row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.diff import KINDS, TABLES, Change, Merged
from grader.roster.records import Tables
from grader.roster.row_findings import RowFinding

SHOWN = 50
"""Findings of one sort on a terminal; more go to a file."""
_CHANGES_SHOWN = 20
_TABLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"units": ("đơn vị", "units"), "people": ("cán bộ", "people"), "posts": ("chức vụ", "posts")}
)
_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "new": ("mới", "new"),
    "changed": ("thay đổi", "changed"),
    "ended": ("kết thúc", "ended"),
    "removed": ("gỡ bỏ", "removed"),
    "kept": ("không có trong tệp, giữ nguyên", "not in the file: kept"),
    "same": ("như đã lưu", "as stored"),
    "rejected": ("bị loại", "rejected"),
})  # fmt: skip


_FINDINGS = (
    ("Nhắc để biết, dòng vẫn được nạp", "Warnings, taken in all the same"),
    ("BỊ LOẠI, không được tính", "REJECTED, not counted"),
)


def counts(merged: Merged, tables: Tables) -> dict[str, dict[str, int]]:
    """Return table -> kind of change, ``same`` or ``rejected`` -> number of rows."""
    changed = Counter((change.table, change.what) for change in merged.changes)
    rejected = Counter(finding.file for finding in merged.roster.rejected)
    return {
        table: {kind: changed[table, kind] for kind in KINDS} | {"same": merged.same[table], "rejected": rejected[file]}
        for table, file in zip(TABLES, tables, strict=True)
    }


def _as_it_is(finding: RowFinding) -> RowFinding:
    return finding


def lines(
    merged: Merged, tables: Tables, lang: str, place: Callable[[RowFinding], RowFinding] = _as_it_is
) -> Iterator[str]:
    """Yield changes, warnings, rejected rows (of many only the first), and last the counts of each table.

    ``place`` turns a finding into one that names its sheet and the row there.
    """
    word = 1 if lang == "en" else 0
    for kind in KINDS:
        found = [change for change in merged.changes if change.what == kind]
        yield from (_line(change, word) for change in found[:_CHANGES_SHOWN])
        if len(found) > _CHANGES_SHOWN:
            more = f"{len(found) - _CHANGES_SHOWN}"
            yield (
                f"… {more} more {_KINDS[kind][1]}; --json lists all"
                if word
                else f"… còn {more} dòng {_KINDS[kind][0]}; --json liệt kê đủ"
            )
    for title, findings in zip(_FINDINGS, (merged.roster.warnings, merged.roster.rejected), strict=True):
        if findings:
            yield f"{title[word]} ({len(findings)}):"
        yield from (f"{f.file}:{f.line}: {f.code} {f.message(lang)}" for f in map(place, findings[:SHOWN]))
        if len(findings) > SHOWN:
            yield f"… +{len(findings) - SHOWN}"
    for table, numbers in counts(merged, tables).items():
        said = ", ".join(f"{number} {_KINDS[kind][word]}" for kind, number in numbers.items() if number)
        yield f"{_TABLES[table][word]}: {said or '0'}"


def _line(change: Change, word: int) -> str:
    fields = "; ".join(f"{column}: «{old}» → «{new}»" for column, old, new in change.fields)
    place = f" ({'line' if word else 'dòng'} {change.line})" if change.line else ""
    said = f"{_KINDS[change.what][word]}: {_TABLES[change.table][word]} {', '.join(change.row)}{place}"
    return f"{said}: {fields}" if fields else said


def to_json(
    merged: Merged, tables: Tables, lang: str, place: Callable[[RowFinding], RowFinding] = _as_it_is
) -> dict[str, Any]:
    """Return every count, change and finding; ``place`` as in ``lines``."""
    return {
        "counts": counts(merged, tables),
        **{kind: [_change(change) for change in merged.changes if change.what == kind] for kind in KINDS},
        "rejected_rows": [place(finding).to_json(lang) for finding in merged.roster.rejected],
        "warnings": [place(finding).to_json(lang) for finding in merged.roster.warnings],
    }


def _change(change: Change) -> dict[str, Any]:
    said: dict[str, Any] = {"table": change.table, "row": list(change.row), "line": change.line}
    return said | ({"fields": {column: [old, new] for column, old, new in change.fields}} if change.fields else {})


def write_rejects(path: Path, findings: Sequence[RowFinding], lang: str) -> None:
    """Write every rejected row for Excel: file, line, code, sentence. Staff alone reads it.

    Raises:
        ModuongError: ``E-WS-1`` the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            path.chmod(0o600)
            writer = csv.writer(stream)
            writer.writerow(("file", "line", "code", "message"))
            writer.writerows(
                (f.file if f.file[0].isalnum() else f"'{f.file}", f.line, f.code, f.message(lang)) for f in findings
            )
    except OSError as error:
        raise ModuongError(
            "E-WS-1",
            _(
                "Không ghi được {path} ({strerror}). Hãy chọn tệp khác bằng --rejects.",
                path=path,
                strerror=error.strerror,
            ),
        ) from None
