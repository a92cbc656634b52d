"""GIFT in and out."""

from __future__ import annotations

import pytest

from tests.formats.brief import Case, brief, read, reported
from tests.formats.gift_cases import CASES


def test_there_are_sixty_files() -> None:
    assert len({case.name for case in CASES}) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_gives_its_items_and_its_losses(case: Case) -> None:
    items, losses = read("gift", case.data())
    assert [brief(item) for item in items] == list(case.items)
    assert reported(losses, case.losses) == list(case.losses)
