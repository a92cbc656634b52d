"""What this machine has for grading code, why something is missing, and the remedy; ``--attack`` tries the box."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.words import _
from grader.box import attacks as box_attacks
from grader.box import command as box_command
from grader.box.attacks import Fought
from grader.box.box import Box, Limits
from grader.box.command import NoIsolation
from grader.box.probe import open_box
from grader.commands.doctor.symptom import Symptom


def examine(hidden: Sequence[Path] = ()) -> list[Symptom]:
    """Look at everything that grading code needs; the last symptom is the box itself, probed."""
    return [*_machine(), *_kernel(), _box(hidden)]


def _machine() -> Iterator[Symptom]:
    name = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield Symptom("kernel", sys.platform == "linux", name)
    who = f"uid {os.geteuid()}" if hasattr(os, "geteuid") else "?"
    root = who == "uid 0"
    inside = _("{who}; mã học viên chạy bằng uid {uid}", who=who, uid=box_command.NOBODY)
    yield Symptom("user", True, inside if root else who)
    seen = ", ".join(("/usr", *box_command.folders()))
    yield Symptom("python", True, _("hộp thấy (chỉ đọc): {seen}", seen=seen))
    found = shutil.which("bwrap")
    if found:
        asked = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # on PATH
        yield Symptom("bubblewrap", True, f"{found} ({asked.stdout.strip()})")
    else:
        yield Symptom("bubblewrap", False, _("chưa có; «sudo apt install bubblewrap»"))


def _kernel() -> Iterator[Symptom]:
    for name, wrong, remedy in (
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=15000"),
    ):
        path = Path("/proc/sys", name)
        if path.exists():
            value = path.read_text(encoding="ascii").strip()
            well = value != wrong
            yield Symptom(name, well, value if well else f"{value}; '{remedy}'")


def _box(hidden: Sequence[Path]) -> Symptom:
    try:
        with open_box(hidden) as box:
            limits = box.limits
    except NoIsolation as error:
        return Symptom("box", False, _("{code} {said}", code=error.code, said=error.said))
    return Symptom("box", True, _("kín; {limits}", limits=_said(limits)))


def _said(limits: Limits) -> str:
    return (
        f"{limits.submission:g} s, {limits.memory >> 20} MiB, {limits.processes} proc, disk {limits.disk >> 20} MiB, "
        "net 0"
    )


def attack(hidden: Sequence[Path] = ()) -> Iterator[Fought]:
    """Try the shipped attacks one by one on a probed box.

    Raises:
        NoIsolation: when there is no box to attack.
    """
    with open_box(hidden, box_attacks.LIMITS) as box:
        yield from _attacks(box)


def _attacks(box: Box) -> Iterator[Fought]:
    for one in box_attacks.ATTACKS:
        yield box_attacks.fight(box, one)


def fought_text(fought: Fought) -> str:
    """Return the line that is printed for one attack."""
    return f"{'✓' if fought.stood else '✗'} {fought.attack.name}: {fought.attack.title} → {fought.what}"
