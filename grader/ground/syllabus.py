"""Loads course.yaml, the one place for modules, tracks, pass marks, attempts and targets, into frozen records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from course.words import _, joined
from grader.ground import strict_yaml
from grader.ground.course_file import AttemptPolicy, Course, CourseFile, Module, ReportedTarget, Target
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices

__all__ = ["AttemptPolicy", "Course", "Module", "Syllabus", "Target", "load"]


class Syllabus(CourseFile):
    """Everything about a course: what its file says, and what follows from that.

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
        written = CourseFile.model_validate(fields)
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
    for target_id, reported in syllabus.indicators.items():
        if target_id in syllabus.targets:
            yield "E-SYL-3", ("indicators", target_id), _("mã này đã là một chỉ tiêu được tính.")
        yield from _goal_mistakes(("indicators", target_id), reported)


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
    yield from _goal_mistakes(place, target)


def _goal_mistakes(place: _Place, target: Target | ReportedTarget) -> Iterator[tuple[str, _Place, str]]:
    if target.goal[0] > target.goal[1]:
        yield "E-SYL-3", (*place, "goal"), _("chỉ tiêu lớn hơn 100 %.")
    if target.by and target.by < target.counts_from:
        yield "E-SYL-3", (*place, "by"), _("hạn sớm hơn ngày bắt đầu tính (counts_from).")
