"""One module's text as its authors wrote it.

Exercise, lesson, law facts and the rules of course.yaml, read together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.records import Finding
from grader.ground.syllabus import Syllabus
from grader.text import authoring, laws, media, scaffold
from grader.text.authoring import Authored


@dataclass(frozen=True, slots=True)
class ModuleText:
    """One module as its authors wrote it.

    Attributes:
        course_id, version, language, module, title, points, pass_mark, composed: from ``course.yaml``.
        exercise: the exercise, or ``None`` for a module that is practice only.
        lesson: the lesson, or ``None`` while it is not written.
        facts: law facts by id, for the ``{law}`` role.
    """

    course_id: str
    version: str
    language: str
    module: str
    title: str
    points: str
    pass_mark: str
    exercise: Authored | None
    lesson: Authored | None
    facts: Mapping[str, Mapping[str, str]]
    composed: str = "counts"


def modules(rules: Syllabus, exercises: Path, course: Path) -> list[str]:
    """Return the modules of the syllabus, and those that have a text already, in order."""
    written = {p.parent.name for p in exercises.glob("*/exercise.md")} | {
        p.stem for p in (course / "lessons").glob("*.md")
    }
    return [*rules.modules, *sorted(written - set(rules.modules))]


def read(rules: Syllabus, module: str, exercises: Path, course: Path) -> ModuleText:
    """Read a module's text.

    Raises:
        ModuongError: ``E-MOD-2`` no exercise for a module that has points; those of ``authoring.read`` and
            ``laws.load``.
    """
    exercise_file, lesson_file = exercises / module / "exercise.md", course / "lessons" / f"{module}.md"
    exercise = authoring.read(exercise_file) if exercise_file.exists() else None
    lesson = authoring.read(lesson_file) if lesson_file.exists() else None
    rule = rules.modules.get(module)
    if exercise is None and (lesson is None or (rule is not None and rule.points)):
        raise ModuongError(
            "E-MOD-2",
            _(
                "{module}: không có {exercise_file}. Hãy viết bài tập, hoặc chỉ thư mục bằng --exercises.",
                module=module,
                exercise_file=exercise_file,
            ),
        )
    total = sum((i.head.points or Decimal(0) for i in exercise.items), Decimal(0)) if exercise else Decimal(0)
    return ModuleText(
        rules.course.id,
        rules.course.version,
        rules.course.language,
        module,
        rule.title if rule else module,
        str(rule.points if rule else total),
        str(rule.pass_mark if rule else total),
        exercise,
        lesson,
        laws.load(course / "law_facts.yaml"),
        rule.composed if rule else "counts",
    )


def mistakes(text: ModuleText) -> list[Finding]:
    """Return what keeps the module from being built."""
    found: list[Finding] = []
    for part in (text.exercise, text.lesson):
        if part is not None:
            found += [*part.findings, *_misplaced(text, part), *_missing_files(part), *_unfit_media(part)]
            found += scaffold.unwritten(part)
    if text.exercise and not text.exercise.findings:
        total = sum((i.head.points or Decimal(0) for i in text.exercise.items), Decimal(0))
        if total != Decimal(text.points):
            said = _(
                "điểm các câu cộng lại là {total}, course.yaml ghi {points}. Sửa points của câu hoặc của học phần.",
                total=total,
                points=text.points,
            )
            found.append(Finding("E-ITEM-6", str(text.exercise.document.path), 0, "", "points", said))
    return found


def _missing_files(part: Authored) -> list[Finding]:
    """Return the files that an item needs and the ``data`` folder beside its text does not hold."""
    folder = part.document.path.parent / "data"
    return [
        Finding(
            "E-ITEM-11", str(part.document.path), item.line, item.id, "", _("không có tệp {file}.", file=folder / name)
        )
        for item in part.items
        for name in dict.fromkeys(name for body in item.bodies for name in body.files())
        if not (folder / name).is_file()
    ]


def _unfit_media(part: Authored) -> list[Finding]:
    """Return the pictures, sounds and videos that are not there, or may not be shown as they are."""
    path, folder, lesson = (
        str(part.document.path),
        part.document.path.parent / "data",
        part.document.path.parent / "images",
    )
    found = [
        Finding("E-ITEM-11", path, block.line - 1, "", block.name, _("không có tệp {file}.", file=lesson / block.name))
        for block, _medium in part.media
        if not (lesson / block.name).is_file()
    ]
    found += [
        Finding("E-MEDIA-1", path, block.line - 1, "", block.name, said)
        for block, _medium in part.media
        for said in media.mistakes(lesson / block.name)
    ]
    return found + [
        Finding("E-MEDIA-1", str(part.document.path), item.line, item.id, "media", said)
        for item in part.items
        for name in dict.fromkeys(name for body in item.bodies for name in body.pictures())
        for said in media.mistakes(folder / name)
    ]


def _misplaced(text: ModuleText, part: Authored) -> list[Finding]:
    """Return what stands in the wrong file."""
    path = str(part.document.path)
    found = []
    if part.module != text.module:
        said = _("đầu tệp ghi module «{module}», không phải {module2}.", module=part.module, module2=text.module)
        found.append(Finding("E-ITEM-9", path, 1, "", "module", said))
    for item in part.items:
        if item.head.practice != (part is text.lesson):
            said = _("câu tự luyện (practice: true) chỉ nằm trong bài học; câu chấm điểm chỉ nằm trong bài tập.")
            found.append(Finding("E-ITEM-10", path, item.line, item.id, "practice", said))
    if part is text.exercise:
        said = _("ô mã chỉ nằm trong bài học; trong bài tập nó sẽ bị bỏ qua.")
        fence = _("hàng rào media chỉ nằm trong bài học; trong bài tập hãy dùng trường media của câu.")
        found += [
            Finding("E-ITEM-10", path, block.line - 1, "", "", said if block.kind == "code" else fence)
            for block in part.document.blocks
            if block.kind in {"code", "media"}
        ]
    elif wrong := [block for block, _medium in part.media if not block.name.startswith(f"{text.module}-")]:
        said = _("tên tệp media của bài học phải bắt đầu bằng «{module}-».", module=text.module)
        found += [Finding("E-MEDIA-1", path, block.line - 1, "", block.name, said) for block in wrong]
    return found
