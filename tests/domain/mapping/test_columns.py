"""A universe of three by hand."""

from __future__ import annotations

from datetime import date

import numpy as np

from keel.domain.mapping.columns import MOST_ANSWERS, columns_of
from keel.domain.market.choice import ANYWHERE, Basis
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType

VTI = Instrument("1", "VTI", "", InstrumentType.etf, "Equity", "US", expense_ratio=0.0003, adv_usd=2e8)
STOCK = Instrument("2", "ABC", "", InstrumentType.stock, "Equity", inception=date(2016, 1, 2), adv_usd=3e8)
WORLD = Instrument("3", "IWDA", "", InstrumentType.etf, "Equity", "Global", currency="EUR", proxy="VTI")
SERIES = Coverage("VTI", date(2006, 1, 2), date(2026, 1, 2), 5000, "daily", "total_return", "one")
COLUMNS = columns_of((VTI, STOCK, WORLD), (SERIES,))


def test_facts_are_arrays_with_nan_for_what_is_not_known() -> None:
    assert np.array_equal(COLUMNS.facts["expense_ratio"], [0.0003, np.nan, np.nan], equal_nan=True)
    assert np.round(COLUMNS.facts["years"], 1).tolist()[:2] == [20.0, 10.0]  # its first price, else its inception
    assert COLUMNS.codes["liquidity"].tolist() == [0, 1, -1]
    assert COLUMNS.codes["cost"].tolist() == [0, -1, -1]


def test_places_of_tags_types_and_currencies() -> None:
    assert COLUMNS.tags["asset_class:equity"].tolist() == [0, 1, 2]
    assert COLUMNS.tagged("region:us").tolist() == [True, False, False]
    assert COLUMNS.tagged("region:mars").tolist() == [False, False, False]
    assert COLUMNS.where(COLUMNS.types, ["etf"]).tolist() == [True, False, True]
    assert COLUMNS.where(COLUMNS.currencies, ["eur", "chf"]).tolist() == [False, False, True]
    assert COLUMNS.unknown("region:us").tolist() == [False, True, False]
    assert not COLUMNS.unknown("factor:value").any()


def test_ranks_are_by_symbol_and_by_volume() -> None:
    assert COLUMNS.by_symbol.tolist() == [2, 0, 1]
    assert COLUMNS.by_volume.tolist() == [1, 0, 2]


def test_series_of_its_own_and_those_of_a_proxy() -> None:
    own, either = COLUMNS.sources(ANYWHERE)
    assert (own.tolist(), either.tolist()) == ([True, False, False], [True, False, True])
    assert not COLUMNS.sources(Basis("two", named=True))[1].any()


def test_a_universe_of_nothing_has_columns_too() -> None:
    assert columns_of((), ()).as_of == date(2000, 1, 1)


def test_answers_are_remembered_and_the_many_are_let_go() -> None:
    columns = columns_of((VTI,), ())
    first = columns.tagged("region:us")
    assert columns.tagged("region:us") is first
    for n in range(MOST_ANSWERS):
        columns.tagged(f"tag {n}")
    again = columns.tagged("region:us")
    assert again is not first
    assert again.tolist() == [True]
