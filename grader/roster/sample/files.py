"""Writes a synthetic roster: invented people and units in the union's real shape, with known faults planted.

Numbers are those of docs/design.md §9.6: ``demo`` has about 180 leaders, ``full`` about 1,980. The same size and
seed give
the same bytes. Beside the roster it writes ``learners.csv`` (what simulated learners are like) and
``expected_findings.json`` (each planted fault: file, line, code). Who should have finished by ``AS_OF`` is told by
``diligence``:

=========== ==================================================================
diligence   a simulated learner with it
=========== ==================================================================
≥ TRAINED   passes every module of the track by ``AS_OF``
≥ LATE      passes too, but hands in the last module after ``AS_OF``
≥ WAITING   passes all but the last module, which still awaits marking
≥ BEGUN     passes the first module, fails or leaves the others
below       does nothing
=========== ==================================================================

Followed so, the leaders in office on ``AS_OF`` give about 31 % over all, 12 to 55 % by corporation but for EVNNPT,
which is above 70 %, and nobody trained in the grassroots union ``NOBODY_TRAINED`` and its sections.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.records import PEOPLE_COLUMNS, PEOPLE_FILE, POST_COLUMNS, POSTS_FILE, UNIT_COLUMNS, UNITS_FILE
from grader.roster.sample.faults import plant
from grader.roster.sample.people import SIZES, Learner, draw

LEARNERS_FILE = "learners.csv"
FINDINGS_FILE = "expected_findings.json"
WORKBOOK_FILE = "danh-sach.xlsx"
LEARNER_COLUMNS = ("person_id", "role", "shift", "device", "full_time", "diligence")


def write(folder: Path, size: str, seed: int, *, workbook: bool = False) -> None:
    """Write the three roster files, learners.csv and expected_findings.json into ``folder`` (made if missing).

    ``workbook``: also the same rows as danh-sach.xlsx, a sheet for each file, as coordinators keep them.

    A workbook of an earlier sample in the folder is written anew, so that it never differs from the files beside it.

    Raises:
        ModuongError: ``E-SIZE-1`` there is no such size; ``E-FILE-3`` the folder holds a roster that is no sample.
    """
    if size not in SIZES:
        known = ", ".join(SIZES)
        raise ModuongError("E-SIZE-1", _("Không có cỡ «{size}»; hãy chọn: {known}.", size=size, known=known))
    names = (UNITS_FILE, PEOPLE_FILE, POSTS_FILE, WORKBOOK_FILE)
    if not is_one(folder) and (there := [name for name in names if (folder / name).exists()]):
        raise ModuongError(
            "E-FILE-3",
            _(
                "{folder}: đã có {there}, không phải danh sách mẫu, nên không ghi đè. Hãy chọn thư mục khác.",
                folder=folder,
                there=", ".join(there),
            ),
        )
    sample = draw(size, seed)
    findings = plant(sample, seed)
    folder.mkdir(parents=True, exist_ok=True)
    tables = (
        (UNITS_FILE, UNIT_COLUMNS, sample.units),
        (PEOPLE_FILE, PEOPLE_COLUMNS, sample.people),
        (POSTS_FILE, POST_COLUMNS, sample.posts),
    )
    for name, columns, rows in tables:
        _write_csv(folder / name, columns, rows)
    if workbook or (folder / WORKBOOK_FILE).exists():
        _write_workbook(folder / WORKBOOK_FILE, tables)
    _write_csv(folder / LEARNERS_FILE, LEARNER_COLUMNS, [_learner_row(learner) for learner in sample.learners])
    text = json.dumps(findings, ensure_ascii=False, indent=1)
    (folder / FINDINGS_FILE).write_text(text + "\n", encoding="utf-8")


def is_one(folder: Path) -> bool:
    """Tell whether a folder holds a sample: invented people, whatever is computed from them is simulated."""
    return (folder / FINDINGS_FILE).exists()


def read_learners(folder: Path) -> tuple[Learner, ...]:
    """Read ``learners.csv`` of a sample written by ``write``."""
    with (folder / LEARNERS_FILE).open(encoding="utf-8", newline="") as stream:
        return tuple(
            Learner(
                person_id=row["person_id"],
                role=row["role"],
                shift=row["shift"],
                device=row["device"],
                full_time=row["full_time"] == "true",
                diligence=float(row["diligence"]),
            )
            for row in csv.DictReader(stream)
        )


def _learner_row(learner: Learner) -> dict[str, str]:
    row = asdict(learner)
    return {**row, "full_time": str(learner.full_time).lower(), "diligence": f"{learner.diligence:.3f}"}


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _write_workbook(path: Path, tables: Iterable[tuple[str, Sequence[str], Iterable[dict[str, str]]]]) -> None:
    import xlsxwriter  # only here

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        for name, columns, rows in tables:
            sheet = book.add_worksheet(name.removesuffix(".csv"))
            for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows]):
                for place, column in enumerate(columns):
                    sheet.write_string(number, place, row.get(column, ""))
