"""Findings by what is to be done about them: one heading, the places, and the command that does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from course.words import Text, _, into
from grader.roster import occupancy
from grader.roster.occupancy import State
from grader.roster.row_findings import RowFinding

_STATES = "ROS-W18"
_IMPORT = "moduong roster import TỆP"
_ACTIONS: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "ROS-W18": (_("Ghi ngày thôi giữ chức của người trước (hoặc sửa chức vụ ghi nhầm)"), ""),
        "ROS-06": (
            _(
                "Trùng thời gian với dòng khác: nếu ngày bắt đầu trong tệp mới đúng, nạp lại với --correct; sửa "
                "một người: roster correct"
            ),
            f"{_IMPORT} --correct",
        ),
        "ROS-01": (_("Điền ô còn trống trong tệp rồi nạp lại"), _IMPORT),
        "ROS-02": (_("Sửa ngày trong tệp rồi nạp lại"), _IMPORT),
        "ROS-03": (_("Sửa ngày trong tệp rồi nạp lại"), _IMPORT),
        "ROS-04": (_("Mỗi mã chỉ một dòng: xóa dòng thừa hoặc đặt mã khác"), _IMPORT),
        "ROS-05": (_("Thêm đơn vị hoặc người còn thiếu, hoặc sửa mã"), _IMPORT),
        "ROS-07": (_("Gỡ vòng lặp trong cột cấp trên hoặc kế tiếp"), _IMPORT),
        "ROS-08": (_("Chọn loại đơn vị, chức vụ trong danh mục"), _IMPORT),
        "ROS-10": (_("Dán giá trị thay cho công thức hoặc ô lỗi"), _IMPORT),
        "ROS-12": (_("Lấy lại tệp gốc còn đủ dấu"), _IMPORT),
        "ROS-W09": (_("Hỏi lại đơn vị: nhiệm kỳ đã quá năm năm"), "moduong roster end …"),
        "ROS-W07": (_("Ghi đơn vị kế tiếp, hoặc ngày thôi giữ chức"), "moduong roster end …"),
    }
)


@dataclass(frozen=True)
class Task:
    """One thing to do.

    Attributes:
        code: of its findings.
        said: what to do.
        findings: where.
        commands: what does it; for impossible states one for each post that has ended, else one at most.
    """

    code: str
    said: Text
    findings: tuple[RowFinding, ...]
    commands: tuple[str, ...]


def tasks(findings: Iterable[RowFinding], states: Sequence[State] = ()) -> tuple[Task, ...]:
    """Return what is to be done, most findings first; findings that only tell something are left out."""
    by_action: dict[Text, list[RowFinding]] = {}
    for finding in findings:
        if finding.code in _ACTIONS and finding.code != _STATES:
            by_action.setdefault(_ACTIONS[finding.code][0], []).append(finding)
    found = [
        Task(rows[0].code, said, tuple(rows), tuple(filter(None, (_ACTIONS[rows[0].code][1],))))
        for said, rows in by_action.items()
    ]
    if states:
        told = tuple(occupancy.finding(state) for state in states)
        commands = tuple(command for state in states for command in occupancy.commands(state))
        found.append(Task(_STATES, _ACTIONS[_STATES][0], told, commands))
    return tuple(sorted(found, key=lambda task: -len(task.findings)))


def lines(found: Iterable[Task], lang: str, most: int = 5) -> Iterable[str]:
    """Yield each task as lines for a terminal, with the first ``most`` places and commands."""
    for task in found:
        yield f"▸ {into(task.said, lang)} ({len(task.findings)})"
        for command in task.commands[:most]:
            yield f"    {command}"
        if len(task.commands) > most:
            yield f"    … +{len(task.commands) - most}"
