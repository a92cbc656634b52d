"""Step 2: rows of units, and the unit that each row of a list means; names are confirmed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from course.words import _
from grader.roster.door.asked import NEW, SKIP, SKIPPED, Asking, Option, Question, choose
from grader.roster.door.records import Record, Table
from grader.roster.match import units
from grader.roster.match.ids import issued
from grader.roster.match.words import Words
from grader.roster.records import Roster

ROOT, ROOT_NAME = "CDDLVN", "Công đoàn Điện lực Việt Nam"
_MOST_OFFERED = 30
_DIRECT = "direct"


@dataclass(frozen=True)
class NewUnit:
    """A unit that is not stored: its id, name, kind and parent; ``line`` of the row that named it first."""

    unit_id: str
    name: str
    kind: str
    parent_id: str
    line: int


@dataclass
class Units:
    """The units there are while one list is read: stored ones, those of its sheets, those that its rows name.

    ``settled`` holds the answers that mean a new unit, with the id that it got: the next time that is what is meant.
    """

    asking: Asking
    words: Words
    known: list[tuple[str, str, str]]
    titles: Sequence[str] = ()
    new: list[NewUnit] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _lookup: units.Known | None = None
    _ids: dict[str, Iterator[str]] = field(default_factory=dict)

    def find(self, record: Record, written: str, above: str = "") -> str | None:
        """Return the id of the unit that is written: empty for rows to leave out, ``None`` while it is a question."""
        key = (written, above)
        if key not in self._found or self._found[key] is None:
            self._found[key] = self._decided(record, written, above)
        return self._found[key]

    def known_as(self, written: str) -> str:
        """Return the id of a unit that is written, or was confirmed before, without asking; empty if unknown."""
        proposal = self._look().find(written)
        kind = units.kind_of(written)
        answer = self.asking.answers.get(f"unit:{units.core(written)}" + (f":{kind}" if kind else ""), "")
        return proposal.unit_id or (answer if answer in {unit_id for unit_id, _, _ in self.known} else "")

    def _decided(self, record: Record, written: str, above: str) -> str | None:
        proposal = self._look().find(written)
        if proposal.plain:
            return proposal.unit_id
        new = next((one for one in self.new if units.core(one.name) == units.core(written)), None)
        names = {unit_id: name for unit_id, name, _ in self.known}
        offered = [(one, f"{names[one]} ({one})") for one in proposal.others]
        kind = units.kind_of(written) or "grassroots_union"
        kinds = [kind, *(one for one in self.words.offices.unit_kinds if one not in {kind, self.words.offices.top})]
        fresh = tuple(
            Option(f"{NEW}:{one}", _("đơn vị mới: {kind}", kind=term.name))
            for one in kinds
            for term in (self.words.offices.unit_kinds[one],)
        )
        likely = proposal.unit_id or ("" if proposal.others else f"{NEW}:{kind}")
        question = Question(
            f"unit:{units.core(written)}" + (f":{units.kind_of(written)}" if units.kind_of(written) else ""),
            _("«{written}» là đơn vị nào?", written=written),
            choose(offered, *fresh, SKIPPED),
            likely,
            also=names,
        )
        answer = self.asking.ask(question)
        if answer is None or answer == SKIP:
            return "" if answer else None
        if not answer.startswith(f"{NEW}:"):
            return answer
        made = new.unit_id if new else self._made(record, written, answer.partition(":")[2], above)
        if made:
            self.settled[question.key] = made
        return made

    def _made(self, record: Record, name: str, kind: str, above: str) -> str | None:
        if kind == self.words.offices.counted:
            parent: str | None = self.root(record)
        elif above:
            parent = self.find(record, above)
        else:
            parent = self._top(record)
        if not parent:
            return None
        return self.add(record, name, kind, parent)

    def add(self, record: Record, name: str, kind: str, parent: str, unit_id: str = "") -> str:
        """Take in a new unit and return its id, issued where none is given."""
        made = unit_id or next(
            self._issuing(
                "TCT-" if kind == self.words.offices.counted else "DV-", 2 if kind == self.words.offices.counted else 4
            )
        )
        self.new.append(NewUnit(made, " ".join(name.split()), kind, parent, record.line))
        self.known.append((made, name, kind))
        self._lookup = None
        return made

    def root(self, record: Record) -> str:
        """Return the id of the union itself, made where there is none."""
        root = next((unit_id for unit_id, _, kind in self.known if kind == self.words.offices.top), "")
        return root or self.add(record, ROOT_NAME, self.words.offices.top, "", ROOT)

    def _top(self, record: Record) -> str | None:
        """Return the corporation under which new units stand, once it is told."""
        title = next((one for one in self.titles if units.kind_of(one) == self.words.offices.counted), "")
        key = f"top:{units.core(title)}"
        if key in self.settled:
            return self.settled[key]
        answer = self.asking.ask(self._asked_top(key, title))
        if answer is None:
            return None
        if answer == _DIRECT:
            return self.root(record)
        there = self._look().find(title).unit_id if title and answer == NEW else ""
        if answer.partition(":")[0] != NEW or there:
            return there or answer
        self.settled[key] = self.add(
            record, answer.partition(":")[2] or title, self.words.offices.counted, self.root(record)
        )
        return self.settled[key]

    def _asked_top(self, key: str, title: str) -> Question:
        corporations = [
            (unit_id, f"{name} ({unit_id})") for unit_id, name, kind in self.known if kind == self.words.offices.counted
        ]
        likely = self._look().find(title).unit_id if title else corporations[0][0] if len(corporations) == 1 else ""
        fresh = [Option(NEW, _("tổng công ty mới: {title}", title=title))] if title else []
        return Question(
            key,
            _("Các đơn vị mới trong danh sách này thuộc tổng công ty nào?"),
            choose(corporations[:_MOST_OFFERED], *fresh, Option(_DIRECT, _("trực thuộc Công đoàn Điện lực Việt Nam"))),
            likely or (NEW if fresh and not corporations else ""),
            typed="name",
            also=dict(corporations),
        )

    def _issuing(self, prefix: str, width: int) -> Iterator[str]:
        if prefix not in self._ids:
            self._ids[prefix] = iter(issued((unit_id for unit_id, _, _ in self.known), prefix, width))
        return self._ids[prefix]

    def _look(self) -> units.Known:
        if self._lookup is None:
            self._lookup = units.Known(self.known)
        return self._lookup


def ready(asking: Asking, words: Words, stored: Roster | None, sheets: Sequence[Table], titles: Sequence[str]) -> Units:
    """Return the units that are stored or have an id and a name in a sheet of units."""
    known: dict[str, tuple[str, str, str]] = {}
    for unit in stored.units if stored else ():
        known[unit.unit_id] = (unit.unit_id, unit.name, unit.kind)
    for record in _of_units(sheets):
        unit_id, name = record.text("unit_id"), record.text("name")
        if unit_id and unit_id not in known:
            known[unit_id] = (unit_id, name, words.kind(record.text("kind")) or units.kind_of(name))
    return Units(asking, words, list(known.values()), titles)


def _of_units(sheets: Iterable[Table]) -> Iterator[Record]:
    for table in sheets:
        if table.role == "units":
            yield from table.records


def rows(
    found: Units, sheets: Sequence[Table], day: Callable[[Record, str], str | None]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (line, values in the order of ``units.csv``) of the sheets of units; ``day`` reads start and end."""
    for record in _of_units(sheets):
        name = record.text("name")
        written = record.text("unit_id")
        unit_id = written or (found.find(record, name) if name else "")
        kind = _kind(found, record, name)
        above, next_ = record.text("parent_id"), record.text("successor_id")
        parent = found.find(record, above) if above else ""
        successor = found.find(record, next_) if next_ else ""
        start, end = day(record, "start"), day(record, "end")
        if None in {unit_id, kind, parent, successor, start, end} or kind == SKIP:
            continue
        if not written and unit_id in {one.unit_id for one in found.new}:
            continue  # named by the row itself, and written with the other new ones
        yield record.line, tuple(map(str, (unit_id, name, kind, parent, start, end, successor)))


def _kind(found: Units, record: Record, name: str) -> str | None:
    written = record.text("kind")
    kind = found.words.kind(written) if written else units.kind_of(name)
    if kind or not written:
        return kind
    options = tuple(Option(one, term.label("vi")) for one, term in found.words.offices.unit_kinds.items())
    return found.asking.ask(
        Question(
            f"kind:{written.casefold()}",
            _("Loại đơn vị «{written}» là loại nào?", written=written),
            (*options, SKIPPED),
        )
    )
