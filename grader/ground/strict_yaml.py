"""Reads YAML as it is written: every scalar a string, no key twice, and the line of every field.

PyYAML's own rules turn ``17:35`` into 1055 and ``1.200`` into 1.2; authors write times and Vietnamese numbers.
"""

from __future__ import annotations

import contextlib
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
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        raise _mistake(error, text) from None
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


def _composed(text: str) -> yaml.Node | None:
    """Return the tree of a text; what the fast reader refuses is judged by the one in Python, whose words are known."""
    if not _may_be_deep(text):
        with contextlib.suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_FAST)
    return yaml.compose(text, Loader=yaml.BaseLoader)


_CURVED = "“”„‟‘’"
_PROBLEMS = (
    ("found unexpected end of stream", _("dấu ngoặc kép hay nháy mở ở dòng này không đóng.")),
    ("found unknown escape character", _("dấu \\ trong ngoặc kép; hãy viết \\\\, hoặc dùng khối «|».")),
    ("could not find expected ':'", _("dòng này thiếu dấu hai chấm sau tên trường.")),
    ("mapping values are not allowed", _("dấu hai chấm trong một giá trị; hãy đặt giá trị trong ngoặc kép.")),
    ("expected ',' or", _("thiếu dấu phẩy hay dấu ngoặc đóng; giá trị có dấu phẩy phải ở trong ngoặc kép.")),
    ("expected <block end>", _("dòng này thụt vào không đều với các dòng trên, hoặc có chữ sau dấu ngoặc kép đóng.")),
    ("that cannot start any token", _("giá trị bắt đầu bằng một dấu đặc biệt; hãy đặt trong ngoặc kép.")),
    ("found undefined alias", _("giá trị bắt đầu bằng dấu *; hãy đặt trong ngoặc kép.")),
    ("expected alphabetic or numeric", _("giá trị bắt đầu bằng dấu * hoặc &; hãy đặt trong ngoặc kép.")),
)
"""What the parser says → what an author reads."""


def _mistake(error: yaml.MarkedYAMLError, text: str) -> YamlMistake:
    """Return a parser's error at the line where an author finds it, in words of ours."""
    problem = str(error.problem or "")
    unclosed = problem.startswith("found unexpected end of stream") and error.context_mark
    mark = error.context_mark if unclosed else error.problem_mark
    line = mark.line + 1 if mark else 1
    rows = text.split("\n")
    if line <= len(rows) and any(c in rows[line - 1] for c in _CURVED):
        return YamlMistake(line, _('YAML sai cú pháp; dòng này có dấu ngoặc cong “ ”, YAML cần ngoặc thẳng ".'))
    said = next((said for start, said in _PROBLEMS if start in problem), None)
    return YamlMistake(line, _("YAML sai cú pháp: {said}", said=said) if said else _("YAML sai cú pháp."))


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
