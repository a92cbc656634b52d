"""Links, pictures and formulas inside texts: do they lead where they may, are they shown, can they be drawn?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from course import markup
from course.rich.formula import BadFormula, mathml
from course.words import _
from grader.check.corpus import READ_BY_CADRES, Corpus, Piece, report
from grader.ground.records import Finding

_FORMULAS = frozenset({"math_inline", "math_inline_double", "math_block"})


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for part in corpus.authored():
        for piece in corpus.pieces(part):
            if piece.role in READ_BY_CADRES - {"front", "heading", "alt"}:
                yield from _piece(piece)


def _piece(piece: Piece) -> Iterator[Finding]:
    rest = re.sub(r"`[^`]*`|\\\$", "", piece.text)
    for token in markup.pieces(piece.text):
        if token.type in _FORMULAS:
            rest = rest.replace(token.content, "", 1)
            try:
                mathml(token.content, block=token.type == "math_block")
            except BadFormula as error:
                yield report("E-MEDIA-4", piece, error.args[0])
        elif token.type == "link_open" and not markup.goes_out(address := str(token.attrs.get("href", ""))):
            said = _("liên kết «{address}» không đi được; viết đủ https://…", address=address[:60])
            yield report("E-MEDIA-5", piece, said)
        elif token.type == "image" and piece.item and "data-media" not in markup.inline(f"![x]({token.attrs['src']})"):
            said = _(
                "hình «{address}» phải là tệp trong thư mục data, có trong media.", address=str(token.attrs["src"])[:60]
            )
            yield report("E-MEDIA-3", piece, said)
    if (
        not piece.item
        and rest.count("$") > rest.count("$$") * 2
        and re.search(r"\$[^$\n]+\$", re.sub(r"\$\s*\$", "", rest))
    ):
        yield report("E-MEDIA-4", piece, _("dấu $ lẻ sẽ bị đọc là công thức; hãy viết \\$."))
