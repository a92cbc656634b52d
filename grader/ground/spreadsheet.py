"""Text for a spreadsheet that must stay text: no cell of a CSV file computes, wherever it is opened."""

from __future__ import annotations

import re

_COMPUTES = re.compile(r"(^|[,;|\t\r\n\v\f\x85\u2028\u2029])([\s\ufeff\u200b\"']*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫−])")
"""Where a formula may begin: at the start, or after what some spreadsheet takes for the end of a cell (a machine whose
decimal mark is the comma splits at semicolons); signs of full width are made plain ones by some input methods."""


def harmless(text: str) -> str:
    """Return ``text`` with an apostrophe before every place at which a spreadsheet might begin to compute."""
    if text.startswith(("\t", "\r")):
        text = f"'{text}"
    return _COMPUTES.sub(r"\1\2'", text)
