"""A grid with fewer values on its axes: what is left of each is its ends and a few between them."""

from __future__ import annotations

import math

import numpy as np

from keel.domain.arrays import Ints
from keel.domain.study.grid import COST, Axis, Grid

FEWEST = 2  # values of an axis that is kept: its ends
COSTS = 3  # a walk is shared by all costs, but their effect is known from the ends and the middle


def thinned(grid: Grid, most: int) -> Grid:
    """The grid with at most ``most`` policies where its axes allow, costs not counted, and at most three costs.

    Values are taken from the longest axis first, evenly spaced, down to its ends.

    >>> from keel.domain.study.grid import parse_grid
    >>> axes = {"look": ["daily", "monthly"], "band.width_bps": {"from": 100, "to": 1900, "count": 19}}
    >>> [len(axis) for axis in thinned(parse_grid({"base": "abs_5pp", "axes": axes}), 10).axes]
    [2, 5]
    """
    counts = [min(len(axis), COSTS) if axis.name == COST else len(axis) for axis in grid.axes]
    policies = [i for i, axis in enumerate(grid.axes) if axis.name != COST]
    while math.prod(counts[i] for i in policies) > most:
        longest = max(policies, key=lambda i: counts[i])
        if counts[longest] <= FEWEST:
            break
        counts[longest] -= 1
    return Grid(grid.base, tuple(_fewer(axis, count) for axis, count in zip(grid.axes, counts, strict=True)))


def evenly(length: int, count: int) -> Ints:
    """Which ``count`` of so many values are kept: the ends, and between them evenly spaced.

    >>> evenly(19, 4).tolist(), evenly(3, 1).tolist()
    ([0, 6, 12, 18], [0])
    """
    return np.unique(np.round(np.linspace(0, length - 1, count)).astype(np.int64))


def _fewer(axis: Axis, count: int) -> Axis:
    places = evenly(len(axis), count)
    values = axis.values
    return Axis(axis.name, values[places] if isinstance(values, np.ndarray) else tuple(values[i] for i in places))
