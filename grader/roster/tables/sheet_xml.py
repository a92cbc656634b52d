"""Reads the XML of a sheet and of a workbook's texts with expat alone: an element is an event, never a tree.

``openpyxl`` builds a tree for each cell, in Python, and takes four times as long. A document type is refused: no entity
is ever declared, so none expands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, NamedTuple
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRETCH = 1 << 16
_HIDDEN = ("1", "true")
_MOST_MERGED = 200_000


class RawCell(NamedTuple):
    """One cell as the file has it.

    Attributes:
        column: from 1.
        sort: as the format names it: ``n`` number, ``s`` place of a text, ``str``, ``inlineStr``, ``b``, ``d``, ``e``.
        value: what is written; ``None`` where nothing is.
        style: its number among the workbook's cell formats.
        formula: whether it is computed.
    """

    column: int
    sort: str
    value: str | None
    style: int
    formula: bool


class RawRow(NamedTuple):
    """One row: its number from 1, its cells in the file's order, whether it is hidden."""

    number: int
    cells: list[RawCell]
    hidden: bool


class _Events:
    """What a part of a workbook says, element by element."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refused
        self._parser.CharacterDataHandler = self._text.append

    def feed(self, stream: IO[bytes]) -> Iterator[None]:
        """Read a stream piece by piece, and yield after each.

        Raises:
            ValueError: it has a document type; ``expat.ExpatError`` it is no XML.
        """
        while piece := stream.read(_STRETCH):
            self._parser.Parse(piece, False)
            yield
        self._parser.Parse(b"", True)
        yield

    def handle(
        self, starts: Mapping[str, Callable[[dict[str, str]], None]], ends: Mapping[str, Callable[[], None]]
    ) -> None:
        """Call what stands for an element's local name at its start and its end."""
        first = {f"{_MAIN}}}{name}": act for name, act in starts.items()}
        last = {f"{_MAIN}}}{name}": act for name, act in ends.items()}

        def start(name: str, attributes: dict[str, str]) -> None:
            if (act := first.get(name)) is not None:
                act(attributes)

        def end(name: str) -> None:
            if (act := last.get(name)) is not None:
                act()

        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end

    def listen(self, _attributes: dict[str, str]) -> None:
        """Forget what was written so far."""
        self._text.clear()

    def heard(self) -> str:
        """Return what was written since, and forget it."""
        said = "".join(self._text)
        self._text.clear()
        return said


def _refused(*_declared: object) -> None:
    msg = "a document type"
    raise ValueError(msg)


def texts(stream: IO[bytes]) -> list[str]:
    """Return the texts of a workbook (``sharedStrings.xml``) in their order.

    Raises:
        ValueError, expat.ExpatError: as ``_Events.feed``.
    """
    events = _Events()
    found: list[str] = []
    parts = _Parts(events)
    events.handle(
        {"si": parts.begin, "t": events.listen, "rPh": parts.aloud},
        {"si": lambda: found.append(parts.whole().replace("x005F_", "")), "t": parts.take, "rPh": parts.silent},
    )
    for _ in events.feed(stream):
        pass
    return found


class _Parts:
    """A text put together from its pieces, those of its reading aloud left out."""

    def __init__(self, events: _Events) -> None:
        self._events, self._pieces, self._aloud = events, list[str](), False

    def begin(self, _attributes: dict[str, str]) -> None:
        self._pieces, self._aloud = [], False

    def aloud(self, _attributes: dict[str, str]) -> None:
        self._aloud = True

    def silent(self) -> None:
        self._aloud = False

    def take(self) -> None:
        said = self._events.heard()
        if not self._aloud:
            self._pieces.append(said)

    def whole(self) -> str:
        return "".join(self._pieces)


class SheetEvents:
    """The rows of one sheet, and its merged blocks once all rows are read.

    Attributes:
        merged: references such as ``A1:B3``.
    """

    def __init__(self) -> None:
        self.merged: list[str] = []
        self._events = _Events()
        self._parts = _Parts(self._events)
        self._rows: list[RawRow] = []
        self._cells: list[RawCell] = []
        self._number = self._column = self._style = 0
        self._hidden = self._formula = False
        self._sort = "n"
        self._value: str | None = None
        self._columns: dict[str, int] = {}
        self._events.handle(
            {
                "row": self._row, "c": self._cell, "f": self._computed, "v": self._events.listen,
                "is": self._parts.begin, "t": self._events.listen, "rPh": self._parts.aloud, "mergeCell": self._block,
            },
            {
                "row": self._row_ends, "c": self._cell_ends, "v": self._value_ends, "is": self._inline_ends,
                "t": self._parts.take, "rPh": self._parts.silent,
            },
        )  # fmt: skip

    def rows(self, stream: IO[bytes]) -> Iterator[RawRow]:
        """Yield the rows of a sheet's part.

        Raises:
            ValueError, expat.ExpatError: as ``_Events.feed``, and for numbers of rows and columns that are none.
        """
        for _ in self._events.feed(stream):
            yield from self._rows
            self._rows.clear()

    def _row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        self._number = self._number + 1 if written is None else _whole(written)
        self._hidden = attributes.get("hidden") in _HIDDEN
        self._column = 0
        self._cells = []

    def _row_ends(self) -> None:
        self._rows.append(RawRow(self._number, self._cells, self._hidden))

    def _cell(self, attributes: dict[str, str]) -> None:
        self._sort = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._value, self._formula = None, False
        place = attributes.get("r")
        if not place:
            self._column += 1
            return
        letters = place.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_index_from_string(letters)
        self._column = column

    def _computed(self, _attributes: dict[str, str]) -> None:
        self._formula = True

    def _value_ends(self) -> None:
        if self._sort != "inlineStr":
            self._value = self._events.heard() or None

    def _inline_ends(self) -> None:
        if self._sort == "inlineStr":
            self._value = self._parts.whole()

    def _cell_ends(self) -> None:
        self._cells.append(RawCell(self._column, self._sort, self._value, self._style, self._formula))

    def _block(self, attributes: dict[str, str]) -> None:
        if len(self.merged) < _MOST_MERGED:
            self.merged.append(attributes["ref"])


def _whole(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        number = float(written)  # some writers say 3.0
        if not number.is_integer():
            raise
        return int(number)
