"""Killed at any moment, acknowledged only when it is on the disk: the small version of two long proofs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import kill_each, synced
from bench.forked import Forge, forge
from bench.synced import Call


def test_every_command_is_killed_by_the_proof_or_writes_nothing() -> None:
    from typer.main import get_command

    from grader.cli import app

    def names(command: object, path: tuple[str, ...] = ()) -> set[str]:
        inner = getattr(command, "commands", None)
        if not inner:
            return {" ".join(path)}
        own = {" ".join(path)} if path and getattr(command, "invoke_without_command", False) else set()
        return own.union(*(names(one, (*path, name)) for name, one in inner.items()))

    killed = {
        " ".join(word for word in one.words.split() if not word.startswith("-")) for one in kill_each.ALL.values()
    }
    told = {name for name in names(get_command(app)) if not any(f"{one} ".startswith(f"{name} ") for one in killed)}
    assert told == {*kill_each.READS_ONLY, *kill_each.ELSEWHERE}


@pytest.fixture(scope="module")
def forged() -> Iterator[Forge]:
    with forge() as one:
        yield one


def test_some_commands_killed_and_run_again_end_as_if_nobody_had_disturbed_them(forged: Forge, tmp_path: Path) -> None:
    problems, kills, late = kill_each.run(forged, tmp_path, 18, 5, ("collect", "ledger void", "backup"))
    assert problems == []
    assert (kills + late, kills > 0) == (18, True)


def test_what_is_acknowledged_was_synced_before(tmp_path: Path) -> None:
    if not synced.available():
        pytest.skip("strace is missing, or may not look at system calls here")
    (tmp_path / "host").mkdir()
    host = synced.pages(tmp_path / "host", 2, 3)
    assert (host.answers, host.wrong) == (8, ())
    assert host.commits >= 4
    world = tmp_path / "world"
    world.mkdir()
    kill_each.world(world)
    book = synced.ledger(world / "workspace", world / "course", tmp_path, [("collect",)], MODUONG_NOW=kill_each.NOW)
    assert book.wrong == ()
    assert book.commits >= 2 * kill_each.PEOPLE
    assert book.answers > kill_each.PEOPLE


def call(line: int, name: str, path: str, said: bytes = b"") -> Call:
    return Call(line, line, name, f"7 {path}", said)


COMMIT = [
    call(1, "pwrite64", "/h.db", b"MARK"),
    call(2, "fdatasync", "/h.db"),
    call(3, "ftruncate", "/h.db-journal"),
    call(4, "fdatasync", "/h.db-journal"),
]


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_a_save_that_lacks_a_step_of_its_commit_is_found(missing: int) -> None:
    answer = call(9, "sendto", "socket")
    assert synced.chained(COMMIT, "/h.db", b"MARK", answer)
    assert not synced.chained(COMMIT[:missing] + COMMIT[missing + 1 :], "/h.db", b"MARK", answer)
    assert not synced.chained(COMMIT, "/h.db", b"MARK", call(4, "sendto", "socket"))


def test_what_is_written_and_not_synced_is_found() -> None:
    assert synced.unsynced(COMMIT, ("/h.db",), 9) == []
    assert synced.unsynced(COMMIT[:1], ("/h.db",), 9) == ["/h.db"]
    assert synced.unsynced([*COMMIT, call(5, "write", "/h.db-journal")], ("/h.db",), 9) == ["/h.db-journal"]


def test_a_forked_command_is_killed_like_any_process(forged: Forge, tmp_path: Path) -> None:
    assert forged.run(["--version"]).said.startswith("moduong ")
    assert forged.run(["roster", "sample", tmp_path / "list"], kill=0.0).killed
    assert forged.run(["no-such-command"]).code == 2
