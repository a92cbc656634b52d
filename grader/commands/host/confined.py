"""How the public process is kept from everything else: an account of its own, or a box of bubblewrap.

*Pages* faces the world. Whoever takes it over shall find the released course, ``host.db`` and the spool, and no key,
gradebook, exercise or session of staff. As root, an account of its own does that (the workspace is 0700); otherwise a
box in which nothing else exists.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import course
from course.host.settings import Settings
from course.words import _
from grader.ground.errors import ModuongError

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/passwd", "/etc/nsswitch.conf", "/etc/hosts")
_PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Confined:
    """A command, and as whom it is started (``None``: as whoever starts it); ``how``: ``uid``, ``box`` or ``none``."""

    argv: tuple[str, ...]
    account: pwd.struct_passwd | None
    how: str

    def popen(self) -> dict[str, object]:
        """Return what ``subprocess.Popen`` is told for it."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}


def confined(argv: tuple[str, ...], settings: Settings, user: str) -> Confined:
    """Return how ``argv`` is started so that it finds nothing but what ``settings`` names.

    Args:
        argv: the command.
        settings: of *pages*.
        user: account to become; only root can.

    Raises:
        ModuongError: ``E-HOST-6`` no such account, or not root.
    """
    if user:
        if os.geteuid() != 0:
            raise ModuongError(
                "E-HOST-6", _("--pages-user cần quyền root: chỉ root trao được việc cho tài khoản khác.")
            )
        try:
            return Confined(argv, pwd.getpwnam(user), "uid")
        except KeyError:
            said = _("Máy này không có tài khoản «{user}». Tạo bằng: useradd --system {user}", user=user)
            raise ModuongError("E-HOST-6", said) from None
    boxed = _box(settings)
    if boxed and _works(boxed):
        return Confined((*boxed, *argv), None, "box")
    return Confined(argv, None, "none")


def account_of(user: str) -> str:
    """Return the name of the account that will own what *pages* writes into its spool."""
    uid = os.geteuid()
    try:
        return user or pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _box(settings: Settings) -> tuple[str, ...]:
    """Return the words before a command that put it into a box; none where there is no bubblewrap."""
    found = shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin")
    if found is None or sys.platform != "linux":
        return ()
    own = settings.database.parent
    words = [found, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev"]
    words += ["--tmpfs", "/tmp"]  # noqa: S108  # its own
    for path in _readable():
        words += ["--ro-bind-try", path, path]
    words += ["--ro-bind", str(settings.course), str(settings.course), "--bind", str(own), str(own)]
    if not settings.spool.is_relative_to(own):
        words += ["--bind", str(settings.spool), str(settings.spool)]
    return (*words, "--chdir", str(own), "--")


def _readable() -> Iterator[str]:
    """Yield what Python needs: the system, its own folders, and of our code the package ``course`` alone."""
    yield from (*_SYSTEM, *_ETC)
    prefixes = {sys.prefix, sys.base_prefix, *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))}
    yield from sorted(path for path in prefixes if not path.startswith("/usr/"))
    package = Path(course.__file__).resolve().parent
    yield str(package)


def _works(boxed: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  # our own words
            [*boxed, "/bin/true"], capture_output=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
