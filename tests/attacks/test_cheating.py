"""Cheats on the judge rather than on the box: 25 and 27 to 30 of docs/design.md §8.8.

Expected values are never where the cheat is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from course import items
from grader.box import code_items
from tests.support.box_arena import DATA, EXACT, HONEST, Arena, values

NOTHING = {"M10-Q01": 0, "M10-Q02": 0}


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    ours = Arena()
    yield ours
    ours.close()


SET = "tong = ten = nhom = {0}\ngap = lambda x: {0}\n"
CHEATS = {
    "an object that equals everything": "class E:\n    def __eq__(self, o): return True\n    __hash__ = None\n"
    + SET.format("E()"),
    "a number that equals everything": "class F(float):\n    def __eq__(self, o): return True\n    __hash__ = None\n"
    + SET.format("F(1)"),
    "a string that equals everything": "class S(str):\n    def __eq__(self, o): return True\n    __hash__ = None\n"
    + SET.format("S('x')"),
    "helpers replaced": (
        "import math, sys, types\nmath.isclose = lambda *a, **k: True\nsys.modules['helper'] = "
        "types.ModuleType('helper')\n"
    )
    + SET.format("1"),
    "built-ins replaced": (
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = lambda x: True\nbuiltins.isinstance = lambda *a: "
        "True\n"
    )
    + SET.format("1"),
    "a transformer of syntax trees": (
        "get_ipython().ast_transformers.append(None)\nimport ast\nast.parse = compile = None\n"
    )
    + SET.format("1"),
    "a transformer of input": (
        "from IPython.core import inputtransformer2 as t\nt.TransformerManager.transform_cell = lambda s, c: 'tong = "
        "1'\n"
    )
    + SET.format("1"),
    "run_cell replaced": "get_ipython().run_cell = lambda *a: True\n" + SET.format("1"),
    "the runner's frame rewritten": (
        "import sys\nf = sys._getframe()\nwhile f:\n    for k in list(f.f_globals):\n        if k in ('_value', "
        "'_plain'):\n"
        "            f.f_globals[k] = lambda *a: {'value': True}\n    f = f.f_back\n" + SET.format("1")
    ),
    "a trace": "import sys\nsys.settrace(lambda f, e, a: f.f_locals.update(right=True))\n" + SET.format("1"),
    "the process ends well": "import os\nos._exit(0)",
    "a display hook": "import sys\nsys.displayhook = print\nget_ipython().displayhook(5)\nprint(5)\n5",
    "a display publisher": "get_ipython().display_pub.publish(data={'text/plain': '5'})\ndisplay(5)\n"
    + SET.format("True"),
    "the whole of strict JSON": SET.format("[None, True, 1e308, '', {}]"),
}


@pytest.mark.parametrize("name", CHEATS)
def test_25_cheats_earn_nothing(arena: Arena, name: str) -> None:
    assert arena.cheated(CHEATS[name]) == NOTHING


def test_25_nothing_to_find_in_memory(arena: Arena) -> None:
    look = """
import gc, sys
found, frame = set(), sys._getframe()
things = [*gc.get_objects()]
while frame:
    things += [frame.f_locals, frame.f_globals]
    frame = frame.f_back
for thing in things:
    if type(thing) is dict:
        found |= {k for k in thing if k in ("expected", "solution", "tol", "points", "feedback")
                  and type(thing.get("checks")) is not type(None)}
tong, ten, nhom = sorted(found), 0, 0
"""
    scored = code_items.score(
        arena.items, {"M10-Q01": look}, {"so-1.csv": b"ten,n\na,1\n", "so-2.csv": b"ten,n\na,1\n"}, arena.box
    )
    assert scored["M10-Q01"].points == 0
    run = arena.run(look.replace("tong, ten, nhom = ", "found = ").replace("sorted(found), 0, 0", "sorted(found)"))
    assert values(run) == [[]]


def test_25_a_copied_number_earns_nothing(arena: Arena) -> None:
    scored = code_items.score(
        arena.items,
        {"M10-Q01": "tong = 10\nten = ['an', 'binh']"},
        {**dict.fromkeys(("so-1.csv", "so-2.csv"), b"ten,n\nan,3\n")},
        arena.box,
    )
    assert scored["M10-Q01"].points == 0
    assert [n.text for n in scored["M10-Q01"].notes] == [code_items.ELSEWHERE] * 2


LINES = {
    "a value ahead of time": """b'{"cell":0}\\n{"cell":0,"check":0,"value":10}\\n'""",
    "every line there is": """b'{"cell":0}\\n{"cell":0,"check":0,"value":10}\\n{"cell":0,"check":1,"value":1}\\n{"cell":1}\\n' * 2""",  # noqa: E501
    "another cell": """b'{"cell":1}\\n'""",
    "a truth value as number": """b'{"cell":false}\\n'""",
    "NaN": """b'{"cell":0}\\n{"cell":0,"check":0,"value":NaN}\\n'""",
    "infinity": """b'{"cell":0}\\n{"cell":0,"check":0,"value":-Infinity}\\n'""",
    "an infinite number": """b'{"cell":0}\\n{"cell":0,"check":0,"value":1e999}\\n'""",
    "a number of 10 MB": """b'{"cell":0}\\n{"cell":0,"check":0,"value":' + b'9' * 10_000_000""",
    "a number of 10 kB": """b'{"cell":0}\\n{"cell":0,"check":0,"value":' + b'9' * 10_000 + b'}\\n'""",
    "nesting": """b'{"cell":0}\\n{"cell":0,"check":0,"value":' + b'[' * 100_000 + b']' * 100_000 + b'}\\n'""",
    "nesting by one": """b'{"cell":0}\\n{"cell":0,"check":0,"value":' + b'[' * 21 + b']' * 21 + b'}\\n'""",
    "a key twice": """b'{"cell":0,"cell":0}\\n'""",
    "a field too many": """b'{"cell":0,"points":2}\\n'""",
    "no JSON": """b"__import__('os')\\n" """,
    "no UTF-8": """b'{"cell":0,"error":"\\xff","line":0,"name":""}\\n'""",
    "a pickle": """b'\\x80\\x04\\x95\\n'""",
    "an empty line": """b'\\n'""",
}


@pytest.mark.parametrize("name", LINES)
def test_27_forged_lines_are_rejected(arena: Arena, name: str) -> None:
    forge = f"import os\nline = {LINES[name]}\nos.write(1, line[:1000])\nos.write(2, line[:1000])\n"
    forge += "view = memoryview(line)\nwhile view:\n    view = view[os.write(3, view):]\n"
    assert arena.score({"M10-Q01": forge + HONEST["M10-Q01"], "M10-Q02": HONEST["M10-Q02"]}) == NOTHING
    assert arena.run(forge + "found = 1").verdict == "rejected"


def test_27_lines_after_the_last_are_rejected(arena: Arena) -> None:
    late = (
        "import os, threading, time\nend = os._exit\ndef wait(code):\n    os.write(3, b'{\"cell\":0}\\n')\n    "
        "end(0)\nos._exit = wait\nfound = 1"
    )
    run = arena.run(late + "\nimport grader.box.runner as r\nr.leave = lambda: wait(0)")
    assert run.verdict == "rejected"


def test_28_leaving_between_items_keeps_what_was_earned(arena: Arena) -> None:
    assert arena.score({**HONEST, "M10-Q02": "import os\nos._exit(0)"}) == {"M10-Q01": EXACT["M10-Q01"], "M10-Q02": 0}
    assert arena.score({**HONEST, "M10-Q01": "import os\nos._exit(0)"}) == NOTHING


@pytest.mark.parametrize(
    "answer",
    ["tong = 10**400\nten = tong", "tong = float('inf')\nten = -tong", HONEST["M10-Q01"] + "\ntong = [tong] * 1000"],
)
def test_29_points_stay_within_the_item(arena: Arena, answer: str) -> None:
    for score in code_items.score(arena.items, {**HONEST, "M10-Q01": answer}, DATA, arena.box).values():
        assert isinstance(score, items.ItemScore)
        assert score.points is not None
        assert 0 <= score.points <= score.max_points


def test_30_nothing_leaks_into_the_next_submission(arena: Arena) -> None:
    spoil = """
import builtins, json, pandas, random, sys, os
builtins.sum = builtins.len = builtins.open = builtins.compile = lambda *a, **k: 7
pandas.DataFrame.groupby = pandas.read_csv = lambda *a, **k: 1/0
json.dumps = lambda *a, **k: '{}'
sys.modules.clear()
os.environ.clear()
"""
    assert arena.cheated(spoil) == NOTHING
