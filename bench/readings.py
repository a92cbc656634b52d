"""Blind readings of the graded questions: sheets from a release alone, and what two readers answered against the keys.

``python -m bench.readings sheets RELEASES OUT [MODULE …] [--missing RECORD]`` writes, for each module in RELEASES (the
``release/`` folder of a workspace), ``OUT/M02.md`` with every body of every item and ``OUT/M02.csv`` to be filled in.
Only what a cadre can see is read; no key has to be on the machine.

``python -m bench.readings compare RELEASES KEYS RECORD READER=SHEET …`` scores filled sheets by the keys in KEYS (the
``keys/`` folder), prints every disagreement and every doubt, and writes all readings to RECORD (``readings.csv``).

``python -m bench.readings missing RELEASES RECORD`` lists the bodies without two readings that agree with the key. A
reading is of a text: what was reworded since is to be read again, what only moved to another release is not.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from course import items
from course.answers import release_id

SHEET = ("release", "item", "body", "answer", "doubt")
RECORD = ("release", "item", "body", "text", "reader", "answer", "verdict", "doubt")
ENOUGH = 2
"""So many readers answer each body."""
HOW = """# {module}: {title}

Bản phát hành {release}. Chỉ đọc phần dưới đây, không mở tệp nào khác của khóa học.
Với mỗi thân câu, điền vào {module}.csv cột `answer` (và `doubt`, nếu có điều thấy chưa rõ, sai, hoặc có hai cách đáp):

- chọn một: mã phương án, ví dụ `B`; chọn nhiều, xếp thứ tự: các mã cách nhau bằng dấu cách, ví dụ `4 2 6 1`;
- câu nhiều phần: điền sau dấu bằng, ví dụ `1=b; 2=a`; số viết như 91,25;
- câu viết tay hay viết mã (ghi `-` sẵn): không phải trả lời, chỉ ghi điều chưa rõ vào `doubt`.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader answered to one body.

    Its ``verdict`` is ``agrees``, ``differs`` or ``unread`` (left blank, unreadable); ``text`` names what was read.
    """

    release: str
    item: str
    body: int
    text: str
    reader: str
    answer: str
    verdict: str
    doubt: str


def released(folder: Path, module: str) -> tuple[str, dict[str, Any]]:
    """Return the id of a module's release and its public items."""
    raw = (folder / module / "items.json").read_bytes()
    return release_id(raw), json.loads(raw)


def text_of(body: Mapping[str, Any]) -> str:
    """Return a short name of all that a cadre reads of a body."""
    return hashlib.sha256("\n".join(told(body)).encode()).hexdigest()[:12]


def blank_answer(item: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """Return what stands in an empty sheet: the parts to fill, ``-`` where only a person or the box could judge."""
    of = items.kind(item)
    if item["manual"] or of.runs_code or of.notes_are_advice:
        return "-"
    return "; ".join(f"{part}=" for part in of.open_parts(body))


def told(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield all that is released of a body as lines of Markdown, whatever its type."""
    yield str(body["stem"])
    for name, value in body.items():
        if name == "stem" or not isinstance(value, list | dict | str) or not value:
            continue
        yield f"\n**{name}**\n"
        entries = [{"id": k, **v} for k, v in value.items()] if _of_parts(value) else value
        if isinstance(entries, list):
            yield from (f"- {_entry(entry)}" for entry in entries)
        else:
            yield json.dumps(entries, ensure_ascii=False) if isinstance(entries, dict) else f"```\n{entries}\n```"


def _of_parts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(part, dict) for part in value.values())


def _entry(entry: object) -> str:
    if not isinstance(entry, dict) or "id" not in entry:
        return json.dumps(entry, ensure_ascii=False) if isinstance(entry, dict | list) else str(entry)
    said = [str(v) for k, v in entry.items() if k not in {"id", "points"} and isinstance(v, str) and v]
    return f"`{entry['id']}` {' · '.join(said)}"


def sheets(releases: Path, out: Path, modules: Sequence[str], only: Container[tuple[str, int]] | None = None) -> int:
    """Write the sheets of the modules; return how many bodies they ask about.

    ``only``: (item, body) of those to be asked about; ``None``: all.
    """
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for module in modules:
        release, public = released(releases, module)
        text = [HOW.format(module=module, title=public["title"], release=release)]
        with (out / f"{module}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(SHEET)
            for item in public["items"]:
                for number, body in enumerate(item["variants"], start=1):
                    if only is not None and (item["id"], number) not in only:
                        continue
                    text += [f"\n## {item['id']}, thân {number}\n", *told(body)]
                    rows.writerow((release, item["id"], number, blank_answer(item, body), ""))
                    count += 1
        (out / f"{module}.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    return count


def value_of(item: Mapping[str, Any], body: Mapping[str, Any], written: str) -> Any:  # an answer value
    """Return the answer that was written into a sheet, ``None`` where it is blank or no answer to such a question."""
    of = items.kind(item)
    parts = dict(part.split("=", 1) for part in written.split(";") if "=" in part)
    filled = {k.strip(): v.strip() for k, v in parts.items() if v.strip()}
    for value in (filled, written.replace(",", " ").split(), written.strip()):
        try:
            if value and of.read(body, value):
                return value
        except items.InvalidAnswer:
            continue
    return None


def compare(releases: Path, keys: Path, reader: str, sheet: Path) -> Iterator[Reading]:
    """Yield the readings of a filled sheet; those that need no answer have the verdict ``-``.

    Raises:
        ValueError: the sheet is of another release than the one that lies there.
    """
    known: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            module = row["item"].partition("-")[0]
            if module not in known:
                release, public = released(releases, module)
                key = json.loads((keys / f"{module}.json").read_bytes())
                known[module] = (release, {i["id"]: i for i in public["items"]}, {i["id"]: i for i in key["items"]})
            release, shown, keyed = known[module]
            if row["release"] != release:
                message = f"{sheet}: {row['item']} was read in release {row['release']}, {releases} holds {release}"
                raise ValueError(message)
            number = int(row["body"])
            item, answer = shown[row["item"]], row["answer"].strip()
            verdict = _verdict(keyed[row["item"]], item, number - 1, answer)
            text = text_of(item["variants"][number - 1])
            yield Reading(release, row["item"], number, text, reader, answer, verdict, row["doubt"].strip())


def _verdict(keyed: Mapping[str, Any], shown: Mapping[str, Any], variant: int, answer: str) -> str:
    body = shown["variants"][variant]
    if blank_answer(shown, body) == "-":
        return "-"
    value = value_of(keyed, keyed["variants"][variant], answer)
    if value is None:
        return "unread"
    score = items.score(keyed, value, variant)
    return "agrees" if score.points == Decimal(keyed["points"]) else "differs"


def record(file: Path, readings: Sequence[Reading]) -> None:
    """Write ``readings.csv``: one line per body and reader."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(RECORD)
        rows.writerows([getattr(reading, name) for name in RECORD] for reading in readings)


def missing(releases: Path, record: Path) -> Iterator[tuple[str, int, int]]:
    """Yield (item, body, readings that agree) for every body of the released modules that has fewer than two."""
    readers: dict[tuple[str, str], set[str]] = {}
    with record.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["verdict"] in {"agrees", "-"}:
                readers.setdefault((row["item"], row["text"]), set()).add(row["reader"])
    for folder in sorted(p.parent.name for p in releases.glob("*/items.json")):
        for item in released(releases, folder)[1]["items"]:
            for number, body in enumerate(item["variants"], start=1):
                count = len(readers.get((item["id"], text_of(body)), ()))
                if count < ENOUGH:
                    yield item["id"], number, count


def main(arguments: Sequence[str]) -> None:
    told_how = argparse.ArgumentParser(
        prog="python -m bench.readings", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    of = told_how.add_subparsers(required=True, dest="what")
    blank = of.add_parser("sheets", help="write blank sheets from a release")
    blank.add_argument("releases", type=Path)
    blank.add_argument("out", type=Path)
    blank.add_argument("modules", nargs="*")
    blank.add_argument("--missing", type=Path, metavar="RECORD", help="only what two readers have not answered")
    filled = of.add_parser("compare", help="compare filled sheets with the keys")
    filled.add_argument("releases", type=Path)
    filled.add_argument("keys", type=Path)
    filled.add_argument("record", type=Path)
    filled.add_argument("sheets", nargs="+", metavar="READER=SHEET")
    rest = of.add_parser("missing", help="list what two readers have not answered")
    rest.add_argument("releases", type=Path)
    rest.add_argument("record", type=Path)
    asked = told_how.parse_args(arguments)
    if asked.what == "missing":
        for item, body, count in missing(asked.releases, asked.record):
            print(f"{item} body {body}: {count} of {ENOUGH}")
        return
    if asked.what == "sheets":
        modules = asked.modules or sorted(p.parent.name for p in asked.releases.glob("*/items.json"))
        only = {(i, n) for i, n, _count in missing(asked.releases, asked.missing)} if asked.missing else None
        print(f"{sheets(asked.releases, asked.out, modules, only)} bodies of {', '.join(modules)} in {asked.out}")
        return
    found = [
        reading for given in asked.sheets for reading in compare(asked.releases, asked.keys, *_given(told_how, given))
    ]
    record(asked.record, found)
    for reading in found:
        if reading.verdict in {"differs", "unread"} or reading.doubt:
            print(
                f"{reading.item} body {reading.body}  {reading.reader}: {reading.verdict}  {reading.answer}  "
                f"{reading.doubt}"
            )
    asked_for = [r for r in found if r.verdict != "-"]
    agreed = sum(r.verdict == "agrees" for r in asked_for)
    print(f"{agreed} of {len(asked_for)} readings agree with the key; {sum(bool(r.doubt) for r in found)} doubts")


def _given(told_how: argparse.ArgumentParser, given: str) -> tuple[str, Path]:
    reader, found, sheet = given.partition("=")
    if not found:
        told_how.error(f"'{given}': give READER=SHEET")
    return reader, Path(sheet)


if __name__ == "__main__":
    main(sys.argv[1:])
