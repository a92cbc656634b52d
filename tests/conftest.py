"""Fixtures: a tiny course that is built and released once per test session, and copied for each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.people import Author, Instructor

settings.register_profile("untimed", deadline=None)  # how fast a machine is decides no test; make bench measures
settings.load_profile("untimed")
pytest.register_assert_rewrite("tests.support.cadre_browser")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny course and a workspace in which both modules are released."""
    folder = tmp_path_factory.mktemp("released")
    one = Instructor(Author(folder).writes_course(), folder / "workspace").releases()
    one.engine.dispose()  # its write-ahead log must not vanish while a test copies the folder
    return folder


@pytest.fixture
def instructor(released: Path, tmp_path: Path) -> Instructor:
    """An instructor with a released tiny course of his or her own."""
    folder = tmp_path / "khoa-hoc"
    shutil.copytree(released, folder)
    return Instructor(Author(folder), folder / "workspace")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: what a test needs is installed by ``.ci/run``."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = 1
