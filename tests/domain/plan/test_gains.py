"""What a sale realises, lot by lot, and how much can be sold within a gain."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.plan.gains import NOTHING, Slice, Tax, places, realised, slices, together, within_gain
from keel.domain.portfolio.lots import Lot

TODAY = date(2026, 6, 1)
OLD, NEW = date(2020, 1, 1), date(2026, 1, 1)


def test_losses_go_first_then_long_then_short_and_the_dearest_of_each() -> None:
    lots = [Lot(1, 50, NEW), Lot(1, 90, NEW), Lot(1, 80, OLD), Lot(1, 20, OLD), Lot(1, 130, NEW), Lot(1, 110, OLD)]
    found = slices(lots, 7.0, 100.0, TODAY, Tax(0.4, 0.1))
    assert [s.gain for s in found] == [-30.0, -10.0, 20.0, 80.0, 10.0, 50.0, None]
    assert [s.rate for s in found] == [0.4, 0.1, 0.1, 0.1, 0.4, 0.4, 0.0]


def test_held_for_long_is_longer_than_the_days_and_an_unknown_date_is_short() -> None:
    tax = Tax(0.4, 0.1, 365)
    rates = [
        slices([Lot(1, 1, day)], 1.0, 2.0, TODAY, tax)[0].rate for day in (date(2025, 6, 1), date(2025, 5, 31), None)
    ]
    assert rates == [0.4, 0.1, 0.4]


def test_picked_lots_go_first_and_lots_never_exceed_what_is_held() -> None:
    lots = [Lot(5, 90, OLD), Lot(5, 120, OLD)]
    assert [s.gain for s in slices(lots, 8.0, 100.0, TODAY, Tax(), picked=(0,))] == [50.0, -60.0]


def test_several_sales_add_up_and_what_has_no_cost_is_counted_apart() -> None:
    parts = [Slice(1, 100.0, 40.0, 0.15), Slice(1, 100.0, None, 0.0)]
    assert realised(parts, 150.0).unknown == 50.0
    both = together([realised(parts, 100.0), realised([Slice(1, 10.0, -5.0, 0.35)], 10.0), NOTHING])
    assert (both.gain, both.charge) == pytest.approx((35.0, 6.0 - 1.75))


def test_a_lot_behind_a_dearer_one_counts_with_it() -> None:
    first = (Slice(1, 100.0, 80.0, 0.15), Slice(1, 100.0, 0.0, 0.35))  # 40 a hundred together
    second = (Slice(1, 100.0, 50.0, 0.15),)
    wanted = np.array([200.0, 100.0])
    assert within_gain(wanted, [first, second], 80.0).tolist() == [200.0, 0.0]
    assert within_gain(wanted, [first, second], 40.0).tolist() == [50.0, 0.0]
    assert within_gain(wanted, [first, second], 105.0).tolist() == [200.0, 50.0]


LOTS = st.lists(st.tuples(st.integers(1, 9), st.integers(-9, 9)), min_size=1, max_size=3)


@given(st.lists(LOTS, min_size=1, max_size=4), st.integers(0, 40), st.floats(0.1, 1.0))
def test_the_gain_keeps_to_its_budget_and_grows_with_it(rows: Any, budget: int, part: float) -> None:
    parts = [tuple(Slice(1, 10.0 * v, float(g), 0.1) for v, g in lots) for lots in rows]
    wanted = np.array([part * sum(s.value for s in lots) for lots in parts])
    sold = within_gain(wanted, parts, float(budget))
    assert (sold <= wanted + 1e-9).all()
    assert together(realised(p, float(v)) for p, v in zip(parts, sold, strict=True)).gain <= budget + 1e-9
    assert within_gain(wanted, parts, budget + 5.0).sum() >= sold.sum() - 1e-9
    assert within_gain(wanted, parts, 1e6) == pytest.approx(wanted)


def test_a_lot_whose_cost_is_not_known_goes_last_without_a_gain() -> None:
    dark, old = Lot(5, math.nan, date(2020, 1, 1)), Lot(5, 90.0, date(2020, 1, 1))
    assert [part.gain for part in slices([dark, old], 10, 100.0, date(2026, 1, 1), Tax())] == [50, None]
    assert places([dark, old], 100.0, date(2026, 1, 1), Tax(), picked=(0, 0)) == (0, 1)
