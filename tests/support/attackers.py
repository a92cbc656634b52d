"""The attackers of the tests.

Hand-ins put into the exchange by hand, one hostile kind each, and what must come of them.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from bench.damage import damages
from course.answers import Answer, AnswerSet, embed
from grader.intake.collect import Taken
from tests.support.people import RIGHT, Instructor

CANARY = "CANARY-7f3a91"
STAMP = "2026-03-02 08:00:00.000000 UTC"
Maker = Callable[[Path, Instructor], object]


def answer_set(person: str, module: str = "T01", values: Mapping[str, Any] | None = None, seq: int = 1) -> AnswerSet:
    chosen = RIGHT[module] if values is None else values
    return AnswerSet(module, {i: Answer(v, 0, seq + n) for n, (i, v) in enumerate(chosen.items())}, "thu", "", person)


def dumped(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")


def document(person: str, module: str = "T01", values: Mapping[str, Any] | None = None, **fields: Any) -> bytes:
    """Return an ``answers.json``, with ``fields`` put over it."""
    return dumped({**answer_set(person, module, values).to_json(), **fields})


def notebook(
    instructor: Instructor, person: str, module: str = "T01", values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the released notebook with answers in it, as the page hands it in."""
    master = json.loads((instructor.workspace.release(module) / f"{module}.ipynb").read_bytes())
    return deepcopy(embed(master, answer_set(person, module, values)))


def entry(instructor: Instructor, person: str, module: str = "T01", name: str = "", stamp: str | None = STAMP) -> Path:
    """Return a new inbound entry, as nbgrader makes it; ``stamp=None`` leaves out ``timestamp.txt``."""
    folder = instructor.workspace.inbound(instructor.rules.course.id) / (name or f"{person}+{module}+{STAMP}+x")
    folder.mkdir(parents=True, exist_ok=True)
    if stamp is not None:
        (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    return folder


def drop(
    instructor: Instructor, person: str, files: Mapping[str, bytes] | None = None, module: str = "T01", **options: Any
) -> Path:
    """Put a hand-in into the exchange: ``files``, or an honest ``answers.json`` that earns every point."""
    folder = entry(instructor, person, module, **options)
    for name, content in ({"answers.json": document(person, module)} if files is None else files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def by_person(taken: list[Taken]) -> dict[str, Taken]:
    """Return what became of each entry by the person that its name gives."""
    return {t.source.removeprefix("exchange/").split("+")[0]: t for t in taken}


def scores(instructor: Instructor) -> dict[str, str]:
    return {row["person_id"]: row["score"] for row in instructor.ledger()}


def places_with(instructor: Instructor, needle: bytes, skip: Path) -> list[Path]:
    """Return the regular files of the workspace, gradebook included, that hold ``needle``; links are not followed."""
    found = []
    for folder, _, names in os.walk(instructor.workspace.root):
        for path in (Path(folder) / n for n in names):
            if (
                not path.is_symlink()
                and path.is_file()
                and path != skip
                and not path.is_relative_to(instructor.workspace.exchange)
            ):
                found += [path] if needle in path.read_bytes() else []
    return found


def secret(instructor: Instructor) -> Path:
    """Write a private file that would earn every point if it were taken for a hand-in."""
    folder = instructor.workspace.root / "bi-mat"
    folder.mkdir(exist_ok=True)
    path = folder / "answers.json"
    path.write_bytes(document("CB-000001", course=CANARY))
    path.chmod(0o600)
    return path


def _link(name: str, target: Callable[[Path, Instructor], str | Path]) -> Maker:
    def make(folder: Path, instructor: Instructor) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target(folder, instructor))

    return make


def _entry_itself(make: Callable[[Path, Instructor], object]) -> Maker:
    """Replace the entry by something that is no folder."""

    def replaced(folder: Path, instructor: Instructor) -> None:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        make(folder, instructor)

    return replaced


def _socket(folder: Path, _: Instructor) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("answers.json")
    os.chdir(here)


LINKS: dict[str, tuple[Maker, str]] = {
    "notebook-to-key": (_link("T01.ipynb", lambda _, i: i.workspace.key("T01")), "E-SUB-01"),
    "answers-absolute": (_link("answers.json", lambda _, i: secret(i)), "E-SUB-01"),
    "answers-relative": (_link("answers.json", lambda f, i: os.path.relpath(secret(i), f)), "E-SUB-01"),
    "data-to-passwd": (_link("data.txt", lambda *_: "/etc/passwd"), "E-SUB-01"),
    "folder": (_link("T01", lambda _, i: secret(i).parent), "E-SUB-01"),
    "folder-deep": (_link("a/b/c", lambda _, i: secret(i).parent), "E-SUB-01"),
    "loop": (_link("answers.json", lambda f, _: f / "answers.json"), "E-SUB-01"),
    "to-own-parent": (_link("a/b", lambda f, _: f), "E-SUB-01"),
    "dangling": (_link("answers.json", lambda *_: "/nowhere/at/all"), "E-SUB-01"),
    "to-zero": (_link("answers.json", lambda *_: "/dev/zero"), "E-SUB-01"),
    "entry-to-folder": (_entry_itself(lambda f, i: f.symlink_to(secret(i).parent)), "E-SUB-01"),
    "entry-to-file": (_entry_itself(lambda f, i: f.symlink_to(secret(i))), "E-SUB-01"),
    "hard-link": (lambda f, i: os.link(secret(i), f / "answers.json"), "E-SUB-02"),
    "fifo": (lambda f, _: os.mkfifo(f / "answers.json"), "E-SUB-02"),
    "entry-is-fifo": (_entry_itself(lambda f, _: os.mkfifo(f)), "E-SUB-02"),
    "socket": (_socket, "E-SUB-02"),
}


def deflated(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(size)) + packer.flush()


def raw_zip(
    names: list[bytes], content: bytes = b"", size: int = 0, *, crc: int = 0, attributes: int = 0, method: int = 0
) -> bytes:
    """Write a ZIP by hand: every entry holds the same bytes, which are written once for each."""
    body, directory = [], []
    at = 0
    for name in names:
        fields = (20, 0, method, 0, 0, crc, len(content), size or len(content), len(name))
        local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields, 0) + name + content
        directory.append(
            b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 0x0314, *fields, 0, 0, 0, 0, attributes, at) + name
        )
        body.append(local)
        at += len(local)
    listed = b"".join(directory)
    count = min(len(names), 0xFFFF)
    return b"".join(body) + listed + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), at, 0)


def plain_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _nested(depth: int) -> bytes:
    return b'{"schema":1,"module":"T01","answers":{"T01-Q01":{"value":' + b"[" * depth + b"]" * depth + b"}}}"


def broken_notebooks(instructor: Instructor, person: str) -> dict[str, tuple[bytes, str]]:
    """Return notebooks that nobody can read, with the code of refusal (test 37)."""
    good = notebook(instructor, person)
    raw = dumped(good)
    cell = good["cells"][0]
    return {
        "truncated": (raw[: len(raw) // 2], "E-SUB-05"),
        "empty": (b"", "E-SUB-05"),
        "list": (b"[]", "E-SUB-06"),
        "scalar": (b"7", "E-SUB-06"),
        "null": (b"null", "E-SUB-06"),
        "no-cells": (dumped({k: v for k, v in good.items() if k != "cells"}), "E-SUB-06"),
        "cells-no-list": (dumped({**good, "cells": {"0": cell}}), "E-SUB-06"),
        **{f"nbformat-{v}": (dumped({**good, "nbformat": v}), "E-SUB-06") for v in (2, 3, 5, "x", None, [4], True)},
        "utf-16": (raw.decode().encode("utf-16"), "E-SUB-05"),
        "bad-utf-8": (raw.replace(b"T01-Q01", b"T01-\xff\xfe", 1), "E-SUB-05"),
        "lone-surrogate": (raw.replace(b'"B"', b'"\\ud800"', 1), "E-SUB-08"),
        "nul": (b"\0" + raw, "E-SUB-05"),
        "nan": (raw.replace(b'"B"', b"NaN", 1), "E-SUB-05"),
        "infinite": (raw.replace(b'"B"', b"1e400", 1), "E-SUB-05"),
        "65-bit": (raw.replace(b'"B"', b"18446744073709551616", 1), "E-SUB-05"),
        "million-digits": (raw.replace(b'"B"', b"9" * 1_000_000, 1), "E-SUB-05"),
        "nested-100k": (raw.replace(b'"B"', b"[" * 100_000 + b"]" * 100_000, 1), "E-SUB-05"),
        "nested-40": (raw.replace(b'"B"', b"[" * 40 + b"]" * 40, 1), "E-SUB-08"),
        "duplicate-key": (raw.replace(b'"nbformat":', b'"nbformat": 4, "nbformat":', 1), "E-SUB-10"),
        "no-answers-inside": (dumped({**good, "metadata": {}}), "E-SUB-07"),
        "metadata-list": (dumped({**good, "metadata": []}), "E-SUB-07"),
        "answers-a-list": (dumped({**good, "metadata": {"moduong": {"answers": []}}}), "E-SUB-08"),
    }


def broken_answers(person: str) -> dict[str, tuple[bytes, str]]:
    """Return ``answers.json`` files that cannot be taken, with the code of refusal (test 43)."""
    raw = document(person)
    cases: dict[str, tuple[bytes, str]] = {
        f"{name}-{type(bad).__name__}-{bad!r:.8}": (dumped({**answer_set(person).to_json(), name: bad}), "E-SUB-08")
        for name, wrong in {
            "schema": (2, "1", None, True, [1]),
            "module": (1, "", None, ["T01"]),
            "answers": ([], None, "x", 5),
            "person": (1, None, ["CB"]),
            "course": (1,),
            "attempt": (0, -1, True, 1.5, "1", None),
        }.items()
        for bad in wrong
    }
    cases |= {
        "entry-no-dict": (document(person, answers={"T01-Q01": "B"}), "E-SUB-08"),
        "entry-no-value": (document(person, answers={"T01-Q01": {"variant": 0}}), "E-SUB-08"),
        "top-list": (b"[]", "E-SUB-08"),
        "missing-all": (b"{}", "E-SUB-08"),
        "surrogate-id": (
            json.dumps({"schema": 1, "module": "T01", "answers": {"\ud800": {"value": 1}}}).encode(),
            "E-SUB-08",
        ),
        "huge-attempt": (document(person, attempt=1 << 60), "E-SUB-08"),
        "huge-seq": (raw.replace(b'"seq": 1', b'"seq": 1' + b"0" * 60, 1), "E-SUB-05"),
        "duplicate-answer": (raw.replace(b'"T01-Q02": {', b'"T01-Q01": {"value": "A"}, "T01-Q02": {', 1), "E-SUB-10"),
        "nested": (_nested(40), "E-SUB-08"),
        "nested-100k": (_nested(100_000), "E-SUB-05"),
        "million-answers": (
            b'{"schema":1,"module":"T01","answers":{'
            + b",".join(b'"%d":{"value":1}' % n for n in range(1_000_000))
            + b"}}",
            "E-SUB-04",
        ),
        "string-10-mb": (document(person, answers={"T01-Q01": {"value": "x" * (10 << 20)}}), "E-SUB-04"),
    }
    return cases


def no_effect(instructor: Instructor, person: str) -> dict[str, dict[str, Any]]:
    """Return damaged notebooks whose answers are whole: answers are data and the master is restored (tests 38–41)."""
    found = {}
    for name, change in damages("T01-Q01", "T01-Q02", CANARY).items():
        found[name] = notebook(instructor, person)
        change(found[name])
    return found
