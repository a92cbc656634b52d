"""Grading through a Dask cluster: a real scheduler and real worker processes on loopback.

What comes out is what local processes give.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import kill
from grader.ground.workspace import Workspace
from tests.support.people import ROOT, Instructor, moduong

MODULE = "T01"
QUIET = {"DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0", "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def running(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of Dask's own programs; it is ended by its id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=cwd,
        env={**os.environ, **QUIET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a scheduler with some workers of one thread each; yield its address and its processes, the scheduler last."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        scheduler = stack.enter_context(
            running("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show", cwd=folder)
        )
        wait(lambda: connects(port))
        arguments = (
            "worker",
            address,
            "--no-nanny",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--local-directory",
            str(folder),
        )
        yield address, [*(stack.enter_context(running(*arguments, cwd=folder)) for _ in range(workers)), scheduler]


def connects(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait(until: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def start(space: Workspace, course: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start ``moduong grade`` with jobs of two attempts."""
    code = "from grader import cli; from grader.marking import grade; grade.CHUNK = 2; cli.main()"
    command = [
        sys.executable,
        "-c",
        code,
        "grade",
        MODULE,
        "--workspace",
        str(space.root),
        "--course",
        str(course),
        "--json",
        *arguments,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MODUONG_NOW": kill.NOW}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def graded(space: Workspace) -> int:
    with contextlib.closing(sqlite3.connect(space.gradebook)) as book:
        return int(book.execute("SELECT count(*) FROM moduong_result").fetchone()[0])


def finished(process: subprocess.Popen[str]) -> dict[str, object]:
    said, errors = process.communicate(timeout=120)
    assert (process.returncode, errors.strip()) == (0, "")
    (module,) = json.loads(said)["modules"]
    assert isinstance(module, dict)
    return module


def test_two_workers_of_which_one_is_killed_give_the_gradebook_of_local_processes(
    instructor: Instructor, tmp_path: Path
) -> None:
    kill.fill(instructor.workspace, "thu", MODULE, 120)
    where = ["--workspace", str(instructor.workspace.root), "--course", str(instructor.author.course)]
    assert moduong("collect", *where, MODUONG_NOW=kill.NOW).returncode == 0
    instructor.engine.dispose()
    alone, course = kill.copy(instructor.workspace, tmp_path / "mot-may"), instructor.author.course
    expected = finished(start(alone, course, "--jobs", "2"))
    assert expected["graded"] == 108
    whole, broken = (
        kill.copy(instructor.workspace, tmp_path / "cum"),
        kill.copy(instructor.workspace, tmp_path / "cum-mat-may"),
    )
    with cluster(tmp_path / "dask", 2) as (address, workers):
        assert finished(start(whole, course, "--scheduler", address)) == expected
        process = start(broken, course, "--scheduler", address)
        wait(lambda: graded(broken))
        os.kill(workers[0].pid, signal.SIGKILL)
        before = graded(broken)
        assert finished(process) == expected
        assert before < 108
        assert [w.poll() for w in workers] == [-signal.SIGKILL, None, None]
    assert kill.difference(kill.content(alone), kill.content(whole)) == []
    assert kill.difference(kill.content(alone), kill.content(broken)) == []


def test_a_scheduler_that_is_lost_leaves_nothing_ungraded(instructor: Instructor, tmp_path: Path) -> None:
    kill.fill(instructor.workspace, "thu", MODULE, 120)
    instructor.collects()
    instructor.engine.dispose()
    with cluster(tmp_path / "dask", 1) as (address, (_, scheduler)):
        process = start(instructor.workspace, instructor.author.course, "--scheduler", address)
        wait(lambda: graded(instructor.workspace))
        os.kill(scheduler.pid, signal.SIGKILL)
        assert graded(instructor.workspace) < 108
        assert finished(process)["graded"] == 108
    assert graded(instructor.workspace) == 108


def test_a_cluster_that_cannot_grade_is_said_in_one_sentence(instructor: Instructor, tmp_path: Path) -> None:
    where = ("--workspace", instructor.workspace.root, "--course", instructor.author.course, "--lang", "en")

    def code(address: str, **environment: str) -> str:
        done = moduong("grade", MODULE, "--scheduler", address, *where, **environment)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
        return done.stderr.split(":")[0]

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert code(f"tcp://127.0.0.1:{port}") == "E-CLUSTER-2"
    assert code("no address") == "E-CLUSTER-2"
    (tmp_path / "distributed.py").write_text("raise ModuleNotFoundError('distributed')", encoding="utf-8")
    assert code("tcp://127.0.0.1:1", PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)])) == "E-CLUSTER-1"
    with cluster(tmp_path / "dask", 0) as (address, _):
        assert code(address) == "E-CLUSTER-3"


def test_a_worker_that_does_not_see_the_workspace_is_named(instructor: Instructor, tmp_path: Path) -> None:
    """A worker in a mount namespace of its own, in which the workspace's path is another, empty folder."""
    arguments = (
        "worker",
        "--no-nanny",
        "--nthreads",
        "1",
        "--no-dashboard",
        "--host",
        "127.0.0.1",
        "--local-directory",
        str(tmp_path / "dask"),
    )
    with cluster(tmp_path / "dask", 0) as (address, _):
        hidden = [
            "bwrap",
            "--dev-bind",
            "/",
            "/",
            "--tmpfs",
            str(instructor.workspace.root),
            "--die-with-parent",
            "--",
            sys.executable,
            "-m",
            "dask",
            *arguments,
            address,
        ]
        blind = subprocess.Popen(
            hidden, env={**os.environ, **QUIET}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            done = moduong(
                "grade",
                MODULE,
                "--scheduler",
                address,
                "--workspace",
                instructor.workspace.root,
                "--course",
                instructor.author.course,
                "--lang",
                "en",
            )
        finally:
            blind.kill()
            blind.wait(30)
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-CLUSTER-3"), done.stderr
    assert "does not see" in done.stderr


@pytest.mark.parametrize("option", ["--force", "--json", "--scheduler=tcp://127.0.0.1:1"])
def test_options_that_do_not_go_with_watch_are_refused(instructor: Instructor, option: str) -> None:
    done = moduong(
        "grade", "--watch", option, "--workspace", instructor.workspace.root, "--course", instructor.author.course
    )
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-OPT-1"), done.stderr
