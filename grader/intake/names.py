"""The names in a hand-in.

What is shown and kept of them, which of them are answers, and what a misnamed file probably was.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from course.answers import AnswersError
from course.words import _, joined

NOTE = "tiep-nhan.json"
"""The collector's own note beside the files as received; a learner's file of that name gets another one."""
_LONGEST = 150
_FORBIDDEN = frozenset('<>:"|?*\\/')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?")
_NOT_HANDED_IN = {".ipynb_checkpoints", "__pycache__", "__macosx"}
_UNREADABLE_BACKUP = "khong-doc-duoc"


def refuse(code: str, said: str) -> AnswersError:
    """Return a refusal: a code and a sentence for the learner."""
    return AnswersError(code, said)


def readable(name: str, longest: int = _LONGEST) -> str:
    """Return one part of a file name so that it can be printed and stored anywhere.

    NFC; no control, direction or undecodable characters, none that a file system forbids; at most ``longest`` bytes,
    with the ending kept.
    """
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    text = "".join("_" if c in _FORBIDDEN or not c.isprintable() else c for c in text).rstrip(" .") or "_"
    if _RESERVED.fullmatch(text):
        text = "_" + text
    stem, dot, ending = text.rpartition(".")
    if not stem or len(ending.encode()) > 16:  # noqa: PLR2004  # longer than any ending
        stem, dot, ending = text, "", ""
    room = longest - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending if len(text.encode()) > longest else text


def printable(text: str, longest: int = 30) -> str:
    """Return learner's text for a sentence: no control, direction or undecodable characters, cut short."""
    clean = text[: 4 * longest].encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "?" for c in clean)[:longest]


def source_name(name: str) -> str:
    """Return a name of an inbound entry that can be stored and printed, different for different names."""
    raw = name.encode("utf-8", "surrogateescape")
    try:
        plain = raw.decode()
    except UnicodeDecodeError:
        plain = "\n"
    if plain.isprintable() and "%" not in plain:
        return plain
    # Printable ASCII but %
    return "".join(chr(b) if 0x20 < b < 0x7F and b != 0x25 else f"%{b:02X}" for b in raw)  # noqa: PLR2004


class Names:
    """Gives every file of one hand-in a relative name of its own, also where file systems ignore case."""

    def __init__(self) -> None:
        self._files = {NOTE}
        self._folders: set[str] = set()

    def give(self, parts: Iterable[str]) -> str:
        """Return a neutral relative name for a file whose raw path is ``parts``."""
        clean = [readable(p) for p in parts]
        above = ["/".join(clean[:n]).casefold() for n in range(1, len(clean))]
        if not self._files.isdisjoint(above):  # a file has the name of this one's folder
            clean, above = [readable("_".join(clean))], []
        name, number = "/".join(clean), 1
        while name.casefold() in self._files | self._folders:
            number += 1
            stem, dot, ending = clean[-1].rpartition(".")
            last = f"{stem} ({number}).{ending}" if dot else f"{clean[-1]} ({number})"
            name = "/".join([*clean[:-1], last])
        self._files.add(name.casefold())
        self._folders.update(above)
        return name


def ignored(part: str) -> bool:
    """Say whether a file or folder is a by-product of somebody's computer."""
    return part.casefold() in _NOT_HANDED_IN or part.startswith("._")


def kind(name: str) -> str:
    """Return ``json`` or ``ipynb`` for what may hold answers, else an empty string.

    ``.txt`` that mail programs add does not matter.
    """
    plain = _plain(name).removesuffix(".txt")
    ending = plain.rpartition(".")[2]
    return ending if ending in {"json", "ipynb"} and _UNREADABLE_BACKUP not in plain else ""


def means_answers(name: str) -> bool:
    """Say whether a file is named like ``answers.json`` or a copy of it."""
    return "answers" in _plain(name)


def preference(name: str) -> tuple[bool, bool, int, str]:
    """Return the order in which files are asked for answers: ``answers.json`` itself, copies of it, notebooks.

    Shallow before deep.
    """
    return (_plain(name) != "answers.json", kind(name) != "json", name.count("/"), name)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name.rsplit("/", 1)[-1]).casefold()


def nothing_found(names: Iterable[str], module: str) -> AnswersError:
    """Return ``E-SUB-07``: which files came, which were expected, and which of them may have been meant."""
    listed = sorted(names)
    wanted = ["answers.json", f"{module}.ipynb" if module else "M01.ipynb"]
    for name in listed:
        near = difflib.get_close_matches(_plain(name)[:80], [w.casefold() for w in wanted], 1, 0.6)
        if near and not kind(name):
            meant = next(w for w in wanted if w.casefold() == near[0])
            return refuse(
                "E-SUB-07",
                _(
                    "Không nhận ra «{name}». Có phải anh/chị muốn nộp «{meant}»? Hãy đổi lại tên rồi nộp lại.",
                    name=printable(name, 60),
                    meant=meant,
                ),
            )
    shown = printable(", ".join(listed[:20]), 200) or _("(trống)")
    said = _(
        "Không thấy bài làm trong các tệp: {shown}. Cần tệp «answers.json» hoặc sổ bài tập «.ipynb» của học phần.",
        shown=shown,
    )
    advice = [text for endings, text in _ADVICE if any(_plain(name).endswith(endings) for name in listed)]
    return refuse("E-SUB-07", joined(" ", [said, *advice]))


_ADVICE = (
    (
        (".rar", ".7z", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"),
        _("Máy chỉ mở tệp nén ZIP: hãy giải nén rồi nộp chính tệp bài làm, hoặc nén lại thành ZIP."),
    ),
    ((".zip",), _("Tệp ZIP bên trong không mở được: hãy giải nén rồi nộp chính tệp bài làm.")),
    (
        (".pdf", ".docx", ".doc", ".odt", ".htm", ".html", ".png", ".jpg", ".jpeg", ".heic"),
        _("Bản in, tệp Word và ảnh chụp không chấm được: hãy nộp chính sổ bài tập đã lưu."),
    ),
    (
        (".lnk", ".url", ".webloc", ".desktop", ".gdoc", ".gsheet"),
        _("Đó là lối tắt, không phải tệp bài làm: hãy mở thư mục chứa tệp gốc và nộp tệp gốc."),
    ),
)
"""What helps whoever sent something else, by the ending of a file's name."""
