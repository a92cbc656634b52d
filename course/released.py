"""A module's folder as the cadre has it: the released questions, the answers, the attempt that is being worked on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from course import identity
from course.answers import AnswersError, AnswerSet, AnswerStore, load_json, parse, release_id
from course.drawing import FIELD, NO_REPEAT, SEPARATE, Questions, draw
from course.types import TYPES
from course.words import SOURCE, _

__all__ = ["ITEMS", "PRACTICE", "RECEIPTS", "NotShown", "Released", "attempts_so_far", "draw", "read"]
ITEMS = "items.json"
PRACTICE = "practice.json"
RECEIPTS = "bien-nhan"
_ITEM = re.compile(r"[A-Za-z0-9]{1,8}-[A-Za-z0-9]{1,8}")
HERE = Path.cwd()
"""The notebook's folder, taken when the kernel starts: the current folder may vanish later."""


class NotShown(Exception):  # it is a state of the page, not a fault of the program
    """Something cannot be shown; the text is for the cadre."""


@dataclass(frozen=True, slots=True)
class Released:
    """One released module in a folder.

    Attributes:
        folder: where notebook, questions and answers lie.
        course, module, title: as released.
        release: name of the release.
        language: of what the page says.
        items: public items in order.
        rule: of the draw.
    """

    folder: Path
    course: str
    module: str
    title: str
    release: str
    language: str
    items: tuple[Mapping[str, Any], ...]
    rule: int = SEPARATE

    @property
    def home(self) -> Path:
        """The folder in which the modules' folders lie."""
        return self.folder.parent

    def item(self, name: str) -> Mapping[str, Any]:
        """Return one item.

        Raises:
            NotShown: when there is no such item.
        """
        return _named(self.items, name)

    @property
    def asked(self) -> Questions:
        """What the release asks, without where it lies."""
        return Questions(self.release, self.items, self.rule)


def _named(items: tuple[Mapping[str, Any], ...], name: str) -> Mapping[str, Any]:
    if not isinstance(name, str) or not _ITEM.fullmatch(name):
        raise NotShown(_("Mã câu hỏi không đúng dạng, ví dụ đúng: M02-Q04."))
    for item in items:
        if item["id"] == name:
            return item
    raise NotShown(
        _("Không có câu {name} trong học phần này. Anh/chị tải lại trang; nếu vẫn vậy, báo điều phối viên.", name=name)
    )


def _entries(path: Path) -> tuple[dict[str, Any], tuple[Mapping[str, Any], ...], bytes]:
    """Read ``items.json`` or ``practice.json``; what is not an item is left out."""
    try:
        raw = path.read_bytes()
        data = load_json(raw)
    except OSError:
        raise NotShown(
            _(
                "Thiếu tệp {name} cạnh trang này, nên chưa hiện được câu hỏi. Anh/chị mở lại học phần từ Trang chủ.",
                name=path.name,
            )
        ) from None
    except AnswersError:
        raise NotShown(
            _(
                "Tệp {name} cạnh trang này bị hỏng. Câu trả lời vẫn còn; báo điều phối viên để lấy lại tệp.",
                name=path.name,
            )
        ) from None
    listed = data.get("items") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise NotShown(
            _(
                "Tệp {name} cạnh trang này bị hỏng. Câu trả lời vẫn còn; báo điều phối viên để lấy lại tệp.",
                name=path.name,
            )
        )
    return (
        data,
        tuple(i for i in listed if isinstance(i, dict) and isinstance(i.get("id"), str) and i.get("variants")),
        raw,
    )


def read(folder: Path) -> Released:
    """Read the released module in ``folder``.

    Raises:
        NotShown: when its questions are not there or cannot be read.
    """
    data, items, raw = _entries(folder / ITEMS)
    rule = data.get(FIELD, SEPARATE)
    if rule not in {SEPARATE, NO_REPEAT}:
        raise NotShown(_("Bản phát này cần bản mới hơn của trang. Anh/chị báo điều phối viên."))
    return Released(
        folder,
        str(data.get("course", "")),
        str(data.get("module", "")),
        str(data.get("title", "")),
        release_id(raw),
        str(data.get("language") or SOURCE),
        items,
        int(rule),
    )


@cache
def here() -> Released:
    """Return the module of this kernel's notebook; read once."""
    return read(HERE)


@cache
def _practice() -> tuple[Mapping[str, Any], ...]:
    return _entries(HERE / PRACTICE)[1]


def practice_item(name: str) -> Mapping[str, Any]:
    """Return one practice question, with its key and feedback (nothing that counts).

    Raises:
        NotShown: when there is no such question.
    """
    return _named(_practice(), name)


def kinds(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the item types among ``items`` that this edition knows."""
    return frozenset(str(item.get("type")) for item in items).intersection(TYPES)


def practice_kinds() -> frozenset[str]:
    """Return the item types of the practice questions of this kernel's folder."""
    return kinds(_practice())


def attempts_so_far(folder: Path) -> int:
    """Return how many receipts are kept in the module's folder."""
    kept = folder / RECEIPTS
    return sum(1 for _ in kept.glob("*.json")) if kept.is_dir() else 0


def person_of(module: Released) -> str:
    """Return who is learning."""
    return identity.person(module.home)[0]


def blank(module: Released) -> AnswerSet:
    """Return the empty answer sheet of the attempt that is being worked on."""
    return AnswerSet(
        module.module, {}, module.course, module.release, person_of(module), 1 + attempts_so_far(module.folder)
    )


def store(module: Released) -> AnswerStore:
    """Return the answer store of the module."""
    return AnswerStore(module.folder, blank(module))


def current(module: Released) -> AnswerSet:
    """Return the answers on disk without changing anything, for pages that only look."""
    try:
        return parse((module.folder / "answers.json").read_bytes())
    except (OSError, AnswersError):
        return blank(module)


def graded_by_program() -> bool:
    """Say whether nbgrader is running this notebook: then nobody is there to click, and widgets would show nothing."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def dumps(data: object) -> bytes:
    """Write JSON for people to read."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
