"""Reads indicators.csv: the targets that this system does not measure, such as CT95.

Coordinators enter them by year and unit. They are checked, shown apart, and never mixed into a computed target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from course.words import Text, _, into
from grader.completion.records import Rate
from grader.ground.syllabus import Syllabus
from grader.roster.exact.csv_rows import CsvRows
from grader.roster.lineage import Structure

FILE = "indicators.csv"
COLUMNS = ("year", "unit_id", "indicator", "numerator", "denominator", "source", "entered_by")
_LONGEST_NUMBER = 9  # digits

_SENTENCES: Mapping[str, Text] = MappingProxyType({
    "IND-01": _("thiếu giá trị ở cột «{0}»; hãy điền rồi nạp lại."),
    "IND-02": _("cột «{0}»: «{1}» không phải số nguyên từ 0 trở lên."),
    "IND-03": _("chỉ tiêu «{0}» không có trong bộ chỉ tiêu ({1})."),
    "IND-04": _("cùng năm, đơn vị và chỉ tiêu với dòng {0}; mỗi bộ ba chỉ một dòng."),
    "IND-05": _("đơn vị «{0}» không hoạt động vào ngày chốt."),
    "IND-06": _("tử số {0} lớn hơn mẫu số {1}, hoặc mẫu số bằng 0."),
    "IND-07": _("năm «{0}» nằm ngoài khoảng {1} đến {2}."),
    "IND-08": _("dòng có {0} trường, dòng đầu có {1} cột."),
    "IND-W1": _(
        "{0} năm {1}: số của toàn hệ thống ({2}) khác tổng các đơn vị bên dưới ({3}); báo cáo dùng số của toàn hệ "
        "thống."
    ),
})  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One target that is reported, not computed, as course.yaml has it under ``indicators``.

    Attributes:
        goal: (n, d).
        name: its title.
        unit: who or what is counted.
        first_year: figures of earlier years are rejected.
        by: the day by which it is to be met; None: every year.
    """

    id: str
    goal: tuple[int, int]
    name: str
    unit: str
    first_year: int
    by: date | None

    def title(self, lang: str) -> str:
        """Return the title in ``lang``."""
        return into(self.name, lang)


class Reported(NamedTuple):
    """One accepted row of indicators.csv."""

    year: int
    unit_id: str
    indicator: str
    numerator: int
    denominator: int
    source: str
    entered_by: str
    line: int


class ReportedFinding(NamedTuple):
    """One thing found in indicators.csv; reads like ``row_findings.RowFinding``."""

    line: int
    code: str
    said: tuple[str, ...]
    file: str = FILE

    def message(self, lang: str = "vi") -> str:
        """Return the sentence in ``lang``."""
        shown = (value[:40].replace("\n", " ") for value in self.said)
        return into(_SENTENCES[self.code], lang).format(*shown)

    def to_json(self, lang: str = "vi") -> dict[str, str | int]:
        """Return file, line, code and message."""
        return {"file": self.file, "line": self.line, "code": self.code, "message": self.message(lang)}


@dataclass(frozen=True)
class Headline:
    """The latest figure of one indicator: the union's own row, else the sum of the units that reported.

    Attributes:
        indicator: which one.
        year: of the figure; None when nobody reported.
        rate: N of D.
        units: how many rows it was summed from; 0 when it is the union's own.
        sources, entered_by: as entered, each once.
    """

    indicator: Indicator
    year: int | None = None
    rate: Rate | None = None
    units: int = 0
    sources: tuple[str, ...] = ()
    entered_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicators:
    """What indicators.csv says: accepted rows, the headline of every indicator, and what was found in reading."""

    rows: tuple[Reported, ...] = ()
    headlines: tuple[Headline, ...] = ()
    rejected: tuple[ReportedFinding, ...] = ()
    warnings: tuple[ReportedFinding, ...] = ()

    def to_json(self) -> tuple[dict[str, Any], ...]:
        """Return the rows for ``Completion.indicators``: the columns of the file, with percent and met."""
        goals = {line.indicator.id: line.indicator.goal for line in self.headlines}
        return tuple(
            {**dict(zip(COLUMNS, row[: len(COLUMNS)], strict=True)), "percent": rate.percent, "met": rate.met}
            for row in self.rows
            for rate in (Rate(row.numerator, row.denominator, goals[row.indicator]),)
        )


def of(rules: Syllabus) -> tuple[Indicator, ...]:
    """Return the indicators of a course, in its order."""
    return tuple(
        Indicator(name, one.goal, one.title, one.unit, one.counts_from.year, one.by)
        for name, one in rules.indicators.items()
    )


def unread(rules: Syllabus) -> Indicators:
    """Return what is shown of a course's indicators while nobody has given figures."""
    return Indicators(headlines=tuple(Headline(one) for one in of(rules)))


def read(path: Path, structure: Structure, as_of: date, known: tuple[Indicator, ...]) -> Indicators:
    """Read indicators.csv; bad rows become findings and count nowhere. Without the file nothing is reported.

    Args:
        path: the file.
        structure: the union on the as-of date; units must be in force then.
        as_of: rows of later years are rejected.
        known: the indicators of the target set.

    Raises:
        ModuongError: as ``CsvRows``: not UTF-8, a column missing, not CSV.
    """
    if not path.exists():
        return Indicators(headlines=tuple(Headline(one) for one in known))
    table = CsvRows(path, COLUMNS, "ROS-01/width")
    rows: list[Reported] = []
    wrong: list[ReportedFinding] = []
    seen: dict[tuple[int, str, str], int] = {}
    for line, values in table:
        row = _row(line, [value.strip() for value in values], structure, as_of, known)
        if isinstance(row, Reported):
            first = seen.setdefault((row.year, row.unit_id, row.indicator), line)
            row = row if first == line else ReportedFinding(line, "IND-04", (str(first),))
        if isinstance(row, Reported):
            rows.append(row)
        else:
            wrong.append(row)
    wrong += [ReportedFinding(one.line, "IND-08", one.said) for one in table.rejected]
    headlines = [_headline(one, [row for row in rows if row.indicator == one.id], structure) for one in known]
    return Indicators(
        tuple(rows),
        tuple(headline for headline, _ in headlines),
        tuple(sorted(wrong)),
        tuple(doubt for _, doubt in headlines if doubt),
    )


def _row(
    line: int, values: list[str], structure: Structure, as_of: date, known: tuple[Indicator, ...]
) -> Reported | ReportedFinding:
    empty = next((column for column, value in zip(COLUMNS, values, strict=True) if not value), None)
    if empty:
        return ReportedFinding(line, "IND-01", (empty,))
    fields = dict(zip(COLUMNS, values, strict=True))
    for column in ("year", "numerator", "denominator"):
        if not (fields[column].isascii() and fields[column].isdigit() and len(fields[column]) <= _LONGEST_NUMBER):
            return ReportedFinding(line, "IND-02", (column, fields[column]))
    year, n, d = int(fields["year"]), int(fields["numerator"]), int(fields["denominator"])
    first = next((one.first_year for one in known if one.id == fields["indicator"]), None)
    if first is None:
        return ReportedFinding(line, "IND-03", (fields["indicator"], ", ".join(one.id for one in known)))
    if not first <= year <= as_of.year:
        return ReportedFinding(line, "IND-07", (fields["year"], str(first), str(as_of.year)))
    if structure.standing(fields["unit_id"]) is None:
        return ReportedFinding(line, "IND-05", (fields["unit_id"],))
    if not n <= d or not d:
        return ReportedFinding(line, "IND-06", (fields["numerator"], fields["denominator"]))
    return Reported(year, fields["unit_id"], fields["indicator"], n, d, fields["source"], fields["entered_by"], line)


def _headline(
    indicator: Indicator, rows: Iterable[Reported], structure: Structure
) -> tuple[Headline, ReportedFinding | None]:
    """Return the latest year's figure; a unit below another one that reported is not summed twice."""
    rows = list(rows)
    if not rows:
        return Headline(indicator), None
    year = max(row.year for row in rows)
    latest = {row.unit_id: row for row in rows if row.year == year}
    own = [row for row in latest.values() if _kind(structure, row.unit_id) == structure.offices.top]
    parts = [row for row in latest.values() if row not in own and not _covered(row.unit_id, latest, structure)]
    used = own or parts
    n, d = sum(row.numerator for row in used), sum(row.denominator for row in used)
    doubt = None
    if own and parts:
        below = sum(row.numerator for row in parts), sum(row.denominator for row in parts)
        if below != (n, d):
            doubt = ReportedFinding(
                own[0].line, "IND-W1", (indicator.id, str(year), f"{n}/{d}", f"{below[0]}/{below[1]}")
            )
    sources, people = dict.fromkeys(r.source for r in used), dict.fromkeys(r.entered_by for r in used)
    return Headline(
        indicator, year, Rate(n, d, indicator.goal), 0 if own else len(used), tuple(sources), tuple(people)
    ), doubt


def _kind(structure: Structure, unit_id: str) -> str:
    unit = structure.standing(unit_id)
    return unit.kind if unit else ""


def _covered(unit_id: str, reported: Mapping[str, Reported], structure: Structure) -> bool:
    """Tell whether a unit above this one, below the union, reported too."""
    unit = structure.standing(unit_id)
    climbed: set[str] = set()
    while unit is not None and unit.unit_id not in climbed:
        climbed.add(unit.unit_id)
        unit = structure.standing(unit.parent_id)
        if (
            unit is not None
            and unit.unit_id in reported
            and unit.kind != structure.offices.top
            and unit.unit_id != unit_id
        ):
            return True
    return False
