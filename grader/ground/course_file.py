"""What ``course.yaml`` may say, field by field: the one place for what a course carries of its own.

The sentences under the fields are what authors read: ``docs/course.md`` and the schema for editors beside it are made
from this module by ``python -m bench.course_page``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from course.words import LANGUAGES, SOURCE, Own
from grader.ground.offices import Offices, Term

_Positive = Annotated[int, Field(ge=1)]
_Names = Annotated[tuple[str, ...], Field(min_length=1)]
_InLanguages = Annotated[Mapping[Literal[LANGUAGES], str], Field(min_length=1)]  # type: ignore[valid-type]  # as below


def _own(said: str | Mapping[str, str]) -> str:
    return said if isinstance(said, str) else Own(said)


if TYPE_CHECKING:
    Wording = str
else:  # what a record holds is one text either way
    Wording = Annotated[str | _InLanguages, AfterValidator(_own)]
"""A text in the course's language, or one for each language: ``{vi: …, en: …}``."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Course(_Record):
    """The course itself."""

    id: str
    """Its name in the exchange and in the gradebook; never changed once something is released."""
    version: str
    """Of the texts and rules; stands on every report, so that figures can be told apart."""
    time_zone: str
    """Such as ``Asia/Ho_Chi_Minh``; decides the date of an attempt and which day is today."""
    title: str = ""
    """Stands on top of the start page."""
    lead: str = ""
    """Stands below the title."""
    language: Literal[LANGUAGES] = SOURCE  # type: ignore[valid-type]  # one per catalogue
    """In which cadres read everything, and the ledger keeps why a hand-in does not count."""

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone; ``syllabus.load`` has made sure that it exists."""
        return ZoneInfo(self.time_zone)


class Module(_Record):
    """One module, by its id, such as ``M02``."""

    title: str = ""
    """Stands on the start page and in reports."""
    part: int = 0
    """Part of the course that it belongs to; ``0``: of none."""
    points: Annotated[Decimal, Field(ge=0)]
    """Possible in its graded exercise; ``0``: practice only, nothing is handed in."""
    pass_mark: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    """Points that are needed to pass: more than 0, at most ``points``."""
    composed: Literal["counts", "required"] = "counts"
    """``counts``: a result waits for the people who mark a text of one's own.

    ``required``: the text must be there, and the result waits only where the text itself is doubted.
    """


class AttemptPolicy(_Record):
    """How often a module may be handed in."""

    limit: _Positive
    """Attempts that count for each person and module."""
    wait_hours: Annotated[int, Field(ge=0)]
    """Hours between two attempts."""


class Target(_Record):
    """A target that is computed, by its id, such as ``CT70``; the first one is the main one of a report."""

    title: Wording = ""
    """For reports."""
    track: str
    """The track of ``tracks`` whose modules make a person trained."""
    goal: tuple[_Positive, _Positive]
    """``[n, d]``: met when *d* times the trained are at least *n* times the people counted; ``[7, 10]`` is 70 %."""
    by: date
    """The day by which it is to be met."""
    counts_from: date
    """Earliest day of completion that counts."""
    posts: _Names
    """Who is counted: holders of one of these posts of the union …"""
    unit_kinds: _Names
    """… in a unit of one of these kinds."""
    under: str
    """The counted kind of unit (here ``corporation``): such a unit stands somewhere above.

    The top one (``union``): the unit stands directly under the union.
    """
    external: Literal["beside", "counts"] = "beside"
    """Whether a course outside, such as a conference, makes a person trained like the track.

    ``beside``: it is only shown, in a column of its own. ``counts``: one between ``counts_from`` and the day is enough.
    """


class ReportedTarget(_Record):
    """A target that units report by year in ``indicators.csv``, by its id, such as ``CT95``.

    Nothing here measures it.
    """

    title: Wording
    """For reports."""
    unit: Wording
    """Who or what is counted, such as *members*."""
    goal: tuple[_Positive, _Positive]
    """``[n, d]``, as in a computed target."""
    counts_from: date
    """Figures of earlier years are refused."""
    by: date | None = None
    """The day by which it is to be met; left out where it is to be met every year."""


class OfficeWords(_Record):
    """One post or one kind of unit, by the id that rosters and targets use."""

    name: Wording
    """The word within a sentence, short, such as *steward*."""
    meaning: str = ""
    """What the roster's template says of it, where the word does not say it all."""


class Union(_Record):
    """The posts and kinds of unit of another union; left out, they are those of the union of the power corporations."""

    posts: Mapping[str, OfficeWords]
    """In the order of choice for a person with several posts."""
    unit_kinds: Mapping[str, OfficeWords]
    """From the top down."""
    chairs: _Names
    """Posts that lead a unit: a unit with nobody in one of them is without a chair."""
    top: str
    """The kind of unit at the head of the union."""
    counted: str
    """The kind of unit by which targets are added up, such as ``corporation``."""

    def offices(self) -> Offices:
        """Return them as every room reads them."""
        return Offices(
            posts={name: Term(one.name, one.meaning) for name, one in self.posts.items()},
            unit_kinds={name: Term(one.name, one.meaning) for name, one in self.unit_kinds.items()},
            chairs=frozenset(self.chairs),
            top=self.top,
            counted=self.counted,
        )


class CourseFile(_Record):
    """The whole file."""

    course: Course
    """The course itself."""
    modules: Mapping[str, Module]
    """By id, in the order in which they are learned."""
    tracks: Mapping[str, _Names]
    """Track → modules that make up its training; each has points."""
    track_titles: Mapping[str, str] = {}
    """Track → what people call it."""
    attempts: AttemptPolicy
    """How often a module may be handed in."""
    target_set: str
    """The version of the targets, such as ``CTr01-2023``; stands on every report."""
    targets: Mapping[str, Target]
    """The targets that are computed."""
    indicators: Mapping[str, ReportedTarget] = {}
    """The targets that units report."""
    union: Union | None = None
    """Another union's posts and kinds of unit."""
    house_style: tuple[Annotated[str, Field(pattern=r"^Q\d{1,2}$")], ...] | None = None
    """Criteria of the rubric (``Q07``) that this course keeps; all of them when left out.

    What is merely style elsewhere is a finding only where its criterion stands here; mistakes are always findings.
    """
