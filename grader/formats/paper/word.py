"""A sheet as DOCX: the same Markdown, block by block, with Word's own lists and tables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from course import markup
from grader.formats.losses import Loss
from grader.formats.paper.sheet import Part, Sheet

if TYPE_CHECKING:
    from docx.document import Document
    from markdown_it.token import Token

_TAKEN = frozenset({"png", "jpg", "gif"})
"""Endings of pictures that DOCX holds."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LISTS = {"bullet_list_open": "List Bullet", "ordered_list_open": "List Number"}


def document(sheet: Sheet) -> tuple[bytes, list[Loss]]:
    """Return the sheet as the bytes of a DOCX on A4, and a line for each picture that it cannot hold."""
    import docx

    word = docx.Document()
    _paper(word)
    word.core_properties.title = sheet.title
    word.add_heading(_clean(sheet.title), 1)
    for line in sheet.head:
        _blocks(word, line)
    losses = [loss for part in sheet.parts for loss in _part(word, part)]
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue(), losses


def _paper(word: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    styles: Any = word.styles
    for name, size in (("Normal", 13), ("Heading 1", 16), ("Heading 2", 13)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Times New Roman")
    styles["Normal"].paragraph_format.space_after = Pt(4)


def _part(word: Document, part: Part) -> Iterator[Loss]:
    from docx.shared import Mm

    if part.heading:
        word.add_heading(_clean(part.heading), 2)
    _blocks(word, part.text)
    for picture in part.pictures:
        if picture.data and picture.name.rpartition(".")[2] in _TAKEN:
            word.add_picture(io.BytesIO(picture.data), width=Mm(120))
            continue
        word.add_paragraph().add_run(_clean(picture.alt or picture.name)).italic = True
        yield Loss("paper-picture", picture.name, 0, part.heading, picture.name)
    _blocks(word, part.below)
    _blocks(word, part.key)


def _blocks(word: Document, markdown: str) -> None:
    """Add the blocks of a text; a list inside a list stands on one level with it."""
    tokens = markup.tokens(markdown)
    style: list[str] = []
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if token.type == "table_open":
            end = next(n for n in range(number, len(tokens)) if tokens[n].type == "table_close")
            _table(word, tokens[number:end])
            number = end
        elif token.type in _LISTS:
            style.append(_LISTS[token.type])
        elif token.type == "blockquote_open":
            style.append("Quote")
        elif token.type in {"bullet_list_close", "ordered_list_close", "blockquote_close"}:
            style.pop()
        elif token.type == "inline":
            heading = tokens[number - 1].type == "heading_open"
            _runs(word.add_paragraph(style=style[-1] if style else None), token, bold=heading)
        elif token.type in {"fence", "code_block"}:
            word.add_paragraph().add_run(_clean(token.content.rstrip())).font.name = "Courier New"
        number += 1


def _table(word: Document, tokens: Sequence[Token]) -> None:
    rows: list[list[Token]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token)
    table = word.add_table(len(rows), max(map(len, rows)), style="Table Grid")
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            _runs(table.cell(n, m).paragraphs[0], cell, bold=n == 0)


def _runs(paragraph: Any, inline: Token, *, bold: bool) -> None:  # docx's own type says less than it does
    strong, leaning = bold, False
    for part in inline.children or ():
        if part.type in {"strong_open", "strong_close"}:
            strong = bold or part.type == "strong_open"
        elif part.type in {"em_open", "em_close"}:
            leaning = part.type == "em_open"
        elif part.type in {"softbreak", "hardbreak"}:
            paragraph.add_run().add_break()
        elif part.content:
            run = paragraph.add_run(_clean(part.content))
            run.bold, run.italic = strong, leaning
            if part.type == "code_inline":
                run.font.name = "Courier New"


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
