"""What ``moduong roster import`` says: questions with proposals, changes with their effect, what is to be done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from course.words import _, into
from grader.commands.console import say
from grader.ground.clock import clock

if TYPE_CHECKING:
    from grader.completion.effect import Effect
    from grader.ground.syllabus import Syllabus
    from grader.roster.door.asked import Question
    from grader.roster.door.taking import Draft

_OPTIONS_SHOWN = 6


def write_rejects(made: Draft, path: Path | None, reports: Path | None, lang: str) -> Path | None:
    """Write the rejected rows to the file that was asked for, of many to one among the reports; return it."""
    from grader.roster import words

    rejected = [made.place(finding) for finding in made.merged.roster.rejected]
    if path is None and reports is not None and len(rejected) > words.SHOWN:
        path = reports / "roster-rejects.csv"
    if path is not None:
        words.write_rejects(path, rejected, lang)
    return path


def changes(rules: Syllabus, made: Draft, effects: Sequence[Effect], lang: str) -> None:
    """Say what changes, what that does to the targets, and what is to be done about the findings."""
    from grader.roster import words

    for line in words.lines(made.shown(), made.tables, lang, made.place):
        typer.echo(line)
    for effect in effects:
        typer.echo(effect.said())
    for line in _tasks(rules, made, lang):
        typer.echo(line)


def _tasks(rules: Syllabus, made: Draft, lang: str) -> Iterable[str]:
    """Return what is to be done about the findings of a draft, and about posts that cannot all be true today."""
    from grader.roster import lineage, occupancy, todo

    roster, day = made.merged.roster, clock()[0].astimezone(rules.course.zone).date()
    structure = lineage.on(roster.units, day, rules.offices)
    states = occupancy.states(occupancy.in_force(roster, day), roster.units, structure, day)
    return todo.lines(todo.tasks([*roster.rejected, *roster.warnings], states), lang)


def effect_json(effects: Sequence[Effect]) -> dict[str, Any]:
    """Return the effect on each target as plain JSON."""
    rates = {
        one.target: {"before": one.before.to_json() if one.before else None, "after": one.after.to_json()}
        for one in effects
    }
    return {"effect": rates}


def stop(made: Draft, folder: Path, lang: str, *, dry_run: bool, as_json: bool) -> None:
    """Show the questions, write the proposals for a person to look at, and stop.

    Raises:
        ModuongError: ``E-DOOR-1`` always.
    """
    from grader.roster.door import profile as profiles
    from grader.roster.door import taking

    if as_json:
        typer.echo(
            json.dumps(
                {"source": made.source, "saved": False, "questions": [_asked(q) for q in made.questions]},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for question in made.questions:
            _show(question, lang)
        for finding in map(made.place, made.merged.roster.warnings):
            if finding.code == "ROS-W20":
                typer.echo(f"{finding.file}: {finding.code} {finding.message(lang)}")
    if made.losses.many:
        say(
            lang,
            _(
                "Nạp như đang đọc sẽ kết thúc hoặc gỡ bỏ {total} dòng ({lost}).",
                total=made.losses.total,
                lost=made.losses.said(),
            ),
        )
    if not dry_run:
        path = folder / profiles.PROPOSED
        if profiles.propose(path, made.questions, made.answers, lang):
            say(
                lang,
                _(
                    "{path} có từ trước: câu trả lời còn dùng được thì giữ; bản cũ ở {before}.",
                    path=path,
                    before=path.with_name(profiles.BEFORE),
                ),
            )
        say(lang, _("Đề xuất đã ghi vào {path}. Hãy đọc và sửa, rồi chạy lại với --profile {path}", path=path))
    raise taking.open_questions(made.source, made.questions)


def _show(question: Question, lang: str) -> None:
    typer.echo(f"? {into(question.said, lang)}")
    likely = next((one for one in question.options if one.value == question.proposal), None)
    if likely:
        typer.echo(f"    → {into(likely.said, lang)}")
    else:
        for one in question.options[:_OPTIONS_SHOWN]:
            typer.echo(f"    {one.value} = {into(one.said, lang)}")


def _asked(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "question": question.said,
        "options": {one.value: one.said for one in question.options},
        "proposal": question.proposal,
        "rows": question.rows,
    }


def end(lang: str, made: Draft, rejects: Path | None, *, dry_run: bool, saved: bool) -> None:
    """Say what came of it: nothing was written, how large the roster is now, where the rejected rows are."""
    from grader.roster.words import SHOWN

    found = made.merged.roster
    if rejects:
        say(lang, _("Mọi dòng bị loại ({count}): {rejects}", count=len(found.rejected), rejects=rejects))
    elif len(found.rejected) > SHOWN:
        say(lang, _("Ghi mọi dòng bị loại ra tệp: --rejects TỆP.csv"))
    said = _(
        "{units} đơn vị, {people} người, {posts} chức vụ",
        units=len(found.units),
        people=len(found.people),
        posts=len(found.posts),
    )
    if dry_run:
        say(lang, _("Chạy thử: chưa ghi gì. Nếu nạp, danh sách sẽ có {said}.", said=said))
        if made.losses.many:
            say(
                lang,
                _(
                    "Lần nạp này kết thúc hoặc gỡ bỏ {total} dòng ({lost}); khi nạp cần --losses {total}.",
                    total=made.losses.total,
                    lost=made.losses.said(),
                ),
            )
    elif saved:
        say(lang, _("Đã nạp: danh sách có {said}.", said=said))
    else:
        say(lang, _("Không có gì thay đổi: danh sách có {said}.", said=said))
