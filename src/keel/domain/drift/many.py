"""The drift of many portfolios in one call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.drift.measure import Flags
from keel.units import BREACH_TOLERANCE


@dataclass(frozen=True, slots=True)
class Shelf:
    """Portfolios (p) of up to k leaves each: what is held, the targets, and the bands' half-widths, (p, k) each.

    A portfolio with fewer leaves has 0 in the rest. ``outside`` (p,) is what no leaf takes, ``idle`` (p,) its cash;
    ``frozen`` (p, k) leaves are never in breach.
    """

    values: Floats
    targets: Floats
    below: Floats
    above: Floats
    outside: Floats
    idle: Floats
    frozen: Flags


@dataclass(frozen=True, slots=True)
class DriftOfMany:
    """By portfolio: value, total and largest drift and whose it is, leaves in breach, and whether it would trade, (p,).

    ``drift`` and ``breach`` are (p, k). A portfolio that is worth nothing has no drift.
    """

    value: Floats
    drift: Floats
    breach: Flags
    total_drift: Floats
    max_drift: Floats
    largest: np.ndarray
    out_of_band: np.ndarray
    rebalance_needed: Flags

    def worst_first(self) -> list[int]:
        """The places of the portfolios: those that would trade first, then by total drift."""
        return [int(n) for n in np.lexsort((-self.total_drift, ~self.rebalance_needed))]


def drift_of_many(shelf: Shelf) -> DriftOfMany:
    """How far each portfolio is from its targets, as the report of each would say it.

    What lies outside calls for a rebalance, idle cash does not; both count as drift.

    >>> one = np.array([[66.0, 34.0]]), np.array([[0.6, 0.4]]), np.full((1, 2), 0.05), np.full((1, 2), 0.05)
    >>> found = drift_of_many(Shelf(*one, np.zeros(1), np.zeros(1), np.zeros((1, 2), dtype=bool)))
    >>> round(float(found.total_drift[0]), 4), found.out_of_band.tolist()
    (0.06, [2])
    """
    value = shelf.values.sum(axis=1) + shelf.outside + shelf.idle
    worth = np.where(value > 0.0, value, 1.0)
    weights = shelf.values / worth[:, None]
    drift = np.where(value[:, None] > 0.0, weights - shelf.targets, 0.0)
    out = (drift > shelf.above + BREACH_TOLERANCE) | (-drift > shelf.below + BREACH_TOLERANCE)
    out |= (shelf.targets == 0.0) & (weights > BREACH_TOLERANCE)
    out &= ~shelf.frozen
    size = np.abs(drift)
    largest = size.argmax(axis=1)
    beside = (shelf.outside + shelf.idle) / worth
    stray = shelf.outside / worth > BREACH_TOLERANCE
    return DriftOfMany(
        value=value,
        drift=drift,
        breach=out,
        total_drift=0.5 * (size.sum(axis=1) + beside),
        max_drift=size.max(axis=1, initial=0.0),
        largest=largest,
        out_of_band=out.sum(axis=1) + stray,
        rebalance_needed=out.any(axis=1) | stray,
    )
