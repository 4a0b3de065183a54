"""What weighs on a number: named, counted, and only what the portfolio holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.oracles import book_of

from keel.domain.market.lines.conversion import Converted
from keel.domain.market.lines.likeness import Likeness
from keel.domain.market.prices import PriceMatrix, StandIn
from keel.domain.policy.records import RunSettings
from keel.domain.study.trust import caveats

BOOK = book_of({"US": 0.5, "World": 0.3, "Gap": 0.2}, symbols=("SPY", "EFA", "CASH"))
DAYS = np.array(["2020-01-31", "2020-02-29"], dtype="datetime64[D]")
PRICES = PriceMatrix(
    DAYS,
    ("SPY", "EFA", "AAPL"),
    np.ones((2, 3)),
    kinds=("price_return", "total_return", "price_return"),
    proxied=(StandIn("EFA", "MSCI EAFE"),),
    survivors=("AAPL",),
)


def test_a_caveat_is_a_phrase_among_others() -> None:
    said = [c.phrase for c in caveats(PRICES, replace(BOOK, gaps=("Gap",)), RunSettings(annual_fee_bps=100))]
    assert said == [
        "1 proxy",
        "dividends left out of 1 of 2 series",
        "an advisory fee of 1.00% a year",
        "20% in cash for want of a product",
    ]


def test_each_caveat_counts_what_is_held_and_says_which() -> None:
    book = replace(BOOK, gaps=("Gap",))
    found = {c.words: c.sentence for c in caveats(PRICES, book, RunSettings(annual_fee_bps=100))}
    assert list(found) == ["Proxy 1", "No dividends 1", "Fee 1.00%", "Cash 20%"]
    assert "MSCI EAFE for EFA" in found["Proxy 1"]
    assert found["No dividends 1"].startswith("1 of 2 series leave dividends out")
    assert "every policy, not from the benchmark" in found["Fee 1.00%"]
    assert "20.0%" in found["Cash 20%"]
    assert "Gap" in found["Cash 20%"]


def test_a_weak_proxy_stands_beside_the_proxies() -> None:
    apart = replace(PRICES, likenesses=(Likeness("EFA", "MSCI EAFE", 60, correlation=0.71),))
    words = {c.words: c.sentence for c in caveats(apart, BOOK, RunSettings())}
    assert list(words)[:2] == ["Proxy 1", "Weak proxy 1"]
    assert "correlation 0.71" in words["Weak proxy 1"]


def test_what_was_converted_is_said_with_its_rates() -> None:
    foreign = replace(PRICES, converted=(Converted("EFA", "USD", ("EURUSD",)), Converted("GLD", "USD", ("EURUSD",))))
    words = {c.words: c.sentence for c in caveats(foreign, BOOK, RunSettings())}
    assert words["Converted 1"].startswith("Converted from USD by EURUSD: EFA. Returns hold")


def test_survivors_are_named() -> None:
    (one, two) = caveats(PRICES, book_of({"Apple": 1.0}, symbols=("AAPL",)), RunSettings())
    assert (one.words, two.words) == ("No dividends 1", "Survivors 1")
    assert two.sentence.startswith("AAPL: in the data because they lived on")


def test_clean_prices_without_a_fee_have_nothing_to_say() -> None:
    clean = PriceMatrix(DAYS, ("SPY",), np.ones((2, 1)), kinds=("total_return",))
    assert caveats(clean, book_of({"US": 1.0}, symbols=("SPY",)), RunSettings()) == ()


def test_many_names_are_cut_short() -> None:
    symbols = tuple(f"S{i}" for i in range(12))
    many = PriceMatrix(DAYS, symbols, np.ones((2, 12)), kinds=("price_return",) * 12)
    book = book_of(dict.fromkeys(symbols, 1 / 12), symbols=symbols)
    (caveat,) = caveats(many, book, RunSettings())
    assert caveat.words == "No dividends 12"
    assert caveat.sentence.endswith("S7 and 4 more.")
