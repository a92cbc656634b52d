"""A newer copy of a module: the cadre is offered it; answers move by id, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from course import items
from course.answers import ANSWERS, Answer, AnswersError, AnswerSet, load_json, parse, release_id, write_atomically
from course.items import Body
from course.released import ITEMS
from course.types import TYPES
from course.types.shared.base import InvalidAnswer

KEPT = "ban-cu"
"""Inside the module's folder: former copies, one folder a release, with the answers as they stood."""


def newer(folder: Path, released: Path) -> bool:
    """Say whether ``released`` (the module on the exchange) is another copy than the one in the cadre's ``folder``."""
    try:
        return (folder / ITEMS).read_bytes() != (released / ITEMS).read_bytes()
    except OSError:
        return False


def renew(folder: Path, released: Path) -> None:
    """Put the released copy in the place of the cadre's; what was there is kept, answers are carried over.

    Whatever is interrupted can be done again: the questions are replaced last.

    Raises:
        OSError: when something cannot be read or written; the former copy is still there.
        AnswersError: when the released questions cannot be read.
    """
    fresh = _items(released / ITEMS)
    former = folder / KEPT / release_id((folder / ITEMS).read_bytes())
    if not former.exists():
        _keep(folder, released, former)
    answers, release = _answers(folder), release_id((released / ITEMS).read_bytes())
    if answers is not None and answers.release != release:  # else they were moved before we were interrupted
        carried = replace(moved(answers, _items(folder / ITEMS), fresh), release=release)
        write_atomically(folder / ANSWERS, json.dumps(carried.to_json(), ensure_ascii=False, indent=1).encode())
    files = [path for path in sorted(released.rglob("*")) if path.is_file()]
    for path in sorted(files, key=lambda path: path == released / ITEMS):
        target = folder / path.relative_to(released)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, path.read_bytes())


def _keep(folder: Path, released: Path, former: Path) -> None:
    """Copy what will be replaced, whole or not at all, with the answers."""
    former.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".giu-", dir=former.parent) as place:
        copy = Path(place) / former.name
        copy.mkdir()
        names = {path.relative_to(released).parts[0] for path in released.rglob("*")} | {ANSWERS}
        for name in sorted(names):
            source = folder / name
            if source.is_dir():
                shutil.copytree(source, copy / name)
            elif source.exists():
                shutil.copyfile(source, copy / name)
        os.replace(copy, former)


def _items(path: Path) -> dict[str, Body]:
    return {item["id"]: item for item in load_json(path.read_bytes())["items"]}


def _answers(folder: Path) -> AnswerSet | None:
    try:
        return parse((folder / ANSWERS).read_bytes())
    except (OSError, AnswersError):  # unreadable ones are put aside by the store, and kept as they are
        return None


def moved(answers: AnswerSet, before: Mapping[str, Body], now: Mapping[str, Body]) -> AnswerSet:
    """Return the answers to the questions that are still asked, without what names an id that is gone."""
    kept = {
        name: _moved(answer, before.get(name), now[name]) for name, answer in answers.answers.items() if name in now
    }
    return replace(answers, answers={name: answer for name, answer in kept.items() if answer is not None})


def _moved(answer: Answer, before: Body | None, now: Body) -> Answer | None:
    if before is None or before["type"] != now["type"] or now["type"] not in TYPES:
        return None
    variant = body_now(answer.variant, before["variants"], now["variants"])
    if variant is None:
        return None
    value = _pruned(now, items.body_of(now, variant), answer.value)
    return None if items.is_blank(value) else replace(answer, value=value, variant=variant)


def body_now(variant: object, before: list[Body], now: list[Body]) -> int | None:
    """Return where the body that was answered stands now: the same question elsewhere, else the same place."""
    if not isinstance(variant, int) or isinstance(variant, bool) or not 0 <= variant < len(before):
        return None
    same = [n for n, body in enumerate(now) if body["stem"] == before[variant]["stem"]]
    if variant in same or (not same and variant < len(now)):
        return variant
    return same[0] if same else None


def _pruned(item: Body, body: Body, value: Any) -> Any:
    """Return what of an answer can still be read."""

    def readable(part: Any) -> bool:
        try:
            items.kind(item).read(body, part)
        except InvalidAnswer:
            return False
        return True

    if readable(value):
        return value
    if isinstance(value, list):
        return [entry for entry in value if readable([entry])]
    if isinstance(value, Mapping):
        return {name: part for name, part in value.items() if readable({name: part})}
    return None
