"""Says what an import changes: lines for a terminal, one JSON object, and a CSV file of every rejected row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course.words import Text, _, into, joined
from grader.ground.errors import ModuongError
from grader.ground.spreadsheet import harmless
from grader.roster.diff import KINDS, TABLES, Change, Merged
from grader.roster.records import Tables
from grader.roster.row_findings import RowFinding

SHOWN = 50
"""Findings of one sort on a terminal; more go to a file."""
_CHANGES_SHOWN = 20
_ROWS: Mapping[str, Text] = MappingProxyType(
    {"units": _("đơn vị"), "people": _("cán bộ"), "posts": _("chức vụ"), "external": _("khóa học ngoài")}
)
_COUNTED: Mapping[str, Text] = MappingProxyType(
    {"units": _("số đơn vị"), "people": _("số cán bộ"), "posts": _("số chức vụ"), "external": _("số khóa học ngoài")}
)
_KINDS: Mapping[str, Text] = MappingProxyType({
    "new": _("mới"),
    "changed": _("thay đổi"),
    "ended": _("kết thúc"),
    "removed": _("gỡ bỏ"),
    "kept": _("không có trong tệp, giữ nguyên"),
    "same": _("như đã lưu"),
    "rejected": _("bị loại"),
})  # fmt: skip
_WARNED = _("Nhắc để biết, dòng vẫn được nạp")
_REJECTED = _("BỊ LOẠI, không được tính")


def counts(merged: Merged, tables: Tables) -> dict[str, dict[str, int]]:
    """Return table -> kind of change, ``same`` or ``rejected`` -> number of rows.

    Courses outside only where there are any.
    """
    changed = Counter((change.table, change.what) for change in merged.changes)
    rejected = Counter(finding.file for finding in merged.roster.rejected)
    found = {
        table: {kind: changed[table, kind] for kind in KINDS} | {"same": merged.same[table], "rejected": rejected[file]}
        for table, file in zip(TABLES, tables, strict=True)
    }
    return {table: numbers for table, numbers in found.items() if table != "external" or any(numbers.values())}


def _as_it_is(finding: RowFinding) -> RowFinding:
    return finding


def lines(
    merged: Merged, tables: Tables, lang: str, place: Callable[[RowFinding], RowFinding] = _as_it_is
) -> Iterator[str]:
    """Yield changes, warnings, rejected rows (of many only the first), and last the counts of each table.

    ``place`` turns a finding into one that names its sheet and the row there.
    """
    said = [
        *_changes(merged),
        *_findings(_WARNED, merged.roster.warnings, lang, place),
        *_findings(_REJECTED, merged.roster.rejected, lang, place),
    ]
    for table, numbers in counts(merged, tables).items():
        of_kinds = joined(", ", (joined(" ", (str(n), _KINDS[kind])) for kind, n in numbers.items() if n))
        said.append(joined(": ", (_COUNTED[table], of_kinds or "0")))
    return (into(line, lang) for line in said)


def _changes(merged: Merged) -> Iterator[str]:
    for kind in KINDS:
        found = [change for change in merged.changes if change.what == kind]
        yield from map(_line, found[:_CHANGES_SHOWN])
        if (more := len(found) - _CHANGES_SHOWN) > 0:
            yield _("… còn {more} dòng {kind}; --json liệt kê đủ", more=more, kind=_KINDS[kind])


def _findings(
    title: Text, findings: Sequence[RowFinding], lang: str, place: Callable[[RowFinding], RowFinding]
) -> Iterator[str]:
    if findings:
        yield joined("", (title, f" ({len(findings)}):"))
    yield from (f"{f.file}:{f.line}: {f.code} {f.message(lang)}" for f in map(place, findings[:SHOWN]))
    if len(findings) > SHOWN:
        yield f"… +{len(findings) - SHOWN}"


def _line(change: Change) -> Text:
    said = [_KINDS[change.what], ": ", _ROWS[change.table], " ", ", ".join(change.row)]
    if change.line:
        said.append(_(" (dòng {line})", line=change.line))
    if change.fields:
        said.append(": " + "; ".join(f"{column}: «{old}» → «{new}»" for column, old, new in change.fields))
    return joined("", said)


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
            writer.writerows((harmless(f.file), f.line, f.code, harmless(f.message(lang))) for f in findings)
    except OSError as error:
        raise ModuongError(
            "E-WS-1",
            _(
                "Không ghi được {path} ({strerror}). Hãy chọn tệp khác bằng --rejects.",
                path=path,
                strerror=error.strerror,
            ),
        ) from None
