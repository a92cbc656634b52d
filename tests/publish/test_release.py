"""A release is proven to show no key: one planted leak per kind, each caught.

A failed generation keeps the earlier release.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook import nbgrader_bridge
from grader.ground.errors import ModuongError
from grader.publish import build, proof, release
from tests.support.people import NUMBER, ROOT, SINGLE, Author, Instructor, moduong

SECRET = "Hiểu thói quen của nhóm rồi mới chọn kênh phù hợp."


def edit(path: Path, change: Callable[[Any], None]) -> None:
    data = json.loads(path.read_bytes())
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def cell(folder: Path, number: int, **fields: Any) -> None:
    edit(folder / "T01.ipynb", lambda nb: nb["cells"][number].update(fields))


PLANTS: dict[str, Callable[[Path], None]] = {
    "a key field in items.json": lambda f: edit(
        f / "items.json", lambda d: d["items"][0]["variants"][0].update(correct=["B"])
    ),
    "feedback in items.json": lambda f: edit(
        f / "items.json", lambda d: d["items"][0]["variants"][0]["options"][0].update(feedback="x")
    ),
    "an item field that is staff's": lambda f: edit(
        f / "items.json", lambda d: d["items"][1].update(component_min="2")
    ),
    "a changed cell": lambda f: cell(f, 2, source='ask("T01-Q01"); print("B")'),
    "a hidden test left in": lambda f: cell(f, 3, source='from grader import points; points("T01-Q01")'),
    "a cell too many": lambda f: edit(f / "T01.ipynb", lambda nb: nb["cells"].append(nb["cells"][0])),
    "an output": lambda f: cell(f, 2, outputs=[{"output_type": "stream", "name": "stdout", "text": "B"}]),
    "cell metadata": lambda f: cell(f, 2, metadata={"nbgrader": {}, "key": "B"}),
    "text in notebook metadata": lambda f: edit(f / "T01.ipynb", lambda nb: nb["metadata"].update(note=SECRET)),
    "text in another file": lambda f: (f / "ghi-chu.txt").write_text(SECRET, encoding="utf-8") and None,
    "text in decomposed form": lambda f: (
        (f / "a.txt").write_text(unicodedata.normalize("NFD", SECRET), encoding="utf-8") and None
    ),
    "text with JSON escapes": lambda f: (
        (f / "a.json").write_text(json.dumps({"x": [SECRET]}, ensure_ascii=True)) and None
    ),
    "text with HTML escapes": lambda f: (f / "a.html").write_text("".join(f"&#{ord(c)};" for c in SECRET)) and None,
    "text as base64": lambda f: (f / "a.bin").write_bytes(b"x = " + base64.b64encode(SECRET.encode())) and None,
    "text as a hash": lambda f: (
        (f / "a.txt").write_text(hashlib.sha256(SECRET.casefold().encode()).hexdigest()) and None
    ),
    "text in a file name": lambda f: (f / f"{SECRET[:-1]}.txt").write_text("") or None,
    "text in upper case": lambda f: (f / "a.txt").write_text(SECRET.upper(), encoding="utf-8") and None,
    "a link": lambda f: (f / "a.txt").symlink_to("/etc/hostname"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_each_planted_leak_is_caught(instructor: Instructor, plant: str) -> None:
    text = instructor.author.text("T01")
    folder = instructor.workspace.release("T01")
    assert proof.leaks(folder, text) == []
    PLANTS[plant](folder)
    assert proof.leaks(folder, text) != []


def test_the_words_searched_for_are_all_staff_texts(instructor: Instructor) -> None:
    wanted = proof.staff_only(instructor.author.text("T01"))
    assert SECRET in wanted.whole.values()
    assert not any("Hỏi tổ trưởng" in s for s in wanted.whole.values())


def test_a_leak_stops_the_release_and_keeps_the_earlier_one(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in instructor.workspace.release("T01").iterdir() if p.is_file()}
    real = nbgrader_bridge.generate

    def leaking(workspace: Any, module: str) -> None:
        real(workspace, module)
        (workspace.release(module) / "dap-an.txt").write_text(SECRET, encoding="utf-8")

    monkeypatch.setattr(nbgrader_bridge, "generate", leaking)
    with pytest.raises(ModuongError, match="E-REL-3"):
        release.release(instructor.workspace, instructor.author.text("T01"))
    assert {p.name: p.read_bytes() for p in instructor.workspace.release("T01").iterdir() if p.is_file()} == before


def test_a_failed_generation_keeps_the_earlier_release(instructor: Instructor) -> None:
    before = {p.name: p.read_bytes() for p in instructor.workspace.release("T01").iterdir() if p.is_file()}
    edit(instructor.workspace.source("T01") / "T01.ipynb", lambda nb: nb["cells"].append(nb["cells"][2]))
    with pytest.raises(ModuongError, match="E-REL-1"):
        release.release(instructor.workspace, instructor.author.text("T01"))
    assert {p.name: p.read_bytes() for p in instructor.workspace.release("T01").iterdir() if p.is_file()} == before


def test_releases_that_differ_only_in_keys_are_byte_identical(tmp_path: Path) -> None:
    other = SINGLE.replace(", correct: true", "").replace(
        'cho bài viết.", feedback: "Quảng cáo', 'cho bài viết.", correct: true, feedback: "Khác hẳn: quảng cáo'
    )
    number = NUMBER.replace("91.25", "77.5").replace("value: 9,", "value: 12,").replace("0.9125", "0.775")
    assert other != SINGLE
    folders = []
    for name, texts in (("a", (SINGLE, NUMBER)), ("b", (other, number))):
        author = Author(tmp_path / name).writes_course()
        author.writes("T01", *texts)
        one = Instructor(author, tmp_path / name / "workspace").releases("T01")
        folders.append(
            {
                str(p.relative_to(one.workspace.release("T01"))): p.read_bytes()
                for p in one.workspace.release("T01").rglob("*")
                if p.is_file()
            }
        )
    assert folders[0] == folders[1]
    assert set(folders[0]) == {"T01.ipynb", "items.json", "bai-hoc.ipynb", "practice.json"}


def test_keys_are_for_staff_only(instructor: Instructor) -> None:
    assert instructor.workspace.key("T01").stat().st_mode & 0o777 == 0o600
    assert not list(instructor.workspace.source("T01").rglob("*key*"))
    assert not (instructor.workspace.source("T01") / "answers.json").exists()


def test_a_module_that_was_not_built_is_refused(tmp_path: Path) -> None:
    one = Instructor(Author(tmp_path).writes_course(), tmp_path / "workspace")
    with pytest.raises(ModuongError, match="E-REL-4"):
        release.release(one.workspace, one.author.text("T01"))


def test_a_text_that_was_broken_since_it_was_built_is_a_sentence(instructor: Instructor) -> None:
    before = (instructor.workspace.release("T01") / "items.json").read_bytes()
    instructor.author.writes("T01", SINGLE.replace("type: single", "type: choice"), NUMBER)
    with pytest.raises(ModuongError, match="E-BUILD-1"):
        release.release(instructor.workspace, instructor.author.text("T01"))
    assert (instructor.workspace.release("T01") / "items.json").read_bytes() == before


def test_building_twice_writes_the_same_bytes(instructor: Instructor) -> None:
    def derived() -> dict[Path, bytes]:
        root = instructor.workspace.root
        return {
            p: p.read_bytes() for part in ("keys", "source", "lessons") for p in (root / part).rglob("*") if p.is_file()
        }

    before = derived()
    shutil.rmtree(instructor.workspace.root / "lessons")
    for module in ("T01", "T02"):
        build.build(instructor.workspace, instructor.author.text(module))
    assert derived() == before


def test_every_shipped_module_can_be_released(tmp_path: Path) -> None:
    """A word that only staff may see must not stand in a figure or lesson either: the author hears of it here."""
    for command in ("build", "release"):
        done = moduong(command, "--workspace", tmp_path / "workspace", "--lang", "en")
        assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(list((ROOT / "course" / "lessons").glob("*.md")))
