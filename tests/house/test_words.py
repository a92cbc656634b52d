"""Two languages, one mechanism: every sentence of the code stands in every catalogue, with the fields it is given."""

from __future__ import annotations

import ast
import pickle
import re
import string

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from course.words import LANGUAGES, SOURCE, Text, _, catalogue, into, joined
from tests.support.people import ROOT

OTHERS = [lang for lang in LANGUAGES if lang != SOURCE]


def in_the_code() -> set[str]:
    """Return every sentence that ``make words`` finds."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = (
        message
        for folder in ("course", "grader")
        for _file, _line, message, *_more in extract_from_dir(ROOT / folder, methods, options)
    )
    return {message for message in found if isinstance(message, str)}


def fields(template: str) -> set[str]:
    return {
        (name or "").split(".")[0].split("[")[0]
        for _t, name, _s, _c in string.Formatter().parse(template)
        if name is not None
    }


@pytest.mark.parametrize("lang", OTHERS)
def test_a_catalogue_holds_every_sentence_of_the_code_translated_and_no_other(lang: str) -> None:
    with (ROOT / "course" / "locale" / f"{lang}.po").open("rb") as file:
        entries = [m for m in read_po(file) if m.id]
    assert {m.id for m in entries} == in_the_code(), "run `make words`, then translate what is empty"
    assert [m.id for m in entries if not m.string or m.fuzzy] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_a_translation_uses_only_fields_that_the_code_gives(lang: str) -> None:
    words, wrong = catalogue(lang), []
    for path in [*(ROOT / "course").rglob("*.py"), *(ROOT / "grader").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args
            ):
                continue
            template = ast.literal_eval(node.args[0])
            given = {k.arg for k in node.keywords}
            if None in given or not given:  # given as a mapping, or filled later by position
                given = fields(template)
            if fields(template) - given or fields(words.get(template, "")) - given:
                wrong.append((path.name, node.lineno, template))
    assert wrong == []


def test_a_sentence_is_said_in_the_language_asked_for_with_its_parts() -> None:
    inner = _("lý do (--reason)")
    said = _("Thiếu {what}; sổ cái cần ghi lại vì sao.", what=inner)
    assert said == "Thiếu lý do (--reason); sổ cái cần ghi lại vì sao."
    assert into(said, "en") == "Missing: a reason (--reason). The ledger records why."
    assert into(joined("; ", [said, "M02"]), "en") == "Missing: a reason (--reason). The ledger records why.; M02"
    assert into(pickle.loads(pickle.dumps(said)), "en") == into(said, "en")
    assert into("Tên của tác giả", "en") == "Tên của tác giả"


def test_a_value_with_braces_is_not_read_as_a_field() -> None:
    said = _("{path}: không có tệp này.", path="{evil}.csv")
    assert said == "{evil}.csv: không có tệp này."
    assert isinstance(said, Text)
    assert into(said, "en").startswith("{evil}.csv")
    assert into(joined(" ", [said, "{x}"]), "en").endswith("{x}")


def test_no_language_is_chosen_by_comparing_with_its_name() -> None:
    """A third language is a file: no code may ask which language it is and say something itself."""
    asked = [
        path.relative_to(ROOT)
        for path in [*(ROOT / "course").rglob("*.py"), *(ROOT / "grader").rglob("*.py")]
        if re.search(r"lang\w* *[!=]= *[\"']\w", path.read_text(encoding="utf-8"))
    ]
    assert asked == []
