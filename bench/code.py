"""The code module: the full box against stock nbgrader on the same honest pandas submissions in one run.

``otter run`` beside.
"""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import stock
from bench.grading import ROUNDS, STOCK, ours_run, same, sets, stock_run, workspace
from bench.measure import heading, line, run, spread
from grader.ground.workspace import Workspace
from grader.itemtypes.invented import simulate
from grader.marking import grade

MODULE, COUNT = "M10", 200


def honest(item: Mapping[str, Any], rng: random.Random) -> Any:
    """Return what somebody hands in who tries.

    Right code, noisy code, code with one wrong variable, now and then none.
    """
    if item["type"] != "code":
        return simulate.right(item) if rng.random() < 0.8 else simulate.wrong(item, rng)
    body = item["variants"][0]
    wrong = rng.choice(body["checks"])["value"]
    return rng.choices(
        [
            body["solution"],
            body["solution"] + "\nprint(bang.head())",
            body["solution"] + f"\n{wrong} = 0",
            body["starter"],
        ],
        (6, 2, 1, 1),
    )[0]


def bench(folder: Path) -> None:
    """Print the table of the code module."""
    heading(f"Grading, code module {MODULE} (pandas, 5 code items, 2 data sets), full box")
    base = workspace(folder / "base", (MODULE,))
    handed_in = sets(base, MODULE, COUNT, honest)
    stocks, ours, identical = [], [], set()
    for number in range(ROUNDS):
        one = folder / f"round-{number}"
        took, theirs = stock_run(base, one / "stock", handed_in[:STOCK])
        mine, space = ours_run(base, one / "ours", handed_in)
        identical.add(same(stock.scores(space.root), theirs))
        stocks.append(took)
        ours.append(mine)
        shutil.rmtree(one)
    line(
        f"stock `nbgrader autograde`, wall for each of {STOCK} submissions, one data set, no protection",
        f"{spread(stocks)} s",
    )
    line(
        f"{COUNT} submissions, `moduong grade` as a whole process",
        f"{spread([r.seconds for r in ours])} s, {max(r.mebibytes for r in ours):.0f} MiB",
    )
    line(
        f"{COUNT} submissions, times faster than stock",
        f"{spread([s / (r.seconds / COUNT) for s, r in zip(stocks, ours, strict=True)])}×",
        "≥ 20×",
    )
    line(f"identical scores on the {STOCK}", "; ".join(sorted(identical)), "yes")
    line(
        "`otter run`, wall for each submission",
        otter(base, folder / "otter", statistics.median(r.seconds for r in ours) / COUNT),
    )


def otter(base: Workspace, folder: Path, ours: float) -> str:
    """Return what ``otter run`` takes for an equivalent notebook, or that it is not installed."""
    if importlib.util.find_spec("otter") is None:
        return "not installed"
    notebook, tests = _equivalent(base)
    (folder / "tests").mkdir(parents=True)
    shutil.copytree(base.source(MODULE) / "data", folder / "data")
    (folder / "bai.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for name, text in tests.items():
        (folder / "tests" / f"{name}.py").write_text(text, encoding="utf-8")
    archive = folder / "autograder.zip"
    run(
        [
            sys.executable,
            "-m",
            "otter",
            "generate",
            "-t",
            "tests",
            "-o",
            archive.name,
            "--no-environment",
            "data/ghi-nhan-1.csv",
        ],
        cwd=folder,
    )
    runs = [
        run([sys.executable, "-m", "otter", "run", "bai.ipynb", "-a", archive.name, "-o", str(folder)], cwd=folder)
        for _ in range(5)
    ]
    total = json.loads((folder / "results.json").read_bytes())
    earned = sum(float(t.get("score", 0)) for t in total["tests"])
    times = [r.seconds / ours for r in runs]
    return (
        f"{spread([r.seconds for r in runs])} s, one data set, no sandbox without Docker; {earned:g} points; ours "
        f"{spread(times)}× faster"
    )


def _equivalent(base: Workspace) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a notebook with the reference solutions, and a test file for each code item."""
    cells, tests = [], {}
    for item in grade.load_key(base, MODULE)["items"]:
        if item["type"] == "code":
            body, name = item["variants"][0], item["id"].replace("-", "_").lower()
            source = f'DATA = "data/{body["data"][0]}"\n{body["given"]}\n{body["solution"]}'
            cells.append(
                {
                    "cell_type": "code",
                    "id": name,
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": source,
                }
            )
            cases = [
                f"@test_case(points={check['points']})\ndef test_{n}({check['value']}):\n    assert "
                f"{stock.holds(check, wanted)}\n"
                for n, (check, wanted) in enumerate(zip(body["checks"], body["expected"][0], strict=True))
            ]
            tests[name] = (
                f'OK_FORMAT = False\nfrom otter.test_files import test_case\nname = "{name}"\npoints = None\n\n'
                + "\n".join(cases)
            )
    kernel = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, tests
