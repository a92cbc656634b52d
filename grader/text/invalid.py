"""Says what pydantic found wrong in a text: code, line, field and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic_core import ErrorDetails

from course.words import Text, _
from grader.ground import strict_yaml
from grader.itemtypes.shared.mistake import Mistake

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
_MESSAGES = {
    "missing": ("E-ITEM-1", _("thiếu trường này; xem docs/items.md.")),
    "extra_forbidden": ("E-ITEM-2", _("trường không có trong loại câu này; sửa tên hoặc bỏ.")),
}


def placed(details: ErrorDetails, lines: strict_yaml.Lines, prefix: tuple[str | int, ...]) -> tuple[str, int, str, str]:
    """Return code, line, field and sentence for one pydantic error in the part of an item at ``prefix``."""
    code, field, said = _describe(details)
    place = tuple(int(p) if p.isdigit() else p for p in field.split(".") if p)
    line = line_of(lines, (*prefix, *place)) or line_of(lines, place)
    return code, line, ".".join((*map(str, prefix), *map(str, place))), said


def line_of(lines: strict_yaml.Lines, path: tuple[str | int, ...]) -> int:
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
