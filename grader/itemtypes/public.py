"""What a cadre may see of an item: models that know only public fields. A release must pass them byte for byte."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Public(BaseModel):
    """Base: a field that is not named here must not be in a release."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Labelled(Public):
    """An option, a side of a pair, a step, a row or a column."""

    id: str
    text: str


class PublicPart(Public):
    """One number asked for."""

    id: str
    label: str
    unit: str
    points: str


class PublicCell(Public):
    """A cell of a table: given, or to be filled in."""

    given: str | None = None
    unit: str = ""
    points: str | None = None


class PublicBody(Public):
    """The union of all types' public fields; ``None`` where a type has no such field."""

    stem: str
    options: list[Labelled] | None = None
    left: list[Labelled] | None = None
    right: list[Labelled] | None = None
    steps: list[Labelled] | None = None
    parts: list[PublicPart] | None = None
    words: list[int] | None = None
    min_words: int | None = None
    criteria: list[str] | None = None
    columns: list[Labelled] | None = None
    rows: list[Labelled] | None = None
    cells: dict[str, PublicCell] | None = None
    data: list[str] | None = None
    given: str | None = None
    starter: str | None = None


class PublicItem(Public):
    """One item of ``items.json``."""

    id: str
    type: str
    points: str
    automatic: str | None
    manual: str | None
    critical: bool
    withdrawn: bool
    simulated: bool
    variants: list[PublicBody]


class PublicItems(Public):
    """The whole of ``items.json``."""

    schema_: int = Field(alias="schema")
    course: str
    module: str
    title: str
    language: str | None = None
    items: list[PublicItem]
