"""Hand-ins of the host come from its spool into the exchange, where everything else that was handed in lies.

The pages process writes only into the spool. What lies there is read without trust: a folder under a name like
nbgrader's, with the four files of a hand-in and nothing else, all of one owner.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}\+([A-Za-z0-9]{1,8})\+[0-9 :.-]{19,26} UTC\+[0-9A-F]{8}[0-9a-f]{8}")
_LARGEST = 8 << 20


def forward(spool: Path, inbound: Path) -> int:
    """Move what is complete from ``spool`` to ``inbound`` and return how many hand-ins that were.

    What is none is left where it is. One that cannot be moved is tried again the next time.
    """
    if not spool.is_dir():
        return 0
    moved = 0
    for entry in sorted(os.scandir(spool), key=lambda found: found.name):
        name = _NAME.fullmatch(entry.name)
        if name is None or not entry.is_dir(follow_symlinks=False):
            continue
        if _is_hand_in(Path(entry.path), name[1]) and _move(Path(entry.path), inbound / entry.name):
            moved += 1
    return moved


def _is_hand_in(folder: Path, module: str) -> bool:
    wanted = {"answers.json", f"{module}.ipynb", "submission_secret.txt", "timestamp.txt"}
    owners = {folder.lstat().st_uid}
    found = set()
    for file in os.scandir(folder):
        status = file.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return False
        owners.add(status.st_uid)
        found.add(file.name)
    return found == wanted and len(owners) == 1


def _move(folder: Path, target: Path) -> bool:
    if target.exists():  # moved before a crash: the same hand-in
        shutil.rmtree(folder, ignore_errors=True)
        return False
    try:
        os.chmod(folder, 0o700)
        os.rename(folder, target)
    except OSError:  # another file system
        fresh = target.with_name(f".{target.name}")
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(folder, fresh, symlinks=True)
            for file in fresh.iterdir():
                _sync(file)
            _sync(fresh)
            os.rename(fresh, target)
            _sync(target.parent)  # before the original goes
        except OSError:
            return False
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
