"""Stock nbgrader on a copy of a workspace, code items tested the way instructors write tests for it.

In the learner's own kernel.

``python -m bench.stock ROOT PERSON/MODULE …`` grades submissions one by one in one process (as ``nbgrader
autograde`` does, but one that
fails does not stop the others) and writes for each that failed a JSON line with nbgrader's own words into
``ROOT/failed.jsonl`` (what learners' code prints goes to the same output as ours).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measure import ROOT
from grader.ground.workspace import Workspace
from grader.marking import grade
from grader.publish import notebooks

FAILED = "failed.jsonl"


def copy(space: Workspace, target: Path) -> Workspace:
    """Return a copy of ``space`` for stock: nothing graded yet, and tests of code items in their cells."""
    shutil.copytree(
        space.root, target, ignore=shutil.ignore_patterns("autograded", "attempts", "submitted", "feedback")
    )
    stock = Workspace(target)
    with sqlite3.connect(stock.gradebook) as book:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment", "student"):
            book.execute(f"delete from {table}")  # our own names
    for module in sorted(p.name for p in (target / "source").iterdir()):
        items = {i["id"]: i for i in grade.load_key(stock, module)["items"] if i["type"] == "code"}
        if items:
            _with_tests(stock, module, items)
    return stock


def _with_tests(stock: Workspace, module: str, items: Mapping[str, Any]) -> None:
    path = stock.source(module) / f"{module}.ipynb"
    source = json.loads(path.read_bytes())
    cells = []
    for cell in source["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name.removesuffix("-code") in items and name.endswith("-code"):
            body = items[name.removesuffix("-code")]["variants"][0]
            data = f'DATA = "data/{body["data"][0]}"\n' if body["data"] else ""
            ours = {**cell["metadata"]["nbgrader"], "grade_id": f"{name}-given", "solution": False, "locked": True}
            cells.append(notebooks.code_cell(f"{name}-given", data + body["given"], {"nbgrader": ours}))
        if name in items:
            cell["source"] = test_source(items[name])
        cells.append(cell)
    path.write_bytes(notebooks.dumps({**source, "cells": cells}))
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", module, "--force"],
        cwd=stock.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])


def test_source(item: Mapping[str, Any]) -> str:
    """Return a test as instructors write it.

    An assert where there is one check, else the points of the checks that hold.
    """
    body = item["variants"][0]
    wanted = [holds(c, w) for c, w in zip(body["checks"], body["expected"][0], strict=True)]
    if len(wanted) == 1:
        lines = [f"assert {wanted[0]}"]
    else:
        parts = [
            f"({check['points']} if {holds} else 0.0)" for check, holds in zip(body["checks"], wanted, strict=True)
        ]
        lines = [
            "earned = 0.0",
            *(line for part in parts for line in ("try:", f"    earned += {part}", "except Exception:", "    pass")),
            "earned",
        ]
    return "\n".join(["### BEGIN HIDDEN TESTS", *lines, "### END HIDDEN TESTS"])


def holds(check: Mapping[str, Any], wanted: object) -> str:
    """Return the condition, as instructors write it, under which a check is met."""
    expression = next(check[kind] for kind in ("value", "call", "table") if kind in check)
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return (
            f"abs({expression} - {wanted!r}) <= {float(check['tol']) + 1e-9 * max(1.0, abs(wanted))!r}"
            if isinstance(wanted, float)
            else f"{expression} == {wanted!r}"
        )
    return f"{expression} == {wanted!r}"


def grade_each(stocks: Sequence[Workspace], submissions: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Let stock grade ``submissions`` (person, module), one process for each of its copies.

    Return what it said of those that failed.
    """
    shares = [submissions[n :: len(stocks)] for n in range(len(stocks))]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.stock", str(stock.root), *(f"{p}/{m}" for p, m in share)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for stock, share in zip(stocks, shares, strict=True)
    ]
    failed = {}
    for process, one in zip(running, stocks, strict=True):
        if process.wait():
            raise RuntimeError(f"bench.stock ended with {process.returncode}")
        for said in (one.root / FAILED).read_text(encoding="utf-8").splitlines():
            person, module, why = json.loads(said)
            failed[person, module] = why
    return failed


def scores(root: Path) -> dict[tuple[str, str], float | None]:
    """Return (person, cell) → automatic score."""
    query = """select sa.student_id, bc.name, g.auto_score from grade g join submitted_notebook sn on sn.id = g.notebook_id
        join submitted_assignment sa on sa.id = sn.assignment_id join base_cell bc on bc.id = g.cell_id"""  # noqa: E501
    with sqlite3.connect(root / "gradebook.db") as book:
        return {(person, name): score for person, name, score in book.execute(query)}


def main(root: str, *submissions: str) -> None:
    """Be one process of stock."""
    import io
    import logging

    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    words = io.StringIO()
    logging.getLogger("traitlets").handlers = [logging.StreamHandler(words)]
    file = (Path(root) / FAILED).open("w", encoding="utf-8")
    for person, module in (s.split("/") for s in submissions):
        config = PyFileConfigLoader("nbgrader_config.py", path=root).load_config()
        config.CourseDirectory.root, config.CourseDirectory.assignment_id, config.CourseDirectory.student_id = (
            root,
            module,
            person,
        )
        words.seek(0)
        words.truncate()
        try:
            converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
            converter.force = True
            converter.start()
        except (Exception, SystemExit) as error:  # noqa: BLE001  # what it could not grade is what we ask
            named = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception|Exit)\b.*$", words.getvalue(), re.MULTILINE)
            own = f"{type(error).__name__}: {error}"
            why = " ".join((named[-1] if named and "traceback" in own else own).split())[:120]
            file.write(json.dumps([person, module, why]) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
