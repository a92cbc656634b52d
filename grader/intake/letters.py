"""Splits what came as one into the hand-ins of each person and module: a class's ZIP from Moodle, Canvas, or a mailbox.

What is in the files decides, not how folders are called: a system that sorts by person and one that puts all into one
folder give the same hand-ins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from course.answers import AnswersError
from grader.intake import names
from grader.intake.answers_in import answers_of

_Whose = tuple[str, str]
"""Person (case folded) and module; for what cannot be read the folder that it lies in."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One hand-in: the folder or file in the whole that it came as (empty: it is the whole), and its files."""

    place: str
    files: dict[str, bytes]


def letters(files: Mapping[str, bytes]) -> list[Letter]:
    """Return the hand-ins in ``files``, in the order of their names; every file is in one of them.

    A file with answers that cannot be read goes with the readable one of its folder, and is a hand-in of its own where
    there is none: it is somebody's, and is told so. Other files go with the answers that lie nearest; a folder without
    any is a hand-in that has nothing, which is told too.
    """
    whose = {name: one for name, content in files.items() if (one := _whose(name, content)) is not None}
    homes: dict[str, set[_Whose]] = defaultdict(set)
    for name, one in whose.items():
        if one[0] != _BROKEN:
            homes[_folder(name)].add(one)
    for name, one in whose.items():
        if one[0] == _BROKEN:
            whose[name] = next(iter(homes[_folder(name)])) if len(homes[_folder(name)]) == 1 else one
    for name, one in whose.items():
        homes[_folder(name)].add(one)
    piles: dict[_Whose, dict[str, bytes]] = defaultdict(dict)
    for name in sorted(files):
        piles[whose.get(name) or _nearest(name, homes)][name] = files[name]
    if len(piles) == 1:
        return [Letter("", dict(files))]
    return sorted((Letter(_place(pile, piles), pile) for pile in piles.values()), key=lambda letter: letter.place)


_MOODLES = re.compile(r"_assignsubmission_(file|onlinetext)")
"""How Moodle calls the folder of one person's hand-in."""
_BROKEN = "\0"
_NOBODY = "\0\0"


def _whose(name: str, content: bytes) -> _Whose | None:
    if not names.kind(name):
        return None
    try:
        answers = answers_of(name, content)
    except AnswersError:
        return _BROKEN, _folder(name) or name
    return (answers.person.casefold(), answers.module) if answers else None


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _folders(name: str) -> list[str]:
    """Return the folders above a file, the nearest first; the whole is the last."""
    parts = name.split("/")[:-1]
    return ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]


def _nearest(name: str, homes: Mapping[str, set[_Whose]]) -> _Whose:
    """Return whose answers lie nearest to a file without any, above or else below; nobody's where there are several."""
    top, _, below = name.partition("/")
    if len(set().union(*homes.values())) == 1 and not (below and _MOODLES.search(top)):
        return next(iter(set().union(*homes.values())))
    above = next((homes[folder] for folder in _folders(name) if homes.get(folder)), None)
    here = f"{_folder(name)}/".lstrip("/")
    near = above or {one for folder, those in homes.items() if folder.startswith(here) for one in those}
    return next(iter(near)) if len(near) == 1 else (_NOBODY, top)


def _place(pile: Mapping[str, bytes], piles: Mapping[_Whose, Mapping[str, bytes]]) -> str:
    """Return the outermost folder in which a hand-in lies alone, else its first file."""
    first = min(pile, key=names.preference)
    others = [name for other in piles.values() if other is not pile for name in other]
    for folder in reversed(_folders(first)):
        if folder and not any(name.startswith(folder + "/") for name in others):
            return folder
    return first
