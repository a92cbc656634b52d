"""What a cadre touches: one anywidget each.

Their browser code is plain text that Python puts together, so nothing is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from course.words import SOURCE, catalogue

_TYPES = "types"
_FOLDER = Path(__file__).parent
_FOR_READERS = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/)$|^[ \t]+", re.MULTILINE | re.DOTALL)
"""Comments on lines of their own, and indentation: for whoever reads the files; a phone need not fetch them."""


_SAID = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"')


@cache
def words_of(lang: str, *names: str) -> dict[str, str]:
    """Return what the browser files ``names`` say, sentence → sentence in ``lang``.

    Empty for the code's own language.
    """
    if lang == SOURCE:
        return {}
    said = (m[1] for name in names for m in _SAID.finditer((_FOLDER / name).read_text(encoding="utf-8")))
    return {text: catalogue(lang)[text] for text in said if text in catalogue(lang)}


@cache
def code(*names: str) -> str:
    """Return browser files as one ES module (or style sheet).

    The last one exports, those before it declare what it uses.
    """
    whole = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"\n{2,}", "\n", _FOR_READERS.sub("", whole))


def drawings(kinds: Iterable[str]) -> str:
    """Return the browser code that draws the named item types: each file as a scope of its own.

    Raises:
        OSError: a type has no ``types/<type>.js``.
    """
    return "\n".join(
        f'shelf.draw["{kind}"] = (() => {{\n{code(f"{_TYPES}/{kind}.js")}\nreturn draw;\n}})();'
        for kind in sorted(kinds)
    )


def styles(kinds: Iterable[str]) -> str:
    """Return the style that only the named item types need; most have none."""
    files = (f"{_TYPES}/{kind}.css" for kind in sorted(kinds))
    return "\n".join(code(name) for name in files if (_FOLDER / name).exists())
