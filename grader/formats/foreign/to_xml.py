"""Writes XML: elements as text, every value escaped, signs that XML forbids left out."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def element(name: str, *inner: str, **attributes: str) -> str:
    """Return an element; ``inner`` is XML already, attributes are values (a trailing ``_`` of a name is dropped)."""
    return (
        f"<{name}{_attributes(attributes)}>{''.join(inner)}</{name}>"
        if inner
        else f"<{name}{_attributes(attributes)}/>"
    )


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(
        f" {name.rstrip('_').replace('__', ':')}={quoteattr(clean(value))}" for name, value in attributes.items()
    )


def words(text: str) -> str:
    """Return text as XML content."""
    return escape(clean(text))


def clean(text: str) -> str:
    """Return ``text`` without signs that XML forbids."""
    return _NOT_XML.sub("", text)


def cdata(text: str) -> str:
    """Return text as a CDATA section."""
    return "<![CDATA[" + clean(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"
