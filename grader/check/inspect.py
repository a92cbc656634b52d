"""Stage ``check``: the linter of course-quality rubric Q1–Q14; reads lessons and exercises as their authors wrote them.

One module of rules for each topic (``alignment``, ``items``, ``feedback``, ``guessing``, ``scoring``, ``grounding``,
``access``, ``language``); each yields findings with file, line, item and remedy,
whose codes
``E-Q04-2`` name the criterion. A text that cannot be read or built is reported too, and measured as far as it can be
read. Rules about
the course as a whole apply when no module is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from course.words import Text, _, into, joined
from grader.check import access as check_access
from grader.check import alignment as check_alignment
from grader.check import feedback as check_feedback
from grader.check import glossary, quality
from grader.check import grounding as check_grounding
from grader.check import guessing as check_guessing
from grader.check import items as check_items
from grader.check import language as check_language
from grader.check import media as check_media
from grader.check import scoring as check_scoring
from grader.check import tells as check_tells
from grader.check.corpus import Corpus, pieces
from grader.check.quality import Quality
from grader.ground import strict_yaml
from grader.ground.errors import ModuongError
from grader.ground.records import Finding
from grader.ground.syllabus import Syllabus
from grader.text import module_text
from grader.text.module_text import ModuleText

_RULES = (
    check_alignment,
    check_items,
    check_feedback,
    check_guessing,
    check_scoring,
    check_grounding,
    check_access,
    check_language,
    check_tells,
    check_media,
)
_ABOUT_ITEMS = (check_items, check_feedback, check_scoring, check_language)
_MEASURES = (check_alignment, check_items, check_guessing, check_grounding, check_language)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in order of file and line, and the table of criteria.

    ``quality`` is ``None`` when modules were named, and for a course with a house style of its own.
    """

    findings: tuple[Finding, ...]
    quality: Quality | None

    @property
    def passed(self) -> bool:
        """Say whether no finding is essential and the table, if there is one, passes."""
        return not any(f.essential for f in self.findings) and (self.quality is None or self.quality.passed)


def check(
    rules: Syllabus, exercises: Path, course: Path, modules: Sequence[str] | None, today: date | None = None
) -> list[Finding]:
    """Return all findings of the named modules.

    Of every module that has a text, and of the course, when none is named.
    """
    return list(inspect(rules, exercises, course, modules, today).findings)


def inspect(
    rules: Syllabus, exercises: Path, course: Path, modules: Sequence[str] | None, today: date | None = None
) -> Report:
    """Return findings and the table of criteria; ``today`` decides whether a law fact is too old.

    Raises:
        ModuongError: ``E-YAML-1``, ``E-GLOSS-1``, ``E-LAW-1`` when a file of the whole course cannot be read.
    """
    known = module_text.modules(rules, exercises, course)
    chosen = list(modules or known)
    texts: dict[str, ModuleText] = {}
    found: list[Finding] = []
    for module in dict.fromkeys([*known, *chosen]):
        try:
            texts[module] = module_text.read(rules, module, exercises, course)
        except ModuongError as error:
            if module in chosen:
                found.append(Finding(error.code, str(exercises / module), 0, "", "", error.said))
            continue
        if module in chosen:
            found += module_text.mistakes(texts[module])
    corpus = _corpus(rules, course, texts, chosen, today, whole=modules is None)
    for rule in _RULES:
        found += [finding for finding in rule.findings(corpus) if _kept(finding, rules)]
    found = sorted(dict.fromkeys(found), key=lambda f: (f.file, f.line, f.code, f.item))
    rubric = corpus.whole and rules.house_style is None
    return Report(tuple(found), _quality(corpus, found) if rubric else None)


def of_items(rules: Syllabus, text: ModuleText, course: Path) -> list[Finding]:
    """Return what is to be said of each item of an exercise alone, whatever else is in its module and course.

    For questions that come from elsewhere and are not where they will stand.

    Raises:
        ModuongError: as ``inspect``.
    """
    corpus = _corpus(rules, course, {text.module: text}, [text.module], None, whole=False)
    found = module_text.mistakes(text)
    for rule in _ABOUT_ITEMS:
        found += [finding for finding in rule.findings(corpus) if _kept(finding, rules)]
    return sorted(dict.fromkeys(f for f in found if f.item), key=lambda f: (f.line, f.code))


def _corpus(
    rules: Syllabus,
    course: Path,
    texts: Mapping[str, ModuleText],
    chosen: Sequence[str],
    today: date | None,
    *,
    whole: bool,
) -> Corpus:
    parts = [part for text in texts.values() for part in (text.lesson, text.exercise) if part is not None]
    return Corpus(
        rules,
        course,
        texts,
        tuple(chosen),
        whole,
        glossary.load(course / "glossary.yaml"),
        _blueprint(course / "blueprint.yaml"),
        today or datetime.now(rules.course.zone).date(),
        {str(part.document.path): tuple(pieces(part)) for part in parts},
    )


_CORRECTNESS = frozenset({"Q14"})
"""Criteria that say whether marks are right: held in every course, whatever its style."""


def _kept(finding: Finding, rules: Syllabus) -> bool:
    """Say whether a finding concerns this course: a mistake always does, style where the course has chosen it."""
    criterion = quality.criterion_of(finding.code)
    chosen = rules.house_style
    return criterion is None or chosen is None or criterion.id in _CORRECTNESS or criterion.id in chosen


def _blueprint(path: Path) -> dict[str, Any]:
    return strict_yaml.read_mapping(path)[0] if path.exists() else {}


def _quality(corpus: Corpus, found: Sequence[Finding]) -> Quality:
    measures: dict[str, Text] = {}
    for rule in _MEASURES:
        for criterion, measure in rule.measures(corpus).items():
            before = measures.get(criterion)
            measures[criterion] = joined("; ", (before, measure)) if before else measure
    return quality.assess(found, measures)


def lines(report: Report, lang: str) -> list[str]:
    """Return the report as printed: one line per finding, how many they are, and the table."""
    count = len(report.findings)
    table = quality.lines(report.quality, lang) if report.quality else []
    return [*(f.text(lang) for f in report.findings), into(_("{count} điều cần xem.", count=count), lang), *table]


def report_as_json(report: Report, lang: str) -> dict[str, Any]:
    """Return the report as ``moduong check --json`` prints it; ``quality`` is null when modules were named."""
    table = quality.as_json(report.quality, lang) if report.quality else None
    return {"passed": report.passed, "findings": [as_json(f, lang) for f in report.findings], "quality": table}


def as_json(finding: Finding, lang: str) -> dict[str, Any]:
    """Return a finding as ``moduong check --json`` prints it."""
    data = asdict(finding)
    del data["said"]
    return {**data, "message": into(finding.said, lang)}
