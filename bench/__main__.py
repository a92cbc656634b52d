"""``python -m bench [NAME …]`` runs the named benches, all when none is named; ``--help`` lists them.

``--prove`` runs the long proofs instead.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import platform
import sys
import tempfile
from pathlib import Path

BENCHES = (
    "house",
    "loop",
    "grading",
    "code",
    "box",
    "watch",
    "host",
    "roster",
    "messy",
    "completion",
    "keep",
    "lasting",
    "sleepers",
    "page",
    "preview",
    "formats",
)
PROOFS = ("boxes", "fuzz", "kill", "kill_each", "host_kill", "synced", "differential", "faults", "guessing", "looks")


def parser() -> argparse.ArgumentParser:
    listed = [("benches, all run when none is named", BENCHES), ("long proofs, which --prove runs", PROOFS)]
    lines = [f"{title}:\n" + "\n".join(f"  {name:14}{_purpose(name)}" for name in names) for title, names in listed]
    told = argparse.ArgumentParser(
        prog="python -m bench",
        description="Prints figures about speed, memory and the house; decides nothing.",
        epilog="\n\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    told.add_argument("names", nargs="*", metavar="NAME", help="a bench or a proof")
    told.add_argument("--prove", action="store_true", help="run the long proofs instead of the benches")
    return told


def _purpose(name: str) -> str:
    """Return the first line of a bench's own description, without importing it: some load much."""
    text = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]


def main(arguments: list[str]) -> None:
    """Run what is named, each in a scratch folder of its own."""
    told = parser()
    asked = told.parse_args(arguments)
    for name in asked.names:
        if name not in {*BENCHES, *PROOFS}:
            told.error(f"there is no bench '{name}'; --help lists them")
    names = asked.names or (PROOFS if asked.prove else BENCHES)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
            importlib.import_module(f"bench.{name}").bench(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
