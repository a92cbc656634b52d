"""Content packages: ``imsmanifest.xml`` with its resources and their keywords, read and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from grader.formats.foreign import package, xml
from grader.formats.foreign.encoding import decode
from grader.formats.foreign.to_xml import HEAD, element, words
from grader.formats.question import Question, points_tag

_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_LOM = "http://www.imsglobal.org/xsd/imsmd_v1p2"


def listed(files: Mapping[str, bytes]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return path → keywords of what the manifest of a package names, in its order, and what is not there.

    Pictures that are not there are named where they are shown; a package without a manifest names nothing.
    """
    path = next((p for p in files if p.rpartition("/")[2] == "imsmanifest.xml"), "")
    try:
        root = xml.parse(xml.mended(decode(files[path])[0])[0]) if path else None
    except (xml.Refused, xml.Broken):
        root = None
    folder = path.rpartition("/")[0]
    found: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    for resource in root.all("resource") if root else ():
        said = tuple(" ".join(k.text().split()) for k in resource.all("keyword"))
        address = unquote(resource.get("href") or next((f.get("href") for f in resource.elements("file")), ""))
        full = f"{folder}/{address}".lstrip("/")
        if full in files:
            found[full] = said
        elif address:
            missing.append(address)
    return found, missing


def tags_of(question: Question) -> tuple[str, ...]:
    """Return what of a question travels as keywords: its tags, and its points where they are not 1."""
    return (*question.tags, *points_tag(question))


def pack(kind: str, items: Sequence[tuple[str, str, Question | None]]) -> bytes:
    """Return a package of items.

    Args:
        kind: type of the resources, such as ``imsqti_item_xmlv2p1``.
        items: path, XML, and the question that it was made of (none: the file says all itself).
    """
    resources = [
        element(
            "resource",
            element(
                "metadata",
                element("imsmd:lom", element("imsmd:general", *map(_keyword, tags_of(question) if question else ()))),
            ),
            element("file", href=path),
            identifier=f"R{number}",
            type=kind,
            href=path,
        )
        for number, (path, _xml, question) in enumerate(items, 1)
    ]
    manifest = HEAD + element(
        "manifest",
        element("metadata", element("schema", "IMS Content"), element("schemaversion", "1.1")),
        element("organizations"),
        element("resources", *resources),
        xmlns=_CP,
        xmlns__imsmd=_LOM,
        identifier="MANIFEST",
    )
    files = {"imsmanifest.xml": manifest.encode(), **{path: xml.encode() for path, xml, _question in items}}
    shown = {f"pictures/{p.name}": p.data for _path, _xml, question in items if question for p in question.pictures}
    return package.pack(files | shown)


def _keyword(tag: str) -> str:
    return element("imsmd:keyword", element("imsmd:langstring", words(tag)))
