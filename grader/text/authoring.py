"""Turns the item fences of a lesson or exercise into keyed items and public items.

Every mistake becomes a finding with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from course.words import Text, _
from grader.ground import strict_yaml
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Body, Head, Model
from grader.itemtypes.shared.media import Medium
from grader.itemtypes.shared.mistake import Mistake
from grader.text import fences, myst

_UNKNOWN = _("xem docs/items.md")
_WANTED = {
    "int": _("cần một số nguyên"),
    "decimal": _("cần một số, dấu chấm trước phần lẻ"),
    "float": _("cần một số, dấu chấm trước phần lẻ"),
    "bool": _("cần true hoặc false"),
    "literal": _("cần một trong {expected}"),
    "greater_than": _("cần ít nhất {least}"),
    "less_than": _("nhiều nhất {least}"),
    "too_short": _("cần ít nhất {least} phần tử"),
    "too_long": _("nhiều nhất {least} phần tử"),
    "missing": _("còn thiếu phần tử"),
    "string_pattern": _("không đúng dạng của mã hay tên tệp này"),
    "string_too_short": _("còn trống"),
    "string_type": _("cần một đoạn chữ"),
    "tuple": _("cần một danh sách"),
    "list": _("cần một danh sách"),
    "dict": _("cần các cặp «khóa: giá trị»"),
    "model": _("cần các cặp «khóa: giá trị»"),
}
"""Beginning of pydantic's error type → what is wanted."""
_M = TypeVar("_M", bound=Model)
_ITEM_ID = re.compile(r"^(?P<module>[A-Z][A-Z0-9]{1,3})-[A-Z]\d{1,2}$")
_HEAD_FIELDS = frozenset(Head.model_fields)
_MESSAGES = {
    "missing": ("E-ITEM-1", _("thiếu trường này; xem docs/items.md.")),
    "extra_forbidden": ("E-ITEM-2", _("trường không có trong loại câu này; sửa tên hoặc bỏ.")),
}


@dataclass(frozen=True, slots=True)
class AuthoredItem:
    """One valid item: ``keyed`` goes to ``keys/`` (or ``practice.json``), ``public`` to ``items.json``.

    ``head`` is for ``check``.
    """

    id: str
    line: int
    head: Head
    bodies: tuple[Body, ...]
    keyed: dict[str, Any]
    public: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Authored:
    """A lesson or exercise: the document, its valid items in order, what is wrong, and its ``{media}`` fences."""

    document: myst.Document
    items: tuple[AuthoredItem, ...]
    findings: tuple[Finding, ...]
    media: tuple[tuple[myst.Block, Medium], ...] = ()

    @property
    def module(self) -> str:
        """Return the module's id as the front matter gives it."""
        return str(self.document.front.get("module", ""))


def read(path: Path) -> Authored:
    """Read one lesson or exercise file with all its items.

    Raises:
        ModuongError: when the file itself cannot be read (``E-FILE-1``, ``E-FILE-2``, ``E-YAML-1``).
    """
    document = myst.read(path)
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
            item, wrong = _item(path, block)
            findings.extend(wrong)
            if item:
                items.append(item)
    return Authored(document, tuple(items), tuple(findings), tuple(shown))


def _medium(path: Path, block: myst.Block) -> tuple[Medium | None, list[Finding]]:
    """Read a lesson's ``{media}`` fence: its file, description, source and what else is known of it."""
    try:
        data, lines = strict_yaml.load_yaml(block.text)
    except strict_yaml.YamlMistake as error:
        return None, [Finding("E-YAML-1", str(path), block.line + error.line - 1, "", block.name, error.said)]
    try:
        return Medium.model_validate({"file": block.name, **(data if isinstance(data, dict) else {})}), []
    except ValidationError as error:
        placed = (_placed(details, lines, ()) for details in error.errors())
        return None, [
            Finding(code, str(path), block.line + line - 1, "", field, said) for code, line, field, said in placed
        ]


def _item(path: Path, block: myst.Block) -> tuple[AuthoredItem | None, list[Finding]]:
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
        known = ", ".join(TYPES)
        line = lines.get(("type",), 1)
        return None, [
            finding("E-ITEM-4", line, "type", _("không có loại «{kind}»; có: {known}.", kind=kind, known=known))
        ]
    return _bodies(block, kind, data, lines, finding)


def _bodies(
    block: myst.Block, kind: str, data: Mapping[str, Any], lines: strict_yaml.Lines, finding: Callable[..., Finding]
) -> tuple[AuthoredItem | None, list[Finding]]:
    """Validate the head of an item and each of its bodies by the models of its type."""
    findings: list[Finding] = []

    def build(model: type[_M], fields: Mapping[str, Any], prefix: tuple[str | int, ...] = ()) -> _M | None:
        try:
            return model.model_validate(fields)
        except ValidationError as error:
            findings.extend(finding(*_placed(details, lines, prefix)) for details in error.errors())
            return None

    variants = data.get("variants", [])
    head = build(Head, {k: v for k, v in data.items() if k in _HEAD_FIELDS})
    base = {k: v for k, v in data.items() if k not in _HEAD_FIELDS and k != "variants"}
    bodies = [build(TYPES[kind].model, base)]
    if not isinstance(variants, list) or not all(isinstance(v, dict) for v in variants):
        said = _("phải là một danh sách các thân câu.")
        findings.append(finding("E-ITEM-3", _line(lines, ("variants",)), "variants", said))
        variants = []
    bodies += [build(TYPES[kind].model, {**base, **variant}, ("variants", n)) for n, variant in enumerate(variants)]
    valid = [b for b in bodies if b is not None]
    if head is None or len(valid) < len(bodies):
        return None, findings
    findings += [finding("E-ITEM-6", 1, "points", said) for said in _point_mistakes(head, valid)]
    if findings:
        return None, findings
    return _authored(block, head, tuple(valid)), []


def _placed(
    details: ErrorDetails, lines: strict_yaml.Lines, prefix: tuple[str | int, ...]
) -> tuple[str, int, str, str]:
    """Return code, line, field and sentence for one pydantic error in the part of an item at ``prefix``."""
    code, field, said = _describe(details)
    place = tuple(int(p) if p.isdigit() else p for p in field.split(".") if p)
    line = _line(lines, (*prefix, *place)) or _line(lines, place)
    return code, line, ".".join((*map(str, prefix), *map(str, place))), said


def _line(lines: strict_yaml.Lines, path: tuple[str | int, ...]) -> int:
    """Return the line of the longest known beginning of ``path``."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _describe(details: ErrorDetails) -> tuple[str, str, str]:
    """Return code, field and sentence for one pydantic error."""
    field = ".".join(str(part) for part in details["loc"])
    cause = details.get("ctx", {}).get("error")
    if isinstance(cause, Mistake):
        return cause.code, ".".join(part for part in (field, cause.field) if part), cause.said
    if details["type"] in _MESSAGES:
        code, said = _MESSAGES[details["type"]]
        return code, field, said
    shown = str(details["input"])[:60]
    wanted = next((said for start, said in _WANTED.items() if details["type"].startswith(start)), _UNKNOWN)
    bounds = {k: v for k, v in details.get("ctx", {}).items() if isinstance(v, int | float | str | Decimal)}
    wanted = (
        Text(wanted.template, {"expected": "", "least": "", **_bounds(bounds)}) if "{" in wanted.template else wanted
    )
    return ("E-ITEM-3", field, _("giá trị «{shown}» không hợp lệ: {wanted}.", shown=shown, wanted=wanted))


def _bounds(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits that pydantic names in many ways, under two names."""
    limits = [context[k] for k in ("ge", "gt", "le", "lt", "min_length", "max_length") if k in context]
    return {"least": limits[0] if limits else "", "expected": context.get("expected", "")}


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


def _authored(block: myst.Block, head: Head, bodies: tuple[Body, ...]) -> AuthoredItem:
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
    return AuthoredItem(block.name, block.line - 1, head, bodies, keyed, public)
