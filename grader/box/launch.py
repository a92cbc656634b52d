"""Started by a grader that runs as root.

Shows bubblewrap the Python installation, then becomes an ordinary user for ever.

An ordinary uid cannot walk to a Python below ``/root``; the folders are therefore opened as root and bound below a
private ``/tmp``
that only this process and bubblewrap see.
"""

from __future__ import annotations

import json
import os
import sys

from grader.box import kernel as box_kernel

# Exists everywhere; a private file system is mounted over it in a mount namespace of our own
STAGE = "/tmp"  # noqa: S108
STAYS_ROOT = "cannot become uid"


def staged(number: int) -> str:
    """Return where the folder with this number is shown."""
    return f"{STAGE}/{number}"


def main(order: str) -> None:
    """Carry out ``order`` (JSON: ``uid``, ``folders``, ``argv``) and become bubblewrap."""
    wanted = json.loads(order)
    box_kernel.unshare(box_kernel.CLONE_NEWNS)
    box_kernel.mount("none", "/", flags=box_kernel.MS_REC | box_kernel.MS_PRIVATE)
    # opened now: a handle from before belongs to the old namespace; later /tmp would hide what lies below it
    opened = [os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in wanted["folders"]]
    box_kernel.mount("none", STAGE, "tmpfs", box_kernel.MS_NOSUID | box_kernel.MS_NODEV, "mode=755,size=1m")
    for number, handle in enumerate(opened):
        os.mkdir(staged(number), 0o755)  # a list of system calls
        box_kernel.mount(f"/proc/self/fd/{handle}", staged(number), flags=box_kernel.MS_BIND | box_kernel.MS_REC)
        os.close(handle)
    try:
        os.setgroups([])
        os.setresgid(wanted["uid"], wanted["uid"], wanted["uid"])
        os.setresuid(wanted["uid"], wanted["uid"], wanted["uid"])
    except OSError as error:
        raise SystemExit(f"{STAYS_ROOT} {wanted['uid']}: {error}") from None
    os.chdir("/")
    os.execv(wanted["argv"][0], wanted["argv"])  # noqa: S606  # no shell; the whole list was made by us


if __name__ == "__main__":
    main(sys.argv[1])
