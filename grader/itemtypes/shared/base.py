"""What every item type shares on the staff side: fields of any item, the author's mistakes, how ids are given."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.media import Medium, PublicMedium, unlisted
from grader.itemtypes.shared.mistake import Mistake

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = UPPER.lower()
DIGITS = "123456789"
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]*\.[a-z]{2,4}$")]
"""A file in the ``data`` folder beside the text."""
Clock = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
Level = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
Scenario = Literal[
    "shift", "after_storm", "pay_rumour", "impersonation", "osh", "emulation", "cla", "daily", "media", "meeting"
]

TextRole = Literal["stem", "option", "label", "alt", "feedback", "explanation", "rubric", "sample", "answer"]
"""What a text in an item is to its readers; the rules of ``check`` about wording go by it."""
Keyed = Mapping[str, Any]
"""A body as it stands in ``keys/``: ids given, with its key."""
Weighted = Sequence[tuple[Any, float]]
"""Answers with their probabilities."""
Ranking = Callable[[int, str], float]
"""What a naive strategy chooses by, from place (from 0) and wording of an option: the highest."""


def _two_decimals(value: Decimal) -> Decimal:
    if value <= 0 or value != value.quantize(Decimal("0.01")):
        raise Mistake("E-ITEM-3", "", _("điểm phải lớn hơn 0, nhiều nhất hai chữ số thập phân."))
    return value


Points = Annotated[Decimal, AfterValidator(_two_decimals)]


class Model(BaseModel):
    """Base of all author-facing models: a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Head(Model):
    """Fields that an item has once, whatever its type; see ``docs/items.md``."""

    type: str
    points: Points | None = None
    outcome: int = Field(ge=1, le=9)
    level: Level | None = None
    scenario: Scenario | None = None
    src: tuple[str, ...] = ()
    critical: Points | None = None
    component_min: Points | None = None
    withdrawn: bool = False
    simulated: bool = False
    practice: bool = False
    recall: str | None = None


class Body(Model):
    """Fields that may differ between variants."""

    stem: Text
    explanation: str = ""
    media: tuple[Medium, ...] = ()

    @model_validator(mode="after")
    def _media_listed(self) -> Body:
        if name := unlisted(self.model_dump(exclude={"media"}), self.media):
            raise Mistake("E-MEDIA-3", "media", _("«{name}» được chèn vào câu nhưng không có trong media.", name=name))
        return self

    def keyed(self) -> dict[str, Any]:
        """Return the body with its key, as written to ``keys/``."""
        return {"stem": self.stem, "explanation": self.explanation, **self._shown()}

    def public(self) -> dict[str, Any]:
        """Return the body that a cadre may see."""
        return {"stem": self.stem, **self._shown()}

    def _shown(self) -> dict[str, Any]:
        return {"media": [medium.public() for medium in self.media]} if self.media else {}

    def total(self) -> Decimal | None:
        """Return what the parts' points add up to; ``None`` for a type whose parts carry no points."""
        return None

    def by_hand(self) -> Decimal:
        """Return the points of the part that a person marks."""
        return Decimal(0)

    def unanswered(self) -> Iterator[tuple[str, str]]:
        """Yield (field, what is missing) for every part that has no feedback for a mistake it invites."""
        yield from ()

    def option_feedback(self) -> list[tuple[str, str]]:
        """Return (field, feedback) of each option; every one must say something of its own."""
        return []

    def one_right(self) -> tuple[list[str], int] | None:
        """Return the wording of all options and the place of the one that is right; ``None`` for any other type."""
        return None

    def marking(self, lang: str) -> Sequence[str]:
        """Return what a marker on paper needs beside the right answer: lines of Markdown, numbers as in ``lang``."""
        return ()

    def trials(self) -> Trials | None:
        """Return the texts by which an author tests the checks of a written answer; ``None`` for any other type."""
        return None

    def carried(self) -> neutral.Carried:
        """Return what the body is to other systems, and which of its fields have no place there."""
        return None, ()

    def asks_numbers(self) -> bool:
        """Say whether numbers are asked for that follow from numbers that it states.

        Invented ones must be called so.
        """
        return False

    def figures(self) -> str | None:
        """Return the text, besides the stem, in which a cadre is told numbers.

        ``None``: they stand in a data set.
        """
        return ""

    def files(self) -> Sequence[str]:
        """Return the files of the ``data`` folder that the item needs, hidden ones too."""
        return [medium.file for medium in self.media]

    def pictures(self) -> Sequence[str]:
        """Return those of ``files`` that are shown: pictures, sound and video."""
        return [medium.file for medium in self.media]


@dataclass(frozen=True, slots=True)
class Trials:
    """Texts with the automatic points that they must earn, and the most that can be earned."""

    texts: tuple[tuple[str, Decimal], ...]
    full: Decimal


class Public(BaseModel):
    """Base of what a release may hold: a field that is not named here must not be in it."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PublicBody(Public):
    """What a cadre may see of a body, whatever its type."""

    stem: str
    media: list[PublicMedium] = []


class Labelled(Public):
    """An option, a side of a pair, a step, a row or a column."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Something that can be chosen in an answer, for the statistics of who chose what."""

    id: str
    text: str
    right: bool


class StaffType(ABC):
    """The staff half of one item type; what a type does not say has an answer here that fits any of them.

    Attributes:
        model: what an author writes of it; ``public``: what of that a release may show.
        letter: in the plan of a course (``blueprint.yaml``).
        begin: the fields of a new item of two points, with ``⟨…⟩`` where its author writes.
        roles: field → what its text is, or the ``text`` of its entries; ``inside``: field → what every text
            below it is.
        lists: the lists whose entries have ids, those inside others after them.
        has_options: answers are ticked among options that are worded: rules about options apply.
        to_choose: a guesser can choose by how the choices look, so strategies differ from guessing.
        typed: answers are short and typed, so that the same wrong one comes often.
        copied: a second attempt could copy the first one's values, so variants are wanted.
    """

    model: ClassVar[type[Body]]
    public: ClassVar[type[PublicBody]]
    letter: ClassVar[str]
    begin: ClassVar[str]
    roles: ClassVar[Mapping[str, TextRole]] = {}
    inside: ClassVar[Mapping[str, TextRole]] = {}
    lists: ClassVar[Sequence[Listed]] = ()
    has_options: ClassVar[bool] = False
    to_choose: ClassVar[bool] = False
    copied: ClassVar[bool] = False
    typed: ClassVar[bool] = False

    @abstractmethod
    def right(self, body: Keyed) -> Any:  # an answer value
        """Return an answer that earns every automatic point."""

    @abstractmethod
    def wrong(self, body: Keyed, rng: random.Random) -> Any:  # an answer value
        """Return a plausible answer that earns less than full points."""

    def partial(self, body: Keyed) -> tuple[Any, Fraction] | None:
        """Return an answer that is right in part and the share it earns (docs/design.md §6.5), worked out from the key.

        ``None`` for a type without partial credit. Never calls the scorer, so that the two can disagree.
        """
        return None

    def guesses(self, body: Keyed) -> Weighted:
        """Return the answers of somebody who guesses; blank where nothing can be guessed."""
        return [(None, 1.0)]

    def as_it_stands(self, body: Keyed) -> Weighted:
        """Return the answers of somebody who takes what is shown in the order of the text; else a guesser's."""
        return self.guesses(body)

    def chosen_by(self, ranking: Ranking, body: Keyed) -> Weighted:
        """Return the answers of somebody who follows a naive strategy."""
        return self.as_it_stands(body)

    def everything(self, body: Keyed) -> Any:
        """Return the answer that ticks all that can be ticked, which must earn nothing; ``None``.

        Nothing of the kind.
        """
        return None

    def in_turn(self, body: Keyed, turn: int) -> Any:
        """Return a wrong answer in which the wrong options take turns; ``None`` for types without options."""
        return None

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """Return the body ``old`` of an earlier release by the key of ``new``, which asks the same question.

        Only what is asked alike in both is taken over. Where ids say what an answer means, an id that both have; else
        the whole, if everything that a cadre sees is the same.
        """
        shown = [name for name in self.public.model_fields if name in old or name in new]
        return new if all(old.get(name) == new.get(name) for name in shown) else old

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        """Return what an author writes of this type for a question of that shape; ``None``: it is of another type."""
        return None

    def picks(self, body: Keyed) -> Sequence[Pick]:
        """Return what can be chosen, in the order of the text; ``()`` where answers are not chosen."""
        return ()

    def choices(self, body: Keyed) -> Sequence[Sequence[Pick]]:
        """Return each list of ``picks`` that stands under one another, where the place and spelling of the key tell."""
        return ()

    def picked(self, body: Keyed, value: object) -> set[str]:
        """Return the ids of ``picks`` in an answer; unknown ones are left out, whatever a learner wrote."""
        return set()


def number_ids(entries: Iterable[Any], names: str) -> list[str]:
    """Return the id of each entry.

    Its own, else the letter or digit of its place (docs/design.md §4.2).
    """
    return [entry.id or names[index] for index, entry in enumerate(entries)]


def unique(ids: list[str], field: str) -> None:
    """Raise the mistake ``E-ITEM-7`` when an id is used twice."""
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise Mistake("E-ITEM-7", field, _("mã {twice} dùng hai lần.", twice=sorted(twice)))
