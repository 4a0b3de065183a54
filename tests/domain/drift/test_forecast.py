"""Weights carried along given histories, and when they first leave their bands."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.drift.test_report import live, of

from keel.domain.arrays import Floats
from keel.domain.drift.forecast import (
    Standing,
    already_out,
    chances,
    chances_json,
    first_breach,
    forecast_json,
    standing,
    steps_of,
)
from keel.domain.portfolio.position import Position, Role


def half_and_half(band: float, still: bool = False) -> Standing:
    width = np.array([band, band])
    flags = np.array([still, still])
    return Standing(
        ("A", "B"), np.array([50.0, 50.0]), np.array([0, 1]), ("a", "b"), np.array([0.5, 0.5]), width, width, flags
    )


UP = np.array([[1.3, 1.0], [1 / 1.3, 1.0]])  # 56.5 % after one rise of A, 62.8 % after two


def test_the_first_breach_by_hand() -> None:
    histories = np.array([[0, 0, 0], [0, 1, 0], [1, 1, 1], [1, 0, 1]])
    assert first_breach(half_and_half(0.1), UP, histories).tolist() == [[2, 2], [4, 4], [2, 2], [4, 4]]


def test_once_out_it_counts_though_it_comes_back() -> None:
    assert first_breach(half_and_half(0.1), UP, np.array([[0, 0, 1, 1]])).tolist() == [[2, 2]]


@pytest.mark.parametrize("growth", [np.ones((1, 2)), np.full((1, 2), 1.5)])
def test_what_does_not_move_apart_never_leaves(growth: Floats) -> None:
    assert first_breach(half_and_half(0.001), growth, np.zeros((3, 5), dtype=np.int64)).min() == 6


def test_a_frozen_leaf_is_never_in_breach() -> None:
    assert first_breach(half_and_half(0.1, still=True), UP, np.zeros((1, 3), dtype=np.int64)).min() == 4


def test_prices_beyond_all_numbers_say_nothing_and_warn_of_nothing() -> None:
    rows = np.zeros((1, 4), dtype=np.int64)
    assert first_breach(half_and_half(0.6), np.array([[1e200, 1e200]]), rows).min() == 5


def test_what_lies_outside_moves_the_weights() -> None:
    # 60/40 and as much again outside: it doubles, and each leaf's weight falls below its band
    now = standing(live(*of(30, 60, 50, Position("GLD", 5))))
    assert now.symbols == ("VTI", "VXUS", "BND", "GLD")
    assert now.leaf.tolist() == [0, 0, 1, -1]
    growth = np.array([[1.0, 1.0, 1.0, 2.0]])
    assert first_breach(now, growth, np.zeros((1, 1), dtype=np.int64)).tolist() == [[1, 1]]


def test_frozen_leaves_stand_still_and_those_out_are_named() -> None:
    report = live(*of(40, 60, 0), Position("BND", 37.5, role=Role.frozen))
    assert standing(report).still.tolist() == [False, True]
    assert already_out(report) == {"A/Equity"}


def test_chances_are_parts_of_the_histories() -> None:
    found = np.array([[1, 9], [3, 9], [9, 9], [2, 9]])
    assert chances(found, (1, 2, 8)) == ((0.25, 0.5, 0.75), (0.0, 0.0, 0.0))
    assert chances(found, (0, 2, 8))[0][0] is None


def test_horizons_follow_the_frequency() -> None:
    assert [steps_of(p) for p in (365.25, 252, 52, 12, 1)] == [
        (30, 91, 365),
        (21, 63, 252),
        (4, 13, 52),
        (1, 3, 12),
        (0, 0, 1),
    ]


def test_without_a_forecast_there_is_null() -> None:
    assert forecast_json(None) is None
    assert chances_json((None, None, None)) == {"21": None, "63": None, "252": None}
