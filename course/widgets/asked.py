"""What is said of a question and of a whole exercise, as plain data: the same for a kernel's widgets and the host."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from course import items, shown
from course.answers import ZONE, Answer, AnswerSet
from course.items import Body
from course.rich import media
from course.words import _, when

_LOG = logging.getLogger("moduong.page")
_LONGEST = 4 * items.LONGEST_ANSWER


def variant_of(item: Body, said: object, drawn: int) -> int:
    """Return the variant to go by: the one that was answered, else the one that was drawn."""
    if isinstance(said, bool) or not isinstance(said, int):
        return drawn
    return said if 0 <= said < len(item["variants"]) else drawn


def with_media(spec: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return ``spec`` with its pictures in it, so that no address of any server matters for them.

    Without the file the description is shown, and the question can still be answered.
    """

    def read(name: str) -> bytes | None:
        try:
            return (folder / "data" / name).read_bytes()
        except OSError:
            _LOG.warning("no file %s in %s", name, folder)
            return None

    return {**spec, "media": media.sources(spec["files"], read)}


def check(value: object) -> None:
    """Refuse what could not be stored.

    Raises:
        ValueError: too long, or no text that can be written; the text is for the cadre.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable() and any("\ud800" <= c <= "\udfff" for c in text):
        message = _("Câu trả lời có ký tự không lưu được; anh/chị xóa ký tự lạ rồi thử lại.")
        raise ValueError(message)
    if len(text) > _LONGEST:
        message = _("Câu trả lời dài quá {longest_answer} ký tự.", longest_answer=items.LONGEST_ANSWER)
        raise ValueError(message)


def stored(spec: Mapping[str, Any], answer: Answer, lang: str) -> dict[str, Any]:
    """Return what the page says of a stored answer."""
    try:
        at = datetime.fromisoformat(answer.saved_at).astimezone(ZONE).strftime("%H:%M")
    except ValueError:
        at = ""
    return {
        "seq": answer.seq,
        "value": answer.value,
        "at": at,
        "empty": items.is_blank(answer.value),
        "echo": shown.echoes(dict(spec), answer.value, lang),
    }


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exercise in somebody's hands: its public items, who works on it, and which attempt it is."""

    items: Sequence[Body]
    person: str
    attempt: int


def sheet(
    of: Sheet, answers: AnswerSet, receipts: Sequence[Mapping[str, Any]], *, wait_hours: int | None
) -> dict[str, Any]:
    """Return what the hand-in shows: what is unanswered, the last receipt, what a further hand-in means.

    Args:
        of: the exercise.
        answers: as they stand now.
        receipts: of earlier hand-ins, oldest first; fields of ``course.handin.Receipt``.
        wait_hours: between two hand-ins; ``None`` when no rule is known.
    """
    counted = [item for item in of.items if not item["withdrawn"]]
    given = {item["id"]: answers.answers[item["id"]] for item in counted if item["id"] in answers.answers}
    missing = [i["id"] for i in counted if i["id"] not in given or items.is_blank(given[i["id"]].value)]
    partial = []
    for item in counted:
        answer = given.get(item["id"])
        if answer is None or item["id"] in missing:
            continue
        if left := shown.open_parts(item, answer.variant, answer.value):
            title = _("{item}: còn {left} ý", item=shown.title(item["id"]), left=left)
            partial.append({"id": item["id"], "title": title})
    last = receipts[-1] if receipts else None
    same = last is not None and last["code"] == answers.content_hash()[:8].upper()
    return {
        "total": len(counted),
        "missing": [{"id": name, "title": shown.title(name)} for name in missing],
        "partial": partial,
        "person": of.person,
        "attempt": of.attempt,
        "by_file": False,
        "same": same,
        "said": after(str(last["at"]), wait_hours, same=same) if last else "",
        "receipt": {**last, "at": when(str(last["at"]))} if last else None,
    }


def after(handed_in: str, wait_hours: int | None, *, same: bool) -> str:
    """Return where the cadre stands after a hand-in.

    That changes are not handed in, and from when another attempt is taken.
    """
    said = (
        _("Bài đã nộp lúc {handed_in}. Nếu sửa câu trả lời, anh/chị có thể nộp lượt sau.", handed_in=when(handed_in))
        if same
        else _("Bài đã thay đổi so với lần nộp trên. Phần thay đổi chưa được nộp.")
    )
    try:
        again = datetime.fromisoformat(handed_in) + timedelta(hours=wait_hours or 0)
        early = wait_hours is not None and datetime.now(ZONE) < again
    except (ValueError, TypeError):  # a receipt that was edited
        return said
    if not early:
        return said
    return _(
        "{said} Lượt sau được nhận từ {again}; nộp sớm hơn thì không được tính.",
        said=said,
        again=when(again.isoformat()),
    )
