"""The system-call filters of the box as classic BPF, worked out by pure functions; nothing here talks to the kernel.

Two filters stand on each other: ``zygote`` (everything that nothing inside ever needs) and ``cell`` (besides, all by
which a process
makes or enters namespaces and mounts: the zygote needs those to build a box, learner code must not have them).
"""

from __future__ import annotations

import struct
from typing import Literal

Stage = Literal["zygote", "cell"]
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Machine → the audit number by which the kernel names its native ABI."""

_ALWAYS = {
    # name: (x86_64, aarch64); None where the machine has no such call
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "personality": (135, 92),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "vhangup": (153, 58),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    # memory that belongs to no process and to no file system with a size: the box could not count it
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_CELL = {
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}
_CLONE, _CLONE3, _SOCKET, _IOCTL, _PRCTL = (56, 220), (435, 435), (41, 198), (16, 29), (157, 167)
_PR_SET_DUMPABLE = 4
"""By it a process would hide from its warden how much memory it takes."""
_AF_UNIX = 1
_NEW_NAMESPACES = 0x7E020080
"""CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET, and TIME (0x80)."""
_TERMINAL_INPUT = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: they type into the terminal that the grader was started from."""
_EPERM, _ENOSYS = 1, 38
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_X32 = 0x40000000


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _argument(index: int) -> bytes:
    """Load the lower half of an argument; both machines are little-endian."""
    return _step(_LOAD, _ARGUMENTS + 8 * index)


def _refuse(number: int, error: int = _EPERM) -> list[bytes]:
    return [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | error)]


def _guarded(number: int, body: list[bytes]) -> list[bytes]:
    """Run ``body`` for one call only; it may replace the loaded number, because it always ends with a return."""
    return [_step(_EQUAL, number, 0, len(body)), *body]


def program(machine: str, stage: Stage) -> bytes:
    """Return the compiled filter for ``machine`` (a key of ``MACHINES``).

    Refused calls fail with EPERM, so that honest code that merely tries gets an exception; ``clone3`` fails with
    ENOSYS, so that the C
    library falls back to ``clone``, whose flags a filter can read. A foreign ABI (32 bit, x32) kills the process.
    """
    column = list(MACHINES).index(machine)
    steps = [_step(_LOAD, _ARCH), _step(_EQUAL, MACHINES[machine], 1, 0), _step(_RETURN, _KILL), _step(_LOAD, _NUMBER)]
    if machine == "x86_64":
        steps += [_step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _KILL)]
    table = {**_ALWAYS, **(_CELL if stage == "cell" else {})}
    for numbers in table.values():
        number = numbers[column]
        if number is not None:
            steps += _refuse(number)
    steps += _guarded(
        _SOCKET[column],
        [_argument(0), _step(_EQUAL, _AF_UNIX, 1, 0), _step(_RETURN, _ERRNO | _EPERM), _step(_RETURN, _ALLOW)],
    )
    first, second = _TERMINAL_INPUT
    typing = [
        _argument(1),
        _step(_EQUAL, first, 1, 0),
        _step(_EQUAL, second, 0, 1),
        _step(_RETURN, _ERRNO | _EPERM),
        _step(_RETURN, _ALLOW),
    ]
    steps += _guarded(_IOCTL[column], typing)
    if stage == "cell":
        steps += _refuse(_CLONE3[column], _ENOSYS)
        hiding = [
            _argument(0),
            _step(_EQUAL, _PR_SET_DUMPABLE, 0, 1),
            _step(_RETURN, _ERRNO | _EPERM),
            _step(_RETURN, _ALLOW),
        ]
        steps += _guarded(_PRCTL[column], hiding)
        # arch-independent: flags are the first argument of clone on both machines
        flags = [
            _argument(0),
            _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
            _step(_RETURN, _ERRNO | _EPERM),
            _step(_RETURN, _ALLOW),
        ]
        steps += _guarded(_CLONE[column], flags)
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def refused(machine: str, stage: Stage) -> dict[str, int]:
    """Return name and number of the calls that are refused whatever their arguments."""
    column = list(MACHINES).index(machine)
    table = {**_ALWAYS, **(_CELL if stage == "cell" else {})}
    return {name: number for name, numbers in table.items() if (number := numbers[column]) is not None}
