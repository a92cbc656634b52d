"""Reads YAML as it is written: every scalar a string, no key twice, and the line of every field.

PyYAML's own rules turn ``17:35`` into 1055 and ``1.200`` into 1.2; authors write times and Vietnamese numbers.
"""

from __future__ import annotations

from typing import Any

import yaml

from course.words import _

Lines = dict[tuple[str | int, ...], int]
"""Path of a field → its line, from 1."""


class YamlMistake(ValueError):
    """The YAML cannot be read; ``line`` counts from 1 within the text given."""

    def __init__(self, line: int, said: str) -> None:
        super().__init__(said)
        self.line = line
        self.said = said


def load_yaml(text: str) -> tuple[Any, Lines]:
    """Read YAML with every scalar a string; return the data and the line (from 1) of each field's path.

    Raises:
        YamlMistake: for malformed YAML and for a key written twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlMistake(line, _("YAML sai cú pháp ({problem}).", problem=error.problem)) from None
    except yaml.YAMLError:
        raise YamlMistake(1, _("YAML sai cú pháp.")) from None
    lines: Lines = {}
    return (_construct(node, (), lines) if node is not None else {}), lines


def _construct(node: yaml.Node, path: tuple[str | int, ...], lines: Lines) -> Any:  # YAML data
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*path, index), lines) for index, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    data: dict[str, Any] = {}
    for key, child in node.value:
        if key.value in data:
            line = key.start_mark.line + 1
            raise YamlMistake(line, _("khóa «{value}» viết hai lần.", value=key.value))
        data[key.value] = _construct(child, (*path, key.value), lines)
        lines[(*path, key.value)] = key.start_mark.line + 1
    return data
