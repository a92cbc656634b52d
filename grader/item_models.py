"""The closed set of item types: what an author writes in an ``{item}`` fence, one model per type."""

from __future__ import annotations

from collections.abc import Mapping

from grader.item_base import Body
from grader.item_choices import Match, Multiple, Order, Single
from grader.item_entries import Number, ShortText, Table
from grader.item_writing import Code, Essay, Post

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
