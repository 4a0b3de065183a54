"""Options and bonds told by symbol and name."""

from __future__ import annotations

import pytest

from keel.sources.brokers.statement.products import is_bond, is_isin, is_option


@pytest.mark.parametrize(
    "symbol",
    ["-SPY250117C500", "SPY   250321C00500000", "META 06/21/2024 450.00 C", "SPY 17JAN25 500 C", "AAPL270115C00200000"],
)
def test_options_are_known_by_their_symbol(symbol: str) -> None:
    assert is_option(symbol)


@pytest.mark.parametrize("symbol", ["VTI", "BRK.B", "BTC/USD", "TD.TO", "A", "NDIA", "", "IE00B4L5Y983"])
def test_funds_and_stocks_are_no_options_and_no_bonds(symbol: str) -> None:
    assert not is_option(symbol)
    assert not is_bond(symbol, "A fund of 5% bonds")


def test_bonds_are_known_by_number_and_name() -> None:
    assert is_bond("912828ZQ6", "UNITED STATES TREAS NTS 0.62500%")
    assert not is_bond("31617E745", "FID 500 INDEX POOL CL A")
    assert is_isin("IE00B4L5Y983")
    assert not is_isin("IE00B4L5Y98")
