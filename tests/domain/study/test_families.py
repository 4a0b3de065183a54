from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from keel.domain.study.families import families
from keel.domain.study.grid import parse_grid
from keel.errors import InvalidPolicyError

BAND = {"trigger": "band", "look": "daily", "band": {"kind": "absolute", "width_bps": 500}}


def test_widths_and_costs_are_vectors_and_the_other_axes_make_families() -> None:
    axes = {"look": ["daily", "monthly"], "band.width_bps": [100, 200, 300], "cost_bps": [0, 10], "lag": [0, 1]}
    found = families(parse_grid({"base": BAND, "axes": axes}))
    assert [dict(family.values) for family in found] == [
        {"look": look, "lag": lag} for look, lag in product(["daily", "monthly"], [0, 1])
    ]
    assert all(family.size == 6 for family in found)
    assert found[0].policy.band is not None


def test_a_forbidden_combination_is_named() -> None:
    grid = parse_grid({"base": BAND, "axes": {"destination": [0, 0.5, 2], "cost_bps": [0, 10]}})
    with pytest.raises(InvalidPolicyError, match="destination") as refused:
        families(grid)
    assert refused.value.hint == "--skip-invalid leaves such combinations out."
    assert [family.values["destination"] for family in families(grid, skip_invalid=True)] == [0, 0.5]


def test_a_few_trials_stand_for_every_width_and_cost() -> None:
    """Each place that is allowed parses, and each that is not does not: tried one by one."""
    widths, costs = [-1, 0, 250, 9_999, 10_000, 10_001, 99_999, 100_001], [0, 9_999, 10_000, 20_000]
    grid = parse_grid({"base": BAND, "axes": {"band.width_bps": widths, "cost_bps": costs}})
    (family,) = families(grid, skip_invalid=True)
    for w, c in product(range(len(widths)), range(len(costs))):
        allowed = w in family.widths and c in family.costs
        try:
            grid.parsed({"band.width_bps": float(widths[w]), "cost_bps": float(costs[c])})
        except InvalidPolicyError:
            assert not allowed, (widths[w], costs[c])
        else:
            assert allowed, (widths[w], costs[c])


def test_a_grid_that_allows_nothing_says_why_of_the_first() -> None:
    grid = parse_grid({"base": BAND, "axes": {"destination": [2, 3]}})
    with pytest.raises(InvalidPolicyError, match="No combination of the grid is allowed; the first"):
        families(grid, skip_invalid=True)


def test_a_grid_without_widths_and_costs_has_one_policy_a_family() -> None:
    (family,) = families(parse_grid({"base": "annual", "axes": {"lag": [1]}}))
    assert np.array_equal(family.widths, [0])
    assert np.array_equal(family.costs, [0])
