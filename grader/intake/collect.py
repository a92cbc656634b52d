"""Stage ``collect``: takes hand-ins from the exchange, a folder or a ZIP into the ledger.

Never stops at one, never overwrites.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from course import drawing
from course.answers import AnswersError, AnswerSet
from course.drawing import Questions
from course.words import _, into, joined, spoken
from grader.gradebook import lost
from grader.ground import database, lineage
from grader.ground.database import WAITING, answered, attempts
from grader.ground.errors import ModuongError
from grader.ground.journal import log
from grader.ground.workspace import ITEMS, Workspace
from grader.intake import answers_in as intake
from grader.intake import claims, drawn, kept, rules
from grader.intake.answers_in import HandIn
from grader.intake.arrivals import from_exchange, from_path, own_account
from grader.intake.kept import write_submitted
from grader.intake.names import printable
from grader.intake.rebuild import RELEASE, ROW
from grader.intake.rules import Policy, Verdict

__all__ = ["Policy", "Taken", "collect", "from_exchange", "from_path", "own_account", "seen", "write_submitted"]
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""A person id where there is no roster to ask: fit for a folder's name."""
_NAMED = 5
"""Unknown questions that a warning names."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one hand-in; ``state`` as in the ledger, ``reason`` a sentence for the learner."""

    source: str
    attempt_id: str
    person: str
    module: str
    state: str
    code: str
    reason: str
    warnings: tuple[str, ...] = ()


def seen(engine: Engine) -> frozenset[str]:
    """Return the sources that the ledger knows already."""
    with engine.connect() as connection:
        return frozenset(connection.execute(sa.select(attempts.c.received_from)).scalars())


@dataclass(frozen=True, slots=True)
class _Desk:
    """What entering hand-ins needs.

    Where to, under which rules, and what is known so far (spelling of ids, each release as it was handed out).
    """

    workspace: Workspace
    policy: Policy
    simulated: bool
    spelt: dict[str, str]
    sheets: dict[tuple[str, str], Questions]
    releases: dict[str, tuple[str, frozenset[str]]]
    """Module → the release that is handed out now, and all that ever were."""


def collect(
    workspace: Workspace, engine: Engine, hand_ins: Iterable[HandIn], policy: Policy, *, simulated: bool
) -> Iterator[Taken]:
    """Enter every new hand-in in the ledger, keep its files, and yield what became of it once that is committed.

    A hand-in that cannot be taken for a fault of ours is yielded as ``failed`` (``E-SUB-14``), stays where it is,
    and is tried again by
    the next run.

    Raises:
        ModuongError: ``E-DB-1`` or ``E-DB-3`` when the gradebook, ``E-WS-2`` when the workspace cannot be
            written; what was yielded is kept.
    """
    known = set(seen(engine))
    fresh = not known
    desk = _Desk(workspace, policy, simulated, _spelt(engine), {}, {})
    for hand_in in hand_ins:
        if hand_in.source in known:
            continue
        known.add(hand_in.source)
        taken = _take(desk, engine, hand_in)
        if fresh and (taken is None or taken.attempt_id):
            _count(workspace)
            fresh = False
        if taken is not None:
            fine = taken.state in {"accepted", "duplicate"}
            log.event(
                "taken",
                level=logging.INFO if fine else logging.WARNING,
                person=printable(taken.person),
                module=printable(taken.module),
                attempt=taken.attempt_id,
                state=taken.state,
                code=taken.code,
            )
            yield taken


def _spelt(engine: Engine) -> dict[str, str]:
    """Return how the ledger spells the people in it: without a roster, whoever came first decides."""
    with engine.connect() as connection:
        return {
            name.casefold(): name
            for name in connection.execute(sa.select(attempts.c.person_id).distinct()).scalars()
            if name
        }


def _take(desk: _Desk, engine: Engine, hand_in: HandIn) -> Taken | None:
    """Enter one hand-in; ``None`` when another collector has entered it in between."""
    answers, failure = None, hand_in.refusal
    try:
        if failure is None:
            try:
                answers = intake.find_answers(hand_in.files, hand_in.module)
            except AnswersError as error:
                failure = error
        with database.writing(engine) as connection:
            if connection.execute(
                sa.select(attempts.c.number).where(attempts.c.received_from == hand_in.source)
            ).first():
                return None
            return _enter(desk, connection, hand_in, answers, failure)
    except OSError as error:
        raise _unwritten(desk.workspace, error) from None
    except (ModuongError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001  # one hand-in never stops a batch, whatever is wrong with it or with us
        reason = _(
            "Chưa nhận được vì lỗi của hệ thống ({name}); bài vẫn còn nguyên và sẽ được nhận lại.",
            name=type(error).__name__,
        )
        return Taken(hand_in.source, "", "", "", "failed", "E-SUB-14", reason)


def _count(workspace: Workspace) -> None:
    try:
        lost.counted(workspace)
    except OSError as error:
        raise _unwritten(workspace, error) from None


def _unwritten(workspace: Workspace, error: OSError) -> ModuongError:
    said = _(
        "{root}: không ghi được bài nộp ({strerror}). Hãy kiểm tra chỗ trống và quyền ghi rồi chạy lại; "
        "không bài nào bị mất.",
        root=workspace.root,
        strerror=error.strerror,
    )
    return ModuongError("E-WS-2", said)


def _enter(
    desk: _Desk, connection: Connection, hand_in: HandIn, answers: AnswerSet | None, failure: AnswersError | None
) -> Taken:
    person, identity, doubt = _who(desk, hand_in, answers)
    module = answers.module if answers else hand_in.module
    if doubt is None and module not in desk.policy.modules:
        doubt = ("E-SUB-07", _("Không có học phần «{module}» trong khóa học.", module=printable(module)))
    if doubt is None and answers:
        doubt = _stranger(desk, answers)
    if doubt is None and answers and hand_in.module and hand_in.module != answers.module:
        doubt = (
            "E-SUB-12",
            _(
                "Nơi nộp ghi {place}, bài làm ghi {module}.",
                place=printable(hand_in.module),
                module=printable(answers.module),
            ),
        )
    if failure is not None and (doubt is not None or failure.code == "E-SUB-12"):
        doubt = (failure.code, failure.said)  # what cannot be read comes before what is not said in it
    if doubt is not None:
        return _write(desk, connection, hand_in, answers, _Said("", module, "set_aside", *doubt, identity))
    if failure is not None:
        return _write(
            desk, connection, hand_in, None, _Said(person, module, "unreadable", failure.code, failure.said, identity)
        )
    assert answers is not None  # no failure
    content = rules.content_of(answers, person)
    verdict = rules.judge(connection, person, module, content, hand_in.received_at, desk.policy)
    state, code, reason = verdict.state, verdict.code, verdict.reason
    if state == "accepted" and (held := _held(desk, connection, person, answers, verdict)):
        state, code, reason = WAITING, *held
    # a simulated clock has nothing to compare a claimed time with
    doubts = [*_unknown(desk, answers), *(() if desk.simulated else claims.forged(hand_in))]
    understood = {i: a for i, a in answers.answers.items() if i in _questions(_asked(desk, answers))}
    answers = replace(answers, answers=understood, warnings=(*answers.warnings, *(said for _code, said in doubts)))
    if not reason:
        code, reason = (doubts[0][0] if doubts else ""), joined(" ", answers.warnings)
    return _write(desk, connection, hand_in, answers, _Said(person, module, state, code, reason, identity, content))


def _who(desk: _Desk, hand_in: HandIn, answers: AnswerSet | None) -> tuple[str, str, tuple[str, str] | None]:
    """Return person, how surely we know (``owner``, ``host`` or ``claimed``), and a reason to set the hand-in aside."""
    people = desk.policy.people

    def known(name: str) -> str:
        if people is not None:
            return people.get(name.casefold(), "")
        return desk.spelt.get(name.casefold(), name) if _WELL_FORMED.fullmatch(name) else ""

    owner = known(hand_in.owner) if people is not None else ""
    hosted = hand_in.owner in desk.policy.hosts
    if people is not None and hand_in.owner and not owner and not hosted and hand_in.owner != own_account():
        told = _(
            "Bài nộp do tài khoản «{account}» của máy gửi, không phải của cán bộ nào.", account=printable(hand_in.owner)
        )
        return "", "claimed", ("E-SUB-17", told)
    sources = [s for s in (hand_in.owner if owner else "", hand_in.person, answers.person if answers else "") if s]
    if not sources:
        return "", "claimed", ("E-SUB-12", _("Bài nộp không cho biết là của ai."))
    if len({s.casefold() for s in sources}) > 1:
        named = ", ".join(sorted({printable(s) for s in sources}))
        return "", "claimed", ("E-SUB-12", _("Bài nộp ghi hai người khác nhau: {named}.", named=named))
    person = known(sources[0])
    if not person:
        return (
            "",
            "claimed",
            ("E-SUB-13", _("«{person}» không có trong danh sách cán bộ.", person=printable(sources[0]))),
        )
    return person, "owner" if owner else "host" if hosted else "claimed", None


def _stranger(desk: _Desk, answers: AnswerSet) -> tuple[str, str] | None:
    """Return why answers belong to nothing that was handed out here; what does not say where it is from is taken."""
    if answers.course and desk.policy.course and answers.course != desk.policy.course:
        return "E-SUB-15", _("Bài nộp của khóa học khác («{course}»).", course=printable(answers.course))
    if answers.release and answers.release not in _releases(desk, answers.module)[1]:
        strange = printable(answers.release, 16)
        said = _("Bài nộp trả lời bản phát «{release}», mà nơi này chưa phát bản ấy bao giờ.", release=strange)
        return "E-SUB-16", said
    return None


def _release(desk: _Desk, answers: AnswerSet) -> str:
    """Return the release that was answered: as the hand-in says, else the one that is handed out now."""
    return answers.release or _releases(desk, answers.module)[0]


def _releases(desk: _Desk, module: str) -> tuple[str, frozenset[str]]:
    if module not in desk.releases:
        desk.releases[module] = lineage.released(desk.workspace, module), lineage.known(desk.workspace, module)
    return desk.releases[module]


def _sheet(desk: _Desk, module: str, release: str) -> Questions:
    """Return a release as it was handed out."""
    if (module, release) not in desk.sheets:
        desk.sheets[module, release] = drawing.questions(
            (lineage.folder(desk.workspace, module, release) / ITEMS).read_bytes()
        )
    return desk.sheets[module, release]


def _asked(desk: _Desk, answers: AnswerSet) -> Questions:
    """Return the release that was answered."""
    return _sheet(desk, answers.module, answers.release)


def _questions(asked: Questions) -> frozenset[str]:
    return frozenset(str(item["id"]) for item in asked.items)


def _unknown(desk: _Desk, answers: AnswerSet) -> list[tuple[str, str]]:
    """Warn of answers to questions that the released module does not have: they count for nothing, and that is said."""
    strange = sorted(set(answers.answers) - _questions(_asked(desk, answers)))
    if not strange:
        return []
    return [("E-SUB-09", _("Câu {shown} không có trong học phần nên không được tính.", shown=_few(strange)))]


def _few(names: Sequence[str]) -> str:
    """Return the first of some ids for a sentence, and how many more there are."""
    more = len(names) - _NAMED
    shown = ", ".join(printable(name, 20) for name in names[:_NAMED])
    return _("{shown} và {more} câu khác", shown=shown, more=more) if more > 0 else shown


def _held(
    desk: _Desk, connection: Connection, person: str, answers: AnswerSet, verdict: Verdict
) -> tuple[str, str] | None:
    """Return why an acceptable hand-in waits for a person, as code and sentence; ``None`` where it does not."""
    first = rules.first_open(connection, person, answers.module, verdict.number)
    asked = _asked(desk, answers)
    others = (
        _sheet(desk, answers.module, release)
        for release in sorted(_releases(desk, answers.module)[1] - {asked.release})
    )
    said = answers if answers.person.casefold() == person.casefold() else replace(answers, person=person)
    odd = drawn.strange(asked, said, range(first, verdict.last + 1), others)
    if not odd:
        return None
    return (
        "E-SUB-18",
        _("Câu {shown} được trả lời ở mẫu khác với mẫu của lượt này; bài chờ người xem.", shown=_few(odd)),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What the ledger says of a hand-in.

    ``person`` is empty when it is set aside, ``content`` the hash of all that was answered.
    """

    person: str
    module: str
    state: str
    code: str
    reason: str
    identity: str
    content: str = ""


def _write(desk: _Desk, connection: Connection, hand_in: HandIn, answers: AnswerSet | None, said: _Said) -> Taken:
    """Keep the files as received and enter the row; the folder is complete before the row is committed."""
    person, module = said.person, printable(said.module, 16)
    warnings, lang = answers.warnings if answers else (), desk.policy.language
    reason = into(said.reason, lang)
    if person:
        mine = (attempts.c.person_id == person) & (attempts.c.module_id == module)
        desk.spelt.setdefault(person.casefold(), person)
        number = connection.execute(sa.select(sa.func.count()).select_from(attempts).where(mine)).scalar_one() + 1
        attempt_id = f"{person}.{module}.{number}"
        folder = desk.workspace.attempt(person, module, str(number))
    else:
        attempt_id = "set-aside." + hashlib.sha256(hand_in.source.encode()).hexdigest()[:32]
        number = 0
        folder = desk.workspace.set_aside() / attempt_id
    row: dict[str, Any] = {
        "attempt_id": attempt_id,
        "person_id": person,
        "module_id": module,
        "number": number,
        "received_from": hand_in.source,
        "submitted_at": hand_in.received_at.astimezone(UTC).isoformat(timespec="seconds"),
        "claimed_at": hand_in.claimed_at,
        "content_hash": said.content,
        "answers": json.dumps(answers.to_json()["answers"], ensure_ascii=False) if answers else "",
        "identity": said.identity,
        "state": said.state,
        "code": said.code,
        "reason": reason,
        "simulated": desk.simulated,
    }
    lost.begin(desk.workspace)
    asked = _release(desk, answers) if answers and person else ""
    note = {"state": said.state, "reason": reason, "warnings": spoken(warnings, lang), ROW: row, RELEASE: asked}
    kept.keep(folder, hand_in, note)
    if said.state == "accepted" and answers:
        submitted = AnswerSet(module, answers.answers, answers.course, answers.release, person, number)
        write_submitted(desk.workspace, submitted, row["submitted_at"])
    database.insert_many(connection, attempts, [row])
    if asked:
        database.insert_many(connection, answered, [{"attempt_id": attempt_id, "release": asked}])
    return Taken(hand_in.source, attempt_id, person, module, said.state, said.code, said.reason, warnings)
