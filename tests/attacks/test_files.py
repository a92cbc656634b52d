"""Attacks with files (docs/design.md §8.8, 31–36): links, races, archives, floods, names and forged times.

The rest of the batch stays exact.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course.answers import AnswersError
from grader.ground.database import attempts
from grader.ground.errors import ModuongError
from grader.intake import arrivals, collect, rules
from grader.intake import files as intake_files
from grader.intake.collect import Taken
from grader.intake.files import read_folder
from grader.intake.zip import read_zip
from tests.support import attackers
from tests.support.attackers import (
    CANARY,
    LINKS,
    by_person,
    document,
    drop,
    dumped,
    entry,
    notebook,
    plain_zip,
    raw_zip,
    scores,
)
from tests.support.people import ROOT, Instructor

BEFORE, HOSTILE, AFTER = "CB-000001", "CB-000666", "CB-999999"


def batch(instructor: Instructor) -> dict[str, Taken]:
    """Collect and grade; the honest hand-ins on both sides of the hostile one must be exact."""
    drop(instructor, BEFORE)
    drop(instructor, AFTER)
    taken = by_person(instructor.collects())
    instructor.grades("T01")
    found = scores(instructor)
    assert (found[BEFORE], found[AFTER]) == ("5.00", "5.00")
    return taken


def real_time(instructor: Instructor) -> list[Taken]:
    """Collect with the server's own clock."""
    inbound = instructor.workspace.inbound("thu")
    entries = collect.from_exchange(inbound, None, collect.seen(instructor.engine))
    return list(collect.collect(instructor.workspace, instructor.engine, entries, instructor.policy(), simulated=False))


@pytest.mark.parametrize("kind", LINKS)
def test_31_links_and_special_files_are_refused_and_their_content_is_nowhere(instructor: Instructor, kind: str) -> None:
    make, code = LINKS[kind]
    make(entry(instructor, HOSTILE), instructor)
    secret = attackers.secret(instructor)
    taken = batch(instructor)[HOSTILE]
    assert (taken.state, taken.code) == ("unreadable", code)
    assert scores(instructor)[HOSTILE] == ""
    assert attackers.places_with(instructor, CANARY.encode(), secret) == []
    assert attackers.places_with(instructor, b"root:x:0", secret) == []


def test_31_a_device_is_refused(instructor: Instructor) -> None:
    folder = entry(instructor, HOSTILE)
    try:
        os.mknod(folder / "answers.json", 0o20666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root makes devices")
    assert batch(instructor)[HOSTILE].code == "E-SUB-02"


@pytest.mark.parametrize("name", ["bai.zip", "bai.json"])
def test_31_in_a_dropped_folder_nothing_is_followed_and_nothing_hangs(
    instructor: Instructor, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "thu-den"
    folder.mkdir()
    (folder / f"1-{name}").symlink_to(attackers.secret(instructor))
    os.mkfifo(folder / f"2-{name}")
    (folder / "3").symlink_to(attackers.secret(instructor).parent)
    (folder / "4.json").write_bytes(b"{}")
    (folder / "5-answers.json").write_bytes(document("CB-000001"))
    taken = instructor.collects(source=folder)
    assert [(t.state, t.code) for t in taken] == [
        ("set_aside", "E-SUB-01"),
        ("set_aside", "E-SUB-02"),
        ("set_aside", "E-SUB-01"),
        ("set_aside", "E-SUB-07"),
        ("accepted", ""),
    ]


@pytest.mark.parametrize("what", ["file", "folder"])
def test_32_a_file_swapped_for_a_link_while_it_is_read(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    folder = drop(instructor, HOSTILE, {"sub/answers.json": document(HOSTILE)})
    victim = folder / "sub" if what == "folder" else folder / "sub" / "answers.json"
    secret = attackers.secret(instructor)
    real = os.open

    def swap(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if path == victim.name and not victim.is_symlink():
            victim.rename(folder.parent / "aside")
            victim.symlink_to(secret.parent if what == "folder" else secret)
        return real(path, flags, *rest, **options)

    with monkeypatch.context() as patched:
        patched.setattr(intake_files.os, "open", swap)
        with pytest.raises(AnswersError) as refused:
            read_folder(folder)
    assert victim.is_symlink()
    assert refused.value.code == "E-SUB-01"


def test_32_a_folder_swapped_all_the_time_never_leaks(instructor: Instructor, tmp_path: Path) -> None:
    folder = tmp_path / "bai"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "answers.json").write_bytes(b"honest")
    secret = attackers.secret(instructor)
    stop = threading.Event()

    def attack() -> None:
        while not stop.is_set():
            (folder / "sub").rename(tmp_path / "real")
            (folder / "sub").symlink_to(secret.parent)
            (folder / "sub").unlink()
            (tmp_path / "real").rename(folder / "sub")

    thread = threading.Thread(target=attack)
    thread.start()
    outcomes: Counter[str] = Counter()
    deadline = time.monotonic() + 10
    try:
        while time.monotonic() < deadline and not (outcomes["read"] > 50 and outcomes.total() - outcomes["read"] > 50):
            try:
                files = read_folder(folder).files
            except (AnswersError, OSError) as error:
                outcomes[getattr(error, "code", "gone")] += 1
                continue
            assert CANARY.encode() not in b"".join(files.values())
            outcomes["read"] += 1
    finally:
        stop.set()
        thread.join()
    assert len(outcomes) > 1  # the swap was really seen


def test_32_a_hand_in_that_changes_or_goes_while_it_is_read_waits_for_the_next_run(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = drop(instructor, HOSTILE)
    real = os.read

    def grow(handle: int, size: int) -> bytes:
        content = real(handle, size)
        with (folder / "answers.json").open("ab") as file:
            file.write(b" ")
        return content

    with monkeypatch.context() as patched:
        patched.setattr(intake_files.os, "read", grow)
        assert instructor.collects() == []
    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "read_folder", lambda _: (_ for _ in ()).throw(FileNotFoundError()))
        assert instructor.collects() == []
    assert batch(instructor)[HOSTILE].state == "accepted"


def test_32_what_nbgrader_is_still_copying_waits(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = drop(instructor, HOSTILE, {"answers.json": b'{"schema": 1, '}, stamp=None)
    assert real_time(instructor) == []
    (folder / "answers.json").write_bytes(document(HOSTILE))
    (folder / "timestamp.txt").write_text(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
    assert [t.state for t in real_time(instructor)] == ["accepted"]
    drop(instructor, BEFORE, stamp=None)
    monkeypatch.setattr(arrivals, "_QUIET", timedelta(0))
    assert [(t.person, t.state) for t in real_time(instructor)] == [(BEFORE, "accepted")]


ARCHIVES: dict[str, tuple[bytes, str]] = {
    "parent": (raw_zip([b"../../evil.json"], b"{}"), "E-SUB-03"),
    "parent-windows": (raw_zip([b"..\\evil.json"], b"{}"), "E-SUB-03"),
    "absolute": (raw_zip([b"/tmp/evil.json"], b"{}"), "E-SUB-03"),
    "drive": (raw_zip([b"C:/evil.json"], b"{}"), "E-SUB-03"),
    "deep": (raw_zip([b"a/" * 40 + b"x.json"], b"{}"), "E-SUB-03"),
    "link": (raw_zip([b"answers.json"], b"/etc/passwd", attributes=0o120777 << 16), "E-SUB-01"),
    "device": (raw_zip([b"answers.json"], b"", attributes=0o060666 << 16), "E-SUB-02"),
    "bomb": (
        raw_zip(
            [b"%d.json" % n for n in range(200)],
            attackers.deflated(20 << 20),
            20 << 20,
            crc=zlib.crc32(bytes(20 << 20)),
            method=8,
        ),
        "E-SUB-04",
    ),
    "bomb-one": (raw_zip([b"answers.json"], attackers.deflated(60 << 20), 60 << 20, method=8), "E-SUB-04"),
    "lying-size": (raw_zip([b"answers.json"], attackers.deflated(60 << 20), 10, method=8), "E-SUB-05"),
    "entries": (raw_zip([b"%d" % n for n in range(100_000)]), "E-SUB-04"),
    "twice": (raw_zip([b"answers.json", b"answers.json"], b"{}", crc=zlib.crc32(b"{}")), "E-SUB-04"),
    "broken-stream": (raw_zip([b"answers.json"], b"\xff" * 50, 50, method=8), "E-SUB-05"),
    "lzma": (raw_zip([b"answers.json"], b"\x09\x14\x05\x00\x5d\xff\xff\xff\xff" + bytes(9), 50, method=14), "E-SUB-05"),
    "wrong-crc": (raw_zip([b"answers.json"], b"{}", crc=1), "E-SUB-05"),
    "cut": (raw_zip([b"answers.json"], b"{}" * 500)[:700], "E-SUB-05"),
    "no-zip": (b"PK\x05\x06 not at all", "E-SUB-05"),
    "empty": (b"", "E-SUB-05"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_33_archives_that_leave_their_folder_or_explode(instructor: Instructor, tmp_path: Path, kind: str) -> None:
    raw, code = ARCHIVES[kind]
    (tmp_path / "bai.zip").write_bytes(raw)
    before = sorted(p.name for p in tmp_path.iterdir())
    found = measured(tmp_path / "bai.zip")
    assert found["code"] == code
    assert found["seconds"] < 2
    assert found["megabytes"] < 300
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert [(t.state, t.code) for t in instructor.collects(source=tmp_path / "bai.zip")] == [("set_aside", code)]


def test_33_a_million_entries_are_counted_before_they_are_read(tmp_path: Path) -> None:
    one = raw_zip([b"a"])
    record = one[31:-22]
    count = 1_000_000
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, count * len(record), 31, 0)
    (tmp_path / "bai.zip").write_bytes(one[:31] + record * count + end)
    found = measured(tmp_path / "bai.zip")
    assert found["code"] == "E-SUB-04"
    assert found["seconds"] < 2
    assert found["megabytes"] < 300


def test_33_a_tar_is_named_in_the_refusal(instructor: Instructor, tmp_path: Path) -> None:
    (tmp_path / "bai.tar").write_bytes(bytes(10240))
    taken = instructor.collects(source=tmp_path / "bai.tar")
    assert [(t.code, "bai.tar" in t.reason) for t in taken] == [("E-SUB-07", True)]


def test_33_odd_names_in_a_zip_become_neutral_and_stay_apart(instructor: Instructor, tmp_path: Path) -> None:
    odd = [
        "a\nb.txt",
        "\x1b[31mred.txt",
        "\u202egnp.txt",
        "x" * 240 + ".txt",
        "ấ" * 80 + ".txt",
        "CON.txt",
        "nul",
        "bai:b.txt",
        'đ|<>?*".txt',
        "  . ",
        "tiep-nhan.json",
    ]
    twins = ["e\u0301.txt", "é.txt", "Hoa.TXT", "hoa.txt", "lồng", "lồng/trong.txt", "lồng\x01/khac.txt"]
    files = {name: f"nội dung {n}".encode() for n, name in enumerate([*odd, *twins])}
    path = plain_zip(
        tmp_path / "bai.zip", {**files, "T01/answers.json": document(HOSTILE), "__MACOSX/._answers.json": b"\0\5\x16\7"}
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo("thu-muc/"), b"")
    taken = instructor.collects(source=path)
    assert [(t.state, t.person) for t in taken] == [("accepted", HOSTILE)]
    kept = instructor.workspace.attempt(HOSTILE, "T01", "1")
    contents = {p.relative_to(kept).as_posix(): p.read_bytes() for p in kept.rglob("*") if p.is_file()}
    assert set(files.values()) <= set(contents.values())
    assert json.loads(contents["tiep-nhan.json"])["state"] == "accepted"
    for name in contents:
        assert name.isprintable()
        assert all(len(part.encode()) <= 160 for part in name.split("/"))
        assert not any(part.endswith((" ", ".")) for part in name.split("/"))
        assert not set(name) & set('<>:"|?*\\')
    assert len({name.casefold() for name in contents}) == len(contents)


def test_33_odd_names_in_the_exchange(instructor: Instructor) -> None:
    folder = os.fsencode(drop(instructor, HOSTILE))
    for name in (
        b"\xff\xfe.txt",
        b"a\nb",
        b"\x1b]0;x\x07",
        "\u202e".encode() + b"txt",
        b"+" * 255,
        b"-rf",
        "đ".encode() * 127,
    ):
        with open(folder + b"/" + name, "wb") as file:
            file.write(b"x")
    assert batch(instructor)[HOSTILE].state == "accepted"
    assert len(list(instructor.workspace.attempt(HOSTILE, "T01", "1").iterdir())) == 7 + 3


ENTRIES = [
    b"\xff\xfe+T01+2026+x",
    b"CB-1\n2+T01+2026+x",
    b"CB-1\x1b[2J+T01+2026+x",
    "CB-1\u202e+T01+2026+x".encode(),
    b"a+b+c+T01+2026+x",
    b"+++",
    b"x" * 255,
    b"CB-000666%0A+T01+2026+x",
    b"..+T01+2026+x",
    b"....+T01+2026+x",
    b"-rf+T01+2026+x",
    b"CB-1+T99+2026+x",
    b"CB-1+..+2026+x",
    "ＣＢ-1+T01+2026+x".encode(),
    b"CB-" + b"9" * 200 + b"+T01+2026+x",
]


def test_33_names_of_entries_are_the_learners_too(instructor: Instructor) -> None:
    inbound = instructor.workspace.inbound("thu")
    for name in ENTRIES:
        os.mkdir(os.fsencode(inbound) + b"/" + name)
        with open(os.fsencode(inbound) + b"/" + name + b"/answers.json", "wb") as file:
            file.write(dumped({"schema": 1, "module": "T01", "answers": {}}))
    taken = [t for t in batch(instructor).values() if t.person not in {BEFORE, AFTER}]
    assert {t.state for t in taken} == {"set_aside"}
    with instructor.engine.connect() as connection:
        rows = connection.execute(sa.select(attempts)).all()
    assert len(rows) == len(ENTRIES) + 2
    for row in rows:
        assert all(str(value).isprintable() for value in row if value), row
    assert instructor.collects() == []


def test_33_entries_that_differ_in_an_unprintable_byte_only_are_two(instructor: Instructor) -> None:
    for byte in ("\x01", "\x02", "%01"):
        drop(
            instructor,
            HOSTILE,
            name=f"{HOSTILE}+T01+{byte}+x",
            files={"answers.json": document(HOSTILE, values={"T01-Q01": byte})},
        )
    assert len(instructor.collects()) == 3
    assert instructor.collects() == []


@pytest.fixture
def memory_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which twenty thousand files cost little."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else tmp_path) as name:
        yield Path(name)


@pytest.mark.parametrize("what", ["files", "folders", "deep"])
def test_34_floods_are_refused_at_once(memory_folder: Path, what: str) -> None:
    folder = memory_folder / "bai"
    folder.mkdir()
    for n in range(20_000 if what != "deep" else 0):
        (os.close(os.open(folder / str(n), os.O_CREAT)) if what == "files" else (folder / str(n)).mkdir())
    if what == "deep":
        folder.joinpath(*["d"] * 30).mkdir(parents=True)
    found = measured(folder)
    assert found["code"] == ("E-SUB-03" if what == "deep" else "E-SUB-04")
    assert found["seconds"] < 2


def test_34_a_tree_of_empty_folders_ends(tmp_path: Path) -> None:
    for n in range(40):
        for m in range(40):
            (tmp_path / "bai" / str(n) / str(m)).mkdir(parents=True)
    with pytest.raises(AnswersError) as refused:
        read_folder(tmp_path / "bai")
    assert refused.value.code == "E-SUB-04"


def measured(path: Path) -> dict[str, Any]:
    """Read a hand-in in a process of its own: the code of refusal, seconds, and megabytes at the highest."""
    code = r"""
import json, re, sys, time
from datetime import datetime, UTC
from pathlib import Path
from grader.intake import arrivals, answers_in as intake
from course.answers import AnswersError
path = Path(sys.argv[1])
begin = time.process_time()
hand_in = arrivals._read("s", path, datetime.now(UTC), intake.HandIn("s", datetime.now(UTC)), path.is_dir())
try:
    if hand_in.refusal: raise hand_in.refusal
    intake.find_answers(hand_in.files)
    found = ""
except AnswersError as error:
    found = error.code
spent = time.process_time() - begin
highest = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
print(json.dumps({"code": found, "seconds": spent, "megabytes": int(highest[1]) / 1024}))
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _of_size(size: int, fill: bytes) -> bytes:
    head = b'{"nbformat":4,"metadata":{"moduong":{"answers":{"schema":1,"module":"T01","answers":{}}}},"cells":['
    return head + (fill * (size // len(fill))).rstrip(b",") + b"]}"


HEAVY: dict[str, tuple[Callable[[], dict[str, bytes]], str]] = {
    "100-mb": (lambda: {"T01.ipynb": bytes(100 << 20)}, "E-SUB-04"),
    "20-mb-lists": (lambda: {"T01.ipynb": _of_size((20 << 20) - 200, b"[],")}, "E-SUB-04"),
    "20-mb-dicts": (lambda: {"T01.ipynb": _of_size((20 << 20) - 200, b'{"a":{}},')}, "E-SUB-04"),
    "under-the-limit": (lambda: {"T01.ipynb": _of_size(2_900_000, b'{"a":{}},')}, ""),
    "20-mb-emoji": (
        lambda: {"T01.ipynb": _of_size((20 << 20) - 200, b'"' + "😀".encode() + b"x" * 100_000 + b'",')},
        "",
    ),
    "5-times-20-mb": (
        lambda: {
            f"{n}.ipynb": _of_size((20 << 20) - 1000, b'"' + "😀".encode() + b"x" * 100_000 + b'",') for n in range(5)
        },
        "",
    ),
    "20-mb-answer": (
        lambda: {
            "T01.ipynb": dumped(
                {
                    "nbformat": 4,
                    "cells": [],
                    "metadata": {
                        "moduong": {"answers": json.loads(document("C", values={"T01-Q01": "x" * 20_000_000}))}
                    },
                }
            )
        },
        "E-SUB-04",
    ),
    "nested-20-mb": (lambda: {"T01.ipynb": _of_size(900_000, b"[")}, "E-SUB-05"),
    "million-digits": (lambda: {"answers.json": b'{"schema": ' + b"1" * 1_000_000 + b"}"}, "E-SUB-05"),
    "sparse": (dict, "E-SUB-04"),
}


@pytest.mark.parametrize("kind", HEAVY)
def test_37_heavy_files_cost_little(tmp_path: Path, kind: str) -> None:
    files, code = HEAVY[kind]
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    if kind == "sparse":
        with (tmp_path / "answers.json").open("wb") as file:
            file.truncate(1 << 40)
    found = measured(tmp_path)
    assert found["code"] == code
    assert found["seconds"] < 2
    assert found["megabytes"] < (400 if len(files()) > 1 else 300)


NAMED = {
    "NFD": unicodedata.normalize("NFD", "bài tập T01.ipynb"),
    "upper": "T01.IPYNB",
    "copy": "T01 (1).ipynb",
    "copy-windows": "T01 - Bản sao.ipynb",
    "trailing-space": "T01.ipynb ",
    "reserved": "CON.ipynb",
    "mail": "T01.ipynb.txt",
    "hidden-dot": "T01.ipynb.",
}


@pytest.mark.parametrize("kind", NAMED)
def test_35_a_notebook_of_any_name_is_found(instructor: Instructor, kind: str) -> None:
    drop(instructor, HOSTILE, {NAMED[kind]: dumped(notebook(instructor, HOSTILE))})
    assert batch(instructor)[HOSTILE].state == "accepted"
    assert scores(instructor)[HOSTILE] == "5.00"


@pytest.mark.parametrize(
    "name",
    [
        "answers (1).json",
        "ANSWERS.JSON",
        "answers - Copy.json",
        "answers.json ",
        "answers.json.txt",
        "Bản sao answers.json",
        "bai-lam.json",
    ],
)
def test_35_answers_of_any_name_are_found(instructor: Instructor, name: str) -> None:
    drop(instructor, HOSTILE, {name: document(HOSTILE), "items.json": b'{"schema": 1, "module": "T01", "items": []}'})
    assert batch(instructor)[HOSTILE].state == "accepted"
    assert scores(instructor)[HOSTILE] == "5.00"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("T01.ipnyb", "T01.ipynb"),
        ("t01_ipynb", "T01.ipynb"),
        ("answers.jsn", "answers.json"),
        ("answer.docx", ""),
        ("T01.pdf", "T01.pdf"),
    ],
)
def test_35_what_is_not_recognised_is_named_with_a_suggestion(instructor: Instructor, name: str, meant: str) -> None:
    drop(instructor, HOSTILE, {name: document(HOSTILE)})
    taken = batch(instructor)[HOSTILE]
    assert (taken.state, taken.code) == ("unreadable", "E-SUB-07")
    assert name in taken.reason
    assert meant in taken.reason


def test_35_copies_are_merged_and_the_newest_answer_of_each_question_counts(instructor: Instructor) -> None:
    old = attackers.answer_set(HOSTILE, values={"T01-Q01": "A", "T01-Q02": {"a": "91,25", "b": "9"}}, seq=10).to_json()
    new = attackers.answer_set(HOSTILE, values={"T01-Q01": "B"}, seq=20).to_json()
    drop(instructor, HOSTILE, {"answers.json": dumped(old), "answers (1).json": dumped(new)})
    batch(instructor)
    assert scores(instructor)[HOSTILE] == "5.00"


def test_35_a_broken_file_beside_a_good_one_is_said(instructor: Instructor) -> None:
    drop(instructor, HOSTILE, {"answers.json": b"{", "T01.ipynb": dumped(notebook(instructor, HOSTILE))})
    taken = batch(instructor)[HOSTILE]
    assert taken.state == "accepted"
    assert "«answers.json»" in taken.reason
    assert scores(instructor)[HOSTILE] == "5.00"


FORGED = {
    "backdated": "2020-01-01 00:00:00.000000 UTC",
    "future": "2099-01-01 00:00:00.000000 UTC",
    "garbage": "hôm qua",
    "impossible": "2026-02-31 25:00:00.000000 UTC",
    "empty": "",
    "markup": "<script>alert(1)</script>",
    "long": "9" * 100_000,
}


@pytest.mark.parametrize("kind", FORGED)
def test_36_a_forged_time_is_flagged_and_the_time_of_receipt_counts(instructor: Instructor, kind: str) -> None:
    begin = datetime.now(UTC).replace(microsecond=0)
    now = f"{begin:%Y-%m-%d %H:%M:%S.%f} UTC"
    drop(instructor, HOSTILE, name=f"{HOSTILE}+T01+{now}+x", stamp=FORGED[kind])
    drop(instructor, BEFORE, name=f"{BEFORE}+T01+{now}+x", stamp=now)
    drop(instructor, AFTER, name=f"{AFTER}+T01+{FORGED['backdated']}+x", stamp=None)
    (entry(instructor, AFTER, name=f"{AFTER}+T01+{FORGED['backdated']}+x", stamp=now))
    taken = by_person(real_time(instructor))
    assert [(p, t.state, t.code) for p, t in sorted(taken.items())] == [
        (BEFORE, "accepted", ""),
        (HOSTILE, "accepted", "E-SUB-11"),
        (AFTER, "accepted", "E-SUB-11"),
    ]
    for row in instructor.ledger():
        assert begin <= datetime.fromisoformat(row["submitted_at"]) <= datetime.now(UTC)
    instructor.grades("T01")
    assert set(scores(instructor).values()) == {"5.00"}


def test_36_a_mailed_hand_in_may_be_old_but_not_from_the_future(instructor: Instructor, tmp_path: Path) -> None:
    mail = tmp_path / "thu-den"
    mail.mkdir()
    for name, person, stamp in (("a.zip", BEFORE, FORGED["backdated"]), ("b.zip", AFTER, FORGED["future"])):
        plain_zip(mail / name, {"answers.json": document(person), "timestamp.txt": stamp.encode()})
    now = datetime.now(UTC)
    taken = list(
        collect.collect(
            instructor.workspace, instructor.engine, collect.from_path(mail, now), instructor.policy(), simulated=False
        )
    )
    assert [(t.person, t.code) for t in taken] == [(BEFORE, ""), (AFTER, "E-SUB-11")]
    with instructor.engine.connect() as connection:
        rows = connection.execute(
            sa.select(attempts.c.claimed_at, attempts.c.submitted_at).order_by(attempts.c.person_id)
        ).all()
    assert [r.claimed_at for r in rows] == [FORGED["backdated"], FORGED["future"]]
    assert {r.submitted_at for r in rows} == {now.isoformat(timespec="seconds")}


def test_36_a_file_exchanged_after_the_deadline_makes_the_hand_in_late(instructor: Instructor) -> None:
    folder = drop(instructor, HOSTILE)
    entry_changed = folder.stat().st_ctime
    while (folder / "answers.json").stat().st_ctime <= entry_changed:
        (folder / "answers.json").write_bytes(document(HOSTILE))
    hand_in = next(iter(collect.from_exchange(folder.parent, None, frozenset())))
    assert hand_in.received_at.timestamp() == pytest.approx((folder / "answers.json").stat().st_ctime, abs=1e-5)


def test_evidence_of_an_earlier_ledger_is_never_overwritten(instructor: Instructor) -> None:
    """The gradebook was put back from a backup: number 1 is given again, the first files stay."""
    old = instructor.workspace.attempt(HOSTILE, "T01", "1")
    old.mkdir(parents=True)
    (old / "answers.json").write_bytes(b"of an earlier life")
    (old / "tiep-nhan.json").write_text('{"source": "exchange/another"}', encoding="utf-8")
    drop(instructor, HOSTILE)
    assert batch(instructor)[HOSTILE].state == "accepted"
    assert (old.with_name("1.cu-1") / "answers.json").read_bytes() == b"of an earlier life"


def test_what_a_killed_run_left_is_replaced(instructor: Instructor) -> None:
    drop(instructor, HOSTILE)
    folder = instructor.workspace.attempt(HOSTILE, "T01", "1")
    for left in (
        folder,
        folder.with_name(".1.new"),
        instructor.workspace.submitted(HOSTILE, "T01").with_name(".T01.new"),
    ):
        left.mkdir(parents=True)
        (left / "half.json").write_bytes(b"{")
    (folder / "tiep-nhan.json").write_text(
        json.dumps({"source": f"exchange/{HOSTILE}+T01+{attackers.STAMP}+x"}), encoding="utf-8"
    )
    assert batch(instructor)[HOSTILE].state == "accepted"
    assert [p.name for p in folder.parent.iterdir()] == ["1"]
    assert not (folder / "half.json").exists()


def test_a_workspace_that_cannot_be_written_is_said_and_nothing_is_lost(instructor: Instructor) -> None:
    drop(instructor, HOSTILE)
    (instructor.workspace.root / "attempts").write_bytes(b"a file where the folder should be")
    with pytest.raises(ModuongError) as refused:
        instructor.collects()
    assert refused.value.code == "E-WS-2"
    (instructor.workspace.root / "attempts").unlink()
    assert batch(instructor)[HOSTILE].state == "accepted"


def test_a_fault_of_ours_stops_one_hand_in_only(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(instructor, HOSTILE)
    real = rules.judge

    def broken(connection: Any, person: str, *rest: Any) -> Any:
        if person == HOSTILE:
            raise KeyError(person)
        return real(connection, person, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(rules, "judge", broken)
        taken = batch(instructor)[HOSTILE]
    assert (taken.state, taken.code) == ("failed", "E-SUB-14")
    assert HOSTILE not in scores(instructor)
    assert [t.state for t in instructor.collects()] == ["accepted"]


def test_read_zip_of_a_link_is_a_refusal(tmp_path: Path) -> None:
    plain_zip(tmp_path / "real.zip", {"answers.json": b"{}"})
    (tmp_path / "bai.zip").symlink_to(tmp_path / "real.zip")
    with pytest.raises(AnswersError) as refused:
        read_zip(tmp_path / "bai.zip")
    assert refused.value.code == "E-SUB-01"
