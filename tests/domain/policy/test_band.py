"""Half-widths and breaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.policy.band import breached, half_widths
from keel.domain.policy.kinds import (
    Absolute,
    Band,
    Corridor,
    FiveTwentyFive,
    Hybrid,
    Relative,
    half_width,
)

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "policies.json").read_text())
KINDS: dict[str, Band] = {
    "absolute_500": Absolute(500),
    "relative_2000": Relative(2000),
    "five_twenty_five": FiveTwentyFive(),
    "hybrid_2000_100": Hybrid(2000, 100),
}


@pytest.mark.parametrize("case", GOLDEN["bands"], ids=lambda case: str(case["target"]))
def test_half_width_of_each_kind(case: dict[str, float]) -> None:
    for kind in ("five_twenty_five", "hybrid_2000_100"):
        assert half_width(KINDS[kind], case["target"]) == pytest.approx((case[kind], case[kind]), abs=1e-15)


@pytest.mark.parametrize("case", GOLDEN["breach"], ids=lambda case: str(case["weights"]))
def test_breach_of_each_kind(case: dict[str, Any]) -> None:
    weights, targets = np.array(case["weights"]), np.array(case["targets"])
    for kind in KINDS.keys() & case.keys():
        assert bool(breached(weights, targets, *half_widths(KINDS[kind], targets)).any()) is case[kind], kind


def test_drift_of_exactly_the_band_is_no_breach() -> None:
    case = GOLDEN["drift"]
    weights, targets = np.array(case["weights"]), np.array(case["targets"])
    assert not breached(weights, targets, *half_widths(Absolute(500), targets)).any()
    assert 0.5 * abs(weights - targets).sum() == pytest.approx(case["total_drift"], abs=1e-15)
    assert abs(weights - targets).max() == pytest.approx(case["max_drift"], abs=1e-15)


def test_five_twenty_five_takes_the_smaller_and_hybrid_the_larger() -> None:
    for target in (0.01, 0.05, 0.2, 0.6):
        assert half_width(FiveTwentyFive(500, 2500), target)[0] == min(0.05, 0.25 * target)
        assert half_width(Hybrid(2000, 100), target)[0] == max(0.2 * target, 0.01)


def test_corridor_is_asymmetric() -> None:
    targets = np.array([0.6, 0.4])
    below, above = half_widths(Corridor(below_bps=200, above_bps=800), targets)
    assert breached(np.array([0.57, 0.43]), targets, below, above).tolist() == [True, False]
    assert breached(np.array([0.67, 0.33]), targets, below, above).tolist() == [False, True]


def test_a_leaf_with_its_own_band_ignores_the_policys() -> None:
    below, above = half_widths(Absolute(500), np.array([0.6, 0.4]), [Absolute(100), None])
    assert below.tolist() == above.tolist() == [0.01, 0.05]


def test_without_a_band_no_drift_is_a_breach() -> None:
    targets = np.array([0.6, 0.4])
    assert not breached(np.array([1.0, 0.0]), targets, *half_widths(None, targets)).any()


def test_a_held_leaf_without_target_is_always_in_breach() -> None:
    targets, wide = np.array([1.0, 0.0]), np.full(2, 0.5)
    assert breached(np.array([0.999, 0.001]), targets, wide, wide).tolist() == [False, True]
    assert breached(np.array([1.0, 1e-10]), targets, wide, wide).tolist() == [False, False]


def test_a_target_that_is_not_held_is_judged_with_weight_zero() -> None:
    targets = np.array([0.9, 0.1])
    assert breached(np.array([1.0, 0.0]), targets, *half_widths(Absolute(500), targets)).tolist() == [True, True]


def test_a_frozen_leaf_is_never_in_breach() -> None:
    targets, narrow = np.array([0.6, 0.4]), np.full(2, 0.01)
    assert breached(np.array([0.8, 0.2]), targets, narrow, narrow, np.array([True, False])).tolist() == [False, True]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_breach_is_strict_with_a_tolerance_of_1e_9(weight: float, target: float, width: float) -> None:
    one = np.array([width])
    found = bool(breached(np.array([weight]), np.array([target]), one, one)[0])
    drift = abs(weight - target)
    assert found == (drift > width + 1e-9 or (target == 0.0 and weight > 1e-9))


def test_many_sessions_are_judged_at_once() -> None:
    targets, width = np.array([0.6, 0.4]), np.full(2, 0.05)
    table = np.array([[0.6, 0.4], [0.7, 0.3]])
    assert breached(table, targets, width, width).tolist() == [[False, False], [True, True]]
