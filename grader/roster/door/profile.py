"""The answers that a coordinator has given, kept in a file: what was confirmed once is not asked again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from course.words import _, into
from grader.ground.errors import ModuongError
from grader.roster.door.asked import Question

FILE, PROPOSED, BEFORE = "profile.yaml", "de-xuat.yaml", "de-xuat-truoc.yaml"
"""Names in the workspace's folder of the roster: what was confirmed, what waits for a look, and that before it."""
_VERSION = 1
_OF_ONE_LIST = ("start:", "held:", "course:", "list:", "outside:names", "renamed:")
_LARGEST = 16 << 20
_MOST_OPTIONS = 12
_HEAD = """# Những điều anh/chị đã xác nhận khi nạp danh sách: tên cột, tên đơn vị, người trùng tên, ngày.
# What was confirmed when lists were taken in: columns, names of units, people of one name, days.
"""
_PROPOSED_HEAD = """\
# Đề xuất, CHƯA được xác nhận. Hãy đọc từng dòng, sửa chỗ sai, điền chỗ trống "", rồi nạp lại với --profile tệp này.
# Proposals, NOT confirmed. Read each line, correct it, fill in what is "", then import with --profile and this file.
"""


def load(path: Path) -> dict[str, str]:
    """Return the answers in a profile, without the empty ones; none where there is no such file.

    Raises:
        ModuongError: ``E-PROFILE-1`` the file is no profile.
    """
    if not path.exists():
        return {}
    try:
        return _understood(yaml.safe_load(path.read_bytes()[:_LARGEST].decode("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        raise ModuongError(
            "E-PROFILE-1",
            _(
                "{path}: không phải hồ sơ nạp danh sách (cần version: {VERSION} và answers: khóa: giá trị). Hãy "
                "sửa, hoặc bỏ tệp này để được hỏi lại từ đầu.",
                path=path,
                VERSION=_VERSION,
            ),
        ) from None


def _understood(data: Any) -> dict[str, str]:  # YAML
    answers = data["answers"] or {}
    if data["version"] != _VERSION or not all(isinstance(key, str) for key in answers):
        raise ValueError
    return {key: said for key, answer in answers.items() if (said := _said(answer))}


def _said(answer: object) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):  # YAML reads a bare yes so
        return "yes" if answer else "no"
    return str(answer).strip()


def save(path: Path, answers: Mapping[str, str]) -> None:
    """Write a profile; only its owner reads it, since it names people."""
    lines = [f"  {_quoted(key)}: {_quoted(answer)}\n" for key, answer in sorted(answers.items())]
    _write(path, f"{_HEAD}version: {_VERSION}\nanswers:\n{''.join(lines) or '  {}'}")


def keep(path: Path, answers: Mapping[str, str]) -> None:
    """Write the answers that last beyond one list; nothing where they are there already."""
    lasting = {key: answer for key, answer in answers.items() if not key.startswith(_OF_ONE_LIST)}
    if lasting and lasting != load(path):
        save(path, lasting)


def propose(path: Path, questions: Iterable[Question], answers: Mapping[str, str], lang: str) -> bool:
    """Write a profile for a person to look at: each open question with its choices, the likely answer filled in.

    Where she has filled in such a file already, her answers to the same questions stand in the new one, and the old
    one is kept beside it as ``BEFORE``; return whether that was so.
    """
    filled, there = _filled(path)
    parts = [f"{_PROPOSED_HEAD}version: {_VERSION}\nanswers:\n"]
    for question in questions:
        asked = into(question.said, lang)
        shown = [f"{one.value} = {into(one.said, lang)}" for one in question.options[:_MOST_OPTIONS]]
        if question.kind == "column":
            shown = [", ".join(one.value for one in question.options)]
        if question.typed:
            shown.append({"day": "2026-10-31", "name": "new:…", "text": "…"}[question.typed])
        parts.append(f"\n  # {_line(asked)}\n" + "".join(f"  #   {_line(one)}\n" for one in shown))
        own = filled.get(question.key, "")
        parts.append(f"  {_quoted(question.key)}: {_quoted(own if question.takes(own) else question.proposal)}\n")
    parts.append("\n")
    parts += [f"  {_quoted(key)}: {_quoted(answer)}\n" for key, answer in sorted(answers.items())]
    text = "".join(parts)
    again = there and path.read_bytes() != text.encode()
    if again:
        os.replace(path, path.with_name(BEFORE))
    _write(path, text)
    return again


def _filled(path: Path) -> tuple[dict[str, str], bool]:
    """Return the answers in an earlier proposal, none where it cannot be read; and whether there is one."""
    try:
        return load(path), path.exists()
    except ModuongError:
        return {}, True


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a string in JSON is one in YAML


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise ModuongError(
            "E-WS-1",
            _(
                "Không ghi được {path} ({strerror}). Hãy kiểm tra quyền ghi và chỗ trống.",
                path=path,
                strerror=error.strerror,
            ),
        ) from None
