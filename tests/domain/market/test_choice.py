"""One rule for series and datasets: user before sample, own before proxy, dividends before none, the longer first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from keel.domain.market.choice import (
    Basis,
    Need,
    Purpose,
    Quote,
    best_quote,
    best_series,
    by_symbol,
    choose_dataset,
    dataset_fits,
    source_of,
    spans,
    tier,
)
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.market.lines.conversion import Money


def series(
    dataset: str, symbol: str = "SPY", *, begins: int = 2010, kind: str = "total_return", owner: str = "sample"
) -> Coverage:
    return Coverage(symbol, date(begins, 1, 4), date(2020, 1, 3), 2500, "daily", kind, dataset, owner)


def product(symbol: str, type: InstrumentType = InstrumentType.etf, **facts: str) -> Instrument:
    return Instrument(id=symbol, symbol=symbol, name=symbol, type=type, **facts)  # type: ignore[arg-type]


IN_ORDER = [
    series("mine", kind="price_return", begins=2019, owner="ann"),
    series("long", begins=2000),
    series("a"),
    series("b"),
    series("unknown", kind="", begins=1990),
    series("price", kind="price_return", begins=1980),
]


def test_a_users_series_comes_first_then_total_return_then_the_longer_then_the_name() -> None:
    for n in range(len(IN_ORDER)):
        for order in list(permutations(IN_ORDER[n:]))[:24]:
            assert best_series(order) is IN_ORDER[n]
    assert by_symbol(reversed(IN_ORDER))["SPY"] == tuple(IN_ORDER)


def test_a_value_wants_the_freshest_close_that_was_paid_of_two_as_fresh_a_users() -> None:
    old, fresh = date(2019, 1, 3), date(2020, 1, 3)
    grown, paid, later = series("a"), series("b", kind="price_return"), series("c", kind="price_return", owner="ann")
    quotes = [Quote(grown, fresh, 3.0, False), Quote(paid, old, 1.0, True)]
    assert best_quote(quotes) == quotes[1]
    assert best_quote(quotes[:1]) == quotes[0]
    own = Quote(later, old, 2.0, True)
    assert best_quote([*quotes, own]) == own
    assert best_quote([]) is None


def test_a_single_close_serves_no_study_but_a_value() -> None:
    one = Coverage("SPY", date(2020, 1, 3), date(2020, 1, 3), 1, "daily", "total_return", "a")
    assert best_series([one]) is None
    assert best_series([one], Purpose.value) == one
    assert by_symbol([one]) == {}


def test_an_own_series_without_dividends_comes_before_a_proxy_with_them() -> None:
    index = by_symbol([series("etf", kind="price_return"), series("world", "WORLD")])
    spy = product("SPY", proxy="WORLD")
    assert source_of(spy, index).own == index["SPY"][0]
    assert source_of(spy, index, Basis("world")).proxy == index["WORLD"][0]
    assert source_of(replace(spy, proxy=""), index, Basis("world")).main is None
    assert source_of(product("VEA"), index).main is None


def test_a_users_series_stands_beside_a_dataset_unless_that_was_named() -> None:
    index = by_symbol([series("etf"), series("mine", owner="user", begins=2019)])
    spy = product("SPY")
    assert source_of(spy, index, Basis("etf")).own == source_of(spy, index).own == index["SPY"][0]
    assert source_of(spy, index, Basis("etf", named=True)).own == index["SPY"][1]


def test_a_users_series_of_a_proxy_serves_only_where_the_dataset_has_the_proxy() -> None:
    index = by_symbol([series("world", "WORLD"), series("mine", "WORLD", owner="user")])
    spy = product("SPY", proxy="WORLD")
    assert source_of(spy, index, Basis("world")).proxy == index["WORLD"][0]
    assert source_of(spy, index, Basis("world", named=True)).proxy == index["WORLD"][1]
    assert source_of(spy, index, Basis("etf")).main is None


def test_a_dataset_is_as_long_as_its_series_and_price_return_when_any_is() -> None:
    (span,) = spans([series("a", begins=2000), series("a", "EFA", kind="price_return")])
    assert (span.symbol, span.first, span.price_kind) == ("", date(2000, 1, 4), "price_return")


def test_datasets_stand_in_the_order_of_their_series() -> None:
    assert [span.dataset for span in spans(reversed(IN_ORDER))] == [s.dataset for s in IN_ORDER]


def chosen(coverage: Sequence[Coverage], *needs: Need, base_ccy: str = "") -> str:
    money = Money(base_ccy) if base_ccy else None
    return choose_dataset(dataset_fits(needs, by_symbol(coverage), spans(coverage), money=money))


BOTH = (Need("US", 0.7, (product("SPY"),)), Need("Emerging", 0.3, (product("EEM"),)))


def test_the_dataset_with_a_fund_for_every_bucket_wins_over_a_longer_one_without() -> None:
    coverage = [series("long", begins=1990), series("both"), series("both", "EEM")]
    assert chosen(coverage, *BOTH) == "both"


def test_datasets_are_judged_together_with_the_users_series_unless_named() -> None:
    coverage = [series("etf"), series("mine", "EEM", owner="user")]
    assert chosen(coverage, *BOTH) == "etf"
    fits = dataset_fits(BOTH, by_symbol(coverage), spans(coverage), named=True)
    assert [fit.weight for fit in fits] == [0.3, 0.7]
    beside = dataset_fits(BOTH, by_symbol(coverage), spans(coverage))
    assert {fit.span.dataset: fit.weight for fit in beside} == {"mine": 0.3, "etf": 1.0}


def test_else_the_one_that_serves_most_of_the_weight() -> None:
    coverage = [series("most", begins=2015), series("long", "EEM", begins=1990)]
    assert chosen(coverage, *BOTH) == "most"


def test_of_two_that_serve_as_much_the_one_with_more_own_prices() -> None:
    spy, gold = product("SPY", proxy="WORLD"), product("GLD")
    coverage = [series("proxied", "WORLD", begins=1990), series("own", kind="price_return"), series("gold", "GLD")]
    assert chosen(coverage, Need("US", 0.5, (spy,)), Need("Gold", 0.5, (gold,))) == "gold"
    assert chosen(coverage, Need("US", 0.6, (spy,)), Need("Gold", 0.4, (gold,))) == "own"


def test_a_product_in_another_currency_serves_no_bucket() -> None:
    need = Need("Japan", 1.0, (product("YEN", currency="JPY"),))
    assert chosen([series("a", "YEN")], need) == "a"
    assert chosen([series("a", "YEN")], need, base_ccy="USD") == ""


def test_without_any_prices_no_dataset_is_chosen() -> None:
    assert chosen([], *BOTH) == ""
    assert chosen([series("a", "OTHER")], *BOTH) == ""


@pytest.mark.parametrize(
    ("type", "usable", "expected"),
    [
        (InstrumentType.etf, True, 0),
        (InstrumentType.stock, True, 1),
        (InstrumentType.index, True, 2),
        (InstrumentType.fund, False, 3),
        (InstrumentType.index, False, 5),
    ],
)
def test_a_bucket_is_better_filled_by_a_fund_than_by_a_stock_or_a_series(
    type: InstrumentType, usable: bool, expected: int
) -> None:
    assert tier(product("X", type), usable) == expected
