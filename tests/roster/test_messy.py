"""Messy lists of one truth: each is read right, nothing is wrong without a word. ``python -m bench messy`` has 300."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import messy

FOUND = (
    ("post_words", "shuffle", "still"),  # a collaborator in the first columns was taken for a total
    ("no_ids", "text_file", "split"),  # short words were read in another code page than the sheet is in
    ("shuffle", "sections", "ending"),  # headings stood in the column of posts
    ("split", "shuffle", "letters"),  # headers in an old code page
    ("ids", "ods", "titles"),
    ("split", "repeated"),  # a fuller header further down swallowed the people above it
    ("three_names", "beside"),  # two people of one row became one name
    ("three_names", "below"),  # the middle name came first
    ("ticks", "letters"),  # a back-tick kept a name in its old code page
    ("shifted",),
    ("one_id",),
    ("below", "secret"),
    ("per_unit", "numbers"),
    ("mac", "notes"),
)


@pytest.mark.parametrize(("seed", "faults"), [*((n, ()) for n in range(6)), *enumerate(FOUND)])
def test_a_messy_list_is_read_right(tmp_path: Path, seed: int, faults: tuple[str, ...]) -> None:
    file = messy.draw(seed, faults)
    assert messy.judge(file, messy.write(file, tmp_path)) == "right", file.faults


def test_the_judge_sees_what_is_wrong(tmp_path: Path) -> None:
    """Or else its word would prove nothing."""
    file = messy.draw(0, ("titles",))
    path = messy.write(file, tmp_path)
    file.truth.people[3].post = "member"
    assert messy.judge(file, path).startswith("WRONG")
