"""Scripts and styles: put together once, named by their content, so that browsers keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from course.types import TYPES
from course.widgets import code, drawings, styles, words_of

_HERE = Path(__file__).parents[1] / "browser"
_OWN = sorted(path.stem for path in (_HERE / "types").glob("*.js"))
"""Types whose drawing for a kernel does not fit a page without one: ``browser/types/`` has another."""
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5394"/>'
    '<path d="M3 12 8 4l5 8" fill="none" stroke="#fff" stroke-width="2"/></svg>'
)
_FRAME, _MINE = ("shelf.js", "dom.js", "fields.js"), ("outbox.js", "line.js", "saving.js", "labs.js", "page.js")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: bytes as they are and as gzip, and its media type."""

    content: bytes
    packed: bytes
    media: str


class Assets:
    """The files of ``browser/`` and of the widgets, for one language and one base address."""

    def __init__(self, base: str, lang: str) -> None:
        """Put everything together."""
        kinds = sorted(set(TYPES) - set(_OWN))
        app, style = _script(kinds, lang), _style(kinds)
        start = _own("start.js")
        self._files: dict[str, Asset] = {}
        self.names: dict[str, str] = {}
        for name, text, media in (
            ("app.js", app, "text/javascript"),
            ("start.js", start, "text/javascript"),
            ("page.css", style, "text/css"),
            ("icon.svg", _ICON, "image/svg+xml"),
        ):
            raw = text.encode()
            digest = hashlib.sha256(raw).hexdigest()[:12]
            stem, _dot, suffix = name.partition(".")
            self.names[name] = f"{base}t/{stem}-{digest}.{suffix}"
            self._files[f"{stem}-{digest}.{suffix}"] = Asset(
                raw, gzip.compress(raw, 9, mtime=0), f"{media}; charset=utf-8"
            )
        self.version = hashlib.sha256("".join(self.names.values()).encode()).hexdigest()[:12]
        worker = _own("worker.js").replace("__VERSION__", self.version).replace("__BASE__", base)
        self.worker = worker.replace("__FILES__", json.dumps(sorted(self.names.values())))

    def __getitem__(self, name: str) -> str:
        """Return the address of a file."""
        return self.names[name]

    def file(self, name: str) -> Asset | None:
        """Return a file by the name in its address."""
        return self._files.get(name)


def _own(*names: str) -> str:
    return code(*(f"../host/browser/{name}" for name in names))


def _script(kinds: list[str], lang: str) -> str:
    """Return the page's script: the widgets' files as they are, the host's transport in the place of the kernel's."""
    theirs = (*_FRAME, "question.js", "hand_in.js", "lab.js", *(f"types/{kind}.js" for kind in kinds))
    ours = (f"../host/browser/{name}" for name in (*_MINE, *(f"types/{kind}.js" for kind in _OWN)))
    said = words_of(lang, *theirs, *ours)
    hand_in, lab = (code(f).replace("export default { render };", "return render;") for f in ("hand_in.js", "lab.js"))
    question = re.sub(r"^export default .*$", "", code("question.js"), flags=re.MULTILINE)
    drawn = "\n".join(
        f'shelf.draw["{kind}"] = (() => {{\n{_own(f"types/{kind}.js")}\nreturn draw;\n}})();' for kind in _OWN
    )
    parts = [
        code(*_FRAME),
        f"learn({json.dumps(said, ensure_ascii=False)});" if said else "",
        _own(*_MINE[:-1]),
        drawings(kinds),
        drawn,
        f"const drawHandIn = (() => {{\n{hand_in}\n}})();",
        f"const drawLab = (() => {{\n{lab}\n}})();",
        f"(() => {{\n{question}\n}})();",
        _own(_MINE[-1]),
    ]
    return "\n".join(parts)


def _style(kinds: list[str]) -> str:
    return "\n".join((code("question.css", "hand_in.css", "progress.css", "lab.css"), styles(kinds), _own("page.css")))
