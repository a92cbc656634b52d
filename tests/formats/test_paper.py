"""A module on paper: blank it tells nothing of the key, with key it is the same sheet filled in; all prints agree."""

from __future__ import annotations

import base64
import io
import re
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import docx
import pytest

from grader.formats.paper import sheet, web, word
from grader.ground import syllabus
from grader.text import authoring, module_text
from grader.text.module_text import ModuleText
from tests.formats.test_bring import run
from tests.support.people import ROOT, Author

RULES = syllabus.load(ROOT / "course" / "course.yaml")
M05 = module_text.read(RULES, "M05", ROOT / "exercises", ROOT / "course")
EVERY = replace(M05, module="T01", exercise=authoring.read(ROOT / "tests" / "all_options.md"))
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")
HOTSPOT = """\
```{item} T01-Q01
type: hotspot
points: 1
outcome: 1
level: remember
stem: Bảng tin ở đâu?
picture: PICTURE
alt: Sơ đồ nhà đội
places:
  - {text: Cửa vào, correct: true, region: [10, 10, 20, 20], feedback: Đúng.}
  - {text: Kho, region: [60, 60, 20, 20], feedback: Sai.}
```
"""


def parts(text: ModuleText, *, key: bool) -> dict[str, sheet.Part]:
    made = [p for p in sheet.sheet(text, key=key)[0].parts if p.heading]
    names = [i.id for i in text.exercise.items if not i.head.withdrawn] if text.exercise else []
    return dict(zip(names, made, strict=True))


def words(html: str) -> str:
    bare = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", bare)))


def test_a_blank_sheet_has_nothing_of_the_key() -> None:
    for text in (M05, EVERY):
        assert text.exercise
        page = web.page(sheet.sheet(text, key=False)[0])
        assert "☒" not in page
        assert "<aside>" not in page
        explanations = [b.explanation for i in text.exercise.items for b in i.bodies if b.explanation]
        samples = [v["sample"] for i in text.exercise.items for v in i.keyed["variants"] if "sample" in v]
        assert samples
        assert [said for said in (*explanations, *samples) if words(said)[:40] in words(page)] == []


def test_with_key_it_is_the_same_sheet_filled_in() -> None:
    blank, filled = parts(EVERY, key=False), parts(EVERY, key=True)
    assert [p.heading for p in blank.values()] == [p.heading for p in filled.values()]
    assert [n for n, p in blank.items() if p.below == filled[n].below] == ["T01-Q12"]  # an essay, marked by people
    letters = {n: re.findall(r"\*\*([A-Z])\.\*\* (.*)", p.below) for n, p in blank.items()}
    assert letters == {n: re.findall(r"\*\*([A-Z])\.\*\* (.*)", p.below) for n, p in filled.items()}
    assert re.findall(r"☒ \*\*.\.\*\* (.*)", filled["T01-Q02"].below) != []
    assert sorted(re.findall(r"☒ \*\*.\.\*\* (.*)", filled["T01-Q02"].below)) == ["Ba", "Hai", "Một"]


@pytest.mark.parametrize(
    ("item", "below", "key"),
    [
        ("T01-Q01", "☒ **C.** Hai", ""),
        ("T01-Q03", "**1.** Một → **A**", ""),
        ("T01-Q04", "(1) Bốn", "Thứ tự nào cũng được: Bốn; Một"),
        ("T01-Q05", "Một: **91\\,25** \\%", "Một: sai số ± 0,05"),
        ("T01-Q08", "**Hòa giải**", "không cần dấu"),
        ("T01-Q09", "| Một | 40 | **51\\,3** \\% | **đạt** |", "Một, Ba: cũng nhận: Đạt yêu cầu"),
        ("T01-Q10", "> Lúc 17 giờ 35\\, đội báo", "0 điểm cả câu: Đừng hứa."),
        ("T01-Q12", "- Ý", "Ý: 0 = Không.; 2 = Có."),
        ("T01-Q14", "(1) \\[Hòa giải\\], rồi (2) \\[Hai\\]", "(3) sai số ± 0,05"),
        ("T01-Q16", "| Một | ☒ | ☐ | ☐ |", "Hai: cũng đúng nếu chọn Ba"),
        ("T01-Q18", "☒ **B.** Hai", "0 điểm cả câu nếu chọn: Bốn"),
    ],
)
def test_a_marker_finds_answer_and_rule(item: str, below: str, key: str) -> None:
    part = parts(EVERY, key=True)[item]
    assert below in part.below
    assert key in part.key


def test_an_english_course_has_english_numbers() -> None:
    part = parts(replace(EVERY, language="en"), key=True)["T01-Q05"]
    assert "**91\\.25**" in part.below
    assert "Một: tolerance ± 0.05" in part.key
    assert part.heading.startswith("Question 5 (")


def test_page_and_docx_say_the_same() -> None:
    for text in (M05, EVERY):
        made = sheet.sheet(text, key=True)[0]
        data, _ = word.document(made)
        document = docx.Document(io.BytesIO(data))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        said = "".join([*(p.text for p in document.paragraphs), *cells])
        assert sorted(re.sub(r"\s+", "", said)) == sorted(words(web.page(made)))


def test_variants_and_withdrawn_questions_are_lines() -> None:
    made, losses = sheet.sheet(EVERY, key=False)
    assert [loss.question for loss in losses if loss.code == "withdrawn"] == ["T01-Q13"]
    items = EVERY.exercise.items if EVERY.exercise else ()
    others = [(i.id, str(n)) for i in items if not i.head.withdrawn for n in range(1, len(i.bodies))]
    assert [(loss.question, loss.about) for loss in losses if loss.code == "other-variant"] == others != []
    assert made.questions == len(parts(EVERY, key=False)) == 17


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path).writes_course()


def printed(author: Author, *words: str | Path) -> tuple[int, str, str]:
    return run("export", "T01", *words, "--exercises", author.exercises, "--course", author.course)


def test_what_an_author_writes_runs_nothing_on_the_page(author: Author, tmp_path: Path) -> None:
    stem = "<script>alert(1)</script> ![x](http://a.invalid/b.png) [y](javascript:alert(1))"
    author.writes("T01", HOTSPOT.replace("PICTURE", "a.svg").replace("Bảng tin ở đâu?", f"'{stem}'"))
    (author.exercises / "T01" / "data").mkdir(exist_ok=True)
    (author.exercises / "T01" / "data" / "a.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    )
    assert printed(author, "--to", "html", "-o", tmp_path / "a.html")[0] == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "default-src 'none'; img-src data:" in page
    tags = set(re.findall(r"<(?!/)(\w+)", page.partition("<body>")[2]))
    assert tags == {"h1", "h2", "section", "div", "p", "em", "strong", "img", "span"}
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []


def test_pictures_are_on_the_sheet_or_said(author: Author, tmp_path: Path) -> None:
    author.writes("T01", HOTSPOT.replace("PICTURE", "a.png"))
    (author.exercises / "T01" / "data").mkdir(exist_ok=True)
    assert "(paper-picture)" in printed(author, "--to", "docx", "-o", tmp_path / "a.docx")[1]  # no such file
    (author.exercises / "T01" / "data" / "a.png").write_bytes(PIXEL)
    assert "(paper-picture)" not in printed(author, "--to", "docx", "-o", tmp_path / "b.docx")[1]
    assert len(docx.Document(str(tmp_path / "b.docx")).inline_shapes) == 1
    assert "Sơ đồ nhà đội" in "".join(p.text for p in docx.Document(str(tmp_path / "a.docx")).paragraphs)


def test_a_pdf_is_printed_and_can_be_searched(author: Author, tmp_path: Path) -> None:
    """Starts a browser: that the print is a PDF on A4 with its text can be proven no other way."""
    code, out, _ = printed(author, "--to", "pdf", "--key", "-o", tmp_path / "a.pdf")
    assert code == 0
    assert "câu kèm đáp án" in out
    text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "Đáp án. Chỉ dành cho người chấm." in text
    size = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, check=True).stdout.decode()
    assert re.search(r"Page size: +59\d\.\d+ x 84\d\.\d+", size)


def test_a_print_is_its_owners_and_is_never_overwritten(author: Author, tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    assert printed(author, "--to", "html", "-o", target)[:1] == (0,)
    assert target.stat().st_mode & 0o777 == 0o600
    assert printed(author, "--to", "html", "-o", target)[2].startswith("E-FILE-3")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), "E-CLI-1"),
        (("--to", "pdf", "--format", "gift"), "E-CLI-1"),
        (("--format", "gift", "--key"), "E-CLI-1"),
        (("--to", "odt"), "E-FORMAT-1"),
        (("--format", "odt"), "E-FORMAT-1"),
    ],
)
def test_what_is_no_way_out_is_refused(author: Author, options: tuple[str, ...], code: str) -> None:
    assert printed(author, *options)[2].startswith(code)
