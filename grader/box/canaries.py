"""Learner code of our own: tries what must fail in a box and returns what did not. Its text runs inside.

It imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

_OUTSIDE = ("/x", "/usr/x", "/dev/x", "/etc/x", "/moduong/x", "/root", "/proc/sys/kernel/core_pattern")
_CALLS = {
    "x86_64": {
        "ptrace": 101,
        "mount": 165,
        "unshare": 272,
        "bpf": 321,
        "keyctl": 250,
        "io_uring_setup": 425,
        "clone3": 435,
    }
}
_CALLS["aarch64"] = {
    "ptrace": 117,
    "mount": 40,
    "unshare": 97,
    "bpf": 280,
    "keyctl": 219,
    "io_uring_setup": 425,
    "clone3": 435,
}
_REFUSED = (1, 38)


def holes(
    canary: str, hidden: Sequence[str], port: int, parent: int, names: Sequence[str], processes: int
) -> list[str]:
    """Return the name of every attempt that succeeded; an empty list is what a box must give."""
    return [*_files(canary, hidden), *_network(port), *_processes(parent, processes), *_rights(), *_inherited(names)]


def _files(canary: str, hidden: Sequence[str]) -> Iterator[str]:
    for path in (canary, *hidden):
        if os.path.lexists(path):
            yield f"sees {path}"
    for path in _OUTSIDE:
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
            yield f"writes {path}"


def _network(port: int) -> Iterator[str]:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM):
            yield f"opens a socket of family {int(family)}"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        yield "reaches the canary port"
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as local:
        local.connect(f"\0moduong-{port}")
        yield "reaches the canary socket"


def _processes(parent: int, most: int) -> Iterator[str]:
    with contextlib.suppress(OSError):
        os.kill(parent, 0)
        yield "signals the grader"
    if os.getpid() != 1:
        yield "is not process 1"
    with contextlib.suppress(OSError):
        if [name for name in os.listdir("/proc") if name.isdigit() and name != "1"]:
            yield "sees other processes"
    wait, started = threading.Event(), 0
    with contextlib.suppress(RuntimeError):
        while started <= most:
            threading.Thread(target=wait.wait, daemon=True).start()
            started += 1
    wait.set()
    if started >= most:
        yield "starts more processes than allowed"
    while threading.active_count() > 1:
        time.sleep(0.001)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)  # holds the result pipe: the grader notices if it lives on
        os._exit(0)


def _rights() -> Iterator[str]:
    libc = ctypes.CDLL(None, use_errno=True)
    for name, number in _CALLS[os.uname().machine].items():
        flags = 0x10000000 if name == "unshare" else 0  # a user namespace of its own: allowed to anybody elsewhere
        if libc.syscall(number, flags, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in _REFUSED:
            yield f"may call {name}"
    if os.getuid() == 0:
        yield "is root"


def _inherited(names: Sequence[str]) -> Iterator[str]:
    for name in os.environ:
        if name not in names:
            yield f"inherits ${name}"
    for handle in range(4, 1024):
        with contextlib.suppress(OSError):
            os.fstat(handle)
            yield f"inherits handle {handle}"


def attempt(**about: Any) -> list[str]:  # what ``holes`` takes, as JSON says it
    """Call ``holes``; the one name that the probe's check asks for."""
    return holes(**about)
