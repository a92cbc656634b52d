"""``python -m bench [NAME …]`` runs the named benches, all when none is named.

``--prove`` runs the long proofs instead.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import tempfile
from pathlib import Path

BENCHES = ("loop", "grading", "code", "box", "watch", "roster", "completion", "page")
PROOFS = ("fuzz", "kill", "differential", "faults", "guessing", "looks")


def main(arguments: list[str]) -> None:
    """Run what is named, each in a scratch folder of its own."""
    names = [a for a in arguments if not a.startswith("-")] or (PROOFS if "--prove" in arguments else BENCHES)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
            importlib.import_module(f"bench.{name}").bench(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
