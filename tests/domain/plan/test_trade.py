"""The trades of one account: where they go, each limit in its order, and what always holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.plan.desks import desk, held

from keel.domain.plan.limits import Limits
from keel.domain.plan.outcome import Outcome, outcome
from keel.domain.plan.tradable import Tradable
from keel.domain.plan.trade import aims, reserve, trades, wanted_trades
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role

MONTHLY, BAND = PRESETS["monthly"], Policy(Trigger.band, band=Absolute(500))
PAIR = {"A": 0.6, "B": 0.4}


def plan(lines: Tradable, limits: Limits | None = None, policy: Policy = MONTHLY) -> Outcome:
    return outcome(lines, trades(lines, policy, limits or Limits()), "r")


def values(found: Outcome) -> dict[str, float]:
    return {order.symbol: order.value for order in found.orders}


def test_in_band_only_idle_cash_is_placed_where_a_leaf_lacks_most() -> None:
    lines = desk(PAIR, held({"A": 61, "B": 35, "CASH": 4}))
    assert values(plan(lines, policy=BAND)) == pytest.approx({"B": 4.0})
    products = {"A": (0.6, {"A1": 0.5, "A2": 0.5}), "B": 0.4}
    lines = desk(products, held({"A1": 32, "A2": 24, "B": 38, "CASH": 6}))
    assert values(plan(lines, policy=BAND)) == pytest.approx({"A2": 4.0, "B": 2.0})
    assert values(plan(desk(PAIR, held({"A": 62, "B": 38})), policy=BAND)) == {}


def test_frozen_cash_is_not_spent_and_cash_that_a_bucket_asks_for_stays() -> None:
    lines = desk(PAIR, [*held({"A": 54, "B": 36}), Position("CASH", 10, role=Role.frozen)])
    assert values(plan(lines)) == {}
    lines = desk({"A": 0.6, "B": 0.3, "CASH": 0.1}, held({"A": 50, "B": 25, "CASH": 25}))
    assert values(plan(lines)) == pytest.approx({"A": 10.0, "B": 5.0})
    assert reserve(lines, aims(lines, MONTHLY)) == pytest.approx(10.0)


def test_what_lies_outside_is_sold_for_what_is_wanted() -> None:
    assert values(plan(desk(PAIR, held({"A": 50, "B": 40, "X": 10})))) == pytest.approx({"X": -10.0, "A": 10.0})
    stays = [*held({"A": 50, "B": 40}), Position("X", 10, no_sell=True)]
    found = plan(desk(PAIR, stays))
    assert (values(found), found.factors["no_sell"]) == ({}, 0.0)


def test_turnover_counts_idle_cash_that_is_spent() -> None:
    found = plan(desk(PAIR, held({"A": 80, "B": 10, "CASH": 10})), Limits(max_turnover=0.15))
    assert values(found) == pytest.approx({"A": -10.0, "B": 20.0})
    assert found.turnover == pytest.approx(0.15)


def test_sales_that_stay_in_a_bucket_of_cash_keep_to_the_turnover_limit() -> None:
    found = plan(desk({"A": 0.2, "CASH": 0.8}, held({"A": 100})), Limits(max_turnover=0.1))
    assert (values(found), found.turnover) == ({"A": pytest.approx(-20.0)}, pytest.approx(0.1))
    assert found.factors["turnover"] == pytest.approx(0.25)


def test_idle_cash_alone_is_spent_beyond_the_turnover_limit_and_that_is_said() -> None:
    found = plan(desk(PAIR, held({"A": 30, "B": 20, "CASH": 50})), Limits(max_turnover=0.1))
    assert values(found) == pytest.approx({"A": 30.0, "B": 20.0})
    assert found.factors["turnover"] == 1.0
    assert found.notes == ("Placing the idle cash alone turns over 25.0%: the limit cuts sales, not what cash buys.",)
    assert plan(desk(PAIR, held({"A": 80, "B": 20})), Limits(max_turnover=0.1)).notes == ()


def test_a_gain_budget_sells_what_costs_least_gain() -> None:
    lots = {"A": 0.2, "B": 0.9, "C": 1.0}
    positions = [Position(s, 30.0, lots=(Lot(30.0, cost),)) for s, cost in lots.items()]
    lines = desk({"A": 0.2, "B": 0.2, "C": 0.2, "D": 0.4}, [*positions, Position("D", 10.0)])
    found = plan(lines, Limits(gain_budget=2.0))
    assert values(found) == pytest.approx({"C": -10.0, "B": -10.0, "A": -1.25, "D": 21.25})
    assert found.realised.gain == pytest.approx(2.0)


def test_an_edit_is_kept_and_the_rest_is_planned_around_it() -> None:
    lines = desk({"A": 0.5, "B": 0.3, "C": 0.2}, held({"A": 70, "B": 20, "C": 10}))
    found = plan(lines, Limits(edits={("Main", "A"): -10.0}))
    assert values(found) == pytest.approx({"A": -10.0, "B": 5.0, "C": 5.0})
    assert values(plan(lines, Limits(edits={("Main", "B"): 0.0}))) == pytest.approx({"A": -20.0, "C": 10.0})


@st.composite
def situations(draw: st.DrawFn) -> tuple[Tradable, Limits]:
    """Up to five products, one perhaps outside, with roles, lots, cash and every limit."""
    k = draw(st.integers(1, 5))
    names = "ABCDE"[:k]
    parts = draw(st.lists(st.integers(0, 5), min_size=k, max_size=k).filter(lambda p: sum(p) > 0))
    targets = {s: p / sum(parts) for s, p in zip(names, parts, strict=True)}
    role = st.sampled_from([Role.tradable, Role.tradable, Role.tradable, Role.frozen])
    switch = st.sampled_from([False, False, False, True])
    positions = [
        Position(
            s,
            quantity := draw(st.sampled_from([0.0, 0.5, 3.0, 10.25, 400.0])),
            role=draw(role),
            no_buy=draw(switch),
            no_sell=draw(switch),
            lots=(Lot(quantity, draw(st.sampled_from([1.0, 20.0, 90.0]))),) if quantity and draw(switch) else (),
        )
        for s in (*names, *draw(st.sampled_from([(), ("X",)])))
    ]
    positions.append(Position("CASH", draw(st.sampled_from([0.0, 1.0, 777.7])), role=draw(role)))
    positions.append(Position(names[0], 1.0))
    prices = {s: draw(st.sampled_from([0.03, 1.0, 17.0, 250.0])) for s in (*names, "X")}
    limits = Limits(
        max_turnover=draw(st.sampled_from([None, None, 0.0, 0.05, 0.5])),
        gain_budget=draw(st.sampled_from([None, None, 0.0, 100.0])),
        whole_shares=draw(st.booleans()),
        min_trade=draw(st.sampled_from([0.0, 0.0, 25.0, 1e9])),
    )
    return desk(targets, positions, prices), limits


@given(situations(), st.sampled_from(["monthly", "five_twenty_five", "edge_5pp", "never"]))
def test_nothing_goes_negative_and_the_weights_with_leftover_cash_sum_to_one(given_: Any, policy: str) -> None:
    lines, limits = given_
    found = outcome(lines, trades(lines, PRESETS[policy], limits), "r")
    total = lines.held.total
    assert min(found.cash.values()) >= -1e-9 * total
    assert found.total_after == pytest.approx(total)
    assert sum(b.after for b in found.buckets) + found.leftover / found.total_after == pytest.approx(1.0)
    assert sum(o.value for o in found.orders) <= float(lines.cash.sum()) + 1e-9 * total
    held_now = dict(zip(lines.symbols, lines.quantity, strict=True))
    for order in found.orders:
        assert order.quantity >= -held_now[order.symbol] * (1 + 1e-9)
        assert abs(order.value) >= limits.min_trade * (1 - 1e-9)
        if limits.whole_shares and abs(order.quantity + held_now[order.symbol]) > 1e-9:
            assert abs(order.quantity - round(order.quantity)) < 1e-6
    if limits.gain_budget is not None:
        assert found.realised.gain <= limits.gain_budget + 1e-9 * total
    if limits.max_turnover is not None and lines.cash.sum() == 0.0:
        assert found.turnover <= limits.max_turnover + 1e-9
    assert all(0.0 <= factor <= 1.0 + 1e-9 or name == "whole_shares" for name, factor in found.factors.items())


@given(st.permutations(["A", "B", "C"]), st.floats(0.01, 1e6))
def test_neither_the_order_of_holdings_nor_scale_matters(order: list[str], scale: float) -> None:
    targets, amounts = {"A": 0.5, "B": 0.3, "C": 0.2}, {"A": 70.0, "B": 10.0, "C": 25.0}
    plain = values(plan(desk(targets, held(amounts)), Limits(max_turnover=0.1)))
    lines = desk({s: targets[s] for s in order}, held({s: scale * amounts[s] for s in order}))
    other = values(plan(lines, Limits(max_turnover=0.1)))
    assert {s: v / scale for s, v in other.items()} == pytest.approx(plain)


def test_a_plan_without_limits_ends_on_target() -> None:
    rng = np.random.default_rng(3)
    names = [f"S{n}" for n in range(12)]
    weights = rng.dirichlet(np.ones(12))
    lines = desk(
        dict(zip(names, weights.tolist(), strict=True)),
        held(dict(zip(names, rng.uniform(0, 9, 12).tolist(), strict=True))),
    )
    found = plan(lines)
    assert found.drift_after == pytest.approx(0.0, abs=1e-12)
    assert wanted_trades(lines, aims(lines, MONTHLY)).sum() == pytest.approx(0.0, abs=1e-9)
