"""Loads course.yaml, the one place for modules, tracks, pass marks, attempts and targets, into frozen records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from course.words import LANGUAGES, SOURCE, Own, _, joined
from grader.ground import strict_yaml
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices, Term

_Positive = Annotated[int, Field(ge=1)]
_Words = Annotated[tuple[str, ...], Field(min_length=1)]
_InLanguages = Annotated[Mapping[Literal[LANGUAGES], str], Field(min_length=1)]  # type: ignore[valid-type]  # as below


def _own(said: str | Mapping[str, str]) -> str:
    return said if isinstance(said, str) else Own(said)


_Wording = Annotated[str | _InLanguages, AfterValidator(_own)]
"""A text in the course's language, or language -> text."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Course(_Record):
    """The course itself; ``time_zone`` decides the date of an attempt and which day is today.

    ``title`` and ``lead`` stand on top of the start page; cadres read everything in ``language``.
    """

    id: str
    version: str
    time_zone: str
    title: str = ""
    lead: str = ""
    language: Literal[LANGUAGES] = SOURCE  # type: ignore[valid-type]  # one per catalogue

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone; ``load`` has made sure that it exists."""
        return ZoneInfo(self.time_zone)


class Module(_Record):
    """One module: ``points`` possible in its graded exercise (0: practice only), of which ``pass_mark`` are needed.

    ``composed``: with ``counts`` a result waits for the people who mark a text of one's own; with ``required`` the text
    must be there, and the result waits only where the text itself is doubted.
    """

    title: str = ""
    part: int = 0
    points: Annotated[Decimal, Field(ge=0)]
    pass_mark: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    composed: Literal["counts", "required"] = "counts"


class AttemptPolicy(_Record):
    """How often a module may be handed in, and the hours to wait between two attempts."""

    limit: _Positive
    wait_hours: Annotated[int, Field(ge=0)]


class Target(_Record):
    """One computed target of the union's programme.

    Attributes:
        title: for reports.
        track: the track whose modules make a person trained.
        goal: (n, d): met when d·N ≥ n·D.
        by: the day by which it is to be met.
        counts_from: earliest day of completion that counts.
        posts, unit_kinds: who is counted: holders of one of these posts in a unit of one of these kinds.
        under: a kind of unit: the counted one (``corporation``) = the parent chain reaches such a unit; the top one
            (``union``) = the direct parent is the union.
    """

    title: _Wording = ""
    track: str
    goal: tuple[_Positive, _Positive]
    by: date
    counts_from: date
    posts: _Words
    unit_kinds: _Words
    under: str


class OfficeWords(_Record):
    """One post or kind of unit as course.yaml words it."""

    name: _Wording
    meaning: str = ""


class OfficesRule(_Record):
    """The posts and kinds of unit of another union; see ``Offices``."""

    posts: Mapping[str, OfficeWords]
    unit_kinds: Mapping[str, OfficeWords]
    chairs: _Words
    top: str
    counted: str

    def offices(self) -> Offices:
        """Return them as every room reads them."""
        return Offices(
            posts={name: Term(term.name, term.meaning) for name, term in self.posts.items()},
            unit_kinds={name: Term(term.name, term.meaning) for name, term in self.unit_kinds.items()},
            chairs=frozenset(self.chairs),
            top=self.top,
            counted=self.counted,
        )


class _Written(_Record):
    """What course.yaml says.

    ``union`` is another union's posts and kinds of unit; ``house_style`` the criteria of the rubric that this course
    keeps (all of them when left out): what is merely style elsewhere.
    """

    course: Course
    modules: Mapping[str, Module]
    tracks: Mapping[str, _Words]
    track_titles: Mapping[str, str] = {}
    attempts: AttemptPolicy
    target_set: str
    targets: Mapping[str, Target]
    union: OfficesRule | None = None
    house_style: tuple[Annotated[str, Field(pattern=r"^Q\d{1,2}$")], ...] | None = None


class Syllabus(_Written):
    """Everything about a course; ``target_set`` is the version of the targets, such as ``CTr01-2023``.

    Attributes:
        offices: the union's posts and kinds of unit.
    """

    offices: Offices = OFFICES


def load(path: Path) -> Syllabus:
    """Read and check ``course.yaml``.

    Raises:
        ModuongError: ``E-FILE-1`` no such file, ``E-FILE-2`` not UTF-8, ``E-YAML-1`` malformed YAML or a key twice;
            ``E-SYL-1`` a field is missing, unknown or of a wrong kind; ``E-SYL-2`` a track names a module that is
            missing or has no points; ``E-SYL-3`` a target names an unknown track, post or kind of unit, or its rule
            cannot hold. The sentence lists every mistake with its line; the code is the first one's.
    """
    data, lines = strict_yaml.read(path)
    fields = {**data, **_target_fields(data.get("targets"))} if isinstance(data, dict) else {}
    try:
        written = _Written.model_validate(fields)
        offices = written.union.offices() if written.union else OFFICES
        syllabus = Syllabus.model_construct(**dict(written), offices=offices)
    except ValidationError as error:
        raise _refusal(path, [_described(details, lines) for details in error.errors()]) from None
    mistakes = [(code, _line(lines, place), place, said) for code, place, said in _contradictions(syllabus)]
    if mistakes:
        raise _refusal(path, mistakes)
    return syllabus


_Place = tuple[str | int, ...]
_Mistake = tuple[str, int, _Place, str]  # code, line, place in the file, what is wrong


def _target_fields(targets: Any) -> dict[str, Any]:  # YAML data
    """Take the version out of ``targets: {set: …, CT70: …}``."""
    if not isinstance(targets, dict):
        return {}
    rest = {name: target for name, target in targets.items() if name != "set"}
    return {"targets": rest} | ({"target_set": targets["set"]} if "set" in targets else {})


def _described(details: ErrorDetails, lines: strict_yaml.Lines) -> _Mistake:
    place: _Place = ("targets", "set") if details["loc"] == ("target_set",) else details["loc"]
    line = _line(lines, place)
    if details["type"] == "missing":
        return "E-SYL-1", line, place, _("thiếu trường này.")
    if details["type"] == "extra_forbidden":
        return "E-SYL-1", line, place, _("không có trường này; hãy sửa tên hoặc bỏ.")
    shown = str(details["input"])[:60]
    said = _("giá trị «{shown}» không hợp lệ ({message}).", shown=shown, message=details["msg"])
    return "E-SYL-1", line, place, said


def _line(lines: strict_yaml.Lines, place: _Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _refusal(path: Path, mistakes: list[_Mistake]) -> ModuongError:
    said = [
        _("{path}:{line}: {place}: {said}", path=path, line=line, place=".".join(map(str, place)), said=said)
        for _code, line, place, said in mistakes
    ]
    return ModuongError(mistakes[0][0], joined("\n", said))


def _contradictions(syllabus: Syllabus) -> Iterator[tuple[str, _Place, str]]:
    """Yield what each field alone cannot show to be wrong."""
    try:
        ZoneInfo(syllabus.course.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = syllabus.course.time_zone
        yield "E-SYL-1", ("course", "time_zone"), _("không có múi giờ «{zone}».", zone=zone)
    for module_id, module in syllabus.modules.items():
        if module.points and not 0 < module.pass_mark <= module.points:
            yield (
                "E-SYL-1",
                ("modules", module_id, "pass_mark"),
                _("mức đạt phải lớn hơn 0 và không quá {points} điểm.", points=module.points),
            )
    for track, module_ids in syllabus.tracks.items():
        for index, module_id in enumerate(module_ids):
            yield from _track_mistakes(syllabus, ("tracks", track, index), module_id)
    for target_id, target in syllabus.targets.items():
        yield from _target_mistakes(syllabus, ("targets", target_id), target)


def _track_mistakes(syllabus: Syllabus, place: _Place, module_id: str) -> Iterator[tuple[str, _Place, str]]:
    module = syllabus.modules.get(module_id)
    if module is None:
        yield "E-SYL-2", place, _("học phần «{module_id}» không có trong modules.", module_id=module_id)
    elif not module.points:
        yield (
            "E-SYL-2",
            place,
            _("học phần «{module_id}» chỉ để tự luyện (0 điểm), không thể bắt buộc.", module_id=module_id),
        )


def _target_mistakes(syllabus: Syllabus, place: _Place, target: Target) -> Iterator[tuple[str, _Place, str]]:
    if target.track not in syllabus.tracks:
        known = ", ".join(syllabus.tracks)
        yield (
            "E-SYL-3",
            (*place, "track"),
            _("không có lộ trình «{track}»; có: {known}.", track=target.track, known=known),
        )
    offices = syllabus.offices
    for field, words, allowed in (
        ("posts", target.posts, offices.posts),
        ("unit_kinds", target.unit_kinds, offices.unit_kinds),
    ):
        for index, word in enumerate(words):
            if word not in allowed:
                known = ", ".join(allowed)
                yield (
                    "E-SYL-3",
                    (*place, field, index),
                    _("«{word}» không có trong danh mục: {known}.", word=word, known=known),
                )
    if target.under not in {offices.counted, offices.top}:
        known = f"{offices.counted}, {offices.top}"
        yield (
            "E-SYL-3",
            (*place, "under"),
            _("«{word}» không có trong danh mục: {known}.", word=target.under, known=known),
        )
    if target.goal[0] > target.goal[1]:
        yield "E-SYL-3", (*place, "goal"), _("chỉ tiêu lớn hơn 100 %.")
    if target.by < target.counts_from:
        yield "E-SYL-3", (*place, "by"), _("hạn sớm hơn ngày bắt đầu tính (counts_from).")
