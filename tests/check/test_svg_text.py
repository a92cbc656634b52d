"""Contrast, size and safety of our own pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.check import svg_text

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" role="img"><title>Hình</title>'


def picture(tmp_path: Path, inside: str, head: str = HEAD) -> svg_text.Picture:
    file = tmp_path / "hinh.svg"
    file.write_text(f"{head}{inside}</svg>", encoding="utf-8")
    return svg_text.read(file)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Reference values of WebAIM's contrast checker."""
    assert svg_text.contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_the_ground_is_the_topmost_shape_under_the_middle_of_the_text(tmp_path: Path) -> None:
    inside = '<rect width="640" height="200" fill="#000"/><rect x="10" y="10" width="100" height="50" fill="#fff"/>'
    on_white = picture(tmp_path, inside + '<text x="60" y="40" text-anchor="middle">chữ</text>').texts[0]
    on_black = picture(tmp_path, inside + '<text x="400" y="40">chữ</text>').texts[0]
    assert (on_white.contrast, on_black.contrast) == (pytest.approx(21), pytest.approx(1))


def test_without_any_shape_the_ground_is_the_white_page(tmp_path: Path) -> None:
    assert picture(tmp_path, '<text x="60" y="40" fill="white">chữ</text>').texts[0].contrast == pytest.approx(1)


@pytest.mark.parametrize(
    ("inside", "ratio"),
    [
        ('<g fill="#ffffff"><text x="60" y="40">chữ</text></g>', 1.0),
        ('<style>.a {fill: #ffffff}</style><text class="a" x="60" y="40">chữ</text>', 1.0),
        ('<text style="fill:#fff" x="60" y="40">chữ</text>', 1.0),
        ('<circle cx="60" cy="35" r="30" fill="#000"/><text x="60" y="40" text-anchor="middle">chữ</text>', 1.0),
        ('<polygon points="0,0 200,0 200,100 0,100" fill="#000"/><text x="60" y="40">chữ</text>', 1.0),
        ('<rect width="640" height="200" fill="url(#soc)"/><text x="60" y="40">chữ</text>', None),
        ('<g transform="rotate(90)"><text x="60" y="40">chữ</text></g>', None),
    ],
)
def test_colours_are_inherited_styled_or_not_computed(tmp_path: Path, inside: str, ratio: float | None) -> None:
    assert picture(tmp_path, inside).texts[0].contrast == (ratio if ratio is None else pytest.approx(ratio))


def test_large_and_bold_letters_need_less_and_size_is_scaled_to_640(tmp_path: Path) -> None:
    plain, bold, large = picture(
        tmp_path,
        '<text font-size="19">a</text><text font-size="19" font-weight="700">b</text><text font-size="24">c</text>',
    ).texts
    assert (plain.needed, bold.needed, large.needed) == (4.5, 3.0, 3.0)
    small = picture(tmp_path, '<text font-size="16">a</text>', HEAD.replace("0 0 640", "0 0 1280")).texts[0]
    assert small.size == 8


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<image href="a.png"/>',
        '<rect onclick="x()"/>',
        '<a href="https://a.vn"/>',
        '<rect fill="url(https://a.vn/x)"/>',
    ],
)
def test_what_runs_or_loads_is_named(tmp_path: Path, inside: str) -> None:
    assert picture(tmp_path, inside).active
    assert not picture(tmp_path, '<use href="#mau"/>').active


def test_entities_and_broken_files_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "x.svg"
    file.write_text('<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg/>', encoding="utf-8")
    with pytest.raises(svg_text.Unreadable):
        svg_text.read(file)
    file.write_text("<svg>\n<text>\n</svg>", encoding="utf-8")
    with pytest.raises(svg_text.Unreadable) as caught:
        svg_text.read(file)
    assert caught.value.line == 3
