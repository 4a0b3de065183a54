"""Breaches, compiled: the twin of ``keel.domain.policy.band``."""

from __future__ import annotations

from keel.backtest.kernel.compiled import compiled
from keel.domain.arrays import Floats, Mask
from keel.units import BREACH_TOLERANCE


@compiled
def breached(weight: float, target: float, below: float, above: float) -> bool:
    """Whether one leaf is in breach."""
    if target == 0.0 and weight > BREACH_TOLERANCE:
        return True
    drift = weight - target
    return drift > above + BREACH_TOLERANCE or -drift > below + BREACH_TOLERANCE


@compiled
def any_breached(weight: Floats, targets: Floats, below: Floats, above: Floats, frozen: Mask) -> bool:
    """Whether any leaf (m,) that is not frozen is in breach."""
    found = False
    for i in range(len(targets)):
        found = found or (not frozen[i] and breached(weight[i], targets[i], below[i], above[i]))
    return found
