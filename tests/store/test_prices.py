"""Prices: long rows in, a matrix out, and coverage that needs no scan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine import blank

from keel.domain.market.instrument import Coverage
from keel.domain.market.prices import PriceMatrix
from keel.errors import InputError, PricesMissingError
from keel.store import prices
from keel.store.connection import Database
from keel.store.integrity import integrity

LONG = pd.DataFrame(
    {
        "date": pd.to_datetime(["2020-01-03", "2020-01-02", "2020-01-02"]),
        "symbol": ["A", "A", "B"],
        "adjusted_close": [11.0, 10.0, 5.0],
    }
)


def days(first: str, n: int) -> np.ndarray:
    return np.datetime64(first) + np.arange(n)


def test_long_rows_in_any_order_come_back_as_a_matrix(store: Database) -> None:
    assert prices.write_series(store, "set", "daily", "total_return", LONG) == 3
    matrix = prices.series(store, ["B", "A"], "set")
    assert matrix.symbols == ("B", "A")
    assert [str(d) for d in matrix.dates] == ["2020-01-02", "2020-01-03"]
    np.testing.assert_array_equal(matrix.closes, [[5.0, 10.0], [np.nan, 11.0]])
    assert matrix.kinds == ("total_return", "total_return")


@pytest.mark.parametrize("convert", [pa.Table.from_pandas, lambda f: {c: f[c].to_numpy() for c in f.columns}])
def test_arrow_and_arrays_are_read_like_a_frame(store: Database, convert) -> None:  # type: ignore[no-untyped-def]
    prices.write_series(store, "set", "daily", "total_return", convert(LONG))
    assert prices.series(store, ["A"]).closes.tolist() == [[10.0], [11.0]]


def test_coverage_says_what_is_held(store: Database) -> None:
    prices.write_series(store, "set", "daily", "total_return", LONG)
    held = prices.coverage(store)
    assert len({series.instrument_id for series in held}) == 2
    assert tuple(replace(series, instrument_id="") for series in held) == (
        Coverage("A", date(2020, 1, 2), date(2020, 1, 3), 2, "daily", "total_return", "set", "user"),
        Coverage("B", date(2020, 1, 2), date(2020, 1, 2), 1, "daily", "total_return", "set", "user"),
    )
    assert prices.datasets(store) == ("set",)


def test_writing_a_symbol_again_replaces_its_series_and_no_other(store: Database) -> None:
    prices.write_series(store, "set", "daily", "total_return", LONG)
    before = prices.revision(store)
    prices.write_series(store, "set", "daily", "total_return", LONG.iloc[:1].assign(adjusted_close=99.0))
    assert prices.series(store, ["A"]).closes.tolist() == [[99.0]]
    assert prices.series(store, ["B"]).closes.tolist() == [[5.0]]
    assert prices.revision(store) > before
    assert integrity(store) == ()


@settings(max_examples=20)
@given(
    closes=st.lists(st.lists(st.none() | st.floats(1e-6, 1e9), min_size=3, max_size=3), min_size=1, max_size=8).filter(
        lambda rows: all(any(row[j] is not None for row in rows) for j in range(3))
    )
)
def test_any_matrix_comes_back_equal(closes: list[list[float | None]]) -> None:
    table = np.array(closes, dtype=float)
    matrix = PriceMatrix(days("2020-01-01", len(table)), ("x", "y", "z"), table, ("total_return", "", "price_return"))
    prices.delete_dataset(SHARED, "any")
    prices.write_matrix(SHARED, "any", "daily", matrix)
    back = prices.series(SHARED, matrix.symbols, "any")
    held = ~np.isnan(table).all(axis=1)
    np.testing.assert_array_equal(back.dates, matrix.dates[held])
    np.testing.assert_array_equal(back.closes, table[held])
    assert back.kinds == matrix.kinds


SHARED = blank()


def test_without_a_dataset_total_return_comes_first_then_the_longest(store: Database) -> None:
    def write(dataset: str, kind: str, n: int, close: float) -> None:
        matrix = PriceMatrix(days("2020-01-01", n), ("A",), np.full((n, 1), close), (kind,))
        prices.write_matrix(store, dataset, "daily", matrix)

    write("long_price", "price_return", 30, 1.0)
    write("short_total", "total_return", 5, 2.0)
    assert prices.series(store, ["A"]).closes[0, 0] == 2.0
    write("long_total", "total_return", 9, 3.0)
    assert prices.series(store, ["A"]).closes[0, 0] == 3.0
    assert prices.series(store, ["A"], "long_price").closes[0, 0] == 1.0


def test_what_is_not_stored_is_named_all_at_once(store: Database) -> None:
    prices.write_series(store, "set", "daily", "total_return", LONG)
    with pytest.raises(PricesMissingError, match="no prices for X, Y in the dataset set"):
        prices.series(store, ["X", "A", "Y"], "set")


def test_a_symbol_asked_for_twice_fills_two_columns(store: Database) -> None:
    prices.write_series(store, "set", "daily", "total_return", LONG)
    assert prices.series(store, ["A", "A"]).closes.tolist() == [[10.0, 10.0], [11.0, 11.0]]
    assert prices.series(store, []).closes.shape == (0, 0)


@pytest.mark.parametrize("close", [0.0, -1.0, float("nan"), float("inf")])
def test_a_price_that_is_none_is_refused_and_nothing_is_written(store: Database, close: float) -> None:
    with pytest.raises(InputError, match="a price is positive"):
        prices.write_series(store, "set", "daily", "total_return", LONG.assign(adjusted_close=[1.0, close, 2.0]))
    assert prices.coverage(store) == ()


def test_a_date_twice_is_refused(store: Database) -> None:
    with pytest.raises(InputError, match="A has two prices on 2020-01-02"):
        prices.write_series(store, "set", "daily", "total_return", pd.concat([LONG, LONG.iloc[1:2]]))


def test_a_deleted_dataset_is_gone_and_the_revision_still_grows(store: Database) -> None:
    prices.write_series(store, "set", "daily", "total_return", LONG)
    before = prices.revision(store)
    prices.delete_dataset(store, "set")
    assert prices.coverage(store) == ()
    assert prices.revision(store) > before
    assert integrity(store) == ()
