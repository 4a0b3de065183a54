"""Which series fills an instrument, and what a person is told about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from keel.domain.market.choice import Basis
from keel.domain.market.instrument import Coverage, FactSource, Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix, kind_words, stand_ins
from keel.domain.market.resolution import Resolution, assemble, resolve
from keel.errors import MarketDataError, PricesMissingError

MONTHS = np.array(["2019-12-31", "2020-01-31", "2020-02-29", "2020-03-31"], dtype="datetime64[D]")
DAYS = np.array(["2020-01-30", "2020-01-31", "2020-02-27", "2020-02-28", "2020-03-02"], dtype="datetime64[D]")

MATRICES = {
    "monthly": PriceMatrix(
        MONTHS, ("WORLD", "BONDS", "YEN"), np.array([[1.0, 1, 1], [1.1, 1, 1], [1.2, 1.01, 1], [1.3, 1.02, 1]])
    ),
    "etf_daily": PriceMatrix(DAYS, ("SPY", "TLT"), np.array([[10.0, 5], [11, 5.1], [12, 5.2], [13, 5.3], [14, 5.4]])),
}
COVERAGE = tuple(
    Coverage(symbol, first, last, n, frequency, kind, dataset)
    for dataset, frequency, kind, first, last, n in (
        ("etf_daily", "daily", "price_return", date(2020, 1, 30), date(2020, 3, 2), 5),
        ("monthly", "monthly", "total_return", date(2019, 12, 31), date(2020, 3, 31), 4),
    )
    for symbol in MATRICES[dataset].symbols
)


def product(symbol: str, **facts: object) -> Instrument:
    return Instrument(id=symbol, symbol=symbol, name=symbol, type=InstrumentType.etf, **facts)  # type: ignore[arg-type]


SPY = product("SPY", proxy="WORLD", expense_ratio=0.001)
BND = product("BND", proxy="BONDS", expense_ratio=0.0003)
TLT = product("TLT")


def study(*instruments: Instrument, basis: Basis | None = None, proxies: bool = True) -> tuple[Resolution, PriceMatrix]:
    resolution = resolve(instruments, COVERAGE, basis, proxies=proxies)
    matrices = {name: MATRICES[name] for name in resolution.wanted()}
    return resolution, assemble(matrices, resolution)


def test_the_dataset_with_total_returns_for_all_is_chosen_and_proxies_pay_the_fee() -> None:
    resolution, prices = study(SPY, BND)
    assert (resolution.dataset, resolution.frequency) == ("monthly", "monthly")
    assert prices.kinds == ("total_return", "total_return")
    assert prices.proxied == (("SPY", "WORLD", None), ("BND", "BONDS", None))
    assert prices.notes == (
        "Represented by similar series, less the fee of each: SPY by WORLD (0.10%), BND by BONDS (0.03%).",
    )
    np.testing.assert_allclose(prices.closes[1, 0] / prices.closes[0, 0], 1.1 * 0.999 ** (31 / 365.25), rtol=1e-14)


def test_own_prices_are_taken_where_one_dataset_has_them_all() -> None:
    resolution, prices = study(SPY, TLT)
    assert (resolution.dataset, resolution.frequency, prices.proxied) == ("etf_daily", "daily", ())
    assert prices.notes == ("Dividends excluded: SPY, TLT.",)
    np.testing.assert_array_equal(prices.closes, MATRICES["etf_daily"].closes)


def test_a_named_dataset_wins_over_the_automatic_choice() -> None:
    resolution, prices = study(SPY, basis=Basis("etf_daily", named=True))
    assert (resolution.dataset, prices.kinds) == ("etf_daily", ("price_return",))


def test_mixed_frequencies_are_brought_to_month_ends_and_the_result_says_so() -> None:
    resolution, prices = study(TLT, product("WORLD"))
    assert (resolution.dataset, resolution.frequency) == ("", "monthly")
    assert prices.dates.tolist() == MONTHS.tolist()
    np.testing.assert_array_equal(prices.closes[:, 0], [np.nan, 5.1, 5.3, np.nan])  # March is not finished
    assert "Series of different frequency are brought to month ends: TLT." in prices.notes


def test_a_caller_can_ask_for_a_coarser_study_and_the_result_says_so() -> None:
    resolution = replace(resolve([TLT], COVERAGE), frequency="monthly")
    prices = assemble(MATRICES, resolution)
    assert prices.dates.astype(str).tolist() == ["2020-01-31", "2020-02-28"]
    assert prices.notes[0] == "Series of different frequency are brought to month ends: TLT."


def extended(kind: str) -> PriceMatrix:
    """SPY, TLT and WORLD, whose daily prices are of that kind and whose monthly ones are total returns."""
    coverage = [replace(c, price_kind=kind) if c.dataset == "etf_daily" else c for c in COVERAGE]
    resolution = resolve([SPY, TLT, product("WORLD")], coverage)
    return assemble(MATRICES, resolution)


def test_a_total_return_is_not_joined_to_a_price_return() -> None:
    prices = extended("price_return")
    assert prices.proxied == ()
    assert np.isnan(prices.closes[0, 0])
    assert "2 of 3 series without dividends: SPY, TLT." in prices.notes
    assert kind_words(prices, ["SPY", "TLT", "WORLD"]) == "2 of 3 series without dividends"
    assert (kind_words(prices, ["WORLD"]), kind_words(prices, ["SPY"])) == ("total return", "dividends excluded")


def test_a_proxy_brings_its_own_caveat_and_its_region() -> None:
    caveat = (FactSource("caveat", "WORLD is net of tax."),)
    series = {"WORLD": product("WORLD", region="Global", sources=caveat)}
    monthly, daily = Basis("monthly", named=True), Basis("etf_daily", named=True)
    resolution = resolve([replace(SPY, region="US")], COVERAGE, monthly, stand_ins=series)
    assert resolution.notes == (
        "WORLD is net of tax.",
        "Represented by a series of another region: SPY (US) through WORLD (Global).",
    )
    assert resolve([replace(SPY, region="Global")], COVERAGE, monthly, stand_ins=series).notes == resolution.notes[:1]
    assert resolve([SPY], COVERAGE, daily, stand_ins=series).notes == ("Dividends excluded: SPY.",)


YOURS = Coverage("SPY", date(2020, 2, 27), date(2020, 3, 31), 2, "monthly", "price_return", "Mine", "user")


def test_a_users_series_of_one_product_serves_beside_the_samples_and_the_coarser_frequency_is_said() -> None:
    resolution = resolve([SPY, TLT], (*COVERAGE, YOURS))
    assert [s.main and s.main.dataset for s in resolution.sources] == ["Mine", "etf_daily"]
    assert (resolution.dataset, resolution.frequency) == ("", "monthly")
    assert resolution.notes[:2] == (
        "Your own prices come before others: SPY (Mine).",
        "Series of different frequency are brought to month ends: TLT.",
    )


def test_a_dataset_that_a_person_names_keeps_its_own_series() -> None:
    resolution = resolve([SPY, TLT], (*COVERAGE, YOURS), Basis("etf_daily", named=True))
    assert [s.main and s.main.dataset for s in resolution.sources] == ["etf_daily", "etf_daily"]
    assert resolution.frequency == "daily"


def test_one_series_for_two_products_is_said() -> None:
    note = "One series more than once, so they move alike: WORLD is in "
    assert f"{note}SPY, VT." in study(SPY, product("VT", proxy="WORLD"), basis=Basis("monthly", named=True))[1].notes
    assert f"{note}SPY, WORLD." in study(SPY, product("WORLD"), basis=Basis("monthly", named=True))[1].notes
    assert not any(note in text for text in study(SPY, BND, basis=Basis("monthly", named=True))[1].notes)


def test_an_own_series_is_extended_backwards_by_its_proxy() -> None:
    prices = extended("total_return")
    assert prices.proxied == (("SPY", "WORLD", np.datetime64("2020-01-31")),)
    assert "Before 31 Jan 2020 SPY is represented by WORLD, a similar series, less its 0.10% fee." in prices.notes
    np.testing.assert_allclose(prices.closes[:2, 0], [11 / (1.1 * 0.999 ** (31 / 365.25)), 11], rtol=1e-14)
    _, without = study(SPY, TLT, product("WORLD"), proxies=False)
    assert np.isnan(without.closes[0, 0])
    assert without.proxied == ()


def test_a_proxy_never_makes_a_study_coarser_when_the_product_has_prices() -> None:
    assert study(SPY, TLT)[0].sources[0].proxy is None


def test_a_dataset_that_lacks_a_product_is_filled_from_another_and_says_so() -> None:
    _, prices = study(SPY, product("BONDS"), basis=Basis("etf_daily", named=True))
    assert "Not in the dataset etf_daily and taken from another: BONDS (monthly)." in prices.notes


def test_survivors_derived_series_and_caveats_are_said() -> None:
    caveat = FactSource("caveat", "BONDS are not cash.")
    _, prices = study(
        product("WORLD", survivor=True), product("BONDS", tags=("derived",)), product("YEN", sources=(caveat,))
    )
    assert prices.notes == (
        "Stocks that survived to 2020: WORLD.",
        "Derived, not traded: BONDS.",
        "BONDS are not cash.",
    )
    assert prices.survivors == ("WORLD",)


def test_a_survivor_counts_only_where_its_own_prices_are_used() -> None:
    _, prices = study(product("VEA", proxy="WORLD", survivor=True))
    assert prices.survivors == ()
    assert stand_ins(prices, ["VEA"]) == ("WORLD for VEA",)
    assert stand_ins(prices, ["BONDS"]) == ()


def test_a_product_in_another_currency_cannot_enter_the_study() -> None:
    resolution = resolve([product("YEN", currency="JPY")], COVERAGE)
    (issue,) = resolution.issues
    assert (issue.code, issue.subject) == ("currency_mismatch", "YEN")
    with pytest.raises(MarketDataError, match="YEN is in JPY, the study in USD"):
        assemble(MATRICES, resolution)
    assert resolve([product("YEN", currency="JPY")], COVERAGE, base_ccy="JPY").issues == ()


def test_a_product_without_any_series_is_named() -> None:
    resolution = resolve([SPY, product("VEA")], COVERAGE)
    assert [issue.subject for issue in resolution.issues] == ["VEA"]
    with pytest.raises(PricesMissingError, match="There are no prices for VEA"):
        assemble(MATRICES, resolution)


def test_without_proxies_a_product_that_only_has_one_is_named() -> None:
    with pytest.raises(PricesMissingError, match="of its own for BND"):
        study(BND, proxies=False)
    assert resolve([BND], COVERAGE, proxies=False).sources[0].main is None


def test_an_unknown_fee_is_said_and_not_deducted() -> None:
    _, prices = study(product("VT", proxy="WORLD"))
    assert prices.notes == ("VT is represented by WORLD, a similar series (its fee is not known and not deducted).",)
    np.testing.assert_array_equal(prices.closes[:, 0], MATRICES["monthly"].closes[:, 0])


def test_cash_needs_no_series_and_an_empty_study_resolves() -> None:
    assert resolve([product("CASH")], COVERAGE).sources == ()
    assert study()[1].closes.shape == (0, 0)


def test_a_symbol_twice_is_one_column() -> None:
    assert study(SPY, SPY)[1].symbols == ("SPY",)


def test_a_proxy_is_measured_by_the_funds_own_prices_wherever_they_lie() -> None:
    _, prices = study(SPY, BND, basis=Basis("monthly", named=True))
    spy, bnd = prices.likenesses
    assert (spy.symbol, spy.series, spy.frequency, spy.sessions) == ("SPY", "WORLD", "monthly", 2)
    assert spy.first == date(2020, 1, 31)  # SPY's January and February, against the world's
    assert (bnd.sessions, bnd.correlation) == (0, None)


def test_a_proxy_that_moves_otherwise_is_said_to_be_weak() -> None:
    months = np.array(["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"], dtype="datetime64[D]")
    span = (date(2020, 1, 31), date(2020, 4, 30), 4, "monthly", "total_return")
    coverage = [Coverage("FUND", date(2020, 2, 29), *span[1:], "set"), Coverage("INDEX", *span, "set")]
    pair = {"set": PriceMatrix(months, ("FUND", "INDEX"), np.array([[np.nan, 1.0], [1, 2], [2, 1], [1, 2]]))}
    prices = assemble(pair, resolve([product("FUND", proxy="INDEX")], coverage))
    assert prices.likenesses[0].correlation == pytest.approx(-1.0)
    assert "INDEX is a weak proxy of FUND: correlation -1.00." in " ".join(prices.notes).replace("\u2212", "-")


RATE = Coverage("EURUSD", date(2020, 1, 30), date(2020, 3, 2), 5, "daily", "rate", "currencies", "user")
RATES = {"currencies": PriceMatrix(DAYS, ("EURUSD",), np.array([[1.0], [1.1], [1.2], [1.3], [1.4]]))}
BEFORE = date(2019, 12, 30)


def in_euro(*instruments: Instrument, basis: Basis | None = None, rate: Coverage = RATE) -> PriceMatrix:
    resolution = resolve(instruments, (*COVERAGE, rate), basis, base_ccy="EUR")
    matrices = MATRICES | RATES
    return assemble({name: matrices[name] for name in resolution.wanted()}, resolution)


def test_a_dollar_fund_is_converted_into_the_currency_of_the_study_and_that_is_said() -> None:
    prices = in_euro(TLT, product("SPY", currency="EUR"))
    np.testing.assert_allclose(prices.closes[:, 0], np.array([5.0, 5.1, 5.2, 5.3, 5.4]) / [1.0, 1.1, 1.2, 1.3, 1.4])
    np.testing.assert_allclose(prices.closes[:, 1], [10.0, 11, 12, 13, 14])
    assert prices.converted == (("TLT", "USD", ("EURUSD",)),)
    assert "Converted from USD by EURUSD: TLT." in prices.notes


def test_a_monthly_series_takes_the_rate_of_its_own_day() -> None:
    prices = in_euro(product("WORLD"), basis=Basis("monthly", named=True))
    dates, closes = prices.line("WORLD")
    assert dates.astype(str).tolist() == [
        "2020-01-31",
        "2020-02-29",
    ]
    np.testing.assert_allclose(closes, [1.1 / 1.1, 1.2 / 1.3])


def test_a_monthly_rate_makes_the_study_monthly() -> None:
    months = Coverage("EURUSD", date(2019, 12, 31), date(2020, 3, 31), 4, "monthly", "rate", "currencies", "user")
    resolution = resolve([TLT], (*COVERAGE, months), base_ccy="EUR")
    assert resolution.frequency == "monthly"
    assert resolution.wanted() == {"etf_daily": ("TLT",), "currencies": ("EURUSD",)}


def test_without_a_rate_it_is_said_which_one_is_missing() -> None:
    resolution = resolve([TLT], COVERAGE, base_ccy="EUR")
    assert resolution.issues[0].fix == "Refresh USDEUR, or import it into the dataset currencies."
    with pytest.raises(MarketDataError, match="TLT is in USD, the study in EUR"):
        assemble(MATRICES, resolution)


def test_a_proxy_is_converted_from_its_own_currency_and_one_that_cannot_be_does_not_extend() -> None:
    lent = product("SPY", proxy="YEN", currency="EUR")
    yen = {"YEN": product("YEN", currency="JPY")}
    early = [Coverage("YEN", BEFORE, date(2020, 3, 2), 45, "daily", "price_return", "etf_daily")]
    own = [c for c in COVERAGE if c.symbol == "SPY"]
    resolution = resolve([lent], (*own, *early), base_ccy="EUR", stand_ins=yen)
    assert (resolution.sources[0].proxy, resolution.issues) == (None, ())
    rate = replace(RATE, symbol="EURJPY")
    resolution = resolve([lent], (*own, *early, rate), base_ccy="EUR", stand_ins=yen)
    assert resolution.converted == (("SPY", "JPY", ("EURJPY",)),)
    alone = resolve([replace(lent, symbol="NEW")], early, base_ccy="EUR", stand_ins=yen)
    assert [issue.subject for issue in alone.issues] == ["YEN"]


def test_one_currency_for_all_leaves_the_weights_of_a_study_as_they_are() -> None:
    dollars = assemble(MATRICES, resolve([SPY, TLT], COVERAGE))
    euros = in_euro(SPY, TLT)
    first, last = (m.closes / m.closes.sum(axis=1, keepdims=True) for m in (dollars, euros))
    np.testing.assert_allclose(first, last, rtol=1e-14)


def test_a_rate_that_is_too_short_is_said_and_one_that_never_meets_the_prices_is_refused() -> None:
    long = replace(next(c for c in COVERAGE if c.symbol == "TLT"), first=date(2019, 1, 2), last=date(2020, 6, 1))
    resolution = resolve([TLT], (long, RATE), base_ccy="EUR")
    assert "EURUSD begins on 30 Jan 2020: closes before are left out for TLT." in resolution.notes
    assert "EURUSD ends on 2 Mar 2020: closes after are left out for TLT." in resolution.notes
    old = {"currencies": PriceMatrix(DAYS - 4000, ("EURUSD",), np.ones((5, 1)))}
    with pytest.raises(PricesMissingError, match="EURUSD has no rate for any close of TLT"):
        assemble(MATRICES | old, resolution)


def test_a_proxy_whose_rate_is_coarser_than_the_study_does_not_extend() -> None:
    lent = product("SPY", proxy="YEN", currency="EUR")
    stand_ins = {"YEN": product("YEN", currency="JPY")}
    early = Coverage("YEN", BEFORE, date(2020, 3, 2), 45, "daily", "price_return", "etf_daily")
    own = next(c for c in COVERAGE if c.symbol == "SPY")
    monthly = replace(RATE, symbol="EURJPY", frequency="monthly")
    daily, coarse = (
        resolve([lent], (own, early, rate), base_ccy="EUR", stand_ins=stand_ins)
        for rate in (replace(RATE, symbol="EURJPY"), monthly)
    )
    assert (daily.sources[0].proxy, daily.frequency) == (early, "daily")
    assert (coarse.sources[0].proxy, coarse.frequency) == (None, "daily")


def test_closes_that_no_rate_brings_to_the_study_do_not_measure_a_proxy() -> None:
    lent = product("SPY", proxy="WORLD", currency="JPY")
    world = {"WORLD": product("WORLD")}
    resolution = resolve([lent], COVERAGE, Basis("monthly", named=True), stand_ins=world)
    found = assemble({name: MATRICES[name] for name in resolution.wanted()}, resolution).likenesses[0]
    assert (found.sessions, found.correlation) == (0, None)


def test_a_rate_that_never_meets_the_proxy_leaves_the_products_own_prices() -> None:
    dates = np.arange(np.datetime64("2019-12-30"), np.datetime64("2020-03-03"))
    sets = {
        "etf_daily": PriceMatrix(dates, ("SPY", "YEN"), np.column_stack([np.arange(64) + 1.0] * 2)),
        "currencies": PriceMatrix(dates + 4000, ("EURJPY",), np.ones((64, 1))),
    }
    own = Coverage("SPY", date(2020, 1, 30), date(2020, 3, 2), 5, "daily", "price_return", "etf_daily")
    coverage = (own, replace(own, symbol="YEN", first=BEFORE), replace(RATE, symbol="EURJPY"))
    lent, yen = product("SPY", proxy="YEN", currency="EUR"), {"YEN": product("YEN", currency="JPY")}
    prices = assemble(sets, resolve([lent], coverage, base_ccy="EUR", stand_ins=yen))
    assert (len(prices.dates), prices.proxied) == (64, ())


def test_a_rate_that_begins_after_the_proxy_it_converts_is_said() -> None:
    lent, yen = product("SPY", proxy="YEN", currency="EUR"), {"YEN": product("YEN", currency="JPY")}
    own = next(c for c in COVERAGE if c.symbol == "SPY")
    early = replace(own, symbol="YEN", first=date(2010, 1, 4), last=date(2020, 2, 3))
    short = replace(RATE, symbol="EURJPY", first=date(2019, 6, 3), last=date(2020, 2, 3))
    notes = resolve([lent], (own, early, short), base_ccy="EUR", stand_ins=yen).notes
    assert "EURJPY begins on 3 Jun 2019: closes before are left out for SPY." in notes
    assert not any("EURJPY ends" in note for note in notes)


def test_the_month_of_a_weekly_rate_ends_with_its_last_week() -> None:
    fridays = np.arange(np.datetime64("2019-12-27"), np.datetime64("2020-04-10"), 7)
    weekly = {"currencies": PriceMatrix(fridays, ("EURUSD",), np.arange(1.0, len(fridays) + 1)[:, None])}
    rate = replace(RATE, frequency="weekly", first=date(2019, 12, 27), last=date(2020, 4, 3))
    resolution = resolve([product("WORLD")], (*COVERAGE, rate), Basis("monthly", named=True), base_ccy="EUR")
    prices = assemble(MATRICES | weekly, resolution)
    on = [
        np.searchsorted(fridays, day) + 1
        for day in np.array(["2019-12-27", "2020-01-31", "2020-02-28", "2020-03-27"], "M8[D]")
    ]
    np.testing.assert_allclose(prices.closes[:, 0], np.array([1.0, 1.1, 1.2, 1.3]) / on)
