"""Says a target's rule in words, in Vietnamese and English, from course.yaml: every output prints it."""

from __future__ import annotations

from datetime import date

from grader.ground.offices import Offices, Term
from grader.ground.syllabus import Syllabus, Target


def words(syllabus: Syllabus, target: Target) -> tuple[str, str]:
    """Return the rule in Vietnamese and in English: goal, denominator, numerator, target date."""
    modules = ", ".join(syllabus.tracks[target.track])
    n, d = target.goal
    offices = syllabus.offices
    posts = [offices.posts[post] for post in target.posts]
    kinds = [offices.unit_kinds[kind] for kind in target.unit_kinds]
    under_vi, under_en = _under(offices, target)
    vi = (
        f"Đạt khi {_times(d, 'N')} ≥ {_times(n, 'D')}. D: người vào ngày chốt đang giữ chức {_list(posts, 'vi')} "
        f"tại {_list(kinds, 'vi')} {under_vi}, mỗi người tính một lần. "
        f"N: người trong D đã đạt tất cả học phần {modules}, hoàn thành từ {_day(target.counts_from)} đến ngày chốt. "
        f"Hạn {_day(target.by)}."
    )
    en = (
        f"Met when {_times(d, 'N')} ≥ {_times(n, 'D')}. D: people who on the as-of date hold the post of "
        f"{_list(posts, 'en')} in a {_list(kinds, 'en')} {under_en}, each counted once. "
        f"N: those of D who passed every module of {modules}, the last one between {target.counts_from} "
        f"and the as-of date. Due {target.by}."
    )
    return vi, en


def _under(offices: Offices, target: Target) -> tuple[str, str]:
    if target.under == offices.top:
        top = offices.unit_kinds[offices.top]
        return f"trực thuộc {top.word('vi')}", f"directly under the {top.word('en')}"
    counted = offices.unit_kinds[offices.counted]
    return f"thuộc {counted.word('vi')}", f"under a {counted.word('en')}"


def _list(terms: list[Term], lang: str) -> str:
    return ", ".join(term.word(lang) for term in terms)


def _times(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor}·{name}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
