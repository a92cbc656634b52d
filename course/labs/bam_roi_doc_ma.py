"""Bấm rồi đọc mã: choose what to keep and what to count; the lab shows the pandas lines that give the number.

The lab itself counts in plain Python; a test executes the lines shown, for every choice, and compares the numbers.
The records are invented: ``course/lessons/data/M10-ghi-nhan-mo-phong.csv``, one row per attempt at one module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from html import escape

from course.labs.models.recipe import COUNTS, DATES, MODULES, RECIPES, Recipe, code, lines, run
from course.labs.shared.drawing import Bar, bars
from course.labs.shared.parts import Button, Choice, Parts, Say, Tick, again
from course.labs.shared.state import put, whole
from course.vietnamese import show_number

TITLE: str = "Bấm rồi đọc mã"
TEACHES: str = (
    "Mã là một công thức viết sẵn: đổi ngày chốt chỉ phải đổi một dòng, và ai cầm cùng tệp, cùng công thức cũng ra "
    "cùng con số."
)


def shown(number: Fraction) -> str:
    """Write a number cut down to one decimal, with a decimal comma."""
    return show_number((Decimal(number.numerator) / number.denominator).quantize(Decimal("0.1"), ROUND_FLOOR))


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
        ("Ngày chốt", ", ".join(DATES.values())),
        ("Kết quả", "mọi dòng, hoặc chỉ dòng ghi đạt"),
        ("Học phần", ", ".join(MODULES.values())),
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


def _bars(value: dict[str, Fraction], unit: str) -> str:
    """Return bars from 0 as an SVG picture; every number stands above its bar."""
    top = Fraction(100) if unit == "%" else max([*value.values(), Fraction(1)])
    rows = [Bar(f"{name}: {shown(number)}{unit}", number / top) for name, number in value.items()]
    return bars("; ".join(row.said for row in rows), rows) if rows else ""


@dataclass(frozen=True, slots=True)
class State(Recipe):
    """The recipe being chosen; the places in ``RECIPES`` of the one run last and of the one before (−1: none)."""

    ran: int = whole(-1, len(RECIPES) - 1, -1)
    before: int = whole(-1, len(RECIPES) - 1, -1)

    @property
    def recipe(self) -> Recipe:
        """Return the recipe alone."""
        return Recipe(self.without_repeats, self.as_of, self.only_passed, self.module, self.count)


def start() -> State:
    """Return the lab before the first run."""
    return State()


def show(state: State) -> Parts:
    """Return what can be chosen, and the last run: its lines, its result, what changed since the run before."""
    questions = tuple((key, count.question) for key, count in COUNTS.items())
    said, drawn, listed = _page(state) if state.ran >= 0 else ("", "", "")
    return (
        Say("intro", f"<p>{INTRO} Trước mỗi lần bấm Chạy, hãy đoán con số.</p>"),
        Tick("without_repeats", "Bỏ dòng lặp", state.without_repeats),
        Tick("only_passed", "Chỉ dòng ghi đạt", state.only_passed),
        Choice("as_of", "Ngày chốt", state.as_of, tuple(DATES.items())),
        Choice("module", "Học phần", state.module, tuple(MODULES.items())),
        Choice("count", "Muốn biết gì?", state.count, questions),
        again(Button("run", "Chạy")),
        Say("lines", listed),
        Say("said", said, live=True),
        Say("drawn", drawn),
    )


def _page(state: State) -> tuple[str, str, str]:
    """Return the last run as HTML: the result in words, drawn, and the lines with their reading."""
    recipe = RECIPES[state.ran]
    before = code(RECIPES[state.before]) if state.before >= 0 else []
    listed = "".join(
        f"<li><code>{escape(line.code)}</code><br>{line.reads}"
        f"{' <b>(dòng vừa đổi)</b>' if before and line.code not in before else ''}</li>"
        for line in lines(recipe)
    )
    since = f"<p>So với lần chạy trước, {changed(before, code(recipe))} dòng đã đổi hoặc thêm.</p>" if before else ""
    value = run(recipe)
    drawn = _bars(value, COUNTS[recipe.count].unit) if isinstance(value, dict) else ""
    return (
        f"{since}<p><b>{result_text(recipe)}</b></p>",
        f"{drawn}<p><b>Điều rút ra:</b> {TEACHES}</p>",
        f"<ol>{listed}</ol>",
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step."""
    if control == "again":
        return start()
    if control == "run":
        return replace(state, before=state.ran, ran=RECIPES.index(state.recipe))
    return put(state, control, value)
