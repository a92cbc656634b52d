"""The answer store: "saved" means on disk, newer wins, and no shape of answers.json breaks it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from course.answers import ANSWERS, LARGEST_FILE, Answer, AnswersError, AnswerSet, AnswerStore, parse


def store(folder: Path, attempt: int = 1) -> AnswerStore:
    return AnswerStore(folder, AnswerSet("M02", {}, "truyen-thong-so", "0" * 16, "CB-000123", attempt))


def test_what_is_acknowledged_is_on_disk(tmp_path: Path) -> None:
    answer = store(tmp_path).put("M02-Q04", "B", 1, 7)
    on_disk = parse((tmp_path / ANSWERS).read_bytes())
    assert on_disk.answers["M02-Q04"] == answer
    assert (answer.value, answer.variant, answer.seq) == ("B", 1, 7)
    assert (on_disk.person, on_disk.module, on_disk.attempt) == ("CB-000123", "M02", 1)


def test_an_older_answer_never_overwrites_a_newer_one(tmp_path: Path) -> None:
    store(tmp_path).put("M02-Q04", "mới", 0, 9)
    assert store(tmp_path).put("M02-Q04", "cũ", 0, 8).value == "mới"
    assert store(tmp_path).put("M02-Q04", "cùng số", 0, 9).value == "mới"
    assert parse((tmp_path / ANSWERS).read_bytes()).answers["M02-Q04"].value == "mới"


def test_answers_of_other_questions_stay(tmp_path: Path) -> None:
    store(tmp_path).put("M02-Q01", "A", 0, 1)
    store(tmp_path).put("M02-Q02", {"1": "b"}, 0, 1)
    assert {i: a.value for i, a in store(tmp_path).read().answers.items()} == {"M02-Q01": "A", "M02-Q02": {"1": "b"}}


WRONG: list[bytes] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"42",
    b"\xff\xfe\x00",
    b'{"schema": 2, "module": "M02", "answers": {}}',
    b'{"schema": true, "module": "M02", "answers": {}}',
    b'{"schema": 1, "answers": {}}',
    b'{"schema": 1, "module": 7, "answers": {}}',
    b'{"schema": 1, "module": "M01", "answers": {}}',
    b'{"schema": 1, "module": "M02"}',
    b'{"schema": 1, "module": "M02", "answers": []}',
    b'{"schema": 1, "module": "M02", "answers": {"M02-Q01": "B"}}',
    b'{"schema": 1, "module": "M02", "answers": {"M02-Q01": {}}}',
    b'{"schema": 1, "module": "M02", "attempt": 0, "answers": {}}',
    b'{"schema": 1, "module": "M02", "attempt": "2", "answers": {}}',
    b'{"schema": 1, "module": "M02", "person": [], "answers": {}}',
    b'{"schema": 1, "schema": 1, "module": "M02", "answers": {}}',
    b'{"schema": 1, "module": "M02", "answers": {"a": {"value": NaN}}}',
    b'{"schema": 1, "module": "M02", "answers": {"a": {"value": "\\ud800"}}}',
    b'{"schema": 1, "module": "M02", "answers": {"a": {"value": ' + b"[" * 60 + b"]" * 60 + b"}}}",
    b"[" * 100_000,
    b" " * (LARGEST_FILE + 1),
]


@pytest.mark.parametrize("content", WRONG, ids=range(len(WRONG)))
def test_a_file_that_cannot_be_used_is_put_aside_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ANSWERS).write_bytes(content)
    assert store(tmp_path).begin(lambda _i, _v: True).answers == {}
    store(tmp_path).put("M02-Q01", "A", 0, 1)
    assert store(tmp_path).read().answers["M02-Q01"].value == "A"
    aside = list(tmp_path.glob("answers-khong-doc-duoc-*.json"))
    assert [path.read_bytes() for path in aside] == [content]


def test_a_folder_in_the_file_s_place_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / ANSWERS).mkdir()
    store(tmp_path).put("M02-Q01", "A", 0, 1)
    assert store(tmp_path).read().answers["M02-Q01"].value == "A"


def test_wrong_shapes_of_single_answers_are_kept_as_they_are(tmp_path: Path) -> None:
    odd: dict[str, Any] = {
        "a": {"value": 7},
        "b": {"value": None},
        "c": {"value": ["A", 3]},
        "d": {"value": "x", "seq": "9", "variant": "eins"},
    }
    (tmp_path / ANSWERS).write_text(json.dumps({"schema": 1, "module": "M02", "answers": odd}), encoding="utf-8")
    store(tmp_path).put("e", "A", 0, 1)
    kept = store(tmp_path).read().answers
    assert [kept[i].value for i in "abc"] == [7, None, ["A", 3]]
    assert kept["d"].seq == 0


def test_a_new_attempt_keeps_only_answers_to_what_is_drawn_now(tmp_path: Path) -> None:
    store(tmp_path).put("M02-Q01", "A", 0, 1)
    store(tmp_path).put("M02-Q02", "B", 1, 2)
    again = store(tmp_path, attempt=2).begin(lambda _item, variant: variant == 0)
    assert again.attempt == 2
    assert list(again.answers) == ["M02-Q01"]
    assert parse((tmp_path / ANSWERS).read_bytes()) == again
    assert store(tmp_path, attempt=2).begin(lambda _item, _variant: False).answers == again.answers, (
        "only the first opening turns the page"
    )


def test_the_name_that_the_cadre_gave_later_is_taken_over(tmp_path: Path) -> None:
    AnswerStore(tmp_path, AnswerSet("M02", {}, person="root")).put("M02-Q01", "A", 1, 1)
    named = store(tmp_path).begin(lambda _i, _v: False)
    assert (named.person, named.answers["M02-Q01"].value) == ("CB-000123", "A")


def test_a_file_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    store(tmp_path).put("M02-Q01", "A", 0, 1)
    with pytest.raises(AnswersError):
        store(tmp_path).put("M02-Q02", "x" * LARGEST_FILE, 0, 1)
    assert store(tmp_path).read().answers == {"M02-Q01": store(tmp_path).read().answers["M02-Q01"]}


def test_a_vanished_folder_is_an_error_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    gone = tmp_path / "M02"
    gone.mkdir()
    kept = store(gone)
    gone.rmdir()
    with pytest.raises(OSError, match="No such file"):
        kept.put("M02-Q01", "A", 0, 1)


def _writer(folder: str, name: str, acknowledged: str) -> None:
    kept = store(Path(folder))
    with Path(acknowledged).open("a", encoding="utf-8") as file:
        for seq in range(1, 100_000):
            answer: Answer = kept.put(name, f"{name}-{seq}", 0, seq)
            file.write(f"{answer.seq}\n")
            file.flush()


def test_writers_killed_at_any_moment_lose_nothing_acknowledged(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for round_ in range(4):
        folder = tmp_path / str(round_)
        folder.mkdir()
        names = ("M02-Q01", "M02-Q02")
        writers = [context.Process(target=_writer, args=(str(folder), n, str(folder / f"{n}.log"))) for n in names]
        for writer in writers:
            writer.start()
        while not all((folder / f"{n}.log").exists() and (folder / f"{n}.log").stat().st_size for n in names):
            time.sleep(0.01)
        time.sleep(0.05 * round_)
        for writer in writers:
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
        on_disk = parse((folder / ANSWERS).read_bytes()).answers
        for name in names:
            lines = (folder / f"{name}.log").read_text(encoding="utf-8").splitlines()
            assert on_disk[name].seq >= int(lines[-1])
