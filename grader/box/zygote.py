"""Runs inside bubblewrap: a warm interpreter that forks one box for each job.

It holds no key, reads no answer, runs no learner code itself.

Three processes matter. The *zygote* waits for jobs. For each it forks a *warden*, which builds fresh namespaces and
a private disk, and
watches memory and output. The warden forks the *cell*: process 1 of its own process namespace, stripped of every
right before it runs
the learner's code; when it ends the kernel ends all that it started.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
from typing import Any

from grader.box import kernel as box_kernel
from grader.box import runner as box_runner
from grader.box import watch as box_watch

HOME, DATA_LIMIT = "/box", 1 << 30
_TEMPORARY = f"{HOME}/tmp"  # noqa: S108  # on the private disk of each box
_NICE = 5  # so that the warden gets its turn beside a fork bomb
_INNER_ID = 1000
_RESULT = box_watch.RESULT
_FLAGS = {
    "pid": box_kernel.CLONE_NEWPID,
    "mnt": box_kernel.CLONE_NEWNS,
    "net": box_kernel.CLONE_NEWNET,
    "ipc": box_kernel.CLONE_NEWIPC,
    "uts": box_kernel.CLONE_NEWUTS,
    "cgroup": box_kernel.CLONE_NEWCGROUP,
}
Job = dict[str, Any]


def main(control: int) -> None:
    """Import what jobs will need, say so, and serve jobs until the grader goes away."""
    channel = socket.socket(fileno=control)
    settings = json.loads(channel.recv(1 << 20))
    sys.path[:] = [*sys.path, *settings["path"]]
    for name in settings["preload"]:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # wardens are not waited for: their channel tells
    channel.send(json.dumps({"threads": len(os.listdir("/proc/self/task"))}).encode())
    while True:
        message, handles, _, _ = socket.recv_fds(channel, 16, 3)
        if not message:
            return
        if os.fork() == 0:
            channel.close()
            _warden(bytes.fromhex(settings["filter"]), *handles)
        for handle in handles:
            os.close(handle)


def _warden(program: bytes, job_handle: int, status_handle: int, result: int) -> None:
    """Build one box, let it run, watch it, report its end; never returns."""
    status = socket.socket(fileno=status_handle)
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        box_kernel.die_with_parent(signal.SIGKILL)
        with os.fdopen(job_handle, "rb") as file:
            job: Job = json.loads(file.read(DATA_LIMIT))
        ended = _guard(job, program, status, result)
    except BaseException as error:  # noqa: BLE001  # whatever goes wrong here is ours, and must be said
        ended = {"failed": f"{type(error).__name__}: {error}"}
    with contextlib.suppress(OSError):  # the grader may no longer listen
        status.send(json.dumps(ended).encode())
    os._exit(0)


def _guard(job: Job, program: bytes, status: socket.socket, result: int) -> dict[str, Any]:
    os.chdir("/proc")
    outside = box_watch.namespaces("self")
    _enter(job)
    ours, theirs = socket.socketpair()
    output, output_end = os.pipe2(os.O_NONBLOCK)
    os.set_blocking(output_end, True)
    child = os.fork()
    if child == 0:
        _cell(job, program, theirs.fileno(), output_end, result)
    for handle in (result, output_end):
        os.close(handle)
    theirs.close()
    ready = ours.recv(4096)
    if ready != b"ready":
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return {"failed": ready.decode("utf-8", "replace") or "the cell ended before it was ready"}
    missing = box_watch.missing(child, outside, job)
    if missing and "audit" not in job["without"]:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return {"failed": f"not protected: {', '.join(missing)}"}
    ours.send(b"go")
    ours.close()
    return box_watch.watch(job, child, status, output)


def _enter(job: Job) -> None:
    """Move into fresh namespaces with a private disk; the system around it is read-only already."""
    uid, gid = os.getuid(), os.getgid()
    flags = box_kernel.CLONE_NEWUSER
    for name, flag in _FLAGS.items():
        flags |= 0 if name in job["without"] else flag
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")  # if the machine runs out of memory, the box ends first
    box_kernel.unshare(flags)
    box_kernel.map_one_id(_INNER_ID, uid, gid)
    if "mnt" in job["without"]:
        return
    box_kernel.mount("none", "/", flags=box_kernel.MS_REC | box_kernel.MS_PRIVATE)
    # nothing that the learner wrote is started: a program without read permission would hide from the warden
    safe = box_kernel.MS_NOSUID | box_kernel.MS_NODEV | box_kernel.MS_NOEXEC
    box_kernel.mount("box", HOME, "tmpfs", safe, f"mode=700,size={job['disk']},nr_inodes={job['inodes']}")
    # The box's own /dev.
    box_kernel.mount("shm", "/dev/shm", "tmpfs", safe, f"mode=700,size={job['shared_memory']},nr_inodes=256")  # noqa: S108
    os.mkdir(_TEMPORARY, 0o700)
    box_kernel.mount(_TEMPORARY, "/tmp", flags=box_kernel.MS_BIND)  # noqa: S108  # so that both share one limit


def _cell(job: Job, program: bytes, sync: int, output: int, result: int) -> None:
    """Give up every right, run the learner's code, end; never returns."""
    channel = None
    try:
        box_kernel.die_with_parent(signal.SIGKILL)
        os.setsid()
        channel = _only_handles(job, sync, output, result)
        os.chdir(HOME)
        for name, text in job["files"].items():
            with open(name, "wb") as file:
                file.write(bytes.fromhex(text))
        _own_processes_only(job)
        _limit(job)
        os.nice(_NICE)
        if "caps" not in job["without"]:
            box_kernel.drop_capabilities()
        box_kernel.no_new_privileges()
        if "seccomp" not in job["without"]:
            box_kernel.install_filter(program)
        channel.send(b"ready")
        if channel.recv(2) != b"go":
            os._exit(1)
        channel.close()
    except BaseException as error:  # noqa: BLE001  # said to the warden, who says it is ours
        if channel:
            channel.send(f"{type(error).__name__}: {error}".encode()[:4000])
        os._exit(1)
    try:
        box_runner.run(job, lambda text: _write_all(_RESULT, text))
    finally:
        box_runner.leave()


def _write_all(handle: int, text: bytes) -> None:
    view = memoryview(text)
    while view:
        view = view[os.write(handle, view) :]


def _only_handles(job: Job, sync: int, output: int, result: int) -> socket.socket:
    """Keep nothing open but.

    An empty input, the counted output, the result pipe, and for a moment the channel to the warden.
    """
    high = [os.dup2(handle, 900 + n) for n, handle in enumerate((sync, output, result))]
    if "fds" not in job["without"]:
        os.closerange(0, 900)
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (high[1], 1), (high[1], 2), (high[2], _RESULT)):
        if source != target:
            os.dup2(source, target, inheritable=target != _RESULT)
    os.dup2(high[0], 4, inheritable=False)
    os.closerange(900, 1024)
    return socket.socket(fileno=4)


def _own_processes_only(job: Job) -> None:
    """Show this namespace's processes in /proc, or nothing where the kernel refuses a fresh one."""
    if "mnt" in job["without"] or "proc" in job["without"]:
        return
    safe = box_kernel.MS_NOSUID | box_kernel.MS_NODEV | box_kernel.MS_NOEXEC
    try:
        box_kernel.mount("proc", "/proc", "proc", safe)
    except OSError:
        box_kernel.mount("none", "/proc", "tmpfs", safe | box_kernel.MS_RDONLY, "size=4k")


def _limit(job: Job) -> None:
    limits = {
        "AS": job["address_space"],
        "CPU": job["cpu"],
        "FSIZE": job["file_size"],
        "NOFILE": job["handles"],
        "CORE": 0,
    }
    if "nproc" not in job["without"]:
        limits["NPROC"] = job["processes"]
    for name, value in {**limits, "MEMLOCK": 0, "MSGQUEUE": 0}.items():
        resource.setrlimit(
            getattr(resource, f"RLIMIT_{name}", 12), (value, value)
        )  # 12: RLIMIT_MSGQUEUE has no name in Python


if __name__ == "__main__":
    main(int(sys.argv[1]))
