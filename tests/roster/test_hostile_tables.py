"""Hostile files of every kind through the child process: a sentence each, and whoever asked lives on."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.roster.door import taking
from tests.support.door import FILES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOISE = random.Random(1).randbytes(4096)
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="DS">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
FAR = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)
LAUGHS = '<!DOCTYPE a [<!ENTITY a "{}">{}]>'.format(
    "ha" * 100, "".join(f'<!ENTITY {two} "{f"&{one};" * 20}">' for one, two in zip("abcdef", "bcdefg", strict=True))
)


def packed(**parts: str | bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name.replace("__", "/").replace("_o_", "."), data)

    return write


def raw(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None  # type: ignore[func-returns-value]


def half(name: str) -> Callable[[Path], None]:
    return raw((FILES / name).read_bytes()[: (FILES / name).stat().st_size // 2])


HOSTILE: Mapping[str, Callable[[Path], None]] = {
    "noise.xls": raw(OLE + NOISE),
    "noise.xlsb": packed(xl__workbook_o_bin=NOISE, _Content_Types_o_xml=b"<Types/>"),
    "endless.xlsb": packed(xl__workbook_o_bin=b"\x83\x01\xff\xff\xff\x7f" * 100),
    "laughs.ods": packed(content_o_xml=LAUGHS + ODS.format("<table:table-row>&g;</table:table-row>")),
    "far.ods": packed(content_o_xml=ODS.format(FAR)),
    "deep.ods": packed(content_o_xml=ODS.format("<text:p>" * 200_000)),
    "half.ods": half("60-clean.ods"),
    "half.xlsx": half("00-clean.xlsx"),
    "out.xlsx": packed(xl__workbook_o_xml=NOISE, **{"_o__o___o__o__ra-ngoai_o_txt": b"x"}),
    "empty.zip": packed(readme_o_txt=b"x"),
    "lines.csv": raw(b'"' * 3_000_000),
    "binary.csv": raw(b"a,b\n" + bytes(range(256)) * 50),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    HOSTILE[name](tmp_path / name)
    with pytest.raises(ModuongError) as stopped:
        taking.book(tmp_path / name)
    assert stopped.value.code.startswith(("E-TABLE-", "E-XLSX-", "E-CSV-"))
    assert name in stopped.value.said
    assert [path.name for path in tmp_path.iterdir()] == [name]  # nothing was unpacked
