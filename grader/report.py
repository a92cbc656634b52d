"""Stage ``report``: writes what the coordinator reads."""

from __future__ import annotations

import json
from pathlib import Path

from grader.completion_records import Completion
from grader.roster_records import Roster
from grader.syllabus import Syllabus


def write(folder: Path, found: Completion, roster: Roster, rules: Syllabus, lang: str, *, simulated: bool) -> Path:
    """Write ``report.json`` into ``folder`` and return its path."""
    path = folder / "report.json"
    path.write_text(json.dumps({**found.to_json(lang), "simulated": simulated}, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
