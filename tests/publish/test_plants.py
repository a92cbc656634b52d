"""Ways to plant a key in a release: in what a file holds, in any disguise, in names, in the order of options.

The proof stops each by itself: ``check`` and ``build`` are asked nothing here.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import json
import random
import shutil
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from grader.check import tells
from grader.ground.errors import ModuongError
from grader.publish import build, contents, proof, release
from tests.support.people import NUMBER, SINGLE, Author, Instructor, moduong
from tests.text.test_fences import PLANTS as FENCES
from tests.text.test_fences import SECRET as FENCED

SECRET = "Hiểu thói quen của nhóm rồi mới chọn kênh phù hợp."
WORDS = "quen của nhóm rồi mới chọn kênh"
"""Seven words of it."""


def _zip(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(*chunks: bytes, after: bytes = b"") -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(chunks)
        + _chunk(b"IDAT", zlib.compress(b"\0\0"))
        + _chunk(b"IEND", b"")
        + after
    )


def _exif(text: bytes) -> bytes:
    """A minimal EXIF block: ImageDescription (ASCII) or UserComment, by what ``text`` holds."""
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0" + struct.pack("<II", len(text), 26) + b"\0\0\0\0" + text


def _jpeg(segment: bytes, kind: bytes = b"\xff\xe1") -> bytes:
    return b"\xff\xd8" + kind + struct.pack(">H", len(segment) + 2) + segment + b"\xff\xd9"


def _docx(runs: list[str]) -> bytes:
    text = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return _zip({"word/document.xml": f'<w:document xmlns:w="w"><w:p>{text}</w:p></w:document>'.encode()})


def _xlsx(**where: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if "cell" in where:
        sheet["B7"] = where["cell"]
    if "note" in where:
        sheet["A1"].comment = openpyxl.comments.Comment(where["note"], "x")
    if "hidden" in where:
        other = book.create_sheet("an")
        other["A1"], other.sheet_state = where["hidden"], "veryHidden"
    if "title" in where:
        book.properties.description = where["title"]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _pptx(text: str) -> bytes:
    runs = "".join(f"<a:r><a:t>{word} </a:t></a:r>" for word in text.split())
    return _zip(
        {"ppt/notesSlides/notesSlide1.xml": f'<p:notes xmlns:p="p" xmlns:a="a"><a:p>{runs}</a:p></p:notes>'.encode()}
    )


def _pdf(folder: Path, text: str) -> bytes:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure = plt.figure()
    figure.text(0.05, 0.5, text)
    figure.savefig(folder / "x.pdf")
    plt.close(figure)
    content = (folder / "x.pdf").read_bytes()
    (folder / "x.pdf").unlink()
    return content


def _tar(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _invisible(text: str, mark: str) -> str:
    return mark.join(text)


NFC, RAW = unicodedata.normalize("NFC", SECRET), SECRET.encode()
WIDE = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in SECRET)
FILES: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    # containers
    "zip": ("a.zip", lambda _: _zip({"x.txt": RAW})),
    "zip in a zip": ("a.zip", lambda _: _zip({"b.zip": _zip({"x.txt": RAW})})),
    "name in a zip": ("a.zip", lambda _: _zip({f"{SECRET}.txt": b""})),
    "comment of a zip": ("a.zip", lambda _: _zip({"x.txt": b""}, RAW)),
    "zip after a picture": ("a.svg", lambda _: b"<svg xmlns='http://www.w3.org/2000/svg'/>" + _zip({"x.txt": RAW})),
    "gzip": ("a.gz", lambda _: gzip.compress(RAW)),
    "bzip2": ("a.bz2", lambda _: bz2.compress(RAW)),
    "tar": ("a.tar", lambda _: _tar("x.txt", RAW)),
    "xlsx, a cell": ("a.xlsx", lambda _: _xlsx(cell=SECRET)),
    "xlsx, a note": ("a.xlsx", lambda _: _xlsx(note=SECRET)),
    "xlsx, a hidden sheet": ("a.xlsx", lambda _: _xlsx(hidden=SECRET)),
    "xlsx, properties": ("a.xlsx", lambda _: _xlsx(title=SECRET)),
    "docx": ("a.docx", lambda _: _docx([SECRET])),
    "docx, letter by letter": ("a.docx", lambda _: _docx(list(SECRET))),
    "pptx, notes": ("a.pptx", lambda _: _pptx(SECRET)),
    "png, tEXt": ("a.png", lambda _: _png(_chunk(b"tEXt", b"Comment\0" + RAW))),
    "png, zTXt": ("a.png", lambda _: _png(_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(RAW)))),
    "png, iTXt": ("a.png", lambda _: _png(_chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(RAW)))),
    "png, EXIF": ("a.png", lambda _: _png(_chunk(b"eXIf", _exif(RAW)[6:]))),
    "png, after its end": ("a.png", lambda _: _png(after=RAW)),
    "jpeg, EXIF": ("a.jpg", lambda _: _jpeg(_exif(RAW))),
    "jpeg, EXIF in UTF-16": ("a.jpg", lambda _: _jpeg(_exif(b"UNICODE\0" + SECRET.encode("utf-16-le")))),
    "jpeg, comment": ("a.jpg", lambda _: _jpeg(RAW, b"\xff\xfe")),
    "pdf": ("a.pdf", lambda f: _pdf(f, SECRET)),
    "svg, text": ("images/a.svg", lambda _: f"<svg><text>{SECRET}</text></svg>".encode()),
    "svg, a letter an element": (
        "a.svg",
        lambda _: f"<svg>{''.join(f'<tspan>{c}</tspan>' for c in SECRET)}</svg>".encode(),
    ),
    "svg, a description": ("a.svg", lambda _: f"<svg><desc>{SECRET}</desc></svg>".encode()),
    "svg, a data address": (
        "a.svg",
        lambda _: (
            b"<svg><image href='data:image/png;base64,"
            + base64.b64encode(_png(_chunk(b"tEXt", b"C\0" + RAW)))
            + b"'/></svg>"
        ),
    ),
    "html comment": ("a.html", lambda _: f"<p>x</p><!-- {SECRET} -->".encode()),
    # what cannot be looked into
    "an unknown kind": ("a.bin", lambda _: random.Random(1).randbytes(400)),
    "an old office file": ("a.xls", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a RAR": ("a.rar", lambda _: b"Rar!\x1a\x07\x00" + bytes(60)),
    "a damaged zip": ("a.zip", lambda _: _zip({"x.txt": RAW * 9})[:-30] + b"PK\x05\x06" + bytes(18)),
    # letters
    "decomposed": ("a.txt", lambda _: unicodedata.normalize("NFD", SECRET).encode()),
    "wide letters": ("a.txt", lambda _: WIDE.encode()),
    "capitals": ("a.txt", lambda _: SECRET.upper().encode()),
    "soft hyphens": ("a.txt", lambda _: _invisible(NFC, "\u00ad").encode()),
    "zero width": ("a.txt", lambda _: _invisible(NFC, "\u200b").encode()),
    "letters apart": ("a.txt", lambda _: " ".join(SECRET).encode()),
    "markup between": ("a.md", lambda _: SECRET.replace(" ", "</b> <b>").replace("o", "<i>o</i>").encode()),
    "without marks": ("a.txt", lambda _: b"hieu thoi quen cua nhom roi moi chon kenh phu hop"),
    "UTF-16": ("a.txt", lambda _: SECRET.encode("utf-16")),
    "UTF-16 without a mark": ("a.txt", lambda _: ("Ghi chú cho lớp học. " + SECRET).encode("utf-16-le")),
    # parts
    "seven words": ("a.txt", lambda _: f"Nhớ: {WORDS}!".encode()),
    "seven words, over lines": ("a.txt", lambda _: WORDS.replace(" ", "\n").encode()),
    "seven words in a zip": ("a.zip", lambda _: _zip({"x.txt": WORDS.encode()})),
    # encodings
    "base64": ("a.txt", lambda _: b"x = " + base64.b64encode(RAW)),
    "base64 for addresses": ("a.txt", lambda _: base64.urlsafe_b64encode(b"\xff\xfe" + SECRET.encode("utf-16-le"))),
    "base64 in lines": ("a.txt", lambda _: base64.encodebytes(RAW * 3)),
    "base64 twice": ("a.txt", lambda _: base64.b64encode(base64.b64encode(RAW))),
    "base64 of gzip": ("a.txt", lambda _: base64.b64encode(gzip.compress(RAW, mtime=0))),
    "hex": ("a.txt", lambda _: RAW.hex().encode()),
    "hex with colons": ("a.txt", lambda _: RAW.hex(":").upper().encode()),
    "bytes of Python": ("a.py", lambda _: repr(RAW).encode()),
    "address": ("a.txt", lambda _: quote(SECRET).encode()),
    "address twice": ("a.txt", lambda _: quote(quote(SECRET)).encode()),
    "HTML numbers": ("a.html", lambda _: "".join(f"&#x{ord(c):x};" for c in SECRET).encode()),
    "JSON": ("a.json", lambda _: json.dumps({"x": [SECRET]}).encode()),
    "JSON in JSON": ("a.json", lambda _: json.dumps(json.dumps([SECRET])).encode()),
    "JSON, word by word": ("a.json", lambda _: json.dumps(SECRET.split(), ensure_ascii=False).encode()),
    "quoted printable": (
        "a.txt",
        lambda _: "".join(c if c.isascii() else "".join(f"={b:02X}" for b in c.encode()) for c in SECRET).encode(),
    ),
    "a hash": ("a.txt", lambda _: hashlib.md5(SECRET.encode()).hexdigest().encode()),
    "a hash of a number": ("a.txt", lambda _: hashlib.sha256(b"91.25").hexdigest().encode()),
    # answers without a word
    "id and letter": ("a.txt", lambda _: b"T01-Q01: B"),
    "ids in JSON": ("a.json", lambda _: json.dumps({"T01-Q01": ["B"], "T01-Q02": {"a": "91.25", "b": "9"}}).encode()),
    "id and number": ("a.csv", lambda _: b"T01-Q02;91,25;9"),
    # names
    "file name": (f"{SECRET[:-1]}.txt", lambda _: b""),
    "folder name": (f"{WORDS}/x.txt", lambda _: b""),
    "file name without marks": ("hieu-thoi-quen-cua-nhom-roi-moi-chon-kenh-phu-hop.txt", lambda _: b""),
}


@pytest.mark.parametrize("plant", FILES)
def test_what_a_file_holds_is_seen(instructor: Instructor, plant: str, tmp_path: Path) -> None:
    text = instructor.author.text("T01")
    folder = instructor.workspace.release("T01")
    assert proof.leaks(folder, text) == []
    name, make = FILES[plant]
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(make(tmp_path))
    assert proof.leaks(folder, text) != []


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    data = json.loads(path.read_bytes())
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


NOTEBOOKS: dict[str, Callable[[Path], None]] = {
    "metadata of the exercise": lambda f: _edit(f / "T01.ipynb", lambda nb: nb["metadata"].update(key="B")),
    "metadata of the lesson": lambda f: _edit(f / "bai-hoc.ipynb", lambda nb: nb["metadata"].update(key="B")),
    "metadata of a lesson's cell": lambda f: _edit(
        f / "bai-hoc.ipynb", lambda nb: nb["cells"][1]["metadata"].update(k="B")
    ),
    "a cell of the lesson": lambda f: _edit(f / "bai-hoc.ipynb", lambda nb: nb["cells"].append(nb["cells"][0])),
    "an attachment": lambda f: _edit(f / "T01.ipynb", lambda nb: nb["cells"][1].update(attachments={"x": {"t": "B"}})),
    "a tag of a cell": lambda f: _edit(f / "T01.ipynb", lambda nb: nb["cells"][2]["metadata"].update(tags=["B"])),
    "points of nbgrader": lambda f: _edit(
        f / "T01.ipynb", lambda nb: nb["cells"][2]["metadata"]["nbgrader"].update(answer="B")
    ),
    "an output of the lesson": lambda f: _edit(
        f / "bai-hoc.ipynb", lambda nb: nb["cells"][0]["outputs"].append({"text": "B"})
    ),
}


ITEMS: dict[str, Callable[[list[dict[str, str]]], object]] = {
    "a blank at the end of the right option": lambda options: options[1].update(text=options[1]["text"] + " "),
    "the right option first": lambda options: options.insert(0, options.pop(1)),
    "another id": lambda options: options[1].update(id="b"),
}


@pytest.mark.parametrize("plant", ITEMS)
def test_questions_are_those_of_the_text(instructor: Instructor, plant: str) -> None:
    folder = instructor.workspace.release("T01")
    _edit(folder / "items.json", lambda data: ITEMS[plant](data["items"][0]["variants"][0]["options"]))
    assert proof.leaks(folder, instructor.author.text("T01")) != []


@pytest.mark.parametrize("plant", NOTEBOOKS)
def test_notebooks_are_what_the_text_gives(instructor: Instructor, plant: str) -> None:
    folder = instructor.workspace.release("T01")
    NOTEBOOKS[plant](folder)
    assert proof.leaks(folder, instructor.author.text("T01")) != []


@pytest.mark.parametrize("plant", FENCES)
def test_a_question_read_as_prose_is_stopped_by_the_proof_alone(
    tmp_path: Path, plant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "mistakes", lambda _text: [])
    author = Author(tmp_path).writes_course()
    author.writes("T01", SINGLE, FENCES[plant], NUMBER)
    one = Instructor(author, tmp_path / "workspace")
    try:
        build.build(one.workspace, author.text("T01"))
        release.release(one.workspace, author.text("T01"))
    except ModuongError as error:
        if error.code == "E-REL-3":
            return
        raise
    except KeyError:  # the YAML could not be read, and nothing stands in its place
        return
    shown = "".join(p.read_text(encoding="utf-8") for p in one.workspace.release("T01").rglob("*") if p.is_file())
    assert FENCED not in shown  # read as the question that it is, or left out
    assert '"correct"' not in json.dumps(json.loads((one.workspace.release("T01") / "items.json").read_bytes()))


def _choice(number: int, options: list[tuple[str, bool]], kind: str = "single", points: str = "1") -> str:
    listed = "".join(
        f'  - {{text: "{text}", {"correct: true, " if right else ""}feedback: "Lý do riêng của phương án này là '
        f'{n}{number}."}}\n'
        for n, (text, right) in enumerate(options)
    )
    return (
        f"```{{item}} T01-Q{number:02}\ntype: {kind}\npoints: {points}\noutcome: 1\nlevel: apply\nstem: Việc "
        f"{number}?\noptions:\n{listed}```\n"
    )


def _course(right: Callable[[int, int], bool], spelled: Callable[[str, bool], str] = lambda text, _: text) -> list[str]:
    return [
        _choice(n, [(spelled(f"Làm việc {'xyz'[k]} của tổ {n}", right(n, k)), right(n, k)) for k in range(3)])
        for n in range(1, 6)
    ]


TELLS = {
    "always first": _course(lambda _n, k: k == 0),
    "always last": _course(lambda _n, k: k == 2),
    "always second": _course(lambda _n, k: k == 1),
    "those of several always first": [
        _choice(n, [(f"Làm việc {k} của tổ {n}", k < 2) for k in range(5)], "multiple", "1" if n < 4 else "2")
        for n in range(1, 5)
    ],
    "two blanks inside": _course(lambda n, k: k == n % 3, lambda text, right: text.replace(" ", "  ", right)),
    "a blank nobody sees": _course(lambda n, k: k == n % 3, lambda text, right: text + "\u200b" * right),
    "a soft hyphen": _course(
        lambda n, k: k == n % 3, lambda text, right: text.replace("việc", "vi\u00adệc") if right else text
    ),
    "decomposed letters": _course(
        lambda n, k: k == n % 3, lambda text, right: unicodedata.normalize("NFD", text) if right else text
    ),
    "a full stop": _course(lambda n, k: k == n % 3, lambda text, right: text + "." * right),
    "no full stop": _course(lambda n, k: k == n % 3, lambda text, right: text + "." * (not right)),
    "bold": _course(lambda n, k: k == n % 3, lambda text, right: f"**{text}**" if right else text),
    "a small letter": _course(
        lambda n, k: k == n % 3, lambda text, right: text[0].lower() + text[1:] if right else text
    ),
}


@pytest.mark.parametrize("tell", TELLS)
def test_order_and_spelling_tell_nothing(tmp_path: Path, tell: str) -> None:
    author = Author(tmp_path)
    (author.course / "lessons").mkdir(parents=True)
    author.writes_course()
    author.writes("T01", *TELLS[tell])
    one = Instructor(author, tmp_path / "workspace")
    text = author.text("T01")
    assert list(tells.told([item.keyed for item in text.exercise.items])) != []  # type: ignore[union-attr]
    build.build(one.workspace, text)
    with pytest.raises(ModuongError, match="E-REL-3"):
        release.release(one.workspace, text)


def test_keys_at_different_places_and_like_spelling_pass(tmp_path: Path) -> None:
    author = Author(tmp_path).writes_course()
    author.writes("T01", *_course(lambda n, k: k == n % 3))
    assert list(tells.told([item.keyed for item in author.text("T01").exercise.items])) == []  # type: ignore[union-attr]


def test_harmless_files_pass(instructor: Instructor, tmp_path: Path) -> None:
    folder = instructor.workspace.release("T01")
    for name, content in {
        "a.csv": b"ma,ngay,ket_qua\nCB-000001,2026-03-01,dat\n",
        "a.zip": _zip({"x.txt": "Sổ tay của tổ".encode(), "anh.png": _png(_chunk(b"tEXt", b"Comment\0Trang bia"))}),
        "a.xlsx": _xlsx(cell="Số liệu mô phỏng", note="Ghi chú chung"),
        "a.png": _png(),
        "a.pdf": _pdf(tmp_path, "Sổ tay của tổ ca đêm"),
        "a.json": json.dumps({"x": [1, "Tháng ba"]}).encode(),
        "b.txt": "Tin nội bộ".encode("utf-16"),
    }.items():
        (folder / name).write_bytes(content)
    assert proof.leaks(folder, instructor.author.text("T01")) == []


def test_a_bomb_is_named_and_does_not_fill_the_memory() -> None:
    bomb = _zip({"x": bytes(contents.LARGEST + 1)})
    with pytest.raises(contents.Sealed, match="unpacks"):
        list(contents.texts(bomb))


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    locked = bytearray(_zip({"x.txt": b"abc"}))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(magic) + place] |= 1
    with pytest.raises(contents.Sealed, match="password"):
        list(contents.texts(bytes(locked)))


def test_a_pdf_is_refused_where_nothing_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(contents.Sealed, match="PDF"):
        list(contents.texts(_pdf(tmp_path, "abc")))


def test_the_mistyped_fence_of_the_trial_is_refused_by_every_command(tmp_path: Path) -> None:
    """A key went out once because of one capital letter."""
    author = Author(tmp_path).writes_course()
    author.writes("T01", SINGLE.replace("{item}", "{Item}"), NUMBER)
    places = ("--course", author.course, "--exercises", author.exercises, "--lang", "en")
    assert moduong("check", "T01", *places).returncode == 1
    built = moduong("build", "T01", "--workspace", tmp_path / "w", *places)
    assert built.returncode == 2
    assert "E-FENCE-1" in built.stderr
    done = moduong("release", "T01", "--workspace", tmp_path / "w", *places)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
