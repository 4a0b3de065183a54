"""Bytes to text: any usual encoding, or refused."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.errors import ImportFormatError

FILE = Place("mix.csv")
TEXT = "path,target_weight\nA/Größe,60%\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_usual_encodings_give_the_same_text(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), FILE) == TEXT


def test_a_mark_is_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 + codecs.BOM_UTF8 + b"a", FILE) == "a"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "mix.csv: the file is empty."),
        (b" \n\t", "mix.csv: the file is empty."),
        (codecs.BOM_UTF16_LE, "mix.csv: the file is empty."),
        (b"a\x00b", "mix.csv: this is not text but binary data."),
        (b"PK\x03\x04" + bytes(50), "mix.csv: this is not text but binary data."),
        (b"\xff\xfeA", "mix.csv: this is not text but binary data."),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        decode(data, FILE)
    assert caught.value.message == words


def test_a_workbook_is_told_what_to_do() -> None:
    with pytest.raises(ImportFormatError) as caught:
        decode(b"PK\x03\x04" + bytes(50), FILE)
    assert caught.value.hint == "Save the sheet as CSV first."


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_every_text_comes_back(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode(), FILE) == text.removeprefix("\ufeff")


def test_what_is_no_text_says_which_kinds_can_be_read() -> None:
    for data in (b"", b"a\x00\x01b"):
        with pytest.raises(ImportFormatError) as caught:
            decode(data, Place("p.csv"), "CSV, parquet or XLSX")
        assert caught.value.hint == "Give a CSV, parquet or XLSX file."
