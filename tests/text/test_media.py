"""Pictures, sound, video, links and formulas of questions and lessons: shown as meant, or refused."""

from __future__ import annotations

import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from course import markup, shown
from course.rich import media
from course.rich.formula import BadFormula, mathml
from grader.publish import contents
from grader.text import authoring, roles
from grader.text import media as looked
from grader.text.module_text import mistakes

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
ITEM = """\
```{{item}} M02-Q01
type: single
points: 2
outcome: 1
level: apply
media:
{media}
stem: |
  Tỉ lệ là $\\frac{{a}}{{b}}$, xem [hướng dẫn](https://vidu.vn/a?b=1).
options:
  - {{text: "Có", correct: true, feedback: "Đúng: $x^2$."}}
  - {{text: "Không", feedback: "Chưa."}}
```
"""
PICTURE = '  - {file: tram.png, alt: "Bảng tin ở trạm có ba tờ.", source: "tổ truyền thông", caption: "Bảng *mẫu*"}'


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "PNG")
    return file.getvalue()


def read(tmp_path: Path, listed: str = PICTURE, text: str = ITEM) -> authoring.Authored:
    path = tmp_path / "exercise.md"
    path.write_text("---\nmodule: M02\n---\n\n" + text.format(media=listed), encoding="utf-8")
    return authoring.read(path)


def codes(tmp_path: Path, listed: str) -> list[str]:
    return [f.code for f in read(tmp_path, listed).findings]


HARMFUL = [
    "<script>parent.hit=1</script>",
    "<img src=x onerror=hit()>",
    "[a](javascript:hit())",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](https://e.vn/x.png)",
    "![a](//e.vn/x.png)",
    '![a" onerror="hit()](tram.png)',
    '[a](https://e.vn/" onclick="hit())',
    "$\\text{<script>hit()</script>}$",
    "$\\href{javascript:hit()}{x}$",
    "$\\style{background:url(//e.vn)}{x}$",
    "$\\text{&lt;img src=x onerror=hit()&gt;}$",
    "<javascript:hit()>",
    "[a]: javascript:hit()\n\n[a]",
    "$$\n\\text{</math><img src=x onerror=hit()>}\n$$",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_nothing_in_a_text_runs_or_loads(text: str) -> None:
    for html in (markup.block(text), markup.inline(text)):
        for tag in re.findall(r"<[^>]*>", html):
            assert re.fullmatch(
                r'</?(?:p|em|span|code|br ?/?|a|math|m[a-z]+|div|pre)(?: (?:class="[\w -]+"|display="\w+"))*>'
                r'|<img class="md-media" data-media="[\w.-]+" alt="[^"<>]*">'
                r'|<a href="https://[^"<>]*" target="_blank" rel="noopener noreferrer">',
                tag,
            ), tag


def test_formulas_are_drawn_or_named() -> None:
    assert "<mfrac>" in markup.inline("$\\frac{1}{2}$")
    assert markup.inline("giá 5$ và 10$") == "giá 5$ và 10$"
    for broken in ("\\frac{a", "\\frac{a}", "\\khong x", "x" * 2000, "\x0crac{1}{2}", "\\href{a}{b}"):
        with pytest.raises(BadFormula):
            mathml(broken)
    assert markup.inline("$\\khong x$") == '<span class="math inline"><code>\\khong x</code></span>'


def test_a_listed_picture_is_drawn_with_its_description_source_and_bytes(tmp_path: Path) -> None:
    (item,) = read(tmp_path).items
    spec = shown.question(item.public, 0, "CB-1", 1)
    assert 'data-media="tram.png"' in spec["stem"]
    assert "Bảng <em>mẫu</em>" in spec["stem"]
    assert "Nguồn: tổ truyền thông" in spec["stem"]
    assert spec["files"] == ["tram.png"]
    page = media.filled(spec["stem"], lambda _name: png())
    assert 'src="data:image/png;base64,' in page
    assert media.filled(spec["stem"], lambda _name: None).count("<em>Bảng tin ở trạm có ba tờ.</em>") == 1


def test_who_agreed_to_be_seen_stays_with_staff(tmp_path: Path) -> None:
    (item,) = read(tmp_path, '  - {file: a.jpg, alt: "Ảnh tổ", source: "tổ", consent: "Mẫu Lan, 3/2026"}').items
    assert "consent" not in str(item.public) + str(item.keyed)


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ('  - {file: a.jpg, alt: "Ảnh", source: "tổ"}', "E-MEDIA-2"),
        ('  - {file: a.mp3, alt: "Tiếng", source: "tổ", consent: "không có người"}', "E-MEDIA-2"),
        ('  - {file: "../a.png", alt: "Ảnh", source: "tổ"}', "E-ITEM-3"),
        ('  - {file: "https://e.vn/a.png", alt: "Ảnh", source: "tổ"}', "E-ITEM-3"),
        ('  - {file: a.html, alt: "Ảnh", source: "tổ"}', "E-ITEM-3"),
        ("  - {file: a.png, source: tổ}", "E-ITEM-1"),
        ("  []\nexplanation: '![](khac.png)'", "E-MEDIA-3"),
    ],
)
def test_what_is_missing_of_a_medium_is_named(tmp_path: Path, listed: str, code: str) -> None:
    assert code in codes(tmp_path, listed)


@pytest.mark.parametrize(
    ("name", "content", "fine"),
    [
        ("a.svg", SVG, True),
        ("a.png", png(), True),
        ("a.mp3", b"ID3\x04\0\0", True),
        ("a.png", SVG, False),
        ("a.png", png()[:40], False),
        ("a.mp3", b"<html>", False),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 500_000, False),
        ("a.svg", SVG.replace(b"<path", b"<script/><path"), False),
        ("a.svg", SVG.replace(b"<path", b"<path onload='x()'"), False),
        ("a.svg", SVG.replace(b"<path", b"<image href='https://e.vn/a.png'/><path"), False),
        ("a.svg", SVG.replace(b"<path", b"<style>@import url(//e.vn)</style><path"), False),
        ("a.svg", SVG.replace(b"<path", b"<foreignObject/><path"), False),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, False),
    ],
)
def test_a_file_is_looked_into(tmp_path: Path, name: str, content: bytes, fine: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert (not list(looked.mistakes(tmp_path / name))) == fine


def test_a_photograph_that_says_where_it_was_taken_is_refused(tmp_path: Path) -> None:
    picture = Image.new("RGB", (8, 8))
    exif = Image.Exif()
    exif[0x8825] = {1: "N"}
    picture.save(tmp_path / "a.jpg", exif=exif)
    assert "GPS" in next(looked.mistakes(tmp_path / "a.jpg"))


def test_the_proof_reads_what_sound_and_video_say() -> None:
    for raw in (
        b"ID3\x04\0\0TIT2\0\0 cau tra loi dung la phuong an hai",
        b"\0\0\0\x18ftypmp42\xff\xfe\0cau tra loi dung",
    ):
        assert any("cau tra loi dung" in said for said in contents.texts(raw + bytes(range(128, 256)) * 40))


def test_a_lesson_shows_media_and_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "M02.md"
    fence = (
        '```{media} M02-loa.mp3\nalt: Lời loa\nsource: tổ\nconsent: "Mẫu Lan"\ntranscript: Kính mời anh chị em.\n```\n'
    )
    path.write_text("---\nmodule: M02\n---\n\n" + fence, encoding="utf-8")
    lesson = authoring.read(path)
    ((_kind, text),) = roles.lesson_pieces(lesson, {})
    assert '<audio controls preload="none" src="images/M02-loa.mp3"></audio>' in text
    assert "Kính mời" in text
    whole = SimpleNamespace(module="M02", lesson=lesson, exercise=None)
    assert [f.code for f in mistakes(whole)] == ["E-ITEM-11"]  # type: ignore[arg-type]


def test_a_fence_without_end_is_named_where_it_should_end(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    text = "---\nmodule: M02\n---\n\n```{item} M02-Q01\ntype: single\nstem: a\n\nĐoạn văn tiếp theo.\n\n"
    text += "```{item} M02-Q02\ntype: text\n```\n"
    path.write_text(text, encoding="utf-8")
    found = [(f.code, f.line) for f in authoring.read(path).findings]
    assert ("E-FENCE-1", 8) in found
    assert "E-YAML-1" not in [code for code, _line in found]


def test_curved_quotes_are_named_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    head = "---\nmodule: M02\n---\n\n```{item} M02-Q01\ntype: single\nstem: Thế nào là “tin đồn”?\n"
    path.write_text(head + "explanation: “Vì thế”\n```\n", encoding="utf-8")
    assert [(f.code, f.line) for f in authoring.read(path).findings] == [("E-YAML-2", 8)]
    path.write_text(head + 'explanation: "Vì thế”\n```\n', encoding="utf-8")
    (found,) = authoring.read(path).findings
    assert (found.code, found.line) == ("E-YAML-1", 8)
    assert "ngoặc thẳng" in found.said
