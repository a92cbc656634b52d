r"""Formulas that authors write in LaTeX → MathML, which browsers draw without any script.

latex2mathml lets elements and attributes of the author's through (``\href``, ``\style``, a tag in ``\text``), so
what it makes is written anew from the elements and attributes that only draw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element  # the type alone; nothing is parsed with it

from course.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 1_000
_DEEPEST = 60
_PARTS: Mapping[str, int] = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "msubsup": 3,
    "munder": 2,
    "mover": 2,
    "munderover": 3,
}
_ELEMENTS = frozenset(_PARTS) | frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "msqrt",
        "mstyle",
        "mtable",
        "mtr",
        "mtd",
        "mpadded",
        "mphantom",
        "menclose",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "display",
        "mathvariant",
        "stretchy",
        "fence",
        "form",
        "separator",
        "lspace",
        "rspace",
        "width",
        "height",
        "depth",
        "accent",
        "accentunder",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "linethickness",
        "displaystyle",
        "scriptlevel",
        "minsize",
        "maxsize",
        "movablelimits",
        "notation",
    ]
)
_PLAIN_VALUE = re.compile(r"[\w .%+-]{0,40}")


class BadFormula(ValueError):  # the author's text, not a fault of ours
    """A formula that cannot be drawn as it is meant; the text says why."""


def mathml(latex: str, *, block: bool = False) -> str:
    """Return a formula as MathML that can only be looked at.

    Raises:
        BadFormula: it is too long or too deep, a brace or an argument is missing, or a command is not known.
    """
    if len(latex) > LONGEST:
        raise BadFormula(_("công thức dài quá {most} ký tự.", most=LONGEST))
    if control := next((c for c in latex if ord(c) < ord(" ") and c != "\n"), ""):  # "\frac" in YAML's double quotes
        said = _(
            "công thức có ký tự điều khiển U+{code:04X}; trong ngoặc kép hãy viết \\\\ thay cho \\.", code=ord(control)
        )
        raise BadFormula(said)
    if not _balanced(latex):
        raise BadFormula(_("công thức thiếu hoặc thừa một dấu ngoặc nhọn."))
    try:
        from latex2mathml.converter import convert_to_element

        tree = convert_to_element(latex, display="block" if block else "inline")
    except Exception as error:  # noqa: BLE001  # whatever the library cannot read is one kind of mistake
        raise BadFormula(_("không đọc được công thức ({kind}).", kind=type(error).__name__)) from None
    return "".join(_written(tree, 0))


def _balanced(latex: str) -> bool:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


def _written(node: Element, depth: int) -> Iterator[str]:
    name = node.tag.rpartition("}")[2]
    if name not in _ELEMENTS or depth > _DEEPEST:
        raise BadFormula(_("công thức có «{name}», không dùng được ở đây.", name=name[:30]))
    if len(node) < _PARTS.get(name, 0):
        raise BadFormula(_("công thức thiếu một phần của phân số, căn hoặc chỉ số."))
    text = unescape(node.text or "")
    if name != "mtext" and text.startswith("\\") and len(text) > 1:
        raise BadFormula(_("công thức có lệnh «{name}» không biết.", name=text[:30]))
    kept = {k: v for k, v in node.attrib.items() if k in _ATTRIBUTES and _PLAIN_VALUE.fullmatch(v)}
    if set(node.attrib) & {"href", "style", "class", "id"}:
        raise BadFormula(_("công thức không được mang liên kết hay kiểu chữ riêng."))
    yield f"<{name}" + "".join(f' {k}="{escape(v)}"' for k, v in kept.items()) + ">"
    yield escape(text)
    for child in node:
        yield from _written(child, depth + 1)
    yield f"</{name}>"
