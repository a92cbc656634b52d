"""Attacks on the box itself: 1 to 24 of docs/design.md §8.8.

Each ends as it must, and an honest submission after it is exact.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.box import seccomp as box_seccomp
from grader.box.box import Cell, Program
from grader.box.command import machine
from grader.box.values import MIB
from tests.support.box_arena import DATA, FAST, Arena, below, resident, values


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    ours = Arena()
    yield ours
    ours.close()


# Reading


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A workspace that everybody on this machine may read and write: only the box stands in between."""
    for folder, name in (
        ("keys", "M10.json"),
        ("source", "M10.ipynb"),
        ("submitted", "khac.ipynb"),
        ("", "gradebook.db"),
        ("", "nbgrader_config.py"),
    ):
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("DAP-AN-BI-MAT", encoding="utf-8")
        path.chmod(0o666)
    for folder in (tmp_path, *tmp_path.parents[:-1]):
        if folder.stat().st_uid == os.getuid() and folder != Path("/tmp"):
            folder.chmod(0o777 if folder.is_relative_to(tmp_path) else 0o755)
    return tmp_path


def test_01_course_files_are_not_there(arena: Arena, course: Path) -> None:
    paths = [str(p) for p in (course, *course.rglob("*"))] + [str(Path(__file__).parents[2] / "exercises")]
    assert arena.found(f"import os\nfound = [p for p in {paths!r} if os.path.lexists(p)]") == []


def test_02_no_system_secrets(arena: Arena) -> None:
    source = """
import os
found = []
for path in ("/etc/shadow", "/home", os.path.expanduser("~root/.ssh"), f"/proc/{os.getppid()}/environ", "/proc/0/environ", "/var/lib", "/run", "/sys"):
    try:
        os.stat(path); found.append(path)
    except OSError:
        pass
found.append(open("/etc/passwd").read().count("\\n"))
"""  # noqa: E501
    assert arena.found(source) == [1]


def test_03_environment_is_ours(arena: Arena) -> None:
    names = arena.found("import os\nfound = sorted(os.environ)")
    assert names == sorted({*names} & {"PWD", "LC_CTYPE"} | {
        "HOME", "LANG", "MKL_NUM_THREADS", "MPLBACKEND", "MPLCONFIGDIR", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "PYTHONHASHSEED", "TZ",  # noqa: E501
    })  # fmt: skip


def test_04_no_inherited_handles(arena: Arena) -> None:
    source = """
import os
found = []
for handle in range(0, 1024):
    try:
        os.fstat(handle); found.append(handle)
    except OSError:
        pass
"""
    assert arena.found(source) == [0, 1, 2, 3]


SCAN = """
import re
pattern = re.compile(b"BI" + b"-MAT-[0-9]{8}")
found = set()
memory = open("/proc/self/mem", "rb", 0)
for line in open("/proc/self/maps"):
    place, rights = line.split()[:2]
    if "r" in rights and "[v" not in line:
        first, last = (int(x, 16) for x in place.split("-"))
        try:
            memory.seek(first)
            found.update(m.decode() for m in pattern.findall(memory.read(last - first)))
        except OSError:
            pass
found = sorted(found)
"""


def test_05_no_key_in_memory(arena: Arena) -> None:
    secret = f"BI-MAT-{os.getpid():08}"
    os.environ["MODUONG_TEST_SECRET"] = secret
    items = [dict(item) for item in arena.items]
    items[0]["variants"] = [{**items[0]["variants"][0], "expected": [[secret, secret], [secret, secret]]}]
    arena.items, kept = items, arena.items
    try:
        answer = SCAN + "\ntong = found and found[0]\nten = tong"
        assert arena.score({"M10-Q01": answer}) == {"M10-Q01": 0, "M10-Q02": 0}
    finally:
        arena.items = kept
    assert arena.found(SCAN) == []
    planted = arena.found(SCAN, files={"so-1.csv": b"x"}, given="kept = b'BI-MA' + b'T-12345678'")
    assert planted == ["BI-MAT-12345678"], "the scan itself finds what is there"


def test_06_nothing_left_by_other_boxes(arena: Arena) -> None:
    leave = "for place in ('/tmp', '/dev/shm', '.'):\n    open(place + '/dau-vet', 'w').write('x')\nfound = 1"
    look = "import os\nfound = [sorted(os.listdir(place)) for place in ('/tmp', '/dev/shm', '/box')]"
    assert arena.found(leave) == 1
    assert arena.found(look) == [[], [], ["so-1.csv", "so-2.csv", "tmp"]]
    other = Arena()
    try:
        slow = threading.Thread(target=lambda: arena.run(leave + "\nimport time\ntime.sleep(1)"))
        slow.start()
        time.sleep(0.4)
        assert other.found(look) == [[], [], ["so-1.csv", "so-2.csv", "tmp"]]
        slow.join()
    finally:
        other.close()


def test_07_only_own_processes(arena: Arena) -> None:
    assert arena.found("import os\nfound = [n for n in os.listdir('/proc') if n.isdigit()]") == ["1"]


# Writing


def test_08_nothing_outside_can_be_written(arena: Arena, course: Path) -> None:
    before = tree(course)
    targets = [str(p) for p in course.rglob("*")] + [f"{p}/moduong-x" for p in sys.path if p.endswith("site-packages")]
    targets += [
        str(Path.home() / ".bashrc"),
        str(Path.home() / ".ipython" / "x"),
        "/usr/bin/x",
        "/etc/passwd",
        "/moduong/grader/box/zygote.py",
        "/x",
        "/dev/null2",
        sys.base_prefix + "/x",
    ]
    source = f"""
import os
found = []
for path in {targets!r}:
    for act in (lambda: open(path, "a").close(), lambda: os.remove(path), lambda: os.truncate(path, 0), lambda: os.mkdir(path)):
        try:
            act(); found.append(path)
        except OSError:
            pass
"""  # noqa: E501
    assert arena.found(source) == []
    assert tree(course) == before


def tree(root: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in root.rglob("*") if p.is_file()}


def test_09_removing_everything(arena: Arena) -> None:
    source = """
import os, shutil
for top in [e.path for e in os.scandir("/") if e.name != "usr"] + ["/usr/bin", os.getcwd()]:
    shutil.rmtree(top, ignore_errors=True)
found = [os.path.exists(DATA), os.path.exists("/usr/bin/env")]
"""
    assert arena.found(source) == [False, True]


@pytest.mark.parametrize(
    ("source", "errno"),
    [
        ("with open('a', 'wb') as f:\n    for _ in range(1000):\n        f.write(bytes(1 << 20))", 27),
        ("for n in range(100):\n    open(f'f{n}', 'wb').write(bytes(4 << 20))", 28),
        ("for n in range(100_000):\n    open(f'f{n}', 'wb').close()", 28),
        ("import os\nos.truncate(os.open('a', os.O_CREAT | os.O_WRONLY), 1 << 40)", 27),
        ("for n in range(20):\n    open(f'/dev/shm/f{n}', 'wb').write(bytes(1 << 20))", 28),
    ],
)
def test_10_disk_is_small(arena: Arena, source: str, errno: int) -> None:
    free = os.statvfs("/tmp").f_bavail * os.statvfs("/tmp").f_frsize
    wrapped = (
        "found = 0\ntry:\n"
        + "\n".join("    " + line for line in source.splitlines())
        + "\nexcept OSError as e:\n    found = e.errno"
    )
    assert arena.found("import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + wrapped) == errno
    assert free - os.statvfs("/tmp").f_bavail * os.statvfs("/tmp").f_frsize < 150 * MIB


def test_11_files_of_the_learner_are_not_imported(arena: Arena) -> None:
    plant = (
        "for name in ('pandas', 'json', 'helper', 'sitecustomize', 'usercustomize', 'IPython'):\n    open(name + "
        "'.py', 'w').write('raise SystemExit')\nfound = 1"
    )
    look = (
        "import importlib, sys\nfor name in list(sys.modules):\n    if name.split('.')[0] in ('json', 'pandas'):\n     "
        "   del sys.modules[name]\nimport json, pandas\nfound = 'packages' in pandas.__file__"
    )
    run = arena.run(plant, look)
    assert values(run) == [1, True]


# Network and processes


def test_12_no_network(arena: Arena) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    local = socket.socket(socket.AF_UNIX)
    local.bind(f"\0moduong-test-{os.getpid()}")
    local.listen()
    port = listener.getsockname()[1]
    source = f"""
import socket, ctypes
found = []
def attempt(name, act):
    try:
        act(); found.append(name)
    except OSError as error:
        pass
attempt("tcp", lambda: socket.create_connection(("127.0.0.1", {port}), 1))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", {port})))
attempt("dns", lambda: socket.getaddrinfo("example.org", 80))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW))
attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
attempt("unix", lambda: socket.socket(socket.AF_UNIX).connect("\\0moduong-test-{os.getpid()}"))
found += [ctypes.CDLL(None).syscall(425, 1, 0)]
"""
    assert arena.found(source) == [-1]
    for server in (listener, local):
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
        server.close()


def test_13_listening_reaches_nobody(arena: Arena) -> None:
    source = (
        "import socket\ntry:\n    socket.create_server(('0.0.0.0', 0))\n    found = 1\nexcept OSError as e:\n    found "
        "= e.errno"
    )
    assert arena.found(source) == 1, "EPERM"


@pytest.mark.parametrize("number", [9, 19, 2, 15])
def test_14_nobody_outside_can_be_signalled(arena: Arena, number: int) -> None:
    mine = f"{{{os.getpid()}, {arena.box.pid}, *{below(arena.box.pid)!r}}}"
    source = f"""
import os, signal
if {number} in (2, 15):
    signal.signal({number}, signal.SIG_IGN)
found = []
for pid in {{*{mine}, *range(2, 3000)}}:
    try:
        os.kill(pid, {number}); found.append(pid)
    except ProcessLookupError:
        pass
try:
    os.kill(-1, {number})
except ProcessLookupError:
    pass
"""
    zygote = arena.box.pid
    assert arena.found(source) == []
    assert arena.box.pid == zygote


def test_15_nothing_lives_on(arena: Arena) -> None:
    source = """
import atexit, os, signal, subprocess, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
atexit.register(time.sleep, 100)
found = 0
for _ in range(100):
    try:
        if os.fork() == 0:
            try:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(100)
            finally:
                os._exit(0)
        found += 1
    except OSError:
        break
found = 10 < found < 64
"""
    assert arena.found(source) is True
    time.sleep(0.5)
    assert len(below(arena.box.pid)) == 2, "bubblewrap's first process and the zygote"


def test_16_bombs(arena: Arena) -> None:
    forks = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    threads = (
        "import threading, time\nwhile True:\n    try:\n        threading.Thread(target=time.sleep, args=(100,), "
        "daemon=True).start()\n    except RuntimeError:\n        pass"
    )
    for source in (forks, threads):
        started = time.monotonic()
        run = arena.box.run(Program((Cell("", "", source, ("found",)),), {}), replace(FAST, cell=1, wall=1))
        assert (run.verdict, values(run)) == ("timeout", [None])
        assert time.monotonic() - started < 4
        assert arena.found("found = 1") == 1


def test_17_dangerous_calls_are_refused(arena: Arena) -> None:
    calls = box_seccomp.refused(machine(), "cell")
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
found = []
for name, number in {calls!r}.items():
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
        found.append(name)
if libc.syscall(435, 0, 0) != -1 or ctypes.get_errno() != 38:
    found.append("clone3")
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
found += [status[name].strip() for name in ("NoNewPrivs", "CapEff", "CapBnd", "Seccomp")]
found += [line.split()[4] for line in open("/proc/self/mountinfo") if "nosuid" not in line]
"""
    assert arena.found(source) == ["1", "0000000000000000", "0000000000000000", "2"]


@pytest.mark.skipif(machine() != "x86_64", reason="a 32-bit ABI exists on x86_64 only")
def test_17_foreign_abi_kills(arena: Arena) -> None:
    source = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex("b814000000cd80c3"))   # mov eax, 20 (getpid); int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
found = 1
"""
    run = arena.run(source)
    assert (run.verdict, run.signal, values(run)) == ("killed", 31, [None])
    x32 = arena.run("import ctypes\nctypes.CDLL(None).syscall(0x40000000 + 39)\nfound = 1")
    assert (x32.verdict, x32.signal, values(x32)) == ("killed", 31, [None])


@pytest.mark.parametrize(
    "source",
    [
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGSTOP)\ntime.sleep(100)",
        "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nsignal.signal(2, signal.SIG_IGN)\ntime.sleep(100)",
        "import os\nr, w = os.pipe()\nos.read(r, 1)",
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    ],
)
def test_18_what_does_not_end_is_ended(arena: Arena, source: str) -> None:
    assert_timeout(arena, source)


# Resources


def assert_timeout(arena: Arena, source: str) -> None:
    run = arena.run("found = 5", source, "found = 6", limits=replace(FAST, cell=1))
    assert (run.verdict, values(run)) == ("timeout", [5, None, None])
    assert 1 <= run.seconds < 2


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import time\ntime.sleep(1e6)",
        "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
        "sum(range(10**12))",
        "10**10**8",
    ],
)
def test_19_loops(arena: Arena, source: str) -> None:
    assert_timeout(arena, source)


def test_20_the_sum_of_cells_is_limited(arena: Arena) -> None:
    cells = ["import time\ntime.sleep(0.9)\nfound = 1"] * 4
    run = arena.run(*cells, limits=replace(FAST, cell=3, wall=3.2))
    assert run.verdict == "timeout"
    assert (values(run)[0], values(run)[3]) == (1, None), "each cell is within its own limit"
    assert 3.2 <= run.seconds < 4.2


@pytest.mark.parametrize(
    ("source", "verdict", "seen"),
    [
        ("x = bytearray(8 << 30)", "ok", "MemoryError"),
        ("import numpy\nx = numpy.ones(1 << 30)", "ok", "MemoryError"),
        ("x = []\nwhile True:\n    x.append(bytearray(b'x' * (10 << 20)))", "memory", None),
        ("import mmap\nx = mmap.mmap(-1, 2 << 30)\nfor n in range(0, 2 << 30, 4096):\n    x[n] = 1", "memory", None),
        (
            (
                "import os, time\nfor n in range(5):\n    if os.fork() == 0:\n        x = b'x' * (100 << 20)\n       "
                " time.sleep(100)\ntime.sleep(100)"
            ),
            "memory",
            None,
        ),
        (
            (
                "import os, socket, time\nfor n in range(20):\n    if os.fork() == 0:\n        kept = "
                "[socket.socketpair() for _ in range(100)]\n"
                "        for pair in kept:\n            pair[0].setblocking(False)\n            try:\n           "
                "     while True:\n                    pair[0].send(b'x' * 60000)\n"
                "            except OSError:\n                pass\n        time.sleep(100)\ntime.sleep(100)"
            ),
            "memory",
            None,
        ),
    ],
)
def test_21_memory(arena: Arena, source: str, verdict: str, seen: str | None) -> None:
    before = resident()
    run = arena.run(source + "\nfound = 1")
    kind = run.cells[0].failure.kind if run.cells[0].failure else None
    assert (run.verdict, kind) == (verdict, seen)
    assert run.peak < 1 << 30
    assert resident() - before < 50 * MIB


def test_21_hiding_from_the_warden(arena: Arena) -> None:
    source = """
import ctypes, os, shutil
libc = ctypes.CDLL(None, use_errno=True)
found = [libc.prctl(4, 0, 0, 0, 0), ctypes.get_errno()]
shutil.copy("/usr/bin/env", "env")
os.chmod("env", 0o111)
try:
    os.posix_spawn("./env", ["env"], {})
except OSError as error:
    found.append(error.errno)
"""
    assert arena.found(source) == [-1, 1, 13]


@pytest.mark.parametrize(
    ("source", "verdict", "seen"),
    [
        ("while True:\n    print('x' * 1000)", "output-limit", None),
        ("import sys\nfor _ in range(1000):\n    sys.stdout.write('x' * 10**6)", "output-limit", None),
        ("import os\nwhile True:\n    os.write(2, b'x' * 65536)", "output-limit", None),
        ("for n in range(10**6):\n    display('<b>x</b>')\nfound = 1", "ok", 1),
        ("raise ValueError('x' * 10**7)", "ok", "NameError"),
        ("found = 'x' * (2 << 20)", "ok", "@large"),
        ("found = []\nfor _ in range(30):\n    found = [found]", "ok", "@deep"),
        ("class T:\n    def __repr__(self):\n        return 'x' * 10**9\nfound = T()", "ok", "@type"),
    ],
)
def test_22_floods(arena: Arena, source: str, verdict: str, seen: object) -> None:
    before = resident()
    run = arena.run(source)
    assert (run.verdict, values(run)) == (verdict, [seen])
    assert resident() - before < 50 * MIB


@pytest.mark.parametrize(
    ("source", "verdict", "number", "failure"),
    [
        ("def f():\n    return f()\nf()", "ok", 0, "RecursionError"),
        ((
            "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    return (lambda *a: f())(*[1])\nclass A:\n    def "
            "__getattr__(self, n):\n        return getattr(self, n)\nA().x"
        ), "killed", 11, None),
        ("import ctypes\nctypes.string_at(0)", "killed", 11, None),
        ("import os\nos._exit(0)", "killed", 0, None),
        ("import os\nos._exit(1)", "killed", 0, None),
        ("import sys\nsys.exit()", "ok", 0, "SystemExit"),
        ("exit()", "ok", 0, "SystemExit"),
        ("raise KeyboardInterrupt", "ok", 0, "KeyboardInterrupt"),
    ],
)  # fmt: skip
def test_23_crashes_are_the_learners(arena: Arena, source: str, verdict: str, number: int, failure: str | None) -> None:
    run = arena.run(source + "\nfound = 1")
    kind = run.cells[0].failure.kind if run.cells[0].failure else None
    assert (run.verdict, run.signal, kind) == (verdict, number, failure)
    assert values(run) == [None if verdict == "killed" else "NameError"]


def test_23_abort(arena: Arena) -> None:
    run = arena.run("import os\nos.abort()")
    assert (run.verdict, values(run)) == ("killed", [None])
    assert run.signal in {6, 11}, "process 1 ignores SIGABRT; the C library then traps"


def test_24_input_does_not_wait(arena: Arena) -> None:
    run = arena.run("found = input('?')")
    assert run.cells[0].failure
    assert (run.verdict, run.cells[0].failure.kind, run.cells[0].failure.line) == ("ok", "EOFError", 1)
    assert run.seconds < 1


def test_data_is_what_honest_code_reads(arena: Arena) -> None:
    assert arena.found("found = open(DATA).read()") == DATA["so-1.csv"].decode()
