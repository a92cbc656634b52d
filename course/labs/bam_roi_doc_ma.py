"""Bấm rồi đọc mã: choose what to keep and what to count; the lab shows the pandas lines that give the number.

A test executes the lines shown, for every choice, and compares them with what the lab computed.
The records are invented: ``course/lessons/data/M10-ghi-nhan-mo-phong.csv``, one row per attempt at one module.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from course.vietnamese import show_number

TITLE: str = "Bấm rồi đọc mã"
TEACHES: str = (
    "Mã là một công thức viết sẵn: đổi ngày chốt chỉ phải đổi một dòng, và ai cầm cùng tệp, cùng công thức cũng ra "
    "cùng con số."
)
DATA_FILE: Path = Path(__file__).parent.parent / "lessons" / "data" / "M10-ghi-nhan-mo-phong.csv"
LEADERS: dict[str, int] = {"TCT Mẫu 01": 24, "TCT Mẫu 02": 20, "TCT Mẫu 03": 16, "TCT Mẫu 04": 12}
"""Invented: leaders in office by corporation, from the roster, the same on every as-of date of the lab."""


class Line(NamedTuple):
    """One pandas line and what it says in Vietnamese."""

    code: str
    reads: str


@dataclass(frozen=True, slots=True)
class Count:
    """One thing to count: the question, the unit of the answer, its lines, and the same as a function of the table."""

    question: str
    unit: str
    lines: tuple[Line, ...]
    run: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the learner chose: an ISO date or "", a module id or "", a key of ``COUNTS``."""

    without_repeats: bool = False
    as_of: str = ""
    only_passed: bool = False
    module: str = ""
    count: str = "rows"


DATES: dict[str, str] = {
    "Chưa lọc ngày": "",
    "31/3/2026": "2026-03-31",
    "30/6/2026": "2026-06-30",
    "30/9/2026": "2026-09-30",
}
MODULES: dict[str, str] = {"Mọi học phần": "", "Chỉ M01": "M01", "Chỉ M02": "M02"}
OPEN = Line('loc = pd.read_csv(DATA, parse_dates=["ngay"])', "Mở tệp có tên trong DATA, hiểu cột ngay là ngày tháng.")
_ROSTER = Line(f"lanh_dao = {LEADERS}".replace("'", '"'), "Số lãnh đạo đương nhiệm, lấy từ danh sách cán bộ.")
_GROUPS = Line(
    'so_nguoi = loc.groupby("tong_cong_ty")["person_id"].nunique().reindex(list(lanh_dao), fill_value=0)',
    "Chia nhóm theo tổng công ty, đếm người; nơi chưa có ai hiện 0.",
)


def _by_corporation(table: Any) -> Any:  # pandas has no types here
    """Return the number of different people of each corporation; one without any row shows 0, not nothing."""
    return table.groupby("tong_cong_ty")["person_id"].nunique().reindex(list(LEADERS), fill_value=0)


def _rate(table: Any) -> Any:
    """Return people by corporation in percent of its leaders."""
    import pandas as pd  # the start-up of the page must stay light

    return _by_corporation(table) / pd.Series(LEADERS) * 100


def _digital_share(table: Any) -> Any:
    """Return the share of digital products by quarter, in percent, over rows that have both a date and a platform."""
    known = table.dropna(subset=["ngay", "nen_tang"])
    known = known.assign(quy=known["ngay"].dt.quarter, la_so=known["nen_tang"] == "số")
    return known.groupby("quy")["la_so"].mean() * 100


COUNTS: dict[str, Count] = {
    "rows": Count("Có bao nhiêu dòng?", " dòng", (Line("ket_qua = len(loc)", "Đếm số dòng còn lại."),), len),
    "repeats": Count(
        "Có bao nhiêu dòng lặp?",
        " dòng",
        (Line("ket_qua = loc.duplicated().sum()", "Đếm dòng giống hệt một dòng đứng trước."),),
        lambda table: int(table.duplicated().sum()),
    ),
    "no_date": Count(
        "Có bao nhiêu dòng thiếu ngày?",
        " dòng",
        (Line('ket_qua = loc["ngay"].isna().sum()', "Đếm dòng để trống cột ngay."),),
        lambda table: int(table["ngay"].isna().sum()),
    ),
    "people": Count(
        "Có bao nhiêu người khác nhau?",
        " người",
        (Line('ket_qua = loc["person_id"].nunique()', "Đếm mã người, mỗi mã một lần."),),
        lambda table: int(table["person_id"].nunique()),
    ),
    "by_corporation": Count(
        "Mỗi tổng công ty có bao nhiêu người?",
        " người",
        (_ROSTER, _GROUPS, Line("ket_qua = so_nguoi", "Lấy bảng đếm ấy làm kết quả.")),
        _by_corporation,
    ),
    "rate": Count(
        "Tỉ lệ trên số lãnh đạo mỗi tổng công ty?",
        "%",
        (_ROSTER, _GROUPS, Line("ket_qua = so_nguoi / pd.Series(lanh_dao) * 100", "Tử số chia cho mẫu số, nhân 100.")),
        _rate,
    ),
    "digital": Count(
        "Tỉ trọng sản phẩm số theo quý?",
        "%",
        (
            Line('loc = loc.dropna(subset=["ngay", "nen_tang"])', "Bỏ dòng thiếu ngày hoặc thiếu nền tảng."),
            Line(
                'loc = loc.assign(quy=loc["ngay"].dt.quarter, la_so=loc["nen_tang"] == "số")',
                "Thêm cột quý và cột đúng/sai: có phải sản phẩm số.",
            ),
            Line('ket_qua = loc.groupby("quy")["la_so"].mean() * 100', "Trung bình của đúng/sai chính là tỉ trọng."),
        ),
        _digital_share,
    ),
}


def keep(recipe: Recipe) -> list[tuple[Line, Callable[[Any], Any]]]:
    """Return the lines that narrow the table, each with the same as a function."""
    day, name = recipe.as_of, recipe.module
    found: list[tuple[bool, Line, Callable[[Any], Any]]] = [
        (recipe.without_repeats, Line("loc = loc.drop_duplicates()", "Bỏ dòng lặp."), lambda t: t.drop_duplicates()),
        (
            bool(day),
            Line(f'loc = loc[loc["ngay"] <= "{day}"]', "Giữ dòng không muộn hơn ngày chốt."),
            lambda t: t[t["ngay"] <= day],
        ),
        (
            recipe.only_passed,
            Line('loc = loc[loc["ket_qua"] == "đạt"]', "Giữ dòng ghi đạt."),
            lambda t: t[t["ket_qua"] == "đạt"],
        ),
        (
            bool(name),
            Line(f'loc = loc[loc["hoc_phan"] == "{name}"]', f"Giữ dòng của {name}."),
            lambda t: t[t["hoc_phan"] == name],
        ),
    ]
    return [(line, run) for wanted, line, run in found if wanted]


def lines(recipe: Recipe) -> list[Line]:
    """Return the whole recipe, line by line; the last one names the result ``ket_qua``."""
    return [OPEN, *(line for line, _ in keep(recipe)), *COUNTS[recipe.count].lines]


def code(recipe: Recipe) -> list[str]:
    """Return the recipe's pandas lines."""
    return [line.code for line in lines(recipe)]


def run(recipe: Recipe) -> int | dict[str, float]:
    """Run the recipe on the lab's file: a count, or a number for each corporation or quarter (percent for rates)."""
    import pandas as pd

    table: Any = pd.read_csv(DATA_FILE, parse_dates=["ngay"])
    for _, narrow in keep(recipe):
        table = narrow(table)
    value = COUNTS[recipe.count].run(table)
    return value if isinstance(value, int) else {_group(key): float(number) for key, number in value.items()}


def _group(key: object) -> str:
    return key if isinstance(key, str) else f"Quý {int(str(key))}"


def shown(number: float) -> str:
    """Write a number cut down to one decimal, with a decimal comma."""
    return show_number(Decimal(repr(round(number, 9))).quantize(Decimal("0.1"), ROUND_FLOOR))


def result_text(recipe: Recipe) -> str:
    """Return the question and the number or numbers that the recipe gives."""
    value, count = run(recipe), COUNTS[recipe.count]
    if isinstance(value, int):
        return f"{count.question} {value}{count.unit}."
    groups = "; ".join(f"{name}: {shown(number)}{count.unit}" for name, number in value.items())
    return f"{count.question} {groups or 'không còn dòng nào'}."


def changed(before: Sequence[str], now: Sequence[str]) -> int:
    """Return how many lines of the recipe are new or different from those of the run before."""
    return sum(line not in before for line in now)


INTRO = "Tệp mô phỏng ghi các lượt làm bài của lãnh đạo bốn tổng công ty. Mỗi dòng là một lượt."
EXAMPLES: tuple[Recipe, ...] = (
    Recipe(without_repeats=True, as_of="2026-06-30", only_passed=True, count="people"),
    Recipe(without_repeats=True, as_of="2026-09-30", only_passed=True, count="people"),
)


def text() -> str:
    """Return the lab as Markdown, to be done on paper."""
    options = (
        ("Dòng lặp", "để nguyên, hoặc bỏ"),
        ("Ngày chốt", ", ".join(DATES)),
        ("Kết quả", "mọi dòng, hoặc chỉ dòng ghi đạt"),
        ("Học phần", ", ".join(MODULES)),
        ("Muốn biết gì", " ".join(count.question for count in COUNTS.values())),
    )
    rows = "\n".join(f"| {name} | {values} |" for name, values in options)
    examples = "\n\n".join(
        f"```python\n{chr(10).join(code(recipe))}\n```\n\n{result_text(recipe)}" for recipe in EXAMPLES
    )
    return (
        f"### {TITLE}\n\n{INTRO}\n\n| Lựa chọn | Các khả năng |\n|---|---|\n{rows}\n\n"
        f"**Hai lần chạy mẫu.** Tìm dòng mã khác nhau, rồi đọc hai kết quả.\n\n{examples}\n\n"
        "**Làm trên giấy.** Viết công thức cho ngày chốt 31/3/2026, chỉ học phần M01. Những dòng nào giữ nguyên?\n\n"
        f"{TEACHES}\n"
    )


def _bars(value: dict[str, float], unit: str) -> str:
    """Return horizontal bars from 0 as an SVG picture; every number stands beside its bar."""
    top = 100.0 if unit == "%" else max([*value.values(), 1.0])
    rows = ""
    for n, (name, number) in enumerate(value.items()):
        y, width = 10 + 34 * n, 150 * number / top
        rows += (
            f'<text x="0" y="{y + 16}">{html.escape(name)}</text>'
            f'<rect x="110" y="{y}" width="{width:.1f}" height="22" fill="#1f4e79"/>'
            f'<text x="{116 + width:.1f}" y="{y + 16}">{shown(number)}{unit}</text>'
        )
    label = "; ".join(f"{name}: {shown(number)}{unit}" for name, number in value.items())
    return (
        f'<svg viewBox="0 0 360 {34 * len(value) + 10}" role="img" aria-label="{html.escape(label, quote=True)}" '
        f'style="width:100%;max-width:460px;font-family:Noto Sans,sans-serif;font-size:15px">{rows}</svg>'
    )


def page(recipe: Recipe, before: Sequence[str]) -> str:
    """Return one run as HTML: the lines with their reading, what changed since the last run, the result."""
    shown_lines = "".join(
        f"<li><code style='white-space:pre-wrap;overflow-wrap:anywhere'>{html.escape(line.code)}</code>"
        f"<br>{html.escape(line.reads)}{' <b>(dòng vừa đổi)</b>' if before and line.code not in before else ''}</li>"
        for line in lines(recipe)
    )
    value = run(recipe)
    bars = _bars(value, COUNTS[recipe.count].unit) if isinstance(value, dict) else ""
    number = changed(before, code(recipe))
    since = f"<p>So với lần chạy trước, {number} dòng đã đổi hoặc thêm.</p>" if before else ""
    result = f"<p><b>{html.escape(result_text(recipe))}</b></p>{bars}"
    return f"<ol>{shown_lines}</ol>{since}{result}<p><b>Điều rút ra:</b> {html.escape(TEACHES)}</p>"


def view() -> Any:  # ipywidgets has no types
    """Return the interactive lab; nothing is kept outside it."""
    import ipywidgets as w  # only a learner's page needs widgets

    wide, half = w.Layout(width="100%", max_width="560px"), w.Layout(width="48%")
    repeats = w.Checkbox(description="Bỏ dòng lặp", indent=False, layout=wide)
    passed = w.Checkbox(description="Chỉ dòng ghi đạt", indent=False, layout=wide)
    as_of = w.Dropdown(options=list(DATES.items()), tooltip="Ngày chốt", layout=wide)
    module = w.Dropdown(options=list(MODULES.items()), tooltip="Học phần", layout=wide)
    count = w.Dropdown(options=[(count.question, key) for key, count in COUNTS.items()], layout=wide)
    count.tooltip = "Muốn biết gì"
    go, again = w.Button(description="Chạy", layout=half), w.Button(description="Thử lại", layout=half)
    result = w.HTML(layout=wide)
    last: list[str] = []

    def show(_button: object) -> None:
        recipe = Recipe(repeats.value, as_of.value, passed.value, module.value, count.value)
        result.value = page(recipe, tuple(last))
        last[:] = code(recipe)

    def reset(_button: object) -> None:
        repeats.value, passed.value, as_of.value, module.value, count.value = False, False, "", "", "rows"
        result.value = ""
        last.clear()

    go.on_click(show)
    again.on_click(reset)
    intro = w.HTML(f"<p>{INTRO} Trước mỗi lần bấm Chạy, hãy đoán con số.</p>", layout=wide)
    named = (("Ngày chốt", as_of), ("Học phần", module), ("Muốn biết gì?", count))
    labelled = [part for label, box in named for part in (w.HTML(f"<b>{label}</b>"), box)]
    buttons = w.HBox([go, again], layout=w.Layout(width="100%", flex_flow="row wrap"))
    return w.VBox([intro, repeats, passed, *labelled, buttons, result], layout=wide)
