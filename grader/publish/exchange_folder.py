"""The exchange as folders: who may write where, so that nobody can put his own course in the place of ours.

Everybody may make a course in the root, nobody may rename or remove another's (sticky, 1777). A course belongs to who
grades it (0755). Hand-ins arrive in a folder into which all may put and nobody may look (3733); nbgrader makes the
rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from course.words import _

ROOT, COURSE, INBOUND = 0o1777, 0o755, 0o3733


def open_exchange(root: Path, course_id: str) -> Path:
    """Make what is missing, with the modes above, and return the course's folder; what is there stays as it is.

    Raises:
        OSError: when something cannot be made.
    """
    if not root.exists():
        root.mkdir(parents=True)
        root.chmod(ROOT)
    course = root / course_id
    for folder, mode in ((course, COURSE), (course / "outbound", COURSE), (course / "inbound", INBOUND)):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(mode)
    return course


def doubts(root: Path, course_id: str, workspace: Path) -> Iterator[str]:
    """Yield what is wrong with an exchange that several UNIX users share, one sentence each; nothing where none is."""
    if not root.is_dir():
        return
    if root.resolve().is_relative_to(workspace.resolve()):
        said = _(
            "{root} nằm trong thư mục làm việc, nên người dùng khác của máy không tới được: sửa c.Exchange.root trong "
            "nbgrader_config.py thành một thư mục bên ngoài rồi chuyển «{course}» sang đó.",
            root=root,
            course=course_id,
        )
        yield said
    if root.stat().st_mode & 0o002 and not root.stat().st_mode & 0o1000:
        yield _("{root}: ai cũng đổi tên được thư mục của khóa học (chmod 1777).", root=root)
    course = root / course_id
    if course.is_dir() and course.stat().st_uid != os.geteuid():
        yield _("{course} thuộc người dùng khác (uid {uid}).", course=course, uid=course.stat().st_uid)
    if course.is_dir() and course.stat().st_mode & 0o022:
        yield _("{course}: người khác ghi được vào thư mục của khóa học (chmod 755).", course=course)
    inbound = course / "inbound"
    if inbound.is_dir() and inbound.stat().st_mode & 0o044:
        yield _("{inbound}: người khác xem được bài nộp (chmod 3733).", inbound=inbound)
    if inbound.is_dir() and not inbound.stat().st_mode & 0o1000:
        yield _("{inbound}: người khác đổi tên được bài nộp (chmod 3733).", inbound=inbound)


def mend(root: Path, course_id: str) -> None:
    """Give what we own of the exchange the modes above.

    Raises:
        OSError: when a mode cannot be set.
    """
    course = root / course_id
    for folder, mode in ((root, ROOT), (course, COURSE), (course / "inbound", INBOUND)):
        if folder.is_dir() and folder.stat().st_uid == os.geteuid():
            folder.chmod(mode)
