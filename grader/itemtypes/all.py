"""The closed set of item types: what an author writes in an ``{item}`` fence, one model per type."""

from __future__ import annotations

from collections.abc import Mapping

from grader.itemtypes.base import Body
from grader.itemtypes.choices import Match, Multiple, Order, Single
from grader.itemtypes.entries import Number, ShortText, Table
from grader.itemtypes.writing import Code, Essay, Post

TYPES: Mapping[str, type[Body]] = {
    "single": Single,
    "multiple": Multiple,
    "match": Match,
    "order": Order,
    "number": Number,
    "text": ShortText,
    "post": Post,
    "essay": Essay,
    "table": Table,
    "code": Code,
}
