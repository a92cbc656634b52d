"""Runs ``moduong`` and stock ``nbgrader`` as processes of their own that are forked, not started anew.

A server that has the foreign libraries loaded forks each process, so that a test waits for what the command does and
not for the import of nbformat and nbgrader (seconds, twice a line). Every module of ours is imported by the command
itself, as at the prompt; the command has its own process, environment, folder and streams.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    ["typer.main", "sqlalchemy", "openpyxl", "nbformat", "nbconvert", "nbgrader.apps", "nbgrader.api", "tornado.web"]
)
_MAINS = {"grader": "grader.cli", "nbgrader": "nbgrader.apps.nbgraderapp"}


def forked(
    module: str, arguments: tuple[str, ...], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m MODULE ARGUMENTS…`` in ``cwd`` to its end; return its exit code and what it wrote."""
    with tempfile.TemporaryDirectory(prefix="command-") as folder:
        streams = (f"{folder}/out", f"{folder}/err")
        process = _SERVER.Process(
            target=_process, args=(module, arguments, str(cwd), dict(environment), streams), daemon=False
        )
        process.start()
        process.join()
        out, err = (Path(one).read_text(encoding="utf-8") if Path(one).exists() else "" for one in streams)
        code = process.exitcode
        process.close()
    return subprocess.CompletedProcess([module, *arguments], -1 if code is None else code, out, err)


def _process(
    module: str, arguments: tuple[str, ...], cwd: str, environment: dict[str, str], streams: tuple[str, str]
) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(streams, 1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # the process's own, to its end
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115  # likewise
    sys.path[:0] = [cwd, *environment.get("PYTHONPATH", "").split(os.pathsep)]
    main = sys.modules["__main__"]
    main.__package__, main.__spec__ = module, None
    sys.argv = [f"{ROOT}/{module}/__main__.py", *arguments]
    try:
        importlib.import_module(_MAINS[module]).main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
