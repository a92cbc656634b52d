"""Rules of Q4 (how items are written) and Q6 (cognitive level). Naive strategies, also Q4, are in ``guessing``.

Sources: Haladyna, Downing and Rodriguez 2002 (31 item-writing rules), Rodriguez 2005 (three options suffice).
Whether distractors are plausible is for a reader. Lengths are counted in characters, over the wording as shown. The
place of the key is
its place in the file: pages shuffle options, but a file in which B is always right teaches its authors and leaks
through the option ids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from course import vietnamese
from course.words import Text, _
from grader.check.corpus import Corpus, file_place, item_place, report, units
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.text.authoring import Authored, AuthoredItem

_CATCH_ALL = re.compile(
    r"(?:tất cả|cả (?:hai|ba|bốn)|mọi|các) (?:các )?(?:phương án|đáp án|câu|ý)(?: (?:trên|này|đều|kia)|$|\.)|tất "
    r"cả đều (?:đúng|sai)|"
    r"không (?:có )?(?:phương án|đáp án|ý) nào|(?<!\w)cả a (?:và|lẫn) b(?!\w)|như trên|đáp án khác"
)
# "việc nào không nên làm", "câu nào sai", "trừ": the question asks for what is NOT so, which readers miss unless it
# is in capitals.
# "Mô tả nào giúp người không nhìn thấy ảnh" is no such question: only words that add nothing may stand in between.
_FILLER = r"(?:sau đây|dưới đây|ở trên|trong số này|trên|này|là|thì|nên|được|có|cần|phải|ở đây|đây)"
_NEGATIVE = re.compile(
    rf"(?<!\w)(?:nào|đâu|gì)(?:\s+{_FILLER}){{0,3}}\s+(?P<word>(?:không|chưa)(?!\s*\?)|sai|trừ|ngoại trừ|chẳng)(?!\w)"
)
_QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"|“[^”]*”")
_OPTIONS_OF_A_SINGLE = (3, 4)
_LONGEST_SHARE, _LONGER_THAN_MEAN = 40, Decimal("1.3")
# Chi-square, 5 %: the critical value by degrees of freedom (NIST/SEMATECH e-Handbook, table 1.3.6.7.4).
_CHI_SQUARE = {1: 3.841, 2: 5.991, 3: 7.815, 4: 9.488, 5: 11.070}
_FEWEST_EXPECTED = 5  # Cochran's rule: below it the chi-square is no test
_HIGH = frozenset({"apply", "analyse", "evaluate", "create"})
_HIGH_SHARE, _REMEMBER_SHARE = 60, 10
Choice = tuple[list[str], int]
"""The wording of all options, and the place of the one that is right."""
_LEVELS = {"remember": "Nh", "understand": "H", "apply": "V", "analyse": "PT", "evaluate": "ĐG", "create": "ST"}


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for part in corpus.authored():
        yield from _wording(corpus, part)
        for item in part.items:
            yield from _options(part, item)
    for text in corpus.asked():
        if text.exercise:
            yield from _variants(text.exercise)
            yield from _levels(text.exercise)
            yield from _plan(corpus, text.exercise)
    if corpus.whole:
        yield from _keys(corpus)


def _wording(corpus: Corpus, part: Authored) -> Iterator[Finding]:
    choices = {item.id for item in part.items if TYPES[item.head.type].has_options}
    for piece in corpus.pieces(part):
        if piece.item not in choices:
            continue
        text = " ".join(units(piece.text)).casefold()
        if piece.role == "option" and _CATCH_ALL.search(text):
            said = _("phương án gộp (tất cả/không phương án nào); hãy viết một phương án cụ thể.")
            yield report("E-Q04-1", piece, said)
        if piece.role == "stem":
            for match in _NEGATIVE.finditer(_QUOTED.sub(" ", " ".join(units(piece.text)))):
                word = match["word"].upper()
                yield report(
                    "E-Q04-2",
                    piece,
                    _("câu hỏi phủ định: viết hoa «{word}», hoặc hỏi theo chiều khẳng định.", word=word),
                )


def singles(part: Authored) -> list[tuple[AuthoredItem, Choice]]:
    """Return the items of a file of which one option is right: for each its first variant's wording and key."""
    found = [(item, item.bodies[0].one_right()) for item in part.items]
    return [(item, choice) for item, choice in found if choice is not None]


def key_place(choice: Choice) -> tuple[int, bool, Decimal]:
    """Return the key's place (from 0), whether it alone is longest, and its length over the mean length."""
    texts, place = choice
    lengths = [len(vietnamese.nfc(text)) for text in texts]
    others = [length for n, length in enumerate(lengths) if n != place]
    return place, lengths[place] > max(others), Decimal(lengths[place] * len(lengths)) / sum(lengths)


def _options(part: Authored, item: AuthoredItem) -> Iterator[Finding]:
    for number, body in enumerate(item.bodies):
        choice = body.one_right()
        if choice is None:
            return
        where = _("mẫu {number}: ", number=number) if number else ""
        if len(choice[0]) not in _OPTIONS_OF_A_SINGLE:
            said = _("{where}có {count} phương án; cần 3 hoặc 4.", where=where, count=len(choice[0]))
            yield report("E-Q04-3", item_place(part, item, "options"), said)
        place, _longest, ratio = key_place(choice)
        if ratio > _LONGER_THAN_MEAN:
            said = _(
                "{where}phương án đúng dài {ratio:.2f} lần trung bình (nhiều nhất 1,3): rút gọn nó hoặc viết kỹ "
                "phương án sai.",
                where=where,
                ratio=ratio,
            )
            field = f"variants.{number - 1}.options.{place}" if number else f"options.{place}"
            yield report("E-Q04-5", item_place(part, item, field), said)


def _keys(corpus: Corpus) -> Iterator[Finding]:
    """The longest option and the place of the key, over all graded single-answer items of the course."""
    found = [
        (part, item, len(choice[0]), *key_place(choice))
        for part in {id(p): p for p, _ in corpus.graded()}.values()
        for item, choice in singles(part)
    ]
    if not found:
        return
    root = file_place(found[0][0].document.path.parent.parent)
    longest = [item.id for _, item, _, _, is_longest, _ in found if is_longest]
    if 100 * len(longest) > _LONGEST_SHARE * len(found):
        said = _(
            "phương án đúng dài nhất ở {count} trên {count2} câu một đáp án (nhiều nhất {longest_share} %): {longest}.",
            count=len(longest),
            count2=len(found),
            longest_share=_LONGEST_SHARE,
            longest=", ".join(longest),
        )
        yield report("E-Q04-4", root, said)
    places = [(size, place) for _, _, size, place, _, _ in found]
    statistic, freedom = chi_square(places)
    if freedom and statistic > _CHI_SQUARE.get(freedom, _CHI_SQUARE[5]):
        counted = Counter("ABCDEFGHIJ"[place] for _, place in places)
        shown = ", ".join(f"{letter} {n}" for letter, n in sorted(counted.items()))
        said = _(
            "đáp án không rải đều theo vị trí ({shown}; chi bình phương {statistic:.1f}, {freedom} bậc): đổi chỗ "
            "phương án ở vài câu.",
            shown=shown,
            statistic=statistic,
            freedom=freedom,
        )
        yield report("E-Q04-6", root, said)


def chi_square(places: list[tuple[int, int]]) -> tuple[float, int]:
    """Return statistic and degrees of freedom for (options, place of the key).

    Groups expecting fewer than 5 per place are left out.
    """
    statistic, freedom = 0.0, 0
    for size in {size for size, _place in places}:
        group = [place for s, place in places if s == size]
        expected = len(group) / size
        if expected >= _FEWEST_EXPECTED:
            statistic += sum((group.count(n) - expected) ** 2 / expected for n in range(size))
            freedom += size - 1
    return statistic, freedom


def _variants(exercise: Authored) -> Iterator[Finding]:
    for item in exercise.items:
        # "two variants"
        if len(item.bodies) < 2 and (TYPES[item.head.type].copied or item.head.critical is not None):  # noqa: PLR2004
            said = _("câu số và câu trọng yếu cần ít nhất hai mẫu (variants) để lượt sau không chép lại được.")
            yield report("E-Q04-7", item_place(exercise, item), said)


def _shares(exercise: Authored) -> tuple[Decimal, Decimal, Decimal]:
    """Return all points, those at "apply" or above, and those at "remember"."""
    items = [item for item in exercise.items if not item.head.withdrawn]
    points = [(item.head.level, item.head.points or Decimal(0)) for item in items]
    return (
        sum((p for _, p in points), Decimal(0)),
        sum((p for level, p in points if level in _HIGH), Decimal(0)),
        sum((p for level, p in points if level == "remember"), Decimal(0)),
    )


def _levels(exercise: Authored) -> Iterator[Finding]:
    for item in exercise.items:
        if item.head.level is None:
            yield report("E-Q06-2", item_place(exercise, item), _("thiếu bậc nhận thức (level)."))
    total, high, remember = _shares(exercise)
    place = file_place(exercise.document.path, 1)
    if 100 * high < _HIGH_SHARE * total:
        yield report(
            "E-Q06-1",
            place,
            _(
                "{value:.0f} % điểm ở bậc vận dụng trở lên, cần {high_share} %.",
                value=100 * high / total,
                high_share=_HIGH_SHARE,
            ),
        )
    if 100 * remember > _REMEMBER_SHARE * total:
        yield report(
            "E-Q06-1",
            place,
            _(
                "{value:.0f} % điểm ở bậc nhớ, nhiều nhất {remember_share} %.",
                value=100 * remember / total,
                remember_share=_REMEMBER_SHARE,
            ),
        )


def _plan(corpus: Corpus, exercise: Authored) -> Iterator[Finding]:
    """The items are those of the blueprint, in any order; a module that the blueprint does not name is not compared."""
    planned = Counter(corpus.blueprint.get("items", {}).get(exercise.module, "").split())
    written = Counter(
        f"{TYPES[i.head.type].letter}-{_LEVELS.get(i.head.level or '', '?')}-{i.head.points or 0}"
        f"{'*' if i.head.critical else ''}"
        for i in exercise.items
    )
    if planned and planned != written:
        missing, surplus = ", ".join((planned - written).elements()), ", ".join((written - planned).elements())
        none = _("không")
        said = _(
            "khác bản thiết kế: thiếu {missing}, thừa {surplus}.", missing=missing or none, surplus=surplus or none
        )
        yield report("E-Q06-3", file_place(exercise.document.path, 1), said)


def measures(corpus: Corpus) -> dict[str, Text]:
    """Return what was counted, for the table of criteria."""
    exercises = list({id(part): part for part, _ in corpus.graded()}.values())
    found = [key_place(choice) for part in exercises for _, choice in singles(part)]
    longest = sum(is_longest for _, is_longest, _ in found)
    total, high, remember = (
        (sum(part, Decimal(0)) for part in zip(*(_shares(e) for e in exercises), strict=True))
        if exercises
        else [Decimal(1)] * 3
    )
    return {
        "Q4": _("đáp án dài nhất ở {longest}/{singles} câu một đáp án", longest=longest, singles=len(found)),
        "Q6": _(
            "{high:.0f} % điểm từ vận dụng trở lên, {remember:.0f} % nhớ",
            high=100 * high / total,
            remember=100 * remember / total,
        ),
    }
