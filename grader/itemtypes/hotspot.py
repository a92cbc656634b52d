"""``hotspot``: places on a picture, as regions in percent, each with a name."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints, model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import UPPER, Labelled, PublicBody, Text
from grader.itemtypes.shared.choice import Option, Tickable, TickedType
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake

PictureName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]*\.(svg|png|jpg|webp)$")]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
_SMALLEST = 4  # percent of the picture: less cannot be seen, let alone hit


class Place(Option):
    """A place: ``region`` is ``[left, top, width, height]`` in percent of the picture."""

    region: tuple[Percent, Percent, Percent, Percent]

    @model_validator(mode="after")
    def _inside(self) -> Place:
        left, top, width, height = self.region
        if left + width > 100 or top + height > 100 or min(width, height) < _SMALLEST:  # noqa: PLR2004  # percent
            said = _("vùng phải nằm trong hình, mỗi cạnh ít nhất {least} %.", least=_SMALLEST)
            raise Mistake("E-ITEM-5", "region", said)
        return self


class Hotspot(Tickable):
    """A picture with at least one right place and one wrong one."""

    picture: PictureName
    alt: Text
    places: tuple[Place, ...] = Field(min_length=2, max_length=10)
    field: ClassVar[str] = "places"

    def listed(self) -> tuple[Place, ...]:
        return self.places

    @model_validator(mode="after")
    def _apart(self) -> Hotspot:
        self.some()
        for (i, one), (j, other) in itertools.combinations(zip(self.ids(), self.places, strict=True), 2):
            if _overlap(one, other):
                raise Mistake("E-ITEM-5", "places", _("vùng của {one} và {other} chồng lên nhau.", one=i, other=j))
        return self

    def keyed(self) -> dict[str, Any]:
        keyed = super().keyed()
        for entry, place in zip(keyed["places"], self.places, strict=True):
            entry["region"] = [str(edge) for edge in place.region]
        return {**keyed, "picture": self.picture, "alt": self.alt}

    def public(self) -> dict[str, Any]:
        return {**super().public(), "picture": self.picture, "alt": self.alt}

    def carried(self) -> neutral.Carried:
        right, wrong = len(self.correct()), len(self.places) - len(self.correct())
        weight = {True: neutral.share(right), False: -neutral.share(wrong)}
        places = [neutral.Spot(p.text, p.region, weight[p.correct], p.feedback) for p in self.places]
        return neutral.Spots(self.picture, self.alt, tuple(places)), ("veto",) if self.veto else ()

    def files(self) -> list[str]:
        return [self.picture, *super().files()]

    def pictures(self) -> list[str]:
        return self.files()


def _overlap(one: Place, other: Place) -> bool:
    left, top, width, height = one.region
    left2, top2, width2, height2 = other.region
    return left < left2 + width2 and left2 < left + width and top < top2 + height2 and top2 < top + height


class PublicPlace(Labelled):
    """A place without whether it is right."""

    region: list[str]


class PublicHotspot(PublicBody):
    """The picture and its places without their key."""

    picture: str
    alt: str
    places: list[PublicPlace]


class HotspotType(TickedType):
    """The answer is a list of ids."""

    model = Hotspot
    public = PublicHotspot
    letter = "H"
    begin = _(
        'stem: "⟨câu hỏi về hình⟩"\n'
        "picture: hinh.svg  # tệp trong thư mục data\n"
        'alt: "⟨hình cho thấy gì⟩"\n'
        "places:  # region: trái, trên, rộng, cao, theo phần trăm của hình\n"
        '  - text: "⟨chỗ đúng⟩"\n'
        "    region: [10, 10, 20, 20]\n"
        "    correct: true\n"
        '    feedback: "Đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨chỗ sai⟩"\n'
        "    region: [60, 10, 20, 20]\n"
        '    feedback: "Chưa đúng: ⟨vì sao⟩"\n'
    )
    roles: ClassVar = {"places": "option", "alt": "alt"}
    lists: ClassVar = (Listed("places", UPPER, named_by="veto"),)
    field = "places"

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        if not isinstance(shape, neutral.Spots):
            return None
        places = []
        for place in shape.places:
            entry = neutral.entry(neutral.Option(place.text, feedback=place.feedback), right=place.weight > 0)
            places.append({"text": entry.pop("text"), "region": [neutral.plain(n) for n in place.region], **entry})
        alt = {"alt": shape.alt} if shape.alt else {}
        return {"picture": shape.picture, **alt, "places": places}


TYPE = HotspotType()
