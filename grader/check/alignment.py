"""Rules of Q1, Q2, Q3, Q7 and Q9: outcomes, what teaches and measures them, competence tags, situations, recall.

Documented exceptions: a capstone (a module whose graded items are all essays, DA) has one item for each outcome; a
module without
graded items (M00) needs none, and as the first of the course it has nothing to recall; nor has a capstone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from course.words import Text, _
from grader.check.corpus import Corpus, Piece, file_place, item_place, outcome_line, report
from grader.ground.records import Finding
from grader.text.authoring import Authored
from grader.text.module_text import ModuleText

# Verbs of Bloom's taxonomy (Anderson and Krathwohl 2001) in Vietnamese: what somebody can be seen to do.
_BLOOM = re.compile(
    r"(?:nhận ra|xác định|liệt kê|kể|nêu|gọi tên|chọn|mô tả|giải thích|phân biệt|phân loại|tóm tắt|diễn giải|so "
    r"sánh|tính|áp dụng|thực hiện|sắp xếp|"
    r"sử dụng|dùng|lập|phân nhóm|phân công|phân tích|chỉ ra|phát hiện|đối chiếu|đánh giá|phản biện|quyết "
    r"định|chấm|rút|viết|soạn|sửa|điều chỉnh|"
    r"thiết kế|xây dựng|bảo vệ|xếp|đọc|lọc|nhóm|ghép|kiểm tra|kiểm chứng|trình bày|biên tập|quay|trả lời)(?!\w)"
)
_VAGUE = ("hiểu biết", "nắm được", "nắm vững", "nhận thức", "hiểu rõ", "quán triệt", "thấm nhuần")
# DigComp 2.2 (JRC 2022): 21 competences in five areas. UNESCO "Think Critically, Click Wisely" (2021): 14 modules.
_DIGCOMP = {1: 3, 2: 6, 3: 4, 4: 4, 5: 4}
_MIL = 14
_CODES = frozenset(
    {f"DC{a}.{n}" for a, most in _DIGCOMP.items() for n in range(1, most + 1)} | {f"ML{n}" for n in range(1, _MIL + 1)}
)
_AREA_MODULES = re.compile(r"M0[1-9]")
FAMILIES = ("shift", "after_storm", "pay_rumour", "impersonation", "osh", "emulation", "cla")
_PER_FAMILY, _TAGGED, _RECALLS = 4, 70, 3
_FEWEST_OUTCOMES, _MOST_OUTCOMES = 3, 4


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for text in corpus.asked():
        if text.lesson is None:
            place = file_place(corpus.course / "lessons" / f"{text.module}.md")
            yield report("E-Q02-1", place, _("{module} chưa có bài học: hãy viết tệp này.", module=text.module))
            continue
        yield from _outcomes(text.lesson)
        yield from _alignment(text, text.lesson)
        yield from _codes(text.lesson)
        yield from _recall(corpus, text, text.lesson)
    if corpus.whole:
        yield from _areas(corpus)
        yield from _situations(corpus)


def _outcomes_of(lesson: Authored) -> list[dict[str, Any]]:
    return [o if isinstance(o, dict) else {"text": str(o)} for o in lesson.document.front.get("outcomes", ())]


def _at(lesson: Authored, number: int) -> Piece:
    return Piece(str(lesson.document.path), outcome_line(lesson, number), "", f"outcomes.{number}", "front", "")


def _outcomes(lesson: Authored) -> Iterator[Finding]:
    outcomes = _outcomes_of(lesson)
    if not _FEWEST_OUTCOMES <= len(outcomes) <= _MOST_OUTCOMES:
        said = _("có {count} mục tiêu; hãy để 3–4 mục tiêu.", count=len(outcomes))
        yield report("E-Q01-1", Piece(str(lesson.document.path), 1, "", "outcomes", "front", ""), said)
    for number, outcome in enumerate(outcomes):
        text = str(outcome.get("text", "")).strip().casefold()
        if not _BLOOM.match(text):
            said = _(
                "mục tiêu {value} không bắt đầu bằng động từ quan sát được (tính, chọn, phân biệt, viết …).",
                value=number + 1,
            )
            yield report("E-Q01-2", _at(lesson, number), said)
        for word in (w for w in _VAGUE if w in text):
            said = _("«{word}» không đo được; hãy nói người học làm được việc gì.", word=word)
            yield report("E-Q01-3", _at(lesson, number), said)


def _segments(lesson: Authored) -> list[tuple[int, dict[str, Any]]]:
    return [(block.line, block.meta()) for block in lesson.document.blocks if block.kind == "break"]


def _alignment(text: ModuleText, lesson: Authored) -> Iterator[Finding]:
    """Every outcome is taught, practised and measured; every item and segment names an outcome that exists."""
    wanted = range(1, len(_outcomes_of(lesson)) + 1)
    path = str(lesson.document.path)
    taught: set[int] = set()
    for line, meta in _segments(lesson):
        named = meta.get("outcomes", [])
        taught.update(n for n in named if n in wanted)
        for n in (n for n in named if n not in wanted):
            place = Piece(path, line, "", "outcomes", "front", "")
            yield report("E-Q02-4", place, _("không có mục tiêu {n}; sửa số.", n=n))
    practised = {item.head.outcome for item in lesson.items if item.head.recall is None}
    items = [item for item in text.exercise.items if not item.head.withdrawn] if text.exercise else []
    measured = Counter(item.head.outcome for item in items)
    needed = 0 if not items else 1 if all(item.keyed["automatic"] is None for item in items) else 2
    for n in wanted:
        if n not in taught:
            yield report(
                "E-Q02-1",
                _at(lesson, n - 1),
                _("không bài nào dạy mục tiêu {n}: thêm vào «outcomes» của một bài.", n=n),
            )
        if n not in practised:
            yield report("E-Q02-2", _at(lesson, n - 1), _("mục tiêu {n} không có câu tự luyện; thêm một câu.", n=n))
        if measured[n] < needed:
            said = _(
                "mục tiêu {n} có {measured} câu chấm điểm, cần {needed}; thêm câu hoặc sửa «outcome» của câu.",
                n=n,
                measured=measured[n],
                needed=needed,
            )
            yield report("E-Q02-3", _at(lesson, n - 1), said)
    for part in (lesson, text.exercise):
        for item in part.items if part else ():
            # A recall question names an outcome of the module that it recalls.
            if part and item.head.recall is None and item.head.outcome not in wanted:
                said = _(
                    "mục tiêu {outcome} không có trong bài học; bài có {count} mục tiêu.",
                    outcome=item.head.outcome,
                    count=len(wanted),
                )
                yield report("E-Q02-4", item_place(part, item, "outcome"), said)


def _codes(lesson: Authored) -> Iterator[Finding]:
    found: set[str] = set()
    for number, outcome in enumerate(_outcomes_of(lesson)):
        codes = [str(c) for c in outcome.get("codes", ())]
        found.update(codes)
        for code in (c for c in codes if c not in _CODES):
            said = _("không có mã năng lực «{code}» (DC1.1 … DC5.4, ML1 … ML14).", code=code)
            yield report("E-Q03-2", _at(lesson, number), said)
        if not codes:
            yield report(
                "E-Q03-2", _at(lesson, number), _("mục tiêu {value} chưa có mã năng lực (codes).", value=number + 1)
            )
    digital, media = sum(c.startswith("DC") for c in found), sum(c.startswith("ML") for c in found)
    if digital < 2 or not media:  # noqa: PLR2004  # the threshold of Q3
        said = _("có {digital} mã DC và {media} mã ML; cần ít nhất hai mã DC, một mã ML.", digital=digital, media=media)
        yield report("E-Q03-1", Piece(str(lesson.document.path), 1, "", "outcomes", "front", ""), said)


def _areas(corpus: Corpus) -> Iterator[Finding]:
    """All five areas of DigComp in the modules that every track is made of (M01–M09)."""
    lessons = [t.lesson for m, t in corpus.texts.items() if _AREA_MODULES.fullmatch(m) and t.lesson]
    codes = {str(c) for lesson in lessons for outcome in _outcomes_of(lesson) for c in outcome.get("codes", ())}
    missing = [str(area) for area in _DIGCOMP if lessons and not any(c.startswith(f"DC{area}.") for c in codes)]
    if missing:
        said = _(
            "M01–M09 chưa có miền năng lực {missing} của DigComp; gắn mã cho mục tiêu phù hợp.",
            missing=", ".join(missing),
        )
        yield report("E-Q03-3", file_place(corpus.course / "lessons"), said)


def _recall(corpus: Corpus, text: ModuleText, lesson: Authored) -> Iterator[Finding]:
    """Three recall questions before the first segment.

    From two earlier modules at least, once there are three of them.
    """
    order = sorted(corpus.texts, key=lambda m: (not m.startswith("M"), m))
    earlier = order[: order.index(text.module)]
    capstone = text.exercise is not None and all(item.keyed["automatic"] is None for item in text.exercise.items)
    if not earlier or capstone:
        return
    first = next((block.line for block in lesson.document.blocks if block.kind == "break"), 10**9)
    recalls = [item for item in lesson.items if item.head.recall is not None]
    opening = [item for item in recalls if item.line < first]
    if len(opening) != _RECALLS:
        said = _(
            "mở đầu có {count} câu nhớ lại (recall); cần đúng {recalls} câu, đặt trước bài đầu tiên.",
            count=len(opening),
            recalls=_RECALLS,
        )
        yield report("E-Q09-1", Piece(str(lesson.document.path), 1, "", "", "prose", ""), said)
    for item in recalls:
        if item.head.recall not in earlier:
            said = _("«{recall}» không phải học phần học trước.", recall=item.head.recall)
            yield report("E-Q09-2", item_place(lesson, item, "recall"), said)
    named = {item.head.recall for item in opening}
    if len(opening) == _RECALLS and len(earlier) >= _RECALLS and len(named) < 2:  # noqa: PLR2004  # the threshold of Q9
        said = _("ba câu nhớ lại cùng lấy từ một học phần; hãy lấy từ ít nhất hai.")
        yield report("E-Q09-3", item_place(lesson, opening[0], "recall"), said)


def _situations(corpus: Corpus) -> Iterator[Finding]:
    items = corpus.graded()
    if not items:
        return
    counted = Counter(str(item.head.scenario) for _, item in items if item.head.scenario)
    place = file_place(items[0][0].document.path.parent.parent)
    if 100 * counted.total() < _TAGGED * len(items):
        bare = ", ".join(item.id for _, item in items if not item.head.scenario)
        said = _(
            "{value} trên {count} câu có tình huống, cần {tagged} %; chưa có: {bare}.",
            value=counted.total(),
            count=len(items),
            tagged=_TAGGED,
            bare=bare,
        )
        yield report("E-Q07-1", place, said)
    for family in (f for f in FAMILIES if counted[f] < _PER_FAMILY):
        yield report(
            "E-Q07-2",
            place,
            _(
                "nhóm tình huống {family} có {counted} câu, cần {per_family}.",
                family=family,
                counted=counted[family],
                per_family=_PER_FAMILY,
            ),
        )
    for module, quota in corpus.blueprint.get("scenarios", {}).items():
        here = Counter(str(item.head.scenario) for part, item in items if part.module == module)
        for family in (f for f, least in quota.items() if here[f] < int(least)):
            said = _(
                "{module}: {here} câu {family}, kế hoạch cần {quota}.",
                module=module,
                here=here[family],
                family=family,
                quota=quota[family],
            )
            yield report("E-Q07-3", file_place(place.file), said)


def measures(corpus: Corpus) -> dict[str, Text]:
    """Return what was counted, for the table of criteria."""
    items = corpus.graded()
    tagged = sum(item.head.scenario is not None for _, item in items)
    families = Counter(str(item.head.scenario) for _, item in items)
    least = min((families[f] for f in FAMILIES), default=0)
    share = 100 * tagged // max(1, len(items))
    return {"Q7": _("{share} % câu có tình huống, nhóm ít nhất {least} câu", share=share, least=least)}
