"""One log, by Python's own ``logging``: what happened, when, to whose attempt; as text or JSON on standard error.

An event has a fixed set of fields, none of which could hold an answer, a name, an address or a secret.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

NAME = "moduong"
STYLES = ("text", "json")
VARIABLE = "MODUONG_LOG"
"""Environment variable by which processes that we start log the same way."""
_FIELDS = ("command", "module", "person", "attempt", "state", "code", "count")


def event(  # noqa: D417  # the rest are ids and codes as elsewhere
    what: str,
    *,
    level: int = logging.INFO,
    command: str = "",
    module: str = "",
    person: str = "",
    attempt: str = "",
    state: str = "",
    code: str = "",
    count: int | None = None,
) -> None:
    """Log that something happened; costs next to nothing while nobody listens.

    Args:
        what: in a word or two, the same for every event of its kind, such as ``taken``.
        level: of ``logging``.
    """
    logger = logging.getLogger(NAME)
    if logger.isEnabledFor(level) and logger.hasHandlers():
        given = zip(_FIELDS, (command, module, person, attempt, state, code, count), strict=True)
        logger.log(level, what, extra={"moduong": {name: value for name, value in given if value not in {"", None}}})


def listen(style: str) -> None:
    """Write the log to standard error from now on, in this process and those that it starts; twice is once.

    Args:
        style: ``text``, ``json``; anything else: no log.
    """
    logger = logging.getLogger(NAME)
    if style not in STYLES:
        return
    for old in [one for one in logger.handlers if isinstance(one, _Handler)]:
        logger.removeHandler(old)
    logger.addHandler(_Handler(_Json() if style == "json" else _Text()))
    logger.setLevel(logging.INFO)
    logger.propagate = False
    os.environ[VARIABLE] = style


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # of whatever standard error is at the moment
    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _said(record: logging.LogRecord) -> dict[str, object]:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields = getattr(record, "moduong", {})
    return {"time": moment, "level": record.levelname.lower(), "event": record.getMessage(), **fields}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_said(record), ensure_ascii=False)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment, level, what, *rest = _said(record).items()
        words = [str(moment[1]), str(level[1]).upper(), json.dumps(what[1], ensure_ascii=False)[1:-1]]
        return " ".join([*words, *(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in rest)])
