"""What bubblewrap is told.

Which folders the box sees (the Python installation, nothing of the course), and as whom it runs.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from course.words import _
from grader.box import launch as box_launch
from grader.box import seccomp as box_seccomp
from grader.ground.errors import ModuongError

NOBODY = 65534
"""The uid that a grader started by root becomes before anything of the learner's runs."""
PACKAGE = "/moduong/grader/box"
_INSIDE = ("kernel.py", "watch.py", "runner.py", "zygote.py")
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/box",
    "LANG": "C.UTF-8",
    "TZ": "Asia/Ho_Chi_Minh",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",  # noqa: S108  # private to each box
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
ENVIRONMENT = frozenset(_ENVIRONMENT)
"""The names that learner code finds in its environment; nothing of the grader's own is among them."""


class NoIsolation(ModuongError):
    """This machine cannot hold a box: code items are refused, all else is graded."""

    def __init__(self, said: str, code: str = "E-ISO-1") -> None:
        super().__init__(code, _("Không chấm được câu mã trên máy này: {said} Các câu khác vẫn được chấm.", said=said))


@dataclass(frozen=True, slots=True)
class Command:
    """A complete command: ``argv``, and the handles that must stay open for it."""

    argv: tuple[str, ...]
    handles: tuple[int, ...]


def machine() -> str:
    """Return the processor's name, for which a filter is known.

    Raises:
        NoIsolation: on anything but Linux on x86_64 or aarch64.
    """
    name = platform.machine()
    if sys.platform != "linux" or name not in box_seccomp.MACHINES:
        raise NoIsolation(
            _(
                "cần Linux trên x86_64 hoặc aarch64 (máy này: {platform}, {name}). Hãy chấm trong một máy ảo Linux.",
                platform=sys.platform,
                name=name,
            )
        )
    return name


def bubblewrap() -> str:
    """Return the path of bubblewrap.

    Raises:
        NoIsolation: when it is not installed.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise NoIsolation(_("chưa có bubblewrap. Cài bằng «sudo apt install bubblewrap» (hoặc dnf, pacman)."))
    return found


def packages() -> tuple[str, ...]:
    """Return the folders from which installed packages are imported; never a project's own folder."""
    wanted = (
        str(Path(p).absolute())
        for p in sys.path
        if Path(p).name in {"site-packages", "dist-packages"} and Path(p).is_dir()
    )
    return tuple(dict.fromkeys(wanted))


def folders() -> tuple[str, ...]:
    """Return the folders that the box must see for Python to work, beside the system's own."""
    real = Path(os.path.realpath(sys.executable)).parents[1]
    wanted = dict.fromkeys([sys.base_prefix, os.path.realpath(sys.base_prefix), str(real), *packages()])
    return tuple(f for f in wanted if not _within(f, ["/usr", *(o for o in wanted if o != f)]))


def _within(folder: str, others: Iterable[str]) -> bool:
    return any(Path(folder).is_relative_to(other) for other in others)


def check_hidden(hidden: Sequence[Path]) -> None:
    """Make sure that no folder of ``hidden`` lies in what the box sees.

    Raises:
        NoIsolation: when one does.
    """
    for path in hidden:
        for seen in ("/usr", *folders()):
            if path.resolve().is_relative_to(Path(seen).resolve()):
                raise NoIsolation(
                    _(
                        "«{path}» nằm trong thư mục Python «{seen}» mà mã học viên đọc được. Hãy chuyển nó ra ngoài.",
                        path=path,
                        seen=seen,
                    )
                )


def _file(content: bytes) -> int:
    handle = os.memfd_create("moduong", 0)
    os.write(handle, content)
    os.lseek(handle, 0, os.SEEK_SET)
    return handle


def command(control: int, without: frozenset[str] = frozenset()) -> Command:
    """Return the command that starts a zygote which listens on the handle ``control``.

    ``without`` switches single protections off; it exists for the tests that prove that their absence is noticed.
    """
    shown, root = folders(), os.geteuid() == 0
    here = Path(__file__).parent
    texts = {
        f"{Path(PACKAGE).parent}/__init__.py": b"",
        f"{PACKAGE}/__init__.py": b"",
        "/etc/passwd": b"hoc-vien:x:1000:1000::/box:/bin/false\n",
    }
    texts |= {f"{PACKAGE}/{name}": (here / name).read_bytes() for name in _INSIDE}
    files = {_file(text): name for name, text in texts.items()}
    handles = [control, *files]
    options = [*_namespaces(without), *_system()]
    for number, folder in enumerate(shown):
        options += ["--ro-bind", box_launch.staged(number) if root else folder, folder]
    for handle, name in files.items():
        options += ["--ro-bind-data", str(handle), name]
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    if "zygote-seccomp" not in without:
        handles.append(_file(box_seccomp.program(machine(), "zygote")))
        options += ["--seccomp", str(handles[-1])]
    start = (
        f"import sys; sys.path.insert(0, {str(Path(PACKAGE).parents[1])!r}); from grader.box.zygote import main; "
        f"main({control})"
    )
    argv = [bubblewrap(), *options, "--", os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", start]
    return Command(tuple(_dropping(argv, shown) if root else argv), tuple(handles))


def _namespaces(without: frozenset[str]) -> list[str]:
    options = [
        "--unshare-user",
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--hostname",
        "moduong",
    ]
    options += ["--die-with-parent", "--new-session", "--clearenv"]
    options += [] if "net" in without else ["--unshare-net"]
    for name, value in _ENVIRONMENT.items():
        options += ["--setenv", name, value]
    return options


def _system() -> list[str]:
    """Return the options that show the system's programs and libraries, five devices, and empty folders to mount on."""
    options = ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    for file in _ETC:
        options += ["--ro-bind-try", file, file]
    # All of these lie inside the box.
    options += ["--proc", "/proc", "--tmpfs", "/dev", "--dir", "/dev/shm", "--dir", "/box", "--dir", "/tmp"]  # noqa: S108
    for name in _DEVICES:
        options += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    return options


def _dropping(argv: Sequence[str], shown: Sequence[str]) -> list[str]:
    """Return the command that drops root first."""
    order = json.dumps({"uid": NOBODY, "folders": shown, "argv": argv})
    start = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); from grader.box.launch import main; "
        "main(sys.argv[1])"
    )
    return [sys.executable, "-I", "-S", "-B", "-c", start, order]


def refusal(said: IO[bytes]) -> NoIsolation:
    """Turn what bubblewrap printed into the primitive that is missing and the remedy."""
    said.seek(0)
    lines = said.read(4000).decode("utf-8", "replace").strip().splitlines() or ["?"]
    text = lines[-1][:300]
    if box_launch.STAYS_ROOT in text:
        return NoIsolation(
            _("đang chạy bằng root mà không hạ quyền được ({text}). Hãy chạy bằng người dùng thường.", text=text),
            "E-ISO-2",
        )
    if "uid map" in text or "namespace" in text or "NEWUSER" in text or "Operation not permitted" in text:
        apparmor = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        remedy = (
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
            if apparmor.exists()
            else "sudo sysctl user.max_user_namespaces=15000"
        )
        return NoIsolation(
            _(
                "nhân không cho người dùng thường mở không gian tên ({text}). Quản trị viên chạy «{remedy}», "
                "hoặc chấm trong máy ảo Linux.",
                text=text,
                remedy=remedy,
            )
        )
    return NoIsolation(_("bubblewrap không khởi động được ({text}).", text=text))
