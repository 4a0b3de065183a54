"""Where a rebalance trades to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.arrays import Floats
from keel.domain.policy.band import breached, half_widths
from keel.domain.policy.destination import edges, goals, instrument_goals
from keel.domain.policy.kinds import (
    Absolute,
    Band,
    Corridor,
    FiveTwentyFive,
    Hybrid,
    Relative,
    Trigger,
)
from keel.domain.policy.records import Policy, Scope

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "policies.json").read_text())


def to(destination: float, scope: Scope | None = None, band: Band | None = None) -> Policy:
    return Policy(Trigger.band, band=band or Absolute(500), destination=destination, scope=scope)


@pytest.mark.parametrize("case", GOLDEN["destinations"], ids=lambda case: f"{case['weights']} d={case['d']}")
def test_destination(case: dict[str, Any]) -> None:
    targets = np.array(case["targets"])
    band = np.full(len(targets), case["band"])
    policy = to(case["d"], Scope(case["scope"]))
    assert goals(np.array(case["weights"]), targets, band, band, policy) == pytest.approx(case["goal"], abs=1e-12)


def test_five_leaves_fill_up_to_the_edge() -> None:
    band = np.full(5, 0.05)
    goal = goals(np.array([0.34, 0.14, 0.14, 0.14, 0.24]), np.full(5, 0.2), band, band, to(1.0))
    assert goal == pytest.approx([0.25, 1 / 6, 1 / 6, 1 / 6, 0.25], abs=1e-12)


def test_every_leaf_in_breach_still_sums_to_one() -> None:
    targets = np.array([0.6, 0.4])
    policy = to(0.5, band=Relative(2000))
    goal = goals(np.array([0.73, 0.27]), targets, *half_widths(policy.band, targets), policy)
    assert goal == pytest.approx([0.64, 0.36], abs=1e-12)


def test_an_empty_bucket_without_target_leaves_the_goals_of_the_others() -> None:
    policy = to(0.5, band=Relative(2000))
    targets = np.array([0.6, 0.4, 0.0])
    goal = goals(np.array([0.73, 0.27, 0.0]), targets, *half_widths(policy.band, targets), policy)
    assert goal == pytest.approx([0.64, 0.36, 0.0], abs=1e-12)


def test_two_levels_multiply() -> None:
    case = GOLDEN["two_level"]
    targets = [case["classes"][leaf] * share for leaf, shares in case["shares"].items() for share in shares]
    assert targets == pytest.approx(case["targets"], abs=1e-15)


def test_frozen_leaves_keep_their_weight_and_the_others_share_the_rest() -> None:
    case = GOLDEN["frozen"]
    targets = np.array(case["targets"])
    weights, frozen = np.array([0.44, 0.3, 0.26]), np.array([False, False, True])
    band = np.full(3, 0.05)
    assert goals(weights, targets, band, band, to(0.0), frozen) == pytest.approx(case["goal"], abs=1e-12)


def test_the_products_of_a_frozen_bucket_are_not_restored_to_their_shares() -> None:
    weights, held = np.array([0.5, 0.5]), np.array([0.4, 0.1, 0.5])
    goal = instrument_goals(weights, weights, held, np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]), to(0.0))
    assert goal.tolist() == [0.25, 0.25, 0.5]
    still = instrument_goals(
        weights, weights, held, np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]), to(0.0), np.array([True, False])
    )
    assert still.tolist() == held.tolist()


def test_whole_book_goes_to_target_without_a_breach() -> None:
    targets, band = np.array([0.6, 0.4]), np.full(2, 0.05)
    assert goals(np.array([0.61, 0.39]), targets, band, band, to(0.0)).tolist() == [0.6, 0.4]


def test_breached_only_moves_nothing_without_a_breach() -> None:
    weights, band = np.array([0.61, 0.39]), np.full(2, 0.05)
    assert goals(weights, np.array([0.6, 0.4]), band, band, to(1.0)).tolist() == weights.tolist()


def test_the_residual_goes_first_to_leaves_on_the_needed_side() -> None:
    band = np.full(3, 0.05)
    goal = goals(np.array([0.56, 0.22, 0.22]), np.array([0.5, 0.25, 0.25]), band, band, to(1.0))
    assert goal == pytest.approx([0.55, 0.225, 0.225], abs=1e-12)


def test_a_held_leaf_without_target_is_sold_whatever_the_destination() -> None:
    band = np.full(3, 0.05)
    goal = goals(np.array([0.57, 0.4, 0.03]), np.array([0.6, 0.4, 0.0]), band, band, to(1.0))
    assert goal == pytest.approx([0.6, 0.4, 0.0], abs=1e-12)


widths = st.integers(0, 3000).map(float)
BANDS = st.one_of(
    st.builds(Absolute, widths),
    st.builds(Relative, widths),
    st.builds(FiveTwentyFive, widths, widths),
    st.builds(Hybrid, widths, widths),
    st.builds(Corridor, widths, widths),
)


@st.composite
def books(draw: st.DrawFn) -> tuple[Floats, Floats, Policy]:
    """Weights, targets and a band policy."""
    m = draw(st.integers(2, 6))
    parts = st.lists(st.integers(0, 50), min_size=m, max_size=m).filter(lambda numbers: sum(numbers) > 0)
    weights, targets = (np.array(draw(parts), dtype=float) for _ in range(2))
    policy = to(draw(st.sampled_from([0.0, 0.25, 0.5, 0.875, 1.0])), Scope.breached_only, draw(BANDS))
    return weights / weights.sum(), targets / targets.sum(), policy


@given(books())
def test_goals_sum_to_one_and_are_never_negative(case: tuple[Floats, Floats, Policy]) -> None:
    weights, targets, policy = case
    goal = goals(weights, targets, *half_widths(policy.band, targets), policy)
    assert goal.sum() == pytest.approx(1.0, abs=1e-12)
    assert goal.min() >= -1e-12


@given(books())
def test_no_leaf_is_in_breach_after_a_rebalance(case: tuple[Floats, Floats, Policy]) -> None:
    weights, targets, policy = case
    below, above = half_widths(policy.band, targets)
    assert not breached(goals(weights, targets, below, above, policy), targets, below, above).any()


@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_leaves_does_not_matter(case: tuple[Floats, Floats, Policy], random: Any) -> None:
    weights, targets, policy = case
    order = list(range(len(targets)))
    random.shuffle(order)
    straight = goals(weights, targets, *half_widths(policy.band, targets), policy)
    shuffled = goals(weights[order], targets[order], *half_widths(policy.band, targets[order]), policy)
    assert shuffled == pytest.approx(straight[order], abs=1e-12)


@given(books(), st.integers(0, 6))
def test_an_empty_bucket_without_target_changes_no_goal(case: tuple[Floats, Floats, Policy], at: int) -> None:
    weights, targets, policy = case
    place = min(at, len(targets))
    more, wanted = np.insert(weights, place, 0.0), np.insert(targets, place, 0.0)
    straight = goals(weights, targets, *half_widths(policy.band, targets), policy)
    beside = goals(more, wanted, *half_widths(policy.band, wanted), policy)
    assert beside == pytest.approx(np.insert(straight, place, 0.0), abs=1e-12)


@given(books(), st.integers(0, 5))
def test_frozen_leaves_never_move(case: tuple[Floats, Floats, Policy], which: int) -> None:
    weights, targets, policy = case
    frozen = np.arange(len(targets)) == which % len(targets)
    goal = goals(weights, targets, *half_widths(policy.band, targets), policy, frozen)
    assert goal[frozen].tolist() == weights[frozen].tolist()
    if targets[~frozen].sum() > 0:
        assert goal.sum() == pytest.approx(1.0, abs=1e-12)


def test_edges_stay_above_zero() -> None:
    lower, upper = edges(np.array([0.02, 0.98, 0.0]), np.full(3, 0.05), np.full(3, 0.05))
    assert lower.tolist() == pytest.approx([0.0, 0.93, 0.0])
    assert upper.tolist() == pytest.approx([0.07, 1.03, 0.0])


def test_only_traded_buckets_are_restored_to_their_shares() -> None:
    leaf, shares, holdings = np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]), np.array([0.4, 0.2, 0.4])
    weights = np.array([0.6, 0.4])
    kept = instrument_goals(weights, weights, holdings, leaf, shares, to(1.0))
    assert kept.tolist() == holdings.tolist()
    moved = instrument_goals(np.array([0.58, 0.42]), weights, holdings, leaf, shares, to(1.0))
    assert moved == pytest.approx([0.29, 0.29, 0.42], abs=1e-15)
    assert instrument_goals(weights, weights, holdings, leaf, shares, to(0.0)).tolist() == [0.3, 0.3, 0.4]
