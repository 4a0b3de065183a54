"""The spread of a figure over days."""

from __future__ import annotations

import numpy as np

from keel.backtest.luck.spread import Spread, spread


def test_quartiles_are_of_what_is_known() -> None:
    assert spread(np.array([np.nan, 4.0, 0.0, 2.0, 1.0, 3.0])) == Spread(0.0, 1.0, 2.0, 3.0, 4.0)
    assert spread(np.array([7.0])) == Spread(7.0, 7.0, 7.0, 7.0, 7.0)


def test_what_is_known_on_no_day_has_no_spread() -> None:
    assert spread(np.array([np.nan])) is None
