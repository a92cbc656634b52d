"""A new module, or a new course, to be filled in: what an author has to write stands between ``⟨`` and ``⟩``.

A text in which such a place is left cannot be built; its line is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from course.words import _, into
from grader.ground.errors import ModuongError
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.text.authoring import Authored

OPEN = "⟨"
_ITEM = "```{{item}} {id}\ntype: {type}\n{points}outcome: 1\nlevel: apply\n{begin}```\n"
_LESSON = _(
    "---\nmodule: {module}\ntitle: {title}\nminutes: 30\noutcomes:\n"
    '  - {{text: "⟨mục tiêu đo được⟩", codes: [DC1.1]}}\n---\n'
    "# {module} · {title}\n\n## Mục tiêu\nSau học phần này, anh/chị: ⟨làm được gì⟩\n\n"
    '+++ {{"segment": "1.1", "outcomes": [1], "minutes": 8}}\n## Bài 1.1 · ⟨tên bài⟩\n⟨lời bài⟩\n\n'
    '{practice}\n+++ {{"segment": "take-away"}}\n## Mang về ca trực\n⟨điều mang về⟩\n'
)
_EXERCISE = _(
    "---\nmodule: {module}\ntitle: Bài tập chấm điểm {module}\n---\n# Bài tập chấm điểm {module}\n\n⟨lời dẫn⟩\n"
)
_COURSE = (
    'course: {{id: {id}, version: "1.0.0", time_zone: Asia/Ho_Chi_Minh, language: {lang}, title: {id}}}\n'
    "modules:\n  M01: {{title: {title}, part: 1, points: {points}, pass_mark: {passing}}}\n"
    "tracks: {{leader: [M01]}}\nattempts: {{limit: 3, wait_hours: 12}}\ntargets: {{set: T1}}\n"
)


def module(name: str, title: str, types: Sequence[str], exercises: Path, course: Path, lang: str) -> list[Path]:
    """Write a module's exercise, with one item of each of ``types``, and its lesson; return both paths.

    Raises:
        ModuongError: ``E-NEW-1`` one of the files is there already (nothing is written), ``E-NEW-2`` no such type.
    """
    if unknown := [kind for kind in types if kind not in TYPES]:
        known = ", ".join(TYPES)
        raise ModuongError("E-NEW-2", _("không có loại câu «{kind}»; có: {known}.", kind=unknown[0], known=known))
    items = (_item(f"{name}-Q{n:02}", kind, lang, "points: 2\n") for n, kind in enumerate(types, 1))
    practice = _item(f"{name}-P01", types[0], lang, "practice: true\n")
    words = {"module": name, "title": title or f'"{OPEN}{name}⟩"', "practice": practice}
    written = {
        exercises / name / "exercise.md": "\n".join([into(_EXERCISE, lang).format_map(words), *items]),
        course / "lessons" / f"{name}.md": into(_LESSON, lang).format_map(words),
    }
    return _write(written)


def course(folder: Path, identifier: str, types: Sequence[str], exercises: Path, lang: str) -> list[Path]:
    """Write the beginning of a course, with one module ``M01``; return what was written.

    Raises:
        ModuongError: as :func:`module`.
    """
    points = 2 * len(types)
    text = _COURSE.format(id=identifier, lang=lang, title="M01", points=points, passing=max(1, points * 3 // 4))
    for name in (folder / "course.yaml", exercises / "M01" / "exercise.md", folder / "lessons" / "M01.md"):
        _refuse(name)
    files = {folder / "course.yaml": text, folder / "glossary.yaml": "terms: []\n", folder / "law_facts.yaml": "{}\n"}
    return [*_write(files), *module("M01", "", types, exercises, folder, lang)]


def _item(name: str, kind: str, lang: str, points: str) -> str:
    return _ITEM.format(id=name, type=kind, points=points, begin=into(TYPES[kind].begin, lang))


def _refuse(path: Path) -> None:
    if path.exists():
        raise ModuongError("E-NEW-1", _("{path}: đã có; lệnh này không ghi đè.", path=path))


def _write(files: Mapping[Path, str]) -> list[Path]:
    for path in files:
        _refuse(path)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def unwritten(part: Authored) -> Iterator[Finding]:
    """Yield each line on which an author still has to write something."""
    for number, line in enumerate(part.document.lines, 1):
        if OPEN in line:
            said = _("chưa viết: {place}", place=line[line.index(OPEN) :].partition("⟩")[0] + "⟩")
            yield Finding("E-NEW-3", str(part.document.path), number, "", "", said)
