"""Deposits and withdrawals that even out relative drift."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keel.domain.arrays import Floats
from keel.domain.plan.waterfill import balancing_deposit, balancing_withdrawal, relative_waterfill
from keel.errors import InputError

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "policies.json").read_text())
CENT = 0.0051  # the file rounds to cents


@st.composite
def holdings(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """(values, targets) with at least one target and something held; some targets and values are 0."""
    k = draw(st.integers(1, 6))
    parts = draw(st.lists(st.integers(0, 9), min_size=k, max_size=k).filter(lambda p: sum(p) > 0))
    values = draw(st.lists(st.integers(0, 5000), min_size=k, max_size=k).filter(lambda v: sum(v) > 0))
    return np.array(values, dtype=float), np.array(parts) / sum(parts)


COSTS = st.sampled_from([0.0, 0.001, 0.05])


@pytest.mark.parametrize("case", GOLDEN["deposit"], ids=lambda case: f"{case['amount']}")
def test_hand_checked_deposit_or_withdrawal(case: dict[str, Any]) -> None:
    found = relative_waterfill(np.array(case["values"], dtype=float), np.array(case["targets"]), case["amount"])
    assert found == pytest.approx(case["relative_waterfill"], abs=CENT)
    assert found.sum() == pytest.approx(case["amount"], abs=1e-9)


def test_what_has_no_target_is_sold_first() -> None:
    case = GOLDEN["withdrawal_with_target_zero"]
    values, targets = np.array(case["values"], dtype=float), np.array(case["targets"])
    assert relative_waterfill(values, targets, case["amount"]) == pytest.approx(case["relative_waterfill"], abs=1e-9)
    assert relative_waterfill(values, targets, -200.0) == pytest.approx([-200.0, 0.0, 0.0], abs=1e-9)


def test_the_amounts_that_balance() -> None:
    case = GOLDEN["deposit_to_balance"]
    values, targets = np.array(case["values"], dtype=float), np.array(case["targets"])
    assert balancing_deposit(values, targets) == pytest.approx(case["deposit"])
    assert balancing_withdrawal(values, targets) == pytest.approx(case["withdrawal"])
    assert math.isinf(balancing_deposit(np.array([1.0, 1.0]), np.array([0.0, 1.0])))


@given(holdings(), st.floats(1.0, 9000.0), COSTS)
def test_a_deposit_spends_itself_and_never_sells(held: tuple[Floats, Floats], amount: float, cost: float) -> None:
    values, targets = held
    bought = relative_waterfill(values, targets, amount, np.full(len(values), cost))
    assert (bought >= 0.0).all()
    assert (bought * (1.0 + cost)).sum() == pytest.approx(amount, rel=1e-12)
    assert (bought[targets == 0.0] == 0.0).all()


@given(holdings(), st.floats(0.001, 0.999), COSTS)
def test_a_withdrawal_brings_its_amount_and_never_buys(held: tuple[Floats, Floats], part: float, cost: float) -> None:
    values, targets = held
    amount = part * float(values.sum()) * (1.0 - cost)
    sold = -relative_waterfill(values, targets, -amount, np.full(len(values), cost))
    assert (sold >= 0.0).all()
    assert (sold <= values + 1e-9).all()
    assert (sold * (1.0 - cost)).sum() == pytest.approx(amount, rel=1e-9)
    stray = targets == 0.0
    if (sold[~stray] > 1e-6).any():
        assert sold[stray] == pytest.approx(values[stray])


@given(holdings(), st.integers(-4000, 9000), st.integers(0, 2**32 - 1))
def test_no_other_way_to_place_the_amount_has_less_relative_drift(
    held: tuple[Floats, Floats], amount: int, seed: int
) -> None:
    values, targets = held
    assume(amount > -values.sum())
    assume((targets > 0.0).all())
    found = relative_waterfill(values, targets, float(amount))
    least = drift(values + found, targets)
    noise = np.random.default_rng(seed)
    for _ in range(20):
        other = noise.dirichlet(np.ones(len(values))) * amount
        if (values + other >= 0.0).all():
            assert drift(values + other, targets) >= least - 1e-9


def drift(values: Floats, targets: Floats) -> float:
    """Σ d·f², with f = V/(d·T) − 1."""
    return float((targets * (values / (targets * values.sum()) - 1.0) ** 2).sum())


@given(holdings())
def test_a_deposit_that_balances_ends_on_target(held: tuple[Floats, Floats]) -> None:
    values, targets = held
    deposit = balancing_deposit(values, targets)
    assume(math.isfinite(deposit))
    after = values + relative_waterfill(values, targets, deposit + 1.0)
    assert after / after.sum() == pytest.approx(targets, abs=1e-9)


@given(holdings(), st.integers(-4000, 9000), st.floats(0.01, 100.0), st.randoms())
def test_neither_order_nor_scale_matters(held: tuple[Floats, Floats], amount: int, scale: float, random: Any) -> None:
    values, targets = held
    assume(amount > -values.sum())
    order = list(range(len(values)))
    random.shuffle(order)
    found = relative_waterfill(values, targets, float(amount))
    other = relative_waterfill(values[order] * scale, targets[order], amount * scale)
    assert other / scale == pytest.approx(found[order], abs=1e-6)


@given(holdings(), st.integers(0, 9000))
def test_the_lowest_relative_weight_never_falls_below_the_rest_on_a_deposit(
    held: tuple[Floats, Floats], amount: int
) -> None:
    values, targets = held
    wanted = targets > 0.0
    after = values + relative_waterfill(values, targets, float(amount))
    assert (after / np.where(wanted, targets, 1.0))[wanted].min() >= (values[wanted] / targets[wanted]).min() - 1e-9


def test_an_amount_of_nothing_moves_nothing() -> None:
    assert relative_waterfill(np.array([1.0, 2.0]), np.array([0.5, 0.5]), 0.0).tolist() == [0.0, 0.0]


def test_what_cannot_be_placed_is_refused() -> None:
    with pytest.raises(InputError, match="larger than what is held"):
        relative_waterfill(np.array([1.0, 2.0]), np.array([0.5, 0.5]), -3.1)
    with pytest.raises(InputError, match="needs an instrument with a target"):
        relative_waterfill(np.array([1.0]), np.array([0.0]), 1.0)
