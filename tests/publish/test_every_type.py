"""An exercise with one question of every type is built and released: the files it needs go out, its keys do not."""

from __future__ import annotations

import json
from pathlib import Path

from grader.ground.workspace import open_workspace
from grader.publish import build, release
from tests.support import type_examples


def test_every_type_goes_out_with_its_files_and_without_its_key(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "lop", "thu")
    text = type_examples.text()
    built = build.build(workspace, text)
    assert (built.items, built.problem) == (len(type_examples.examples()), None)
    release.release(workspace, text)
    out = workspace.release("M02")
    assert sorted(f.name for f in (out / "data").iterdir()) == ["ca-truc-1.csv", "tram-mau.svg"]
    public = json.loads((out / "items.json").read_bytes())["items"]
    assert {item["type"] for item in public} == set(type_examples.examples())
    shown = json.dumps(public, ensure_ascii=False)
    assert "Hãy lấy 34 chia cho 40." not in shown
    assert '"correct"' not in shown
    assert '"key"' not in shown
