"""Stage ``collect``: takes hand-ins from the exchange, a folder or a ZIP into the ledger; never stops at one, never overwrites."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from course.answers import ANSWERS, ZONE, AnswersError, AnswerSet, embed
from grader import database, decisions, intake
from grader.database import attempts, results
from grader.intake import HandIn
from grader.workspace import Workspace

_EXCHANGE_PARTS = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that a hand-in is held against: attempts, hours between them, modules with a marked part, known people."""

    limit: int
    wait_hours: int
    marked_modules: frozenset[str]
    modules: frozenset[str]
    people: Mapping[str, str] | None
    """Casefolded id → id as the roster writes it; ``None``: no roster yet, every well-formed id is taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one hand-in; ``state`` as in the ledger, ``reason`` a Vietnamese sentence for the learner."""

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


def from_exchange(inbound: Path, now: datetime | None, known: frozenset[str]) -> Iterator[HandIn]:
    """Yield what is new in nbgrader's inbound folder, oldest first; ``now`` replaces the server's times (a simulated clock)."""
    if not inbound.is_dir():
        return
    new = (entry for entry in os.scandir(inbound) if f"exchange/{entry.name}" not in known)
    entries = [(entry.stat(follow_symlinks=False).st_ctime, entry.name, entry) for entry in new]
    for changed, name, entry in sorted(entries, key=lambda e: e[:2]):
        received = now or datetime.fromtimestamp(changed, UTC)
        parts = name.rsplit("+", _EXCHANGE_PARTS)
        person, module, claimed = [*parts, "", "", ""][:_EXCHANGE_PARTS]
        yield _read(f"exchange/{name}", Path(entry.path), received, (person, module, claimed), entry.is_dir(follow_symlinks=False))


def from_path(path: Path, now: datetime) -> Iterator[HandIn]:
    """Yield the hand-ins in a folder (a subfolder, a ZIP or a lone file each) or in one ZIP; ``now`` is when they were first seen."""
    if path.is_file():
        yield _read(f"file/{path.name}", path, now, ("", "", ""), False)
        return
    direct = [p for p in sorted(path.iterdir()) if not p.name.startswith(".")]
    if any(p.name == "answers.json" for p in direct):
        yield _read(f"folder/{path.name}", path, now, ("", "", ""), True)
        return
    for entry in direct:
        yield _read(f"folder/{path.name}/{entry.name}", entry, now, ("", "", ""), entry.is_dir() and not entry.is_symlink())


def _read(source: str, path: Path, received: datetime, claims: tuple[str, str, str], folder: bool) -> HandIn:
    person, module, claimed = claims
    owner = ""
    try:
        if folder:
            owner = _owner(path) if person else ""
            files = intake.read_tree(path)
        elif path.suffix.casefold() == ".zip" and not path.is_symlink():
            files = intake.read_zip(path)
        else:
            files = {path.name: intake.read_file(path)}
    except AnswersError as error:
        return HandIn(source, received, person, module, owner, claimed, {}, error)
    except OSError as error:
        return HandIn(source, received, person, module, owner, claimed, {}, intake.refuse("E-SUB-02", f"Không đọc được ({error.strerror})."))
    if not person:  # the content decides what is new, not the file's name
        digest = hashlib.sha256(b"\0".join(n.encode() + b"\0" + c for n, c in sorted(files.items()))).hexdigest()[:16]
        source = f"{source}#{digest}"
    return HandIn(source, received, person, module, owner, claimed, files)


def _owner(path: Path) -> str:
    try:
        return pwd.getpwuid(path.lstat().st_uid).pw_name
    except KeyError:
        return ""


def collect(workspace: Workspace, engine: Engine, hand_ins: Iterable[HandIn], policy: Policy, *, simulated: bool) -> Iterator[Taken]:
    """Enter every new hand-in in the ledger, keep its files, and yield what became of it."""
    known = seen(engine)
    for hand_in in hand_ins:
        if hand_in.source in known:
            continue
        try:
            with engine.begin() as connection:
                yield _enter(workspace, connection, hand_in, policy, simulated=simulated)
        except IntegrityError:  # another collector entered it in between
            continue


def _enter(workspace: Workspace, connection: Connection, hand_in: HandIn, policy: Policy, *, simulated: bool) -> Taken:
    answers: AnswerSet | None = None
    failure = hand_in.refusal
    if failure is None:
        try:
            answers = intake.find_answers(hand_in.files)
        except AnswersError as error:
            failure = error
    person, identity, doubt = _who(hand_in, answers, policy)
    module = answers.module if answers else hand_in.module
    if doubt is None and module not in policy.modules:
        doubt = ("E-SUB-07", f"Không có học phần «{module[:20]}» trong khóa học.")
    if doubt is None and answers and hand_in.module and hand_in.module != answers.module:
        doubt = ("E-SUB-12", f"Nơi nộp ghi {hand_in.module[:20]}, bài làm ghi {answers.module[:20]}.")
    if doubt is not None:
        return _write(workspace, connection, hand_in, answers, ("", module, "set_aside", *doubt), identity, simulated=simulated)
    if failure is not None:
        said = (person, module, "unreadable", failure.code, failure.vi)
        return _write(workspace, connection, hand_in, None, said, identity, simulated=simulated)
    assert answers is not None  # no failure
    state, code, reason = _decide(connection, person, answers, hand_in.received_at, policy)
    return _write(workspace, connection, hand_in, answers, (person, module, state, code, reason), identity, simulated=simulated)


def _who(hand_in: HandIn, answers: AnswerSet | None, policy: Policy) -> tuple[str, str, tuple[str, str] | None]:
    """Return person, how surely we know (``owner`` or ``claimed``), and a reason to set the hand-in aside."""
    people = policy.people

    def known(name: str) -> str:
        if people is not None:
            return people.get(name.casefold(), "")
        return name if name and all(c.isalnum() or c in "-_." for c in name) and name[0].isalnum() else ""

    owner = known(hand_in.owner) if people is not None else ""
    sources = [s for s in (hand_in.owner if owner else "", hand_in.person, answers.person if answers else "") if s]
    if not sources:
        return "", "claimed", ("E-SUB-12", "Bài nộp không cho biết là của ai.")
    if len({s.casefold() for s in sources}) > 1:
        return "", "claimed", ("E-SUB-12", f"Bài nộp ghi hai người khác nhau: {', '.join(sorted({s[:30] for s in sources}))}.")
    person = known(sources[0])
    if not person:
        return "", "claimed", ("E-SUB-13", f"«{sources[0][:30]}» không có trong danh sách cán bộ.")
    return person, "owner" if owner else "claimed", None


def _decide(connection: Connection, person: str, answers: AnswerSet, received: datetime, policy: Policy) -> tuple[str, str, str]:
    """Hold a readable hand-in against the rules for attempts."""
    earlier = connection.execute(
        sa.select(attempts.c.attempt_id, attempts.c.content_hash, attempts.c.submitted_at)
        .where(attempts.c.person_id == person, attempts.c.module_id == answers.module, attempts.c.state == "accepted")
        .order_by(attempts.c.number)
    ).all()
    if _hash(answers, person) in {row.content_hash for row in earlier}:
        return "duplicate", "", "Bài này đã được nhận trước đó; không tính thêm lượt."
    limit = policy.limit + decisions.opened(connection, answers.module, person)
    if len(earlier) >= limit:
        return "refused", "E-ATT-LIMIT", f"Anh/chị đã dùng hết {limit} lượt của học phần này."
    if not earlier:
        return "accepted", "", ""
    again = datetime.fromisoformat(earlier[-1].submitted_at) + timedelta(hours=policy.wait_hours)
    if received < again:
        return "refused", "E-ATT-WAIT", f"Hai lượt phải cách nhau {policy.wait_hours} giờ; anh/chị nộp lại được từ {_local(again)}."
    if answers.module in policy.marked_modules and _awaits_marker(connection, earlier[-1].attempt_id):
        return "refused", "E-ATT-MARK", "Lượt trước đang chờ chấm tay; anh/chị nộp lại được sau khi có điểm."
    return "accepted", "", ""


def _local(instant: datetime) -> str:
    return instant.astimezone(ZONE).strftime("%H:%M ngày %d/%m/%Y")


def _awaits_marker(connection: Connection, attempt_id: str) -> bool:
    state = connection.execute(
        sa.select(results.c.state).where(results.c.attempt_id == attempt_id).order_by(results.c.seq.desc()).limit(1)
    ).scalar()
    return state in {None, "pending_manual"}


def _hash(answers: AnswerSet, person: str) -> str:
    """Return the content hash with the person as we know it, so that a claimed spelling makes no difference."""
    return AnswerSet(answers.module, answers.answers, person=person).content_hash()


def _write(  # one row has many columns
    workspace: Workspace,
    connection: Connection,
    hand_in: HandIn,
    answers: AnswerSet | None,
    said: tuple[str, str, str, str, str],
    identity: str,
    *,
    simulated: bool,
) -> Taken:
    """Keep the files as received and enter the row; the folder is complete before the row is committed."""
    person, module, state, code, reason = said
    if person:
        mine = (attempts.c.person_id == person) & (attempts.c.module_id == module)
        number = connection.execute(sa.select(sa.func.count()).select_from(attempts).where(mine)).scalar_one() + 1
        attempt_id = f"{person}.{module}.{number}"
        folder = workspace.attempt(person, module, str(number))
    else:
        attempt_id = "set-aside." + hashlib.sha256(hand_in.source.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        number = 0
        folder = workspace.set_aside() / attempt_id
    _keep(folder, hand_in, state, reason)
    row: dict[str, Any] = {
        "attempt_id": attempt_id,
        "person_id": person,
        "module_id": module[:16],
        "number": number,
        "received_from": hand_in.source,
        "submitted_at": hand_in.received_at.astimezone(UTC).isoformat(timespec="seconds"),
        "claimed_at": hand_in.claimed_at[:64],
        "content_hash": _hash(answers, person) if answers else "",
        "answers": json.dumps(answers.to_json()["answers"], ensure_ascii=False) if answers else "",
        "identity": identity,
        "state": state,
        "code": code,
        "reason": reason,
        "simulated": simulated,
    }
    if state == "accepted" and answers:
        write_submitted(workspace, AnswerSet(module, answers.answers, answers.course, answers.release, person, number), row["submitted_at"])
    database.insert_many(connection, attempts, [row])
    return Taken(hand_in.source, attempt_id, person, module, state, code, reason, answers.warnings if answers else ())


def write_submitted(workspace: Workspace, answers: AnswerSet, submitted_at: str) -> None:
    """Write ``submitted/<person>/<module>``: the released notebook with the answers in it, so that nothing of the learner's runs."""
    released = workspace.release(answers.module)
    folder = workspace.submitted(answers.person, answers.module)
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    master = json.loads((released / f"{answers.module}.ipynb").read_bytes())
    (fresh / f"{answers.module}.ipynb").write_bytes(json.dumps(embed(master, answers), ensure_ascii=False, indent=1).encode())
    (fresh / ANSWERS).write_bytes(json.dumps(answers.to_json(), ensure_ascii=False, indent=1).encode())
    moment = datetime.fromisoformat(submitted_at).astimezone(UTC)
    (fresh / "timestamp.txt").write_text(f"{moment:%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _keep(folder: Path, hand_in: HandIn, state: str, reason: str) -> None:
    """Write the hand-in's files into ``folder``; a folder left by a killed run is replaced."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, content in hand_in.files.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    note = {"source": hand_in.source, "received_at": hand_in.received_at.isoformat(), "state": state, "reason": reason}
    (fresh / "tiep-nhan.json").write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    fresh.rename(folder)
