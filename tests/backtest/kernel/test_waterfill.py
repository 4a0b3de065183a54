"""The compiled waterfill is that of the domain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.domain.plan.test_waterfill import COSTS, holdings

from keel.backtest.kernel.records import Holdings, Instruments
from keel.domain.arrays import Floats
from keel.domain.plan.waterfill import relative_waterfill as plain


@given(holdings(), st.integers(-4000, 9000).filter(bool), COSTS)
def test_it_places_an_amount_as_the_domain_does(held: tuple[Floats, Floats], amount: int, cost: float) -> None:
    from keel.backtest.kernel.waterfill import relative_waterfill

    values, targets = held
    costs = np.full(len(values), cost)
    assume(amount > -(values * (1.0 - cost)).sum() * (1.0 - 1e-9))
    fixed = Instruments(targets, np.zeros(len(values), np.bool_), costs)
    traded = np.empty(len(values))
    assert relative_waterfill(values, fixed, float(amount), traded)
    assert traded == pytest.approx(plain(values, targets, float(amount), costs), abs=1e-8)


def place(amount: float, steer: bool, *, still: bool = False) -> tuple[bool, Floats, Floats]:
    """(enough, trades, quantities) of 60 and 40 at prices 2 and 4 with equal targets."""
    from keel.backtest.kernel.waterfill import place_flow

    held = Holdings(np.array([30.0, 10.0]), np.array([60.0, 40.0]))
    fixed = Instruments(np.array([0.5, 0.5]), np.array([still, False]), np.zeros(2))
    traded = np.empty(2)
    enough = place_flow(amount, steer, held, np.array([2.0, 4.0]), fixed, traded)
    return enough, traded, held.quantity


def test_a_flow_goes_in_proportion_to_value_or_towards_target() -> None:
    enough, traded, quantity = place(10.0, False)
    assert enough
    assert (traded.tolist(), quantity.tolist()) == ([6.0, 4.0], [33.0, 11.0])
    assert place(10.0, True)[1].tolist() == [0.0, 10.0]
    assert place(30.0, True)[1].tolist() == [5.0, 25.0]
    assert place(-30.0, True)[1].tolist() == [-25.0, -5.0]


def test_what_is_still_takes_no_part() -> None:
    assert place(10.0, False, still=True)[1].tolist() == [0.0, 10.0]
    assert place(10.0, True, still=True)[1].tolist() == [0.0, 10.0]
    assert not place(-40.0, False, still=True)[0]


def test_a_withdrawal_that_takes_everything_is_refused() -> None:
    assert not place(-100.0, False)[0]
    assert not place(-100.0, True)[0]
