"""A sheet as one page that needs nothing else: to be opened, or printed to PDF."""

from __future__ import annotations

import base64
from html import escape

from course import markup
from grader.formats.paper.sheet import Part, Sheet
from grader.formats.question import Picture

_KINDS = {"svg": "svg+xml", "jpg": "jpeg"}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 25mm; @bottom-center { content: counter(page) " / " counter(pages); } }
body { font: 13pt/1.35 "Times New Roman", "Liberation Serif", "Noto Serif", serif; max-width: 170mm; margin: 0 auto; }
h1 { font-size: 16pt; margin: 0 0 4mm; }
h2 { font-size: 13pt; margin: 6mm 0 2mm; break-after: avoid; }
p { margin: 1.5mm 0; overflow-wrap: anywhere; }
section { break-inside: avoid-page; }
table { border-collapse: collapse; margin: 2mm 0; }
th, td { border: .3mm solid #444; padding: 1mm 2.5mm; text-align: left; vertical-align: top; }
img { max-width: 140mm; max-height: 110mm; }
pre { white-space: pre-wrap; border: .3mm solid #888; padding: 2mm; font-size: 11pt; }
aside { border-left: 1mm solid #444; padding-left: 3mm; margin: 2mm 0; }
"""


def page(sheet: Sheet) -> str:
    """Return the sheet as HTML; it loads nothing, runs nothing, and links nowhere."""
    title = escape(sheet.title)
    head = "".join(f"<p>{markup.inline(line)}</p>" for line in sheet.head)
    return (
        f'<!doctype html>\n<html lang="{escape(sheet.lang)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>{head}\n"
        f"{''.join(map(_part, sheet.parts))}</body></html>\n"
    )


def _part(part: Part) -> str:
    if not part.heading:
        return f"<div>{markup.block(part.text)}</div>\n"
    key = f"<aside>{markup.block(part.key)}</aside>" if part.key else ""
    shown = "".join(map(_picture, part.pictures))
    return (
        f"<section><h2>{escape(part.heading)}</h2>{markup.block(part.text)}{shown}"
        f"{markup.block(part.below)}{key}</section>\n"
    )


def _picture(picture: Picture) -> str:
    if not picture.data:
        return f"<p><em>{escape(picture.alt or picture.name)}</em></p>"
    ending = picture.name.rpartition(".")[2]
    data = base64.b64encode(picture.data).decode()
    return f'<p><img alt="{escape(picture.alt)}" src="data:image/{_KINDS.get(ending, ending)};base64,{data}"></p>'
