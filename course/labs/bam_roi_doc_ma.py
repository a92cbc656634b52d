"""Bấm rồi đọc mã: choose what to keep and what to count; the lab shows the pandas lines that give the number, and runs them.

Each step is one line of pandas and the function that does the same; a test executes the lines and compares the results.
The records are invented: ``course/lessons/data/M10-ghi-nhan-mo-phong.csv``, one row per attempt of one person at one module.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

from course.vietnamese import show_number

TITLE: str = "Bấm rồi đọc mã"
TEACHES: str = (
    "Mã là một công thức viết sẵn: muốn có số của ngày chốt khác, chỉ đổi một dòng rồi chạy lại, "
    "và ai cầm cùng tệp, cùng công thức cũng ra đúng con số ấy."
)
DATA_FILE: Path = Path(__file__).parent.parent / "lessons" / "data" / "M10-ghi-nhan-mo-phong.csv"
LEADERS: dict[str, int] = {"TCT Mẫu 01": 24, "TCT Mẫu 02": 20, "TCT Mẫu 03": 16, "TCT Mẫu 04": 12}
"""Invented: leaders in office by corporation, from the roster, the same on every as-of date of the lab."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the recipe: the pandas line, what it says in Vietnamese, and the same as a function of the table."""

    code: str
    reads: str
    run: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the learner chose. ``as_of`` is an ISO date or empty; ``module`` is a module id or empty; ``count`` is a key of ``COUNTS``."""

    without_repeats: bool = False
    as_of: str = ""
    only_passed: bool = False
    module: str = ""
    count: str = "rows"


DATES: dict[str, str] = {"Chưa lọc ngày": "", "31/3/2026": "2026-03-31", "30/6/2026": "2026-06-30", "30/9/2026": "2026-09-30"}
MODULES: dict[str, str] = {"Mọi học phần": "", "Chỉ M01": "M01", "Chỉ M02": "M02"}

OPEN = 'loc = pd.read_csv(DATA, parse_dates=["ngay"])'
READS_OPEN = "Mở tệp, hiểu cột ngay là ngày tháng; gọi bảng là loc."


def _by_corporation(table: Any) -> Any:  # noqa: ANN401  # pandas has no types here
    """Return the number of different people of each corporation; one without any row shows 0, not nothing."""
    return table.groupby("tong_cong_ty")["person_id"].nunique().reindex(list(LEADERS), fill_value=0)


def _rate(table: Any) -> Any:  # noqa: ANN401
    """Return people by corporation in percent of its leaders."""
    import pandas as pd  # noqa: PLC0415  # the start-up of the page must stay light

    return _by_corporation(table) / pd.Series(LEADERS) * 100


def _digital_share(table: Any) -> Any:  # noqa: ANN401
    """Return the share of digital products by quarter, in percent, over rows that have both a date and a platform."""
    known = table.dropna(subset=["ngay", "nen_tang"])
    known = known.assign(quy=known["ngay"].dt.quarter, la_so=known["nen_tang"] == "số")
    return known.groupby("quy")["la_so"].mean() * 100


_PEOPLE_CODE = 'so_nguoi = loc.groupby("tong_cong_ty")["person_id"].nunique().reindex(list(lanh_dao), fill_value=0)'
COUNTS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "rows": ("Có bao nhiêu dòng?", (Step("ket_qua = len(loc)", "Đếm số dòng còn lại.", len),)),
    "repeats": (
        "Có bao nhiêu dòng lặp?",
        (Step("ket_qua = loc.duplicated().sum()", "Đếm dòng giống hệt một dòng đứng trước.", lambda t: int(t.duplicated().sum())),),
    ),
    "no_date": (
        "Có bao nhiêu dòng thiếu ngày?",
        (Step('ket_qua = loc["ngay"].isna().sum()', "Đếm dòng để trống cột ngay.", lambda t: int(t["ngay"].isna().sum())),),
    ),
    "people": (
        "Có bao nhiêu người khác nhau?",
        (Step('ket_qua = loc["person_id"].nunique()', "Đếm mã người, mỗi mã một lần.", lambda t: int(t["person_id"].nunique())),),
    ),
    "by_corporation": (
        "Mỗi tổng công ty có bao nhiêu người?",
        (
            Step(_PEOPLE_CODE, "Chia nhóm theo tổng công ty, đếm người; nơi chưa có ai hiện 0.", _by_corporation),
            Step("ket_qua = so_nguoi", "Lấy bảng đếm ấy làm kết quả.", lambda result: result),
        ),
    ),
    "rate": (
        "Tỉ lệ lãnh đạo theo tổng công ty?",
        (
            Step(_PEOPLE_CODE, "Chia nhóm theo tổng công ty, đếm người: tử số.", _rate),
            Step("ket_qua = so_nguoi / pd.Series(lanh_dao) * 100", "Chia cho số lãnh đạo trong danh sách: mẫu số.", lambda result: result),
        ),
    ),
    "digital": (
        "Tỉ trọng sản phẩm số theo quý?",
        (
            Step('loc = loc.dropna(subset=["ngay", "nen_tang"])', "Bỏ dòng thiếu ngày hoặc thiếu nền tảng.", _digital_share),
            Step(
                'loc = loc.assign(quy=loc["ngay"].dt.quarter, la_so=loc["nen_tang"] == "số")',
                "Thêm cột quý và cột đúng/sai: có phải sản phẩm số.",
                lambda result: result,
            ),
            Step('ket_qua = loc.groupby("quy")["la_so"].mean() * 100', "Trung bình của đúng/sai chính là tỉ trọng.", lambda result: result),
        ),
    ),
}


def steps(recipe: Recipe) -> list[Step]:
    """Return the lines after the opening one, in order."""
    found = []
    if recipe.without_repeats:
        found.append(Step("loc = loc.drop_duplicates()", "Bỏ dòng lặp, giữ dòng đầu.", lambda t: t.drop_duplicates()))
    if recipe.as_of:
        day = recipe.as_of
        found.append(Step(f'loc = loc[loc["ngay"] <= "{day}"]', "Giữ dòng có ngày không muộn hơn ngày chốt.", lambda t: t[t["ngay"] <= day]))
    if recipe.only_passed:
        found.append(Step('loc = loc[loc["ket_qua"] == "đạt"]', "Giữ dòng ghi đạt.", lambda t: t[t["ket_qua"] == "đạt"]))
    if recipe.module:
        name = recipe.module
        found.append(Step(f'loc = loc[loc["hoc_phan"] == "{name}"]', f"Giữ dòng của học phần {name}.", lambda t: t[t["hoc_phan"] == name]))
    return found + list(COUNTS[recipe.count][1])


def code(recipe: Recipe) -> list[str]:
    """Return the whole recipe as pandas lines; the last one names the result ``ket_qua``."""
    return [OPEN, *(step.code for step in steps(recipe))]


def run(recipe: Recipe) -> int | dict[str, float]:
    """Run the recipe on the lab's file: a count, or a number for each corporation or quarter (percent for rates)."""
    import pandas as pd  # noqa: PLC0415

    value: Any = pd.read_csv(DATA_FILE, parse_dates=["ngay"])
    for step in steps(recipe):
        value = step.run(value)
    return value if isinstance(value, int) else {_group(key): float(number) for key, number in value.items()}


def _group(key: object) -> str:
    return key if isinstance(key, str) else f"Quý {int(str(key))}"


def shown(number: float) -> str:
    """Write a number cut down to one decimal, with a decimal comma."""
    return show_number(Decimal(repr(round(number, 9))).quantize(Decimal("0.1"), ROUND_FLOOR))


def _unit(recipe: Recipe) -> str:
    return "%" if recipe.count in {"rate", "digital"} else " người" if recipe.count in {"people", "by_corporation"} else " dòng"


def result_text(recipe: Recipe) -> str:
    """Return the question and the number or numbers that the recipe gives."""
    value = run(recipe)
    if isinstance(value, int):
        return f"{COUNTS[recipe.count][0]} {value}{_unit(recipe)}."
    groups = "; ".join(f"{name}: {shown(number)}{_unit(recipe)}" for name, number in value.items())
    return f"{COUNTS[recipe.count][0]} {groups or 'không còn dòng nào'}."


def changed(before: Sequence[str], now: Sequence[str]) -> int:
    """Return how many lines of the recipe are new or different from those of the run before."""
    return sum(line not in before for line in now)


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
        ("Muốn biết gì", " ".join(question for question, _ in COUNTS.values())),
    )
    rows = "\n".join(f"| {name} | {values} |" for name, values in options)
    examples = "\n\n".join(f"```python\n{chr(10).join(code(recipe))}\n```\n\n{result_text(recipe)}" for recipe in EXAMPLES)
    return (
        f"### {TITLE}\n\nTệp mô phỏng ghi các lượt làm bài của lãnh đạo bốn tổng công ty. Mỗi dòng là một lượt.\n\n"
        f"| Lựa chọn | Các khả năng |\n|---|---|\n{rows}\n\n**Hai lần chạy mẫu.** Tìm dòng mã khác nhau, rồi đọc hai kết quả.\n\n{examples}\n\n"
        f"**Làm trên giấy.** Viết dòng mã cho ngày chốt 31/3/2026, chỉ học phần M01. Những dòng nào giữ nguyên?\n\n{TEACHES}\n"
    )


def _bars(value: dict[str, float], unit: str) -> str:
    """Return horizontal bars from 0 as an SVG picture; every number stands beside its bar."""
    top = 100.0 if unit == "%" else max([*value.values(), 1.0])
    rows = "".join(
        f'<text x="0" y="{26 + 34 * n}">{html.escape(name)}</text><rect x="110" y="{10 + 34 * n}" width="{150 * number / top:.1f}" height="22" '
        f'fill="#1f4e79"/><text x="{116 + 150 * number / top:.1f}" y="{26 + 34 * n}">{shown(number)}{unit}</text>'
        for n, (name, number) in enumerate(value.items())
    )
    label = "; ".join(f"{name}: {shown(number)}{unit}" for name, number in value.items())
    return (
        f'<svg viewBox="0 0 360 {34 * len(value) + 10}" role="img" aria-label="{html.escape(label, quote=True)}" '
        f'style="width:100%;max-width:460px;font-family:Noto Sans,sans-serif;font-size:15px">{rows}</svg>'
    )


def page(recipe: Recipe, before: Sequence[str]) -> str:
    """Return one run as HTML: the lines with their reading, what changed since the last run, the result."""
    lines = [Step(OPEN, READS_OPEN, len), *steps(recipe)]
    new = {line for line in code(recipe) if before and line not in before}
    shown_lines = "".join(
        f"<li><code style='white-space:pre-wrap;overflow-wrap:anywhere'>{html.escape(step.code)}</code>"
        f"<br>{html.escape(step.reads)}{' <b>(dòng vừa đổi)</b>' if step.code in new else ''}</li>"
        for step in lines
    )
    value = run(recipe)
    bars = _bars(value, _unit(recipe)) if isinstance(value, dict) else ""
    since = f"<p>So với lần chạy trước, {changed(before, code(recipe))} dòng đã đổi hoặc thêm.</p>" if before else ""
    return f"<ol>{shown_lines}</ol>{since}<p><b>{html.escape(result_text(recipe))}</b></p>{bars}<p><b>Điều rút ra:</b> {html.escape(TEACHES)}</p>"


def view() -> Any:  # noqa: ANN401  # ipywidgets has no types
    """Return the interactive lab; nothing is kept outside it."""
    import ipywidgets as w  # noqa: PLC0415  # only a learner's page needs widgets

    wide, half = w.Layout(width="100%", max_width="560px"), w.Layout(width="48%")
    repeats = w.Checkbox(description="Bỏ dòng lặp", indent=False, layout=wide)
    passed = w.Checkbox(description="Chỉ dòng ghi đạt", indent=False, layout=wide)
    as_of = w.Dropdown(options=list(DATES.items()), layout=wide)
    module = w.Dropdown(options=list(MODULES.items()), layout=wide)
    count = w.Dropdown(options=[(question, key) for key, (question, _) in COUNTS.items()], layout=wide)
    go, again, result = w.Button(description="Chạy", layout=half), w.Button(description="Thử lại", layout=half), w.HTML(layout=wide)
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
    intro = "<p>Tệp mô phỏng ghi các lượt làm bài của lãnh đạo bốn tổng công ty. Trước mỗi lần bấm Chạy, hãy đoán con số.</p>"
    labelled = [part for label, box in (("Ngày chốt", as_of), ("Học phần", module), ("Muốn biết gì?", count)) for part in (w.HTML(f"<b>{label}</b>"), box)]
    buttons = w.HBox([go, again], layout=w.Layout(width="100%", flex_flow="row wrap"))
    return w.VBox([w.HTML(intro, layout=wide), repeats, passed, *labelled, buttons, result], layout=wide)
