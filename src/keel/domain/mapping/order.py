"""The first few of many places, without sorting them all."""

from __future__ import annotations

import numpy as np

from keel.domain.arrays import Floats, Ints
from keel.domain.market.choice import UNUSABLE

TIERS = 2 * UNUSABLE
ALIKE = 12  # decimals in which two scores are the same


def best(tiers: Ints, scores: Floats, ranks: Ints, most: int) -> Ints:
    """The positions of the first ``most`` by tier, then by the higher score, then by rank; each (n,).

    >>> best(np.array([1, 0, 0, 0]), np.array([0.9, 0.2, 0.7, 0.7]), np.array([0, 1, 3, 2]), 3).tolist()
    [3, 2, 1]
    """
    chosen: list[int] = []
    for tier in range(TIERS):
        if len(chosen) < most:
            inside = np.flatnonzero(tiers == tier)
            chosen += inside[_highest(scores[inside], ranks[inside], most - len(chosen))].tolist()
    return np.array(chosen, dtype=np.int64)


def reached(tiers: Ints, most: int) -> Ints:
    """The positions of every tier (n,) that the first ``most`` lie in, ascending: the others need no score.

    >>> reached(np.array([1, 0, 2, 1]), 2).tolist()
    [0, 1, 3]
    """
    return np.flatnonzero(tiers <= np.searchsorted(np.cumsum(np.bincount(tiers, minlength=1)), most))


def nearest(classes: Ints, ranks: Ints, most: int) -> Ints:
    """The positions of the first ``most`` by class, then by rank; each (n,), ranks without ties.

    >>> nearest(np.array([1, 0, 0, 2]), np.array([0, 3, 1, 2]), 3).tolist()
    [2, 1, 0]
    """
    candidates = reached(classes, most)
    keys = classes[candidates] * (ranks.max(initial=0) + 1) + ranks[candidates]
    first = np.flatnonzero(keys <= _bound(keys, most))
    order: Ints = candidates[first[np.argsort(keys[first])]]
    return order


def _highest(scores: Floats, ranks: Ints, most: int) -> Ints:
    """Scores that differ by less than they are rounded to are alike; only those near the top are rounded and sorted."""
    near = np.flatnonzero(-scores <= _bound(-scores, most) + 10.0**-ALIKE)
    distinct, of = np.unique(scores[near], return_inverse=True)
    rounded = np.array([round(value, ALIKE) for value in distinct.tolist()])[of]
    order: Ints = near[np.lexsort((ranks[near], -rounded))][:most]
    return order


def _bound(keys: Ints | Floats, most: int) -> float:
    """The key of the last of the ``most`` lowest."""
    return float(np.partition(keys, most - 1)[most - 1]) if len(keys) > most else float(keys.max(initial=0))
