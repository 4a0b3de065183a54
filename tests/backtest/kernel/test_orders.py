"""Orders pay for themselves, are netted by instrument, and are dropped when they are too small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.backtest.kernel.records import Book, Costs, Lines
from keel.domain.arrays import Floats, Ints


def lines(line: Ints, rate: float = 0.0, fee: float = 0.0, min_trade: float = 0.0) -> Lines:
    from keel.backtest.kernel.orders import lines_of

    k = len(line)
    book = Book(np.ones(1), np.zeros(1, np.bool_), np.zeros(k, np.int64), np.ones(k), line)
    return lines_of(book, Costs(np.full(k, rate), np.full(k, fee), min_trade, False, 1.0))


def test_a_rebalance_costs_what_it_trades() -> None:
    from keel.backtest.kernel.orders import trade

    goal, weight = np.array([0.5, 0.5]), np.array([0.6, 0.4])
    turnover, left = trade(goal, weight, np.zeros(2, np.bool_), lines(np.arange(2), 0.01), 1.0)
    assert turnover == pytest.approx(0.1)
    # x + 0.01·(0.6 − 0.5x) + 0.01·(0.5x − 0.4) = 1
    assert left == pytest.approx(0.998)
    assert goal.tolist() == pytest.approx([0.5, 0.5])


def test_one_instrument_in_two_leaves_is_one_order() -> None:
    from keel.backtest.kernel.orders import trade

    goal, weight = np.array([0.3, 0.3, 0.4]), np.array([0.4, 0.3, 0.3])
    turnover, left = trade(goal, weight, np.zeros(3, np.bool_), lines(np.array([0, 1, 0]), 0.01, 0.001), 1.0)
    assert (turnover, left) == (0.0, 1.0)


def test_what_is_still_keeps_its_value_and_bears_no_cost() -> None:
    from keel.backtest.kernel.orders import trade

    goal, weight = np.array([0.2, 0.4, 0.4]), np.array([0.2, 0.5, 0.3])
    _, left = trade(goal, weight, np.array([True, False, False]), lines(np.arange(3), 0.02), 1.0)
    assert goal[0] * left == pytest.approx(0.2)
    assert goal.sum() == pytest.approx(1.0)
    assert left == pytest.approx(1.0 - 0.02 * (0.5 - 0.4 * 1.0 + 0.4 * 1.0 - 0.3), abs=1e-4)


def test_orders_below_the_smallest_are_dropped_and_the_others_share_what_they_leave() -> None:
    from keel.backtest.kernel.orders import trade

    goal, weight = np.array([0.5, 0.3, 0.2]), np.array([0.55, 0.3 - 0.04, 0.19])
    turnover, _ = trade(goal, weight, np.zeros(3, np.bool_), lines(np.arange(3), min_trade=0.02), 1.0)
    assert goal[2] == 0.19
    assert goal[:2] == pytest.approx(np.array([0.5, 0.3]) * 0.81 / 0.8)
    assert turnover == pytest.approx(0.5 * (abs(goal[0] - 0.55) + abs(goal[1] - 0.26)))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=5),
    st.sampled_from([0.0, 0.001, 0.05]),
    st.sampled_from([0.0, 0.01]),
)
def test_what_is_left_solves_the_fixed_point(pairs: list[tuple[int, int]], rate: float, fee: float) -> None:
    from keel.backtest.kernel.orders import after_cost

    goal, weight = (np.array(column, dtype=float) + 1.0 for column in zip(*pairs, strict=True))
    goal, weight = goal / goal.sum(), weight / weight.sum()
    costs: Floats = np.full(len(goal), rate)
    x = after_cost(goal, weight, costs, fee)
    assert x + (costs * np.abs(goal * x - weight)).sum() + fee == pytest.approx(1.0, abs=1e-14)


def test_the_first_purchase_is_charged_by_line() -> None:
    from keel.backtest.kernel.orders import purchase

    assert purchase(np.array([0.5, 0.3, 0.2]), lines(np.array([0, 1, 0]), 0.01, 0.001)) == pytest.approx(0.998 / 1.01)
