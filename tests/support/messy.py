"""One truth in many messes: draws lists as people keep them, and judges what the roster door makes of each.

A file is *right* when, after every question was answered by somebody who knows the truth, the posts are those of the
truth without the rows that cannot be read, and these are rejected with the right code. It is *stopped* when the door
refuses it with a reason that was to be expected. Anything else is wrong: a proposal that is not the truth, too.
"""

from __future__ import annotations

import csv
import io
import json
import random
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import xlsxwriter

from grader.ground.errors import ModuongError
from grader.roster import records, rules
from grader.roster.door import taking
from grader.roster.door.asked import Question
from grader.roster.door.taking import Draft, Now
from grader.roster.match.fields import bare
from grader.roster.records import OPEN, Parsed, Roster, Unit
from grader.roster.tables import grid, sniff, worker
from grader.roster.tables.grid import Book
from tests.support.door import encoded, legacy_letters

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLES = ("Văn", "Thị", "Minh", "Thu", "Đức", "Ngọc", "Hữu", "Thị Bích")
GIVEN = ("Hùng", "Ngọc", "Nam", "Hạnh", "Tuấn", "Phượng", "Thủy", "Hòa", "Đào", "Quý", "Dũng", "Yến", "Ước", "Giỏi")
PLACES = ("Hà Nam", "Nam Định", "Thái Bình", "Hưng Yên", "Bắc Giang", "Lạng Sơn")
POSTS = {
    "chair": ("Chủ tịch", "CT CĐCS", "Chủ tịch CĐCS", "Chủ tịch công đoàn"),
    "vice_chair": ("Phó Chủ tịch", "P.CT CĐCS", "PCT", "Phó chủ tịch CĐCS"),
    "acting_chair": ("Q. Chủ tịch", "Quyền Chủ tịch", "Phụ trách"),
    "collaborator": ("Cộng tác viên", "CTV"),
}
HEADERS = {
    "person_id": ("Mã CB", "Mã cán bộ", "Mã số"),
    "full_name": ("Họ và tên", "Họ tên", "HỌ VÀ TÊN"),
    "family": ("Họ đệm", "Họ và tên đệm"),
    "given": ("Tên",),
    "birth": ("Ngày sinh", "Ngày, tháng, năm sinh"),
    "post": ("Chức vụ", "Chức vụ CĐ", "Chức danh"),
    "unit": ("Đơn vị", "Đơn vị công tác", "CĐCS"),
    "start": ("Từ ngày", "Ngày bắt đầu", "Giữ chức từ"),
    "end": ("Đến ngày", "Ngày kết thúc"),
    "decision_no": ("Số QĐ", "Số quyết định"),
    "ignore": ("STT", "TT", "Ghi chú", "Điện thoại"),
    "secret": ("Mật khẩu", "Số CCCD", "CMND"),
}
PASSWORD = "bi-mat-9Z"
LIST_DAY = date(2023, 5, 1)


@dataclass
class Person:
    """One person of the truth, with one post."""

    number: int
    name: str
    birth: date
    unit: int
    post: str
    start: date
    end: date
    decision: str


@dataclass
class Truth:
    """Units and people; every unit is stored already."""

    people: list[Person]
    roster: Roster
    births: dict[str, str] = field(default_factory=dict)


@dataclass
class File:
    """A list being made messy.

    Attributes:
        columns: fields in their order; headers: as written.
        cells: a row for each person: field -> text, or a date.
        before, after: rows above the header and below the last one.
        meant: written value -> the truth, for the questions.
        spoiled: person's number -> code with which the row is rejected.
        refused: code of the stop that is right for the whole file; empty where it can be read.
        faults: names of what was done.
    """

    truth: Truth
    rng: random.Random
    columns: list[str]
    headers: dict[str, str]
    cells: list[dict[str, Any]]
    order: list[int]
    before: list[list[Any]] = field(default_factory=list)
    after: list[list[Any]] = field(default_factory=list)
    between: dict[int, list[list[Any]]] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    spoiled: dict[int, str] = field(default_factory=dict)
    refused: str = ""
    faults: list[str] = field(default_factory=list)
    merged: bool = False
    two_rows: bool = False
    headless: bool = False
    sections: bool = False
    suffix: str = ".xlsx"
    encoding: str = "utf-8"
    separator: str = ","
    letters: str = ""
    mac: bool = False
    per_unit: bool = False
    second: str = ""
    starts: bool = True
    formula: int = -1


def truth(rng: random.Random) -> Truth:
    """Draw a union of six grassroots unions with four people each; no two of one name."""
    since = date(2015, 1, 1)
    units = [
        Unit("CD", "Công đoàn Điện lực Mẫu", "union", "", since, OPEN, "", 1),
        Unit("NPC", "Công đoàn Tổng công ty Điện lực Mẫu", "corporation", "CD", since, OPEN, "", 2),
    ]
    units += [
        Unit(f"PC{n}", f"CĐCS Công ty Điện lực {place}", "grassroots_union", "NPC", since, OPEN, "", n + 3)
        for n, place in enumerate(PLACES)
    ]
    names = [f"{a} {b} {c}" for a in FAMILIES for b in MIDDLES for c in GIVEN]
    people = []
    for number, name in enumerate(rng.sample(names, 24)):
        start = date(2023, 1, 1) + timedelta(days=rng.randrange(900))
        end = OPEN if rng.random() < 0.8 else start + timedelta(days=300)
        birth = date(1970, 1, 1) + timedelta(days=rng.randrange(8000))
        post = ("chair", "vice_chair", "acting_chair", "collaborator")[number % 4]
        people.append(Person(number, name, birth, number // 4, post, start, end, f"{number + 1}/QĐ"))
    return Truth(people, rules.settle(Parsed(units, [], [])))


def _written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def plain(known: Truth, rng: random.Random) -> File:
    """Return the list without a fault: one sheet, Vietnamese headers, names of units, days as text."""
    columns = ["ignore", "person_id", "full_name", "birth", "post", "unit", "start", "end", "decision_no"]
    headers = {name: rng.choice(HEADERS[name]) for name in HEADERS}
    headers["ignore"] = "STT"
    file = File(known, rng, columns, headers, [], list(range(len(known.people))))
    for person in known.people:
        written = f"CB-{person.number + 1:04}"
        file.cells.append({
            "ignore": str(person.number + 1), "person_id": written, "full_name": person.name,
            "birth": _written(person.birth), "post": POSTS[person.post][0],
            "unit": f"CĐCS Công ty Điện lực {PLACES[person.unit]}",
            "start": _written(person.start), "end": "" if person.end == OPEN else _written(person.end),
            "decision_no": person.decision,
        })  # fmt: skip
    return file


def _titles(file: File) -> None:
    file.before = [["CÔNG ĐOÀN TỔNG CÔNG TY ĐIỆN LỰC MẪU"], ["DANH SÁCH CÁN BỘ CÔNG ĐOÀN NHIỆM KỲ 2023-2028"], []]


def _ending(file: File) -> None:
    file.after = [["", f"Tổng cộng: {len(file.cells)} đồng chí"], [], ["", "", "NGƯỜI LẬP BIỂU"]]


def _split(file: File) -> None:
    place = file.columns.index("full_name")
    file.columns[place : place + 1] = ["family", "given"]
    for row in file.cells:
        row["family"], row["given"] = row["full_name"].rsplit(" ", 1)
    file.two_rows = file.rng.random() < 0.5


def _shuffle(file: File) -> None:
    file.rng.shuffle(file.columns)
    if "family" in file.columns:
        file.columns.remove("given")
        file.columns.insert(file.columns.index("family") + 1, "given")


def _merge(file: File) -> None:
    file.merged = True


def _short_units(file: File) -> None:
    for number, row in enumerate(file.cells):
        place = PLACES[file.truth.people[number].unit]
        row["unit"] = file.rng.choice(
            (f"Cty Điện lực {place}", f"CĐ PC {place}", f"CTY ĐL {place}", f"Công ty Điện lực {place}")
        )


def _post_words(file: File) -> None:
    for number, row in enumerate(file.cells):
        row["post"] = file.rng.choice(POSTS[file.truth.people[number].post])


def _days(file: File) -> None:
    forms: tuple[Callable[[date], str], ...] = (
        lambda d: f"{d:%d.%m.%Y}", lambda d: f"{d:%d-%m-%Y}", lambda d: d.isoformat(),
        lambda d: f"ngày {d.day} tháng {d.month} năm {d.year}", lambda d: f"{d.day} / {d.month} / {d.year}",
    )  # fmt: skip
    for number, row in enumerate(file.cells):
        row["start"] = file.rng.choice(forms)(file.truth.people[number].start)


def _real_days(file: File) -> None:
    for number, row in enumerate(file.cells):
        row["start"] = file.truth.people[number].start


def _half_days(file: File) -> None:
    for number in file.rng.sample(range(len(file.cells)), 2):
        start = file.truth.people[number].start
        text = f"{start.month:02}/{start.year}"
        if file.meant.get(text, start.isoformat()) == start.isoformat():
            file.cells[number]["start"] = text
            file.meant[text] = start.isoformat()


def _turned(file: File) -> None:
    """A spreadsheet that puts the month first took for dates what it could, and left the rest as text."""
    for number, row in enumerate(file.cells):
        start = file.truth.people[number].start
        row["start"] = date(start.year, start.day, start.month) if start.day <= 12 else _written(start)


def _no_ids(file: File) -> None:
    file.columns.remove("person_id")


def _ids(file: File) -> None:
    """A spreadsheet, or somebody in a hurry, has changed the ids of people who are stored."""
    stored = [
        records.Person(f"CB-{one.number + 1:04}", one.name, "", False, "", n)
        for n, one in enumerate(file.truth.people, 9)
    ]
    file.truth.roster = rules.settle(Parsed(list(file.truth.roster.units), stored, []))
    for row in file.cells:
        number = int(row["person_id"].removeprefix("CB-"))
        row["person_id"] = file.rng.choice((f"CB-{number}", f"CB{number:04}", f"cb-{number:04}", f"CB {number:04}"))


def _ods(file: File) -> None:
    file.suffix = ".ods"


def _capitals(file: File) -> None:
    for row in file.cells:
        row["full_name"] = row["full_name"].upper()


def _titled(file: File) -> None:
    for row in file.cells:
        row["full_name"] = file.rng.choice(("Ông ", "Bà ", "Đ/c ", "")) + row["full_name"]


def _decomposed(file: File) -> None:
    for row in file.cells:
        for name in ("full_name", "unit"):
            row[name] = unicodedata.normalize("NFD", row[name]).replace(" ", "\u00a0")


def _repeated(file: File) -> None:
    file.between[8] = [["#header"], []]
    file.between[16] = [["#header"]]


def _numbered(file: File) -> None:
    file.between[0] = [["#numbers"]]


def _still(file: File) -> None:
    for row in file.cells:
        row["end"] = row["end"] or file.rng.choice(("nay", "-", "đến nay", "N/A", "–", ""))


def _lost(file: File) -> None:
    for number in file.rng.sample(range(len(file.cells)), 3):
        name = file.cells[number]["full_name"]
        file.cells[number]["full_name"] = "".join(c if c.isascii() else "?" for c in name[:-1] + "ễn")
        file.spoiled[number] = "ROS-12"


def _secret(file: File) -> None:
    file.columns.append("secret")
    for row in file.cells:
        row["secret"] = PASSWORD


def _sections(file: File) -> None:
    file.columns.remove("unit")
    file.sections = True


def _ditto(file: File) -> None:
    for before, number in zip(file.order, file.order[1:], strict=False):
        if file.truth.people[before].unit == file.truth.people[number].unit:
            file.cells[number]["unit"] = file.rng.choice(("nt", "-nt-", '"', "như trên"))


def _no_start(file: File) -> None:
    file.columns.remove("start")
    file.columns.remove("end")
    file.starts = False


def _headless(file: File) -> None:
    file.headless = True


def _formula(file: File) -> None:
    file.formula = file.rng.choice([number for number in range(len(file.cells)) if number not in file.spoiled])
    file.spoiled[file.formula] = "ROS-10"


def _letters(file: File) -> None:
    file.letters = file.rng.choice(("tcvn3", "vni"))


def _three_names(file: File) -> None:
    place = file.columns.index("full_name")
    file.columns[place : place + 1] = ["family", "middle", "given"]
    file.headers |= {"family": "Họ", "middle": file.rng.choice(("Đệm", "Tên đệm", "Chữ đệm")), "given": "Tên"}
    for row in file.cells:
        row["family"], row["middle"] = row["full_name"].split(" ")[0], " ".join(row["full_name"].split(" ")[1:-1])
        row["given"] = row["full_name"].split(" ")[-1]


def _ticks(file: File) -> None:
    for row in file.cells:
        row["full_name"] = file.rng.choice(("`", "'", " ", "")) + row["full_name"].replace(" ", "  ", 1)


def _plain_headers(file: File) -> None:
    for name, header in file.headers.items():
        bare_header = unicodedata.normalize("NFD", header.replace("Đ", "D").replace("đ", "d"))
        file.headers[name] = "".join(c for c in bare_header if not unicodedata.combining(c)).upper()


def _nameless(file: File) -> None:
    for number in file.rng.sample(range(len(file.cells)), 2):
        if number not in file.spoiled:
            file.cells[number]["full_name"] = file.cells[number]["person_id"] = ""
            file.spoiled[number] = "ROS-01"


def _shifted(file: File) -> None:
    """A missing cell has drawn the rest of a row to the left."""
    place = file.columns.index("full_name")
    for number in file.rng.sample([n for n in range(len(file.cells)) if n not in file.spoiled], 2):
        row = file.cells[number]
        for name, after in zip(file.columns[place:], file.columns[place + 1 :], strict=False):
            row[name] = row.get(after, "")
        row[file.columns[-1]] = ""
        file.spoiled[number] = "ROS-13"


def _one_id(file: File) -> None:
    """Two people have one id; nobody can tell whose it is."""
    one, other = file.rng.sample(range(len(file.cells)), 2)
    file.cells[other]["person_id"] = file.cells[one]["person_id"]
    file.spoiled |= {one: "ROS-14", other: "ROS-14"}


def _short_years(file: File) -> None:
    for number in file.rng.sample(range(len(file.cells)), 3):
        start = file.truth.people[number].start
        text = f"{start.day}/{start.month}/{start.year % 100}"
        file.cells[number]["start"] = text
        file.meant[text] = start.isoformat()


def _empty_top(file: File) -> None:
    file.before = [[], []]


def _notes(file: File) -> None:
    """A last column without a header."""
    file.columns.append("note")
    file.headers["note"] = ""
    for row in file.cells:
        row["note"] = file.rng.choice(("", "", "kiêm nhiệm", "mới bầu"))


def _per_unit(file: File) -> None:
    """Each unit has its title and a header of its own."""
    file.per_unit = True


def _below(file: File) -> None:
    """A second list with its columns in another order stands below the first."""
    file.second = "below"


def _beside(file: File) -> None:
    file.second = "beside"


def _mac(file: File) -> None:
    file.mac = True
    _real_days(file)


def _numbers(file: File) -> None:
    """The ids are numbers, and the spreadsheet keeps them so."""
    for row in file.cells:
        row["person_id"] = int(row["person_id"].removeprefix("CB-"))


def _text_file(file: File) -> None:
    file.suffix = file.rng.choice((".csv", ".txt", ""))
    file.encoding, file.separator = file.rng.choice(
        (
            ("utf-8", ","),
            ("utf-8-sig", ";"),
            ("cp1258", ","),
            ("utf-16", "\t"),
            ("tcvn3", ";"),
            ("vni", ","),
            ("utf-8", "|"),
        )
    )


FAULTS: Mapping[str, Callable[[File], None]] = {
    name.strip("_"): fault
    for name, fault in globals().copy().items()
    if callable(fault) and name in {
        "_titles", "_ending", "_split", "_shuffle", "_merge", "_short_units", "_post_words", "_days", "_real_days",
        "_half_days", "_turned", "_no_ids", "_ids", "_ods", "_capitals", "_titled", "_decomposed", "_repeated",
        "_numbered", "_still", "_lost", "_secret", "_sections", "_ditto", "_no_start", "_headless", "_formula",
        "_letters", "_text_file", "_three_names", "_ticks", "_plain_headers", "_nameless", "_shifted", "_one_id",
        "_short_years", "_empty_top", "_notes", "_per_unit", "_below", "_beside", "_mac", "_numbers",
    }
}  # fmt: skip
APART = (
    {"ids", "no_ids"}, {"ids", "headless"}, {"ods", "text_file"}, {"ods", "merge"}, {"ods", "formula"},
    {"days", "real_days", "half_days", "turned", "no_start"}, {"split", "capitals", "titled", "lost", "decomposed"},
    {"merge", "sections", "ditto", "short_units", "decomposed"}, {"merge", "text_file"}, {"formula", "text_file"},
    {"real_days", "text_file"}, {"turned", "text_file"}, {"letters", "text_file"}, {"letters", "decomposed"},
    {"headless", "split"}, {"headless", "repeated"}, {"headless", "sections"}, {"headless", "titles"},
    {"letters", "lost"},
    {"text_file", "lost"}, {"letters", "capitals"}, {"text_file", "decomposed"}, {"text_file", "capitals"},
    {"headless", "numbered"}, {"headless", "ending"}, {"headless", "no_start"}, {"headless", "secret"},
    {"sections", "repeated"}, {"headless", "days"}, {"headless", "half_days"}, {"headless", "turned"},
    {"headless", "no_ids"},
    {"split", "three_names", "capitals", "titled", "lost", "decomposed", "ticks", "nameless", "shifted"},
    {"three_names", "letters"}, {"three_names", "headless"}, {"three_names", "shuffle"}, {"three_names", "text_file"},
    {"one_id", "no_ids", "ids", "nameless", "numbers", "shifted"}, {"one_id", "lost"}, {"one_id", "formula"},
    {"formula", "nameless"}, {"formula", "shifted"}, {"nameless", "headless"}, {"shifted", "headless"},
    {"shifted", "shuffle"}, {"shifted", "secret"}, {"shifted", "notes"}, {"nameless", "letters"},
    {"shifted", "real_days"}, {"shifted", "days"}, {"shifted", "half_days"}, {"shifted", "turned"}, {"shifted", "ods"},
    {"shifted", "still"}, {"shifted", "no_start"}, {"shifted", "merge"}, {"shifted", "sections"}, {"shifted", "ditto"},
    {"shifted", "short_years"}, {"shifted", "mac"}, {"shifted", "post_words"}, {"nameless", "merge"},
    {"days", "real_days", "half_days", "turned", "no_start", "short_years", "mac"}, {"headless", "short_years"},
    {"titles", "empty_top"}, {"headless", "empty_top"}, {"headless", "notes"}, {"headless", "plain_headers"},
    {"notes", "shuffle"}, {"notes", "secret"}, {"plain_headers", "letters"}, {"plain_headers", "numbers"},
    {"per_unit", "below", "beside", "headless", "repeated", "numbered", "sections", "merge", "ditto", "ending"},
    {"below", "split"}, {"beside", "split"}, {"below", "formula"}, {"beside", "formula"}, {"per_unit", "formula"},
    {"beside", "secret"}, {"beside", "notes"}, {"below", "notes"}, {"per_unit", "split"},
    {"below", "titles"}, {"beside", "titles"}, {"mac", "text_file"}, {"mac", "ods"}, {"mac", "headless"},
    {"numbers", "ids"}, {"numbers", "no_ids"}, {"numbers", "headless"}, {"numbers", "text_file"},
    {"numbers", "letters"},
    {"below", "shifted"}, {"beside", "shifted"}, {"beside", "shuffle"}, {"below", "turned"}, {"beside", "turned"},
    {"per_unit", "letters"}, {"beside", "letters"}, {"below", "letters"}, {"ids", "nameless"}, {"ids", "shifted"},
)  # fmt: skip
"""Faults that cannot be made in one file, or would undo each other."""


def draw(seed: int, faults: Sequence[str] = ()) -> File:
    """Return a list with three faults, or those that are named; the same seed gives the same list."""
    rng = random.Random(f"messy-{seed}")
    file = plain(truth(rng), rng)
    names = list(faults)
    for name in rng.sample(sorted(FAULTS), len(FAULTS)):
        if not faults and len(names) < 3 and not any(name in group and set(names) & group for group in APART):
            names.append(name)
    order = list(FAULTS)
    for name in sorted(names, key=order.index):
        FAULTS[name](file)
    file.faults = names
    return file


def table(file: File) -> list[list[Any]]:
    """Return the rows of a list as they are written."""
    if file.letters:
        for row in file.cells:
            for name in ("full_name", "family", "given", "unit"):
                if name in row:
                    row[name] = legacy_letters(row[name], file.letters)
    head = [legacy_letters(h, file.letters) if file.letters else h for h in map(file.headers.__getitem__, file.columns)]
    if file.letters:
        file.before, file.after = (
            [[legacy_letters(str(one), file.letters) for one in row] for row in some]
            for some in (file.before, file.after)
        )
    rows: list[list[Any]] = [list(one) for one in file.before]
    if file.two_rows:
        upper = [
            "Họ và tên" if name == "family" else "" if name == "given" else h
            for name, h in zip(file.columns, head, strict=True)
        ]
        rows += [upper, [h if name in {"family", "given"} else "" for name, h in zip(file.columns, head, strict=True)]]
    elif not file.headless:
        rows.append(head)
    if file.second:
        return rows[:-1] + _second(file, head) + file.after
    unit = -1
    for place, number in enumerate(file.order):
        for extra in file.between.get(place, []):
            said = extra[0] if extra else ""
            rows.append(
                head if said == "#header" else [f"({n})" for n in range(1, len(head) + 1)] if said == "#numbers" else []
            )
        person = file.truth.people[number]
        if file.per_unit and person.unit != unit and unit >= 0:
            rows += [[], [f"{person.unit + 1}. CĐCS Công ty Điện lực {PLACES[person.unit]}"], head]
        if file.sections and person.unit != unit:
            rows.append([f"{person.unit + 1}. CĐCS Công ty Điện lực {PLACES[person.unit]}"])
        repeated = file.merged and person.unit == unit
        unit = person.unit
        rows.append([
            "" if repeated and name == "unit"
            else "#formula" if name == "post" and number == file.formula
            else file.cells[number].get(name, "")
            for name in file.columns
        ])  # fmt: skip
    return rows + file.after


def _second(file: File, head: list[str]) -> list[list[Any]]:
    """Return two lists of half the people each, with their headers: below each other, or side by side."""
    body = [[file.cells[number].get(name, "") for name in file.columns] for number in file.order]
    half = len(body) // 2
    if file.second == "beside":
        return [[*one, "", *other] for one, other in zip([head, *body[:half]], [head, *body[half:]], strict=True)]
    turned = [[head[0], *head[:0:-1]], *([row[0], *row[:0:-1]] for row in body[half:])]
    return [head, *body[:half], [], ["DANH SÁCH BỔ SUNG"], *turned]


def write(file: File, folder: Path) -> Path:
    """Write a list and return its path."""
    rows = table(file)
    path = folder / f"danh-sach{file.suffix}"
    if file.suffix == ".ods":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", _ODS.format("".join(map(_ods_row, rows))))
            archive.writestr("META-INF/manifest.xml", _MANIFEST)
        return path
    if file.suffix != ".xlsx":
        text = io.StringIO()
        csv.writer(text, delimiter=file.separator, lineterminator="\r\n").writerows(rows)
        path.write_bytes(encoded(text.getvalue(), file.encoding))
        return path
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "date_1904": file.mac}) as book:
        sheet = book.add_worksheet("DS cán bộ")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if value == "#formula":
                    sheet.write_formula(line, place, '="Chủ"&" tịch"')
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)  # type: ignore[arg-type]
                elif isinstance(value, int):
                    sheet.write_number(line, place, value)
                elif value:
                    sheet.write_string(line, place, value)
        if file.merged:
            _merge_units(file, sheet, rows)
    return path


_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="DS">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def _ods_row(row: list[Any]) -> str:
    cells = []
    for value in row:
        kind = f'date" office:date-value="{value.isoformat()}' if isinstance(value, date) else "string"
        text = f"<text:p>{escape(str(value))}</text:p>"
        cells.append(
            f'<table:table-cell office:value-type="{kind}">{text}</table:table-cell>'
            if value
            else "<table:table-cell/>"
        )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _merge_units(file: File, sheet: Any, rows: list[list[Any]]) -> None:
    at = file.columns.index("unit")
    start = None
    for line in range(len(rows) + 1):
        row = rows[line] if line < len(rows) else []
        filled = len(row) > at and row[at]
        if start is not None and (line == len(rows) or filled or not any(row)):
            if line - 1 > start:
                sheet.merge_range(start, at, line - 1, at, rows[start][at])
            start = None
        if filled and len(row) == len(file.columns) and row[at] != file.headers["unit"]:
            start = line


def _known(file: File, question: Question) -> str:
    """Return the answer of somebody who knows the truth."""
    kind, _, rest = question.key.partition(":")
    if kind == "column":
        return _column(file, question)
    if kind == "unit":
        return next(
            f"PC{n}"
            for n, place in enumerate(PLACES)
            if f"«{question.said}".find(place) >= 0 or _has(question.said, place)
        )
    if kind == "post":
        return next(post for post, words in POSTS.items() if rest in {word.casefold() for word in words})
    if kind == "day":
        return file.meant[rest]
    if kind == "id":
        return f"CB-{int(''.join(filter(str.isdigit, rest))):04}"
    return {
        "order": "day",
        "swap": "yes",
        "start": LIST_DAY.isoformat(),
        "fill": "yes",
        "same": "each",
        "person": "new",
        "ids": "yes",
    }[kind]


def _has(said: str, place: str) -> bool:
    return unicodedata.normalize("NFC", said).replace("\u00a0", " ").find(place) >= 0


def _column(file: File, question: Question) -> str:
    said = question.said.split("«")[1].split("»")[0]
    if said.startswith("#"):
        name = file.columns[int(said[1:]) - 1]
        return "ignore" if name == "note" else name
    own = said.rpartition(" / ")[2]
    if own in {file.headers.get("middle"), file.headers.get("note")}:
        return "family" if own == file.headers.get("middle") else "ignore"
    return next(name for name in file.columns if bare(file.headers[name]) == bare(own))


def opened(path: Path) -> Book:
    """Read a file as the child process does, without starting one."""
    kind = sniff.kind(path)
    answer = json.loads(json.dumps(worker.answer([kind, str(path)])))
    if "code" in answer:
        raise ModuongError(answer["code"], answer["template"].format(**answer["fields"]))
    return Book(path.name, kind, "", *grid.unpacked(answer))


def judge(file: File, path: Path, read: Callable[[Path], Book] = opened) -> str:
    """Return ``right``, ``stopped: CODE`` for a stop that is right, or ``WRONG: why``."""
    answers: dict[str, str] = {}
    try:
        book = read(path)
        for _ in range(10):
            made = taking.of_book(book, Now(1, file.truth.roster, file.truth.births, answers))
            if not made.questions:
                return _compared(file, made)
            for question in made.questions:
                wrong = _asked(file, question, answers)
                if wrong:
                    return f"WRONG: {wrong}"
    except ModuongError as error:
        return f"stopped: {error.code}" if error.code == file.refused else f"WRONG: refused with {error}"
    return f"WRONG: asks without end: {[question.key for question in made.questions]}"


def _asked(file: File, question: Question, answers: dict[str, str]) -> str:
    """Answer a question as the truth is; return what is wrong with it."""
    wanted = _known(file, question)
    answers[question.key] = wanted
    if question.proposal not in {"", wanted}:
        return f"proposes {question.proposal} for {question.key}, not {wanted}"
    if not question.takes(wanted):
        return f"{question.key} does not take {wanted}"
    return "shows a secret" if PASSWORD in question.said else ""


def _compared(file: File, made: Draft) -> str:
    roster = made.settled()
    names = {person.person_id: unicodedata.normalize("NFC", person.full_name) for person in roster.people}
    found = {(names[p.person_id].casefold(), p.unit_id, p.post, p.start, p.end) for p in roster.posts}
    wanted = set()
    for number, person in enumerate(file.truth.people):
        if number not in file.spoiled:
            start, end = (person.start, person.end) if file.starts else (LIST_DAY, OPEN)
            wanted.add((person.name.casefold(), f"PC{person.unit}", person.post, start, end))
    codes = sorted(finding.code for finding in roster.rejected)
    if found != wanted:
        return f"WRONG: posts differ: {sorted(map(str, found ^ wanted))[:4]} rejected {codes}"
    if codes != sorted(file.spoiled.values()):
        return f"WRONG: rejected {codes}, not {sorted(file.spoiled.values())}"
    if PASSWORD in str(roster):
        return "WRONG: keeps a secret"
    return "right"
