"""Turns the item fences of a lesson or exercise into keyed items and public items.

Every mistake becomes a finding with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from course.words import _
from grader.ground import strict_yaml
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Body, Head, Model
from grader.itemtypes.shared.media import Medium
from grader.text import fences, ids, ids_given, invalid, myst

_M = TypeVar("_M", bound=Model)
_ITEM_ID = re.compile(r"^(?P<module>[A-Z][A-Z0-9]{1,3})-[A-Z]\d{1,2}$")
_HEAD_FIELDS = frozenset(Head.model_fields)


@dataclass(frozen=True, slots=True)
class AuthoredItem:
    """One valid item: ``keyed`` goes to ``keys/`` (or ``practice.json``), ``public`` to ``items.json``.

    ``head`` is for ``check``, ``ids`` says which id each text of its bodies has.
    """

    id: str
    line: int
    head: Head
    bodies: tuple[Body, ...]
    keyed: dict[str, Any]
    public: dict[str, Any]
    ids: tuple[ids.BodyIds, ...]


@dataclass(frozen=True, slots=True)
class Authored:
    """A lesson or exercise as it was read.

    The document, its valid items in order, what is wrong, the ids as they were, and its ``{media}`` fences.
    """

    document: myst.Document
    items: tuple[AuthoredItem, ...]
    findings: tuple[Finding, ...]
    known: ids.Ids
    media: tuple[tuple[myst.Block, Medium], ...] = ()

    def ids(self) -> ids.Ids:
        """Return the ids as they are now; those of an item that is gone stay, for it may come back."""
        return ids.Ids({**self.known.items, **{item.id: item.ids for item in self.items}}, self.known.there)

    @property
    def ids_file(self) -> Path:
        """Return where the ids of this text stand."""
        return self.document.path.with_name(ids.FILE)

    @property
    def module(self) -> str:
        """Return the module's id as the front matter gives it."""
        return str(self.document.front.get("module", ""))


def read(path: Path) -> Authored:
    """Read one lesson or exercise file with all its items.

    Raises:
        ModuongError: when the file itself cannot be read (``E-FILE-1``, ``E-FILE-2``, ``E-YAML-1``), or the ids
            beside it (``E-ID-3``).
    """
    document = myst.read(path)
    known = ids.load(path.with_name(ids.FILE))
    items: list[AuthoredItem] = []
    findings: list[Finding] = list(fences.findings(document))
    seen: dict[str, int] = {}
    shown: list[tuple[myst.Block, Medium]] = []
    for block in document.blocks:
        if block.kind == "media":
            medium, wrong = _medium(path, block)
            findings.extend(wrong)
            shown += [(block, medium)] if medium else []
        if block.kind != "item":
            continue
        match = _ITEM_ID.match(block.name)
        module = str(document.front.get("module", ""))
        if not match or match["module"] != module:
            said = _("mã câu phải có dạng {module}-Q01, theo module ở đầu tệp.", module=module or "M02")
            findings.append(Finding("E-ITEM-9", str(path), block.line - 1, block.name, "", said))
        elif block.name in seen:
            said = _("mã câu đã dùng ở dòng {seen}.", seen=seen[block.name])
            findings.append(Finding("E-ITEM-7", str(path), block.line - 1, block.name, "", said))
        else:
            seen[block.name] = block.line - 1
            item, wrong = _item(path, block, known.items.get(block.name, ()))
            findings.extend(wrong)
            if item:
                items.append(item)
    return Authored(document, tuple(items), tuple(findings), known, tuple(shown))


def _medium(path: Path, block: myst.Block) -> tuple[Medium | None, list[Finding]]:
    """Read a lesson's ``{media}`` fence: its file, description, source and what else is known of it."""
    try:
        data, lines = strict_yaml.load_yaml(block.text)
    except strict_yaml.YamlMistake as error:
        return None, [Finding("E-YAML-1", str(path), block.line + error.line - 1, "", block.name, error.said)]
    try:
        return Medium.model_validate({"file": block.name, **(data if isinstance(data, dict) else {})}), []
    except ValidationError as error:
        placed = (invalid.placed(details, lines, ()) for details in error.errors())
        return None, [
            Finding(code, str(path), block.line + line - 1, "", field, said) for code, line, field, said in placed
        ]


def _item(path: Path, block: myst.Block, known: Sequence[ids.BodyIds]) -> tuple[AuthoredItem | None, list[Finding]]:
    """Validate one fence; return the item, or what is wrong."""

    def finding(code: str, line: int, field: str, said: str) -> Finding:
        return Finding(code, str(path), block.line + line - 1, block.name, field, said)

    if curved := fences.curved_quote(block.text):
        said = _('giá trị nằm trong ngoặc cong “ ”, nên ngoặc thành một phần của chữ; YAML cần ngoặc thẳng ".')
        return None, [finding("E-YAML-2", curved, "", said)]
    try:
        data, lines = strict_yaml.load_yaml(block.text)
    except strict_yaml.YamlMistake as error:
        return None, [] if fences.open_end(block) else [finding("E-YAML-1", error.line, "", error.said)]
    if not isinstance(data, dict):
        return None, [finding("E-YAML-1", 1, "", _("nội dung câu phải là các cặp «khóa: giá trị»."))]
    kind = data.get("type", "")
    if not isinstance(kind, str) or kind not in TYPES:
        listed = ", ".join(TYPES)
        line = lines.get(("type",), 1)
        return None, [
            finding("E-ITEM-4", line, "type", _("không có loại «{kind}»; có: {known}.", kind=kind, known=listed))
        ]
    given, wrong = _with_ids(kind, data, known)
    if wrong:
        return None, [
            finding(w.code, invalid.line_of(lines, w.place), ".".join(map(str, w.place)), w.said) for w in wrong
        ]
    return _bodies(block, kind, data, given, lines, finding)


def _with_ids(
    kind: str, data: Mapping[str, Any], known: Sequence[ids.BodyIds]
) -> tuple[list[ids_given.Given], list[ids_given.Wrong]]:
    """Return every body of an item with the ids of its entries, and what is wrong with them, placed in the item."""
    base = {k: v for k, v in data.items() if k not in _HEAD_FIELDS and k != "variants"}
    variants = data.get("variants", [])
    if not isinstance(variants, list) or not all(isinstance(v, dict) for v in variants):
        variants = []
    bodies = [base, *({**base, **variant} for variant in variants)]
    lists = TYPES[kind].lists
    given = [
        ids_given.give(body, lists, before)
        for body, before in zip(bodies, ids_given.matched(bodies, lists, known), strict=True)
    ]
    wrong = list(given[0].wrong)
    for n, (one, variant) in enumerate(zip(given[1:], variants, strict=True)):
        wrong += [replace(w, place=("variants", n, *w.place)) for w in one.wrong if w.place[0] in variant]
        wrong += [w for w in one.wrong if w.place[0] not in variant and w not in wrong]
    return given, wrong


def _bodies(
    block: myst.Block,
    kind: str,
    data: Mapping[str, Any],
    given: Sequence[ids_given.Given],
    lines: strict_yaml.Lines,
    finding: Callable[..., Finding],
) -> tuple[AuthoredItem | None, list[Finding]]:
    """Validate the head of an item and each of its bodies by the models of its type."""
    findings: list[Finding] = []

    def build(model: type[_M], fields: Mapping[str, Any], prefix: tuple[str | int, ...] = ()) -> _M | None:
        try:
            return model.model_validate(fields)
        except ValidationError as error:
            findings.extend(finding(*invalid.placed(details, lines, prefix)) for details in error.errors())
            return None

    variants = data.get("variants", [])
    head = build(Head, {k: v for k, v in data.items() if k in _HEAD_FIELDS})
    if not isinstance(variants, list) or not all(isinstance(v, dict) for v in variants):
        said = _("phải là một danh sách các thân câu.")
        findings.append(finding("E-ITEM-3", invalid.line_of(lines, ("variants",)), "variants", said))
    places: list[tuple[str | int, ...]] = [(), *(("variants", n) for n in range(len(given) - 1))]
    bodies = [build(TYPES[kind].model, one.fields, place) for one, place in zip(given, places, strict=True)]
    valid = [b for b in bodies if b is not None]
    if head is None or len(valid) < len(bodies):
        return None, findings
    findings += [finding("E-ITEM-6", 1, "points", said) for said in _point_mistakes(head, valid)]
    if findings:
        return None, findings
    return _authored(block, head, tuple(valid), tuple(one.lists for one in given)), []


def _point_mistakes(head: Head, bodies: list[Body]) -> list[str]:
    """Points must be there for graded items only, and the parts' points must add up to them."""
    if head.practice:
        return [_("câu tự luyện không có điểm (points).")] if head.points else []
    if head.points is None:
        return [_("thiếu điểm (points) của câu.")]
    mistakes: list[str] = []
    for number, body in enumerate(bodies):
        total = body.total()
        if total is not None and total != head.points:
            where = _("mẫu {number}: ", number=number) if number else ""
            said = _(
                "{where}điểm các phần cộng lại là {total}, câu ghi {points}.",
                where=where,
                total=total,
                points=head.points,
            )
            mistakes.append(said)
    for name in ("critical", "component_min"):
        least: Decimal | None = getattr(head, name)
        if least is not None and least > head.points:
            mistakes.append(_("{name} {least} lớn hơn điểm của câu.", name=name, least=least))
    return mistakes


def _authored(block: myst.Block, head: Head, bodies: tuple[Body, ...], given: tuple[ids.BodyIds, ...]) -> AuthoredItem:
    points = head.points or bodies[0].total() or Decimal(1)
    by_hand = bodies[0].by_hand()
    common = {
        "id": block.name,
        "type": head.type,
        "points": str(points),
        "automatic": None if by_hand == points else str(points - by_hand),
        "manual": str(by_hand) if by_hand else None,
    }
    keyed = {
        **common,
        "critical": str(head.critical) if head.critical else None,
        "component_min": str(head.component_min) if head.component_min else None,
        "withdrawn": head.withdrawn,
        "outcome": head.outcome,
        "level": head.level,
        "scenario": head.scenario,
        "simulated": head.simulated,
        "variants": [body.keyed() for body in bodies],
    }
    public = {
        **common,
        "critical": head.critical is not None,
        "withdrawn": head.withdrawn,
        "simulated": head.simulated,
        "variants": [body.public() for body in bodies],
    }
    return AuthoredItem(block.name, block.line - 1, head, bodies, keyed, public, given)
