"""Rules of Q8: what is said about the organisation or the law has its source.

Nothing is said of real people, real units or fines.

Sources: ``S1`` … ``S11`` of docs/design.md §4.4 and ``law_facts.yaml``. A fact is too old when it was verified more
than 12 months before the check. What a machine can see of "every organisational or legal
statement": a paragraph,
table row or question that names a law, decree or resolution by its number or issuer, or one of the five targets as a
target, must carry
a source in its segment, a law by name in the same paragraph or table, in its own text or (questions) in ``src``.
Documented exceptions: recall and
practice questions
(``practice``) lean on the lesson's text; feedback leans on its question; a table of a take-away leans on the lesson.
A first name alone
("chị Thủy") is invented; a full name needs the word "Mẫu" in it, as a unit does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date

from course.words import Text, _, joined
from grader.check.corpus import READ_BY_CADRES, Corpus, Piece, file_place, item_place, report, source_ids, units
from grader.ground import strict_yaml
from grader.ground.records import Finding
from grader.text import myst
from grader.text.authoring import Authored, AuthoredItem

SEED = frozenset(f"S{n}" for n in range(1, 12))
_OLDEST_DAYS = 366
_FINE = re.compile(
    r"(?<!\w)(?:bị phạt|phạt|xử phạt|mức phạt|tiền "
    r"phạt)(?!\w)[^.;!?\n]{0,80}?\d[\d.,]*\s*(?:triệu|nghìn|ngàn|tỉ|tỷ|đồng|đ(?!\w))",
    re.IGNORECASE,
)
_NAMED_LAW = (
    r"(?:Luật|Bộ luật|Nghị định|NĐ|Thông tư|Quyết định|QĐ)\s[^.;\n]{0,60}?\d+/\d{4}|"
    # a law by its name alone
    r"(?:[Tt]heo|[Cc]ăn cứ|[Dd]ựa vào|[Đđ]úng|[Tt]rái|[Vv]i phạm) "
    r"(?:quy định (?:của|tại) |điều \d+ (?:của )?)?(?:Bộ luật|Luật|Nghị định|Thông tư)(?! sư)(?!\w)|"
    r"(?:Bộ luật|Luật) [A-ZĐ]\w*[^.;\n]{0,60}? (?:quy định|cấm|buộc|bắt buộc|cho phép|yêu cầu|đòi hỏi|phạt)(?!\w)"
)
_NAMED = re.compile(_NAMED_LAW)
_LEGAL = re.compile(
    rf"{_NAMED_LAW}|Nghị quyết (?:số )?\d+|NQ \d+|Nghị quyết Đại hội|Chương trình 01|CTr 01|Bộ Chính trị|"
    # what "the law" is said to demand
    r"(?<![Kk]ỷ )(?<![Kk]ỉ )(?:[Pp]háp luật|[Ll]uật) (?:hiện hành )?"
    r"(?:quy định|cấm|buộc|bắt buộc|cho phép|yêu cầu|đòi hỏi)(?!\w)"
)
_TARGET = re.compile(r"(?<!\w)CT(?:95|70|50|100[AB])(?!\w)|[Cc]hỉ tiêu (?:[^.;:?!\n]{0,40} )?(?:95|70|50|100)\s?%")
_EMPTY_BOX = re.compile(r"Ô TRỐNG CÓ CHỦ Ý: (?P<what>[^*\n]+)")
_TITLE = re.compile(
    r"(?<!\w)(?:anh|chị|ông|bà|cô|chú|đồng chí|công nhân|kỹ sư)\s+(?P<after>\w+(?:\s+\w+){0,4})", re.IGNORECASE
)
# The commonest family names: they make a name also without a form of address.
_FAMILY = re.compile(
    r"(?<!\w)(?P<after>(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Ngô|Dương|Lý|Đinh|Trịnh|Đoàn|Hồ(?! "
    r"Chí Minh))(?:\s+\w+){1,3})"
)
# Names of real units, as the nine corporations and their companies are called; "Mẫu" or "Việt Nam" after them is no
# unit.
_UNIT = re.compile(
    r"(?:Tổng công ty (?:Điện lực|Truyền tải điện|Phát điện)|Công ty (?:Điện lực|Truyền tải điện|Thủy điện|Nhiệt "
    r"điện)|Điện lực|Truyền tải điện|"
    r"(?:Nhà máy )?(?:Thủy điện|Nhiệt điện)|CĐCS|CĐBP) (?!Mẫu|Việt Nam|VN|Thành viên|Công "
    r"ty|Truyền|Thủy|Nhiệt|Điện)(?P<name>\w+)"
)
_CODES = re.compile(r"(?<!\w)(?:EVN(?:NPC|CPC|SPC|HANOI|HCMC|NPT|GENCO\d?)|EVN(?= [A-ZĐ]))(?!\w)")
_NO_NUMBER = r"(?<=\d)[.,](?=\d)|r\d+c\d+|'points': '[\d.]+'"
"""What stands among the figures of an item without being one: separators, names of cells, points."""


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for text in corpus.asked():
        for part in (text.lesson, text.exercise):
            if part is not None:
                yield from _ids(corpus, part)
                yield from _statements(part, corpus)
                yield from _invented(corpus, part)
    if corpus.whole:
        yield from _unused(corpus)


def measures(corpus: Corpus) -> dict[str, Text]:
    """Return what waits for somebody outside: boxes that the owner fills in, facts no lawyer saw."""
    said = []
    for part in corpus.authored():
        for piece in corpus.pieces(part):
            if piece.role == "prose" and (box := _EMPTY_BOX.search(piece.text)):
                where = f"{part.document.path.name}:{piece.line}"
                said.append(_("ô còn trống {where} «{box}»", where=where, box=box["what"].strip()))
    facts = _facts(corpus)
    if unseen := sum(not fact.get("sign_off") for fact in facts.values()):
        said.append(_("{unseen} trên {all} dữ kiện luật chưa có luật sư xem", unseen=unseen, all=len(facts)))
    return {"Q8": joined("; ", said)} if said else {}


def _facts(corpus: Corpus) -> dict[str, dict[str, str]]:
    texts = list(corpus.texts.values())
    return {name: dict(fact) for name, fact in texts[0].facts.items()} if texts else {}


def too_old(fact: dict[str, str], today: date) -> bool:
    """Say whether a law fact was verified more than 12 months before ``today``, or on no day that can be read."""
    try:
        return (today - date.fromisoformat(fact["verified_on"])).days > _OLDEST_DAYS - 1
    except ValueError:
        return True


def legal(text: str) -> re.Match[str] | None:
    """Return the first statement about a law, decree or resolution, by its number, its name, or as "the law"."""
    return _LEGAL.search(text)


def out_of_force(fact: Mapping[str, str], today: date) -> str:
    """Return why a fact does not hold on ``today``: not yet, or no more; nothing where it does."""
    begins, ends = fact.get("in_force_from", ""), fact.get("in_force_until", "")
    if begins > today.isoformat():
        return _("chưa có hiệu lực, đến {day} mới có; đừng dạy như điều đang áp dụng.", day=begins)
    if ends and ends < today.isoformat():
        return _("đã hết hiệu lực từ {day}; dẫn văn bản hiện hành.", day=ends)
    return ""


def _ids(corpus: Corpus, part: Authored) -> Iterator[Finding]:
    """Every id that is quoted exists, holds, and was verified within twelve months."""
    facts = _facts(corpus)
    quoted = [(piece, kind, name) for piece in _whole(part) for kind, name in source_ids(piece.text)]
    quoted += [(item_place(part, item, "src"), "src", name) for item in part.items for name in item.head.src]
    for place, kind, name in quoted:
        if name in SEED and kind == "src":
            continue
        if name not in facts:
            yield report(
                "E-Q08-1", place, _("không có nguồn «{name}»; dùng S1–S11 hoặc một mã của law_facts.yaml.", name=name)
            )
        elif too_old(facts[name], corpus.today):
            said = _(
                "«{name}» kiểm tra lần cuối {day}, quá 12 tháng: đọc lại nguồn rồi sửa verified_on trong "
                "law_facts.yaml.",
                name=name,
                day=facts[name]["verified_on"],
            )
            yield report("E-Q08-2", place, said)
        elif facts[name].get("superseded_by"):
            newer = facts[name]["superseded_by"]
            yield report("E-Q08-3", place, _("«{name}» đã bị «{newer}» thay; dẫn mã mới.", name=name, newer=newer))
        elif why := out_of_force(facts[name], corpus.today):
            yield report("E-Q08-9", place, _("«{name}»: {why}", name=name, why=why))


def _whole(part: Authored) -> Iterator[Piece]:
    """Yield prose blocks and items as they are written, for what may stand anywhere in them."""
    path = str(part.document.path)
    for block in part.document.blocks:
        if block.kind in {"prose", "item"}:
            for number, row in enumerate(block.text.split("\n"), block.line):
                yield Piece(path, number, block.name, "", "prose", row)


def _unused(corpus: Corpus) -> Iterator[Finding]:
    """A fact that nothing quotes is kept fresh too, and states no fine."""
    path = corpus.course / "law_facts.yaml"
    lines = strict_yaml.read(path)[1] if path.exists() else {}
    for name, fact in _facts(corpus).items():
        place = file_place(path, lines.get((name,), 1))
        if too_old(fact, corpus.today):
            day = fact["verified_on"]
            said = _("{name}: kiểm tra lần cuối {day}, quá 12 tháng: đọc lại nguồn.", name=name, day=day)
            yield report("E-Q08-2", place, said)
        if _FINE.search(fact["text"]):
            yield report("E-Q08-4", place, _("{name}: nêu mức tiền phạt; bỏ con số.", name=name))


def _statements(part: Authored, corpus: Corpus) -> Iterator[Finding]:
    """Fines, replaced laws, and statements without a source."""
    replaced = [f["replaces"] for f in _facts(corpus).values() if f.get("replaces")]
    sourced, beside = _sourced(part), _beside_a_source(part)
    practice = {item.id: item.head.practice or bool(item.head.src) for item in part.items}
    for piece in (p for p in corpus.pieces(part) if p.role in READ_BY_CADRES):
        text = " ".join(units(piece.text))
        if _FINE.search(text):
            said = _("nêu mức tiền phạt: chưa mức nào được kiểm chứng, hãy bỏ con số.")
            yield report("E-Q08-4", piece, said)
        for law in (law for law in replaced if law in text):
            said = _("«{law}» đã bị thay; dẫn văn bản hiện hành trong law_facts.yaml.", law=law)
            yield report("E-Q08-5", piece, said)
        named = legal(text) or _TARGET.search(text)
        lines = beside if _NAMED.search(text) else sourced
        leans = practice[piece.item] if piece.item else piece.role in {"front", "heading"} or piece.line in lines
        if named and not leans and piece.role in {"prose", "stem", "option", "explanation", "alt"}:
            said = _(
                "«{named}» chưa có nguồn: thêm {{src}}`…`, {{law}}`…` trong đoạn, hoặc src của câu.",
                named=named.group()[:50],
            )
            yield report("E-Q08-6", piece, said)


def _sourced(part: Authored) -> set[int]:
    """Return the lines of prose that lean on a source.

    Its segment names one, or an earlier segment of the lesson did (take-away).
    """
    lines: set[int] = set()
    take_away = False
    segment: list[myst.Block] = []

    def close() -> None:
        if take_away or any(source_ids(b.text) for b in segment):
            for block in segment:
                lines.update(range(block.line, block.line + block.text.count("\n") + 1))

    for block in part.document.blocks:
        if block.kind == "break":
            close()
            segment = []
            take_away = block.meta().get("segment") == "take-away"
        elif block.kind == "prose":
            segment.append(block)
    close()
    return lines


def _beside_a_source(part: Authored) -> set[int]:
    """Return the lines of prose whose own paragraph, list or table names a source: a law by name needs it there."""
    lines: set[int] = set()
    for block in part.document.blocks:
        if block.kind == "prose":
            rows = enumerate(block.text.split("\n"), block.line)
            for filled, paragraph in itertools.groupby(rows, key=lambda row: bool(row[1].strip())):
                numbered = list(paragraph)
                if filled and any(source_ids(row) for _line, row in numbered):
                    lines.update(line for line, _row in numbered)
    return lines


def _invented(corpus: Corpus, part: Authored) -> Iterator[Finding]:
    """In items people and units are invented and look it, and invented numbers are called so."""
    for piece in corpus.pieces(part):
        if not piece.item:
            continue
        text = " · ".join(units(piece.text))
        for name in full_names(text):
            yield report("E-Q08-7", piece, _("«{name}» là họ tên như người thật; dùng tên có chữ «Mẫu».", name=name))
        for unit in real_units(text):
            yield report("E-Q08-7", piece, _("«{unit}» như đơn vị thật; dùng đơn vị có chữ «Mẫu».", unit=unit))
    for item in part.items:
        told = item.head.simulated or item.head.src
        if not told and any(body.asks_numbers() for body in item.bodies) and _states_numbers(item):
            said = _("số liệu được đặt ra nhưng câu chưa ghi simulated: true.")
            yield report("E-Q08-8", item_place(part, item), said)


def full_names(text: str) -> list[str]:
    """Return names without a "Mẫu": capitalised words after a form of address, or after a family name."""
    found: dict[str, None] = {}
    for match in (*_TITLE.finditer(text), *_FAMILY.finditer(text)):
        words = list(itertools.takewhile(lambda w: w[0].isupper() and w[1:].islower(), match["after"].split()))
        if len(words) > 1 and "Mẫu" not in words:
            found[" ".join(words)] = None
    return list(found)


def real_units(text: str) -> list[str]:
    """Return names of units without "Mẫu", and codes of corporations."""
    return [m.group() for m in _UNIT.finditer(text) if m["name"][0].isupper()] + [
        m.group() for m in _CODES.finditer(text)
    ]


def _states_numbers(item: AuthoredItem) -> bool:
    """Say whether an item tells of numbers: a data set does.

    Others name two numbers at least, so "type 0,825 as %" does not.
    """
    told = [body.figures() for body in item.bodies]
    shown = " ".join(f"{body.stem} {more}" for body, more in zip(item.bodies, told, strict=True))
    return None in told or len(re.findall(r"\d+", re.sub(_NO_NUMBER, "", shown))) > 1
