"""Where hand-ins come from: nbgrader's exchange, a folder, a ZIP. Each is read without trust.

What is still being written waits.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course.answers import AnswersError
from course.words import _
from grader.intake.answers_in import HandIn
from grader.intake.files import LARGEST_HAND_IN, MOST_FILES, StillChanging, Tree, read_folder, read_lone
from grader.intake.letters import letters
from grader.intake.names import printable, refuse, source_name
from grader.intake.zip import Room, read_zip, unpacked

_EXCHANGE_PARTS = 3
_LONGEST_CLAIM = 64
_BAG = Room(files=10_000, total=200 << 20)
"""How much one ZIP may hold in which staff bring the hand-ins of many; each of these has the limits of one."""
_QUIET = timedelta(seconds=10)
"""nbgrader writes ``timestamp.txt`` after everything else.

An entry without one is complete when nothing changed for so long.
"""


def from_exchange(inbound: Path, now: datetime | None, known: frozenset[str]) -> Iterator[HandIn]:
    """Yield what is new in nbgrader's inbound folder, oldest first.

    ``now`` replaces the server's times (a simulated clock).

    Received is what changed last, so that a file exchanged after the deadline makes the hand-in late. An entry that
    is still being
    written, or was removed, is left out: the next run sees it.
    """
    if not inbound.is_dir():
        return
    found = []
    with os.scandir(inbound) as entries:
        for entry in entries:
            source = f"exchange/{source_name(entry.name)}"
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if source not in known:
                found.append((status.st_ctime, entry.name, source, stat.S_ISDIR(status.st_mode)))
    for changed, name, source, folder in sorted(found):
        parts = name.rsplit("+", _EXCHANGE_PARTS)
        person, module, claimed = (printable(p, _LONGEST_CLAIM) for p in [*parts, "", "", ""][:_EXCHANGE_PARTS])
        hand_in = _read(
            source, inbound / name, now, HandIn(source, _instant(changed), person, module, claimed_at=claimed), folder
        )
        if hand_in is not None:
            yield hand_in


def from_path(path: Path, now: datetime) -> Iterator[HandIn]:
    """Yield the hand-ins in a folder (a subfolder, a ZIP or a lone file each) or in one ZIP.

    ``now`` is when they were first seen.
    """
    if path.is_file():
        listed = [(f"file/{source_name(path.name)}", path)]
    else:
        direct = [p for p in sorted(path.iterdir()) if not p.name.startswith(".")]
        top = f"folder/{source_name(path.name)}"
        single = any(p.name == "answers.json" for p in direct)
        listed = [(top, path)] if single else [(f"{top}/{source_name(p.name)}", p) for p in direct]
    for source, one in listed:
        hand_in = _read(source, one, now, HandIn(source, now), one.is_dir() and (one == path or not one.is_symlink()))
        if hand_in is not None:
            yield from _each(source, hand_in)


def _each(source: str, hand_in: HandIn) -> Iterator[HandIn]:
    """Yield what was sent as one, person by person and module by module."""
    parts = letters(hand_in.files)
    if hand_in.refusal or len(parts) == 1:
        yield hand_in
        return
    for part in parts:
        size = sum(map(len, part.files.values()))
        too_much = len(part.files) > MOST_FILES or size > LARGEST_HAND_IN
        refusal = refuse("E-SUB-04", _("Bài nộp có hơn {n} tệp hoặc quá lớn.", n=MOST_FILES)) if too_much else None
        place = f"{source}/{source_name(part.place)}#{_digest(part.files)}"
        yield replace(hand_in, source=place, files={} if too_much else part.files, refusal=refusal)


def _digest(files: Mapping[str, bytes]) -> str:
    joined = b"\0".join(n.encode() + b"\0" + c for n, c in sorted(files.items()))
    return hashlib.sha256(joined).hexdigest()[:16]


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _read(source: str, path: Path, now: datetime | None, blank: HandIn, folder: bool) -> HandIn | None:
    """Return ``blank`` filled in with what lies at ``path``, or ``None`` when it is being written or has gone."""
    try:
        if folder:
            tree = read_folder(path)
        elif path.suffix.casefold() == ".zip":
            tree = Tree(read_zip(path, _BAG), path.lstat().st_ctime)
        else:
            tree = read_lone(path)
        files = unpacked(tree.files, _BAG if not blank.person else Room())
    except (FileNotFoundError, StillChanging):
        return None
    except AnswersError as error:
        return _refused(source, path, now, blank, error)
    except OSError as error:
        return _refused(
            source, path, now, blank, refuse("E-SUB-02", _("Không đọc được ({strerror}).", strerror=error.strerror))
        )
    if now is None and "timestamp.txt" not in tree.files and datetime.now(UTC) - _instant(tree.changed) < _QUIET:
        return None
    owner, refusal = _owner(tree, blank.person) if folder else ("", None)
    claimed = blank.claimed_at or _first_line(tree.files.get("timestamp.txt", b""))
    if not blank.person:  # the content decides what is new, not the file's name
        source = f"{source}#{_digest(tree.files)}"
    return HandIn(source, now or _instant(tree.changed), blank.person, blank.module, owner, claimed, files, refusal)


def _refused(source: str, path: Path, now: datetime | None, blank: HandIn, error: AnswersError) -> HandIn | None:
    """Return a hand-in whose files could not be taken.

    Outside the exchange a changed file is another one, though of the same name.
    """
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if not blank.person:
        source = f"{source}#{status.st_size:x}-{status.st_mtime_ns:x}"
    owner = (_name(status.st_uid) or str(status.st_uid)) if blank.person else ""
    return HandIn(source, now or blank.received_at, blank.person, blank.module, owner, blank.claimed_at, {}, error)


def _owner(tree: Tree, person: str) -> tuple[str, AnswersError | None]:
    """Return who owns a hand-in in the exchange, with a refusal when somebody else put a file into it."""
    if not person:
        return "", None
    names = sorted(_name(uid) or str(uid) for uid in tree.owners)
    if len(names) > 1:
        return "", refuse("E-SUB-12", _("Trong bài nộp có tệp do tài khoản khác ghi vào."))
    return names[0], None


def own_account() -> str:
    """Return the account of this process; what it wrote itself says nothing about who sent it."""
    return _name(os.geteuid()) or str(os.geteuid())


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def _first_line(raw: bytes) -> str:
    return printable(raw[:200].decode("utf-8", "replace").strip().partition("\n")[0], _LONGEST_CLAIM)
