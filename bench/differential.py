"""Three hundred submissions graded by both engines.

Equal scores wherever stock nbgrader is right, every difference with its reason.

What a submission deserves is known beforehand: from its answers for data items, from how it was written for code.
Ours must give exactly
that in every case; stock must where nothing is said against it. ``python -m bench differential [COUNT]``.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import stock
from bench.damage import damages
from bench.fuzz import ODD, _in_structure
from bench.measure import ROOT, heading, line, moduong, run
from course.answers import Answer, AnswerSet, embed
from grader.gradebook import nbgrader_bridge
from grader.ground import syllabus
from grader.ground.workspace import Workspace, open_workspace
from grader.intake import confirm
from grader.itemtypes.invented import simulate
from grader.marking import grade
from grader.marking.judge import Judge
from grader.publish import build, release
from grader.text import module_text

COUNT = 300
COURSE = "truyen-thong-so"
NOW = "2026-10-01T08:00:00+07:00"
STAMP = "2026-10-01 01:00:00.000000 UTC"
TINY = """---
module: D01
title: Bài tập thử
---
```{item} D01-Q01
type: single
points: 2
outcome: 1
level: apply
stem: Việc nào nên làm trước tiên?
options:
  - {text: "Chi tiền quảng cáo cho bài viết.", feedback: "Quảng cáo làm mạnh một kênh mà tổ có thể không dùng."}
  - {text: "Hỏi tổ trưởng anh em nhận tin ở đâu.", correct: true, feedback: "Hiểu thói quen của nhóm rồi mới chọn kênh phù hợp."}
```
```{item} D01-Q02
type: number
points: 3
outcome: 1
level: apply
stem: Có 240 đoàn viên, 219 người xác nhận đã đọc.
parts:
  - {label: Tỉ lệ tiếp cận, unit: "%", value: 91.25, tol: 0.05, points: 2}
  - {label: Số người còn thiếu, unit: người, value: 9, points: 1}
```
```{item} D01-Q03
type: code
points: 4
outcome: 1
level: apply
stem: Viết hàm gap_doi trả về gấp đôi một số.
given: ""
starter: |
  def gap_doi(x):
      ...
solution: |
  def gap_doi(x):
      return 2 * x
data: []
checks:
  - {call: "gap_doi(21)", points: 4, feedback: "Hàm phải trả về gấp đôi số được đưa vào, không phải in ra."}
```
"""  # noqa: E501
SOLVED = "def gap_doi(x):\n    return 2 * x\n"
DATA: Mapping[str, Any] = {"D01-Q01": "B", "D01-Q02": {"a": "91,25", "b": "9"}}
STDERR, ODDLY, SHARED = (
    "anything on stderr in the test cell is 0 points",
    "an output that is no number is full points",
    "learner's code runs in the kernel of the tests",
)
READS, DIES, VISIBLE = (
    "learner's code can read keys and tests",
    "the kernel died: no score at all",
    "the tests see one data set only: copied numbers pass",
)
ABORTS, NO_FILE = (
    "damaged cells or metadata stop the submission (and the batch)",
    "a file of another name or format is not graded",
)
CODE: Mapping[str, tuple[str, int, str]] = {
    "plain": (SOLVED, 4, ""),
    "prints": (SOLVED + "print('xong', gap_doi(2))\n", 4, ""),
    "wrong": ("def gap_doi(x):\n    return x + 2\n", 0, ""),
    "syntax error": ("def gap_doi(x)\n    return 2 * x\n", 0, ""),
    "raises": ("def gap_doi(x):\n    raise ValueError(x)\n", 0, ""),
    "asks": ("n = input()\n" + SOLVED, 0, ""),
    "recursion": ("def gap_doi(x):\n    return gap_doi(x)\n", 0, ""),
    "warns": ("import warnings\ndef gap_doi(x):\n    warnings.warn('cũ rồi')\n    return 2 * x\n", 4, STDERR),
    "progress on stderr": (
        "import sys\ndef gap_doi(x):\n    print('50 %', file=sys.stderr)\n    return 2 * x\n",
        4,
        STDERR,
    ),
    "displayhook": ("def gap_doi(x):\n    get_ipython().displayhook('xong')\n    return 0\n", 0, ODDLY),
    "own ==": (
        "class So:\n    def __eq__(self, other):\n        return True\ndef gap_doi(x):\n    return So()\n",
        0,
        SHARED,
    ),
    "drops asserts": (
        (
            "import ast\nclass Bo(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return "
            "None\nget_ipython().ast_transformers.append(Bo())\n"
        ),
        0,
        SHARED,
    ),
    "reads the key": (
        (
            "import json, pathlib\ngoc = next(p for p in pathlib.Path.cwd().parents if (p / 'gradebook.db').exists())\n"
            "khoa = json.loads((goc / 'keys' / 'D01.json').read_text())\nmuon = "
            "khoa['items'][2]['variants'][0]['expected'][0][0]\ndef gap_doi(x):\n    return muon\n"
        ),
        0,
        READS,
    ),
    "dies": (SOLVED + "import os\nos._exit(0)\n", 0, DIES),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One submission.

    What is answered and what it deserves, what is done to its notebook, which files come, where stock is wrong.

    Attributes:
        kind: for the table.
        values: item → answer.
        deserved: cell → points.
        change: what happens to the notebook before it is written, and ``raw`` to its bytes.
        names: file names under which ``answers.json`` and the notebook come; empty: it is missing.
        reason: why stock may differ; empty: it may not.
        only_none: stock may fail to give a score, but not give another one.
    """

    kind: str
    module: str
    values: Mapping[str, Any]
    deserved: Mapping[str, float]
    change: Callable[[dict[str, Any]], object] = lambda _: None
    raw: Callable[[bytes], bytes] = lambda raw: raw
    names: tuple[str, str] = ("answers.json", "{}.ipynb")
    reason: str = ""
    only_none: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of submission: how many, in how many stock differed, how, and why."""

    kind: str
    count: int
    differ: int
    how: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The table, and what should not be."""

    rows: tuple[Row, ...]
    failures: tuple[str, ...]
    seconds: tuple[float, float]


def workspace(folder: Path) -> Workspace:
    """Return a workspace with a tiny module of three items, M02, and the code module M10."""
    course = folder / "course"
    course.mkdir()
    rules = (ROOT / "course" / "course.yaml").read_text(encoding="utf-8")
    start = rules.index("modules:\n") + len("modules:\n")
    text = rules[:start] + '  D01: {title: "Bài thử", part: 1, points: 9, pass_mark: 5}\n' + rules[start:]
    (course / "course.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "exercises", folder / "exercises", ignore=lambda *_: [])
    (folder / "exercises" / "D01").mkdir()
    (folder / "exercises" / "D01" / "exercise.md").write_text(TINY, encoding="utf-8")
    shutil.copy(ROOT / "course" / "law_facts.yaml", course)
    loaded = syllabus.load(course / "course.yaml")
    space = open_workspace(folder / "workspace", loaded.course.id)
    for module in ("D01", "M02", "M10"):
        one = module_text.read(loaded, module, folder / "exercises", course)
        build.build(space, one)
        release.release(space, one)
    nbgrader_bridge.open_gradebook(space).dispose()
    return space


def cases(space: Workspace) -> list[Case]:
    """Return the three hundred, group by group."""
    keys = {module: {i["id"]: i for i in grade.load_key(space, module)["items"]} for module in ("D01", "M02", "M10")}
    found = [_random(keys["M02"], n) for n in range(100)]
    found += [_honest_code(keys["M10"], n) for n in range(60)]
    found += [_copied(keys["M10"]) for _ in range(2)]
    found += [
        _tiny(f"code: {name}", code, points, reason) for _ in range(4) for name, (code, points, reason) in CODE.items()
    ]
    found += _files()
    found += [
        replace(_tiny(f"damaged: {name}"), change=change, reason=ABORTS)
        for name, change in damages("D01-Q01", "D01-Q02").items()
    ]
    found += [
        replace(_tiny("fuzzed notebook"), change=_fuzz(n), reason=ABORTS, only_none=True)
        for n in range(COUNT - len(found))
    ]
    return found


def _random(items: Mapping[str, Any], number: int) -> Case:
    rng = random.Random(number)
    draw = [simulate.right, lambda i: simulate.wrong(i, rng), lambda _: rng.choice(_PLAIN_ODD)]
    values = {name: rng.choices(draw, (5, 4, 2))[0](item) for name, item in items.items() if rng.random() < 0.9}
    scores = Judge({"items": list(items.values())}).score(AnswerSet("M02", {i: Answer(v) for i, v in values.items()}))
    return Case(
        "random answers, M02",
        "M02",
        values,
        {i: float(s.automatic) for i, s in scores.items() if items[i]["automatic"] is not None},
    )


_PLAIN_ODD = [o for o in ODD if not isinstance(o, float) and o not in ("\ud800", 10**400, 1 << 70)]
"""Odd answers that JSON can carry to both engines."""


def _honest_code(items: Mapping[str, Any], number: int) -> Case:
    """Return M10 with code that is right, noisy, wrong in known variables, or left as it was."""
    rng = random.Random(number)
    values, deserved = {}, {}
    for name, item in items.items():
        if item["type"] != "code":
            continue
        body = item["variants"][0]
        lost = [c for c in body["checks"] if rng.random() < 0.15]
        code = (
            body["solution"]
            + ("\nprint(bang.head())\n" if rng.random() < 0.3 else "")
            + "".join(f"\n{c['value']} = 'chưa rõ'" for c in lost)
        )
        earned = float(item["points"]) - sum(float(c["points"]) for c in lost)
        values[name], deserved[name] = rng.choices([(code, earned), (body["starter"], 0.0)], (9, 1))[0]
    return Case("honest pandas code, M10", "M10", values, deserved)


def _copied(items: Mapping[str, Any]) -> Case:
    body = items["M10-Q02"]["variants"][0]
    copied = "\n".join(f"{c['value']} = {w!r}" for c, w in zip(body["checks"], body["expected"][0], strict=True))
    return Case("numbers copied from the data, M10", "M10", {"M10-Q02": copied}, {"M10-Q02": 0.0}, reason=VISIBLE)


def _tiny(kind: str, code: str = SOLVED, points: int = 4, reason: str = "") -> Case:
    return Case(
        kind,
        "D01",
        {**DATA, "D01-Q03": code},
        {"D01-Q01": 2.0, "D01-Q02": 3.0, "D01-Q03": float(points)},
        reason=reason,
    )


def _files() -> list[Case]:
    return [
        replace(_tiny("file: byte order mark"), raw=lambda raw: b"\xef\xbb\xbf" + raw, reason=NO_FILE),
        replace(_tiny("file: D01 (1).ipynb"), names=("answers.json", "{} (1).ipynb"), reason=NO_FILE),
        replace(_tiny("file: d01.IPYNB"), names=("answers.json", "d01.IPYNB"), reason=NO_FILE),
        replace(_tiny("file: answers.json alone"), names=("answers.json", ""), reason=NO_FILE),
        replace(
            _tiny("file: notebook alone"), names=("", "{}.ipynb"), reason="answers are read from answers.json alone"
        ),
        replace(_tiny("file: cut in the middle"), raw=lambda raw: raw[: len(raw) // 2], reason=NO_FILE),
        replace(_tiny("file: UTF-16"), raw=lambda raw: raw.decode().encode("utf-16"), reason=NO_FILE),
        replace(_tiny("file: nbformat 3"), change=lambda d: d.update(nbformat=3), reason=NO_FILE),
    ]


def _fuzz(number: int) -> Callable[[dict[str, Any]], object]:
    def change(data: dict[str, Any]) -> None:
        rng = random.Random(number)
        kept = data["metadata"].pop("moduong")  # the answers themselves stay whole
        for _ in range(rng.choice([1, 1, 2, 3])):
            _in_structure(data, rng)
        if isinstance(data.get("metadata"), dict):
            data["metadata"]["moduong"] = kept

    return change


def files(case: Case, person: str, space: Workspace) -> dict[str, bytes]:
    """Return the files of a hand-in made from what ``space`` has released."""
    answers = AnswerSet(
        case.module, {i: Answer(v, 0, n) for n, (i, v) in enumerate(case.values.items())}, COURSE, "", person
    )
    data = embed(json.loads((space.release(case.module) / f"{case.module}.ipynb").read_bytes()), answers)
    data = json.loads(json.dumps(data))
    case.change(data)
    found = {
        case.names[0]: json.dumps(answers.to_json(), ensure_ascii=False).encode(),
        case.names[1].format(case.module): case.raw(json.dumps(data).encode()),
    }
    found.pop("", None)
    return found | {"timestamp.txt": STAMP.encode()}


def compare(folder: Path, every: int = 1) -> Found:
    """Grade every ``every``-th of the three hundred with both engines and compare cell by cell."""
    space = workspace(folder)
    chosen = {f"CB-{n:06}": case for n, case in enumerate(cases(space)[::every])}
    stocks = [stock.copy(space, folder / f"stock-{n}") for n in range(2)]
    for n, (person, case) in enumerate(chosen.items()):
        name = f"{person}+{case.module}+{STAMP}+x"
        _put(space.inbound(COURSE) / name, files(case, person, space))
        _put(stocks[n % 2].submitted(person, case.module), files(case, person, stocks[n % 2]))
    begin = time.perf_counter()
    where = ("--workspace", space.root, "--course", folder / "course")
    run(moduong("collect", *where), MODUONG_NOW=NOW)
    if held := _held(space):
        looked = ("intake", "confirm", *held, "--sent-by", "Người Nộp Mẫu", "--by", "Người Nhận Mẫu")
        run(moduong(*looked, *where), MODUONG_NOW=NOW)
    run(moduong("grade", "D01", "M02", "M10", *where), MODUONG_NOW=NOW)
    ours_seconds = time.perf_counter() - begin
    begin = time.perf_counter()
    failed = stock.grade_each(stocks, [(person, case.module) for person, case in chosen.items()])
    ours = stock.scores(space.root)
    theirs = {key: score for one in stocks for key, score in stock.scores(one.root).items()}
    return _judged(chosen, ours, theirs, failed, (ours_seconds, time.perf_counter() - begin))


def _held(space: Workspace) -> list[str]:
    """Return the attempts that wait: everybody answers the first body, also for whom another one was drawn."""
    engine = nbgrader_bridge.open_gradebook(space)
    with engine.connect() as connection:
        found = [one.attempt_id for one in confirm.waiting(connection)]
    engine.dispose()
    return found


def _put(folder: Path, content: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, raw in content.items():
        (folder / name).write_bytes(raw)


def _judged(
    chosen: Mapping[str, Case],
    ours: Mapping[tuple[str, str], float | None],
    theirs: Mapping[tuple[str, str], float | None],
    failed: Mapping[tuple[str, str], str],
    seconds: tuple[float, float],
) -> Found:
    rows: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    failures = []
    for person, case in chosen.items():
        mine = {cell: ours.get((person, cell)) for cell in case.deserved}
        if mine != case.deserved:
            failures.append(f"{person} {case.kind}: ours {mine}, deserved {dict(case.deserved)}")
        broken = failed.get((person, case.module), "")
        stock_s = {cell: None if broken else theirs.get((person, cell)) for cell in case.deserved}
        how = tuple(
            f"{cell}: {_shown(stock_s[cell])} for {points:g}"
            for cell, points in case.deserved.items()
            if stock_s[cell] != points
        )
        wrong = [
            cell
            for cell, points in case.deserved.items()
            if stock_s[cell] != points and not (case.only_none and stock_s[cell] is None)
        ]
        if wrong and (not case.reason or case.only_none):
            failures.append(f"{person} {case.kind}: stock {stock_s}, deserved {dict(case.deserved)} {broken}")
        rows[case.kind, case.reason].append((broken,) if broken and how else how)
    table = []
    for (kind, reason), outcomes in rows.items():
        differ = [h for h in outcomes if h]
        common = Counter("; ".join(h) for h in differ).most_common(3)
        table.append(
            Row(
                kind, len(outcomes), len(differ), tuple(f"{text} ({n})" for text, n in common), reason if differ else ""
            )
        )
    return Found(tuple(table), tuple(failures), seconds)


def _shown(score: float | None) -> str:
    return "no score" if score is None else f"{score:g}"


def bench(folder: Path) -> None:
    """Print every kind of submission with what stock does to it.

    Raises:
        RuntimeError: when ours is not what was deserved, or stock differs where it should not.
    """
    heading("Differential: ours against stock nbgrader, cell by cell")
    found = compare(folder)
    total, differ = sum(r.count for r in found.rows), sum(r.differ for r in found.rows)
    line(
        f"{total} submissions: both as deserved",
        f"{total - differ}, stock differs in {differ}; ours {found.seconds[0]:.0f} s, stock on 2 processes "
        f"{found.seconds[1]:.0f} s",
    )
    line("ours other than deserved, or stock other without a reason", f"{len(found.failures)}", "0")
    print("\n| submissions | number | stock differs in | stock's score, and the reason |\n|---|---|---|---|")
    for row in found.rows:
        print(
            f"| {row.kind} | {row.count} | {row.differ} | "
            f"{'; '.join(row.how)}{' — ' if row.differ else ''}{row.reason} |"
        )
    if found.failures:
        raise RuntimeError("\n".join(found.failures[:40]))


def main() -> None:
    """Compare every n-th and print."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="differential-") as folder:
        found = compare(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for row in found.rows:
        print(row)
    print(found.seconds, *found.failures, sep="\n")


if __name__ == "__main__":
    main()
