"""Stage ``import``: questions of other systems.

Foreign files → an exercise text of their own beside the module's, and one report of what is not in it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from course import vietnamese
from course.words import _, joined
from grader.check import inspect
from grader.formats import author, catalog
from grader.formats.losses import Loss
from grader.formats.question import Given, Place, Question, Reading, together
from grader.formats.settle import Item, settle
from grader.ground.errors import ModuongError
from grader.ground.records import Finding
from grader.ground.syllabus import Syllabus
from grader.text import module_text, myst

MOST_BYTES = 256 * 1024 * 1024
_SAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import made.

    Attributes:
        path: the text written, ``None`` when no question came along.
        items: ids given, in order.
        pictures: files written beside the text.
        losses: the report, in the order of the files.
    """

    path: Path | None
    items: tuple[str, ...]
    pictures: tuple[Path, ...]
    losses: tuple[Loss, ...]


def bring(
    files: Sequence[Path], module: str, exercises: Path, course: Path, rules: Syllabus, given: Given, form: str = ""
) -> Brought:
    """Read files and write their questions to ``exercises/<module>/import/``; nothing that is there is touched.

    Args:
        files: in any format of ``catalog``; one that cannot be read is a line of the report, the others are read.
        module: that the questions are for.
        exercises: the private folder.
        course: the public folder, for the rules of ``check``.
        rules: ``course.yaml``.
        given: what holds for all questions.
        form: name of the format; found out for each file when empty.

    Raises:
        ModuongError: ``E-FORMAT-1`` no such format, ``E-FORMAT-2`` more questions than a module has ids for.
    """
    if form:
        catalog.named(form)
    read = together(_read(file, form) for file in files)
    settled, lost = _settled(read.questions, given)
    losses = [*read.losses, *lost]
    if not any(item.fields for item in settled):
        return Brought(None, (), (), tuple(losses))
    folder = exercises / module / "import"
    named = _with_ids(settled, module, folder.parent)
    title = ", ".join(dict.fromkeys(file.name for file in files))
    path = _write_new(folder, _name(files[0]), author.text(module, title, named))
    pictures = tuple(_pictures(path, settled))
    losses += [i.place.loss("picture", f"data/{p.name}") for i in settled for p in i.pictures if not _shows(i, p.name)]
    losses += _missing(path, module, named, rules, course)
    return Brought(path, tuple(name for name, item in named if item.fields), pictures, tuple(losses))


def _read(file: Path, form: str) -> Reading:
    try:
        if file.stat().st_size > MOST_BYTES:
            return Reading((), (Loss("file", str(file), 0, "", f"> {MOST_BYTES // 1024 // 1024} MB"),))
        return catalog.read(str(file), file.read_bytes(), form)
    except OSError as error:
        return Reading((), (Loss("file", str(file), 0, "", error.strerror or ""),))


def _settled(questions: Iterable[Question], given: Given) -> tuple[list[Item], list[Loss]]:
    """Return the items, each question once: of two copies the fuller one."""
    items: dict[str, Item] = {}
    losses: list[Loss] = []
    for question in questions:
        item, lost = settle(question, given)
        losses += lost
        if item is None:
            continue
        name = _fingerprint(item)
        kept, poorer = item, items.get(name)
        if poorer is not None:
            kept, poorer = (item, poorer) if len(str(item.fields)) > len(str(poorer.fields)) else (poorer, item)
            losses.append(poorer.place.loss("duplicate", f"{kept.place.file}:{kept.place.line}"))
        items[name] = kept
    return list(items.values()), losses


def _fingerprint(item: Item) -> str:
    """Return what makes two questions the same: everything but feedback, tags and points, spaces and case."""
    kept = {k: v for k, v in item.fields.items() if k not in {"points", "outcome", "level", "scenario", "explanation"}}
    return vietnamese.visible(str(_without_feedback(kept)) + item.prose).casefold()


def _without_feedback(value: object) -> object:
    if isinstance(value, Mapping):
        return {k: _without_feedback(v) for k, v in value.items() if k != "feedback"}
    return [_without_feedback(v) for v in value] if isinstance(value, list) else value


def _shows(item: Item, name: str) -> bool:
    """Say whether the item names the picture itself, as a question about places on it does."""
    return item.fields.get("picture") == name


def _with_ids(items: Sequence[Item], module: str, folder: Path) -> list[tuple[str, Item]]:
    used = [b.name for f in folder.glob("**/*.md") for b in myst.read(f).blocks if b.kind == "item"]
    ids = author.free_ids(module, used)
    try:
        return [(next(ids) if item.fields else "", item) for item in items]
    except StopIteration:
        raise ModuongError(
            "E-FORMAT-2",
            _(
                "{module}: nhiều câu hơn số mã còn trống. Hãy mang vào từng phần, hoặc dọn {folder}.",
                module=module,
                folder=folder / "import",
            ),
        ) from None


def _name(file: Path) -> str:
    bare = _SAFE.sub("-", vietnamese.without_diacritics(file.name.split(".")[0]).lower()).strip("-")
    return bare[:60] or "cau-hoi"


def _write_new(folder: Path, name: str, text: str) -> Path:
    """Write ``text`` under the first name that is free and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = folder / (f"{name}.md" if number == 1 else f"{name}-{number}.md")
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError:
            number += 1
        else:
            return path


def _pictures(path: Path, items: Sequence[Item]) -> Iterable[Path]:
    """Write the pictures to the ``data`` folder of the module, where their names, made of their content, are free."""
    for picture in {p.name: p for item in items for p in item.pictures}.values():
        target = _data(path) / picture.name
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            target.write_bytes(picture.data)
        yield target


def _missing(path: Path, module: str, named: Sequence[tuple[str, Item]], rules: Syllabus, course: Path) -> list[Loss]:
    """Return what ``check`` says of the questions, fields that are missing first and each question's together."""
    places = {name: item.place for name, item in named if item.fields}
    with tempfile.TemporaryDirectory(prefix="moduong-import-") as scratch:
        copy = Path(scratch) / module / "exercise.md"
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
        (copy.parent / "data").symlink_to(_data(path).resolve())
        text = replace(module_text.read(rules, module, Path(scratch), course), lesson=None)
        found = [f for f in inspect.of_items(rules, text, course) if f.item in places]
    lacking: dict[str, list[str]] = {}
    for finding in found:
        if finding.code == "E-ITEM-1" and finding.field:
            lacking.setdefault(finding.item, []).append(finding.field)
    losses = [places[name].loss("missing", f"{name}: {_fields(fields)}") for name, fields in lacking.items()]
    return losses + [_said(f, places) for f in found if f.code != "E-ITEM-1" or not f.field]


def _data(path: Path) -> Path:
    """Return the folder for the files that questions show, beside the module's own text."""
    return path.parent.parent / "data"


def _said(finding: Finding, places: Mapping[str, Place]) -> Loss:
    place = places[finding.item]
    what = f"{finding.item} {finding.field}".strip() + f": {finding.code}"
    return Loss("check", place.file, place.line, place.name, joined(" ", [what, finding.said]))


def _fields(names: Sequence[str]) -> str:
    """Return ``outcome, options.0.feedback, options.1.feedback`` as ``outcome, options: feedback 1 2``."""
    shown: dict[str, list[str]] = {}
    for name in names:
        parts = name.split(".")
        place = [p for p in parts if p.isdigit()]
        shown.setdefault(" ".join(p for p in parts if not p.isdigit()), []).extend(str(int(p) + 1) for p in place)
    return ", ".join(f"{name} ({' '.join(numbers)})" if numbers else name for name, numbers in shown.items())
