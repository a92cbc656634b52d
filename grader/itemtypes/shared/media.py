"""Media of a question: pictures, sound and video beside its text, with what must be known of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from course.rich import media
from course.words import _
from grader.itemtypes.shared.mistake import Mistake

MediaName = Annotated[str, StringConstraints(pattern=rf"^{media.NAME}$")]
_Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_OF_PEOPLE = frozenset({"jpg", "webp", "mp3", "ogg", "mp4", "webm"})
"""Photographs, sound and video: somebody may be seen or heard."""


class Medium(BaseModel):
    """A file of the ``data`` folder that is shown with a question.

    Attributes:
        file: its name.
        alt: what it shows, for who cannot see or hear it.
        source: whose it is.
        caption: one run of Markdown below it.
        consent: who of those seen or heard agreed, or that nobody is; staff's alone.
        transcript: the words of sound and video.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    file: MediaName
    alt: _Said
    source: _Said
    caption: _Said | None = None
    consent: _Said | None = None
    transcript: _Said | None = None

    @model_validator(mode="after")
    def _enough(self) -> Medium:
        if media.suffix(self.file) in _OF_PEOPLE and self.consent is None:
            said = _("ảnh chụp, tiếng và phim cần consent: ai trong đó đã đồng ý, hoặc «không có người».")
            raise Mistake("E-MEDIA-2", "consent", said)
        if media.element(self.file) != "img" and self.transcript is None:
            raise Mistake("E-MEDIA-2", "transcript", _("tiếng và phim cần transcript: lời bằng chữ."))
        return self

    def public(self) -> dict[str, str]:
        """Return what cadres may know of it: all but the note about consent."""
        return self.model_dump(exclude_none=True, exclude={"consent"})


class PublicMedium(BaseModel):
    """A medium without the note about consent."""

    model_config = ConfigDict(extra="forbid", strict=True)
    file: str = Field(pattern=rf"^{media.NAME}$")
    alt: str
    source: str
    caption: str | None = None
    transcript: str | None = None


def unlisted(fields: Mapping[str, Any], listed: Iterable[Medium]) -> str:
    """Return a file that a text of ``fields`` shows and ``listed`` does not know; empty when there is none."""
    known = {medium.file for medium in listed}
    return next((name for text in _texts(fields) for name in sorted(media.shown_in(text) - known)), "")


def _texts(data: object) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)
