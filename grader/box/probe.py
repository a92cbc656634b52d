"""Opens a box only after it failed to break out: canaries are laid outside, and code inside tries to reach them."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from course.words import _
from grader.box import canaries as box_canaries
from grader.box import command as box_command
from grader.box.box import PRELOAD, Box, BoxFailure, Cell, Limits, Program
from grader.box.command import NoIsolation
from grader.box.lines import Value

_SAFE_NAMES = frozenset({*box_command.ENVIRONMENT, "PWD", "LC_CTYPE"})


def open_box(
    hidden: Sequence[Path] = (),
    limits: Limits | None = None,
    preload: Sequence[str] = PRELOAD,
    *,
    without: frozenset[str] = frozenset(),
) -> Box:
    """Return a started box that passed the probe. ``hidden`` are folders that it must not see: workspace, exercises.

    Raises:
        NoIsolation: ``E-ISO-1`` or ``E-ISO-2``, with the missing primitive and the remedy; no learner code has
            run then.
    """
    box_command.check_hidden(hidden)
    box = Box(limits, preload, without=without)
    try:
        found = holes(box, hidden)
    except BoxFailure as error:
        box.close()
        raise NoIsolation(
            _("hộp cách ly không dựng được ({error}). Chạy «moduong doctor» để xem cách sửa.", error=error)
        ) from error
    if found:
        box.close()
        raise NoIsolation(_("hộp cách ly bị hở ({found}). Hãy chấm trong một máy ảo Linux.", found="; ".join(found)))
    return box


def holes(box: Box, hidden: Sequence[Path] = ()) -> list[str]:
    """Return what code in ``box`` reached outside; empty when it is tight.

    Raises:
        BoxFailure: when the box could not be set up, or a process outlived it.
    """
    with contextlib.ExitStack() as stack:
        canary = stack.enter_context(tempfile.NamedTemporaryFile(prefix="moduong-canary-"))
        os.chmod(canary.name, 0o644)
        port = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        number = port.getsockname()[1]
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        local.bind(f"\0moduong-{number}")
        local.listen()
        about = {
            "canary": canary.name,
            "hidden": [str(path.absolute()) for path in hidden],
            "port": number,
            "parent": os.getpid(),
            "names": sorted(_SAFE_NAMES),
            "processes": box.limits.processes,
        }
        source = Path(box_canaries.__file__).read_text(encoding="utf-8")
        run = box.run(Program((Cell("", "", source, (f"attempt(**{about!r})",)),), {}))
        touched = _touched(port) or _touched(local)
    value = run.cells[0].checks[0]
    if not isinstance(value, Value):
        failure = value or run.cells[0].failure
        return [f"the probe did not finish: {run.verdict} {failure.kind if failure else ''}".strip()]
    return [str(hole) for hole in value.data] + (["touched a canary"] if touched else [])


def _touched(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True
