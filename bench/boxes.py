"""Runs a thousand programs in one box and looks for what they left: handles, memory, processes.

``python -m bench boxes``; the tests do it with fewer.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.measure import ROOT, heading, line

ROUNDS = 1_000


def bench(_folder: Path) -> None:
    """Print what is left.

    Raises:
        RuntimeError: when anything is.
    """
    sys.path.insert(0, str(ROOT))
    from tests.support.box_arena import leavings  # its arena, beside the tests

    heading("Boxes")
    left = leavings(ROUNDS)
    line(f"left after {ROUNDS} programs in one box", "; ".join(left) or "nothing", "nothing")
    if left:
        raise RuntimeError("; ".join(left))
