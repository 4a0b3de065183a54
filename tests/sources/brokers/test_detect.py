"""Which format a file is of; and whatever the bytes, a file is read or refused in one sentence."""

from __future__ import annotations

import csv
import io
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.brokers.samples import AS_OF, FOLDER, FORMATS, OWN, content, sample, shorts

from keel.errors import ImportFormatError
from keel.sources.brokers import detect
from keel.sources.brokers.statement.document import open_document

ALL = [*FORMATS, OWN]


def test_every_sample_is_listed() -> None:
    assert sorted(ALL) == sorted(path.name for path in Path(FOLDER).iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_is_claimed_by_its_own_format_surest_by_far(name: str) -> None:
    document = open_document(content(name), name)
    sure = {format.name: format.sure(document) for format in detect.FORMATS}
    assert all(0.0 <= value <= 1.0 for value in sure.values())
    best = sure.pop(FORMATS[name])
    assert best > max(sure.values()) + 0.2 or (FORMATS[name] == "Table" and max(sure.values()) == 0.0)


def test_its_own_list_of_holdings_is_known() -> None:
    assert sample(OWN).format == "Keel holdings"


@pytest.mark.parametrize("name", [n for n in ALL if n.endswith(".csv")])
def test_encodings_and_ends_of_lines_say_nothing(name: str) -> None:
    told, body = shorts(sample(name)), content(name).decode("utf-8-sig")
    for data in (body.encode("utf-16"), body.encode("utf-8-sig"), body.replace("\n", "\r\n").encode()):
        assert shorts(detect.read(data, name, AS_OF)) == told


@pytest.mark.parametrize("name", [n for n in FORMATS if n.endswith(".csv")])
def test_more_columns_at_the_end_say_nothing(name: str) -> None:
    if name.startswith(("U1234567", "flex")):
        return  # their rows are told apart by what stands in them
    lines = content(name).decode("utf-8-sig").splitlines(keepends=True)
    mark = ";" if sum(line.count(";") for line in lines) > sum(line.count(",") for line in lines) / 2 else ","
    widened = "".join(line.rstrip("\n") + mark + "\n" if line.count(mark) > 2 else line for line in lines)
    assert shorts(detect.read(widened.encode(), name, AS_OF)) == shorts(sample(name))


ONE_TABLE = [
    n for n in FORMATS if n.endswith(".csv") and not n.startswith(("U1234567", "flex", "All-Accounts", "OfxDownload"))
]


@settings(max_examples=30)
@given(st.sampled_from(ONE_TABLE), st.randoms(use_true_random=False))
def test_the_order_and_the_case_of_columns_say_nothing(name: str, chance: random.Random) -> None:
    document = open_document(content(name), name)
    width = max(len(record.cells) for record in document.records)
    order = chance.sample(range(width), width)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=document.separated)
    header = next(n for n, record in enumerate(document.records) if len(record.cells) > 2)
    for n, record in enumerate(document.records):
        cells = record.cells + [""] * (width - len(record.cells))
        told = [chance.choice((str.lower, str.upper, str))(cell) if n == header else cell for cell in cells]
        writer.writerow([told[k] for k in order] if len(record.cells) > 1 else record.cells)
    assert shorts(detect.read(out.getvalue().encode(), name, AS_OF)) == shorts(sample(name))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"hello",
        b"a,b,c\n1,2,3\n",
        b"date,SPY,TLT\n2026-01-01,1,2\n",
        b"{}",
        b"[]",
        b'{"keel": 1, "buckets": []}',
        b"<html><body>Sign in</body></html>",
        b"PK\x03\x04broken",
        b"PPPBV1\x00\x01",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7\n%\xe2\xe3",
        b"\x00\xff" * 50,
    ],
)
def test_a_foreign_file_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(ImportFormatError) as caught:
        detect.read(data, "statement.csv", AS_OF)
    assert str(caught.value).startswith("statement.csv")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(ImportFormatError, match="21 MB, more than the 20 MB"):
        detect.read(b"a" * 21_000_000, "big.csv", AS_OF)


def attempt(data: bytes, name: str) -> None:
    """Reads a file, or sees it refused; anything else is a failure."""
    with suppress(ImportFormatError):
        detect.read(data, name, AS_OF)


@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    attempt(data, "x.csv")


@settings(max_examples=40)
@given(st.sampled_from(ALL), st.integers(0, 10_000), st.data())
def test_damaged_files_are_read_or_refused(name: str, seed: int, data: st.DataObject) -> None:
    whole, chance = bytearray(content(name)), random.Random(seed)
    for _ in range(data.draw(st.integers(0, 6))):
        at = chance.randrange(len(whole))
        whole[at : at + chance.randrange(4)] = bytes(chance.choices(b'",;\n\x00a1.-<>{}[]', k=chance.randrange(4)))
    attempt(bytes(whole[: chance.randrange(len(whole))] if chance.random() < 0.5 else whole), name)


@settings(max_examples=30)
@given(st.sampled_from([n for n in FORMATS if n.endswith(".csv")]), st.randoms(use_true_random=False))
def test_rows_in_any_order_are_read_or_refused(name: str, chance: random.Random) -> None:
    lines = content(name).splitlines(keepends=True)
    chance.shuffle(lines)
    attempt(b"".join(lines), name)
