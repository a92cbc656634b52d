"""The proof that a release shows no key: it trusts neither the reading of the text nor what ``check`` found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from course.words import _, joined
from grader.check import tells
from grader.ground.workspace import ITEMS, LESSON, TEXT_STUB
from grader.publish import contents, notebooks
from grader.publish import secrets as hidden
from grader.publish.public_items import PublicItems
from grader.text.module_text import ModuleText
from grader.text.roles import lesson_pieces, pieces, public_items

_STAFF_FIELD = re.compile(
    r"^[\s>*+|-]*[\"']?(?:feedback|explanation|sample|solution|accept)[\"']?\s*:\s*(.{8,})$", re.MULTILINE
)
_FENCE = re.compile(r"\{\s*[\"']?ite?m|\bite?ms?\s*\}|`{2,}\s*\{|[~:]{3,}\s*\{|[`~:]{3,}\s*ite?m", re.IGNORECASE)
_FIELDS = re.compile(
    r"(?:^|[{,\[(|])[\s>*+#|/%!\"'`-]*(?P<name>correct|options|accept|veto|feedback|rubric|"
    r"vectors|solution|stem|tol|checks"
    r"|right_feedback|key|steps|parts|outcome|variants)[\"'`]?\s*:(?=[\s\"'\[{|>]|$)",
    re.MULTILINE,
)


def leaks(folder: Path, text: ModuleText) -> list[str]:
    """Return every way in which the release in ``folder`` shows more than it may; empty when it is proven clean."""
    problems: list[str] = []
    if text.exercise:
        problems += _public_only(folder / ITEMS, text)
        problems += _cells_as_expected(folder / f"{text.module}.ipynb", text)
        problems += [_at(ITEMS, said) for _item, said in tells.told([item.keyed for item in text.exercise.items])]
    if text.lesson:
        problems += _lesson_as_expected(folder / LESSON, text)
    wanted = staff_only(text)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() or p.is_symlink()):
        name = str(path.relative_to(folder))
        problems += [_at(name, said) for said in _found(name, path, wanted)]
        if path.suffix == ".ipynb" and not path.is_symlink():
            problems += [_at(name, said) for said in _questions_in_prose(path)]
    return list(dict.fromkeys(problems))


def _at(name: str, said: str) -> str:
    return joined(": ", [name, said])


def staff_only(text: ModuleText) -> hidden.Secrets:
    """Return what stands in the keys and nowhere in public text.

    What the file says after the name of a staff field counts as well, wherever it stands: a question may have been
    read as prose.
    """
    if text.exercise is None:
        return hidden.secrets([], [], [])
    shown = [s for item in text.exercise.items for s in contents.strings(item.public)]
    raw = "\n".join(text.exercise.document.lines)
    more = [m[1].strip(" \"'{}[],") for m in _STAFF_FIELD.finditer(raw)]
    keyed = [item.keyed for item in text.exercise.items]
    stray = hidden.secrets([], more, shown)
    shown += [b.text for b in text.exercise.document.blocks if b.kind == "prose"]
    if text.lesson:
        shown += [b.text for b in text.lesson.document.blocks]
        shown += [s for item in text.lesson.items for s in contents.strings(item.keyed)]
    shown += [str(v) for fact in text.facts.values() for v in fact.values()]
    shown += [notebooks.SETUP, TEXT_STUB]
    own = hidden.secrets(keyed, [], shown, _pictures(text))
    return hidden.Secrets({**stray.whole, **own.whole}, own.bare, own.runs, {**stray.digests, **own.digests}, own.keys)


def _pictures(text: ModuleText) -> Iterator[str]:
    """Yield what the lesson's pictures say, as they lie in the public folder."""
    folder = text.lesson.document.path.parent / "images" if text.lesson else Path()
    for picture in sorted(folder.glob(f"{text.module}-*.svg")) if text.lesson else ():
        yield re.sub(r"<[^<>]*>", " ", picture.read_text(encoding="utf-8", errors="replace"))


def _public_only(path: Path, text: ModuleText) -> list[str]:
    """The questions hold public fields alone, and are those of the text, in its order, to the last blank."""
    try:
        raw = path.read_bytes()
        PublicItems.model_validate_json(raw)
    except (OSError, ValidationError) as error:
        return [f"{ITEMS}: {line}" for line in str(error).splitlines()[1:3]] or [f"{ITEMS}: {error}"]
    return [] if json.loads(raw) == public_items(text) else [_at(ITEMS, _("không đúng các câu mà bài viết cho."))]


def _cells_as_expected(path: Path, text: ModuleText) -> list[str]:
    """Every cell is exactly what public items alone give, without outputs, with known metadata only."""
    assert text.exercise is not None  # the caller asked
    data = json.loads(path.read_bytes())
    cells = data["cells"]
    expected = notebooks.exercise_cells(text.module, pieces(text.exercise, text.facts), staff=False, stub=TEXT_STUB)
    problems: list[str] = []
    if len(cells) != len(expected):
        said = _("có {count} ô, bài viết cho {wanted} ô.", count=len(cells), wanted=len(expected))
        problems.append(_at(path.name, said))
    if data["metadata"] != notebooks.notebook([], text.course_id, text.module, "exercise")["metadata"]:
        problems.append(_at(path.name, _("siêu dữ liệu (metadata) của sổ có điều lạ.")))
    for number, (cell, want) in enumerate(zip(cells, expected, strict=False)):
        given = cell["metadata"].get("nbgrader", {})
        allowed = {*want["metadata"]["nbgrader"], "checksum", "cell_type"}
        extra = (
            set(cell) - set(want)
            or set(cell["metadata"]) - {"nbgrader", "deletable", "editable"}
            or set(given) - allowed
        )
        if (
            "".join(cell["source"]) != want["source"]
            or cell.get("outputs")
            or cell["cell_type"] != want["cell_type"]
            or cell["id"] != want["id"]
        ):
            said = _("ô {number} ({name}) không đúng điều mà bài viết cho.", number=number, name=want["id"])
            problems.append(_at(path.name, said))
        elif extra:
            named = ", ".join(sorted(extra))
            said = _("ô {number} ({name}) mang thêm {extra}.", number=number, name=want["id"], extra=named)
            problems.append(_at(path.name, said))
    return problems


def _lesson_as_expected(path: Path, text: ModuleText) -> list[str]:
    assert text.lesson is not None  # the caller asked
    cells = notebooks.lesson_cells(text.module, lesson_pieces(text.lesson, text.facts))
    wanted = notebooks.notebook(cells, text.course_id, text.module, "lesson")
    return [] if json.loads(path.read_bytes()) == wanted else [_at(path.name, _("không đúng bài học mà bài viết cho."))]


def _found(name: str, path: Path, wanted: hidden.Secrets) -> Iterator[str]:
    """Search one file, its name included, for secrets in any disguise."""
    if path.is_symlink():
        yield _("là một liên kết.")
        return
    yield from hidden.found(name, wanted)
    try:
        for said in contents.texts(path.read_bytes()):
            yield from hidden.found(said, wanted)
    except contents.Sealed as reason:
        yield reason.said


def _questions_in_prose(path: Path) -> Iterator[str]:
    """Look at a notebook's Markdown for what is a question to any reader, and for comments that nobody sees."""
    for cell in json.loads(path.read_bytes())["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        source = "".join(cell["source"])
        bare = re.sub(r"`[^`\n]+`", "", source)
        for match in (
            _FENCE.search(source),
            _FIELDS.search(source),
            re.search(r"<!--|^\[[^\]]*\]:\s*#", bare, re.MULTILINE),
        ):
            if match:
                start = source.rfind("\n", 0, match.start() + 1) + 1
                shown = source[start:].strip().partition("\n")[0][:60]
                yield _("ô {name} có điều giống câu hỏi hay ghi chú: «{shown}».", name=cell["id"], shown=shown)
