"""Every format in: sixty files of its own, each with the items and the lines of the report that should come out."""

from __future__ import annotations

import pytest

from tests.formats import gift_cases, jupyterquiz_cases, moodle_cases, qti2_cases, qti12_cases, rexams_cases
from tests.formats.brief import Case, brief, read, reported

FILES = {
    "gift": gift_cases.CASES,
    "moodle": moodle_cases.CASES,
    "qti12": qti12_cases.CASES,
    "qti21": qti2_cases.CASES_21,
    "qti30": qti2_cases.CASES_30,
    "jupyterquiz": jupyterquiz_cases.CASES,
    "rexams": rexams_cases.CASES,
}
CASES = [(form, case) for form, cases in FILES.items() for case in cases]


@pytest.mark.parametrize("form", FILES)
def test_there_are_sixty_files(form: str) -> None:
    names = [case.name for case in FILES[form]]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize(("form", "case"), CASES, ids=lambda part: getattr(part, "name", part))
def test_each_file_gives_its_items_and_its_losses(form: str, case: Case) -> None:
    items, losses = read(form, case.data())
    assert [brief(item) for item in items] == list(case.items)
    assert reported(losses, case.losses) == list(case.losses)
