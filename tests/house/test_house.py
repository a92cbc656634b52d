"""The house.

One list of dependencies, documents that know every command, item type and error code, and no stray facts.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
import unicodedata
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from grader.cli import app
from grader.itemtypes import TYPES
from grader.roster.row_findings import SENTENCES
from tests.support.people import ROOT, moduong

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCS = "\n".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
CODE = re.compile(r'"((?:E|ROS|ATT|IND)-[A-Z0-9]+(?:-[A-Z0-9]+)*)"')


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def commands() -> list[str]:
    group = get_command(app)
    found = []
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [f"{name} {sub}" for sub in sorted(inner)] if inner else [name]
    return found


def test_environment_and_project_agree_in_names_and_ranges() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert conda[0] == "python" + PROJECT["requires-python"]
    assert conda[1:] == PROJECT["dependencies"]


def test_every_dependency_is_locked_with_a_hash() -> None:
    locked = {
        m[1].lower().replace("_", "-")
        for m in re.finditer(
            r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    wanted = [*PROJECT["dependencies"], *(d for extra in PROJECT["optional-dependencies"].values() for d in extra)]
    names = {re.split(r"[\[<>=!~; ]", d)[0].lower().replace("_", "-") for d in wanted}
    assert names <= locked
    assert "--hash=sha256:" in (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented_and_has_help_with_an_example(command: str) -> None:
    assert f"moduong {command}" in DOCS
    shown = moduong(*command.split(), "--help")
    assert shown.returncode == 0
    assert "Ví dụ: moduong" in shown.stdout


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_item_type_is_documented(kind: str) -> None:
    assert f"### {kind}\n" in (ROOT / "docs" / "items.md").read_text(encoding="utf-8")


def test_every_error_code_is_documented() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    used = {
        m[1]
        for p in [*(ROOT / "grader").rglob("*.py"), *(ROOT / "course").rglob("*.py")]
        for m in CODE.finditer(p.read_text(encoding="utf-8"))
    }
    assert sorted(code for code in used if f"`{code}`" not in page) == []


def test_coordinators_read_every_finding_in_the_words_of_the_program() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    said = {kind: sentence for kind, sentence in SENTENCES.items() if "/" not in kind}
    assert [
        kind for kind, sentence in said.items() if f"| `{kind}` | {sentence[0].upper()}{sentence[1:]} | " not in page
    ] == []


def test_no_document_names_a_code_or_command_that_is_gone() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    used = {
        m[1]
        for p in [*(ROOT / "grader").rglob("*.py"), *(ROOT / "course").rglob("*.py")]
        for m in CODE.finditer(p.read_text(encoding="utf-8"))
    }
    assert sorted(c for c in re.findall(r"^\| `([A-Z0-9-]+)`", page, re.MULTILINE) if c not in used) == []
    first_words = {c.split()[0] for c in commands()}
    assert {w for w in re.findall(r"^moduong ([a-z]+)", DOCS, re.MULTILINE) if w not in first_words} == set()


def test_every_link_and_picture_in_the_documents_exists() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]:
        text = re.sub(
            r"^(`{3,}).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )  # examples are no links
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            if "…" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_style_stands_in_a_script() -> None:
    rule = re.compile(r"[.#]?[A-Za-z][^;(){}\"'`]*\{[^{}`]*[a-z-]+:\s[^{};`]+;[^{}`]*\}")
    scripts = [path for path in tracked() if path.suffix == ".js"]
    assert "remoteEntry.js" in {path.name for path in scripts}
    texts = {path: re.sub(r"/\*(?s:.*?)\*/|//.*", "", path.read_text(encoding="utf-8")) for path in scripts}
    assert [path for path, text in texts.items() if rule.search(text)] == []


def test_text_is_utf8_nfc_with_unix_line_ends() -> None:
    for path in tracked():
        if path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".js", ".css", ".j2", ".svg", ".csv"}:
            text = path.read_text(encoding="utf-8")
            assert "\r" not in text, path
            if path.parent.name != "tests":
                assert text == unicodedata.normalize("NFC", text), path


def test_no_path_of_one_machine_and_no_package_host_is_in_the_tree() -> None:
    hosts = re.compile(r"/root/|/home/[a-z]|pypi\.org|files\.pythonhosted|registry\.npmjs")
    for path in tracked():
        if path.name != "test_house.py" and path.suffix != ".png":
            assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), path


def test_the_wheel_holds_no_exercises() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert wheel["packages"] == ["course", "grader"]


def test_no_key_that_counts_is_in_the_public_folder() -> None:
    for lesson in (ROOT / "course" / "lessons").glob("*.md"):
        for fence in re.findall(r"```\{item\}(.*?)```", lesson.read_text(encoding="utf-8"), re.DOTALL):
            assert "practice: true" in fence, lesson
