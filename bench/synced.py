"""Looks at the system calls under ``strace``: whatever is acknowledged was synced to the disk before.

``python -m bench synced``: every save and hand-in that *pages* acknowledges to somebody, while others save at the same
time; every commit of the ledger by ``collect``, ``grade`` and ``feedback``, before a word of it leaves the process.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.measure import ROOT, heading, line

VISITORS, SAVES = 8, 25
_CALLS = "recvfrom,sendto,read,write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink"
_LINE = re.compile(rb"(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*)", re.DOTALL)
_RESUMED = re.compile(rb"(?P<pid>\d+) +<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)", re.DOTALL)
_HANDLE = re.compile(rb"(?P<fd>\d+)<(?P<what>[^>]*)>")
_UNFINISHED = b"<unfinished ...>"
_WRITES, _SYNCS = {"write", "pwrite64", "ftruncate"}, {"fsync", "fdatasync"}


@dataclass(frozen=True, slots=True)
class Call:
    """One system call: in which line of the trace it began and ended, its name, what it was made on, its arguments."""

    began: int
    ended: int
    name: str
    on: str
    said: bytes


def available() -> bool:
    """Say whether system calls can be looked at here."""
    found = shutil.which("strace")
    tried = found and subprocess.run([found, "-o", os.devnull, "true"], capture_output=True, check=False)
    return bool(tried) and tried.returncode == 0


def under(trace: Path) -> list[str]:
    """Return the words that run a command with its system calls written to ``trace``."""
    return ["strace", "-f", "-yy", "-s", "9000", "-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(trace)]


def calls(trace: Path) -> list[Call]:
    """Return the calls of a trace in the order in which they began."""
    found, open_calls = [], dict[bytes, tuple[int, bytes, bytes]]()
    for number, text in enumerate(trace.read_bytes().splitlines()):
        if (again := _RESUMED.fullmatch(text)) and again["pid"] in open_calls:
            began, name, rest = open_calls.pop(again["pid"])
            found.append(_call(began, number, name, rest + again["rest"]))
        elif one := _LINE.fullmatch(text):
            if one["rest"].endswith(_UNFINISHED):
                open_calls[one["pid"]] = number, one["call"], one["rest"].removesuffix(_UNFINISHED)
            else:
                found.append(_call(number, number, one["call"], one["rest"]))
    return sorted(found, key=lambda call: call.began)


def _call(began: int, ended: int, name: bytes, rest: bytes) -> Call:
    handle = _HANDLE.match(rest)
    on = f"{handle['fd'].decode()} {handle['what'].decode(errors='replace')}" if handle else ""
    return Call(began, ended, name.decode(), on, rest)


def _file(call: Call) -> str:
    return call.on.partition(" ")[2]


def unsynced(found: Sequence[Call], within: Sequence[str], moment: int) -> list[str]:
    """Return the files below ``within`` that had something unsynced when a call of line ``moment`` began."""
    last: dict[str, int] = {}
    for call in found:
        if call.began >= moment or not any(_file(call).startswith(place) for place in within):
            continue
        if call.name in _WRITES:
            last[_file(call)] = call.ended
        elif call.name in _SYNCS and call.ended < moment and call.began > last.get(_file(call), call.began):
            last.pop(_file(call), None)
    return sorted(last)


def chained(found: Sequence[Call], database: str, marker: bytes, acknowledged: Call) -> bool:
    """Say whether what bears ``marker`` was written, synced and committed before it was acknowledged.

    The commit of a rollback journal: the database synced, then the journal cut to nothing and that synced.
    """
    journal = f"{database}-journal"
    steps = (
        (database, {"pwrite64"}, marker),
        (database, _SYNCS, b""),
        (journal, {"ftruncate"}, b""),
        (journal, _SYNCS, b""),
    )
    after = -1
    for path, names, part in steps:
        fitting = (c for c in found if c.began > after and c.name in names and _file(c) == path and part in c.said)
        call = next(fitting, None)
        if call is None or call.ended >= acknowledged.began:
            return False
        after = call.ended
    return True


def acknowledged(found: Sequence[Call], asked: bytes) -> Iterator[tuple[bytes, Call]]:
    """Yield (marker, answer) for every request that bears a marker and was answered with 200 on the same socket."""
    waiting: dict[str, bytes] = {}
    for call in found:
        if call.name in {"recvfrom", "read"} and (sent := re.search(asked, call.said)):
            waiting[call.on] = sent[0]
        elif call.name in {"sendto", "write"} and call.on in waiting and b'"HTTP/1.1 200' in call.said:
            yield waiting.pop(call.on), call


@dataclass(frozen=True, slots=True)
class Seen:
    """What a trace showed: acknowledgements, commits, and what was acknowledged before it was synced."""

    answers: int
    commits: int
    wrong: tuple[str, ...]


def pages(folder: Path, visitors: int, saves: int) -> Seen:
    """Let cadres save at the same time, then hand in one after the other, and look at what *pages* did."""
    from tests.support.host_world import make_course

    course, database, spool = make_course(folder / "exchange"), folder / "host.db", folder / "spool"
    tokens = _accounts(database, visitors)
    given = {
        "course": str(course),
        "database": str(database),
        "spool": str(spool),
        "address": "http://127.0.0.1:1/",
        "proxies": [],
        "worker": False,
        "port": 0,
        "bind": "127.0.0.1",
    }
    trace = folder / "trace"
    process = subprocess.Popen(
        [*under(trace), sys.executable, "-m", "course.host"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(given).encode() + b"\n")
    process.stdin.flush()
    port = int(process.stdout.readline())
    stored, handed = _visit(port, tokens, saves)
    process.stdout.close()
    process.stdin.close()
    _end(process)
    process.wait(60)
    return _looked(calls(trace), str(database), str(spool), stored, handed)


def _end(tracer: subprocess.Popen[bytes]) -> None:
    """Tell what is traced to stop: its own end, so that the trace is whole."""
    children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text(encoding="ascii").split()
    for child in children:
        os.kill(int(child), signal.SIGTERM)


def _accounts(database: Path, visitors: int) -> dict[str, str]:
    from course.host.store import accounts
    from course.host.store.accounts import Account
    from course.host.store.clerk import Clerk

    people = [Account(f"CB-{number:06}", "Người Thử", "U-1", "CĐCS Mẫu 01", "leader") for number in range(visitors)]
    clerk = Clerk(database)
    clerk.ask(lambda connection: accounts.invite(connection, people, "phép thử")).result()
    tokens = {p.person: clerk.ask(lambda c, p=p: accounts.open_session(c, p.person, "thử")).result() for p in people}
    clerk.close()
    return tokens


def _visit(port: int, tokens: dict[str, str], saves: int) -> tuple[int, int]:
    """Return how many saves and hand-ins were acknowledged."""
    from tests.support.host_world import Visitor

    world: Any = SimpleNamespace(port=port, host=SimpleNamespace(settings=SimpleNamespace(base="/")))
    stored: dict[str, int] = defaultdict(int)

    def save(person: str, visitor: Visitor) -> None:
        for number in range(saves):
            said = visitor.saves("M90-Q10", f"MARK-{person}-{number}-", person=person, number=number + 1, base=number)
            stored[person] += "stored" in said

    visitors = {person: Visitor(world, {"moduong-phien": token}) for person, token in tokens.items()}
    threads = [threading.Thread(target=save, args=one) for one in visitors.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handed = sum(v.sends("/nop", {"module": "M90", "attempt": 1}).status == 200 for v in visitors.values())
    return sum(stored.values()), handed


def _looked(found: Sequence[Call], database: str, spool: str, stored: int, handed: int) -> Seen:
    saved = list(acknowledged(found, rb"MARK-CB-\d+-\d+-"))
    given = list(acknowledged(found, rb"POST /nop "))
    wrong = [marker.decode() for marker, call in saved if not chained(found, database, marker, call)]
    for _marker, call in given:
        late = unsynced(found, (database, spool), call.began)
        wrong += [f"hand-in acknowledged before {path} was synced" for path in late]
    if (len(saved), len(given)) != (stored, handed):
        wrong.append(f"{len(saved)} saves and {len(given)} hand-ins seen, {stored} and {handed} acknowledged")
    return Seen(len(saved) + len(given), _commits(found, database), tuple(wrong))


def _commits(found: Iterable[Call], database: str) -> int:
    return sum(call.name == "ftruncate" and _file(call) == f"{database}-journal" for call in found)


def ledger(workspace: Path, course: Path, folder: Path, commands: Sequence[Sequence[str]], **environment: str) -> Seen:
    """Run commands on a workspace and look at each word that left them: all that was committed was synced then.

    A word is a line that was printed, or a file that was put into the exchange: a standing, a page of feedback.
    """
    answers, commits, wrong = 0, 0, list[str]()
    for number, words in enumerate(commands):
        trace = folder / f"trace-{number}"
        done = subprocess.run(
            [*under(trace), sys.executable, "-m", "grader", *words, "--workspace", workspace, "--course", course],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        found = calls(trace)
        book = str(workspace / "gradebook.db")
        exchange = os.fsencode(f"{workspace}-exchange")
        said = [c for c in found if (c.name == "write" and c.on.startswith(("1 ", "2 "))) or _published(c, exchange)]
        answers += len(said)
        commits += _commits(found, book) + sum(_file(c) == f"{book}-wal" and c.name in _SYNCS for c in found)
        for call in said:
            wrong += [
                f"{words[0]}: {path} unsynced at {call.said[:60]!r}" for path in unsynced(found, (book,), call.began)
            ]
    return Seen(answers, commits, tuple(wrong))


def _published(call: Call, exchange: bytes) -> bool:
    return call.name.startswith("rename") and exchange in call.said


def bench(folder: Path) -> None:
    """Look at two hundred saves, eight hand-ins, and the ledger's commits.

    Raises:
        RuntimeError: when something was acknowledged before it was synced.
    """
    from bench import kill_each

    heading("Synced before it is acknowledged, by the system calls")
    (folder / "host").mkdir()
    host = pages(folder / "host", VISITORS, SAVES)
    shared = f"{host.answers} acknowledged in {host.commits} commits, {len(host.wrong)} too early"
    line(f"saves of {VISITORS} cadres at once, and their hand-ins", shared, "0 too early")
    world = folder / "world"
    world.mkdir()
    kill_each.world(world)
    commands = (("collect",), ("grade", "--jobs", "1"), ("feedback",))
    book = ledger(world / "workspace", world / "course", folder, commands, MODUONG_NOW=kill_each.NOW)
    seen = f"{book.answers} lines, standings and pages after {book.commits} commits, {len(book.wrong)} too early"
    line("collect, grade, feedback", seen, "0 too early")
    if wrong := (*host.wrong, *book.wrong):
        raise RuntimeError("\n".join(wrong))
