"""The doctor says what the machine has, why something is missing, and what to do."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from course.words import into
from grader.box import attacks as box_attacks
from grader.commands.doctor import machine as doctor
from grader.commands.doctor.symptom import well


def test_a_machine_with_a_box(tmp_path: Path) -> None:
    symptoms = doctor.examine([tmp_path])
    assert well(symptoms)
    assert [s.name for s in symptoms if not s.well] == []
    lines = [s.text(lang) for s in symptoms for lang in ("vi", "en")]
    assert any(line.startswith("✓ box: kín; 300 s, 1024 MiB, 64 proc") for line in lines)
    assert any("uid" in line for line in lines)


def test_a_machine_without_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    symptoms = doctor.examine()
    assert not well(symptoms)
    assert {s.name for s in symptoms if not s.well} == {"bubblewrap", "box"}
    assert "sudo apt install bubblewrap" in symptoms[-1].text("vi")
    assert "E-ISO-1" in symptoms[-1].text("en")


def test_a_bubblewrap_that_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Path(tempfile.mkdtemp(dir="/var/tmp"))
    place.chmod(0o755)
    fake = place / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    last = doctor.examine()[-1]
    shutil.rmtree(place)
    assert not last.well
    assert "setting up uid map: Permission denied" in into(last.said, "en")
    assert "sudo sysctl" in into(last.said, "en")


def test_the_shipped_attacks(tmp_path: Path) -> None:
    fought = list(doctor.attack([tmp_path]))
    assert [doctor.fought_text(f) for f in fought if not f.stood] == []
    assert [f.attack.name for f in fought] == [a.name for a in box_attacks.ATTACKS]


def test_an_attack_that_gets_through_is_shown(tmp_path: Path) -> None:
    from grader.box.box import Box

    with Box(box_attacks.LIMITS, preload=()) as box:
        attack = box_attacks.Attack("through", "vượt qua", "found = [1]", found=[])
        fought = box_attacks.fight(box, attack)
    assert not fought.stood
    assert doctor.fought_text(fought) == "✗ through: vượt qua → ok, [1]"
