"""What is said of the series of a study."""

from __future__ import annotations

from datetime import date

from keel.domain.market.choice import Basis, Source
from keel.domain.market.instrument import Coverage, FactSource, Instrument, InstrumentType
from keel.domain.market.lines.sentences import of_caveats, of_regions, of_series, own_series


def product(symbol: str, **facts: object) -> Instrument:
    return Instrument(symbol, symbol, symbol, InstrumentType.etf, **facts)  # type: ignore[arg-type]


def series(symbol: str, kind: str = "total_return", frequency: str = "monthly") -> Coverage:
    return Coverage(symbol, date(2000, 1, 31), date(2020, 1, 31), 240, frequency, kind, "set")


OWN = Source(product("OWN", survivor=True), own=series("OWN", "price_return", "daily"))
LENT = Source(product("LENT", region="US", proxy="LENDER"), proxy=series("LENDER"))
NEITHER = Source(product("NEITHER"))
LENDER = product("LENDER", region="Global", sources=(FactSource("caveat", "Net of tax."),))


def test_each_kind_of_series_is_said_once_with_its_symbols() -> None:
    assert of_series([OWN, LENT, NEITHER], Basis("other"), "monthly") == (
        "Not in the dataset other and taken from another: OWN (set), LENT (set).",
        "Series of different frequency are brought to month ends: OWN.",
        "1 of 2 series without dividends: OWN.",
        "Stocks that survived to 2020: OWN.",
    )
    assert [instrument.symbol for instrument, _ in own_series([OWN, LENT, NEITHER])] == ["OWN"]


def test_what_stands_in_brings_its_caveat_and_its_region() -> None:
    assert of_caveats([OWN, LENT, LENT], {"LENDER": LENDER}) == ("Net of tax.",)
    assert of_regions([LENT], {"LENDER": LENDER}) == (
        "Represented by a series of another region: LENT (US) through LENDER (Global).",
    )
    assert of_regions([LENT], {}) == ()
