"""``nbgrader_config.py``: written once, then the operator's. It is read as nbgrader reads it and never written again.

Whoever runs the course says there which database and which exchange are used, in Python as nbgrader allows it, with the
environment if need be. What cannot be understood stops the command: a marks database is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.words import _
from grader.ground.errors import ModuongError

NAME = "nbgrader_config.py"
GRADEBOOK = "gradebook.db"
TEXT_STUB = "*(Chưa có bài viết.)*"
"""What nbgrader puts where the cadre's text will stand; unchanged means blank."""
_BESIDE = 'here.with_name(here.name + "-exchange")'
_TEXT = '''"""Written once by moduong, then yours: change what you need, it is read as it stands, never written again.

Stock nbgrader reads it too when it is started in this folder.
"""

from pathlib import Path

c = get_config()
here = Path(__file__).absolute().parent
c.CourseDirectory.course_id = "{course_id}"
c.CourseDirectory.root = str(here)
c.CourseDirectory.db_url = f"sqlite:///{{here / '{gradebook}'}}"
c.Exchange.root = str({exchange})
c.ClearSolutions.text_stub = "{text_stub}"
c.ClearSolutions.code_stub = {{"python": ""}}
'''


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says.

    Attributes:
        course_id: the course.
        database: URL.
        exchange: its root.
        hosts: accounts of this machine that hand in for whoever is signed in with them (``c.Moduong.hosts``).
        erased_days: days for which what was erased of a person is kept (``c.Moduong.erased_days``).
        months: after which somebody without a post, who hands in no more, is due to be erased
            (``c.Moduong.months``); 0: nobody is.
        log: ``text`` or ``json`` for a log on standard error (``c.Moduong.log``); empty: none.
    """

    course_id: str
    database: str
    exchange: Path
    hosts: frozenset[str] = frozenset()
    erased_days: int = 30
    months: int = 0
    log: str = ""


def write_once(root: Path, course_id: str, exchange: Path | None = None) -> None:
    """Write the file unless it is there; ``exchange`` is a folder beside the workspace when left out."""
    path = root / NAME
    if path.exists():
        return
    where = _BESIDE if exchange is None else repr(str(exchange.absolute()))
    text = _TEXT.format(course_id=course_id, gradebook=GRADEBOOK, exchange=where, text_stub=TEXT_STUB)
    path.write_text(text, encoding="utf-8")


def read(root: Path) -> Settings:
    """Return what the file of the workspace ``root`` says; nbgrader's own defaults where it says nothing.

    Raises:
        ModuongError: ``E-WS-4`` it cannot be run, or what it gives is no text.
    """
    path = root / NAME
    try:
        seen = path.stat().st_mtime_ns
    except OSError:
        return Settings("", f"sqlite:///{root / GRADEBOOK}", root / "exchange")
    return _read(path, seen)


@lru_cache(maxsize=64)
def _read(path: Path, _seen: int) -> Settings:
    from traitlets.config.loader import PyFileConfigLoader  # a command that needs no workspace does without

    try:
        config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:  # noqa: BLE001  # the operator's own code may fail in any way
        said = _("{path}: không đọc được ({kind}: {error}).", path=path, kind=type(error).__name__, error=error)
        raise _unclear(said) from None
    course, exchange = config.get("CourseDirectory", {}), config.get("Exchange", {})
    database = _text(path, "CourseDirectory.db_url", course.get("db_url", f"sqlite:///{path.parent / GRADEBOOK}"))
    root = _text(path, "Exchange.root", exchange.get("root", path.parent / "exchange"))
    own = config.get("Moduong", {})
    hosts = own.get("hosts", ())
    if isinstance(hosts, str) or not all(isinstance(name, str) for name in hosts):
        raise _unclear(_("{path}: c.Moduong.hosts không phải một danh sách tên tài khoản.", path=path))
    name = _text(path, "CourseDirectory.course_id", course.get("course_id", ""))
    days, months = _count(path, own, "erased_days", 30), _count(path, own, "months", 0)
    log = own.get("log", "")
    if log not in {"", "text", "json"}:
        raise _unclear(_("{path}: c.Moduong.log là «text», «json» hoặc bỏ trống.", path=path))
    return Settings(name, database, Path(root), frozenset(hosts), days, months, log)


def _count(path: Path, own: Mapping[str, Any], name: str, default: int) -> int:
    value = own.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise _unclear(_("{path}: c.Moduong.{name} không phải số nguyên từ 0.", path=path, name=name))


def _text(path: Path, name: str, value: Any) -> str:
    if isinstance(value, str | Path):
        return str(value)
    raise _unclear(_("{path}: c.{name} không phải một chuỗi ký tự.", path=path, name=name))


def _unclear(said: str) -> ModuongError:
    more = _("Hãy sửa tệp này; lệnh dừng lại để không ghi điểm vào nhầm chỗ.")
    return ModuongError("E-WS-4", _("{said} {more}", said=said, more=more))
