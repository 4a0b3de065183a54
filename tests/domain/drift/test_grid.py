"""Drift by bucket and date, of leaves and of classes."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.drift.grid import DriftGrid, by_class, classes, grid
from keel.domain.framework.records import Bucket, Framework
from keel.domain.policy.band import breached
from keel.domain.policy.kinds import Absolute, Corridor, Trigger
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import book

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
DATES = np.array(["2026-01-02", "2026-01-05", "2026-01-06"], "datetime64[D]")
WEIGHTS = np.array([[0.42, 0.18, 0.40], [0.48, 0.17, 0.35], [0.40, 0.19, 0.41]])


def leaves(frozen: list[bool] | None = None) -> DriftGrid:
    return grid(DATES, WEIGHTS, book(NESTED), FIVE, None if frozen is None else np.array(frozen))


def test_the_grid_is_drift_and_breach_of_every_close() -> None:
    made, found = book(NESTED), leaves()
    assert found.drift.shape == found.breach.shape == (3, 3)
    assert found.drift[:, 1].tolist() == pytest.approx([0.06, -0.01, -0.05])
    assert found.breach.tolist() == [[False, True, False], [False, False, False], [False, True, False]]
    assert found.judged_against == ""
    for n in range(3):
        expected = breached(WEIGHTS[n], made.targets, found.below, found.above)
        assert found.breach[:, n].tolist() == expected.tolist()


def test_a_date_tells_over_from_under_and_what_is_frozen_or_without_a_target() -> None:
    assert leaves().status(1) == ("over", "in_band", "under")
    assert leaves([True, False, False]).status(1) == ("frozen", "in_band", "under")
    stray = Framework("Stray", (Bucket("A/S", "S", 1.0), Bucket("A/G", "G", 0.0)))
    found = grid(DATES[:1], np.array([[0.98, 0.02]]), book(stray), FIVE)
    assert found.status(0) == ("in_band", "not_targeted")


def test_classes_add_up_their_leaves_and_are_judged_by_bands_of_their_own() -> None:
    found = by_class(leaves(), NESTED, FIVE)
    assert (found.labels, found.paths) == (("Equity", "Bonds"), ("AssetClass/Equity", "AssetClass/Bonds"))
    assert found.targets.tolist() == pytest.approx([0.6, 0.4])
    assert found.drift[:, 1].tolist() == pytest.approx([0.05, -0.05])
    assert (found.below.tolist(), found.above.tolist()) == ([0.05, 0.01], [0.05, 0.03])
    assert found.breach.tolist() == [[False, False, False], [False, True, False]]
    assert found.status(1) == ("in_band", "under")


def test_a_class_is_frozen_when_all_its_leaves_are() -> None:
    assert by_class(leaves([True, True, False]), NESTED, FIVE).frozen.tolist() == [True, False]
    assert by_class(leaves([True, False, False]), NESTED, FIVE).frozen.tolist() == [False, False]


def test_leaves_alone_have_nothing_to_roll_up() -> None:
    flat = Framework("Flat", (Bucket("A/S", "S", 0.6), Bucket("A/B", "B", 0.4)))
    assert classes(flat, book(flat).paths) == ()
    assert classes(NESTED, book(NESTED).paths) == ("AssetClass/Equity", "AssetClass/Bonds")
