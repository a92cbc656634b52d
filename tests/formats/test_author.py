"""What is written as exercise text is read back as it was, whatever the texts of a foreign file hold."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats import author
from grader.formats.foreign import inline
from grader.formats.foreign.markdown import convert
from grader.formats.question import Place
from grader.formats.settle import Item
from grader.ground import strict_yaml
from grader.text import myst

PLACE = Place("tệp", 1, "câu")
FOREIGN = re.compile(
    r"<(?!/?(?:p|strong|em|code|pre|ul|ol|li|table|thead|tbody|tr|t[hd](?: "
    r"style=\"text-align:\w+\")?|blockquote|br /|hr /|h\d"
    r"|ol start=\"\d+\")>)"
)
SIGNS = st.sampled_from(
    ["```", "~~~", "---", "+++", "{item}", "\n", "\n\n", ": ", " #", '"', "'", "\\", "- ", "<b>", "%", "&amp;", "|"]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=8).map("".join))


def blocks(text: str) -> list[myst.Block]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.md"
        path.write_bytes(text.encode())
        return list(myst.read(path).blocks)


@given(stem=TEXTS, options=st.lists(TEXTS, min_size=1, max_size=4))
def test_every_field_is_read_back_as_it_was_written(stem: str, options: list[str]) -> None:
    texts = [convert(text, "html", PLACE, block=n == 0)[0] or "x" for n, text in enumerate([stem, *options])]
    fields = {"type": "single", "points": "1", "stem": texts[0], "options": [{"text": text} for text in texts[1:]]}
    found = blocks(author.text("M05", stem, [("M05-Q01", Item(PLACE, fields))]))
    assert [(block.kind, block.name) for block in found] == [("item", "M05-Q01")]
    data = strict_yaml.load_yaml(found[0].text)[0]
    assert data["options"] == fields["options"]
    assert data["stem"].rstrip("\n") == texts[0]


@given(TEXTS)
def test_prose_never_opens_an_item_or_code_and_holds_no_html(text: str) -> None:
    markdown = convert(text, "html", PLACE)[0]
    found = blocks(author.text("M05", "x", [("", Item(PLACE, {}, markdown or "x"))]))
    assert {block.kind for block in found} <= {"prose"}


@given(TEXTS, st.sampled_from(["html", "moodle", "plain", "markdown"]))
def test_nothing_of_a_foreign_text_is_markup_that_items_do_not_allow(text: str, form: str) -> None:
    for block in (True, False):
        markdown, _ = convert(text, form, PLACE, block=block)  # type: ignore[arg-type]
        drawn = inline.parser().render(markdown) if block else inline.parser().renderInline(markdown)
        assert not FOREIGN.search(drawn)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>*a* b</p><p>1. c</p>", "\\*a\\* b\n\n1\\. c"),
        ("<b>Chú ý:</b>đọc", "**Chú ý**:đọc"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("<ul><li>x<li>y<ol><li>z</ol></ul>", "- x\n- y\n  1. z"),
        ("<table><tr><th>A<th>B<tr><td>1<td>2|3</table>", "| A | B |\n| --- | --- |\n| 1 | 2\\|3 |"),
        ("<table><tr><td colspan=2>A<tr><td>1<td>2</table>", "A\n1 · 2"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>, x<sup>ab</sup>", "H₂O, 10⁻³, x^(ab)"),
        ("<pre>x  =\n  `1`</pre>", "```\nx  =\n  `1`\n```"),
        ("<blockquote><p>x<p>y</blockquote>", "> x\n>\n> y"),
        ("vector&lt;int&gt; and a <b and c", "vector<int> and a <b and c"),
        ("<h3>Tin</h3>x", "**Tin**\n\nx"),
        ("&amp;lt; [a](http://x) ![b](c)", "\\&lt; \\[a\\](http://x) !\\[b\\](c)"),
        ("{src}<code>S7</code>{law}`x`", "{src} `S7`{law}\\`x\\`"),
        ("$5 và $6", "\\$5 và \\$6"),
        ("<o:p></o:p><!--[if gte mso 9]><xml>x</xml><![endif]--><p class=MsoNormal>Chữ</p>", "Chữ"),
        ("một&nbsp;&nbsp;hai\u200b", "một hai"),
    ],
)
def test_html_becomes_markdown_that_reads_the_same(html: str, markdown: str) -> None:
    written, losses = convert(html, "html", PLACE)
    assert written == markdown
    assert not [loss for loss in losses if loss.code == "text"]
