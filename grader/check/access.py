"""Rules of Q10 (load), Q11 (pictures and labs that everybody can use) and Q13 (no code), as far as files can show it.

Q10: prose of a segment counts in tiếng, without its questions; 500 at most ("or ten minutes"
would be what any author could claim). Whether the graded part takes 25 minutes is for the pilot's log.
Q11: alternative text; the picture's own title and role; contrast of text on the topmost filled shape under it,
    WCAG 2.2 AA (4.5 : 1, or 3 : 1
from 24 px and from 18.66 px bold); letters of at least 16 in a picture 640 wide, so that a phone 360 px wide, which
shows it from edge to
edge, does not go below 9 px. Texts over gradients, patterns and under ``transform`` are not computed. Colour-only
meaning
and 360 px of the page itself are tests of the page. A lab has ``text()``, its fallback, and ``view()``.
Q13: the only code of a lesson is ``lab("name")`` of a lab that exists, and nothing is loaded from a network.
    That it runs from top to bottom
in under 60 s offline and that answers survive are tests of the page.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from course import vietnamese
from course.words import _
from grader.check import svg_text
from grader.check.corpus import Corpus, Piece, file_place, item_place, report, units
from grader.ground.records import Finding
from grader.text.authoring import Authored

_LONGEST_SEGMENT, _LONGEST_MODULE = 500, 75
_FEWEST_ALT = 5
_HEAVIEST = 200  # kB
_LAB = re.compile(r"lab\(\"([a-z0-9-]+)\"\)")
_REMOTE = re.compile(r"(?:https?:)?//[\w.-]+\.\w+|<(?:script|iframe|img|link)\b", re.IGNORECASE)


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for part in corpus.authored():
        yield from _code(corpus, part)
        yield from _pictures(corpus, part)
    for lesson in (text.lesson for text in corpus.asked() if text.lesson):
        yield from _load(lesson)


def _load(lesson: Authored) -> Iterator[Finding]:
    path = str(lesson.document.path)
    name, line, count, spent = "", 1, 0, 0
    rows = [*lesson.document.blocks, None]
    for block in rows:
        if block is None or block.kind == "break":
            if count > _LONGEST_SEGMENT:
                said = _(
                    "đoạn {name} có {count} chữ (nhiều nhất {most}): cắt bớt hoặc tách bài.",
                    name=name or _("mở đầu"),
                    count=count,
                    most=_LONGEST_SEGMENT,
                )
                yield report("E-Q10-1", Piece(path, line, "", name, "prose", ""), said)
            if block is not None:
                name, line, count = str(block.meta().get("segment", "")), block.line, 0
                spent += int(block.meta().get("minutes", 0))
        elif block.kind == "prose":
            count += sum(vietnamese.count_syllables(unit) for unit in units(block.text))
    declared = str(lesson.document.front.get("minutes", ""))
    if not declared.isdigit() or int(declared) > _LONGEST_MODULE:
        yield report(
            "E-Q10-2",
            Piece(path, 1, "", "minutes", "front", ""),
            _(
                "«minutes» là «{declared}»; cần một số phút, nhiều nhất {longest_module}.",
                declared=declared,
                longest_module=_LONGEST_MODULE,
            ),
        )
    elif spent > int(declared):
        said = _("các bài cộng lại {spent} phút, đầu tệp ghi {declared}.", spent=spent, declared=declared)
        yield report("E-Q10-3", Piece(path, 1, "", "minutes", "front", ""), said)


def _code(corpus: Corpus, part: Authored) -> Iterator[Finding]:
    path = str(part.document.path)
    for block in part.document.blocks:
        place = Piece(path, block.line, "", "", "prose", "")
        if block.kind == "code":
            match = _LAB.fullmatch(block.text.strip())
            if match is None:
                said = _('ô mã chỉ được là lab("tên-phòng").')
                yield report("E-Q13-1", place, said)
                continue
            file = corpus.course / "labs" / f"{match[1].replace('-', '_')}.py"
            if not file.exists():
                yield report("E-Q13-2", place, _("không có phòng thực hành {file}.", file=file))
            else:
                yield from _lab(file)
        elif block.kind == "prose" and (found := _REMOTE.search(re.sub(r"`[^`]*`", "", block.text))):
            line = block.line + block.text[: found.start()].count("\n")
            said = _("cần mạng hoặc chèn mã HTML; bài học phải chạy khi không có mạng.")
            yield report("E-Q13-3", Piece(path, line, "", "", "prose", ""), said)


def _lab(file: Path) -> Iterator[Finding]:
    """A lab offers the same in text, without any control, and its controls as data."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name in sorted({"text", "start", "show", "act"} - defined):
        said = _("phòng thực hành thiếu hàm {name}(): cần text, start, show và act.", name=name)
        yield report("E-Q11-5", file_place(file, 1), said)


def _pictures(corpus: Corpus, part: Authored) -> Iterator[Finding]:
    folder = part.document.path.parent
    for piece in (p for p in corpus.pieces(part) if p.role == "alt"):
        if vietnamese.count_syllables(piece.text) < _FEWEST_ALT:
            said = _("ảnh chưa có mô tả; viết một câu nói ảnh cho thấy gì.")
            yield report("E-Q11-1", piece, said)
        if piece.item:
            continue
        file = folder / piece.field
        if file.suffix != ".svg" or not file.is_file():
            yield report("E-Q11-2", piece, _("không có ảnh SVG {file}.", file=file))
        else:
            yield from _svg(file)
    for item in part.items:
        for name in dict.fromkeys(name for body in item.bodies for name in body.pictures()):
            yield from _drawn(item_place(part, item, "picture"), folder / "data" / name)


def _drawn(place: Piece, file: Path) -> Iterator[Finding]:
    """A picture that a question is about: it comes with the page, over a telephone's network too."""
    if not file.is_file():
        return  # a mistake of the item, told already
    size = file.stat().st_size // 1000
    if size > _HEAVIEST:
        said = _("ảnh nặng {size} kB; nhiều nhất {most} kB.", size=size, most=_HEAVIEST)
        yield report("E-Q11-6", place, said)
    if file.suffix == ".svg":
        yield from _svg(file)


def _svg(file: Path) -> Iterator[Finding]:
    try:
        picture = svg_text.read(file)
    except svg_text.Unreadable as error:
        yield report("E-Q11-2", file_place(file, error.line), _("không đọc được SVG ({error}).", error=error))
        return
    if not picture.title or not picture.is_image:
        said = _('SVG cần <title> và role="img".')
        yield report("E-Q11-2", file_place(file, 1), said)
    if picture.active:
        said = _("SVG có «{active}»: không mã lệnh, không ảnh ngoài.", active=picture.active)
        yield report("E-Q13-3", file_place(file, 1), said)
    for text in picture.texts:
        if text.contrast is not None and text.contrast < text.needed:
            said = _(
                "«{text}»: tương phản {contrast:.1f} : 1, cần {needed} : 1; đổi màu chữ hoặc màu nền.",
                text=text.words[:40],
                contrast=text.contrast,
                needed=text.needed,
            )
            yield report("E-Q11-3", file_place(file, text.line), said)
        if text.size < svg_text.SMALLEST:
            said = _(
                "«{text}»: cỡ chữ {size:.0f} (trên khung rộng 640), cần {smallest}.",
                text=text.words[:40],
                size=text.size,
                smallest=svg_text.SMALLEST,
            )
            yield report("E-Q11-4", file_place(file, text.line), said)
