"""When a protection is missing there is no box: 53 to 55 of docs/design.md §8.8."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.box import code_items
from grader.box import command as box_command
from grader.box import probe as box_probe
from grader.box.box import Box, NoIsolation
from tests.support.box_arena import DATA, ITEMS, Arena, leavings

BARE = ()
"""No module is preloaded: such a box starts in a tenth of a second."""

WITHOUT_NAMESPACES = """
import json, sys
from decimal import Decimal
from course import items
from grader.box import code_items, command as box_command, kernel as box_kernel, probe as box_probe, seccomp as box_seccomp
box_seccomp._ALWAYS.clear()  # as in Docker: namespaces alone are refused
box_kernel.no_new_privileges()
box_kernel.install_filter(box_seccomp.program(box_command.machine(), "cell"))
single = {"id": "M10-Q09", "type": "single", "points": "1", "critical": None, "component_min": None, "withdrawn": False,
          "variants": [{"options": [{"id": "A"}, {"id": "B"}], "correct": ["A"], "feedback": {"A": "", "B": ""}, "veto": []}]}
code = json.load(sys.stdin)
try:
    box_probe.open_box()
    told = "a box"
except box_command.NoIsolation as error:
    told = f"{error.code} {error.said}"
    scores = code_items.ungraded(code, {"M10-Q01": "open('/tmp/moduong-ran', 'w')"}, error.said)
print(json.dumps([told, str(items.score(single, "A").points), [(s.points, s.state) for s in map(scores.get, ("M10-Q01", "M10-Q02")) if s] ], default=str))
"""  # noqa: E501


def test_53_without_namespaces_code_waits_and_data_is_graded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NAMESPACES],
        input=json.dumps(ITEMS),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert not done.stderr
    told, single, code = json.loads(done.stdout)
    assert told.startswith("E-ISO-1 ")
    assert "sudo sysctl" in told
    assert single == "1.00"
    assert code == [[None, "pending_manual"], ["0", "blank"]]
    assert not Path("/tmp/moduong-ran").exists()


def test_53_without_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoIsolation, match="apt install bubblewrap") as caught:
        box_probe.open_box()
    assert caught.value.code == "E-ISO-1"


def test_53_on_another_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoIsolation, match="Linux"):
        box_probe.open_box()


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
def test_53_root_that_cannot_be_dropped() -> None:
    source = (
        "from grader.box.probe import open_box\ntry:\n    open_box()\nexcept Exception as error:\n    "
        "print(error.code, error.text('en'))"
    )
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stdout.startswith("E-ISO-2 "), done
    assert "ordinary user" in done.stdout


@pytest.mark.parametrize(
    ("missing", "noticed"),
    [
        ("net", "not protected: net"),
        ("pid", "not protected: pid"),
        ("mnt", "not protected: mnt"),
        ("ipc", "not protected: ipc"),
        ("uts", "not protected: uts"),
        ("caps", "not protected: caps"),
        ("seccomp", "not protected: seccomp"),
        ("zygote-seccomp", "not protected: seccomp"),
        ("fds", "not protected: fds"),
        ("nproc", "not protected: limits"),
        ("proc", "sees other processes"),
        # the same with the warden's own look switched off: the canaries alone must find the hole
        ("net audit", "reaches the canary socket"),
        ("pid audit", "a process outlived its box"),
        ("mnt audit", "sees other processes"),
        ("seccomp audit", "may call unshare"),
        ("fds audit", "inherits handle"),
        ("nproc audit", "starts more processes than allowed"),
    ],
)
def test_54_a_missing_protection_is_noticed(missing: str, noticed: str) -> None:
    with pytest.raises(NoIsolation, match=noticed) as caught:
        box_probe.open_box(preload=BARE, without=frozenset(missing.split()))
    assert caught.value.code == "E-ISO-1"


def test_54_nothing_missing_nothing_noticed(tmp_path: Path) -> None:
    with box_probe.open_box([tmp_path], preload=BARE) as box:
        assert box_probe.holes(box, [tmp_path]) == []


def test_54_a_folder_that_must_not_be_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    seen = box_command.folders
    monkeypatch.setattr(box_command, "folders", lambda: (*seen(), str(tmp_path)))
    with pytest.raises(NoIsolation, match="which learner code can read"):
        box_probe.open_box([tmp_path / "workspace"], preload=BARE)
    place = Path(tempfile.mkdtemp(dir="/var/tmp"))
    try:
        monkeypatch.setattr(box_command, "folders", lambda: (*seen(), str(place)))
        with Box(preload=BARE) as box:
            assert box_probe.holes(box, [place]) == [f"sees {place}"]
    finally:
        place.rmdir()


def planted(fault: str, act: Callable[[Arena], object]) -> object:
    """Do something to a box without one of its protections."""
    arena = Arena.__new__(Arena)
    arena.box = Box(without=frozenset({fault, "audit"}))
    try:
        arena.items = code_items.with_expected(ITEMS, DATA, arena.box)
        return act(arena)
    finally:
        arena.close()


def test_the_attacks_succeed_where_the_protection_is_taken_off() -> None:
    """The suite can fail: two of its attacks, on a box with the fault planted."""
    others = "import os\nfound = len([n for n in os.listdir('/proc') if n.isdigit()])"
    assert planted("proc", lambda arena: arena.found(others)) > 1  # type: ignore[operator]
    unshare = "import ctypes\nfound = ctypes.CDLL(None).unshare(0x10000000)"
    assert planted("seccomp", lambda arena: arena.found(unshare)) == 0


def test_55_a_hundred_submissions_leave_nothing() -> None:
    """``python -m bench boxes`` does it a thousand times."""
    assert leavings(100) == []
