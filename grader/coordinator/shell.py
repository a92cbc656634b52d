"""The page as a whole: the figures, and beside them the roster, which comes first where there is none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from course.words import _, into
from grader.coordinator.roster_widgets import RosterPart
from grader.coordinator.widgets import Board

if TYPE_CHECKING:
    from grader.coordinator.page import Figures


class Shell:
    """Shows the figures or the roster. ``box`` is what the notebook shows."""

    def __init__(self, figures: Figures) -> None:
        self._stale = False
        roster = figures.roster_desk()
        self._board = Board(figures, figures.first())
        self._part: RosterPart | None = None
        self._figures = figures
        self._to_roster = ipywidgets.Button(
            description=into(_("Danh sách cán bộ: nạp tệp, sửa, quay lại"), figures.lang)
        )
        self._to_figures = ipywidgets.Button(description=into(_("← Về trang số liệu"), figures.lang))
        self._to_roster.on_click(lambda _: self.show_roster())
        self._to_figures.on_click(lambda _: self.show_figures())
        self._place = ipywidgets.VBox([])
        self._door = ipywidgets.VBox([self._to_roster])
        self._back = ipywidgets.VBox([self._to_figures])
        for row in (self._door, self._back):
            row.add_class("md-co")
        self.box = ipywidgets.VBox([self._board.box, self._back, self._door, self._place])
        if roster.stored() is None:
            self.show_roster()
        else:
            self.show_figures()

    def show_roster(self) -> None:
        """Show the roster in place of the figures."""
        if self._part is None:
            self._part = RosterPart(self._figures.roster_desk(), self._figures.rules, self._changed)
            self._place.children = (self._part.box,)
        self._arrange(roster=True)

    def show_figures(self) -> None:
        """Show the figures, read anew where the roster has changed."""
        if self._stale:
            self._board.read_again()
            self._stale = False
        self._arrange(roster=False)

    def _changed(self) -> None:
        self._stale = True

    def _arrange(self, *, roster: bool) -> None:
        shown: dict[Any, bool] = {
            self._board.box: not roster, self._door: not roster, self._back: roster, self._place: roster
        }  # fmt: skip
        for widget, visible in shown.items():
            widget.layout.display = "" if visible else "none"
