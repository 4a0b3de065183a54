"""The weights a rebalance trades to, compiled: the twin of ``keel.domain.policy.destination``."""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.band import breached
from keel.backtest.kernel.compiled import compiled
from keel.backtest.kernel.records import Book, Rule
from keel.domain.arrays import Floats, Mask
from keel.domain.policy.destination import EXACT
from keel.units import TRADE_TOLERANCE


@compiled
def goals(weight: Floats, book: Book, rule: Rule, goal: Floats) -> bool:
    """Leaf goals (m,) written in place; False when nothing is in breach."""
    targets, frozen = book.targets, book.frozen
    below, above = rule.below, rule.above  # out of the record once: each reading of it counts a reference
    m = len(targets)
    if rule.whole_book:
        whole_book_goals(weight, targets, frozen, goal)
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
        barred[i] = breached(weight[i], targets[i], below[i], above[i])
        if not barred[i]:
            calm += targets[i] > 0.0
            continue
        found = True
        if weight[i] > targets[i]:
            goal[i] = targets[i] + rule.destination * (upper[i] - targets[i])
        else:
            goal[i] = targets[i] - rule.destination * (targets[i] - lower[i])
    if not found:
        return False
    if calm == 0:
        barred[:] = frozen
    towards_target(goal, targets, barred)
    spread(goal, targets, lower, upper, barred)
    spread(goal, targets, lower, upper, frozen)
    if frozen.any():  # what they hold may leave the others no room within their bands
        spread(goal, targets, np.zeros(m), np.full(m, np.inf), frozen)
    return True


@compiled
def whole_book_goals(weight: Floats, targets: Floats, frozen: Mask, goal: Floats) -> None:
    """Writes every leaf's target; frozen ones keep their weight and the others share what is left by target."""
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
def towards_target(goal: Floats, targets: Floats, barred: Mask) -> None:
    """Moves the leaves on the needed side of their target that are not barred, in proportion to their distance."""
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
def spread(goal: Floats, targets: Floats, lower: Floats, upper: Floats, barred: Mask) -> None:
    """Places the residual by target, each leaf at most to its edge, repeated among those with room."""
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
    leaf_goal: Floats, leaf_weight: Floats, weight: Floats, book: Book, whole_book: bool, goal: Floats
) -> None:
    """Writes the goal (k,) of each instrument: its bucket's goal times its share where the bucket is traded."""
    leaf, shares, frozen = book.leaf, book.shares, book.frozen
    for i in range(len(goal)):
        j = leaf[i]
        traded = whole_book or abs(leaf_goal[j] - leaf_weight[j]) > TRADE_TOLERANCE
        goal[i] = leaf_goal[j] * shares[i] if traded and not frozen[j] else weight[i]
