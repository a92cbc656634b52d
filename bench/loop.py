"""The whole loop: start-up, the demo, completion on the full roster."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.measure import heading, line, moduong, run, spread


def bench(folder: Path) -> None:
    """Measure what a person waits for."""
    heading("The whole loop")
    runs = [run(moduong("--help")) for _ in range(6)][1:]
    line("`moduong --help`", f"{spread([r.seconds for r in runs])} s", "≤ 0.5 s")
    demos = []
    for number in range(3):
        demos.append(run(moduong("demo", "--workspace", folder / f"demo-{number}")))
        shutil.rmtree(folder / f"demo-{number}")
    line(
        "`moduong demo` (make demo after set-up)",
        f"{spread([r.seconds for r in demos])} s, {max(r.mebibytes for r in demos):.0f} MiB",
        "≤ 60 s, ≤ 1 GB",
    )
    roster = folder / "full"
    run(moduong("roster", "sample", roster, "--size", "full", "--seed", "1", "--attempts"))
    completion = moduong(
        "completion", "--roster", roster, "--attempts", roster / "attempts.csv", "--as-of", "2026-10-31", "--json"
    )
    runs = [run(completion) for _ in range(6)][1:]
    line(
        "`moduong completion`, full roster",
        f"{spread([r.seconds for r in runs])} s, {max(r.mebibytes for r in runs):.0f} MiB",
        "≤ 3 s",
    )
