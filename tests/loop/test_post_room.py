"""The hand-ins of many in one file: told apart by what is in them, and answered the way they came."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.feedback import returned
from grader.intake.arrivals import from_path
from grader.intake.letters import letters
from grader.intake.zip import unpacked
from tests.support.attackers import document
from tests.support.people import RIGHT, Cadre, Instructor

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def answers(person: str, module: str = "T01") -> bytes:
    return document(person, module)


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def split(files: dict[str, bytes]) -> dict[str, list[str]]:
    return {letter.place: sorted(letter.files) for letter in letters(files)}


def test_moodles_folders_are_one_hand_in_each_and_keep_their_files() -> None:
    a, b, c = (f"Nguyễn Mẫu {n}_{90 + n}_assignsubmission_file" for n in range(3))
    files = {
        f"{a}/answers.json": answers("CB-1"),
        f"{a}/data/x.csv": b"1",
        f"{b}/answers.json": answers("CB-2"),
        f"{b}/answers (1).json": b"{broken",
        f"{c}/bai.pdf": b"%PDF",
    }
    assert split(files) == {
        a: [f"{a}/answers.json", f"{a}/data/x.csv"],
        b: [f"{b}/answers (1).json", f"{b}/answers.json"],
        c: [f"{c}/bai.pdf"],
    }


def test_a_flat_file_is_told_apart_by_its_content() -> None:
    files = {
        "mau_1_2_answers.json": answers("CB-1"),
        "mau_1_3_answers.json": answers("cb-1"),
        "mau_4_5_answers.json": answers("CB-4"),
        "mau_6_7_answers.json": b"{broken",
    }
    assert list(split(files).values()) == [
        ["mau_1_2_answers.json", "mau_1_3_answers.json"],
        ["mau_4_5_answers.json"],
        ["mau_6_7_answers.json"],
    ]


def test_two_modules_of_one_person_are_two_hand_ins_and_one_person_is_one() -> None:
    assert len(split({"M/answers.json": answers("CB-1"), "N/answers.json": answers("CB-1", "T02")})) == 2
    whole = {"M/answers.json": answers("CB-1"), "M/T01.ipynb": b"{}", "M/data/a.csv": b"", "note.txt": b""}
    assert split(whole) == {"": sorted(whole)}


def test_a_zip_in_a_zip_is_opened_and_one_that_is_broken_is_named() -> None:
    files = unpacked({"a.zip": zipped({"answers.json": answers("CB-1")}), "b.zip": b"PK", "c/d.zip": zipped({})})
    assert sorted(files) == ["a.zip/answers.json", "b.zip"]
    deep = zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"answers.json": answers("CB-1")})})})})
    assert sorted(unpacked({"0.zip": deep})) == ["0.zip/1.zip/2.zip"]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("bai.rar", "ZIP"),
        ("bai.7z", "ZIP"),
        ("bai.pdf", "Bản in"),
        ("bài.docx", "Bản in"),
        ("M02.ipynb - Shortcut.lnk", "lối tắt"),
    ],
)
def test_what_cannot_be_graded_gets_advice_that_fits(
    instructor: Instructor, tmp_path: Path, name: str, advice: str
) -> None:
    folder = tmp_path / "mail" / "CB-1"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"x")
    (taken,) = instructor.collects(source=tmp_path / "mail")
    assert (taken.state, taken.code) == ("set_aside", "E-SUB-07")
    assert advice in taken.reason


def test_a_name_in_utf8_that_does_not_say_so_is_read(tmp_path: Path) -> None:
    raw = zipped({"Nguy\u1ec5n/answers.json": answers("CB-1"), "Tr\u1ea7n/answers.json": answers("CB-2")})
    path = tmp_path / "lop.zip"
    path.write_bytes(raw.replace(b"\x00\x08", b"\x00\x00"))  # the flag for UTF-8
    with zipfile.ZipFile(path) as archive:
        assert "Nguyễn/answers.json" not in archive.namelist()
    sources = [one.source.partition("#")[0] for one in from_path(path, NOW)]
    assert sources == ["file/lop.zip/Nguyễn", "file/lop.zip/Trần"]


def test_a_class_comes_in_one_zip_and_its_feedback_goes_back_in_one(instructor: Instructor, tmp_path: Path) -> None:
    files = {}
    for number, person in enumerate(("CB-1", "CB-2")):
        cadre = Cadre(person, instructor)
        cadre.answers("T01", RIGHT["T01"])
        sent = cadre.home / "T01" / "answers.json"
        files[f"Mẫu {number}_{number}_assignsubmission_file/answers.json"] = sent.read_bytes()
    files["Mẫu 3_3_assignsubmission_file/answers.json"] = b"{broken"
    bag = tmp_path / "lop.zip"
    bag.write_bytes(zipped(files))
    taken = instructor.collects(source=bag)
    assert [(one.person, one.state) for one in taken] == [("CB-1", "accepted"), ("CB-2", "accepted"), ("", "set_aside")]
    assert instructor.collects(source=bag) == []
    assert instructor.grades("T01") == 2
    (path,) = returned.write(instructor.workspace, instructor.engine, instructor.rules, ("T01",), tmp_path / "back")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            "Mẫu 0_0_assignsubmission_file/T01.html",
            "Mẫu 1_1_assignsubmission_file/T01.html",
            returned.LEFT,
        ]
        assert "CB-1" in archive.read(archive.namelist()[0]).decode()
        assert "Mẫu 3_3_assignsubmission_file" in archive.read(returned.LEFT).decode()
