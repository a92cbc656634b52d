"""Kills every command with ``kill -9`` at random moments, a thousand times, and lets it be run again.

``python -m bench kill_each [ROUNDS]``: the end equals that of a run which nobody disturbed: every row of the gradebook
and of ``host.db``, every file of workspace, exchange and host; each backup that has its name is whole; nothing runs on.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.forked import Done, Forge, forge
from bench.measure import heading, line

ROUNDS = 1_000
NOW = "2026-10-02T08:00:00+07:00"
PEOPLE = 6
Content = dict[str, object]
_NAMES = re.compile(rb"\b[0-9a-f]{32}\b|XOA-[0-9a-f]{12}")
"""Names that are drawn: nbgrader's for its rows, ours for somebody erased."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command to be killed.

    Attributes:
        words: as after ``moduong``; ``{folder}`` is the round's own folder.
        before: words of the commands that lead to where it begins, from the released course on.
        after: what is run afterwards, killed or not; the command itself comes first.
        allowed: codes by which the second run may say that the first was done.
        harm: what happens to the workspace before it.
        answer: what is typed.
    """

    words: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    harm: Callable[[Path], None] | None = None
    answer: str = ""


def _lost(folder: Path) -> None:
    for path in (folder / "workspace").glob("gradebook.db*"):
        path.unlink()


def _older(folder: Path) -> None:
    with sqlite3.connect(folder / "workspace" / "gradebook.db") as book:
        book.execute("UPDATE moduong_about SET value = '1' WHERE name = 'schema'")
    book.close()


def _corrected(folder: Path) -> None:
    text = folder / "exercises" / "T01" / "exercise.md"
    text.write_text(text.read_text(encoding="utf-8").replace("tol: 0.05", "tol: 45"), encoding="utf-8")


_TAKEN = ("collect",)
_MAILED = ("collect {folder}/mail",)
_GRADED = ("collect", "grade --jobs 1")
_LISTED = ("roster import {folder}/list",)
_BUILT = ("build",)
ALL: dict[str, Command] = {
    "build": Command("build", harm=_corrected),
    "release": Command("release", ("build",), harm=None),
    "new": Command("new M11 --exercises {folder}/new", allowed=("E-NEW-1", "E-MOD-2")),
    "export": Command("export T01 --format gift -o {folder}/export.gift", allowed=("E-FILE-3",)),
    "collect": Command("collect"),
    "grade": Command("grade --jobs 1", _TAKEN),
    "grade --jobs": Command("grade --jobs 2", _TAKEN),
    "grade --watch": Command("grade --watch", after=("collect", "grade --jobs 1", "feedback")),
    "feedback": Command("feedback --back {folder}/back", _GRADED),
    "regrade": Command("regrade T01", (*_GRADED, "feedback"), after=("feedback",)),
    "items": Command("items", _GRADED),
    "intake confirm": Command("intake confirm --sent-by A --by B", _MAILED, after=("feedback",)),
    "ledger void": Command("ledger void CB-000001.T01.1 --reason Thử --by A --by B", _GRADED, allowed=("E-LED-4",)),
    "ledger attest": Command("ledger attest CB-000001.T01.1 --on 2026-09-30 --note Thử --by A", _TAKEN),
    "ledger reopen": Command("ledger reopen CB-000001 T01 --note Thử --by A", _GRADED, allowed=("E-LED-7",)),
    "roster sample": Command("roster sample {folder}/sample"),
    "roster template": Command("roster template {folder}/mau.xlsx", allowed=("E-FILE-3",)),
    "roster import": Command("roster import {folder}/list"),
    "roster undo": Command(
        "roster undo", (*_LISTED, "roster end CB-000001 CS1 chair --on 2026-09-30"), allowed=("E-ROSTER-4",)
    ),
    "roster export": Command("roster export {folder}/out", _LISTED, allowed=("E-FILE-3",)),
    "roster add": Command("roster add CS1 chair --start 2026-09-01 --person CB-000003", _LISTED, allowed=("E-POST-1",)),
    "roster end": Command("roster end CB-000001 CS1 chair --on 2026-09-30", _LISTED, allowed=("E-POST-1", "E-POST-2")),
    "roster correct": Command("roster correct CB-000001 CS1 chair --start 2025-02-01", _LISTED, allowed=("E-POST-1",)),
    "report": Command("report --as-of 2026-10-01 --csv --xlsx", (*_LISTED, *_GRADED)),
    "backup": Command("backup", _TAKEN),
    "restore": Command("restore", (*_GRADED, "backup"), harm=_lost),
    "restore without backup": Command("restore", _GRADED, harm=_lost, allowed=("E-BAK-4",)),
    "db upgrade": Command("db upgrade", _GRADED, harm=_older),
    "db move": Command("db move sqlite:///{folder}/moved.db", _GRADED, allowed=("E-MOVE-1",)),
    "doctor --fix": Command("doctor --fix"),
    "person export": Command("person export CB-000002 --out {folder}/one.zip", _GRADED, allowed=("E-FILE-3",)),
    "person erase": Command("person erase CB-000002 --sure CB-000002", (*_LISTED, *_GRADED), allowed=("E-PERSON-1",)),
    "person due": Command("person due", _GRADED),
    "desk grant": Command("desk grant an --role operator --name An"),
    "desk revoke": Command("desk revoke an", ("desk grant an --role operator --name An",)),
    "desk code": Command("desk code an", ("desk grant an --role operator --name An",)),
    "invite": Command("invite --person CB-000001 --out {folder}/letters.html", _LISTED),
}
READS_ONLY = ("check", "score", "completion", "roster versions", "roster check", "person reads", "desk list")
"""What prints and writes nothing: there is nothing to be left half."""
ELSEWHERE = {
    "preview": "serves pages, writes nothing",
    "import": "writes drafts beside an exercise, whole or not at all",
    "serve": "starts Jupyter; kernels and server are killed by the proof faults",
    "host": "pages, watch and spool; what it acknowledged is held by the proof synced",
    "intake refuse": "one transaction and what is published after it, as intake confirm",
    "demo": "plays the commands above",
}


def _list(folder: Path) -> None:
    folder.mkdir()
    units = (
        "CD,Công đoàn Mẫu,union,",
        "TCT1,Tổng công ty Mẫu 1,corporation,CD",
        "CS1,CĐCS Mẫu 01,grassroots_union,TCT1",
    )
    people = [f"CB-{number:06},Trần Thị Mẫu {number:03},,," for number in range(1, PEOPLE + 1)]
    posts = ["CB-000001,CS1,chair,2025-01-01,,1", *(f"CB-{n:06},CS1,vice_chair,2025-01-01,,{n}" for n in (2, 4, 5, 6))]
    rows = {
        "units": ["unit_id,name,kind,parent_id,start,end,successor_id", *(f"{unit},2018-01-01,," for unit in units)],
        "people": ["person_id,full_name,email,is_test,same_as", *people],
        "posts": ["person_id,unit_id,post,start,end,decision_no", *posts],
    }
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def world(folder: Path) -> None:
    """Write a small course, release it, and let people hand in; one of them what cannot be read."""
    from grader.keep import names_read
    from tests.support.people import RIGHT, WRONG, Author, Cadre, Instructor

    author = Author(folder).writes_course()
    rules = author.course / "course.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("limit: 3", "limit: 1"), encoding="utf-8")
    teacher = Instructor(author, folder / "workspace").releases()
    for number in range(1, PEOPLE + 1):
        for module, values in (RIGHT if number % 2 else WRONG).items():
            Cadre(f"CB-{number:06}", teacher).answers(module, values).hands_in(module)
    teacher.engine.dispose()
    inbound = teacher.workspace.inbound("thu")
    broken = next(iter(sorted(inbound.glob("CB-000006+T02+*"))))
    for name in ("answers.json", "T02.ipynb"):
        (broken / name).write_text('{"schema": 1, "answers": {', encoding="utf-8")
    shutil.rmtree(folder / "workspace" / "learners")
    mailed = folder / "mail" / "CB-000009_T02"  # whose it is, somebody has to confirm
    mailed.mkdir(parents=True)
    whole = (inbound / min(p.name for p in inbound.glob("CB-000001+T02+*")) / "answers.json").read_text(
        encoding="utf-8"
    )
    (mailed / "answers.json").write_text(whole.replace("CB-000001", "CB-000009"), encoding="utf-8")
    with teacher.workspace.config.open("a", encoding="utf-8") as config:
        config.write(f"\nc.Moduong.hosts = [{names_read.account()!r}]\n")
    _list(folder / "list")


class Rounds:
    """What is needed for the rounds of one folder."""

    def __init__(self, forge: Forge, folder: Path) -> None:
        """``folder``: scratch; everything is made in it."""
        self.forge, self._folder = forge, folder
        self._base = folder / "base"
        self._base.mkdir()
        world(self._base)
        self._made: dict[tuple[str, ...], Path] = {(): self._base}
        self.kills = self.late = 0

    def do(
        self, folder: Path, words: str, kill: float | None = None, answer: str = "", most: int | None = None
    ) -> Done:
        """Run a command in a folder; ``kill``, ``answer`` and ``most`` as for ``Forge.run``."""
        place = ["--course", folder / "course"]
        said = words.replace("{folder}", str(folder)).split()
        if not {"sample", "template"} & set(said[:2]) and said[0] not in {"new", "export"}:
            place += ["--workspace", folder / "workspace"]
        if said[0] in {"build", "release", "export", "doctor"}:
            place += ["--exercises", folder / "exercises"]
        if said[:2] == ["roster", "template"]:
            place = []
        return self.forge.run([*said, *place], kill=kill, answer=answer, most=most, MODUONG_NOW=NOW)

    def _sure(self, folder: Path, words: str, allowed: Sequence[str] = (), answer: str = "") -> Done:
        done = self.do(folder, words, answer=answer)
        if done.code and not any(f"{code}:" in done.said for code in allowed):
            raise RuntimeError(f"{words}: {done.code}\n{done.said}")
        if done.left:
            raise RuntimeError(f"{words}: {done.left} processes left")
        return done

    def start_of(self, command: Command) -> Path:
        """Return a folder in which everything stands as before the command."""
        if command.before not in self._made:
            place = self._folder / f"before-{len(self._made)}"
            copy(self._base, place)
            for words in command.before:
                self._sure(place, words)
            self._made[command.before] = place
        return self._made[command.before]

    def fresh(self, command: Command, name: str) -> Path:
        """Return a new folder in which everything stands as right before the command."""
        place = self._folder / name
        copy(self.start_of(command), place)
        if command.harm:
            command.harm(place)
        return place

    def whole(self, command: Command, times: int = 1) -> tuple[Content, float]:
        """Return where the command ends that nobody disturbs, run once or twice, and the seconds that it takes."""
        place = self.fresh(command, "whole")
        if "--watch" in command.words:
            seconds = self.do(place, command.words, 2.0).seconds
        else:
            seconds = self._sure(place, command.words, answer=command.answer).seconds
        self._again(place, command, times - 1)
        found = content(place)
        shutil.rmtree(place)
        return found, seconds

    def _again(self, place: Path, command: Command, times: int = 1) -> None:
        if times and "--watch" not in command.words:
            self._sure(place, command.words, command.allowed, command.answer)
        for words in command.after:
            self._sure(place, words)

    def one(self, command: Command, after: float, expected: Content) -> str:
        """Kill once after some seconds, run again, and return what differs; empty: nothing."""
        place = self.fresh(command, "killed")
        done = self.do(place, command.words, after, command.answer)
        self.kills += done.killed
        self.late += not done.killed
        if done.left:
            return f"{done.left} processes left behind"
        try:
            self._again(place, command)
            found = content(place)
        except (RuntimeError, ValueError) as error:
            return str(error)
        shutil.rmtree(place)
        names = difference(expected, found)
        if names and not difference(self.whole(command, 2)[0], found):  # it had been done, and was done again
            return ""
        return f"{len(names)} differ: {names[:6]}" if names else ""


def difference(one: Content, other: Content) -> list[str]:
    """Return what differs between two ends."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name, ()) != other.get(name, ()))


def copy(source: Path, target: Path) -> None:
    """Copy a world; hand-ins arrive in the order of their names."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    for entry in sorted((target / "workspace-exchange").glob("*/inbound/*")):
        entry.chmod(0o755)


def content(folder: Path) -> Content:
    """Return everything that must not depend on interruptions: rows of all tables, files by name.

    Raises:
        ValueError: a backup that has its name is not whole.
    """
    found: Content = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in Path(name).parts) or path.name in _OF_THE_HOUR or not path.is_file():
            continue
        if name.startswith("workspace-backup/"):
            _whole_backup(path)
        elif path.suffix == ".db":
            found |= {f"{name}: {table}": rows for table, rows in _rows(path)}
        elif ".db-" not in name and ".db.truoc-" not in name:
            found[_NAMES.sub(b"drawn", name.encode()).decode() if "XOA-" in name else name] = _plain(path, folder)
    return found


def _whole_backup(path: Path) -> None:
    from grader.ground.errors import ModuongError
    from grader.keep import backup

    if path.name == backup.MANIFEST:
        try:
            backup.read(path.parent)
        except ModuongError as error:
            raise ValueError(f"{path.parent}: {error}") from None


_DRAWN = {
    "invitations": ("code",),
    "codes": ("code",),
    "moduong_about": ("value",),
    "audit": ("at",),
    "accounts": ("made_at",),
}
_OF_THE_HOUR = {"sao-luu-gan-nhat.txt", "named.jsonl"}
"""Which backup was the last, says when it was made; who read names, is noted at each try."""
_REAL_TIME = {"made_at", "expires", "at"}


def _rows(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    book = sqlite3.connect(path)
    for (table,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        skipped = {*_DRAWN.get(table, ()), *(_REAL_TIME if path.name in {"host.db", "desk.db"} else ())}
        named = [row[1] for row in book.execute(f"PRAGMA table_info({table})") if row[1] not in skipped]
        if table == "audit" or not named:  # a letter that was asked for twice is noted twice
            continue
        asked = ", ".join(f'"{column}"' for column in named)
        yield (
            table,
            sorted(_NAMES.sub(b"drawn", repr(r).encode()) for r in book.execute(f"SELECT {asked} FROM {table}")),
        )
    book.close()


def _plain(path: Path, folder: Path) -> object:
    if path.suffix in {".xlsx", ".zip"}:  # holds the moment at which it was packed
        return len(path.read_bytes()) > 0
    if path.name == "letters.html":
        return path.read_text(encoding="utf-8").count("<article")
    text = path.read_bytes().replace(str(folder).encode(), b"")
    return _NAMES.sub(b"drawn", text) if b"XOA-" in text else text


def run(forged: Forge, folder: Path, count: int, seed: int, names: Sequence[str] = ()) -> tuple[list[str], int, int]:
    """Kill ``count`` times over all commands (or those named); return what went wrong, kills, and rounds too late."""
    rng, problems = random.Random(seed), []
    rounds = Rounds(forged, folder)
    chosen = {name: ALL[name] for name in names or ALL}
    share = [count // len(chosen) + (n < count % len(chosen)) for n in range(len(chosen))]
    for (name, command), times in zip(chosen.items(), share, strict=True):
        expected, seconds = rounds.whole(command)
        for _number in range(times):
            after = rng.random() * seconds
            if wrong := rounds.one(command, after, expected):
                problems.append(f"{name}, killed after {after:.3f} of {seconds:.3f} s: {wrong}")
                print(problems[-1], file=sys.stderr, flush=True)
    return problems, rounds.kills, rounds.late


def bench(folder: Path) -> None:
    """A thousand rounds over all commands.

    Raises:
        RuntimeError: when an end differs from the undisturbed one.
    """
    heading("kill -9 of every command, and again")
    begin = time.perf_counter()
    with forge() as forged:
        problems, kills, late = run(forged, folder, ROUNDS, seed=1)
    line(
        f"{ROUNDS:,} rounds over {len(ALL)} commands: {kills} killed at work, {late} had ended",
        f"{len(problems)} differ, {time.perf_counter() - begin:.0f} s",
        "0 differ",
    )
    if problems:
        raise RuntimeError("\n".join(problems))
