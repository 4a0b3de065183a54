"""Breaches and goals, compiled: the twins of ``keel.domain.policy.band`` and ``keel.domain.policy.destination``."""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.compiled import compiled
from keel.domain.arrays import Floats, Ints, Mask
from keel.units import BREACH_TOLERANCE, TRADE_TOLERANCE

EXACT = 1e-14


@compiled
def _breach(weight: float, target: float, below: float, above: float) -> bool:
    """Whether one leaf is in breach; twin of ``keel.domain.policy.band.breached``."""
    if target == 0.0 and weight > BREACH_TOLERANCE:
        return True
    drift = weight - target
    return drift > above + BREACH_TOLERANCE or -drift > below + BREACH_TOLERANCE


@compiled
def any_breach(weight: Floats, targets: Floats, below: Floats, above: Floats, frozen: Mask) -> bool:
    """Whether any leaf is in breach."""
    found = False
    for i in range(len(targets)):
        found = found or (not frozen[i] and _breach(weight[i], targets[i], below[i], above[i]))
    return found


@compiled
def aim(
    weight: Floats,
    targets: Floats,
    below: Floats,
    above: Floats,
    frozen: Mask,
    whole_book: bool,
    destination: float,
    goal: Floats,
) -> bool:
    """Leaf goals written in place; False when nothing is in breach; twin of ``domain.policy.destination.goals``."""
    m = len(targets)
    if whole_book:
        _whole_book(weight, targets, frozen, goal)
        return True
    goal[:] = weight
    barred = frozen.copy()
    lower = np.zeros(m)
    upper = np.zeros(m)
    calm = 0
    found = False
    for i in range(m):
        if targets[i] > 0.0:
            lower[i] = max(targets[i] - below[i], 0.0)
            upper[i] = targets[i] + above[i]
        if frozen[i]:
            continue
        barred[i] = _breach(weight[i], targets[i], below[i], above[i])
        if not barred[i]:
            calm += 1
            continue
        found = True
        if weight[i] > targets[i]:
            goal[i] = targets[i] + destination * (upper[i] - targets[i])
        else:
            goal[i] = targets[i] - destination * (targets[i] - lower[i])
    if not found:
        return False
    if calm == 0:
        barred[:] = frozen
    _towards_target(goal, targets, barred)
    _spread(goal, targets, lower, upper, barred)
    _spread(goal, targets, lower, upper, frozen)
    if frozen.any():  # what they hold may leave the others no room within their bands
        _spread(goal, targets, np.zeros(m), np.full(m, np.inf), frozen)
    return True


@compiled
def _whole_book(weight: Floats, targets: Floats, frozen: Mask, goal: Floats) -> None:
    """Every leaf at target; frozen ones keep their weight and the others share what is left by target."""
    free, left = 0.0, 1.0
    still = False
    for i in range(len(targets)):
        goal[i] = targets[i]
        if frozen[i]:
            still = True
            left -= weight[i]
        else:
            free += targets[i]
    if not still:
        return
    for i in range(len(targets)):
        if frozen[i] or free <= 0.0:
            goal[i] = weight[i]
        else:
            goal[i] = targets[i] * (left / free)


@compiled
def _towards_target(goal: Floats, targets: Floats, barred: Mask) -> None:
    left = 1.0 - goal.sum()
    if abs(left) <= EXACT:
        return
    side = 1.0 if left > 0.0 else -1.0
    total = 0.0
    for i in range(len(goal)):
        if not barred[i]:
            total += max(side * (targets[i] - goal[i]), 0.0)
    if total <= 0.0:
        return
    part = min(1.0, abs(left) / total)
    for i in range(len(goal)):
        if not barred[i]:
            goal[i] += side * part * max(side * (targets[i] - goal[i]), 0.0)


@compiled
def _spread(goal: Floats, targets: Floats, lower: Floats, upper: Floats, barred: Mask) -> None:
    m = len(goal)
    for _ in range(m + 1):
        left = 1.0 - goal.sum()
        if abs(left) <= EXACT:
            return
        side = 1.0 if left > 0.0 else -1.0
        total = 0.0
        for i in range(m):
            room = upper[i] - goal[i] if left > 0.0 else goal[i] - lower[i]
            if not barred[i] and room > 0.0:
                total += targets[i]
        if total <= 0.0:
            return
        for i in range(m):
            room = upper[i] - goal[i] if left > 0.0 else goal[i] - lower[i]
            if not barred[i] and room > 0.0:
                goal[i] += side * min(abs(left) * targets[i] / total, room)


@compiled
def instrument_goals(
    leaf_weight: Floats,
    leaf_goal: Floats,
    weight: Floats,
    leaf: Ints,
    shares: Floats,
    frozen: Mask,
    whole_book: bool,
    goal: Floats,
) -> None:
    """The goal of each instrument in place: its bucket's goal times its share where the bucket is traded."""
    for i in range(len(goal)):
        j = leaf[i]
        traded = whole_book or abs(leaf_goal[j] - leaf_weight[j]) > TRADE_TOLERANCE
        goal[i] = leaf_goal[j] * shares[i] if traded and not frozen[j] else weight[i]
