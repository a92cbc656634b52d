"""What a table of a report is: columns by key, each with what it says and how its value is taken from a record.

Page, workbook, CSV, JSON and charts read the same definition: a column that is added to it, and named in a view,
stands there everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from grader.completion.records import Rate
from grader.report.page import Page
from grader.report.suppression import Reason
from grader.report.views import Figure

_R = TypeVar("_R")


class Named(NamedTuple):
    """A unit that is shown by its id, and its name where there is room."""

    id: str
    name: str


class Bar(NamedTuple):
    """What a bar says for those who cannot see it, and the state of people that it is of, if of one."""

    name: str
    state: str = ""


class Hidden(NamedTuple):
    """What stands where a small group is protected; see ``suppression``."""

    reason: Reason | None


class Kind(Enum):
    """What a column's values are; each writer knows how to write each kind."""

    TEXT = auto()
    """``str``"""
    CODE = auto()
    """``str``, an error code"""
    NAMED = auto()
    """``Named``, the name on asking"""
    LONG = auto()
    """``Named``, the name beside the id"""
    COUNT = auto()
    """``int``, or ``None``"""
    YEAR = auto()
    """``int``, or ``None``"""
    LINE = auto()
    """``int``, a line of a file; 0 for none"""
    RATE = auto()
    """``Rate``, in per cent, rounded down; ``None`` for none"""
    SHARE = auto()
    """``float`` or ``Fraction`` of 0 to 1, in per cent, rounded down"""
    FRACTION = auto()
    """``Rate``, as N / D"""
    SHORT = auto()
    """``Rate``, as the people it lacks"""
    VERDICT = auto()
    """``Rate``, as met or by how many people not"""
    MET = auto()
    """``bool``, or ``None`` without a denominator; a ``str`` says why there is none"""
    BAR = auto()
    """``Bar``, of the column that ``draws`` names"""
    DAY = auto()
    """``date``"""
    INSTANT = auto()
    """aware ``datetime``"""


Value = str | int | float | Fraction | bool | date | datetime | Rate | Named | Bar | Hidden | None

Counts = str
"""What a number counts, or is worked out from, in words that are the same wherever the same is counted.

``people``, ``trained``, ``trained of people``, ``people lacking``, ``units``; ``reported``: not by this system;
``said in words``: within a text. Whoever judges what a release gives away takes numbers of one sort together.
"""


@dataclass(frozen=True)
class Column(Generic[_R]):
    """One column.

    Attributes:
        key: its name within the table, and in JSON; views and charts know it by nothing else.
        heading: a sentence of the code, ``_("…")``; it may name the ``{goal}``. Empty where it never heads a column.
        kind: of its values.
        value: takes it from a record; called only where it may be shown.
        counts: what of people or units its numbers count; None for what counts nobody.
        hides: whether it is hidden with the figure of its row.
        people: whether it names or marks out a person: a table with such a column is confidential.
        draws: for a bar, the key of the column that it draws.
        widest: characters in a workbook; longer cells wrap.
    """

    key: str
    heading: str
    kind: Kind
    value: Callable[[_R, Page], Value]
    counts: Counts | None = None
    hides: bool = False
    people: bool = False
    draws: str = ""
    widest: int = 60


Place = Literal["files", "page", "states", "desk", "json"]
"""Where a table stands.

In workbook and CSV files, on the report's page (and, of corporations, in its section of states), on the coordinator's
page, in report.json.
"""


@dataclass(frozen=True)
class View(Generic[_R]):
    """The columns of a table in one place.

    Attributes:
        keys: of the columns, in order.
        sign: key of the column that says why a row is hidden; the others stay empty.
        order: sorts the rows; None leaves them as they are.
        strong: key of the column that stands out.
        first_heads: whether the first column heads its row.
        sorts: whether the reader may sort the table, and rows without a figure are marked.
    """

    keys: tuple[str, ...]
    sign: str = ""
    order: Callable[[_R], Any] | None = None
    strong: str = ""
    first_heads: bool = False
    sorts: bool = False


@dataclass(frozen=True)
class Chart:
    """What is drawn from a table: the columns by key, never by position."""

    kind: Literal["bars", "lines"]
    names: str
    series: tuple[str, ...]


class About(NamedTuple):
    """Of whom a row speaks: which target, which unit with all below it, at the end of which day."""

    target: str
    unit_id: str
    day: date


@dataclass(frozen=True)
class Table(Generic[_R]):
    """One table.

    Attributes:
        key: its name, and that of its CSV file (after the target's).
        title: a sentence of the code: of its sheet, at most 31 characters with the target's.
        columns: all that it has; keys are unique.
        fill: gives for a page the target's id (empty where it is of none) and the rows, of each such table.
        views: place -> columns.
        about: of whom a row speaks; None for a row that counts nobody.
        figure: the figure that decides whether the row's columns are hidden; None where nothing is.
        chart: drawn beside it.
    """

    key: str
    title: str
    columns: tuple[Column[_R], ...]
    fill: Callable[[Page], Iterable[tuple[str, Sequence[_R]]]]
    views: Mapping[Place, View[_R]]
    about: Callable[[Filled[_R], _R], About | None] = field(default=lambda _filled, _row: None)
    figure: Callable[[_R], Figure] | None = None
    chart: Chart | None = None

    @property
    def secret(self) -> bool:
        """Tell whether it names people."""
        return any(column.people for column in self.columns)

    def column(self, key: str) -> Column[_R]:
        """Return the column of this key.

        Raises:
            KeyError: there is none.
        """
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Column[_R]]:
        return {column.key: column for column in self.columns}

    def filled(self, page: Page) -> list[Filled[_R]]:
        """Return the tables of this definition that a report has."""
        return [Filled(self, page, target, rows) for target, rows in self.fill(page)]


@dataclass(frozen=True)
class Filled(Generic[_R]):
    """A table with the rows of one report; ``target`` is the id of the target it is of, empty for none."""

    table: Table[_R]
    page: Page
    target: str
    rows: Sequence[_R]

    @property
    def title(self) -> str:
        """Return the name of its sheet, in the report's language."""
        return f"{self.target} {self.page.words.say(self.table.title)}".strip()

    @property
    def file(self) -> str:
        """Return the name of its CSV file, without suffix."""
        return f"{self.target}-{self.table.key}" if self.target else self.table.key

    @cached_property
    def goal(self) -> str:
        """Return the goal of its target in words; empty for none."""
        goals = (view.result.rate.goal for view in self.page.targets if view.result.id == self.target)
        return next((self.page.words.goal(goal) for goal in goals), "")

    def heading(self, column: Column[_R]) -> str:
        """Return a column's heading, in the report's language; it may name the goal."""
        return self.page.words.fill(column.heading, goal=self.goal)

    def columns(self, place: Place) -> list[Column[_R]]:
        """Return the columns that stand in a place, in order."""
        return [self.table.column(key) for key in self.table.views[place].keys]

    def ordered(self, place: Place) -> Sequence[_R]:
        """Return the rows in the order of a place."""
        order = self.table.views[place].order
        return self.rows if order is None else sorted(self.rows, key=order)

    def read(self, place: Place, most: int | None = None) -> Iterator[tuple[_R, list[Value]]]:
        """Yield each row (``most`` at most) in the order of a place, and what its columns say, as ``value``."""
        columns, page = self.columns(place), self.page
        for row in self.ordered(place)[:most]:
            out = self._hidden(row)
            yield row, [column.value(row, page) if out is None or not column.hides else out for column in columns]

    def figure(self, row: _R) -> Figure | None:
        """Return the figure that decides whether a row's columns are hidden."""
        return self.table.figure(row) if self.table.figure else None

    def value(self, key: str, row: _R) -> Value:
        """Return what a column says of a row; ``Hidden`` where it must not be shown."""
        column = self.table.column(key)
        out = self._hidden(row) if column.hides else None
        return column.value(row, self.page) if out is None else out

    def _hidden(self, row: _R) -> Hidden | None:
        figure = self.figure(row)
        return None if figure is None or figure.rate is not None else Hidden(figure.hidden)

    def values(self, key: str) -> list[Value]:
        """Return a whole column."""
        return [self.value(key, row) for row in self.rows]
