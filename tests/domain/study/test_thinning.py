"""A thinned grid keeps the ends of every axis."""

from __future__ import annotations

from keel.domain.study.grid import parse_grid
from keel.domain.study.thinning import evenly, thinned

GRID = parse_grid(
    {
        "base": {"trigger": "band", "band": {"kind": "absolute"}},
        "axes": {
            "look": ["daily", "weekly", "monthly", "quarterly", "annual"],
            "offset": [0, 1],
            "band.width_bps": {"from": 100, "to": 1900, "count": 19},
            "cost_bps": [0, 10, 25, 50],
        },
    }
)


def test_the_ends_of_every_axis_stay_and_the_longest_gives_first() -> None:
    thin = thinned(GRID, 60)
    assert [len(axis) for axis in thin.axes] == [5, 2, 6, 3]
    for axis, whole in zip(thin.axes, GRID.axes, strict=True):
        assert (axis.value(0), axis.value(len(axis) - 1)) == (whole.value(0), whole.value(len(whole) - 1))
        assert {str(axis.value(i)) for i in range(len(axis))} <= {str(whole.value(i)) for i in range(len(whole))}


def test_a_grid_that_is_small_enough_stays_whole_but_for_its_costs() -> None:
    assert [len(axis) for axis in thinned(GRID, 1_000).axes] == [5, 2, 19, 3]


def test_no_axis_loses_its_ends_however_few_are_wanted() -> None:
    assert [len(axis) for axis in thinned(GRID, 1).axes] == [2, 2, 2, 3]
    assert evenly(1, 1).tolist() == [0]
