"""The arrays of a scenario: instruments in the order of their leaves, and bands as functions of a width."""

from __future__ import annotations

import numpy as np
import pytest
from tests.backtest.kernel.test_simulate import window_of
from tests.oracles import book_of

from keel.backtest.reference import held_at_target
from keel.backtest.sweep.arrays import Scenario, arrays_of, closes_after_fee, swept_half_widths
from keel.domain.policy.band import half_widths
from keel.domain.policy.kinds import Absolute, Band, Corridor, FiveTwentyFive, Hybrid, Relative, Trigger
from keel.domain.policy.records import Policy, RunSettings

CLOSES = np.array([[1.0, 2.0, 4.0], [2.0, 2.0, 4.0], [2.0, 1.0, 4.0]])
LINES = [("b", 1.0), ("a", 0.5), ("a", 0.5)]
BOOK = book_of({"a": 0.4, "b": 0.6}, LINES, (None, Absolute(70)), ("s0", "s1", "s2"))


def test_instruments_stand_in_the_order_of_their_leaves() -> None:
    scenario = Scenario(window_of(CLOSES), BOOK)
    arrays = arrays_of(scenario)
    assert arrays.order.tolist() == [1, 2, 0]
    assert arrays.closes.tolist() == CLOSES[:, [1, 2, 0]].tolist()
    assert (arrays.goal.tolist(), arrays.ends.tolist()) == ([0.2, 0.2, 0.6], [2, 3])
    assert arrays.reference.tolist() == pytest.approx([0.0, 0.6, -0.1])
    assert arrays.held == pytest.approx(held_at_target(scenario.window, BOOK))


def test_settings_become_a_lag_a_yardstick_and_what_a_fee_leaves() -> None:
    arrays = arrays_of(Scenario(window_of(CLOSES), BOOK))
    assert (arrays.lag(RunSettings()), arrays.lag(RunSettings(lag=0))) == (1, 0)
    assert arrays.yardstick(RunSettings(risk_free="BIL")).hurdle == 0.0
    assert arrays.yardstick(RunSettings(risk_free=0.02)).hurdle == pytest.approx(1.02 ** (1 / 252) - 1.0, rel=0.02)
    assert arrays.keep(RunSettings(annual_fee_bps=252)) == pytest.approx(0.9999)
    assert closes_after_fee(arrays, 0.5)[:, 2].tolist() == [1.0, 1.0, 0.5]


@pytest.mark.parametrize(
    ("band", "field", "swept"),
    [
        (Absolute(0), "width_bps", lambda x: Absolute(x)),
        (Relative(0), "width_bps", lambda x: Relative(x)),
        (FiveTwentyFive(150, 2500), "relative_bps", lambda x: FiveTwentyFive(150, x)),
        (FiveTwentyFive(150, 2500), "absolute_bps", lambda x: FiveTwentyFive(x, 2500)),
        (Hybrid(1000, 60), "relative_bps", lambda x: Hybrid(x, 60)),
        (Hybrid(1000, 60), "floor_bps", lambda x: Hybrid(1000, x)),
        (Corridor(100, 300), "below_bps", lambda x: Corridor(x, 300)),
        (Corridor(100, 300), "above_bps", lambda x: Corridor(100, x)),
    ],
)
def test_a_band_of_any_width_is_that_of_the_domain(band: Band, field: str, swept: object) -> None:
    arrays = arrays_of(Scenario(window_of(CLOSES), BOOK))
    found = swept_half_widths(arrays, Policy(Trigger.band, band=band), field)
    assert not found.plain  # the override of b has no width
    for x in (20.0, 90.0, 700.0):
        widths = np.clip(x / 1e4 / found.inverse, found.floor, found.cap)
        assert callable(swept)
        expected = half_widths(swept(x), BOOK.targets, BOOK.bands)
        assert widths == pytest.approx(np.array(expected), abs=1e-12)
