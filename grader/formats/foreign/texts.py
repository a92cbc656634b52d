"""The texts of one question on their way in.

Each as Markdown or as plain words, with what was lost and what they show.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.formats.foreign import html, inline, pictures
from grader.formats.foreign.markdown import Form, convert
from grader.formats.losses import Loss
from grader.formats.question import Picture, Place

NO_FILES: Mapping[str, bytes] = MappingProxyType({})


class Texts:
    """Converts the texts of the question at ``place``; ``files`` are those that came along with it, by path."""

    def __init__(
        self, place: Place, files: Mapping[str, bytes] = NO_FILES, form: Form = "html", *, dollars: bool = False
    ) -> None:
        self.dollars = dollars
        self.place = place
        self.files = files
        self.form = form
        self._losses: dict[Loss, None] = {}
        self._pictures: dict[str, Picture] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Return what was lost so far, each once."""
        return tuple(self._losses)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Return the pictures that the texts show."""
        return tuple(self._pictures.values())

    def lose(self, code: str, about: str = "") -> None:
        """Put a line into the loss report."""
        self._losses[self.place.loss(code, about)] = None

    def block(self, text: str, form: Form | None = None) -> str:
        """Return a text that may have paragraphs, lists and tables."""
        return self._convert(text, form, block=True)

    def line(self, text: str, form: Form | None = None) -> str:
        """Return a text that is one run: an option, a label, feedback."""
        return self._convert(text, form, block=False)

    def words(self, text: str) -> str:
        """Return what somebody would type: no markup, single spaces."""
        return " ".join(inline.clean(html.parse(text).text() if "<" in text else text)[0].split())

    def _convert(self, text: str, form: Form | None, *, block: bool) -> str:
        markdown, lost = convert(text, form or self.form, self.place, self._picture, block=block, dollars=self.dollars)
        self._losses |= dict.fromkeys(lost)
        return markdown

    def _picture(self, address: str, alt: str) -> Loss | None:
        found = pictures.find(address, alt, self.files)
        if isinstance(found, Picture):
            self._pictures.setdefault(found.name, found)
            return None
        return self.place.loss(*found)
