"""Prints a report page to PDF with a Chromium that is already on the machine: the one place that starts a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_SECONDS = 120
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def browser() -> str | None:
    """Return the browser to print with: ``$MODUONG_CHROMIUM``, or the first of ``BROWSERS`` on the path.

    None without.
    """
    named = os.environ.get("MODUONG_CHROMIUM", "")
    candidates = (named,) if named else BROWSERS
    return next((path for path in map(shutil.which, candidates) if path), None)


def write(page: Path, pdf: Path) -> Path:
    """Print ``page`` to ``pdf`` and return ``pdf``; its text can be searched, its paper is A4 (the page's own CSS).

    Raises:
        ModuongError: ``E-PDF-1`` no browser, ``E-PDF-2`` the browser wrote no PDF in time; an earlier PDF stays.
    """
    program = browser()
    if program is None:
        raise ModuongError(
            "E-PDF-1",
            _(
                "Chưa có trình duyệt Chromium để in PDF. Hãy cài (Debian, Ubuntu: apt install chromium), hoặc mở "
                "bản HTML rồi chọn In → Lưu thành PDF."
            ),
        )
    with tempfile.TemporaryDirectory(prefix="moduong-pdf-") as folder:
        fresh = Path(folder) / "report.pdf"
        # as root Chromium starts only without its sandbox; the page is our own, and its policy forbids all requests
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        command = [
            program,
            *_QUIET,
            *root,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={fresh}",
            page.resolve().as_uri(),
        ]
        try:
            # Our own words
            done = subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603
            failed = done.returncode != 0 or not fresh.exists()
        except (subprocess.TimeoutExpired, OSError):
            failed = True
        if failed:
            raise ModuongError(
                "E-PDF-2",
                _(
                    "{program} không in được {page} ra PDF. Hãy mở bản HTML trong trình duyệt rồi chọn In → "
                    "Lưu thành PDF.",
                    program=program,
                    page=page,
                ),
            )
        shutil.copyfile(fresh, pdf.with_suffix(".tmp"))
        pdf.with_suffix(".tmp").replace(pdf)
    return pdf
