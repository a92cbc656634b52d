"""Reads YAML as it is written: every scalar a string, no key twice, and the line of every field.

PyYAML's own rules turn ``17:35`` into 1055 and ``1.200`` into 1.2; authors write times and Vietnamese numbers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from course.words import _
from grader.ground import text_files
from grader.ground.errors import ModuongError

_FAST: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's, where PyYAML was built with it: the same nodes and marks, some eight times as fast."""
_DEEPEST = 200
"""Levels up to which libyaml is used: at some ten thousand it ends the whole process."""
_BEFORE_TEXT = re.compile(r"^[ \t?:-]+", re.MULTILINE)
Lines = dict[tuple[str | int, ...], int]
"""Path of a field → its line, from 1."""


class YamlMistake(ValueError):
    """The YAML cannot be read; ``line`` counts from 1 within the text given."""

    def __init__(self, line: int, said: str) -> None:
        super().__init__(said)
        self.line = line
        self.said = said


def read(path: Path) -> tuple[Any, Lines]:
    """Read a YAML file as ``load_yaml`` reads its text.

    Raises:
        ModuongError: ``E-FILE-1`` no such file, ``E-FILE-2`` not UTF-8, ``E-YAML-1`` as ``part_of``.
    """
    return part_of(path, text_files.read(path))


def read_mapping(path: Path) -> tuple[dict[str, Any], Lines]:
    """Read a YAML file that holds fields; an empty one holds none.

    Raises:
        ModuongError: as ``read``; ``E-YAML-1`` also when it holds something else.
    """
    data, lines = read(path)
    if not isinstance(data, dict):
        raise _refused(path, 1, _("nội dung phải là các cặp «khóa: giá trị»."))
    return data, lines


def part_of(path: Path, text: str, above: int = 0) -> tuple[Any, Lines]:
    """Read YAML that stands in a file, with ``above`` lines before it.

    Raises:
        ModuongError: ``E-YAML-1`` malformed YAML, or a key written twice; it names file and line.
    """
    try:
        return load_yaml(text)
    except YamlMistake as error:
        raise _refused(path, error.line + above, error.said) from None


def _refused(path: Path, line: int, said: str) -> ModuongError:
    return ModuongError("E-YAML-1", _("{path}:{line}: {said}", path=path, line=line, said=said))


def load_yaml(text: str) -> tuple[Any, Lines]:
    """Read YAML with every scalar a string; return the data and the line (from 1) of each field's path.

    Raises:
        YamlMistake: for malformed YAML and for a key written twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader if _may_be_deep(text) else _FAST)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlMistake(line, _("YAML sai cú pháp ({problem}).", problem=error.problem)) from None
    except RecursionError:
        raise YamlMistake(1, _("YAML sai cú pháp ({problem}).", problem="nested too deep")) from None
    except yaml.YAMLError:
        raise YamlMistake(1, _("YAML sai cú pháp.")) from None
    lines: Lines = {}
    return (_construct(node, (), lines) if node is not None else {}), lines


def _may_be_deep(text: str) -> bool:
    """Say whether the levels of a text may be more than ``_DEEPEST``.

    By what opens one in a line, or stands before it.
    """
    return text.count("[") + text.count("{") > _DEEPEST or any(
        len(run) > _DEEPEST for run in _BEFORE_TEXT.findall(text)
    )


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
