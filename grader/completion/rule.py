"""Says a target's rule in words, from course.yaml: every output prints it."""

from __future__ import annotations

from collections.abc import Iterable

from course.words import Text, _, joined
from grader.ground.offices import Offices, Term
from grader.ground.syllabus import Syllabus, Target


def words(syllabus: Syllabus, target: Target) -> Text:
    """Return the rule: goal, denominator, numerator, target date."""
    n, d = target.goal
    offices = syllabus.offices
    return _(
        "Đạt khi {trained} ≥ {wanted}. D: người vào ngày chốt đang giữ chức {posts} tại {kinds} {under}, mỗi "
        "người tính một lần. N: người trong D đã đạt tất cả học phần {modules}{external}, hoàn thành từ "
        "{first:%d/%m/%Y} đến ngày chốt. Hạn {by:%d/%m/%Y}.",
        trained=_times(d, "N"),
        wanted=_times(n, "D"),
        posts=_list(offices.posts[post] for post in target.posts),
        kinds=_list(offices.unit_kinds[kind] for kind in target.unit_kinds),
        under=_under(offices, target),
        modules=", ".join(syllabus.tracks[target.track]),
        external=_(" hoặc đã học một khóa ở ngoài") if target.external == "counts" else "",
        first=target.counts_from,
        by=target.by,
    )


def _under(offices: Offices, target: Target) -> Text:
    if target.under == offices.top:
        return _("trực thuộc {unit}", unit=offices.unit_kinds[offices.top].name)
    return _("thuộc {unit}", unit=offices.unit_kinds[offices.counted].name)


def _list(terms: Iterable[Term]) -> Text:
    return joined(", ", (term.name for term in terms))


def _times(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor}·{name}"
