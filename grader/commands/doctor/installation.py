"""The whole installation: folders, database, backups, disk, host, clock, versions; each finding says what to do."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from course.words import _
from grader.commands.doctor.symptom import Symptom
from grader.gradebook import lost
from grader.ground import database, operators_file, schema
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace, others_may_enter
from grader.keep import backup, erasures
from grader.publish import exchange_folder

_LITTLE, _NEARLY_NOTHING = 2 << 30, 200 << 20
_OLD = timedelta(days=2)
_STUCK = timedelta(minutes=10)
_AHEAD = timedelta(minutes=5)
_OTHERS = 0o007
Look = Callable[[Workspace, Syllabus, datetime], Iterator[Symptom]]


def examine(root: Path, rules: Syllabus, now: datetime) -> list[Symptom]:
    """Look at everything that the workspace at ``root`` needs. Makes and changes nothing."""
    if not root.is_dir():
        return [Symptom("workspace", True, _("{root}: chưa có; «moduong build» sẽ tạo.", root=root))]
    space = Workspace(root.absolute())
    looks: tuple[Look, ...] = (_doors, _operators_file)
    found = [symptom for look in looks for symptom in look(space, rules, now)]
    if all(symptom.well for symptom in found if symptom.name == operators_file.NAME):  # the rest stands on it
        rest: tuple[Look, ...] = (_exchange, _gradebook, _backups, _disk, _host, _kept, _clock)
        found += [symptom for look in rest for symptom in _tried(look, space, rules, now)]
    return [*found, *_versions()]


def _tried(look: Look, space: Workspace, rules: Syllabus, now: datetime) -> Iterator[Symptom]:
    try:
        yield from look(space, rules, now)
    except ModuongError as error:
        yield Symptom("database", False, _("{code} {said}", code=error.code, said=error.said), grave=True)
    except OSError as error:
        where, why = error.filename or space.root, error.strerror
        yield Symptom("disk", False, _("{where}: không đọc được ({why}).", where=where, why=why), grave=True)


def _doors(space: Workspace, _rules: Syllabus, _now: datetime) -> Iterator[Symptom]:
    root = space.root
    if others_may_enter(root):
        said = _("{root}: người dùng khác của máy vào được; chạy «moduong doctor --fix --workspace {root}»", root=root)
        yield Symptom("workspace", False, said, grave=True)
    elif root.stat().st_uid != os.geteuid():
        owner = root.stat().st_uid
        said = _("{root}: thuộc uid {owner}, không phải tài khoản này; hãy chạy bằng uid ấy.", root=root, owner=owner)
        yield Symptom("workspace", False, said, grave=True)
    else:
        yield Symptom("workspace", True, _("{root}: chỉ chủ sở hữu vào được", root=root))


def _operators_file(space: Workspace, rules: Syllabus, _now: datetime) -> Iterator[Symptom]:
    try:
        found = operators_file.read(space.root)
    except ModuongError as error:
        said = _("{code} {said}", code=error.code, said=error.said)
        yield Symptom(operators_file.NAME, False, said, grave=True)
        return
    if found.course_id and found.course_id != rules.course.id:
        said = _(
            "của khóa «{there}», không phải «{here}»; hãy chỉ --course khác.",
            there=found.course_id,
            here=rules.course.id,
        )
        yield Symptom(operators_file.NAME, False, said, grave=True)
    else:
        yield Symptom(operators_file.NAME, True, str(space.config))


def _exchange(space: Workspace, rules: Syllabus, _now: datetime) -> Iterator[Symptom]:
    wrong = list(exchange_folder.doubts(space.exchange, rules.course.id, space.root))
    yield from (Symptom("exchange", False, said, grave=True) for said in wrong)
    if not wrong:
        yield Symptom("exchange", True, str(space.exchange))


def _gradebook(space: Workspace, _rules: Syllabus, _now: datetime) -> Iterator[Symptom]:
    """Look at engine, tables and content without making or upgrading anything."""
    file = database.file_of(space.database)
    if file is not None and not file.exists() and not space.ledger_mark.exists():
        yield Symptom("database", True, _("{file}: chưa có; «moduong release» sẽ tạo.", file=file))
        return
    if file is not None and file.exists():
        yield from _file_checked(file)
    lost.refuse_without_file(space)
    engine = database.reach(space.database)
    try:
        with engine.connect() as connection:
            found = schema.version(connection)
            schema.refuse_other(found)
            mode = _mode(connection)
            if found:
                lost.refuse_if_empty(space, connection)
    finally:
        engine.dispose()
    name = engine.dialect.name
    yield Symptom("database", True, _("{name} {mode}, phiên bản {found}", name=name, mode=mode, found=found))


def _file_checked(file: Path) -> Iterator[Symptom]:
    with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as book:
        try:
            said = str(book.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            said = str(error)
    if said != "ok":
        told = _("{file}: hỏng ({said}); giữ lại tệp ấy rồi chạy «moduong restore».", file=file, said=said)
        yield Symptom("database", False, told, grave=True)


def _mode(connection: sa.Connection) -> str:
    if connection.dialect.name != "sqlite":
        return ".".join(str(part) for part in connection.dialect.server_version_info or ())
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()).upper()
    return f"{sqlite3.sqlite_version}, {mode}, FULL"


def _backups(space: Workspace, _rules: Syllabus, now: datetime) -> Iterator[Symptom]:
    from grader.keep import restore

    last = restore.chosen(space, None)
    if last is None:
        yield Symptom("backup", False, _("chưa có bản sao lưu nào; chạy «moduong backup --to Ổ-ĐĨA-KHÁC»"))
        return
    try:
        found = backup.read(last)
    except ModuongError as error:
        yield Symptom("backup", False, _("{code} {said}", code=error.code, said=error.said), grave=True)
        return
    age = now - found.made_at
    told = _(
        "{last}, cách đây {hours} giờ, {attempts} lượt",
        last=last,
        hours=int(age.total_seconds() // 3600),
        attempts=found.attempts,
    )
    if age > _OLD:
        told = _("{told}; đã cũ: chạy «moduong backup», hoặc để «grade --watch» làm mỗi ngày", told=told)
    elif last.stat().st_dev == space.root.stat().st_dev:
        told = _("{told}; cùng ổ đĩa với thư mục làm việc: nên có thêm một bản ở ổ khác (--to)", told=told)
    yield Symptom("backup", age <= _OLD, told)


def _disk(space: Workspace, _rules: Syllabus, _now: datetime) -> Iterator[Symptom]:
    places = [space.root, space.exchange, space.backups, space.host]
    seen = set()
    for place in (one for one in places if one.is_dir()):
        if (device := place.stat().st_dev) in seen:
            continue
        seen.add(device)
        free = shutil.disk_usage(place).free
        inodes = os.statvfs(place).f_favail
        said = _("{place}: còn {mib} MiB", place=place, mib=free >> 20)
        little = free < _LITTLE or 0 < inodes < 10_000  # noqa: PLR2004  # fewer files than a busy day brings
        if little:
            said = _("{said}; hãy dọn hoặc thêm đĩa, bài nộp cần chỗ", said=said)
        yield Symptom("disk", not little, said, grave=free < _NEARLY_NOTHING)


def _host(space: Workspace, _rules: Syllabus, now: datetime) -> Iterator[Symptom]:
    folder = space.host
    if not folder.is_dir():
        return
    places = [folder, *sorted(folder.glob("*.db")), *(p for p in [folder / "spool"] if p.exists())]
    open_ones = [p for p in places if stat.S_IMODE(p.stat().st_mode) & _OTHERS]
    for path in open_ones:
        said = _("{path}: người dùng khác của máy vào được; chạy «moduong doctor --fix»", path=path)
        yield Symptom("host", False, said, grave=True)
    owners = {p.stat().st_uid for p in places}
    if len(owners) > 1 and os.geteuid() not in owners:
        yield Symptom("host", False, _("{folder}: nhiều chủ sở hữu ({owners}).", folder=folder, owners=sorted(owners)))
    stuck = [p for p in _entries(folder / "spool") if now.timestamp() - p.stat().st_mtime > _STUCK.total_seconds()]
    if stuck:
        said = _("{count} bài nằm trong spool quá mười phút; «moduong host» có đang chạy không?", count=len(stuck))
        yield Symptom("spool", False, said)
    if not open_ones and not stuck:
        yield Symptom("host", True, str(folder))


def _entries(spool: Path) -> Iterator[Path]:
    if spool.is_dir():
        yield from (path for path in spool.iterdir() if not path.name.startswith(".") and path.is_dir())


def _kept(space: Workspace, _rules: Syllabus, now: datetime) -> Iterator[Symptom]:
    """Look for what is kept for too long, and for what a killed command still owes."""
    late = [one for one in erasures.noted(space) if erasures.kept(space, one).exists() and one.until <= now.isoformat()]
    if late:
        said = _("{count} bản giữ riêng đã hết hạn; chạy «moduong person due»", count=len(late))
        yield Symptom("retention", False, said)
    owed = list((space.root / "con-phai-phat").glob("*.json"))
    if owed:
        said = _("một lệnh bị ngắt giữa chừng còn phải phát kết quả; chạy «moduong collect»")
        yield Symptom("owed", False, said)


def _clock(space: Workspace, rules: Syllabus, now: datetime) -> Iterator[Symptom]:
    if os.environ.get("MODUONG_NOW"):
        said = _("MODUONG_NOW={now} đang thay đồng hồ; bỏ biến ấy trước khi chạy thật", now=os.environ["MODUONG_NOW"])
        yield Symptom("clock", False, said)
        return
    newest = max((p.stat().st_mtime for p in (space.root, space.ledger_mark, space.gradebook) if p.exists()), default=0)
    zone: ZoneInfo = rules.course.zone
    local = now.astimezone(zone)
    if newest - now.timestamp() > _AHEAD.total_seconds():
        said = _("đồng hồ chậm hơn tệp mới nhất; đặt giờ theo NTP (timedatectl set-ntp true)")
        yield Symptom("clock", False, said, grave=True)
    else:
        yield Symptom("clock", True, f"{local:%Y-%m-%d %H:%M} {zone.key}")


def _versions() -> Iterator[Symptom]:
    from packaging.requirements import Requirement

    wrong = []
    for line in metadata.requires("moduong") or ():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            there = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            there = "–"
        if there == "–" or not wanted.specifier.contains(there, prereleases=True):
            wrong.append(f"{wanted.name} {there} ({wanted.specifier})")
    ours, theirs = metadata.version("moduong"), metadata.version("nbgrader")
    own = f"moduong {ours}, Python {sys.version.split()[0]}, nbgrader {theirs}"
    if wrong:
        said = _("{own}; không hợp: {wrong}. Cài lại bằng requirements.lock.", own=own, wrong=", ".join(wrong))
        yield Symptom("versions", False, said, grave=True)
    else:
        yield Symptom("versions", True, own)


def mend(root: Path, rules: Syllabus, now: datetime) -> None:
    """Set the modes that can be set, and remove what is kept for too long. Nothing else is touched.

    Raises:
        ModuongError: ``E-WS-4``.
        OSError: a mode cannot be set.
    """
    if not root.is_dir():
        return
    space = Workspace(root.absolute())
    root.chmod(0o700)
    exchange_folder.mend(space.exchange, rules.course.id)
    for place in (root / "keys", space.backups, space.erased):
        if place.is_dir():
            place.chmod(0o700)
    if space.host.is_dir():
        for path in (space.host, *space.host.glob("*.db"), space.host / "spool"):
            if path.exists():
                path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
    erasures.expire(space, now)
