"""Prices out of a parquet file: as data frames write them, or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.errors import ImportFormatError, KeelError
from keel.sources.files import parquet
from keel.sources.files.prices import read_prices


def test_parquet_is_read_with_the_date_as_column_or_index(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"SPY": [99.125, 100.5, 101.25], "TLT": [52, 50, None]},
        index=pd.to_datetime(["2020-03-31", "2020-01-31", "2020-02-29"]),
    )
    frame.to_parquet(tmp_path / "unnamed.parquet")
    frame.rename_axis("date").to_parquet(tmp_path / "index.parquet")
    frame.rename_axis("date").reset_index().to_parquet(tmp_path / "column.parquet")
    frame.rename_axis("date").reset_index().assign(date=lambda f: f["date"].astype(str)).to_parquet(
        tmp_path / "text.parquet"
    )
    frame.rename_axis("date").reset_index().melt("date", var_name="symbol", value_name="close").to_parquet(
        tmp_path / "long.parquet"
    )
    for name in ("unnamed", "index", "column", "text", "long"):
        prices = read_prices(tmp_path / f"{name}.parquet")
        assert prices.symbols == ("SPY", "TLT")
        assert prices.dates.astype(str).tolist() == ["2020-01-31", "2020-02-29", "2020-03-31"]
        np.testing.assert_array_equal(prices.closes, [[100.5, 50], [101.25, np.nan], [99.125, 52]])


@pytest.mark.parametrize("value", ["x", None])
def test_parquet_with_text_or_a_missing_date_is_refused(tmp_path: Path, value: str | None) -> None:
    frame = pd.DataFrame({"date": ["2020-01-31", "2020-02-29"], "SPY": [1.0, 2.0]})
    frame = frame.assign(SPY=["1", "x"]) if value else frame.assign(date=["2020-01-31", None])
    frame.to_parquet(tmp_path / "p.parquet")
    with pytest.raises(ImportFormatError, match=r"p\.parquet, row"):
        read_prices(tmp_path / "p.parquet")


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_parquet_file_is_read_or_refused_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, int]]
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "p.parquet"
    pd.DataFrame({"date": ["2020-01-31", "2020-02-29"], "SPY": [1.0, 2.0]}).to_parquet(path)
    data = bytearray(path.read_bytes())
    for where, value in damage:
        data[min(int(where * len(data)), len(data) - 1)] = value
    path.write_bytes(bytes(data))
    complaint = ""
    try:
        read_prices(path)
    except KeelError as error:
        complaint = str(error)
    assert "\n" not in complaint


def test_what_the_columns_hold_is_named(tmp_path: Path) -> None:
    pd.DataFrame({"day": [1], "SPY": [1.0]}).to_parquet(tmp_path / "p.parquet", index=False)
    with pytest.raises(ImportFormatError, match=r"p\.parquet, field date: there is no column of that name"):
        read_prices(tmp_path / "p.parquet")
    pd.DataFrame({"date": [1.5], "SPY": [1.0]}).to_parquet(tmp_path / "p.parquet", index=False)
    with pytest.raises(ImportFormatError, match="it holds double, not dates"):
        read_prices(tmp_path / "p.parquet")


def test_a_dictionary_that_fills_many_rows_is_not_spread_out(tmp_path: Path) -> None:
    symbols = pa.DictionaryArray.from_arrays(pa.array(np.zeros(3_000, np.int32)), pa.array(["S" * 1_000_000]))
    days = np.datetime64("2000-01-01") + np.arange(3_000)
    table = pa.table({"date": pa.array(days), "symbol": symbols, "close": np.ones(3_000)})
    pq.write_table(table, tmp_path / "p.parquet", compression="zstd")
    before = pa.total_allocated_bytes()
    with pytest.raises(ImportFormatError, match=r"field symbol: a symbol has more than 1,000 characters"):
        read_prices(tmp_path / "p.parquet")
    assert pa.default_memory_pool().max_memory() - before < 200_000_000  # spread out it has 3 GB


def test_text_that_shares_its_beginning_with_the_one_before_is_refused(tmp_path: Path) -> None:
    table = pa.table({"date": ["2020-01-31"] * 2, "symbol": ["A", "B"], "close": [1.0, 2.0]})
    packed = {"symbol": "DELTA_BYTE_ARRAY"}
    pq.write_table(table, tmp_path / "p.parquet", use_dictionary=False, column_encoding=packed)
    with pytest.raises(ImportFormatError, match="its text is packed as DELTA_BYTE_ARRAY, which is not read"):
        read_prices(tmp_path / "p.parquet")


def test_what_a_file_says_it_unpacks_to_is_judged_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"date": ["2020-01-31"], "SPY": [1.0]}), tmp_path / "p.parquet")
    monkeypatch.setattr(parquet, "DECODED_LIMIT", 50)
    with pytest.raises(ImportFormatError, match="it holds 0 MB once unpacked, more than the 0 MB"):
        read_prices(tmp_path / "p.parquet")


@pytest.mark.parametrize("told", ["null", "[]", "1", '{"index_columns": {"a": 1}}', "{", "[" * 100_000])
def test_what_is_told_of_the_index_may_be_anything(tmp_path: Path, told: str) -> None:
    table = pa.table({"date": ["2020-01-31"], "SPY": [1.0]}).replace_schema_metadata({"pandas": told})
    pq.write_table(table, tmp_path / "p.parquet")
    assert read_prices(tmp_path / "p.parquet").symbols == ("SPY",)


def test_the_largest_whole_number_is_a_price_and_no_day_lies_outside_the_calendar(tmp_path: Path) -> None:
    largest = pa.array([2**64 - 1], pa.uint64())
    pq.write_table(pa.table({"date": ["2020-01-31"], "SPY": largest}), tmp_path / "p.parquet")
    assert read_prices(tmp_path / "p.parquet").closes.tolist() == [[2.0**64]]
    for day in (-800_000, 3_000_000):
        days = pa.array([day], pa.int32()).cast(pa.date32())
        pq.write_table(pa.table({"date": days, "SPY": [1.0]}), tmp_path / "p.parquet")
        with pytest.raises(ImportFormatError, match=r"row 1, column date: .* is not a day of the years 1 to 9999"):
            read_prices(tmp_path / "p.parquet")
