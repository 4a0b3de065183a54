"""What a plan comes to: weights that sum to one, orders split over buckets, drift, gains and cash."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.outcome import Traded, outcome
from keel.domain.plan.tradable import Tradable
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position

TWICE = {"Core": (0.5, {"V": 1.0}), "US": (0.3, {"V": 0.5, "W": 0.5}), "B": 0.2}


def traded(lines: Tradable, aims: list[float], **values: float) -> Traded:
    value = np.array([values.get(symbol, 0.0) for symbol in lines.symbols])
    return Traded(value, np.array(aims), np.zeros(len(lines.accounts)))


def test_an_order_of_a_product_in_two_buckets_is_split_by_what_each_needs() -> None:
    lines = desk(TWICE, held({"V": 52, "W": 15, "B": 20, "CASH": 13}))
    found = outcome(lines, traded(lines, [50, 15, 15, 20], V=13), "r")
    (order,) = found.orders
    assert [(p.path, round(p.value, 9)) for p in order.parts] == [("A/Core", 10.0), ("A/US", 3.0)]
    assert sum(p.value for p in order.parts) == pytest.approx(order.value)
    assert found.drift_after == pytest.approx(0.0)


def test_what_is_outside_and_left_in_cash_counts_as_drift_and_everything_sums_to_one() -> None:
    lines = desk({"A": 0.5, "B": 0.5}, held({"A": 40, "B": 40, "X": 20}))
    found = outcome(lines, traded(lines, [50, 50], X=-12, A=8), "r")
    assert [(b.path, b.after) for b in found.buckets] == [("A/A", 0.48), ("A/B", 0.4), ("", 0.08)]
    assert found.leftover == pytest.approx(4.0)
    assert sum(b.after for b in found.buckets) + found.leftover / found.total_after == pytest.approx(1.0)
    assert (found.drift_before, found.drift_after) == pytest.approx((0.2, 0.12))
    assert sum(line.weight for line in found.lines) == pytest.approx(1.0)
    assert found.turnover == pytest.approx(0.1)


def test_gains_count_where_they_are_taxed_and_sales_come_first() -> None:
    lots = (Lot(10, 0.4),)
    positions = [Position("A", 10, account="T", lots=lots), Position("A", 10, account="I", lots=lots)]
    accounts = [Account("T"), Account("I", AccountKind.deferred)]
    lines = desk({"A": 0.5, "B": 0.5}, positions, accounts=accounts)
    value = np.where(np.array(lines.symbols) == "A", -5.0, 5.0)
    found = outcome(lines, Traded(value, np.array([10.0, 10.0]), np.zeros(2)), "r")
    assert (found.realised.gain, found.tax) == pytest.approx((3.0, 0.35 * 3.0))
    assert [(o.account, o.symbol, o.gain) for o in found.orders][:2] == [
        ("I", "A", None),
        ("T", "A", pytest.approx(3.0)),
    ]
    assert [o.value for o in found.orders] == [-5.0, -5.0, 5.0, 5.0]
    assert found.cash == {"T": 0.0, "I": 0.0}


def test_losses_are_no_refund_and_dust_is_no_order() -> None:
    lines = desk({"A": 1.0}, [Position("A", 10, lots=(Lot(10, 2.0),)), Position("X", 1e-12)])
    found = outcome(lines, traded(lines, [10], A=-5, X=-1e-13), "r")
    assert (found.realised.charge < 0, found.tax, len(found.orders)) == (True, 0.0, 1)
