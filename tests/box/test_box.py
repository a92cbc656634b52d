"""The box seen from the trusted side.

Values in and out, its limits, its filters, and what happens when it fails itself.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.box import command as box_command
from grader.box import seccomp as box_seccomp
from grader.box.box import Box, BoxFailure, Cell, Limits, Program
from grader.box.lines import Failure, Reader, Refused, Value, parse
from grader.box.values import MIB
from tests.support.box_arena import FAST, below, values

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(FAST) as ours:
        yield ours


def one(source: str, *checks: str, files: dict[str, bytes] | None = None) -> Program:
    return Program((Cell("a.csv", "", source, checks),), files or {})


@pytest.mark.parametrize(
    ("expression", "data"),
    [
        ("None", None),
        ("True", True),
        ("2", 2),
        ("0.1 + 0.2", 0.30000000000000004),
        ("'Tổng \\ud83d\\ude00'.encode('utf-16', 'surrogatepass').decode('utf-16')", "Tổng 😀"),
        ("(1, [2, {'a': None}])", [1, [2, {"a": None}]]),
        ("{3, 1, 2}", [1, 2, 3]),
        ("{1: 'a', 'b': 2}", {"1": "a", "b": 2}),
        ("np.int64(5)", 5),
        ("np.float32(0.5)", 0.5),
        ("np.bool_(True)", True),
        ("np.array([[1, 2], [3, 4]])", [[1, 2], [3, 4]]),
        ("pd.Timestamp('2026-09-30')", "2026-09-30T00:00:00"),
        ("__import__('datetime').date(2026, 9, 30)", "2026-09-30"),
        ("pd.Index(['a', 'b'])", ["a", "b"]),
        (
            "pd.DataFrame({'a': [1, None], 'b': ['x', None]})",
            {"columns": ["a", "b"], "rows": [[1.0, "x"], [None, None]]},
        ),
        ("pd.DataFrame({'a': [1, 2, 3]}).query('a > 1')", {"columns": ["a"], "rows": [[2], [3]]}),
        (
            "pd.Series([1, 2], index=pd.Index(['x', 'y'], name='k'), name='n')",
            {"columns": ["k", "n"], "rows": [["x", 1], ["y", 2]]},
        ),
        ("pd.Series([1, 2])", {"columns": ["value"], "rows": [[1], [2]]}),
        (
            "pd.DataFrame({'a': [1, 1], 'b': [2, 3]}).groupby(['a', 'b']).size()",
            {"columns": ["a", "b", "value"], "rows": [[1, 2, 1], [1, 3, 1]]},
        ),
    ],
)
def test_values_leave_the_box_as_json(box: Box, expression: str, data: object) -> None:
    run = box.run(one("import numpy as np, pandas as pd", expression))
    assert run.cells[0].checks == [Value(data)]
    assert type(run.cells[0].checks[0].data) is type(data)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("...", "@ellipsis"),
        ("float('nan')", "@nan"),
        ("-float('inf')", "@nan"),
        ("__import__('pandas').NA", "@nan"),
        ("open", "@type"),
        ("1j", "@type"),
        ("type('F', (float,), {})(1)", "@type"),
        ("type('D', (dict,), {})()", "@type"),
        ("'x' * 2_000_000", "@large"),
        ("1 / 0", "ZeroDivisionError"),
        ("x", "NameError"),
        ("x y", "SyntaxError"),
        ("10 ** 5000", "ValueError"),
    ],
)
def test_what_json_cannot_say_has_a_kind(box: Box, expression: str, kind: str) -> None:
    assert values(box.run(one("", expression))) == [kind]


def test_the_place_of_a_failure(box: Box) -> None:
    run = box.run(
        Program(
            (Cell("", "x = 1\n\n\n", "y = 2\nz = w", ("y",)), Cell("", "raise KeyError('k')", "a = 1", ("y", "a"))), {}
        )
    )
    assert [cell.failure for cell in run.cells] == [Failure("NameError", 2, "w"), Failure("KeyError", 0, "k")]
    assert run.cells[0].checks == [Value(2)]
    assert run.cells[1].checks == [Value(2), Failure("NameError", 0, "a")]


def test_files_and_the_folder(box: Box) -> None:
    run = box.run(
        one(
            "import os",
            "open(DATA).read()",
            "os.getcwd()",
            "os.uname().nodename",
            "os.getuid()",
            files={"a.csv": "Tổng".encode()},
        )
    )
    assert [c.data for c in run.cells[0].checks if isinstance(c, Value)] == ["Tổng", "/box", "moduong", 1000]


def test_runs_are_alike(box: Box) -> None:
    program = one(
        "import random, numpy, pandas", "random.random()", "numpy.random.rand()", "hash('a')", "[*{'a', 'b', 'c'}]"
    )
    assert box.run(program).cells == box.run(program).cells


def test_limits_are_those_of_the_design() -> None:
    assert asdict(Limits()) == {
        "cell": 30.0, "wall": 120.0, "submission": 300.0, "cpu": 120, "memory": 1024 * MIB, "address_space": 4096 * MIB, "processes": 64,  # noqa: E501
        "handles": 256, "file_size": 64 * MIB, "disk": 128 * MIB, "inodes": 4096, "shared_memory": 8 * MIB, "output": 16 * MIB, "line": MIB,  # noqa: E501
        "results": 8 * MIB, "depth": 20,
    }  # fmt: skip


def test_processor_time_is_limited() -> None:
    with Box(Limits(cpu=1, cell=20), preload=()) as box:
        run = box.run(one("while True: pass", "1"))
    assert (run.verdict, values(run)) == ("timeout", [None])
    assert run.seconds < 10


# When the box fails itself


def test_a_killed_zygote_is_started_again(box: Box) -> None:
    first = box.pid
    os.kill(first, signal.SIGKILL)
    assert box.run(one("a = 1", "a")).cells[0].checks == [Value(1)]
    assert box.pid != first


def test_a_box_killed_while_running_is_tried_once_more(box: Box) -> None:
    first = box.pid
    threading.Timer(0.5, os.kill, (first, signal.SIGKILL)).start()
    run = box.run(one("import time\ntime.sleep(1)\na = 1", "a"))
    assert (run.verdict, values(run)) == ("ok", [1])
    assert box.pid != first


def killing(box: Box, pick: slice) -> threading.Thread:
    """Kill what is inside ``box`` twice, as soon as a cell runs."""

    def kill() -> None:
        for _ in range(2):
            before = box.pid
            while len(below(box.pid)) < 4:
                time.sleep(0.01)
            time.sleep(0.3)
            for pid in [before, *below(before)][pick]:
                os.kill(pid, signal.SIGKILL)
            while box.pid in {0, before}:
                time.sleep(0.01)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    return killer


@pytest.mark.parametrize(
    ("pick", "said"),
    [(slice(0, 1), "without a word"), (slice(3, 4), "without a word"), (slice(4, 5), "killed from outside")],
)
def test_a_box_that_fails_twice_is_no_verdict(box: Box, pick: slice, said: str) -> None:
    killer = killing(box, pick)
    with pytest.raises(BoxFailure, match=said):
        box.run(one("import time\ntime.sleep(15)", "1"))
    assert box.run(one("a = 1", "a")).verdict == "ok"
    killer.join()


def test_closing_ends_everything() -> None:
    box = Box(preload=())
    inside = [box.pid, *below(box.pid)]
    box.close()
    assert gone(inside)
    assert box.run(one("a = 1", "a")).verdict == "ok", "a closed box starts again when it is needed"
    box.close()


def test_the_box_ends_with_the_grader() -> None:
    source = (
        "import os, threading, time\nfrom grader.box.box import *\nb = Box(preload=())\nprint(b.pid, "
        "flush=True)\nb.run(Program((Cell('', '', 'import time\\ntime.sleep(100)', ()),), {}))"
    )
    grader = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert grader.stdout
    box = int(grader.stdout.readline())
    until = time.monotonic() + 10
    while len(inside := [box, *below(box)]) < 5 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(inside) == 5, "bubblewrap, process 1, zygote, warden, cell"
    grader.kill()
    grader.wait()
    assert gone(inside)
    grader.stdout.close()


def gone(pids: list[int]) -> bool:
    """Wait until none of ``pids`` runs any more."""
    until = time.monotonic() + 10
    while any(running(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(running(pid) for pid in pids)


def running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


def in_a_worker(number: int) -> object:
    with Box(preload=()) as box:
        return values(box.run(one(f"a = {number} ** 2", "a")))


def test_workers_have_their_own_boxes() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(in_a_worker, range(4))) == [[0], [1], [4], [9]]


SYSTEM_PYTHON = "/usr/bin/python3"
AS_A_USER = """
import json, os
from grader.commands.doctor import machine as doctor
from grader.commands.doctor.symptom import well
symptoms = doctor.examine()
fought = [(f.attack.name, f.stood, f.what) for f in doctor.attack()]
print(json.dumps([os.getuid(), well(symptoms), [f for f in fought if not f[1]], len(fought)]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_with_an_ordinary_python() -> None:
    """As root this suite drops to an unprivileged uid.

    Here the whole grader is an ordinary user, without root anywhere.
    """
    packages = ":".join(box_command.packages())
    able = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import pandas, pydantic"],
        env={"PYTHONPATH": packages},
        check=False,
        capture_output=True,
        user=12345,
    )
    if able.returncode:
        pytest.skip(f"{SYSTEM_PYTHON} cannot use this environment's packages")
    environment = {"PYTHONPATH": f"{ROOT}:{packages}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [SYSTEM_PYTHON, "-B", "-c", AS_A_USER],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        user=12345,
        group=12345,
        extra_groups=[],
        cwd="/",
    )
    assert not done.stderr
    uid, well, fell, number = json.loads(done.stdout)
    assert (uid, well, fell) == (12345, True, [])
    assert number >= 15


# What the box is told


def test_nothing_of_the_course_is_shown() -> None:
    shown = box_command.folders()
    assert not any(ROOT.is_relative_to(folder) for folder in shown)
    ours = [ROOT / part for part in ("course", "grader", "exercises", "tests", "workspace")]  # .venv may lie here too
    assert not any(Path(folder).is_relative_to(part) for folder in shown for part in ours)
    assert all("site-packages" in folder or "dist-packages" in folder for folder in box_command.packages())


def test_a_workspace_inside_python_is_refused() -> None:
    with pytest.raises(box_command.NoIsolation, match="which learner code can read"):
        box_command.check_hidden([Path(sys.base_prefix) / "lib" / "workspace"])
    with pytest.raises(box_command.NoIsolation):
        box_command.check_hidden([Path("/usr/share/khoa")])
    box_command.check_hidden([ROOT])


# The lines


def reader() -> Reader:
    return Reader([2, 0], longest=100, most=1000, depth=3)


WHOLE = b'{"cell":0}\n{"cell":0,"check":0,"value":[1]}\n{"cell":0,"check":1,"error":"@nan","line":0,"name":""}\n{"cell":1,"error":"E","line":3,"name":"x"}\n'  # noqa: E501


@given(st.lists(st.integers(0, len(WHOLE)), max_size=6))
def test_lines_may_arrive_in_pieces(cuts: list[int]) -> None:
    ours = reader()
    places = sorted({0, *cuts, len(WHOLE)})
    for first, last in pairwise(places):
        ours.feed(WHOLE[first:last])
    assert ours.complete
    assert ours.cells[0].checks == [Value([1]), Failure("@nan")]
    assert ours.cells[1].failure == Failure("E", 3, "x")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    ours = reader()
    try:
        ours.feed(noise)
    except Refused:
        return
    assert not ours.complete


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=3))
def test_a_change_is_refused_or_a_value(place: int, noise: bytes) -> None:
    ours = reader()
    try:
        ours.feed(WHOLE[:place] + noise + WHOLE[place + len(noise) :])
    except Refused:
        return
    assert all(isinstance(c, Value | Failure | None) for cell in ours.cells for c in cell.checks)


def test_limits_of_lines() -> None:
    for text in (
        b"x" * 102,
        WHOLE + b"\n",
        WHOLE + b"x",
        b'{"cell":0}\n' + b'{"cell":0,"check":0,"value":"' + b"x" * 80 + b'"}\n',
    ):
        with pytest.raises(Refused):
            reader().feed(text)
    with pytest.raises(Refused):
        Reader([1], longest=100, most=20, depth=3).feed(WHOLE[:21])
    assert parse(b"[[[1]]]", 2) == [[[1]]]
    with pytest.raises(Refused):
        parse(b"[[[[1]]]]", 2)


def test_a_name_is_printable() -> None:
    ours = reader()
    ours.feed(b'{"cell":0,"error":"NameError","line":1,"name":"a\\u001b[31m\\u202eb\\ud800"}\n')
    assert ours.cells[0].failure == Failure("NameError", 1, "a[31mb")


# The filters


def verdict(program: bytes, machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """Run a filter the way the kernel does."""
    memory = struct.pack(
        "=IIQ6Q", number, arch or box_seccomp.MACHINES[machine], 0, *arguments, *[0] * (6 - len(arguments))
    )
    steps, place, loaded = list(struct.iter_unpack("=HBBI", program)), 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x20:
            loaded = struct.unpack_from("=I", memory, value)[0]
        elif code == 0x06:
            return int(value)
        else:
            met = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[code]
            place += yes if met else no


ALLOW, REFUSE, KILL = 0x7FFF0000, 0x50000 | errno.EPERM, 0x80000000

OPEN = {
    "x86_64": {"read": 0, "openat": 257, "clone": 56, "socket": 41, "ioctl": 16, "clone3": 435},
    "aarch64": {"read": 63, "openat": 56, "clone": 220, "socket": 198, "ioctl": 29, "clone3": 435},
}


@pytest.mark.parametrize("machine", box_seccomp.MACHINES)
@pytest.mark.parametrize("stage", ["zygote", "cell"])
def test_filters(machine: str, stage: box_seccomp.Stage) -> None:
    program = box_seccomp.program(machine, stage)
    calls, inner = OPEN[machine], stage == "cell"
    assert len(program) // 8 < 4096
    for number in box_seccomp.refused(machine, stage).values():
        assert verdict(program, machine, number, 5, 5) == REFUSE
    for name in ("read", "openat"):
        assert verdict(program, machine, calls[name], 1, 2) == ALLOW
    for family in range(50):
        assert verdict(program, machine, calls["socket"], family, 1) == (ALLOW if family == 1 else REFUSE)
    assert verdict(program, machine, calls["socket"], 1 << 32 | 2, 1) == REFUSE, "the kernel reads the lower half"
    assert [verdict(program, machine, calls["ioctl"], 0, r) for r in (0x5401, 0x5412, 0x541C)] == [
        ALLOW,
        REFUSE,
        REFUSE,
    ]
    for bit in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert verdict(program, machine, calls["clone"], bit | 17) == (REFUSE if inner else ALLOW)
    assert verdict(program, machine, calls["clone"], 0x3D0F00) == ALLOW, "a thread"
    assert verdict(program, machine, calls["clone"], 0x1200011) == ALLOW, "a fork"
    assert verdict(program, machine, calls["clone3"]) == (0x50000 | errno.ENOSYS if inner else ALLOW)
    prctl = {"x86_64": 157, "aarch64": 167}[machine]
    assert [verdict(program, machine, prctl, option) for option in (4, 15)] == [REFUSE if inner else ALLOW, ALLOW]
    assert verdict(program, machine, 0, arch=0x40000003) == KILL
    if machine == "x86_64":
        assert verdict(program, machine, 0x40000000 + 39) == KILL


def test_the_zygote_keeps_what_it_needs() -> None:
    kept = set(box_seccomp.refused("x86_64", "cell")) - set(box_seccomp.refused("x86_64", "zygote"))
    assert kept == {"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "sethostname", "setdomainname"}
