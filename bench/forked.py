"""Runs ``moduong`` commands in processes forked from one that has loaded everything, to be killed or kept from writing.

A command is a whole process with the command line's own ``main``; only its loading is spared, so that a thousand of
them take minutes and a kill hits work, not start-up.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from bench.measure import ROOT

_PATIENCE = 10.0
_LATER = ("cluster", "__main__", "coordinator", "desk", "formats", "demo", "preview")
"""What has such a part in its name is not loaded beforehand: it starts threads, or work, or takes long."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command: its exit code (negative: the signal), seconds, what it printed.

    ``left``: processes of its session that outlived it by ten seconds.
    """

    code: int
    seconds: float
    said: str
    left: int

    @property
    def killed(self) -> bool:
        """Whether it was killed before it ended."""
        return self.code == -signal.SIGKILL


class Forge:
    """A process that forks the commands that it is told, one after the other."""

    def __init__(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.forked"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    def run(
        self,
        words: Sequence[str | Path],
        *,
        kill: float | None = None,
        most: int | None = None,
        answer: str = "",
        **environment: str,
    ) -> Done:
        """Run a command to its end.

        Args:
            words: as after ``moduong``.
            kill: seconds after which it is killed with ``kill -9``.
            most: bytes that a file may have, as on a full disk (``RLIMIT_FSIZE``).
            answer: what is typed.
            environment: variables beside those of this process.

        Raises:
            RuntimeError: the process that forks has ended.
        """
        job = {"words": [str(word) for word in words], "kill": kill, "most": most, "answer": answer}
        said = json.dumps({**job, "environment": environment})
        assert self._process.stdin is not None
        self._process.stdin.write(said + "\n")
        self._process.stdin.flush()
        found = self._hear()
        return Done(found["code"], found["seconds"], found["said"], found["left"])

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process that forks has ended ({self._process.wait()})")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(_PATIENCE)


@contextlib.contextmanager
def forge() -> Iterator[Forge]:
    """Yield a process that forks commands."""
    made = Forge()
    try:
        yield made
    finally:
        made.close()


def _load() -> None:
    """Import whatever a command may import, so that a fork has it."""
    import importlib
    import pkgutil

    import grader

    for found in pkgutil.walk_packages(grader.__path__, "grader."):
        if not any(part in _LATER for part in found.name.split(".")):
            importlib.import_module(found.name)
    from grader.gradebook import nbgrader_bridge

    nbgrader_bridge.warm()


def _serve() -> None:
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_do(json.loads(line))), flush=True)


def _do(job: Mapping[str, Any]) -> dict[str, Any]:
    heard, says = os.pipe()  # no file: what is printed is no write to a disk
    os.set_blocking(heard, False)
    begun = time.perf_counter()
    child = os.fork()
    if not child:
        os.close(heard)
        _be(job, says)
    os.close(says)
    said: list[bytes] = []
    status = _wait(child, heard, said, job["kill"])
    seconds = time.perf_counter() - begun
    left = _left(child)
    _hear_out(heard, said)
    os.close(heard)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "seconds": seconds, "said": b"".join(said).decode(errors="replace"), "left": left}


def _wait(child: int, heard: int, said: list[bytes], kill: float | None) -> int:
    until = None if kill is None else time.perf_counter() + kill
    while True:
        _hear_out(heard, said)
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        if until is not None and time.perf_counter() >= until:
            os.kill(child, signal.SIGKILL)
            until = None
        time.sleep(0.001)


def _hear_out(heard: int, said: list[bytes]) -> None:
    with contextlib.suppress(BlockingIOError):
        while chunk := os.read(heard, 65536):
            said.append(chunk)


def _left(session: int) -> int:
    """Return how many processes of a session still run after a while, and end them."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        left = list(_of(session))
        if not left:
            return 0
        time.sleep(0.01)
    for process in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return len(left)


def _of(session: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                yield int(folder.name)


def _be(job: Mapping[str, Any], says: int) -> NoReturn:
    """Be the command."""
    code = 1
    try:
        os.setsid()
        os.environ.update(job["environment"])
        read, write = os.pipe()
        os.write(write, job["answer"].encode())
        os.close(write)
        for old, new in ((read, 0), (says, 1), (says, 2)):
            os.dup2(old, new)
        if job["most"] is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (job["most"], job["most"]))
        from grader import cli

        sys.argv = ["moduong", *job["words"]]
        cli.main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:  # noqa: BLE001  # what any other process would print
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)


if __name__ == "__main__":
    _load()
    _serve()
