"""Where nothing can be written every command says so in a sentence, and goes on where it stopped once there is room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from bench import kill_each
from bench.forked import forge
from bench.kill_each import ALL, Rounds

OF_WRITING = {"E-WS-1", "E-WS-2", "E-DB-3", "E-BAK-1", "E-BAK-3", "E-REL-2", "E-FB-1", "E-ID-4"}
"""Codes that say that something could not be written; each names the place and what to do (docs/errors.md)."""
DRIVERS = {"grade --watch"}
"""Says it once a round and goes on: its disk may have room again."""


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    with forge() as forged:
        yield Rounds(forged, tmp_path_factory.mktemp("day"))


@pytest.mark.parametrize("name", sorted(ALL.keys() - DRIVERS))
def test_a_full_disk_is_a_sentence(rounds: Rounds, name: str) -> None:
    command = ALL[name]
    place = rounds.fresh(command, "full")
    done = rounds.do(place, command.words, most=0)
    assert "Traceback" not in done.said, done.said
    wrote = kill_each.difference(kill_each.content(place), kill_each.content(rounds.start_of(command)))
    if done.code:
        assert done.code == 2, done.said
        assert {line.split(":")[0] for line in done.said.splitlines()} & OF_WRITING, done.said
    else:  # it had nothing to write
        assert [one for one in wrote if command.harm is None] == []
    shutil.rmtree(place)


def test_a_report_names_the_place(rounds: Rounds) -> None:
    place = rounds.fresh(ALL["report"], "report")
    done = rounds.do(place, ALL["report"].words, most=0)
    assert done.said.startswith("E-WS-2: "), done.said
    assert str(place / "workspace") in done.said
