"""Runs a learner's code inside the box and reports values as strict JSON lines.

Imports nothing of ours and knows no expected value.

Everything here shares an interpreter with the learner's code, so nothing here is trusted: the judge outside reads
the lines as data,
in the one order that it expects, and compares.
"""

from __future__ import annotations

import builtins
import json
import math
import os
import random
import sys
from collections.abc import Callable
from typing import Any

Job = dict[str, Any]
LONGEST_NAME = 60
_EXACT = (bool, int, str)


class _Unfit(Exception):  # a finding about a value, not a fault of ours
    """A value that strict JSON cannot say; the argument is the kind that the judge knows."""


def _plain(value: object, depth: int) -> Any:  # one branch for each kind of value
    """Turn ``value`` into what JSON can say; numpy's and pandas' scalars, arrays and tables become plain ones."""
    if depth < 0:
        raise _Unfit("@deep")
    if value is ...:
        raise _Unfit("@ellipsis")
    if value is None or type(value) in _EXACT:
        return value
    if type(value) is float:
        if not math.isfinite(value):
            raise _Unfit("@nan")
        return value
    if type(value) in {list, tuple}:
        return [_plain(v, depth - 1) for v in value]  # type: ignore[attr-defined]
    if type(value) is dict:
        return {_key(k): _plain(v, depth - 1) for k, v in value.items()}
    if type(value) in {set, frozenset}:
        entries = [_plain(v, depth - 1) for v in value]  # type: ignore[attr-defined]
        return sorted(entries, key=lambda v: json.dumps(v, sort_keys=True))
    return _scientific(value, depth)


def _key(key: object) -> str:
    found = _plain(key, 0)
    return found if isinstance(found, str) else json.dumps(found)


def _scientific(value: object, depth: int) -> Any:  # one branch for each kind of value
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None:
        if isinstance(value, numpy.generic) and not isinstance(value, numpy.datetime64 | numpy.timedelta64):
            return _plain(value.item(), depth)
        if isinstance(value, numpy.ndarray):
            return _plain(value.tolist(), depth)
    if pandas is not None:
        if isinstance(value, pandas.DataFrame):
            return _table(value, depth)
        if isinstance(value, pandas.Series):
            name = "value" if value.name is None else value.name
            return _table(value.rename(name).to_frame(), depth)
        if isinstance(value, pandas.Index):
            return _plain(value.tolist(), depth)
        if isinstance(value, pandas.Timestamp | pandas.Timedelta | pandas.Period):
            return value.isoformat() if hasattr(value, "isoformat") else str(value)
        if value is pandas.NA or value is pandas.NaT:
            raise _Unfit("@nan")
    if type(value).__module__ == "datetime" and hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise _Unfit("@type")


def _table(frame: Any, depth: int) -> dict[str, Any]:  # pandas is not imported here
    """Return ``{"columns", "rows"}``; an index that carries meaning becomes columns, an empty cell is null."""
    pandas = sys.modules["pandas"]
    if not isinstance(frame.index, pandas.RangeIndex):
        default = frame.index.nlevels == 1 and frame.index.name is None and frame.index.dtype.kind in "iu"
        frame = frame.reset_index(drop=default)
    columns = [str(c) for c in frame.columns]
    cells = frame.astype(object).where(frame.notna(), None)
    return {
        "columns": columns,
        "rows": [_plain(list(row), depth - 2) for row in cells.itertuples(index=False, name=None)],
    }


def _failure(error: BaseException, place: str) -> dict[str, Any]:
    """Describe an exception without its text.

    Its kind, the line of the learner's cell, and the name that is missing.
    """
    line = 0
    if isinstance(error, SyntaxError):
        line = error.lineno or 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == place:
            line = trace.tb_lineno
        trace = trace.tb_next
    kind = next((k.__name__ for k in type(error).__mro__ if getattr(builtins, k.__name__, None) is k), "Exception")
    name = (
        error.name
        if isinstance(error, NameError | ImportError)
        else error.args[0]
        if isinstance(error, KeyError) and error.args
        else ""
    )
    return {"error": kind, "line": int(line), "name": name[:LONGEST_NAME] if type(name) is str else ""}


def _translator() -> Callable[[str], str]:
    """Return what turns a notebook's cell into Python: lines such as ``%matplotlib inline`` are allowed there."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return str
    translate: Callable[[str], str] = TransformerManager().transform_cell
    return translate


class _Shell:
    """Stands for ``get_ipython()``: magics and shell lines do nothing here."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_things: object, **_options: object) -> None:
    """Stand for ``display`` and its like: what a cell shows is not graded."""


def _seed() -> None:
    random.seed(0)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(0)


def run(job: Job, write: Callable[[bytes], object]) -> None:
    """Run all cells of ``job`` in one namespace and write a line for each cell and each of its checks."""
    _seed()
    translate = _translator()
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    namespace.update(display=_nothing, get_ipython=_Shell, exit=sys.exit, quit=sys.exit)

    def report(line: dict[str, Any]) -> None:
        text = json.dumps(line, allow_nan=False, separators=(",", ":")).encode("ascii")
        if len(text) >= job["line"]:
            text = json.dumps(
                {**{k: line[k] for k in ("cell", "check")}, "error": "@large", "line": 0, "name": ""}
            ).encode("ascii")
        write(text + b"\n")

    for number, cell in enumerate(job["cells"]):
        namespace["DATA"] = cell["data"]
        place = f"<{number}>"
        try:
            # The box is made for this
            exec(compile(translate(cell["given"]), "<given>", "exec"), namespace)  # noqa: S102
            exec(compile(translate(cell["source"]), place, "exec"), namespace)  # noqa: S102
        # SystemExit and KeyboardInterrupt are results of the learner's too
        except BaseException as error:  # noqa: BLE001
            report({"cell": number, **_failure(error, place)})
        else:
            report({"cell": number})
        for index, expression in enumerate(cell["checks"]):
            report({"cell": number, "check": index, **_value(expression, namespace, place, job["depth"])})


def _value(expression: str, namespace: dict[str, Any], place: str, depth: int) -> dict[str, Any]:
    try:
        # The author's expression, in the box
        value = eval(compile(expression, "<check>", "eval"), namespace)  # noqa: S307
        found = {"value": _plain(value, depth)}
        json.dumps(found, allow_nan=False)
    except _Unfit as error:
        return {"error": str(error), "line": 0, "name": ""}
    except BaseException as error:  # noqa: BLE001  # a learner's object may do anything
        return _failure(error, place)
    return found


def leave() -> None:
    """End the process without running anything that the learner's code may have registered."""
    os._exit(0)
