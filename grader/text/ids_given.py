"""Gives every entry of a body its id: the one its text had, the one its author wrote, or a fresh one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.words import _
from grader.itemtypes.shared.listed import Listed
from grader.text.ids import BodyIds, Known, same

NEW = "new"
"""What an author writes in place of an id for a text that means something new."""
_SHOWN = 40
Mistakes = list[tuple[int, str, str]]
"""Place of an entry in its list, code, sentence."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an entry's id: a code, the place in the body, and the sentence."""

    code: str
    place: tuple[str | int, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Given:
    """A body whose entries have their ids: its fields, its lists as they are now, and what is wrong."""

    fields: dict[str, Any]
    lists: BodyIds
    wrong: tuple[Wrong, ...]


def matched(bodies: Sequence[Mapping[str, Any]], lists: Sequence[Listed], known: Sequence[BodyIds]) -> list[BodyIds]:
    """Return for every body what is known of it: where it stood, unless its texts are now another one's."""
    said = [{same(t) for one in lists for t in _texts(body, one)} for body in bodies]
    stored = [{text for one in body.values() for text in one.texts.values()} for body in known]
    found: dict[int, int] = {}
    pairs = [(len(a & b), m == n, -n, n, m) for n, a in enumerate(said) for m, b in enumerate(stored) if a & b]
    for _size, _same_place, _first, n, m in sorted(pairs, reverse=True):
        if n not in found and m not in found.values():
            found[n] = m
    for n in range(len(bodies)):
        if n not in found and n < len(known) and n not in found.values():
            found[n] = n
    return [known[found[n]] if n in found else {} for n in range(len(bodies))]


def _texts(body: Mapping[str, Any], listed: Listed) -> list[str]:
    outer = _entries(body.get(listed.inside)) if listed.inside else [body]
    entries = [entry for one in outer for entry in _entries(one.get(listed.field))]
    return [entry[listed.text] for entry in entries if isinstance(entry.get(listed.text), str)]


def _entries(value: object) -> list[dict[str, Any]]:
    """Return the entries of a list; nothing for what is no list of entries (its model says so)."""
    return list(value) if isinstance(value, list) and all(isinstance(entry, dict) for entry in value) else []


def give(body: Mapping[str, Any], lists: Sequence[Listed], known: BodyIds) -> Given:
    """Give every entry of a body its id.

    Args:
        body: the fields as the author wrote them.
        lists: of its type.
        known: the lists as they were; a list that is not among them goes by place.
    """
    fields = dict(body)
    now: dict[str, Known] = {}
    wrong: list[Wrong] = []
    for listed in lists:
        if listed.inside:
            outer = [dict(entry) for entry in _entries(fields.get(listed.inside))]
            for n, entry in enumerate(outer):
                name = f"{listed.field}.{entry.get('id') or n + 1}"
                _list(listed, entry, name, (listed.inside, n), known, now, wrong)
            if outer:
                fields[listed.inside] = outer
        else:
            _list(listed, fields, listed.field, (), known, now, wrong)
    return Given(fields, now, tuple(wrong))


def _list(
    listed: Listed,
    holder: dict[str, Any],
    name: str,
    place: tuple[str | int, ...],
    known: BodyIds,
    now: dict[str, Known],
    wrong: list[Wrong],
) -> None:
    """Give one list its ids, in ``holder``, and enter it in ``now``."""
    entries = _entries(holder.get(listed.field))
    if not entries or (listed.text and not all(isinstance(e.get(listed.text), str) for e in entries)):
        return
    given, mistakes = _by_place(entries, listed), Mistakes()
    if listed.text and name in known:
        given, mistakes = _Matching(entries, listed, known[name]).ids()
        mistakes = mistakes or _moved(entries, given, listed, holder)
    wrong += [Wrong(code, (*place, listed.field, n), said) for n, code, said in mistakes]
    if mistakes:
        return
    holder[listed.field] = [{**entry, "id": i} for entry, i in zip(entries, given, strict=True)]
    if listed.text:
        earlier = known.get(name, Known({}))
        gone = [*earlier.withdrawn, *(i for i in earlier.texts if i not in given)]
        texts = {i: same(entry[listed.text]) for i, entry in zip(given, entries, strict=True)}
        now[name] = Known(texts, tuple(gone))


def _by_place(entries: Sequence[Mapping[str, Any]], listed: Listed) -> list[str]:
    names = listed.in_turn()
    return [e["id"] if e.get("id", NEW) != NEW else name for e, name in zip(entries, names, strict=False)]


def _moved(
    entries: Sequence[Mapping[str, Any]], given: Sequence[str], listed: Listed, body: Mapping[str, Any]
) -> Mistakes:
    """An author who names entries by id must see the ids where they are not those of the places."""
    if not listed.named_by or not body.get(listed.named_by):
        return []
    return [
        (
            n,
            "E-ID-2",
            _(
                "«{text}» mang mã {id} (ids.yaml), không phải {place} theo chỗ đứng, mà {field} gọi theo mã: hãy ghi "
                "id: {id} ở đây rồi xem lại {field}.",
                text=entry[listed.text][:_SHOWN],
                id=name,
                place=place,
                field=listed.named_by,
            ),
        )
        for n, (entry, name, place) in enumerate(zip(entries, given, listed.in_turn(), strict=False))
        if name != place and "id" not in entry
    ]


class _Matching:
    """Finds the id of every entry of one list that is known."""

    def __init__(self, entries: Sequence[Mapping[str, Any]], listed: Listed, known: Known) -> None:
        self._entries = entries
        self._listed = listed
        self._known = known
        self._given: dict[int, str] = {}
        self._wrong: Mistakes = []

    def ids(self) -> tuple[list[str], Mistakes]:
        """Return the ids in order, and what is wrong: entry, code, sentence."""
        self._by_text()
        for n, entry in enumerate(self._entries):
            if n not in self._given and entry.get("id", NEW) != NEW:
                self._said(n, entry["id"])
        missing = [i for i in self._known.texts if i not in self._given.values()]
        for n, entry in enumerate(self._entries):
            if n in self._given or any(n == m for m, _code, _text in self._wrong):
                continue
            if missing and "id" not in entry:
                self._wrong.append((n, "E-ID-1", self._changed(entry, missing)))
            else:
                self._given[n] = self._free()
        return [self._given.get(n, "") for n in range(len(self._entries))], self._wrong

    def _by_text(self) -> None:
        """The same text keeps its id; of equal texts each keeps its own."""
        said = [(n, entry.get("id", NEW), same(entry[self._listed.text])) for n, entry in enumerate(self._entries)]
        for n, name, text in sorted(said, key=lambda one: one[1] == NEW):
            mine = [i for i, t in self._known.texts.items() if t == text and i not in self._given.values()]
            if not mine:
                continue
            if name in mine or name == NEW:
                self._given[n] = name if name in mine else mine[0]
            else:
                told = _(
                    "«{text}» có mã {id} từ trước; không ghi id: {other}.", text=text[:_SHOWN], id=mine[0], other=name
                )
                self._wrong.append((n, "E-ID-2", told))

    def _said(self, n: int, name: str) -> None:
        """Take the id that the author wrote for a text that is not known: reworded, or new under a name of his own."""
        if any(n == m for m, _code, _text in self._wrong):
            return
        if name in self._known.withdrawn:
            told = _("mã {id} đã thôi dùng và không được dùng lại; hãy ghi id: new.", id=name)
            self._wrong.append((n, "E-ID-2", told))
        elif name in self._given.values():
            told = _("mã {id} là của đoạn khác («{text}»).", id=name, text=self._known.texts.get(name, "")[:_SHOWN])
            self._wrong.append((n, "E-ID-2", told))
        else:
            self._given[n] = name

    def _changed(self, entry: Mapping[str, Any], missing: Sequence[str]) -> str:
        return _(
            "«{text}» chưa có mã. Nếu chỉ sửa lời của «{old}», hãy thêm id: {id}; nếu nay có nghĩa khác, hãy thêm "
            "id: new. Mã chưa thấy đoạn nào: {missing}.",
            text=entry[self._listed.text][:_SHOWN],
            old=self._known.texts[missing[0]][:_SHOWN],
            id=missing[0],
            missing=", ".join(missing),
        )

    def _free(self) -> str:
        taken = {*self._known.texts, *self._known.withdrawn, *self._given.values()}
        taken |= {str(entry["id"]) for entry in self._entries if "id" in entry}
        return next(name for name in self._listed.in_turn() if name not in taken)
