"""Rosters that nobody means well with.

Clear refusals with codes, within limits of memory and time that are reported, not asserted.
"""

from __future__ import annotations

import os
import resource
import struct
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.roster import read as roster
from grader.roster.tables import zipped
from tests.support.people import moduong
from tests.support.union_builder import Union, codes

SHEET = "xl/worksheets/sheet2.xml"
STRINGS = "xl/sharedStrings.xml"
_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = "</sheetData></worksheet>"
_COLUMNS = "".join(
    f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("person_id", "full_name", "email", "is_test", "same_as")
)


@pytest.fixture
def union(tmp_path: Path) -> Union:
    one = Union(tmp_path)
    one.post("P1", "G1")
    return one


@pytest.fixture(autouse=True)
def figures(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    record_property("seconds", round(time.perf_counter() - began, 2))
    record_property("mebibytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)


def refused(path: Path) -> str:
    """Return the code with which a file is refused; the limit on memory is as it was before."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(ModuongError) as stopped:
        roster.parse(path)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert str(path) in stopped.value.said
    assert len(stopped.value.said) < 500
    return stopped.value.code


def changed(union: Union, parts: Mapping[str, bytes | int]) -> Path:
    """Return a workbook in which some parts are others, or more; a number stands for as many megabytes of nothing."""
    original = union.workbook(union.folder / "goc.xlsx")
    path = union.folder / "ds.xlsx"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            with new.open(name, "w") as stream:
                for block in (data,) if isinstance(data, bytes) else (bytes(1 << 20) for _ in range(data)):
                    stream.write(block)
    return path


def people_sheet(*rows: str) -> dict[str, bytes]:
    return {SHEET: f"{_HEAD}<row>{_COLUMNS}</row>{''.join(rows)}{_TAIL}".encode()}


def test_the_helper_makes_a_workbook_that_is_taken(union: Union) -> None:
    """Or else every refusal below would prove nothing."""
    row = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("P1", "Một"))
    read = roster.read(changed(union, people_sheet(f"<row>{row}</row>")))
    assert [p.full_name for p in read.people] == ["Một"]
    assert read.rejected == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04" + bytes(100),
        b"\xd0\xcf\x11\xe0" + bytes(600),
        "mã,tên\n".encode(),
        b"<html>",
        bytes(10_000),
        b"\xff" * 10_000,
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(content)
    assert refused(path) == "E-XLSX-1"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("units.csv", "unit_id\n")
    assert refused(path) == "E-XLSX-1"


def test_a_zip_bomb_is_refused_by_the_sizes_it_declares(union: Union) -> None:
    path = changed(union, {STRINGS: 600})
    assert path.stat().st_size < 1 << 20
    assert refused(path) == "E-XLSX-2"
    assert refused(changed(union, {"xl/styles.xml": b" " * (5 << 20)})) == "E-XLSX-2"
    assert refused(changed(union, {f"xl/media/{n}.png": b"" for n in range(1001)})) == "E-XLSX-2"


def test_a_zip_bomb_that_declares_less_than_it_holds_gives_no_more_than_it_declares(union: Union) -> None:
    path = changed(union, people_sheet(f"<row>{'<c/>' * (1 << 20)}</row>"))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo(SHEET).file_size
    assert data.count(struct.pack("<L", real)) == 2  # in the file's own head and in the directory
    path.write_bytes(data.replace(struct.pack("<L", real), struct.pack("<L", 900)))
    assert refused(path) == "E-XLSX-1"


def test_small_files_that_unpack_into_very_many_elements(union: Union) -> None:
    """A row of 30 million cells, ten million texts: a hundred megabytes of XML in some hundred kilobytes."""
    path = changed(union, people_sheet(f"<row>{'<c/>' * 30_000_000}</row>"))
    assert path.stat().st_size < 1 << 20
    assert refused(path) == "E-XLSX-2"
    assert refused(changed(union, {STRINGS: b"<sst>" + b"<si/>" * 10_000_000 + b"</sst>"})) == "E-XLSX-2"


def test_memory_is_limited_whatever_it_is_taken_for(union: Union, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "_MEMORY", 32 << 20)
    assert refused(changed(union, people_sheet(f"<row>{'<c/>' * 700_000}</row>"))) == "E-XLSX-2"


def test_rows_and_columns_at_the_far_end_cost_nothing(union: Union) -> None:
    far = (
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>P9</t></is></c><c r="B1048576" '
        't="inlineStr"><is><t>Chín</t></is></c></row>'
    )
    beyond = '<row r="999999999999"><c t="inlineStr"><is><t>P10</t></is></c></row>'
    wide = '<row r="5"><c r="XFD5" t="inlineStr"><is><t>x</t></is></c></row>'
    read = roster.read(changed(union, people_sheet(wide, far, beyond)))
    assert [(p.person_id, p.line) for p in read.people] == [("P9", 1_048_576)]


def test_entities_are_not_expanded(union: Union) -> None:
    entities = (
        '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c '
        '"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    )
    outside = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    row = '<row><c t="inlineStr"><is><t>P2</t></is></c><c t="inlineStr"><is><t>&c;</t></is></c></row>'
    for head in (entities, outside):
        parts = people_sheet(row)
        assert refused(changed(union, {SHEET: head.encode() + parts[SHEET]})) == "E-XLSX-1"
        assert refused(changed(union, {STRINGS: head.encode() + b"<sst>&c;</sst>"})) == "E-XLSX-1"


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/VBAPROJECT.BIN",
        "xl/macrosheets/sheet1.xml",
        "xl/externalLinks/externalLink1.xml",
        "xl/activeX/a.bin",
        "xl/embeddings/o.bin",
    ],
)
def test_macros_and_links_to_other_files(union: Union, part: str) -> None:
    assert refused(changed(union, {part: b"<x/>"})) == "E-XLSX-3"


def test_paths_that_lead_out_of_the_archive_write_and_read_nothing(union: Union) -> None:
    path = changed(union, {"../../ngoai.txt": b"x", "/tmp/ngoai.txt": b"x"})
    before = set(union.folder.parent.rglob("*"))
    assert len(roster.read(path).people) == 1
    assert set(union.folder.parent.rglob("*")) == before
    with zipfile.ZipFile(union.folder / "goc.xlsx") as archive:
        links = archive.read("xl/_rels/workbook.xml.rels").decode()
    for target in (
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.xml",
        "workbook.xml",
    ):
        bent = links.replace("worksheets/sheet2.xml", target)
        assert bent != links
        assert refused(changed(union, {"xl/_rels/workbook.xml.rels": bent.encode()})) in {
            "E-XLSX-1",
            "E-XLSX-4",
            "ROS-01",
        }


@pytest.mark.parametrize(
    ("part", "data"),
    [
        (SHEET, b"<worksheet"),
        (SHEET, _HEAD.encode() + b'<row><c t="s"><v>99999999</v></c></row>' + _TAIL.encode()),
        (SHEET, _HEAD.encode() + b'<row><c t="n"><v>' + b"9" * 10_000 + b"</v></c></row>" + _TAIL.encode()),
        (SHEET, _HEAD.encode() + b'<row><c t="inlineStr"><is><t>&#xD800;</t></is></c></row>' + _TAIL.encode()),
        (SHEET, _HEAD.encode() + b'<row><c t="inlineStr"><is><t>\xed\xa0\x80</t></is></c></row>' + _TAIL.encode()),
        (SHEET, _HEAD.encode() + b'<row><c t="inlineStr"><is><t>a\x00b</t></is></c></row>' + _TAIL.encode()),
        (SHEET, _HEAD.encode() + b'<row r="x"/>' + _TAIL.encode()),
        ("xl/workbook.xml", b"<x/>"),
        ("[Content_Types].xml", b""),
        ("xl/styles.xml", b"<styleSheet"),
    ],
)  # fmt: skip
def test_broken_parts(union: Union, part: str, data: bytes) -> None:
    assert refused(changed(union, {part: data})) in {"E-XLSX-1", "E-XLSX-4"}


def test_strange_archives(union: Union) -> None:
    original = union.workbook(union.folder / "goc.xlsx")
    path = union.folder / "ds.xlsx"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert refused(path) == "E-XLSX-1"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with pytest.warns(UserWarning, match="Duplicate"):
            new.writestr(SHEET, old.read(SHEET))
    assert refused(path) == "E-XLSX-1"
    data = bytearray(original.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # says it is encrypted
    path.write_bytes(data)
    assert refused(path) == "E-XLSX-1"


def test_a_file_beyond_the_limit_a_pipe_and_a_device(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    with path.open("wb") as stream:
        stream.truncate(65 << 20)
    assert refused(path) == "E-XLSX-2"
    os.mkfifo(tmp_path / "ong.xlsx")
    assert refused(tmp_path / "ong.xlsx") == "E-FILE-1"
    assert refused(Path("/dev/zero")) == "E-FILE-1"


def test_a_megabyte_in_a_cell_is_one_rejected_row(union: Union) -> None:
    union.person("P2", full_name="ă" * 32_767)
    union.person("P" * 129)
    union.person("P4", full_name="ô" * 500)
    read = roster.read(changed(union, {}))
    assert codes(read.rejected) == [("ds.xlsx!people", 3, "ROS-10"), ("ds.xlsx!people", 4, "ROS-10")]
    cell = f'<c t="inlineStr"><is><t>{"ă" * 1_000_000}</t></is></c>'
    read = roster.read(changed(union, people_sheet(f'<row><c t="inlineStr"><is><t>P2</t></is></c>{cell}</row>')))
    assert codes(read.rejected)[0] == ("ds.xlsx!people", 2, "ROS-10")
    assert "1000000 ký tự" in read.rejected[0].message()


def test_csv_with_long_fields_control_characters_and_surrogates(union: Union) -> None:
    union.person("P2", full_name="ă" * 501)
    union.person("P3", full_name="ă" * 500)
    union.person("P4", full_name="a\x00b")
    union.person("P5", full_name="a\x1bb")
    union.person("P6", full_name="dòng\nhai\tba")
    union.person("P7\x7f")
    read = union.roster()
    assert codes(read.rejected) == [("people.csv", line, "ROS-10") for line in (3, 5, 6, 9)]  # P6 takes two lines
    union.people = []
    for name, fault, code in (
        ("people.csv", b"\xed\xa0\x80", "ROS-09"),
        ("people.csv", b'"' + b"x" * 1_000_000 + b'"', "E-CSV-1"),
        ("units.csv", b"\xff\xfe", "ROS-09"),
    ):
        union.write()
        path = union.folder / name
        path.write_bytes(path.read_bytes() + b"X1," + fault + b",,,\r\n")
        with pytest.raises(ModuongError) as stopped:
            roster.read(union.folder)
        assert stopped.value.code == code


def test_names_of_files_that_trick(union: Union) -> None:
    """The name is only ever shown; what a terminal would obey is not in it."""
    path = union.workbook(union.folder / "=cmd.xlsx")
    union.person("")
    union.workbook(path)
    read = roster.read(path)
    assert codes(read.rejected) == [("=cmd.xlsx!people", 3, "ROS-01")]
    folder = union.folder / "w"
    done = moduong("roster", "import", path, "--dry-run", "--rejects", union.folder / "loai.csv", "--workspace", folder)
    assert done.returncode == 0, done.stderr
    assert "\n'=cmd.xlsx!people,3,ROS-01," in (union.folder / "loai.csv").read_text(encoding="utf-8-sig").replace(
        "\r", ""
    )
    assert not folder.exists()


def test_twenty_thousand_rejected_rows_are_all_told(union: Union) -> None:
    faults = 20_000
    for number in range(faults):
        union.posts.append({"person_id": f"X{number}", "unit_id": "G1", "post": "chair", "start": "2026-01-01"})
    union.write()
    shown = union.folder / "loai.csv"
    done = moduong("roster", "import", union.folder, "--workspace", union.folder / "w", "--rejects", shown)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ROS-05") == 50
    assert "… +19950" in done.stdout
    assert str(shown) in done.stdout
    lines = shown.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == faults + 1
    assert lines[-1].startswith("posts.csv,20002,ROS-05,")
