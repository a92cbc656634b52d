"""Compact notation of what came out of a foreign file, so that expected items are one line each.

    single: stem | -wrong #feedback | +right        multiple the same
    match: stem | left → right #feedback | ~ spare  order: stem | 1 first | 2 second | 2 also second
    number: stem | label [unit] = value ± tol | ✗ value #feedback
    text: stem | accepted | fold | ✗ wrong #feedback         essay: stem | words 1 50
    cloze: stem | text | 1: -wrong +right | 2: number ± tol | 3: accepted / too #feedback
    grid: stem | [column / column] | row → column #feedback
    hotspot: stem | picture «alt» | +place @left,top,width,height
    prose: text

Points other than 1 follow the type in brackets, outcome, level and the like in braces, an explanation after ``//``;
a line end is ``⏎``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.formats import catalog
from grader.formats.losses import Loss
from grader.formats.question import Given
from grader.formats.settle import Item, settle


@dataclass(frozen=True)
class Case:
    """A file, the items that should come out of it, and the lines of the loss report: ``code`` or ``code: about``."""

    name: str
    source: str | bytes
    items: Sequence[str]
    losses: Sequence[str] = ()

    def data(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source.encode()


def read(form: str, data: bytes, given: Given | None = None) -> tuple[list[Item], list[Loss]]:
    """Return items and losses of a file."""
    reading = catalog.read("tệp", data, form)
    items, losses = [], list(reading.losses)
    for question in reading.questions:
        item, lost = settle(question, given or Given())
        items += [item] if item else []
        losses += lost
    return items, losses


def said(fields: Mapping[str, Any]) -> str:
    return f" #{fields['feedback']}" if fields.get("feedback") else ""


def options(fields: Mapping[str, Any]) -> list[str]:
    return [f"{'+' if o.get('correct') else '-'}{o['text']}{said(o)}" for o in fields["options"]]


def match(fields: Mapping[str, Any]) -> list[str]:
    rights = {"abcdefghijklmnopqrstuvwxyz"[n]: side for n, side in enumerate(fields["right"])}
    keys = [entry["key"] for entry in fields["left"]]
    pairs = [f"{e['text']} → {rights[e['key']]['text']}{said(e)}" for e in fields["left"]]
    return pairs + [f"~ {s['text']}{said(s)}" for k, s in rights.items() if k not in keys]


def order(fields: Mapping[str, Any]) -> list[str]:
    steps = {str(n): s["text"] for n, s in enumerate(fields["steps"], 1)}
    return [f"{n} {steps[i]}" for n, group in enumerate(fields["key"], 1) for i in group]


def number(fields: Mapping[str, Any]) -> list[str]:
    shown = []
    for part in fields["parts"]:
        unit = f" [{part['unit']}]" if part["unit"] else ""
        tol = f" ± {part['tol']}" if "tol" in part else ""
        points = f" ({part['points']})" if "points" in part else ""
        shown.append(f"{part['label']}{unit} = {part.get('value', '?')}{tol}{points}")
        shown += [f"✗ {f['value']} #{f['text']}" for f in part.get("feedback", ())]
    return shown


def text(fields: Mapping[str, Any]) -> list[str]:
    wrong = [f"✗ {' / '.join(f['accept'])} #{f['text']}" for f in fields.get("feedback", ())]
    return [*fields.get("accept", ()), *(["fold"] if "fold" in fields else []), *wrong]


def essay(fields: Mapping[str, Any]) -> list[str]:
    return [f"words {' '.join(fields['words'])}"] if "words" in fields else []


def cloze(fields: Mapping[str, Any]) -> list[str]:
    shown = []
    for number, gap in enumerate(fields["gaps"], 1):
        if "choices" in gap:
            asked = " ".join(f"{'+' if o.get('correct') else '-'}{o['text']}{said(o)}" for o in gap["choices"])
        else:
            unit = f" [{gap['unit']}]" if "unit" in gap else ""
            tol = f" ± {gap['tol']}" if "tol" in gap else ""
            asked = " / ".join(gap.get("accept", [gap.get("value", "?")])) + unit + tol + said(gap)
        points = f" ({gap['points']})" if "points" in gap else ""
        shown.append(f"{number}: {asked}{' fold' if 'fold' in gap else ''}{points}")
    return [fields["text"], *shown]


def grid(fields: Mapping[str, Any]) -> list[str]:
    names = dict(zip("abcdefg", (c["text"] for c in fields["columns"]), strict=False))
    points = {n: f" ({r['points']})" for n, r in enumerate(fields["rows"]) if "points" in r}
    rows = [
        f"{r['text']} → {' / '.join(names[k] for k in r['key'])}{points.get(n, '')}{said(r)}"
        for n, r in enumerate(fields["rows"])
    ]
    return [f"[{' / '.join(names.values())}]", *rows]


def hotspot(fields: Mapping[str, Any]) -> list[str]:
    places = [
        f"{'+' if p.get('correct') else '-'}{p['text']} @{','.join(p['region'])}{said(p)}" for p in fields["places"]
    ]
    return [f"{fields['picture']} «{fields.get('alt', '')}»", *places]


PARTS = {
    "cloze": cloze,
    "grid": grid,
    "hotspot": hotspot,
    "single": options,
    "multiple": options,
    "match": match,
    "order": order,
    "number": number,
    "text": text,
    "essay": essay,
}


def brief(item: Item) -> str:
    """Return one item in the notation above."""
    fields = item.fields
    if not fields:
        return f"prose: {item.prose}".replace("\n", "⏎")
    points = "" if fields["points"] == "1" else f" ({fields['points']})"
    head = " ".join(
        f"{k} {fields[k]}"
        for k in ("outcome", "level", "scenario", "critical", "component_min", "simulated", "src")
        if k in fields
    )
    parts = [
        f"{fields['type']}{points}{' {' + head + '}' if head else ''}: {fields['stem']}",
        *PARTS[fields["type"]](fields),
    ]
    after = f" // {fields['explanation']}" if "explanation" in fields else ""
    return (" | ".join(parts) + after).replace("\n", "⏎")


def reported(losses: Sequence[Loss], expected: Sequence[str]) -> list[str]:
    """Return the losses as the expected lines are written: with what they are about only where that was written."""
    with_about = [line.partition(": ")[0] for line in expected if ": " in line]
    return [f"{loss.code}: {loss.about}" if loss.code in with_about else loss.code for loss in losses]
