"""The rooms: arrows one way, few doors, no circle, nothing overcrowded; and the picture shows what is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench import house, rooms
from tests.support.doors import doors
from tests.support.people import ROOT

PLANTED = {
    "grader/intake/collect.py": "from grader.report import charts\n",  # upward, and through a wall
    "grader/report/charts.py": "from grader.marking import grade\n",  # within a line
    "grader/completion/count.py": "from grader.roster import lineage\nfrom grader.roster import rules\n",
    "grader/roster/tables/grid.py": "from grader.roster import records\n",  # upward within a room
    "grader/coordinator/view.py": "from grader.report.tables import units\n",  # past the doors of a sub-room
    "course/items.py": "import grader.ground.errors\n",
    "grader/feedback/page.py": "import nbgrader\nimport course.page\n",
    "course/host/settings.py": "import anywidget\nfrom course.host import server\n",
    "grader/ground/pass_rule.py": "import grader.ground.syllabus\n",
    "grader/ground/syllabus.py": "import grader.ground.pass_rule\n",
}


def contracts(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), "COLUMNS": "200"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_every_contract_is_kept() -> None:
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout


def test_planted_arrows_break_every_contract_and_are_named(tmp_path: Path) -> None:
    for folder in ("grader", "course", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in PLANTED.items():
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    done = contracts(tmp_path)
    assert done.returncode == 1
    assert ", 0 kept," not in done.stdout
    assert "Contracts: 0 kept" in done.stdout
    said = " ".join(done.stdout.split())
    for arrow in (
        "grader.intake is not allowed to import grader.report",
        "grader.report is not allowed to import grader.marking",
        "grader.completion.count -> grader.roster.rules: not a door",
        "grader.coordinator.view -> grader.report.tables.units: not a door",
        "course.items -> grader.ground.errors",
        "grader.feedback.page -> nbgrader",
        "grader.feedback.page -> course.page",
    ):
        assert arrow in said, arrow


def test_every_door_is_a_module_of_its_room() -> None:
    named = doors("grader")
    assert set(named) >= {"ground", "box", "roster", "report"}
    exists = {
        room: {n for n in names if list((ROOT / "grader" / room).glob(f"{n.replace('.', '/')}*"))}
        for room, names in named.items()
    }
    assert {room: names - exists[room] for room, names in named.items() if names - exists[room]} == {
        "coordinator": {"coordinator"},  # the function that a notebook asks for
        "itemtypes": {"TYPES"},
    }


def test_every_room_says_what_it_is_for_and_stands_in_contributing() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for room in (name for row in rooms.lines() for name in row):
        assert f"| `{room}` |" in told, room


@pytest.mark.parametrize("folder", sorted(house.crowded()))
def test_a_folder_holds_what_can_be_taken_in_at_a_glance(folder: str) -> None:
    assert house.crowded()[folder] <= house.MOST_MODULES


def test_modules_and_functions_are_short_and_what_is_public_is_documented() -> None:
    found = house.modules()
    assert [(str(m.path), m.lines) for m in found if m.lines > house.LONGEST_MODULE] == []
    assert [(str(m.path), n, size) for m in found for n, size in m.bodies if size > house.LONGEST_BODY] == []

    assert [(str(m.path), name) for m in found for name in m.bare] == []


def test_the_picture_of_the_rooms_is_drawn_from_the_imports() -> None:
    assert rooms.circles(rooms.arrows()) == []
    assert rooms.PICTURE.read_text(encoding="utf-8") == rooms.draw(), "run `python -m bench.rooms`"
    assert "docs/images/rooms.svg" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
