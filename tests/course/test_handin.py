"""Handing in: a whole copy goes out and is read back, once; without an exchange it is one file."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from course import handin
from course.answers import ANSWERS, ZONE, AnswersError, AnswerSet, AnswerStore, extract, parse
from course.exchange import Exchange, ExchangeProblem
from grader.intake import answers_in as intake
from tests.support.cadre_browser import make_module

NOW = datetime(2026, 11, 1, 21, 14, tzinfo=ZONE)


@pytest.fixture
def module(tmp_path: Path) -> Path:
    folder = make_module(tmp_path / "CB-000123", "M90")
    store = AnswerStore(folder, AnswerSet("M90", {}, "truyen-thong-so", "0" * 16, "CB-000123", 1))
    store.put("M90-Q01", "A", 0, 1)
    store.put("M90-Q08", "Bài *viết* <b>của tôi</b>", 0, 2)
    store.put("M90-Q06", "   ", 0, 3)
    return folder


def test_a_parcel_is_a_whole_submission(module: Path) -> None:
    parcel = handin.pack(module, NOW)
    assert parcel.name == f"M90-CB-000123-{parcel.receipt.code}.ipynb"
    answers = intake.find_answers({parcel.name: parcel.content})
    assert answers == parse((module / ANSWERS).read_bytes())
    assert handin.receipt_code(answers) == parcel.receipt.code


def test_the_receipt_counts_what_was_answered_and_is_kept_with_its_content(module: Path) -> None:
    receipt = handin.pack(module, NOW).receipt
    assert (receipt.answered, receipt.total, receipt.attempt, receipt.at) == (2, 10, 1, "2026-11-01T21:14:00+07:00")
    assert handin.receipts(module) == [receipt]
    kept = list((module / "bien-nhan" / "da-nop").glob("*.json"))
    assert parse(kept[0].read_bytes()) == parse((module / ANSWERS).read_bytes())


def test_unanswered_names_blank_answers_too(module: Path) -> None:
    missing = handin.unanswered(module, parse((module / ANSWERS).read_bytes()))
    assert missing == [f"M90-Q{n:02}" for n in (2, 3, 4, 5, 6, 7, 9, 10)]


def test_the_copy_leaves_out_what_is_not_handed_in(module: Path, tmp_path: Path) -> None:
    for name in ("bai-hoc.ipynb", "practice.json", "answers-khong-doc-duoc-1.json", "nhap.ipynb", ".answers.lock"):
        (module / name).write_text("{}", encoding="utf-8")
    (module / "feedback").mkdir()
    (module / "data").mkdir()
    (module / "data" / "a.csv").write_text("x", encoding="utf-8")
    handin.complete_copy(module, parse((module / ANSWERS).read_bytes()), tmp_path / "copy")
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == ["M90.ipynb", ANSWERS, "data", "items.json"]


def test_a_renamed_notebook_is_found_and_a_lost_one_does_not_matter(module: Path) -> None:
    (module / "M90.ipynb").rename(module / "Bài của tôi (1).ipynb")
    found = handin.notebook_of(module, "M90")
    assert any("Q08" in c["id"].upper() for c in found["cells"])
    (module / "Bài của tôi (1).ipynb").unlink()
    assert extract(json.loads(handin.pack(module, NOW).content)) == parse((module / ANSWERS).read_bytes())


def test_damaged_receipts_are_passed_over(module: Path) -> None:
    handin.pack(module, NOW)
    for name, content in (("a.json", "{"), ("b.json", "[]"), ("c.json", '{"module": 1}')):
        (module / "bien-nhan" / name).write_text(content, encoding="utf-8")
    assert len(handin.receipts(module)) == 1


def test_no_answers_means_no_hand_in(module: Path) -> None:
    (module / ANSWERS).unlink()
    with pytest.raises(FileNotFoundError):
        handin.pack(module)


class _Elsewhere(Exchange):
    """An exchange of which ``submit`` is replaced: what arrives is ours to damage."""


def _exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any) -> Exchange:
    def submit(_self: Exchange, module: str, parent: Path) -> Path:
        damage(parent / module)
        arrived = tmp_path / "arrived"
        (parent / module).rename(arrived)
        return arrived

    monkeypatch.setattr(_Elsewhere, "submit", submit)
    return _Elsewhere(tmp_path / "exchange", "truyen-thong-so", "CB-000123", tmp_path / "CB-000123")


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: (f / ANSWERS).unlink(),
        lambda f: (f / ANSWERS).write_bytes(b"{"),
        lambda f: (f / ANSWERS).write_bytes((f / ANSWERS).read_bytes().replace(b'"A"', b'"B"')),
        lambda f: (f / "M90.ipynb").write_bytes(b'{"cells": [], "metadata": {}, "nbformat": 4}'),
    ],
)
def test_what_arrives_differently_gets_no_receipt(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any
) -> None:
    before = (module / ANSWERS).read_bytes()
    with pytest.raises(ExchangeProblem):
        handin.hand_in(module, _exchange(tmp_path, monkeypatch, damage), NOW)
    assert handin.receipts(module) == []
    assert (module / ANSWERS).read_bytes() == before


def test_an_honest_exchange_gives_a_receipt(module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = handin.hand_in(module, _exchange(tmp_path, monkeypatch, lambda _f: None), NOW)
    assert handin.receipts(module) == [receipt]


def test_an_exchange_that_cannot_be_used_says_so_in_vietnamese(module: Path, tmp_path: Path) -> None:
    nowhere = Exchange(tmp_path / "khong-co", "truyen-thong-so", "CB-000123", module.parent)
    with pytest.raises(ExchangeProblem, match=r"^Chỗ nộp bài lúc này chưa nhận được bài\.$"):
        handin.hand_in(module, nowhere, NOW)
    assert handin.receipts(module) == []
    assert not nowhere.take("M01")
    assert nowhere.feedback("M01") == []


def test_wrong_shapes_are_refused_before_anything_leaves(module: Path) -> None:
    (module / ANSWERS).write_bytes(b"[]")
    with pytest.raises(AnswersError):
        handin.pack(module)
