"""Rules of Q4 about people who have not learnt.

Naive strategies stay below 45 % of the choice points, and nobody passes by guessing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from course.words import Text, _
from grader.check.corpus import Corpus, file_place, report
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.itemtypes.invented import guessing
from grader.itemtypes.invented.guessing import Distribution

_STRATEGY_SHARE = 45
_LUCK = 0.001
_NAMES = {
    "random": _("đoán bừa"),
    "longest": _("chọn câu dài nhất"),
    "shortest": _("chọn câu ngắn nhất"),
    "first": _("chọn câu đầu"),
    "last": _("chọn câu cuối"),
    "most polite": _("chọn câu lịch sự nhất"),
    "most commas": _("chọn câu nhiều dấu phẩy nhất"),
    "most digits": _("chọn câu nhiều chữ số nhất"),
    "most hedges": _("chọn câu rào đón nhiều nhất"),
    "fewest hedges": _("chọn câu ít rào đón nhất"),
    "words of the question": _("chọn câu trùng chữ với đề nhất"),
    "all of them": _("chọn câu có chữ «tất cả», «mọi»"),
    "everything": _("chọn tất cả"),
}


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for text in corpus.asked():
        for name, chance in chances(corpus).get(text.module, {}).items():
            if chance >= _LUCK and text.exercise:
                said = _(
                    "người {names} vượt mức đạt với xác suất {value:.2f} % (phải dưới 0,1 %): sửa các câu dễ đoán.",
                    names=_NAMES[name],
                    value=100 * chance,
                )
                yield report("E-Q04-9", file_place(text.exercise.document.path, 1), said)
    if corpus.whole:
        for name, share in choice_shares(corpus).items():
            if share >= _STRATEGY_SHARE:
                said = _(
                    "chiến thuật «{names}» được {share:.0f} % điểm các câu chọn (phải dưới {strategy_share} %): "
                    "viết lại phương án sai.",
                    names=_NAMES[name],
                    share=share,
                    strategy_share=_STRATEGY_SHARE,
                )
                first = corpus.graded()[0][0]
                yield report("E-Q04-8", file_place(first.document.path.parent.parent), said)


@functools.lru_cache(maxsize=1)
def _odds(corpus: Corpus) -> Mapping[str, Mapping[str, Distribution]]:
    """Return item → guesser → what is earned, for the graded items of the chosen modules.

    Computed once for each check.
    """
    return {i.id: guessing.distributions(i.keyed) for part, i in corpus.graded() if part.module in corpus.chosen}


def chances(corpus: Corpus) -> dict[str, dict[str, float]]:
    """Return module → guesser → probability of passing."""
    found = {}
    for text in (t for t in corpus.asked() if t.exercise):
        odds = [
            _odds(corpus)[item.id] for item in (text.exercise.items if text.exercise else ()) if not item.head.withdrawn
        ]
        mark = corpus.pass_mark(text)
        found[text.module] = {
            name: guessing.passes(guessing.together(o[name] for o in odds), mark) for name in guessing.GUESSERS
        }
    return found


def choice_shares(corpus: Corpus) -> dict[str, float]:
    """Return naive strategy → percentage of the choice points of the course that it earns."""
    choices = [
        item for part, item in corpus.graded() if TYPES[item.head.type].has_options and part.module in corpus.chosen
    ]
    possible = sum(float(item.keyed["points"]) for item in choices)
    odds = _odds(corpus)
    return {
        name: 100 * sum(guessing.expected(odds[i.id][name]) for i in choices) / possible if possible else 0.0
        for name in guessing.STRATEGIES
    }


def measures(corpus: Corpus) -> dict[str, Text]:
    """Return what was computed, for the table of criteria."""
    shares = choice_shares(corpus)
    name, share = max(shares.items(), key=lambda found: found[1])
    shown = _("chiến thuật được nhiều nhất: {strategy} {share:.0f} %", strategy=_NAMES[name], share=share)
    worst = 100 * max((c["random"] for c in chances(corpus).values()), default=0.0)
    return {"Q4": _("{shown}, đoán bừa đạt ≤ {worst:.2g} %", shown=shown, worst=worst)}
