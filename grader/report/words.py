"""How a report says its sentences, and writes numbers and dates, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from course import numbers
from course.words import LANGUAGES, SOURCE, Text, _, into
from grader.completion.records import Rate
from grader.ground.offices import OFFICES, Offices
from grader.report.suppression import SMALLEST_SHOWN, Reason


class Words:
    """One language. Python says ``words.say(_("…", field=…))``, a template ``_("…", field=…)``."""

    def __init__(self, lang: str, offices: Offices = OFFICES) -> None:
        self.lang = lang if lang in LANGUAGES else SOURCE
        self._offices = offices
        self.per_cent = self.say(_("\N{NO-BREAK SPACE}%"))

    def say(self, text: str) -> str:
        """Return a sentence of the code in this language."""
        return into(text, self.lang)

    def fill(self, template: str, /, **fields: Any) -> str:
        """Return the sentence ``template`` of a page's template, or of a table's definition, with its fields."""
        return into(Text(template, fields), self.lang)

    def post(self, post: str) -> str:
        """Return a post as it stands in a table."""
        return self._offices.posts[post].label(self.lang)

    def kind(self, kind: str) -> str:
        """Return a kind of unit as it stands in a table."""
        return self._offices.unit_kinds[kind].word(self.lang)

    def number(self, value: int) -> str:
        """Return a count with thousands parted: 12.345 in Vietnamese, 12,345 in English; four digits stay whole."""
        if abs(value) < 10_000:  # noqa: PLR2004  # as dates and codes are written, 1957 needs no point
            return str(value)
        return numbers.show(Decimal(value), self.lang)

    def percent(self, rate: Rate) -> str:
        """Return N/D in per cent, rounded down to one decimal; a dash without a denominator."""
        return "—" if rate.percent is None else self.decimal(rate.percent) + self.per_cent

    def decimal(self, text: str) -> str:
        """Return a number written with a point in the language's way."""
        return text.replace(".", numbers.point(self.lang))

    def goal(self, goal: tuple[int, int]) -> str:
        """Return a goal such as (7, 10) as ``70 %``."""
        whole, rest = divmod(100 * goal[0], goal[1])
        return f"{whole}{self.per_cent}" if not rest else f"{goal[0]}/{goal[1]}"

    def whole(self, share: float) -> str:
        """Return a forecast's share (0 to 1) in whole per cent, rounded down: it is no more exact than that."""
        return f"{int(100 * share)}{self.per_cent}"

    def day(self, day: date) -> str:
        """Return dd/mm/yyyy; in other languages yyyy-mm-dd, which no reader takes for a month first."""
        return f"{day:%d/%m/%Y}" if self.lang == SOURCE else day.isoformat()

    def instant(self, at: datetime) -> str:
        """Return the day, hh:mm and the offset from UTC."""
        return f"{self.day(at.date())} {at:%H:%M} (UTC{at.strftime('%z')[:3]})"

    def fraction(self, rate: Rate) -> str:
        """Return N / D."""
        return "\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}".join(
            self.number(part) for part in (rate.numerator, rate.denominator)
        )

    def sign(self, reason: Reason | None) -> str:
        """Return what stands for a hidden figure: ``<5`` for a small group, a word for one that protects it."""
        return f"<{SMALLEST_SHOWN}" if reason == "small" else self.say(_("ẩn"))

    def met(self, met: bool | None) -> str:
        """Return whether a goal is met in words; None is without a denominator."""
        if met is None:
            return self.say(_("Không có dữ liệu"))
        return self.say(_("Đạt mức") if met else _("Chưa đạt mức"))

    def verdict(self, rate: Rate) -> str:
        """Return met, or by how many people not; never a colour alone."""
        if rate.met is False:
            return self.say(_("thiếu {count} người", count=self.number(rate.shortfall)))
        return "✓ " + self.met(rate.met) if rate.met else self.met(rate.met)
