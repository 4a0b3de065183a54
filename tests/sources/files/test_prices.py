"""Prices out of files: read exactly, or refused in one sentence that says where."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.errors import ImportFormatError, KeelError
from keel.sources.files.prices import read_price_file, read_prices

GOOD = "date,SPY,TLT\n2020-01-31,100.5,50\n2020-02-29,101.25,\n2020-03-31,99.125,52\n"


def write(folder: Path, content: str | bytes, name: str = "p.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def complaint(folder: Path, content: str | bytes, name: str = "p.csv") -> ImportFormatError:
    with pytest.raises(ImportFormatError) as caught:
        read_prices(write(folder, content, name))
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def assert_good(path: Path) -> None:
    prices = read_prices(path)
    assert prices.symbols == ("SPY", "TLT")
    assert prices.dates.astype(str).tolist() == ["2020-01-31", "2020-02-29", "2020-03-31"]
    np.testing.assert_array_equal(prices.closes, [[100.5, 50], [101.25, np.nan], [99.125, 52]])


def test_a_wide_csv_is_read_and_an_empty_cell_is_a_missing_price(tmp_path: Path) -> None:
    assert_good(write(tmp_path, GOOD))


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + GOOD.encode(),
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"),
        GOOD.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"),
        GOOD.encode("utf-32"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", ";").replace(".", ",").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("\n", ",\n").encode(),
        GOOD.replace(",", "\t").replace(".", ",").encode(),
        GOOD.replace("2020-01-31", "43861").replace("2020-02-29", "43890").replace("2020-03-31", "43921").encode(),
        GOOD.replace("2020-01-31", "31/1/2020")
        .replace("2020-02-29", "29/2/2020")
        .replace("2020-03-31", "31/3/2020")
        .encode(),
        GOOD.replace("2020-01-31", "01/31/2020")
        .replace("2020-02-29", "02/29/2020")
        .replace("2020-03-31", "03/31/2020")
        .encode("cp1252"),
        GOOD.replace("date", "Date").replace("\n", "\n\n").encode(),
        GOOD.replace("2020-02-29", "2020-02-29 00:00:00+00:00").encode(),
        GOOD.replace("2020-03-31", "20200331").replace(",\n", ",NaN\n").encode(),
    ],
)
def test_any_encoding_separator_and_line_end_gives_the_same_prices(tmp_path: Path, data: bytes) -> None:
    assert_good(write(tmp_path, data))


def test_rows_in_any_order_are_sorted(tmp_path: Path) -> None:
    head, *rows = GOOD.splitlines()
    assert_good(write(tmp_path, "\n".join([head, *reversed(rows)])))


def test_long_rows_become_columns(tmp_path: Path) -> None:
    rows = ["date,symbol,close", "2020-03-31,SPY,99.125", "2020-01-31,SPY,100.5", "2020-02-29,SPY,101.25"]
    assert_good(write(tmp_path, "\n".join([*rows, "2020-01-31,TLT,50", "2020-03-31,TLT,52"])))


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=20))
def test_every_number_is_read_to_its_last_digit(tmp_path_factory: pytest.TempPathFactory, values: list[float]) -> None:
    path = tmp_path_factory.mktemp("exact") / "p.csv"
    days = pd.date_range("2000-01-01", periods=len(values)).strftime("%Y-%m-%d")
    path.write_text("date,A\n" + "\n".join(f"{d},{v!r}" for d, v in zip(days, values, strict=True)))
    assert read_prices(path).closes[:, 0].tolist() == values


@pytest.mark.parametrize(
    ("broken", "row", "column"),
    [
        (GOOD.replace("101.25", "abc"), 3, "SPY"),
        (GOOD.replace("101.25", "1_000"), 3, "SPY"),
        (GOOD.replace("101.25", "0"), 3, "SPY"),
        (GOOD.replace("101.25", "-4"), 3, "SPY"),
        (GOOD.replace("52", "inf"), 4, "TLT"),
        (GOOD.replace("52", "1e999"), 4, "TLT"),
        (GOOD.replace("2020-02-29", "2020-02-30"), 3, "date"),
        (GOOD.replace("2020-02-29", "2/29/2020"), 3, "date"),
        (GOOD.replace("2020-02-29", ""), 3, "date"),
        (GOOD.replace("2020-03-31", "2020-01-31"), 4, "date"),
        (GOOD.replace("TLT", "SPY"), 1, "SPY"),
        (GOOD.replace("TLT", ",X"), 1, None),
        (GOOD.replace("date", "day of"), 1, "day of"),
        (GOOD.replace("101.25", "=SUM(A1:A9)"), 3, "SPY"),
        (GOOD.replace(",", ";").replace("101.25", "101,25"), 3, "SPY"),
        (GOOD.replace(",", "\t").replace("101.25", "1,012").replace(".5", "").replace(".125", ""), 3, "SPY"),
        ("date,A\n01/02/2020,1\n03/02/2020,2\n", 2, "date"),
        ("date,A\n31/01/2020,1\n2020-02-29,2\n", 3, "date"),
        ("date,symbol,close,volume\n2020-01-31,A,1,-5\n", 2, "volume"),
        ("date,symbol,close,adj close\n2020-01-31,A,0,1\n", 2, "A"),
        (GOOD.replace(",52", ",52,53"), 4, None),
        ("date,SPY\n\n\n2020-01-31,x\n", 4, "SPY"),
        ("date\n2020-01-31\n", 1, None),
        ("date,SPY\n", 1, None),
        ("date,symbol,close\n2020-01-31,A,1\n2020-01-31,A,2\n", 3, "date"),
        ("date,symbol,close\n2020-01-31,A,1\n2020-01-31,B,-2\n", 3, "B"),
        ("date,symbol,close\n2020-01-31,,1\n", 2, "symbol"),
    ],
)
def test_a_complaint_names_the_row_and_the_column(tmp_path: Path, broken: str, row: int, column: str | None) -> None:
    error = complaint(tmp_path, broken)
    assert (error.row, error.column) == (row, column)
    assert column is None or row == 1 or f"row {row}" in str(error) or f"and {row}" in str(error)


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n", b",,,\n", b"\x00\x01\x02\xff" * 50, b"PAR1junk", b"PK\x03\x04xlsx", b"\x89PNG\r\n\x1a\n\x00"],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    complaint(tmp_path, data)


def test_a_missing_file_a_folder_and_a_huge_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError, match=r"gone\.csv was not found"):
        read_prices(tmp_path / "gone.csv")
    with pytest.raises(ImportFormatError, match="it is a folder"):
        read_prices(tmp_path)
    with pytest.raises(ImportFormatError, match="more than the"):
        read_prices(write(tmp_path, GOOD), limit=10)


FRAGMENTS = st.sampled_from(
    ["date", ",", ";", "\n", '"', "2020-01-31", "2020-02-29", "1.5", "-1", "SPY", "symbol", "close", "\r"]
)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=80).map(lambda b: b"PAR1" + b),
        st.lists(FRAGMENTS).map(lambda f: "".join(f).encode()),
    )
)
def test_any_bytes_are_read_or_refused_never_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "p.csv"
    path.write_bytes(data)
    complaint = ""
    try:
        prices = read_prices(path)
    except KeelError as error:
        complaint = str(error)
    else:
        assert (np.diff(prices.dates) > np.timedelta64(0)).all()
        assert prices.closes.shape == (len(prices.dates), len(prices.symbols))
    assert "\n" not in complaint


def test_a_small_file_that_would_become_a_large_matrix_is_refused(tmp_path: Path) -> None:
    wide = "date," + ",".join(f"S{n}" for n in range(19_000)) + "\n" + "2020-01-31\n" * 3_000
    assert "19,000 symbols make more than the 50,000,000 prices" in str(complaint(tmp_path, wide))
    first = np.datetime64("1990-01-01")
    long = "date,symbol,close\n" + "\n".join(f"{first + n},S{n},1" for n in range(8_000))
    assert "8,000 dates of 8,000 symbols make more than the 50,000,000 prices" in str(complaint(tmp_path, long))
    assert "there are 20,002 columns" in str(complaint(tmp_path, "date" + ",A" * 20_001 + "\n"))


def test_a_spreadsheet_is_read_as_a_csv_file_is(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in ["date", "SPY", "TLT"], ["2020-01-31", 100.5, 50], ["2020-02-29", 101.25], ["2020-03-31", 99.125, 52]:
        workbook.worksheets[0].append(row)
    out = io.BytesIO()
    workbook.save(out)
    assert_good(write(tmp_path, out.getvalue(), "p.xlsx"))


DOWNLOADED = """Date,Open,High,Low,Close,Adj Close,Volume
2020-01-31,1,3,1,2.5,2.25,100
2020-02-29,1,3,1,2.75,2.5,
"""


def test_one_instrument_with_its_adjusted_closes_is_named_by_its_file(tmp_path: Path) -> None:
    file = read_price_file(write(tmp_path, DOWNLOADED), "spy.csv")
    assert file.prices.symbols == ("SPY",)
    assert file.prices.closes.tolist() == [[2.25], [2.5]]
    assert file.raw is not None
    assert file.raw.tolist() == [[2.5], [2.75]]
    np.testing.assert_array_equal(file.volume, [[100.0], [np.nan]])
    pd.read_csv(io.StringIO(DOWNLOADED)).to_parquet(tmp_path / "p.parquet")
    same = read_price_file(tmp_path / "p.parquet", "spy.parquet")
    assert (same.prices.symbols, same.prices.closes.tolist()) == (("SPY",), [[2.25], [2.5]])
    np.testing.assert_array_equal(same.volume, file.volume)


def test_ten_thousand_columns_and_names_that_are_scripts_are_read_as_they_stand(tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "=cmd|'/c calc'!A1", *(f"S{n}" for n in range(9_998))]
    path = write(tmp_path, "date," + ",".join(names) + "\n2020-01-31" + ",1.5" * 10_000 + "\n")
    prices = read_prices(path)
    assert prices.symbols == tuple(names)
    assert (prices.closes == 1.5).all()
