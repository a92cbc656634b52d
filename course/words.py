"""Texts in the reader's language: Vietnamese stands in the code, every other language is a catalogue in ``locale/``.

``_("Không có tệp {path}.", path=path)`` is a ``str`` in Vietnamese that remembers its template and fields; ``into(text,
"en")`` says the same in English. A text of the course's own, which nobody translates, is a plain ``str`` and stays
as it is.
``locale/en.po`` is gettext's format, read as it stands; ``make words`` adds what is new and drops what is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

__all__ = ["LANGUAGES", "SOURCE", "Own", "Text", "_", "catalogue", "into", "joined", "spoken", "when"]

SOURCE = "vi"
"""The language of the texts in the code."""
_LOCALE = Path(__file__).with_name("locale")
LANGUAGES = (SOURCE, *sorted(path.stem for path in _LOCALE.glob("*.po")))
"""What can be chosen: a further language is one further file."""


class Text(str):
    """A sentence in Vietnamese that can be said in another language.

    Attributes:
        template: what stands in the code, and in the catalogue.
        fields: what fills its braces, by name; empty for a sentence without fields, whose braces are then literal.
    """

    __slots__ = ("fields", "template")
    template: str
    fields: Mapping[str, Any]

    def __new__(cls, template: str, fields: Mapping[str, Any]) -> Self:
        """Fill ``template`` with ``fields``."""
        text = super().__new__(cls, template.format_map(fields) if fields else template)
        text.template, text.fields = template, fields
        return text

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole."""
        return Text, (self.template, dict(self.fields))


class Own(str):
    """A text of the course's own that its author gives in several languages; reads as the first of them.

    Attributes:
        said: language -> text.
    """

    __slots__ = ("said",)
    said: Mapping[str, str]

    def __new__(cls, said: Mapping[str, str]) -> Self:
        """Hold ``said``, which must not be empty."""
        text = super().__new__(cls, next(iter(said.values())))
        text.said = said
        return text

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole."""
        return Own, (dict(self.said),)


def _(template: str, /, **fields: Any) -> Text:
    """Return the sentence ``template`` with its ``fields``.

    The name is gettext's, so that its tools find every sentence.
    """
    return Text(template, fields)


def into(text: str, lang: str) -> str:
    """Return ``text`` in ``lang``: a ``Text`` by the catalogue, its fields likewise; any other string as it is."""
    if isinstance(text, Own):
        return text.said.get(lang) or str(text)
    if not isinstance(text, Text):
        return str(text)
    template = catalogue(lang).get(text.template) or text.template
    if not text.fields:
        return template
    return template.format_map({name: into(v, lang) if isinstance(v, str) else v for name, v in text.fields.items()})


def spoken(data: Any, lang: str) -> Any:
    """Return plain data (dicts, lists, strings, numbers) with every ``Text`` in it said in ``lang``."""
    if isinstance(data, str):
        return into(data, lang)
    if isinstance(data, Mapping):
        return {name: spoken(value, lang) for name, value in data.items()}
    return [spoken(value, lang) for value in data] if isinstance(data, list | tuple) else data


def when(instant: str) -> str:
    """Return an ISO instant as people read it, in whatever language; one that cannot be read is returned as it is."""
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return instant
    return _("{time} ngày {day}", time=f"{moment:%H:%M}", day=f"{moment:%d/%m/%Y}")


def joined(between: str, texts: Iterable[str]) -> Text:
    """Return the ``texts`` as one, with ``between`` (signs, no words) between them, to be said in any language."""
    parts = list(texts)
    names = [f"part{n}" for n in range(len(parts))]
    return Text(between.join(f"{{{name}}}" for name in names), dict(zip(names, parts, strict=True)))


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return Vietnamese sentence → sentence in ``lang``; empty for a language without a catalogue."""
    path = _LOCALE / f"{lang}.po"
    if lang == SOURCE or lang not in LANGUAGES:
        return {}
    from babel.messages.pofile import read_po  # seldom needed

    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}
