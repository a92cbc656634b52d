"""What the coordinator's page says about one choice of date, target and unit.

HTML, and the choices that lead further.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.tables.definition import Filled
from grader.report.views import Group, TargetView
from grader.report.writers import html as report_html
from grader.report.writers import html_table, sentences, trend
from grader.report.writers.html_table import Line
from grader.roster.lineage import Structure

_TEMPLATES = Path(__file__).parent / "templates"
_CLASSES = {"num": "md-co-num", "bar-cell": "md-co-bar"}
Offered = tuple[str, str]  # what is read, and the id behind it


@dataclass(frozen=True)
class Asked:
    """What the coordinator chose; an empty corporation or unit stands for all of them.

    Attributes:
        day: as-of date.
        target: id of a target, computed or reported.
        corporation, unit: ids; the unit is below the corporation, or below the union where none is chosen.
        named: whether people are named and small groups shown.
    """

    day: date
    target: str = ""
    corporation: str = ""
    unit: str = ""
    named: bool = False

    @property
    def scope(self) -> str:
        """Return the unit whose subtree is asked for; empty for the whole union."""
        return self.unit or self.corporation


@dataclass(frozen=True)
class PartRow:
    """One line of the list of parts; ``opens`` tells whether it leads to a list of its own."""

    unit_id: str
    label: str
    name: str
    html: str
    opens: bool


@dataclass(frozen=True)
class Shown:
    """The answer: the figure, the list of parts, the rest; and the choices that there are now."""

    head: str
    list_head: str
    rows: tuple[PartRow, ...]
    rest: str
    targets: tuple[Offered, ...]
    corporations: tuple[Offered, ...]
    units: tuple[Offered, ...]


def shown(asked: Asked, whole: Page, page: Page, structure: Structure) -> Shown:
    """Return the answer.

    Args:
        asked: what was chosen.
        whole: the page of the whole union, for the choices.
        page: the page in ``asked.scope``.
        structure: of the union on that day.
    """
    reported = ((line.indicator.id, line.indicator.title(page.words.lang)) for line in whole.indicators.headlines)
    titles = [*page.titles.items(), *reported]
    targets = tuple((f"{name}: {title}" if title else name, name) for name, title in titles)
    view = next((v for v in page.targets if v.result.id == asked.target), None)
    if view is None:
        return Shown(_reported(asked, whole, structure), "", (), "", targets, _corporations(whole.targets), ())
    everything = next(v for v in whole.targets if v.result.id == asked.target)
    parts = _parts(everything.units, structure)
    below = parts.get(asked.scope, [])
    inside = {group.unit_id: group for group in (*view.corporations, *view.units)}
    corporations = not asked.scope and bool(view.corporations)
    listed = view.corporations if corporations else [inside[u.unit_id] for u in below if u.unit_id in inside]
    say, counted = _words(page), structure.offices.counted
    mine = {filled.table.key: filled for filled in tables.of(page, "desk") if filled.target in {"", view.result.id}}
    target = next(line for line in html_table.lines(mine["targets"], "desk") if line.row is view)
    (facts,) = html_table.lines(mine["facts"], "desk")
    past = (
        (sentences.pace(page), trend.pictures(page), sentences.outlook(page))
        if view is page.targets[0]
        else ("", (), "")
    )
    rows = mine.get("corporations" if corporations else "units")
    return Shown(
        head=say.head(page, target, facts),
        list_head=say.list_head(target, corporations) if listed else "",
        rows=tuple(
            _row(say, Line(rows, group, "desk"), bool(parts.get(group.unit_id)), counted=group.kind == counted)
            for group in listed
            if rows
        ),
        rest=say.rest(page, target, facts, _bodies(mine, view), bool(listed) and not corporations, *past),
        targets=targets,
        corporations=_corporations([everything]),
        units=tuple(
            (g.name, g.unit_id)
            for g in parts.get(asked.corporation, [])
            if asked.corporation or not everything.corporations
        ),
    )


def _corporations(views: Iterable[TargetView]) -> tuple[Offered, ...]:
    groups = {group.unit_id: group for view in views for group in view.corporations}
    return tuple((f"{one}: {groups[one].name}", one) for one in sorted(groups))


def _parts(units: Iterable[Group], structure: Structure) -> dict[str, list[Group]]:
    """Return for each unit, and for each corporation and the union (empty id), the counted units next below it."""
    offices = structure.offices
    listed = {unit.unit_id: unit for unit in units}
    parts: dict[str, list[Group]] = {}
    for unit in listed.values():
        seen = {unit.unit_id}
        above = structure.standing(structure.in_force[unit.unit_id].parent_id)
        while (
            above
            and above.unit_id not in seen
            and above.unit_id not in listed
            and above.kind not in {offices.counted, offices.top}
        ):
            seen.add(above.unit_id)
            above = structure.standing(above.parent_id)
        parts.setdefault("" if above is None or above.kind == offices.top else above.unit_id, []).append(unit)
    return parts


def _row(say: Any, line: Line, parted: bool, *, counted: bool) -> PartRow:  # a jinja module, as below
    group: Group = line.row
    label = group.unit_id if counted else group.name
    return PartRow(group.unit_id, label, group.name, say.row(line), opens=parted or counted)


def _bodies(mine: dict[str, Filled[Any]], view: TargetView) -> dict[str, Any]:
    """Return the tables below the list, as HTML; of the people only those of this target."""
    bodies: dict[str, Any] = {"states": html_table.body(mine["states"], "desk", _CLASSES)}
    if named := mine.get("MAT-missing"):
        people = replace(named, rows=[person for person in named.rows if person.target == view.result.id])
        bodies |= {"missing": html_table.body(people, "desk", _CLASSES), "people": len(people.rows)}
    return bodies


def _words(page: Page) -> Any:  # a jinja module's macros are its attributes
    template = report_html.environment(_TEMPLATES).get_template("coordinator.html.j2")
    return template.make_module({"w": page.words, "_": page.words.fill})


def _reported(asked: Asked, whole: Page, structure: Structure) -> str:
    """Return a target that is not computed: its latest figure, and the rows entered for the units asked for."""
    (headlines,), (entered,) = tables.named(whole, "headlines"), tables.named(whole, "indicators")
    headline = next((line for line in html_table.lines(headlines, "desk") if line.text("id") == asked.target), None)
    if headline is None:
        return ""

    def inside(unit_id: str) -> bool:
        standing = structure.standing(unit_id)
        return not asked.corporation or (
            standing is not None and asked.corporation in {standing.unit_id, structure.corporations[standing.unit_id]}
        )

    rows = [
        line for line in entered.rows if line.indicator == asked.target and line.entry and inside(line.entry.unit_id)
    ]
    body = html_table.body(replace(entered, rows=rows), "desk", _CLASSES) if rows else ""
    return str(_words(whole).reported(whole, headline, body))


def notice(text: str, kind: str = "warn") -> str:
    """Return a sentence that stands out; ``kind`` is ``warn``, ``secret`` or ``calm``."""
    return f'<p class="md-co-{kind}">{escape(text)}</p>'
