"""``python -m bench`` asks before it takes an hour: help is help, and a wrong name runs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.__main__ import BENCHES, PROOFS
from tests.support.people import ROOT


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_help_lists_every_bench_and_proof_with_a_line_and_runs_none() -> None:
    shown = bench("--help")
    assert shown.returncode == 0
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in shown.stdout.splitlines() if line.startswith("  ")}
    assert {name for name in (*BENCHES, *PROOFS) if len(lines.get(name, "")) > 20} == {*BENCHES, *PROOFS}
    assert "cores" not in shown.stdout  # the first line of a run


@pytest.mark.parametrize("wrong", ["completions", "--proof"])
def test_a_wrong_name_runs_nothing_and_is_said(wrong: str) -> None:
    shown = bench(wrong)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert wrong in shown.stderr
