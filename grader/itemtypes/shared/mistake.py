"""A mistake of the author that only a model can see."""

from __future__ import annotations


class Mistake(ValueError):
    """A mistake of the author that only this model can see; becomes a ``Finding``."""

    def __init__(self, code: str, field: str, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.field = field
        self.said = said
