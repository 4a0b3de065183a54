from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from keel.domain.market.availability import Availability, availability
from keel.domain.market.choice import Basis, by_symbol
from keel.domain.market.health import LEVELS, check, longest_hole, old_closes, worst
from keel.domain.market.instrument import Coverage, FactSource, Instrument, InstrumentType
from keel.domain.market.lines.conversion import Money

FUND = Instrument("1", "VTI", "Total market", InstrumentType.etf, expense_ratio=0.0003, proxy="MSCI US")
SERIES = Coverage("VTI", date(2010, 1, 4), date(2026, 1, 5), 4000, "daily", "total_return", "etfs")
OWN = Availability(SERIES, False, "")

DOLLARS = Money()


def codes(*found: object, **options: object) -> list[str]:
    return [finding.code for finding in check(*found, **options)]  # type: ignore[arg-type]


def walk(count: int = 500) -> np.ndarray:
    return 100 * np.exp(np.cumsum(np.random.default_rng(7).normal(0, 0.01, count)))


def test_a_sound_series_has_no_finding() -> None:
    closes = walk()
    dates = np.arange(len(closes)).astype("datetime64[D]")
    assert check(FUND, OWN, SERIES.last, DOLLARS, dates, closes) == ()
    assert worst(()) == "ok"


def test_every_coverage_finding() -> None:
    assert codes(FUND, Availability(None, False, "No prices.")) == ["missing"]
    assert codes(FUND, Availability(SERIES, True, "")) == ["proxied"]
    assert codes(replace(FUND, currency="JPY"), OWN, money=DOLLARS) == ["currency_mismatch"]
    assert codes(replace(FUND, currency="JPY"), OWN, money=Money("USD", frozenset({"USDJPY"}))) == ["converted"]
    assert codes(replace(FUND, currency="JPY"), OWN) == []
    assert codes(replace(FUND, survivor=True), OWN) == ["survivor"]
    assert codes(FUND, Availability(replace(SERIES, first=date(2024, 1, 4)), False, "")) == ["short_history"]
    assert codes(FUND, Availability(replace(SERIES, price_kind="price_return"), False, "")) == ["dividends_excluded"]


def test_stale_is_more_than_five_sessions_behind_the_dataset() -> None:
    assert codes(FUND, OWN, date(2026, 1, 12)) == []  # 6, 7, 8, 9 and 12 January: five sessions
    assert codes(FUND, OWN, date(2026, 1, 13)) == ["stale"]


@pytest.mark.parametrize(("length", "level"), [(5, "note"), (6, "bad")])
def test_a_hole_is_grave_beyond_what_a_study_carries(length: int, level: str) -> None:
    closes = walk()
    closes[100 : 100 + length] = np.nan
    dates = np.arange(len(closes)).astype("datetime64[D]")
    found = check(FUND, OWN, SERIES.last, DOLLARS, dates, closes)
    assert [(finding.code, LEVELS[finding.severity]) for finding in found] == [("gaps", level)]
    assert longest_hole(closes) == (100, length)


def test_zero_and_negative_prices_are_grave_and_come_first() -> None:
    closes = walk()
    closes[10] = 0.0
    dates = np.arange(len(closes)).astype("datetime64[D]")
    found = check(replace(FUND, survivor=True), OWN, SERIES.last, DOLLARS, dates, closes)
    assert [finding.code for finding in found] == ["not_positive", "survivor"]
    assert worst(found) == "bad"
    assert all(finding.message and finding.affects and finding.fix for finding in found)


def test_own_prices_come_before_the_proxy_and_total_return_before_price_return() -> None:
    proxy = replace(SERIES, symbol="MSCI US", first=date(1999, 12, 31), dataset="monthly")
    price_only = replace(SERIES, first=date(1990, 1, 2), price_kind="price_return", dataset="old")
    index = by_symbol([price_only, proxy, SERIES])
    assert availability(FUND, index).series == SERIES
    assert availability(FUND, index, Basis("old")).series == price_only
    monthly = availability(FUND, index, Basis("monthly"))
    assert (monthly.proxied, monthly.series) == (True, proxy)
    elsewhere = availability(FUND, index, Basis("none"))
    assert not elsewhere.usable
    assert elsewhere.note == "No prices in this dataset; there are daily 2010–2026."


def test_a_jump_in_a_crisis_is_the_markets_and_one_on_a_calm_day_is_to_check() -> None:
    closes = walk()
    closes[[200, 300]] *= 0.5
    dates = np.datetime64("2008-09-29", "D") + np.arange(-200, len(closes) - 200)
    found = check(FUND, OWN, SERIES.last, DOLLARS, dates, closes)
    assert [(finding.code, LEVELS[finding.severity]) for finding in found] == [("crisis_jumps", "note")]
    assert "2 prices jump" in found[0].message
    assert "29 Sep 2008 (Global financial crisis)" in found[0].message
    calm = check(FUND, OWN, SERIES.last, DOLLARS, dates - 1000, closes)
    assert [finding.code for finding in calm] == ["jumps"]
    assert calm[0].message == "2 prices jump away and back, the first on 3 Jan 2006."


def test_a_series_that_stands_in_brings_its_own_caveat_and_the_funds_own_is_not_said() -> None:
    fund = replace(FUND, sources=(FactSource("caveat", "About the fund."),))
    found = check(fund, Availability(SERIES, True, "", "About the index."))
    assert [finding.message for finding in found if finding.code == "caveat"] == ["About the index."]
    own = check(fund, OWN)
    assert [finding.message for finding in own if finding.code == "caveat"] == ["About the fund."]


def test_prices_are_old_after_five_sessions() -> None:
    today = date(2026, 1, 9)  # a Friday
    fresh = {"VTI": date(2026, 1, 2)}  # 5, 6, 7, 8, 9 January: five sessions
    assert old_closes(fresh, today) == old_closes({}, today) == ()
    (seen,) = old_closes({**fresh, "SPY": date(2025, 12, 31), "BND": date(2025, 12, 30)}, today)
    assert seen.message == "The last price of SPY, BND is of 31 Dec 2025 or before."
    assert (seen.step, seen.affects) == ("data", "The figures are not those of 9 Jan 2026.")
    (same,) = old_closes({"SPY": date(2025, 12, 31), "BND": date(2025, 12, 31)}, today)
    assert same.message == "The last price of SPY, BND is of 31 Dec 2025."
    (later,) = old_closes({"VTI": date(2026, 1, 2), "FUTURE": date(2027, 1, 1)}, date(2026, 1, 12))
    assert later.message == "The last price of VTI is of 2 Jan 2026."
