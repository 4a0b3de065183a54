from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.drift.measure import (
    BucketDrift,
    Status,
    breach_fall,
    breach_rise,
    judged_against,
    judging_band,
    leaf_widths,
    measure,
    roll_up,
    totals,
)
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.band import half_widths
from keel.domain.policy.kinds import (
    Absolute,
    Band,
    Corridor,
    FiveTwentyFive,
    Hybrid,
    Relative,
    Trigger,
)
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import Book, book

BANDS: dict[str, Band] = {
    "absolute_500": Absolute(500),
    "five_twenty_five": FiveTwentyFive(),
    "hybrid_2000_100": Hybrid(2000, 100),
    "relative_2000": Relative(2000),
}
FIVE = Policy(trigger=Trigger.band, band=Absolute(500))
NESTED = Framework(
    "Nested",
    (
        Bucket("AssetClass/Equity", "Equity", 0.6),
        Bucket("AssetClass/Equity/US", "US", 0.42),
        Bucket("AssetClass/Equity/World", "World", 0.18),
        Bucket("AssetClass/Bonds", "Bonds", 0.4, band=Corridor(100, 300)),
    ),
)
PARTS = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=8).map(lambda parts: np.array(parts) / sum(parts))


def golden_cases(golden: Path, name: str) -> list[dict[str, object]]:
    found = json.loads((golden / "policies.json").read_text())[name]
    return found if isinstance(found, list) else [found]


def test_golden_breaches(golden: Path) -> None:
    for case in golden_cases(golden, "breach"):
        targets, weights = np.array(case["targets"]), np.array(case["weights"])
        for name in BANDS.keys() & case.keys():
            rows = measure(weights, targets, *half_widths(BANDS[name], targets))
            assert any(row.status in (Status.under, Status.over) for row in rows) is case[name]


def test_golden_drift(golden: Path) -> None:
    for case in golden_cases(golden, "drift"):
        targets = np.array(case["targets"])
        found = totals(measure(np.array(case["weights"]), targets, *half_widths(Absolute(500), targets)))
        assert found.total_drift == pytest.approx(case["total_drift"], abs=1e-12)
        assert found.max_drift == pytest.approx(case["max_drift"], abs=1e-12)
        assert bool(found.out_of_band) is case["absolute_500_breach"]


def test_golden_two_levels(golden: Path) -> None:
    for case in golden_cases(golden, "two_level"):
        classes, shares = dict(case["classes"]), dict(case["shares"])
        buckets = tuple(
            Bucket(
                f"A/{name}", name, weight, holdings=tuple(Holding(f"{name}{n}", s) for n, s in enumerate(shares[name]))
            )
            for name, weight in classes.items()
        )
        made = book(Framework("Two levels", buckets))
        assert (made.targets[made.leaf] * made.shares).tolist() == pytest.approx(case["targets"])


def test_statuses_and_relative_drift() -> None:
    rows = measure(
        [0.40, 0.10, 0.30, 0.05, 0.15, 0.0],
        [0.30, 0.20, 0.30, 0.00, 0.15, 0.05],
        [0.05] * 6,
        [0.05] * 6,
        [False, False, True, False, False, False],
        unpriced=[False, False, False, False, True, False],
    )
    assert [str(row.status) for row in rows] == ["over", "under", "frozen", "not_targeted", "no_price", "in_band"]
    assert rows[0].relative_drift == pytest.approx(1 / 3)
    assert rows[3].relative_drift is None
    assert rows[2].rise is None


def test_a_band_is_left_strictly() -> None:
    below = above = [0.05, 0.05]
    on_edge = measure([0.65, 0.35], [0.6, 0.4], below, above)
    beyond = measure([0.65 + 1e-8, 0.35 - 1e-8], [0.6, 0.4], below, above)
    assert [row.status for row in on_edge] == [Status.in_band, Status.in_band]
    assert [row.status for row in beyond] == [Status.over, Status.under]


def test_the_price_move_that_breaches_by_hand() -> None:
    # 60/40 with ±5 pp: 65/35 is reached when 60 becomes 65/35 × 40 = 74.2857, a rise of 23.81 %
    assert breach_rise(0.6, 0.6, 0.05) == pytest.approx(74.2857142857 / 60 - 1)
    # 55/45 when 60 becomes 55/45 × 40 = 48.8889, a fall of 18.52 %
    assert breach_fall(0.6, 0.6, 0.05) == pytest.approx(48.8888888889 / 60 - 1)
    assert breach_rise(0.7, 0.6, 0.05) is None  # already over
    assert breach_rise(0.0, 0.6, 0.05) is None  # nothing held cannot rise
    assert breach_fall(0.03, 0.04, 0.05) is None  # the lower edge is below nothing
    assert breach_rise(0.97, 0.96, 0.05) is None  # the upper edge is above everything


@given(PARTS, PARTS, st.floats(0.001, 0.2))
def test_just_beyond_the_move_the_leaf_is_in_breach_and_just_before_it_is_not(
    weights: np.ndarray, targets: np.ndarray, width: float
) -> None:
    count = min(len(weights), len(targets))
    weights, targets = weights[:count] / weights[:count].sum(), targets[:count] / targets[:count].sum()
    widths = np.full(count, width)
    for i, row in enumerate(measure(weights, targets, widths, widths)):
        for move in (row.rise, row.fall):
            # A hundred-thousandth of the move must shift the weight by more than the tolerance of a breach.
            if move is None or abs(move) * 1e-5 * weights[i] * (1 - weights[i]) < 4e-9:
                continue
            for factor, expected in ((1 + 1e-5, True), (1 - 1e-5, False)):
                values = weights.copy()
                values[i] *= 1 + move * factor
                moved = values / values.sum()
                now = abs(moved[i] - targets[i]) > width + 1e-9
                assert bool(now) is expected


@given(PARTS)
def test_drifts_sum_to_zero_and_total_drift_is_what_must_move(weights: np.ndarray) -> None:
    targets = np.full(len(weights), 1 / len(weights))
    rows = measure(weights, targets, *half_widths(FiveTwentyFive(), targets))
    assert sum(row.drift for row in rows) == pytest.approx(0, abs=1e-12)
    assert totals(rows).total_drift == pytest.approx(sum(max(0.0, row.drift) for row in rows))


def measured(made: Book, weights: np.ndarray) -> tuple[BucketDrift, ...]:
    return measure(weights, made.targets, *leaf_widths(made, FIVE), paths=made.paths, labels=made.labels)


def test_inner_buckets_sum_their_leaves_and_do_not_count_twice() -> None:
    made = book(NESTED)
    rows = roll_up(NESTED, measured(made, np.array([0.50, 0.15, 0.35])), FIVE)
    assert [row.path for row in rows] == [b.path for b in NESTED.buckets]
    equity, us, _, bonds = rows
    assert (equity.actual, equity.target, equity.leaf) == (pytest.approx(0.65), pytest.approx(0.6), False)
    assert equity.status is Status.in_band
    assert us.status is Status.over
    assert (bonds.below, bonds.above, bonds.status) == (0.01, 0.03, Status.under)
    assert totals(rows).total_drift == pytest.approx(0.08)


def test_a_calendar_policy_is_judged_against_5_25() -> None:
    made = book(NESTED)
    assert judging_band(Policy()) == FiveTwentyFive()
    assert judged_against(Policy()) == "5/25 bands"
    assert leaf_widths(made, Policy())[0].tolist() == pytest.approx([0.05, 0.045, 0.01])


def test_a_leaf_that_is_not_held_neither_rises_nor_falls_to_an_edge_within_the_tolerance() -> None:
    assert breach_fall(0.0, 1e-10, 0.0) is None
    assert breach_rise(0.0, 1e-10, 0.0) is None
    assert breach_fall(5e-324, 5e-324, 0.0) == 0.0
