"""The warden's eyes: reads off the kernel, from outside the cell, what protects it and what it uses.

Runs inside bubblewrap.

The current folder is the outer ``/proc``, and paths are relative to it: the cell mounts its own over the absolute path.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import time
from typing import Any

RESULT = 3
"""The only handle besides 0, 1 and 2 that learner code has: the pipe on which values leave the box."""
_SYNC = 4
_POLL = 0.05
_BUFFER = 212_992
"""What the kernel may hold in one full socket. It belongs to no process, so every open handle is counted as one."""
_NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts")
_LIMITS = {
    "processes": "processes",
    "address space": "address_space",
    "file size": "file_size",
    "open files": "handles",
    "cpu time": "cpu",
}
_CAPABILITY_SETS = ("Inh", "Prm", "Eff", "Bnd", "Amb")


def namespaces(process: str) -> dict[str, str]:
    """Return the kernel's names for the namespaces that ``process`` lives in."""
    return {name: _namespace(process, name) for name in _NAMESPACES}


def _namespace(process: str, name: str) -> str:
    return os.readlink(f"{process}/ns/{name}")  # noqa: PTH115  # called for every process twenty times a second


def missing(child: int, outside: dict[str, str], job: dict[str, Any]) -> list[str]:
    """Return the protections that the waiting cell lacks; ``outside`` are the namespaces of the zygote."""
    inside = namespaces(str(child))
    lacking = [name for name in _NAMESPACES if inside[name] == outside[name]]
    with open(f"{child}/status", encoding="ascii", errors="replace") as file:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    if any(int(fields[f"Cap{kind}"], 16) for kind in _CAPABILITY_SETS):
        lacking.append("caps")
    if fields["NoNewPrivs"] != "1" or fields["Seccomp"] != "2" or fields.get("Seccomp_filters", "2") != "2":
        lacking.append("seccomp")
    if {int(h) for h in os.listdir(f"{child}/fd")} != {0, 1, 2, RESULT, _SYNC}:
        lacking.append("fds")
    if not _limited(child, job):
        lacking.append("limits")
    return lacking


def _limited(child: int, job: dict[str, Any]) -> bool:
    wanted = {"Max " + name: str(job[key]) for name, key in _LIMITS.items()} | {"Max core file size": "0"}
    with open(f"{child}/limits", encoding="ascii") as file:
        hard = {line[:26].strip(): line[47:68].strip() for line in file}
    return all(hard.get(name) == value for name, value in wanted.items())


def watch(job: dict[str, Any], child: int, status: socket.socket, output: int) -> dict[str, Any]:
    """Wait for the end of process 1; end it early for memory, for output, or when the grader closes the channel."""
    handle = os.pidfd_open(child)
    written, peak, next_look = 0, 0, time.monotonic() + _POLL
    poll = select.poll()
    for source in (handle, status.fileno(), output):
        poll.register(source, select.POLLIN)
    cause = ""
    while not cause:
        ready = {source for source, _ in poll.poll(_POLL * 1000)}
        if output in ready:
            text = os.read(output, 1 << 16)
            written += len(text)
            if not text:
                poll.unregister(output)
        if handle in ready:
            break
        if time.monotonic() >= next_look:
            looked = time.monotonic()
            peak = max(peak, memory(child, job["memory"]))
            next_look = time.monotonic() + max(_POLL, 2 * (time.monotonic() - looked))
        if peak > job["memory"]:
            cause = "memory"
        elif written > job["output"]:
            cause = "output-limit"
        elif status.fileno() in ready:
            cause = "closed"
    if cause:
        os.kill(child, signal.SIGKILL)
    _, ended, used = os.wait4(child, 0)
    died = os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0
    return {
        "cause": cause,
        "signal": died,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": max(peak, used.ru_maxrss * 1024 if not peak else 0),
    }


def memory(child: int, limit: int) -> int:
    """Return what all processes of the box hold.

    Shared pages are divided only when it could matter, because that is slow.
    """
    rough, buffers, members = 0, 0, _members(child)
    for name in members:
        with contextlib.suppress(OSError):  # it may have ended
            with open(f"{name}/statm", encoding="ascii") as file:
                rough += int(file.read().split()[1]) * resource.getpagesize()
            buffers += len(os.listdir(f"{name}/fd")) * _BUFFER
    return buffers + (rough if rough + buffers <= limit else sum(_share(name) for name in members))


def _members(child: int) -> list[str]:
    """Return the processes of the box; one that hides itself from its warden is counted, not passed over."""
    others = {"1", str(os.getpid()), str(os.getppid())}  # bubblewrap's first process, the warden, the zygote
    found = [str(child)]
    try:
        mine = _namespace(str(child), "pid")
    except OSError:
        mine = ""
    for name in os.listdir():
        if name.isdigit() and name not in others and name != str(child):
            try:
                ours = not mine or _namespace(name, "pid") == mine
            except PermissionError:
                ours = True
            except OSError:  # it has just ended
                continue
            if ours:
                found.append(name)
    return found


def _share(name: str) -> int:
    try:
        with open(f"{name}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except PermissionError:
        with open(f"{name}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except (OSError, StopIteration):
        return 0
