"""The LaTeX of R/exams exercises as HTML: text, lists, emphasis and formulas; other commands keep what they hold."""

from __future__ import annotations

import html
import re
import unicodedata

_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_MATH = re.compile(r"(?<!\\)\$\$?.+?(?<!\\)\$\$?|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_VERBATIM = re.compile(r"\\begin\{verbatim\}\n?(.*?)\\end\{verbatim\}", re.DOTALL)
_ACCENT = re.compile(r"\\(?:([`'^\"~=.])(?:\{\\?([A-Za-z])\}|([A-Za-z]))|([uvHcdkr])\{([A-Za-z])\})")
_MARKS = dict(
    zip(
        "`'^\"~=.uvHcdkr",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0323\u0328\u030a",
        strict=True,
    )
)
_TAGS = {
    "textbf": "b",
    "emph": "em",
    "textit": "em",
    "texttt": "code",
    "underline": "u",
    "textsuperscript": "sup",
    "textsubscript": "sub",
}
_SIGNS = {
    "ldots": "…",
    "dots": "…",
    "textbackslash": "\\",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "quad": " ",
    "qquad": " ",
    "euro": "€",
    "S": "\N{SECTION SIGN}",
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "ae": "æ",
    "AE": "Æ",
}
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?(?:\[[^\]]*\])?(?:\{((?:[^{}]|\{[^{}]*\})*)\})?")
_ITEM = re.compile(r"\\item\b\s*")


def environment(text: str, name: str) -> str:
    """Return what stands inside the first environment of this name; empty without."""
    found = re.search(rf"\\begin\{{{name}\}}(.*?)\\end\{{{name}\}}", text, re.DOTALL)
    return found[1].strip() if found else ""


def answers(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without its ``answerlist``, and the entries of that list."""
    inner = environment(text, "answerlist")
    rest = re.sub(r"\\begin\{answerlist\}.*?\\end\{answerlist\}", "", text, flags=re.DOTALL)
    return rest.strip(), tuple(part.strip() for part in _ITEM.split(inner)[1:])


def to_html(text: str) -> tuple[str, list[str]]:
    """Return LaTeX as HTML, and the commands of which only the text inside was kept."""
    kept: list[str] = []
    lost: list[str] = []

    def keep(piece: str) -> str:
        kept.append(piece)
        return f"\x00{len(kept) - 1}\x00"

    text = _VERBATIM.sub(lambda m: keep(f"<pre>{html.escape(m[1], quote=False)}</pre>"), text)
    text = _MATH.sub(lambda m: keep(html.escape(m[0], quote=False)), text)
    text = _COMMENT.sub("", text)
    text = html.escape(text, quote=False)
    text = _ACCENT.sub(_accented, text)
    text = re.sub(r"\\([%&_#${} ])", lambda m: keep(html.escape(m[1])), text.replace("\\&amp;", keep("&amp;")))
    text = re.sub(r"\\\\(?:\[[^\]]*\])?", "<br>", text).replace("~", " ")
    text = text.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
    text = _lists(text)
    for _ in range(4):  # commands inside commands
        text = _COMMAND.sub(lambda m: _command(m, lost), text)
    text = re.sub(r"[{}]", "", text)
    text = re.sub(r"\n[ \t]*\n\s*", "</p><p>", text.strip())
    for n in range(len(kept) - 1, -1, -1):
        text = text.replace(f"\x00{n}\x00", kept[n])
    return f"<p>{text}</p>", list(dict.fromkeys(lost))


def _accented(match: re.Match[str]) -> str:
    letter = match[2] or match[3] or match[5]
    return unicodedata.normalize("NFC", letter + _MARKS[match[1] or match[4]])


def _lists(text: str) -> str:
    for name, tag in (("itemize", "ul"), ("enumerate", "ol")):
        text = text.replace(f"\\begin{{{name}}}", f"<{tag}>").replace(f"\\end{{{name}}}", f"</{tag}>")
    return _ITEM.sub("<li>", text)


def _command(match: re.Match[str], lost: list[str]) -> str:
    name, inner = match[1], match[2]
    if name in _TAGS and inner is not None:
        return f"<{_TAGS[name]}>{inner}</{_TAGS[name]}>"
    if name in _SIGNS:
        return _SIGNS[name] + (inner or "")
    if name == "includegraphics":
        return f'<img src="{inner or ""}">'
    if name in {"url", "href"}:
        return f'<a href="{inner or ""}">{inner or ""}</a>'
    lost.append("\\" + name)
    return inner or ""
