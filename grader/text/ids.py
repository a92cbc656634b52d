"""Ids beside the text: an entry keeps its id wherever it stands, and no id ever comes to mean something else.

``exercises/M02/ids.yaml`` says which text has which id, and which ids were withdrawn. ``build`` writes it, the author
commits it. Without it ids go by place (docs/design.md §4.2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.answers import write_atomically
from course.words import _
from grader.ground import strict_yaml
from grader.ground.errors import ModuongError

FILE = "ids.yaml"
_WITHDRAWN = "withdrawn"
_HEAD = """\
# Mã của từng phương án, vế, bước …: «moduong build» ghi tệp này; đừng sửa tay, hãy commit cùng bài tập.
# Written by «moduong build»; commit it with the exercise, never edit it. See docs/instructor.md.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """One list as it was: id → text, in order, and the ids that must not come back."""

    texts: Mapping[str, str]
    withdrawn: tuple[str, ...] = ()


BodyIds = Mapping[str, Known]
"""Field of a body → its list; the choices of gap 1 are ``choices.1``."""


@dataclass(frozen=True, slots=True)
class Ids:
    """What ``ids.yaml`` says: item → its bodies in order. ``there``: whether the file exists."""

    items: Mapping[str, tuple[BodyIds, ...]] = field(default_factory=dict)
    there: bool = False


def same(text: str) -> str:
    """Return a text so that equal ones are the same: NFC, blanks joined."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def load(path: Path) -> Ids:
    """Read ``ids.yaml``; nothing is known where there is none.

    Raises:
        ModuongError: ``E-ID-3`` it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Ids()
    try:
        data = strict_yaml.load_yaml(raw.decode("utf-8-sig"))[0]
        return Ids({item: tuple(map(_body_read, bodies)) for item, bodies in data["items"].items()}, there=True)
    except strict_yaml.YamlMistake as error:
        reason = _("dòng {line}: {said}", line=error.line, said=error.said)
    except (ValueError, KeyError, TypeError, AttributeError):
        reason = _("không đúng dạng")
    said = _("{path}: không đọc được ({reason}). Lấy lại tệp đã commit; đừng sửa tay.", path=path, reason=reason)
    raise ModuongError("E-ID-3", said)


def _body_read(body: Mapping[str, Any]) -> BodyIds:
    gone = body.get(_WITHDRAWN, {})
    found = {}
    for name in {**body, **gone}:
        if name == _WITHDRAWN:
            continue
        texts, former = body.get(name, {}), gone.get(name, [])
        if not all(isinstance(text, str) for text in [*texts.values(), *former]):
            raise TypeError
        found[str(name)] = Known({str(i): same(text) for i, text in texts.items()}, tuple(map(str, former)))
    return found


def dumps(ids: Ids) -> bytes:
    """Write ``ids.yaml``: the same ids give the same bytes."""
    import yaml

    data = {item: [_body_written(body) for body in bodies] for item, bodies in sorted(ids.items.items())}
    text = yaml.safe_dump({"schema": "1", "items": data}, allow_unicode=True, sort_keys=False, width=10_000)
    return (_HEAD + text).encode()


def _body_written(body: BodyIds) -> dict[str, Any]:
    written: dict[str, Any] = {name: dict(known.texts) for name, known in body.items()}
    gone = {name: list(known.withdrawn) for name, known in body.items() if known.withdrawn}
    return written | ({_WITHDRAWN: gone} if gone else {})


def write(path: Path, ids: Ids) -> bool:
    """Write ``ids.yaml`` unless it is there already; say whether it changed.

    Where there never was one and none can be made, ids go on going by place.

    Raises:
        ModuongError: ``E-ID-4`` a file that is there cannot be written.
    """
    content = dumps(ids)
    try:
        if ids.there and path.read_bytes() == content:
            return False
        write_atomically(path, content)
    except OSError as error:
        if not ids.there:
            return False
        said = _("{path}: không ghi được ({reason}).", path=path, reason=error.strerror)
        raise ModuongError("E-ID-4", said) from None
    return True
