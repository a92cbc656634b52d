"""What is to be done about a stored roster, the posts that it is about, and how a post reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from course.vietnamese import visible
from course.words import _, into
from grader.completion import doubts
from grader.ground.offices import Offices
from grader.ground.syllabus import Syllabus
from grader.roster import lineage, occupancy, todo
from grader.roster.edit import Which
from grader.roster.occupancy import State
from grader.roster.records import OPEN, Post, Roster
from grader.roster.row_findings import RowFinding
from grader.roster.todo import Task

_MOST = 30


def tasks(roster: Roster, rules: Syllabus, day: date) -> tuple[Task, ...]:
    """Return what is to be done, most findings first, but for posts that cannot all be true."""
    structure = lineage.on(roster.units, day, rules.offices)
    held = dict.fromkeys(post.unit_id for post in roster.posts if post.end == OPEN)
    gone = [RowFinding("posts", 0, "ROS-W07", (unit,)) for unit in held if structure.standing(unit) is None]
    return todo.tasks([*roster.rejected, *roster.warnings, *doubts.dated(roster, structure, day, day), *gone])


def states(roster: Roster, rules: Syllabus, day: date) -> Sequence[State]:
    """Return the posts that cannot all be true on a day."""
    structure = lineage.on(roster.units, day, rules.offices)
    return occupancy.states(occupancy.in_force(roster, day), roster.units, structure, day)


def about(task: Task, roster: Roster, day: date) -> Sequence[Post]:
    """Return the posts that a task is about; none for one that is done in a file."""
    if task.code == "ROS-W09":
        return doubts.overdue(roster, day)
    if task.code == "ROS-W07":
        gone = {finding.said[0] for finding in task.findings}
        return [post for post in roster.posts if post.end == OPEN and post.unit_id in gone]
    return ()


def holding(text: str, roster: Roster) -> Sequence[Post]:
    """Return the posts of people whose name, id or unit holds a text."""
    key = visible(text).casefold()
    units = {unit.unit_id: unit.name for unit in roster.units}
    people = {person.person_id: person.full_name for person in roster.people}

    def named(post: Post) -> str:
        name, unit = people.get(post.person_id, ""), units.get(post.unit_id, "")
        return f"{name} {post.written_id} {unit} {post.unit_id}".casefold()

    return [post for post in roster.posts if key and key in named(post)]


def said(roster: Roster, posts: Sequence[Post], offices: Offices, lang: str) -> list[tuple[str, Which]]:
    """Return of the first posts how each reads, and which it is."""
    units = {unit.unit_id: unit.name for unit in roster.units}
    people = {person.person_id: person.full_name for person in roster.people}
    found = []
    for post in posts[:_MOST]:
        told = _(
            "{name} ({person}), {post}, {unit}, từ {start}",
            name=people.get(post.person_id, ""),
            person=post.written_id,
            post=offices.posts[post.post].word(lang),
            unit=units.get(post.unit_id, ""),
            start=f"{post.start:%d/%m/%Y}",
        )
        if post.end != OPEN:
            told = _("{post} đến {end}", post=told, end=f"{post.end:%d/%m/%Y}")
        found.append((into(told, lang), Which(post.written_id, post.unit_id, post.post, post.start)))
    return found
