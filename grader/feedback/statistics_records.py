"""The frozen values of item statistics, and what Q15 of docs/design.md §4.5 says about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grader.feedback import statistics_numbers as numbers


class Thresholds:
    """Q15 of docs/design.md §4.5.

    Ours are ``SHOWN`` (fewer attempts would show an answer with a name) and ``AGAINST`` (nearer to 0 r is chance).
    """

    ATTEMPTS = 50
    SHOWN = 5
    EASIEST, HARDEST = 0.90, 0.30
    ITEM_REST = 0.20
    AGAINST = -0.10
    DISTRACTOR = 0.05
    CHANCE = 0.05  # how often an option that just meets DISTRACTOR may be called unused by bad luck


@dataclass(frozen=True, slots=True)
class OptionUse:
    """How often an option was chosen: by ``count`` of ``people`` who answered this variant."""

    variant: int
    id: str
    text: str
    right: bool
    count: int
    people: int

    @property
    def share(self) -> float:
        """Return the share of people who chose it."""
        return self.count / self.people if self.people else 0.0

    @property
    def unused(self) -> bool:
        """Say whether it is a wrong option that hardly anybody chose, and not by the luck of few answers.

        The people of an item are spread over its variants: two of 56 is fewer than 5 %, and yet what an option of 5 %
        gets every other time. So the count must be below what such an option gets 95 times of 100.
        """
        if self.right or self.people < Thresholds.ATTEMPTS:
            return False
        return numbers.at_most(self.count, self.people, Thresholds.DISTRACTOR) <= Thresholds.CHANCE


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A wrong answer that many typed: ``count`` of the ``people`` who filled this part (``label``) of this variant."""

    variant: int
    label: str
    text: str
    count: int
    people: int


@dataclass(frozen=True, slots=True)
class VariantUse:
    """How one body of an item did: attempts with points, and the mean share of the points (``None`` below 5)."""

    variant: int
    scored: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Item:
    """One item of one key version.

    Attributes:
        id, type: of the item; the type is empty for an older key, of which only the scores are left.
        scored, blank, invalid, waiting: attempts with points, and those left blank, not gradable, awaiting a marker.
        p: difficulty, the mean share of the points; r: item-rest correlation; both ``None`` where they are not defined.
        options: use of the options, by variant; empty for types without options.
        variants: each body by itself; empty for an item with one body.
        wrong: wrong answers that many typed; empty for types in which nothing is typed.
    """

    id: str
    type: str
    scored: int
    blank: int
    invalid: int
    waiting: int
    p: float | None
    r: float | None
    options: tuple[OptionUse, ...]
    variants: tuple[VariantUse, ...] = ()
    wrong: tuple[WrongAnswer, ...] = ()

    @property
    def judged(self) -> bool:
        """Say whether there are attempts enough to judge it."""
        return self.scored >= Thresholds.ATTEMPTS

    @property
    def flags(self) -> tuple[str, ...]:
        """Return what Q15 finds.

        ``hard``, ``easy``, ``against`` (r of −0.10 or less), ``weak`` (r below 0.20, or none), ``unused``.
        """
        if not self.judged or self.p is None:
            return ()
        found = []
        if self.p < Thresholds.HARDEST:
            found.append("hard")
        if self.p > Thresholds.EASIEST:
            found.append("easy")
        if self.r is not None and self.r <= Thresholds.AGAINST:
            found.append("against")
        elif self.r is None or self.r < Thresholds.ITEM_REST:
            found.append("weak")
        if any(option.unused for option in self.options):
            found.append("unused")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Module:
    """One module with one key version; ``current``: the key in the workspace is this one."""

    module: str
    key_version: str
    current: bool
    attempts: int
    alpha: float | None
    items: tuple[Item, ...]

    @property
    def flagged(self) -> tuple[Item, ...]:
        """Return the items that Q15 finds."""
        return tuple(item for item in self.items if item.flags)


@dataclass(frozen=True, slots=True)
class Course:
    """All modules; alpha over the items of ``together`` for the ``people`` who did all of these modules."""

    modules: tuple[Module, ...]
    alpha: float | None
    people: int
    together: tuple[str, ...]
    simulated: bool
    computed_at: datetime
