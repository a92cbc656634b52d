"""The preview of a module in a browser: a page on this machine alone, drawn anew when a file was saved.

Everything of it is files and JSON under an address that holds a secret: other users of the machine may connect too, and
keys are on it. The page's policy lets nothing run but its own script, and nothing be loaded from elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tornado import web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from course.rich import media
from course.widgets import code, drawings, styles, words_of
from course.words import _, into
from grader.desk import preview_state as state
from grader.ground.errors import ModuongError
from grader.ground.records import Finding
from grader.ground.syllabus import Syllabus
from grader.itemtypes import TYPES
from grader.text.module_text import ModuleText

LOOK_EVERY = 0.3
"""Seconds between two looks at the files."""
_HERE = Path(__file__).with_name("templates")
_FRAME = ("shelf.js", "dom.js", "saving.js", "fields.js")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_WORDS = {
    "title": _("Xem trước"),
    "learner": _("Người học thấy"),
    "key": _("Đáp án"),
    "feedback": _("Phản hồi"),
    "checking": _("đang soát…"),
    "clean": _("Không có điều cần xem."),
    "lesson": _("Bài học"),
    "exercise": _("Bài tập"),
    "variant": _("Mẫu"),
    "gone": _("Máy chủ xem trước đã dừng."),
}


@dataclass(slots=True)
class Preview:
    """One module that is being written.

    Attributes:
        rules: reads ``course.yaml`` anew.
        module, exercises, course: which text.
        lang: of the page and the findings.
        secret: part of every address.
        number: rises with each change of what is shown.
        text: as last read; ``None`` while it cannot be read.
        findings, checked: what is wrong, and whether ``check`` has spoken too.
    """

    rules: Callable[[], Syllabus]
    module: str
    exercises: Path
    course: Path
    lang: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    number: int = 0
    text: ModuleText | None = None
    findings: list[Finding] = field(default_factory=list)
    checked: bool = False
    seen: object = None

    def folders(self) -> dict[str, Path]:
        """Return where the media of lesson and exercise lie."""
        return {"lesson": self.course / "lessons", "exercise": self.exercises / self.module}

    def stamp(self) -> object:
        """Return what differs after any of the module's files was saved."""
        files = [
            self.course / "course.yaml",
            self.course / "law_facts.yaml",
            self.course / "lessons" / f"{self.module}.md",
        ]
        files += [self.exercises / self.module / "exercise.md"]
        for name in ("data", "images"):
            files += [path for folder in self.folders().values() for path in sorted((folder / name).glob("*"))]
        return [(str(f), s.st_mtime_ns, s.st_size) for f in files if (s := _stat(f)) is not None]

    def look(self) -> bool:
        """Read the text again if a file changed; say whether it did."""
        stamp = self.stamp()
        if stamp == self.seen:
            return False
        self.seen, self.checked = stamp, False
        try:
            self.text, self.findings = state.read(self.rules(), self.module, self.exercises, self.course)
        except ModuongError as error:
            self.text, self.findings = None, [Finding(error.code, "course.yaml", 0, "", "", error.said)]
        self.number += 1
        return True

    def check(self) -> None:
        """Ask ``check`` about what was read; a text that changed meanwhile is asked about again later."""
        seen = self.seen
        try:
            found = state.checked(self.rules(), self.module, self.exercises, self.course)
        except ModuongError as error:
            found = [Finding(error.code, "course.yaml", 0, "", "", error.said)]
        if seen == self.seen:
            self.findings, self.checked = found, True
            self.number += 1

    def shown(self) -> dict[str, Any]:
        """Return the page's data."""
        drawn = state.of(self.text, self.lang) if self.text else {"parts": []}
        listed = state.listed(self.findings, self.lang)
        return {"number": self.number, "checked": self.checked, "findings": listed, **drawn}


def _stat(path: Path) -> Any:  # os.stat_result
    try:
        return path.stat()
    except OSError:
        return None


class _Page(web.RequestHandler):
    """Sends one kind of thing, under the policy of the page."""

    def initialize(self, preview: Preview) -> None:
        self.preview = preview

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def prepare(self) -> None:
        """Answer under the machine's own names alone: no other page can be led here by a name of its choosing."""
        if self.request.host.rsplit(":", 1)[0] not in {"127.0.0.1", "localhost"}:
            raise web.HTTPError(403)


class _Frame(_Page):
    def get(self) -> None:
        page = (_HERE / "preview.html").read_text(encoding="utf-8")
        title = into(_WORDS["title"], self.preview.lang)
        self.finish(page.replace("{lang}", self.preview.lang).replace("{title}", f"{title} {self.preview.module}"))


class _Script(_Page):
    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        said = {name: into(word, self.preview.lang) for name, word in _WORDS.items()}
        course = self.preview.text.language if self.preview.text else self.preview.lang
        self.finish(
            "\n".join(
                (
                    _questions(course),
                    f"const SAID = {json.dumps(said)};",
                    (_HERE / "preview.js").read_text(encoding="utf-8"),
                )
            )
        )


class _Style(_Page):
    def get(self) -> None:
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(code("question.css") + styles(TYPES) + (_HERE / "preview.css").read_text(encoding="utf-8"))


class _State(_Page):
    async def get(self) -> None:
        """Answer at once, or, asked for news with ``?after=N``, when there are some (or after 20 seconds)."""
        after = self.get_query_argument("after", "")
        for _turn in range(200):
            if str(self.preview.number) != after:
                break
            await asyncio.sleep(0.1)
        self.finish(self.preview.shown() if str(self.preview.number) != after else {"number": self.preview.number})


class _Try(_Page):
    def post(self) -> None:
        data = json.loads(self.request.body)
        text = self.preview.text
        number = data.get("variant")
        known = isinstance(number, int) and isinstance(data.get("id"), str)
        found = state.tried(text, data["id"], number, data.get("value")) if text and known else None
        if found is None:
            raise web.HTTPError(404)
        self.finish(found)


class _File(_Page):
    def get(self, part: str, name: str) -> None:
        folder = self.preview.folders().get(part)
        path = next(
            (p for d in ("data", "images") if folder and media.element(name) and (p := folder / d / name).is_file()),
            None,
        )
        if path is None:
            raise web.HTTPError(404)
        self.set_header("Content-Security-Policy", _FILE_POLICY)
        self.set_header("Content-Type", media.MIME[media.suffix(name)])
        self.finish(path.read_bytes())


@cache
def _questions(lang: str) -> str:
    """Return the script that draws questions, as on the cadres' page, in the course's language."""
    said = words_of(lang, *_FRAME, "question.js", *(f"types/{kind}.js" for kind in sorted(TYPES)))
    frame = "\n".join((code(*_FRAME), f"learn({json.dumps(said)});", drawings(TYPES), code("question.js")))
    return frame.replace("export default {};", "")


def application(preview: Preview) -> web.Application:
    """Return the pages of a preview, all under its secret."""
    at, given = f"/{preview.secret}", {"preview": preview}
    routes = [("/", _Frame), ("/page.js", _Script), ("/page.css", _Style), ("/state", _State), ("/try", _Try)]
    routes += [(r"/media/(lesson|exercise)/([\w.-]+)", _File)]
    return web.Application([(at + path, handler, given) for path, handler in routes])


async def serve(preview: Preview, port: int, ready: Callable[[str], None]) -> None:
    """Serve until cancelled; ``ready`` gets the address once the page can be opened.

    Raises:
        ModuongError: ``E-SERVE-2`` the port is taken.
    """
    try:
        sockets = bind_sockets(port, "127.0.0.1")
    except OSError as error:
        said = _("cổng {port} không mở được ({reason}); chọn cổng khác bằng --port.", port=port, reason=error.strerror)
        raise ModuongError("E-SERVE-2", said) from None
    server = HTTPServer(application(preview))
    server.add_sockets(sockets)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, preview.look)
    ready(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/{preview.secret}/")
    checking: asyncio.Future[None] | None = None
    try:
        while True:
            await loop.run_in_executor(None, preview.look)
            if not preview.checked and (checking is None or checking.done()):
                checking = loop.run_in_executor(None, preview.check)
            await asyncio.sleep(LOOK_EVERY)
    finally:
        server.stop()
