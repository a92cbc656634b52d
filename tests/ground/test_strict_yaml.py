"""YAML is read alike with and without libyaml, and depth is a mistake, never the end of the process."""

from __future__ import annotations

import pytest
import yaml

from grader.ground import strict_yaml
from grader.text import myst
from tests.support.people import ROOT

DEEP = ["[" * 400, "{a: " * 50_000, "- " * 50_000, "? " * 50_000]


@pytest.mark.parametrize("text", DEEP, ids=["list", "mapping", "dashes", "keys"])
def test_depth_is_a_mistake(text: str) -> None:
    with pytest.raises(strict_yaml.YamlMistake):
        strict_yaml.load_yaml(text)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="this PyYAML has no libyaml to compare with")
def test_both_readers_see_the_same_data_and_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [b.text for b in myst.read(ROOT / "tests" / "all_options.md").blocks if b.kind == "item"]
    fast = [strict_yaml.load_yaml(text) for text in items]
    monkeypatch.setattr(strict_yaml, "_FAST", yaml.BaseLoader)
    assert [strict_yaml.load_yaml(text) for text in items] == fast
