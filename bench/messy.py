"""The roster door on 300 messy lists of one truth, three faults each, and its speed on ten thousand rows."""

from __future__ import annotations

import random
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from bench.measure import heading, line, moduong, run, spread
from grader.roster.door import taking
from tests.support import messy

FILES, ROWS = 300, 10_000


def bench(folder: Path) -> None:
    """Judge every list, then time one large one from file to diff, as a process of its own."""
    heading("The roster door")
    outcome: Counter[str] = Counter()
    for seed in range(FILES):
        file = messy.draw(seed)
        place = folder / str(seed)
        place.mkdir()
        said = messy.judge(file, messy.write(file, place), taking.book)
        outcome[said.split(":")[0]] += 1
        if said.startswith("WRONG"):
            print(f"  {seed} {file.faults}: {said}")
    line(f"{FILES} lists with three faults each", ", ".join(f"{n} {what}" for what, n in outcome.items()), "0 wrong")
    to_the_diff(folder)


def to_the_diff(folder: Path) -> None:
    """Time one large messy workbook from file to diff, as processes of their own; memory is that of both together."""
    path, profile = large(folder)
    command = moduong(
        *("roster", "import", path, "--dry-run", "--profile", profile, "--start", "2023-05-01"),
        *("--workspace", folder / "w"),
    )
    runs = [run(command) for _ in range(3)]
    child = run([sys.executable, "-m", "grader.roster.tables.worker", "xlsx", path])
    most = max(one.mebibytes for one in runs)
    line(
        f"{ROWS:,} rows of a messy workbook, from the file to the diff",
        f"{spread([one.seconds for one in runs])} s, {most:.0f} + {child.mebibytes:.0f} MiB (with the reading child)",
        "≤ 5 s, ≤ 500 MiB",
    )


def large(folder: Path) -> tuple[Path, Path]:
    """Write a list of ``ROWS`` people in 200 units with title rows and Vietnamese words; and its profile."""
    rng = random.Random(1)
    path, profile = folder / "lon.xlsx", folder / "profile.yaml"
    head = ("STT", "Họ đệm", "Tên", "Ngày sinh", "Chức vụ", "Đơn vị", "Từ ngày", "Số QĐ", "Điện thoại", "Ghi chú")
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("DS cán bộ")
        sheet.write(0, 0, "CÔNG ĐOÀN TỔNG CÔNG TY ĐIỆN LỰC MẪU")
        sheet.write_row(3, 0, head)
        for number in range(ROWS):
            start = date(2023, 1, 1) + timedelta(days=rng.randrange(900))
            birth = date(1970, 1, 1) + timedelta(days=number)
            post = rng.choice(("Chủ tịch CĐCS", "Phó Chủ tịch", "CTV", "Q. Chủ tịch"))
            sheet.write_row(4 + number, 0, (
                number + 1, f"Trần Thị {rng.choice(messy.GIVEN)}", f"{rng.choice(messy.GIVEN)} {number}",
                f"{birth:%d/%m/%Y}",
                post, f"Cty Điện lực Mẫu {number // 50:03}", f"{start:%d/%m/%Y}", f"{number}/QĐ", "", "",
            ))  # fmt: skip
    answers = dict(zip(
        ("stt", "ho dem", "ten", "ngay sinh", "chuc vu", "don vi", "tu ngay", "so qd", "dien thoai", "ghi chu"),
        ("ignore", "family", "given", "birth", "post", "unit", "start", "decision_no", "ignore", "ignore"), strict=True,
    ))  # fmt: skip
    lines = [f'  "column:posts:{key}": "{field}"' for key, field in answers.items()]
    lines += ['  "unit:*": "new:grassroots_union"', '  "top:*": "new"', '  "same:*": "each"', '  "person:*": "new"']
    profile.write_text("version: 1\nanswers:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path, profile
