"""Says a target's rule in words, in Vietnamese and English, from course.yaml: every output prints it."""

from __future__ import annotations

from datetime import date

from grader.ground.syllabus import Syllabus, Target

_WORDS = {
    "chair": ("chủ tịch", "chair"),
    "vice_chair": ("phó chủ tịch", "vice-chair"),
    "acting_chair": ("quyền/phụ trách chủ tịch", "acting chair"),
    "comms_officer": ("cán bộ làm truyền thông", "communication officer"),
    "collaborator": ("cộng tác viên", "collaborator"),
    "member": ("đoàn viên", "member"),
    "union": ("CĐ ĐLVN", "union"),
    "corporation": ("công đoàn tổng công ty", "corporation"),
    "grassroots_union": ("CĐCS", "grassroots union"),
    "member_grassroots_union": ("CĐCS thành viên", "member grassroots union"),
    "section_union": ("CĐBP", "section union"),
    "union_group": ("tổ công đoàn", "union group"),
}
_UNDER = {
    "corporation": ("thuộc công đoàn tổng công ty", "under a corporation"),
    "union": ("trực thuộc CĐ ĐLVN", "directly under the union"),
}


def words(syllabus: Syllabus, target: Target) -> tuple[str, str]:
    """Return the rule in Vietnamese and in English: goal, denominator, numerator, target date."""
    modules = ", ".join(syllabus.tracks[target.track])
    n, d = target.goal
    vi = (
        f"Đạt khi {_times(d, 'N')} ≥ {_times(n, 'D')}. D: người vào ngày chốt đang giữ chức {_list(target.posts, 0)} "
        f"tại {_list(target.unit_kinds, 0)} {_UNDER[target.under][0]}, mỗi người tính một lần. "
        f"N: người trong D đã đạt tất cả học phần {modules}, hoàn thành từ {_day(target.counts_from)} đến ngày chốt. "
        f"Hạn {_day(target.by)}."
    )
    en = (
        f"Met when {_times(d, 'N')} ≥ {_times(n, 'D')}. D: people who on the as-of date hold the post of "
        f"{_list(target.posts, 1)} in a {_list(target.unit_kinds, 1)} {_UNDER[target.under][1]}, each counted once. "
        f"N: those of D who passed every module of {modules}, the last one between {target.counts_from} "
        f"and the as-of date. Due {target.by}."
    )
    return vi, en


def _list(codes: tuple[str, ...], language: int) -> str:
    return ", ".join(_WORDS[code][language] for code in codes)


def _times(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor}·{name}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
