"""What the columns of a price file are, by their names."""

from __future__ import annotations

import pytest

from keel.sources.files.columns import Columns, find_columns, is_date, symbol_of

LONG = [
    (["Close", "Date", "Symbol"], Columns(1, 2, 0)),
    (["date", "symbol", "adj_close"], Columns(0, 1, 2, adjusted=True)),
    (["Date", "Ticker", "Close", "Adj Close", "Volume"], Columns(0, 1, 3, 2, 4, adjusted=True)),
    (["Date", "Open", "High", "Low", "Close", "Volume"], Columns(0, None, 4, None, 5)),
    (["Date", "Open", "High", "Low", "Close", "Adj. Close", "Volume"], Columns(0, None, 5, 4, 6, adjusted=True)),
    (["Datum", "Erster", "Hoch", "Tief", "Schlusskurs"], Columns(0, None, 4)),
]


@pytest.mark.parametrize(("header", "columns"), LONG)
def test_rows_of_one_price_are_recognised_in_any_order_of_columns(header: list[str], columns: Columns) -> None:
    assert find_columns(header) == columns


@pytest.mark.parametrize("header", [["date", "SPY"], ["date", "SPY", "close"], ["", "A"], ["date", "LOW", "A"], ["x"]])
def test_all_else_has_a_column_a_symbol(header: list[str]) -> None:
    assert find_columns(header) is None


def test_dates_have_a_few_names() -> None:
    assert all(map(is_date, ("date", "Date", "DATUM", "Trade_Date")))
    assert not is_date("day of")


def test_a_file_of_one_instrument_is_named_after_it() -> None:
    assert [symbol_of(name) for name in ("spy.csv", "/a/BRK.B.csv", "VTI (2).xlsx", "World fund.csv")] == [
        "SPY", "BRK.B", "VTI", "World fund",
    ]  # fmt: skip
