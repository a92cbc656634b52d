"""What looks like a question and is not read as one is refused, with its line and the remedy.

Good text is left alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.publish import build
from grader.text import authoring, fences, module_text
from tests.support.people import NUMBER, ROOT, SINGLE, Author, Instructor, moduong

SECRET = "Ghi sổ rồi mới báo tổ trưởng thì cả kíp đều biết việc."
YAML = f"""\
type: single
points: 2
outcome: 1
level: apply
stem: Việc nào làm sau cùng?
options:
  - {{text: "Chi tiền in băng rôn.", feedback: "Băng rôn không tới được người đi ca đêm ở trạm xa."}}
  - {{text: "Ghi sổ giao ca.", correct: true, feedback: "{SECRET}"}}
  - {{text: "Gọi từng người một.", feedback: "Gọi từng người thì mất cả buổi mà vẫn sót người."}}
"""


def _indented(text: str, by: str) -> str:
    return "".join(by + line + "\n" for line in text.splitlines())


def _fenced(opening: str, closing: str = "```", body: str = YAML) -> str:
    return f"{opening}\n{body}{closing}\n"


PLANTS = {
    "capital letter": _fenced("```{Item} T01-Q03"),
    "all capitals": _fenced("```{ITEM} T01-Q03"),
    "a letter missing": _fenced("```{itm} T01-Q03"),
    "letters exchanged": _fenced("```{itme} T01-Q03"),
    "plural": _fenced("```{items} T01-Q03"),
    "another word": _fenced("```{question} T01-Q03"),
    "blanks inside": _fenced("```{ item } T01-Q03"),
    "no blank before the id": _fenced("```{item}T01-Q03"),
    "a tab before the id": _fenced("```{item}\tT01-Q03"),
    "no braces": _fenced("```item T01-Q03"),
    "no braces, plural": _fenced("```items"),
    "round brackets": _fenced("```(item) T01-Q03"),
    "one brace": _fenced("```{item T01-Q03"),
    "colons": _fenced(":::{item} T01-Q03", ":::"),
    "two colons": _fenced("::{item} T01-Q03", "::"),
    "tildes with a capital": _fenced("~~~{Item} T01-Q03", "~~~"),
    "tildes": _fenced("~~~{item} T01-Q03", "~~~"),
    "two marks only": _fenced("``{item} T01-Q03", "``"),
    "no marks": _fenced("{item} T01-Q03", ""),
    "closing too short": _fenced("````{item} T01-Q03"),
    "closing too long": _fenced("```{item} T01-Q03", "`````"),
    "never closed": _fenced("```{item} T01-Q03", ""),
    "indented as code": _indented(_fenced("```{item} T01-Q03"), "    "),
    "indented by two": _indented(_fenced("```{item} T01-Q03"), "  "),
    "in a list": "- xem câu này\n\n" + _indented(_fenced("```{item} T01-Q03"), "  "),
    "in a quotation": _indented(_fenced("```{item} T01-Q03"), "> "),
    "in a fence of another kind": _fenced("````markdown", "````", _fenced("```{item} T01-Q03")),
    "in a code cell": _fenced("````{code-cell} python", "````", _fenced("```{item} T01-Q03")),
    "in a plain fence": _fenced("```yaml"),
    "in raw HTML": "<details>\n" + _fenced("```{item} T01-Q03") + "</details>\n",
    "in a comment": "<!--\n" + _fenced("```{item} T01-Q03") + "-->\n",
    "after a comment that never ends": "<!-- ghi chú\n\n" + _fenced("```{item} T01-Q03"),
    "in a closed comment without a fence": f"<!--\n{YAML}-->\n",
    "without a fence": YAML,
    "without a fence, indented": _indented(YAML, "  "),
    "as a list": "- accept: [đường cơ sở]\n- fold: true\n",
    "as JSON": '{"options": [{"text": "Ghi sổ.", "correct": true}]}\n',
    "one option only": f'- {{text: "Ghi sổ giao ca.", correct: true, feedback: "{SECRET}"}}\n',
    "the key alone": 'key: [["2"], ["4"], ["1"]]\n',
    "the sign alone": "Ghi sổ giao ca rồi báo lại, correct: true\n",
    "in a table": "| stem: Việc nào? | options: A, B | correct: true |\n",
    "two ordinary fields": "type: single\npoints: 2\n",
    "a comment inside a question": _fenced("```{item} T01-Q03", body=YAML.replace("sau cùng?", "sau cùng? <!-- B -->")),
    "a lone carriage return": _fenced("```{Item} T01-Q03").replace("\n", "\r"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_each_is_refused_with_its_line(tmp_path: Path, plant: str) -> None:
    path = Author(tmp_path).writes("T01", SINGLE, PLANTS[plant], NUMBER)
    first = SINGLE.count("\n") + 7  # six lines before it, and the blank one after it
    found = [f for f in authoring.read(path).findings if f.code.startswith("E-FENCE-")]
    assert found, authoring.read(path).findings
    assert first <= found[0].line <= first + PLANTS[plant].replace("\r", "\n").count("\n")
    assert "```{item}" in found[0].said or found[0].code == "E-FENCE-3" or "khép lại" in found[0].said


def test_a_module_with_one_is_not_built(instructor: Instructor) -> None:
    before = instructor.workspace.key("T01").read_bytes()
    instructor.author.writes("T01", SINGLE, PLANTS["capital letter"], NUMBER)
    with pytest.raises(ModuongError, match="E-BUILD-1") as caught:
        build.build(instructor.workspace, instructor.author.text("T01"))
    assert "E-FENCE-1" in caught.value.said
    assert "E-ITEM-6" not in caught.value.said  # the points are not what is wrong
    assert instructor.workspace.key("T01").read_bytes() == before


def test_the_command_names_file_and_line(tmp_path: Path) -> None:
    author = Author(tmp_path).writes_course()
    path = author.writes("T01", SINGLE, PLANTS["capital letter"], NUMBER)
    done = moduong("check", "T01", "--course", author.course, "--exercises", author.exercises, "--lang", "en")
    assert done.returncode == 1
    line = path.read_text(encoding="utf-8").splitlines().index("```{Item} T01-Q03") + 1
    assert f"{path}:{line}: E-FENCE-1" in done.stdout


GOOD = {
    "code": "```python\nif options:\n    stem = 1\n```\n",
    "text in a fence": "```\nmột hai ba\n```\n",
    "words before colons": "Mục tiêu: đọc kỹ.\n\nText: xem thêm. Level: dễ.\n",
    "a comment": "Đọc kỹ. <!-- hỏi lại chị Mẫu Lan -->\n",
    "roles": "Một câu có nguồn {src}`S7`. Một quy định: {law}`luat-mau`.\n",
    "other braces": "Công thức $\\frac{a}{b}$ và tập {1, 2, 3}.\n",
    "code in a line": "Viết `{item}`? Không: viết `key: a` trong câu.\n",
}


@pytest.mark.parametrize(
    "text", ["code", "text in a fence", "words before colons", "a comment", "roles", "other braces"]
)
def test_good_text_is_left_alone(tmp_path: Path, text: str) -> None:
    path = Author(tmp_path).writes("T01", SINGLE, GOOD[text], NUMBER)
    assert authoring.read(path).findings == ()


def test_a_longer_fence_may_hold_code(tmp_path: Path) -> None:
    item = SINGLE.replace("```{item}", "````{item}").replace("\n```\n", "\n````\n")
    item = item.replace("stem: Việc nào", "stem: |\n  ```python\n  x = 1\n  ```\n  Việc nào")
    read = authoring.read(Author(tmp_path).writes("T01", item))
    assert (read.findings, len(read.items)) == ((), 1)


COMMENTS = {
    "in a line": "Đọc kỹ <!-- đáp án B --> rồi làm.",
    "over lines": "Đọc kỹ.\n\n<!-- đáp án\nB -->\n\nRồi làm.",
    "MyST's": "Đọc kỹ.\n\n% đáp án B\n\nRồi làm.",
    "a link that nobody follows": "Đọc kỹ.\n\n[//]: # (đáp án B)\n\nRồi làm.",
}


@pytest.mark.parametrize("comment", COMMENTS)
def test_comments_of_authors_are_not_handed_out(tmp_path: Path, comment: str) -> None:
    author = Author(tmp_path).writes_course()
    author.writes("T01", COMMENTS[comment], SINGLE, NUMBER)
    one = Instructor(author, tmp_path / "workspace").releases("T01")
    released = (one.workspace.release("T01") / "T01.ipynb").read_text(encoding="utf-8")
    assert "đáp án" not in released
    assert "Đọc kỹ" in released
    assert "ồi làm" in released


def test_a_comment_shown_as_code_stays(tmp_path: Path) -> None:
    path = Author(tmp_path).writes("T01", "Viết `<!-- ghi chú -->` như thế.", SINGLE, NUMBER)
    read = authoring.read(path)
    assert "<!-- ghi chú -->" in read.document.blocks[0].text
    assert read.findings == ()


def test_lines_are_right_after_a_comment(tmp_path: Path) -> None:
    path = Author(tmp_path).writes("T01", "<!-- một\nhai\nba -->\n", SINGLE.replace("points: 2", "points: hai"))
    line = authoring.read(path).findings[0].line
    assert path.read_text(encoding="utf-8").splitlines()[line - 1] == "points: hai"


def test_every_field_of_every_type_is_known() -> None:
    assert {
        "options",
        "correct",
        "accept",
        "key",
        "veto",
        "rubric",
        "vectors",
        "tol",
        "solution",
        "levels",
    } <= fences.fields()


def test_the_course_has_none() -> None:
    texts = [*(ROOT / "course" / "lessons").glob("*.md"), *(ROOT / "exercises").glob("*/exercise.md")]
    assert [f.text("en") for p in texts for f in authoring.read(p).findings] == []


def test_a_code_cell_in_an_exercise_is_refused(tmp_path: Path) -> None:
    author = Author(tmp_path).writes_course()
    author.writes("T01", SINGLE, '```{code-cell} python\nlab("x")\n```\n', NUMBER)
    assert [f.code for f in module_text.mistakes(author.text("T01"))] == ["E-ITEM-10"]
