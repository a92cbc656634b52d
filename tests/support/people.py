"""The people of the tests.

An author, cadres, an instructor and a coordinator who act on real files, nbgrader and a real database.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from sqlalchemy.engine import Engine

from course import drawing
from course.answers import AnswerSet, AnswerStore, release_id
from course.exchange import Exchange
from course.handin import Receipt, hand_in
from course.released import attempts_so_far
from grader.completion.records import Completion
from grader.gradebook import keys, ledger, nbgrader_bridge
from grader.ground import database, syllabus
from grader.ground.workspace import Workspace, open_workspace
from grader.intake import collect
from grader.intake.collect import Policy, Taken
from grader.marking import due, grade, marks
from grader.publish import build, release
from grader.report import run as reporting
from grader.roster import read as roster
from grader.roster import store as roster_store
from grader.text import module_text
from tests.support.command import forked

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

SINGLE = """\
```{item} T01-Q01
type: single
points: 2
outcome: 1
level: apply
stem: Việc nào nên làm trước tiên?
options:
  - {text: "Chi tiền quảng cáo cho bài viết.", feedback: "Quảng cáo làm mạnh một kênh mà tổ có thể không dùng."}
  - {text: "Hỏi tổ trưởng anh em nhận tin ở đâu.", correct: true, feedback: "Hiểu thói quen của nhóm rồi mới chọn kênh phù hợp."}
  - {text: "Đăng lại bài mỗi ngày một lần.", feedback: "Lặp lại trên kênh chưa phù hợp thì vẫn không ai thấy."}
```
"""  # noqa: E501
NUMBER = """\
```{item} T01-Q02
type: number
points: 3
outcome: 1
level: apply
critical: 2
stem: Có 240 đoàn viên, 219 người xác nhận đã đọc.
parts:
  - {label: Tỉ lệ tiếp cận, unit: "%", value: 91.25, tol: 0.05, points: 2, feedback: [{value: 0.9125, text: "Đây là tỉ số, hãy nhân với một trăm để ra phần trăm."}]}
  - {label: Số người còn thiếu, unit: người, value: 9, points: 1}
```
"""  # noqa: E501
ESSAY = """\
```{item} T02-Q01
type: essay
points: 4
outcome: 1
level: create
component_min: 2
stem: Viết lời phản hồi cho tổ vận hành ca đêm.
words: [20, 250]
rubric:
  - {id: R1, text: Lắng nghe, levels: {"0": Trách móc, "1": Chung chung, "2": Thừa nhận đúng việc chưa trả lời}}
  - {id: R2, text: Bước làm, levels: {"0": Không nêu, "1": Thiếu ngày, "2": Đủ người và ngày}}
```
"""
TEXT_ITEM = """\
```{item} T02-Q02
type: text
points: 1
outcome: 1
level: understand
stem: Gọi tên khái niệm.
accept: [đường cơ sở]
```
"""
LESSON = """\
---
module: T01
title: Bài học thử
minutes: 10
outcomes:
  - {text: "Chọn việc nên làm.", codes: [DC1.1]}
---
# Bài học thử

```{item} T01-P01
type: single
practice: true
outcome: 1
stem: Câu tự luyện
options:
  - {text: "Phương án một", correct: true, feedback: "Vì phương án này đúng với bài học."}
  - {text: "Phương án hai", feedback: "Vì phương án này chưa hợp với bài học."}
```
"""
COURSE = """\
course: {id: thu, version: "1.0.0", time_zone: Asia/Ho_Chi_Minh, title: Khóa thử}
modules:
  T01: {title: "Học phần thử một", part: 1, points: 5, pass_mark: 4}
  T02: {title: "Học phần thử hai", part: 1, points: 5, pass_mark: 4}
tracks: {leader: [T01, T02], officer: [T01]}
attempts: {limit: 3, wait_hours: 12}
targets:
  set: thu-1
  CT70: {title: Lãnh đạo, track: leader, goal: [7, 10], by: 2028-12-31, counts_from: 2023-12-29, posts: [chair, vice_chair, acting_chair],
         unit_kinds: [grassroots_union, member_grassroots_union, section_union], under: corporation}
  CT100B: {title: Cán bộ truyền thông, track: officer, goal: [1, 1], by: 2028-12-31, counts_from: 2023-12-29, posts: [comms_officer],
         unit_kinds: [grassroots_union], under: union}
"""  # noqa: E501
RIGHT: Mapping[str, Mapping[str, Any]] = {
    "T01": {"T01-Q01": "B", "T01-Q02": {"a": "91,25", "b": "9"}},
    "T02": {
        "T02-Q01": "Cảm ơn anh em. Tuần này tôi gặp tổ ca đêm lúc giao ca và báo lại vào thứ sáu.",
        "T02-Q02": "đường cơ sở",
    },
}
WRONG: Mapping[str, Mapping[str, Any]] = {
    "T01": {"T01-Q01": "A", "T01-Q02": {"a": "50", "b": "1"}},
    "T02": {"T02-Q02": "không nhớ"},
}


@dataclass
class Author:
    """Writes a tiny course of two modules: ``folder/course`` public, ``folder/exercises`` staff."""

    folder: Path

    @property
    def course(self) -> Path:
        return self.folder / "course"

    @property
    def exercises(self) -> Path:
        return self.folder / "exercises"

    def writes(self, module: str, *items: str) -> Path:
        path = self.exercises / module / "exercise.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"---\nmodule: {module}\ntitle: Bài tập {module}\n---\nAnh/chị đọc kỹ câu hỏi.\n\n" + "\n".join(items),
            encoding="utf-8",
        )
        return path

    def writes_course(self) -> Author:
        (self.course / "lessons").mkdir(parents=True, exist_ok=True)
        (self.course / "course.yaml").write_text(COURSE, encoding="utf-8")
        (self.course / "lessons" / "T01.md").write_text(LESSON, encoding="utf-8")
        self.writes("T01", SINGLE, NUMBER)
        self.writes("T02", ESSAY, TEXT_ITEM)
        return self

    def text(self, module: str) -> module_text.ModuleText:
        return module_text.read(syllabus.load(self.course / "course.yaml"), module, self.exercises, self.course)


@dataclass
class Instructor:
    """Builds, releases, collects, grades and marks in a workspace."""

    author: Author
    root: Path
    now: datetime = MONDAY
    workspace: Workspace = field(init=False)
    engine: Engine = field(init=False)
    rules: syllabus.Syllabus = field(init=False)

    def __post_init__(self) -> None:
        self.rules = syllabus.load(self.author.course / "course.yaml")
        self.workspace = open_workspace(self.root, self.rules.course.id)
        self.engine = nbgrader_bridge.open_gradebook(self.workspace)

    def releases(self, *modules: str) -> Instructor:
        for module in modules or tuple(self.rules.modules):
            text = self.author.text(module)
            build.build(self.workspace, text)
            release.release(self.workspace, text)
        release.announce(self.workspace, self.rules)
        return self

    def policy(self) -> Policy:
        with self.engine.connect() as connection:
            people = roster_store.person_ids(connection, self.workspace.roster())
        released = [m for m in self.rules.modules if self.workspace.release(m).exists()]
        marked = [m for m in released if any(i["manual"] for i in grade.load_key(self.workspace, m)["items"])]
        return Policy(
            *(
                self.rules.attempts.limit,
                self.rules.attempts.wait_hours,
                frozenset(marked),
                frozenset(released),
                people,
            ),
            self.rules.course.language,
            self.rules.course.id,
        )

    def collects(self, *, hours_later: float = 0, source: Path | None = None) -> list[Taken]:
        self.now += timedelta(hours=hours_later)
        inbound = self.workspace.inbound(self.rules.course.id)
        entries = (
            collect.from_path(source, self.now)
            if source
            else collect.from_exchange(inbound, self.now, collect.seen(self.engine))
        )
        return list(collect.collect(self.workspace, self.engine, entries, self.policy(), simulated=True))

    def grades(self, *modules: str, again: bool = False) -> int:
        count = 0
        for module in modules or tuple(self.rules.modules):
            marks.read_marks(self.workspace, self.engine, module, self.now)
            with self.engine.connect() as connection:
                waiting = due.pending(connection, module, again=again)
            known = keys.read(self.workspace, module, grade.load_key(self.workspace, module))
            for job in grade.jobs(self.workspace, known, waiting, grade.CHUNK, "regrade" if again else "grade"):
                graded = grade.run(job)
                grade.commit(self.engine, module, graded, self.now)
                count += len(graded)
        return count

    def marks(self, person: str, module: str, grade_id: str, points: float, comment: str = "") -> None:
        """Give a mark through nbgrader's own gradebook API, as formgrader does."""
        from nbgrader.api import Gradebook

        with Gradebook(self.workspace.database, self.rules.course.id) as book:
            row = book.find_grade(grade_id, module, module, person)
            row.manual_score = points
            row.needs_manual_grade = False
            if comment:
                book.find_comment(grade_id, module, module, person).manual_comment = comment
            book.db.commit()

    def ledger(self) -> list[dict[str, str]]:
        with self.engine.connect() as connection:
            return [
                dict(zip(ledger.COLUMNS, row, strict=True))
                for row in ledger.export_rows(connection, self.rules.course.zone, self.rules.modules)
            ]


@dataclass
class Cadre:
    """Fetches, answers and hands in, with the page's own answer store."""

    person: str
    instructor: Instructor

    @property
    def home(self) -> Path:
        path = self.instructor.workspace.learner(self.person)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def exchange(self) -> Exchange:
        return Exchange(self.instructor.workspace.exchange, self.instructor.rules.course.id, self.person, self.home)

    def fetches(self, module: str) -> Path:
        if not (self.home / module).exists():
            self.exchange.fetch(module)
        return self.home / module

    def answers(self, module: str, values: Mapping[str, Any] | None = None) -> Cadre:
        folder = self.fetches(module)
        number = 1 + attempts_so_far(folder)
        release_name = release_id((folder / "items.json").read_bytes())
        store = AnswerStore(
            folder, AnswerSet(module, {}, self.instructor.rules.course.id, release_name, self.person, number)
        )
        for seq, (item, value) in enumerate((RIGHT[module] if values is None else values).items()):
            store.put(item, value, self.draws(module, item), number * 1000 + seq)
        return self

    def draws(self, module: str, item: str) -> int:
        """Return which body of a question this attempt shows; the first where there is no such question."""
        folder = self.fetches(module)
        asked = drawing.questions((folder / "items.json").read_bytes())
        shown = {str(one["id"]): asked.draw(self.person, one, 1 + attempts_so_far(folder)) for one in asked.items}
        return shown.get(item, 0)

    def hands_in(self, module: str) -> Receipt:
        return hand_in(self.home / module, self.exchange, self.instructor.now)


@dataclass
class Coordinator:
    """Keeps the roster and asks how far the union is."""

    instructor: Instructor

    def enters(self, units: str, people: str, posts: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("units", units), ("people", people), ("posts", posts)):
                (Path(folder) / f"{name}.csv").write_text(dedent(text).lstrip(), encoding="utf-8")
            found = roster.read(Path(folder))
        with database.writing(self.instructor.engine) as connection:
            roster_store.save(connection, found)

    def asks(self, day: str) -> Completion:
        now = datetime(2026, 12, 1, tzinfo=UTC)
        return reporting.count(
            self.instructor.rules, lambda: self.instructor.engine, date.fromisoformat(day), now, None, None
        )


def moduong(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return forked(
        "grader", tuple(map(str, arguments)), cwd or ROOT, {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    )


def stock_nbgrader(root: Path, *arguments: str, **environment: str) -> str:
    """Run one command of stock nbgrader in the workspace, in a process of its own; it must succeed.

    Returns:
        What it wrote.
    """
    done = forked("nbgrader", arguments, root, {**os.environ, "PYTHONPATH": str(ROOT), **environment})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


def as_yaml(text: str, spaces: int = 2) -> str:
    """Indent a block for YAML."""
    return indent(dedent(text), " " * spaces)


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_bytes())
