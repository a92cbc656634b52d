"""Rows that name a person, and the people that are stored, made ready for telling who is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grader.roster.match import names
from grader.roster.records import OPEN, Person, Post, Roster


class Mention(NamedTuple):
    """A row that names a person.

    Attributes:
        line: of the row.
        person_id: as written; may be empty.
        name: cleaned; may be empty where there is an id.
        birth: as ``days.birth``.
        unit_id: where the row puts the person; empty in a list of people alone.
        post: the post there, or empty.
        again: the name is that of the mention before, in one merged cell.
    """

    line: int
    person_id: str
    name: str
    birth: str
    unit_id: str
    post: str
    again: bool


@dataclass(frozen=True)
class Stored:
    """The people that are stored, made ready for looking up."""

    people: Mapping[str, Person]
    by_name: Mapping[str, Sequence[str]]
    posts: Mapping[str, Sequence[Post]]
    births: Mapping[str, str]

    @classmethod
    def of(cls, roster: Roster | None, births: Mapping[str, str]) -> Stored:
        """Return the stored people of a roster; merged ids are left out."""
        people = {person.person_id: person for person in (roster.people if roster else ()) if not person.same_as}
        by_name: defaultdict[str, list[str]] = defaultdict(list)
        for person in people.values():
            by_name[names.key(person.full_name)].append(person.person_id)
        posts: defaultdict[str, list[Post]] = defaultdict(list)
        for post in roster.posts if roster else ():
            posts[post.person_id].append(post)
        return cls(people, dict(by_name), dict(posts), births)

    def said(self, person_id: str, units: Mapping[str, str]) -> str:
        """Return how a person is shown to somebody who must tell people apart: name, id, open posts."""
        open_posts = [post for post in self.posts.get(person_id, ()) if post.end == OPEN]
        where = ", ".join(units.get(post.unit_id, post.unit_id) for post in open_posts[:2])
        known = self.people.get(person_id)
        return f"{known.full_name} ({person_id}{', ' + where if where else ''})" if known else person_id
