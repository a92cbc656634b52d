"""Items as their author would write them: an exercise text with ``{item}`` fences, safe whatever the texts hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from grader.formats.settle import Item

_PLAIN = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9_.]*")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FENCE = re.compile(r"`+")
_BLOCK_SIGN = re.compile(r"^(\+\+\+|%|\((?=[^)\n]*\)=))", re.MULTILINE)
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")
_SERIES = "QSTUVWXYZABCDEFGHIJKLMNO"  # P and R are practice and recall
_OF_A_SERIES = 99


def free_ids(module: str, used: Iterable[str]) -> Iterator[str]:
    """Yield ids of graded items that are not used: those after the last ``M05-Q08``, then ``M05-S01`` and so on."""
    taken = set(used)
    for letter in _SERIES:
        last = max((int(i[-2:]) for i in taken if re.fullmatch(rf"{module}-{letter}\d\d", i)), default=0)
        for number in range(last + 1, _OF_A_SERIES + 1):
            yield f"{module}-{letter}{number:02}"


def text(module: str, title: str, items: Sequence[tuple[str, Item]]) -> str:
    """Return the exercise text of ``items`` (each with its id; prose has none)."""
    front = f"---\nmodule: {module}\ntitle: {_quoted(title)}\n---\n"
    return "\n".join([front, *(_prose(item.prose) if item.prose else fence(name, item) for name, item in items)])


def _prose(markdown: str) -> str:
    """Return foreign prose in which nothing opens a block of ours or is HTML to a notebook."""
    return _TAG.sub(r"\\<", _BLOCK_SIGN.sub(r"\\\1", markdown)) + "\n"


def fence(name: str, item: Item) -> str:
    """Return one ``{item}`` fence, longer than any fence inside."""
    body = "".join(f"{row}\n" for row in _mapping(item.fields, ""))
    ticks = "`" * max(3, max((len(m) for m in _FENCE.findall(body)), default=0) + 1)
    return f"{ticks}{{item}} {name}\n{body}{ticks}\n"


def _mapping(fields: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in fields.items():
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
            yield f"{indent}{key}:"
            for entry in value:
                yield from _entry(entry, indent + "  ")
        else:
            yield from _scalar(key, value, indent)


def _entry(entry: Mapping[str, Any], indent: str) -> Iterator[str]:
    rows = list(_mapping(entry, indent + "  "))
    yield f"{indent}- {rows[0].lstrip()}"
    yield from rows[1:]


def _scalar(key: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, str) and "\n" in value and _fits_a_block(value):
        yield f"{indent}{key}: |"
        yield from (f"{indent}  {row}" if row else "" for row in value.split("\n"))
    else:
        yield f"{indent}{key}: {_flow(value)}"


def _fits_a_block(value: str) -> bool:
    return not value.startswith((" ", "\n", "\t")) and not _UNPRINTABLE.search(value)


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else _quoted(value)
    return "[" + ", ".join(f'"{v}"' if isinstance(v, str) and v.isdigit() else _flow(v) for v in value) + "]"


def _quoted(value: str) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda m: f"\\u{ord(m[0]):04x}", shown)
