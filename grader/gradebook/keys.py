"""The keys of a module, one for each release: an answer is scored by the key of the questions that it answered.

A corrected key holds for earlier releases too, wherever the same question asks for the same ids; what a later text asks
otherwise says nothing about an earlier one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from grader.ground import lineage
from grader.ground.workspace import Workspace
from grader.text.ids import same

Key = Mapping[str, Any]
_RULES = ("withdrawn", "critical", "component_min")
"""What a corrected key says of an item as a whole."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a module.

    Attributes:
        newest: as it was built last.
        older: release → the key of an earlier one, corrected; what is not here has the newest.
        before: the release of attempts of which none is recorded.
    """

    newest: Key
    older: Mapping[str, Key] = field(default_factory=dict)
    before: str = ""

    def of(self, release: str) -> Key:
        """Return the key by which an answer to ``release`` is scored; empty: none was recorded."""
        return self.older.get(release or self.before, self.newest)


def read(workspace: Workspace, module: str, newest: Key) -> Keys:
    """Return the keys of a module, of which ``newest`` was read already."""
    current = lineage.built(workspace, module)
    older = {
        release: corrected(orjson.loads(path.read_bytes()), newest)
        for release, path in lineage.keys(workspace, module).items()
        if release != current
    }
    return Keys(newest, older, lineage.before(workspace, module))


def corrected(old: Key, new: Key) -> Key:
    """Return the ``old`` key with what the ``new`` one corrects of the same questions; ``old`` itself if nothing."""
    by_id = {item["id"]: item for item in new["items"]}
    data = dict(old.get("data", {}))
    items = [_item(item, by_id.get(item["id"]), data, new.get("data", {})) for item in old["items"]]
    if items == list(old["items"]) and data == old.get("data", {}):
        return old
    version = hashlib.sha256(orjson.dumps([items, data], option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    return {**old, "items": items, "data": data, "key_version": version}


def _item(old: Key, new: Key | None, data: dict[str, str], newer: Mapping[str, str]) -> Key:
    """Return one item of an earlier release; ``data`` takes the data sets that come with a corrected program."""
    from grader.itemtypes import TYPES  # a tenth of a second, which a module with one release need not wait for

    if new is None or new["type"] != old["type"] or old["type"] not in TYPES:
        return old
    of = TYPES[old["type"]]
    bodies = []
    for n, body in enumerate(old["variants"]):
        twin = _twin(n, body, new["variants"])
        files = list(twin.get("data") or ()) if twin else []
        if twin is None or any(name in data and data[name] != newer.get(name) for name in files[:1]):
            bodies.append(body)
            continue
        better = of.corrected(body, twin)
        if better != body:
            data |= {name: newer[name] for name in files if name in newer}
        bodies.append(better)
    rules = {name: new[name] for name in _RULES} if new["points"] == old["points"] else {}
    return {**old, **rules, "variants": bodies}


def _twin(place: int, body: Key, others: list[Key]) -> Key | None:
    """Return the body that asks the same now: where it stood, else the only one with its question."""
    alike = [other for other in others if same(other["stem"]) == same(body["stem"])]
    if place < len(others) and any(other is others[place] for other in alike):
        return others[place]
    return alike[0] if len(alike) == 1 else None
