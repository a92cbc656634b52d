"""Was every question answered in the body that its attempt draws? Another body may be one whose key was read before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from course import items
from course.answers import Answer, AnswerSet
from course.drawing import Questions
from course.fetched import renewal


def strange(asked: Questions, answers: AnswerSet, allowed: range, earlier: Iterable[Questions] = ()) -> list[str]:
    """Return the ids of questions that were answered in a body which the attempt does not draw, in order.

    Args:
        asked: the release that was answered.
        answers: with person and attempt as the hand-in names them.
        allowed: attempts that are not over; another one is held to be the first of them.
        earlier: other releases of the module: what they drew may have moved here with the answers.
    """
    attempt = answers.attempt if answers.attempt in allowed else allowed.start
    found = [
        str(item["id"])
        for item in asked.items
        if (given := answers.answers.get(item["id"])) is not None
        and _is_another(given, item, asked.draw(answers.person, item, attempt))
    ]
    if not found:
        return found
    moved = [_moved(former, asked, answers.person, attempt) for former in earlier]
    return [name for name in found if not any(one.get(name) == answers.answers[name].variant for one in moved)]


def _is_another(given: Answer, item: Mapping[str, object], drawn: int) -> bool:
    """Say whether the answer is to a body that is there and was not drawn; what is there not, nobody scores."""
    if items.is_blank(given.value) or given.variant == drawn:
        return False
    try:
        items.body_of(item, given.variant)
    except items.InvalidAnswer:
        return False
    return True


def _moved(former: Questions, asked: Questions, person: str, attempt: int) -> dict[str, int]:
    """Return item → where the body that the former release drew stands now."""
    before = {item["id"]: item for item in former.items}
    found = {}
    for item in asked.items:
        old = before.get(item["id"])
        if old is not None:
            now = renewal.body_now(former.draw(person, old, attempt), old["variants"], item["variants"])
            if now is not None:
                found[str(item["id"])] = now
    return found
