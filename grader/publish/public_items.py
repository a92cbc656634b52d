"""What ``items.json`` may hold: models that know only public fields. A release must pass them byte for byte."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Public


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
    language: str | None = None
    variants: list[dict[str, Any]]

    @model_validator(mode="after")
    def _bodies(self) -> PublicItem:
        """Hold every body to what its type may show."""
        if self.type not in TYPES:
            message = f"there is no type '{self.type}'"
            raise ValueError(message)
        for body in self.variants:
            TYPES[self.type].public.model_validate(body)
        return self


class PublicItems(Public):
    """The whole of ``items.json``."""

    schema_: int = Field(alias="schema")
    course: str
    module: str
    title: str
    language: str | None = None
    draw: int
    files: dict[str, str] | None = None
    items: list[PublicItem]
