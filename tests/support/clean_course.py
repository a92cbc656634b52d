"""Writes a small made course in which every rule of ``check`` is kept, so that a test can break exactly one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent

from grader.check import inspect as check
from grader.check.inspect import Report
from grader.ground import syllabus

TODAY = date(2026, 11, 24)
FAMILIES = ("shift", "after_storm", "pay_rumour", "impersonation", "osh", "emulation", "cla", "daily")
MODULES = ("M01", "M02", "M03", "M04")
_CODES = (("DC1.1", "DC1.2"), ("DC2.1", "ML5"), ("DC3.1", "ML8"), ("DC4.2", "DC5.2"))
_TASKS = (
    "ghi sổ giao ca",
    "gọi tổ trưởng",
    "lập danh sách",
    "mở nhóm Zalo",
    "sửa bản tin",
    "hẹn giờ họp",
    "đọc bảng tin",
    "xem lại ảnh",
)
_REASONS = (
    "người đi ca đọc được",
    "tổ trưởng biết trước",
    "ai cũng có bản giấy",
    "tin không bị trôi",
    "câu chữ ngắn gọn",
    "cả tổ có mặt",
    "không sót ai",
    "ảnh đã hỏi ý",
)

COURSE = """\
course: {id: khoa-thu, version: "1.0.0", time_zone: Asia/Ho_Chi_Minh}
modules:
  M01: {title: Một, points: 20, pass_mark: 15}
  M02: {title: Hai, points: 20, pass_mark: 15}
  M03: {title: Ba, points: 20, pass_mark: 15}
  M04: {title: Bốn, points: 20, pass_mark: 15}
tracks:
  leader: [M01]
attempts: {limit: 3, wait_hours: 12}
targets: {set: T1}
"""
GLOSSARY = """\
terms:
  - {vi: "tỉ lệ", en: rate, code: rate, avoid: ["tỷ lệ"]}
allowed_foreign: [Zalo, fanpage]
"""
FACTS = """\
luat-mau:
  text: "Luật Mẫu số 91/2025/QH15 có hiệu lực từ ngày 01/01/2026."
  source: "trang mẫu: bài giới thiệu"
  in_force_from: 2026-01-01
  replaces: "Nghị định 13/2023/NĐ-CP"
  superseded_by: ""
  verified_on: 2026-06-01
"""
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" role="img" fill="#1a1a1a" font-size="18">
<title>Hai ca nối nhau</title>
<rect width="640" height="200" fill="#ffffff"/>
<rect x="20" y="40" width="280" height="80" fill="#0b5394"/>
<text x="160" y="86" text-anchor="middle" fill="#ffffff">ca ngày</text>
<text x="400" y="86">ca đêm</text>
</svg>
"""
LAB = '"""Phòng thử."""\n\n\ndef text() -> str:\n    return "Bản chữ."\n\n\ndef start():\n    ...\n\n\ndef show(state):\n    ...\n\n\ndef act(state, control, value):\n    ...\n'  # noqa: E501


def single(item: str, n: int, head: str) -> str:
    """Return a question with three options of like length, whose key is at A, B or C in turn."""
    options = []
    for place in range(3):
        k = (n + place) % 8
        key = "\n    correct: true" if place == n % 3 else ""
        reason = _REASONS[k]
        options.append(
            f'  - text: "Trước hết {_TASKS[k]} rồi báo lại cho tổ."{key}\n    feedback: "Cách này hợp khi '
            f'{reason} trong ca trực hôm ấy."'
        )
    return (
        f"```{{item}} {item}\ntype: single\n{head}stem: |\n  Tình huống {n}: cần làm việc nào trước?\noptions:\n"
        + "\n".join(options)
        + "\n```\n"
    )


NUMBER = """\
```{{item}} {item}
type: number
{head}simulated: true
stem: |
  Tổ Mẫu 0{n} có 40 người, 33 người đã đọc tin.
parts:
  - label: "Tỉ lệ đã đọc"
    unit: "%"
    value: 82.5
    tol: 0.05
{points}    feedback:
      - {{value: 0.825, text: "Đây là tỉ số; hãy nhân với một trăm để ra phần trăm."}}
explanation: "Lấy 33 chia 40 rồi nhân với một trăm."
{variants}```
"""
VARIANTS = """\
variants:
  - stem: |
      Tổ Mẫu 09 có 50 người, 43 người đã đọc tin.
    parts:
      - label: "Tỉ lệ đã đọc"
        unit: "%"
        value: 86
        tol: 0.05
        points: 3
        feedback:
          - {value: 0.86, text: "Đây là tỉ số; hãy nhân với một trăm để ra phần trăm."}
"""
MATCH = """\
```{{item}} {item}
type: match
{head}stem: |
  Ghép mỗi nhóm với lúc dễ nhận tin. Có một vế thừa.
left:
  - {{text: "Người đi ca", key: c, feedback: "Lúc giao ca thì cả hai kíp cùng có mặt để nghe."}}
  - {{text: "Đội lưu động", key: a, feedback: "Trước khi lên xe thì cả đội đứng cùng một chỗ."}}
  - {{text: "Văn phòng xa", key: d, feedback: "Họp trực tuyến thì người ở xa cũng dự được."}}
right:
  - {{text: "Điểm danh sáng", feedback: "Lúc này chỉ có người sắp lên xe đi tuyến mà thôi."}}
  - {{text: "Bảng tin sảnh", feedback: "Không ai trong ba nhóm này đi qua sảnh trụ sở."}}
  - {{text: "Giờ giao ca", feedback: "Lúc này chỉ hai kíp gặp nhau ở trạm mà thôi."}}
  - {{text: "Cuộc họp chiều", feedback: "Giờ ấy người này đang nghỉ trước ca hoặc đang đi tuyến."}}
```
"""
ORDER = """\
```{{item}} {item}
type: order
{head}stem: |
  Xếp các việc theo trình tự hợp lý.
steps:
  - text: "Đăng tin lên nhóm."
  - text: "Hỏi người phụ trách."
  - text: "Viết bản nháp."
  - text: "Nhờ người duyệt."
key: [["2"], ["3"], ["4"], ["1"]]
feedback:
  - {{wrong: ["3", "2"], text: "Chưa hỏi mà đã viết thì dễ phải viết lại từ đầu."}}
  - {{wrong: ["4", "3"], text: "Chưa có bản nháp thì người duyệt không có gì để đọc."}}
  - {{wrong: ["1", "4"], text: "Đăng trước khi duyệt thì sai sót đã ra đến mọi người."}}
```
"""
MULTIPLE = """\
```{item} M04-Q06
type: multiple
points: 3
outcome: 3
level: analyse
scenario: emulation
critical: 1.5
stem: |
  Ảnh nào đăng được ngay? (Chọn mọi ảnh đúng)
options:
  - {text: "Ảnh cả tổ đã đồng ý bằng giấy.", correct: true, feedback: "Mọi người trong ảnh đã biết và đã đồng ý."}
  - {text: "Ảnh chụp lén trong giờ nghỉ.", feedback: "Người trong ảnh chưa biết nên chưa thể đồng ý."}
  - {text: "Ảnh biểu đồ do tổ tự vẽ lấy.", correct: true, feedback: "Biểu đồ của tổ, không có người nào trong đó cả."}
  - {text: "Ảnh có màn hình điều độ rõ.", feedback: "Màn hình điều độ là thông tin nội bộ của đơn vị."}
variants:
  - stem: |
      Ảnh nào gửi được cho báo? (Chọn mọi ảnh đúng)
```
"""
POST = """\
```{item} M04-Q05
type: post
points: 3
outcome: 2
level: create
scenario: osh
words: [8, 40]
min_words: 5
stem: |
  Viết tin mời học chung lúc 13 giờ 40.
checks:
  - {id: K1, points: 1, length: [8, 40], feedback: "Tin chưa nằm trong khoảng 8–40 tiếng như đề yêu cầu."}
  - {id: K2, points: 1, time_in: ["13:40"], feedback: "Chưa thấy giờ học, nên người đọc không biết lúc đến."}
  - {id: K3, points: 1, any: ["giao ca"], feedback: "Chưa thấy nơi học, nên người đọc không biết chỗ đến."}
veto:
  - {phone: true, feedback: "Tin có số điện thoại riêng; đừng đưa số của người khác."}
sample: "Mời anh em học chung lúc 13 giờ 40 tại phòng giao ca nhé."
vectors:
  - {text: "Mời anh em học chung lúc 13:40 ở phòng giao ca nhé.", points: 3}
  - {text: "Mời anh em chiều nay học chung ở phòng giao ca nhé.", points: 2}
  - {text: "Mời anh em gọi số 0912 345 678 để học chung nhé.", points: 0}
```
"""
ESSAY = """\
```{item} M04-Q08
type: essay
points: 3
outcome: 2
level: create
scenario: daily
component_min: 1
words: [20, 100]
stem: |
  Viết lời đáp cho người góp ý trong nhóm.
rubric:
  - id: R1
    text: "Nhận đúng việc chưa làm"
    levels: {"0": "Chối việc ấy.", "3": "Nhận việc ấy và hẹn ngày trả lời."}
samples:
  R1: {"0": "Việc ấy không phải của chúng tôi.", "3": "Đúng là chúng tôi chưa trả lời. Thứ Hai tôi báo lại."}
```
"""
TEXT = """\
```{item} M03-Q05
type: text
points: 3
outcome: 2
level: apply
scenario: osh
stem: |
  Người mà tin phải đến được gọi là gì?
accept: ["nhóm đích"]
fold: true
feedback:
  - {accept: ["đoàn viên"], text: "Đó là tên của những người này; câu hỏi cần vai trò của họ."}
```
"""
TABLE = """\
```{item} M02-Q05
type: table
points: 3
outcome: 2
level: apply
scenario: osh
simulated: true
stem: |
  Tổ có 20 người đi ca và 30 người hành chính; 10 và 24 người đã đọc. Điền số phần trăm.
columns:
  - text: "Đã đọc (%)"
rows:
  - text: "Đi ca"
  - text: "Hành chính"
cells:
  r1c1: {value: 50, tol: 0.05, points: 1.5, feedback: "Lấy 10 người đã đọc chia cho 20 người đi ca."}
  r2c1: {value: 80, tol: 0.05, points: 1.5, feedback: "Lấy 24 người đã đọc chia cho 30 người hành chính."}
```
"""


def exercise(number: int) -> str:
    """Return the exercise of the module with this number (1–4): eight items, 20 points."""
    module = MODULES[number - 1]
    levels = ("understand", "apply", "analyse", "evaluate")

    def head(n: int, points: str, level: str) -> str:
        return f"points: {points}\noutcome: {1 + (n - 1) % 3}\nlevel: {level}\nscenario: {FAMILIES[n - 1]}\n"

    def name(n: int) -> str:
        return f"{module}-Q0{n}"

    items = [single(name(n), n + number, head(n, "2", levels[n - 1])) for n in range(1, 5)]
    numbers = [
        NUMBER.format(item=name(n), n=n, head=head(n, "3", "apply"), points="    points: 3\n", variants=VARIANTS)
        for n in (5, 6)
    ]
    rest = [
        *numbers,
        MATCH.format(item=name(7), head=head(7, "3", "apply")),
        ORDER.format(item=name(8), head=head(8, "3", "apply")),
    ]
    if module == "M02":
        rest[0] = TABLE
    if module == "M03":
        rest[0] = TEXT
    if module == "M04":
        rest[0], rest[1], rest[3] = POST, MULTIPLE, ESSAY
    return (
        f"---\nmodule: {module}\ntitle: Bài tập {module}\n---\nAnh/chị có tám câu. Số liệu đều là mô phỏng.\n\n"
        + "\n".join(items + rest)
    )


def _practice(item: str, n: int, recall: str = "") -> str:
    head = f"practice: true\n{recall}outcome: {1 + n % 3}\nlevel: apply\n"
    return single(item, n, head)


def lesson(number: int) -> str:
    """Return the lesson of the module with this number."""
    module = MODULES[number - 1]
    earlier = ["M00", *MODULES[: number - 1]]
    one, two = _CODES[number - 1]
    recalls = "\n".join(_practice(f"{module}-R{n}", n, f"recall: {earlier[n % len(earlier)]}\n") for n in range(1, 4))
    practice = "\n".join(_practice(f"{module}-P0{n}", n - 1) for n in range(1, 4))
    return (
        dedent(f"""\
        ---
        module: {module}
        title: Học phần {module}
        minutes: 40
        outcomes:
          - {{text: "Tính tỉ lệ người đã đọc.", codes: [{one}, DC1.3]}}
          - {{text: "Chọn kênh và giờ cho từng nhóm.", codes: [{two}]}}
          - {{text: "Viết tin ngắn cho tổ.", codes: [DC2.2, ML2]}}
        ---
        # {module} · Học phần thử

        Mỗi bài mất chừng tám phút. Số liệu đều là mô phỏng.

        ## Ba câu nhớ lại

        """)
        + recalls
        + dedent(f"""
        +++ {{"segment": "{number}.1", "outcomes": [1, 2, 3], "minutes": 10}}
        ## Bài {number}.1 · Hai ca

        Chỉ tiêu 95% tính trên đoàn viên và người lao động {{src}}`S7`. {{law}}`luat-mau`

        Người đi ca nhận tin lúc giao ca. Người hành chính nhận tin giữa giờ.

        ![Hai ca nối nhau, tin đến lúc giao ca](images/{module}-hai-ca.svg)

        """)
        + practice
        + dedent("""
        +++ {"segment": "lab", "outcomes": [3], "minutes": 10}
        ## Phòng thực hành

        Thử đổi giờ gửi tin rồi xem ai nhận được.

        ```{code-cell} python
        lab("thu-nghiem")
        ```

        +++ {"segment": "take-away"}
        ## Mang về ca trực

        Hỏi người nhận trước khi chọn kênh.
        """)
    )


OPENING = """\
---
module: M00
title: Bắt đầu
minutes: 20
outcomes:
  - {text: "Thực hiện một lượt trả lời.", codes: [DC1.1, ML1]}
  - {text: "Xác định vai trò của mình.", codes: [DC2.1]}
  - {text: "Đánh giá điểm xuất phát.", codes: [DC5.2]}
---
# M00 · Bắt đầu

+++ {"segment": "0.1", "outcomes": [1, 2, 3], "minutes": 10}
## Bài 0.1 · Thử

Anh/chị thử ba câu.

"""


@dataclass(frozen=True, slots=True)
class CleanCourse:
    """The course in a folder, and what an author does with it."""

    root: Path

    def plant(self, file: str, old: str, new: str) -> int:
        """Replace the first ``old`` in a file and return the line (from 1) of the change."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def check(self, modules: list[str] | None = None, today: date = TODAY) -> Report:
        """Run the stage."""
        rules = syllabus.load(self.root / "course" / "course.yaml")
        return check.inspect(rules, self.root / "exercises", self.root / "course", modules, today)

    def codes(self) -> list[str]:
        """Return the distinct codes of the findings."""
        return sorted({f.code for f in self.check().findings})


def write(root: Path) -> CleanCourse:
    """Write the whole course."""
    images = root / "course" / "lessons" / "images"
    for folder in (images, root / "course" / "labs", *(root / "exercises" / m for m in MODULES)):
        folder.mkdir(parents=True)
    for name, content in (
        ("course.yaml", COURSE),
        ("glossary.yaml", GLOSSARY),
        ("law_facts.yaml", FACTS),
        ("labs/thu_nghiem.py", LAB),
    ):
        (root / "course" / name).write_text(content, encoding="utf-8")
    survey = "\n".join(_practice(f"M00-P0{n}", n - 1) for n in range(1, 4))
    (root / "course" / "lessons" / "M00.md").write_text(OPENING + survey, encoding="utf-8")
    for number, module in enumerate(MODULES, 1):
        (images / f"{module}-hai-ca.svg").write_text(SVG, encoding="utf-8")
        (root / "course" / "lessons" / f"{module}.md").write_text(lesson(number), encoding="utf-8")
        (root / "exercises" / module / "exercise.md").write_text(exercise(number), encoding="utf-8")
    return CleanCourse(root)
