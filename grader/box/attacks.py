"""A small set of hostile submissions: ``moduong doctor --attack`` tries them on the installed system."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from grader.box.box import Box, BoxFailure, Cell, Limits, Program, Run, Verdict
from grader.box.lines import Value
from grader.box.values import MIB

LIMITS = Limits(memory=300 * MIB)
HONEST = Program(
    (Cell("so.csv", "import csv\n", "tong = sum(int(r['n']) for r in csv.DictReader(open(DATA)))", ("tong",)),),
    {"so.csv": b"n\n3\n4\n"},
)
HONEST_VALUE = 7


@dataclass(frozen=True, slots=True)
class Attack:
    """Hostile code that sets ``found``, and what must come of it.

    The verdict, and ``found`` (``None``: nothing may be reported).
    """

    name: str
    title: str
    source: str
    verdict: Verdict = "ok"
    found: Any = None
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Fought:
    """What came of one attack.

    ``stood`` if it ended as it must and an honest submission after it got its exact value.
    """

    attack: Attack
    stood: bool
    what: str


ATTACKS = (
    Attack(
        "shadow",
        "đọc tệp mật khẩu và thư mục của người khác",
        "import os\nfound = [p for p in ('/etc/shadow', '/home', '/var', '/run', '/sys', '/etc/hostname') if "
        "os.path.exists(p)]",
        found=[],
    ),
    Attack(
        "keys",
        "tìm đáp án và sổ điểm",
        "import os, sys\nfound = []\nfor d, ds, fs in os.walk('/'):\n"
        "    ds[:] = [n for n in ds if os.path.join(d, n) not in ('/usr', '/proc', sys.base_prefix) and n != "
        "'site-packages']\n"
        "    found += [f for f in fs if f == 'gradebook.db' or f.startswith('M1') or f == 'exercise.md']",
        found=[],
    ),
    Attack(
        "environment",
        "đọc biến môi trường của người chấm",
        "import os\nfound = sorted(n for n in os.environ if 'TOKEN' in n or 'SECRET' in n or 'MODUONG' in n or "
        "'JUPYTER' in n)",
        found=[],
    ),
    Attack(
        "network",
        "gửi dữ liệu ra mạng",
        "import socket\nfound = []\nfor family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, 40):\n"
        "    try:\n        socket.socket(family, socket.SOCK_DGRAM)\n        found.append(int(family))\n    "
        "except OSError:\n        pass",
        found=[],
    ),
    Attack(
        "kill",
        "dừng chương trình chấm",
        "import os, signal\nfound = 0\nfor pid in (-1, 0, *range(2, 40000)):\n    try:\n        os.kill(pid, "
        "signal.SIGKILL)\n"
        "        found += pid > 1\n    except OSError:\n        pass",
        found=0,
    ),
    Attack(
        "erase",
        "xóa mọi tệp",
        "import os, shutil\nfor top in ('/box', '/tmp', '/dev', '/etc', '/moduong', '/root', '/home', '/usr/bin'):\n"
        "    shutil.rmtree(top, ignore_errors=True)\nfound = [os.path.exists('/usr/bin/env'), "
        "os.path.exists('so.csv')]",
        found=[True, False],
    ),
    Attack("loop", "chạy mãi", "while True:\n    pass", "timeout", seconds=1.0),
    Attack(
        "sleep",
        "ngủ mãi, bỏ qua tín hiệu",
        "import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(10**6)",
        "timeout",
        seconds=1.0,
    ),
    Attack(
        "memory",
        "lấy hết bộ nhớ",
        "import time\nx = []\nwhile True:\n    x.append(bytearray(20_000_000))\n    time.sleep(0.01)",
        "memory",
    ),
    Attack("flood", "in mãi", "while True:\n    print('x' * 10_000)", "output-limit"),
    Attack(
        "forks",
        "nhân tiến trình",
        "import os, time\nfound = 0\ntry:\n    while True:\n        if os.fork() == 0:\n            "
        "time.sleep(60)\n            os._exit(0)\n        found += 1\n"
        "except OSError:\n    pass\nfound = found < 64",
        found=True,
    ),
    Attack(
        "disk",
        "ghi đầy đĩa",
        "import os\nfound = 0\ntry:\n    for n in range(100):\n        found += os.path.getsize(open(f'{n}', "
        "'wb').name)\n"
        "        with open(f'{n}', 'wb') as f:\n            f.write(bytes(4 << 20))\nexcept OSError as e:\n    "
        "found = e.errno",
        found=28,
    ),
    Attack("exit", "thoát giữa chừng", "import os\nos._exit(0)", "killed"),
    Attack("segfault", "làm sập trình thông dịch", "import ctypes\nctypes.string_at(0)", "killed"),
    Attack(
        "forge",
        "giả dòng kết quả",
        'import os\nos.write(3, b\'{"cell":0}\\n{"cell":0,"check":0,"value":7}\\n\')\nfound = 7',
        "rejected",
    ),
)


def fight(box: Box, attack: Attack) -> Fought:
    """Run one attack in ``box``, then an honest submission."""
    program = Program((Cell("so.csv", "", attack.source, ("found",)),), HONEST.files)
    try:
        run = box.run(program, replace(LIMITS, cell=attack.seconds))
        after = box.run(HONEST)
    except BoxFailure as error:
        return Fought(attack, False, f"box failed: {error}")
    honest = after.verdict == "ok" and reported(after) == HONEST_VALUE
    stood = run.verdict == attack.verdict and reported(run) == attack.found and honest
    return Fought(
        attack,
        stood,
        f"{run.verdict}, {reported(run)!r}" + ("" if honest else "; the honest submission after it failed"),
    )


def reported(run: Run) -> Any:  # JSON data
    """Return the value of the first check, or ``None`` where there is none."""
    value = run.cells[0].checks[0]
    return value.data if isinstance(value, Value) else None
