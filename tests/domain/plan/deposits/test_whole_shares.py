"""Whole shares: by hand, and what they promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.plan.deposits.rules import Amount, Rule, purchases, sales
from keel.domain.plan.deposits.whole_shares import buy_whole, sell_whole, whole
from keel.errors import InputError

NAMES = ("A", "B", "C")


def amount(values: list[float], targets: list[float], money: float) -> Amount:
    return Amount(np.array(values), np.array(targets), sum(values) + money, np.ones(len(values), dtype=bool))


def test_a_tie_goes_to_the_larger_gap_then_by_symbol() -> None:
    of = amount([100.0, 100.0, 100.0], [1 / 3, 1 / 3, 1 / 3], 50.0)
    found = buy_whole(of, np.zeros(3), np.full(3, 50.0), 50.0, ("C", "B", "A"))
    assert found.count.tolist() == [0.0, 0.0, 1.0]
    wider = amount([900.0, 90.0], [10 / 11, 1 / 11], 110.0)
    assert buy_whole(wider, np.zeros(2), np.array([10.0, 10.0]), 10.0, ("B", "A")).count.tolist() == [1.0, 0.0]


def test_a_deposit_smaller_than_a_share_stays_and_a_dear_share_gives_way_to_one_that_is_affordable() -> None:
    of = amount([0.0, 0.0], [0.5, 0.5], 40.0)
    assert buy_whole(of, np.array([20.0, 20.0]), np.array([50.0, 60.0]), 40.0, ("A", "B")).leftover == 40.0
    found = buy_whole(of, np.array([20.0, 20.0]), np.array([50.0, 15.0]), 40.0, ("A", "B"))
    assert (found.count.tolist(), found.leftover) == ([0.0, 2.0], 10.0)


def one_at_a_time(of: Amount, bought: Any, prices: Any, money: float, names: tuple[str, ...]) -> list[float]:
    """The plain form: one share, look again."""
    count = whole(bought, prices)
    left = money - float(count @ prices)
    while True:
        f = (of.values + count * prices) / (of.targets * of.total) - 1
        places = [i for i in range(len(f)) if of.targets[i] > 0 and f[i] < -1e-9 and prices[i] <= left + 1e-9 * money]
        if not places:
            return [float(n) for n in count]
        least = min(f[i] for i in places)
        tied = [i for i in places if f[i] <= least + 1e-9]
        first = min(tied, key=lambda i: (-round(float(of.gaps[i] - count[i] * prices[i]), 9), names[i]))
        count[first] += 1
        left -= float(prices[first])


CASE = st.tuples(
    st.lists(st.integers(0, 3000), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.lists(st.sampled_from([0.5, 7.0, 33.0, 120.0]), min_size=3, max_size=3),
    st.integers(1, 3000),
)


@given(CASE)
def test_jumps_are_one_share_at_a_time_and_never_spend_more_than_there_is(case: Any) -> None:
    values, parts, prices, money = case
    of = amount([float(v) for v in values], [p / sum(parts) for p in parts], float(money))
    price = np.array(prices)
    bought = purchases(of, float(money), Rule.relative_waterfill)
    found = buy_whole(of, bought, price, float(money), NAMES)
    assert found.count.tolist() == one_at_a_time(of, bought, price, float(money), NAMES)
    assert float(found.count @ price) + found.leftover == pytest.approx(money)
    assert found.leftover >= 0.0


@given(CASE)
def test_sales_bring_the_money_and_never_more_than_is_held(case: Any) -> None:
    values, parts, prices, _ = case
    money = 0.4 * sum(values)
    if money == 0.0:
        return
    of = amount([float(v) for v in values], [p / sum(parts) for p in parts], -money)
    price = np.array(prices)
    found = sell_whole(of, of.values, sales(of, money, Rule.relative_waterfill), price, money, NAMES)
    assert (found.count * price <= np.array(values) + 1e-6).all()
    assert float(found.count @ price) >= money * (1 - 1e-9)
    assert found.leftover <= max(prices)
    part = found.count - np.floor(found.count + 1e-9)
    closed = np.isclose(found.count * price, values)
    assert (closed | (np.abs(part) < 1e-9)).all()


def test_a_cheap_share_is_bought_a_million_times_at_once() -> None:
    of = amount([0.0, 0.0], [0.5, 0.5], 10_000.0)
    found = buy_whole(of, np.zeros(2), np.array([0.01, 9000.0]), 10_000.0, ("A", "B"))
    assert (found.count.tolist(), found.leftover) == ([100_000.0, 1.0], 0.0)


def test_what_does_not_bring_the_money_is_refused() -> None:
    of = Amount(np.array([100.0]), np.array([1.0]), 50.0, np.array([False]))
    with pytest.raises(InputError, match="does not bring"):
        sell_whole(of, of.values, np.zeros(1), np.array([10.0]), 50.0, ("A",))


def test_penny_shares_beside_a_dear_one_are_bought_and_sold_in_few_steps() -> None:
    of = amount([0.0, 0.0, 0.0], [0.3, 0.3, 0.4], 5e6)
    found = buy_whole(of, np.zeros(3), np.array([0.0001, 0.0002, 4e6]), 3.9e6, NAMES)
    spent = found.count * np.array([0.0001, 0.0002, 4e6])
    assert spent[:2] == pytest.approx([1.5e6, 1.5e6])
    held = amount([1.5e6, 1.5e6, 2e6], [0.3, 0.3, 0.4], -1e6)
    sold = sell_whole(held, held.values, np.zeros(3), np.array([0.0001, 0.0002, 2e6]), 1e6, NAMES)
    assert (sold.count.tolist(), sold.leftover) == ([0.0, 0.0, 1.0], 1e6)


def test_what_may_not_be_sold_counts_for_which_is_sold_first() -> None:
    of = Amount(np.array([90.0, 60.0]), np.array([0.5, 0.5]), 130.0, np.ones(2, dtype=bool))
    sold = sell_whole(of, np.array([30.0, 60.0]), np.zeros(2), np.array([10.0, 10.0]), 20.0, ("A", "B"))
    assert sold.count.tolist() == [2.0, 0.0]
