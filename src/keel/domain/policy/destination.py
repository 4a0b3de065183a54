"""Goals: the weights a rebalance trades to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats, Mask
from keel.domain.policy.band import breached
from keel.domain.policy.records import Policy, Scope, scope_of
from keel.units import TRADE_TOLERANCE

EXACT = 1e-14  # a residual this small is rounding of the sum itself


def goals(
    weights: Floats, targets: Floats, below: Floats, above: Floats, policy: Policy, frozen: Mask | None = None
) -> Floats:
    """The weight of every leaf (m,) after a rebalance by ``policy`` from ``weights`` (m,); sums to 1 within 1e-12.

    ``whole_book``: every leaf to its target. ``breached_only``: breached leaves to their destination, the residual by
    the three rules of ``place_residual``; without a breach nothing moves. Frozen leaves keep their weight.

    >>> from keel.domain.policy.kinds import Absolute, Trigger
    >>> edge = Policy(Trigger.band, band=Absolute(500), destination=1.0)
    >>> five = np.full(5, 0.05)
    >>> goals(np.array([0.34, 0.14, 0.14, 0.14, 0.24]), np.full(5, 0.2), five, five, edge).round(4).tolist()
    [0.25, 0.1667, 0.1667, 0.1667, 0.25]
    """
    still = np.zeros(len(targets), dtype=np.bool_) if frozen is None else frozen
    if scope_of(policy) is Scope.whole_book:
        return whole_book_goals(weights, targets, still)
    out = breached(weights, targets, below, above, still)
    if not out.any():
        return weights.copy()
    lower, upper = edges(targets, below, above)
    goal = weights.copy()
    over = out & (weights > targets)
    under = out & ~over
    d = policy.destination
    goal[over] = targets[over] + d * (upper - targets)[over]
    goal[under] = targets[under] - d * (targets - lower)[under]
    return place_residual(goal, targets, lower, upper, out, still)


def instrument_goals(
    goal: Floats,
    weights: Floats,
    holdings: Floats,
    leaf: NDArray[np.int64],
    shares: Floats,
    policy: Policy,
    frozen: Mask | None = None,
) -> Floats:
    """The weight of every instrument (k,) after a rebalance from leaf ``weights`` (m,) to leaf ``goal`` (m,).

    Under ``whole_book`` every bucket is restored to its ``shares`` (k,); under ``breached_only`` those whose goal
    differs from their weight by more than 1e-12. The instruments of the others, and of ``frozen`` (m,) buckets, keep
    their ``holdings`` (k,).

    >>> half = np.array([0.5, 0.5, 1.0])
    >>> args = np.array([0.6, 0.4]), np.array([0.4, 0.2, 0.4]), np.array([0, 0, 1]), half, Policy()
    >>> instrument_goals(np.array([0.6, 0.4]), *args).tolist()
    [0.3, 0.3, 0.4]
    """
    whole = scope_of(policy) is Scope.whole_book
    traded = np.full(len(goal), whole) | (np.abs(goal - weights) > TRADE_TOLERANCE)
    if frozen is not None:
        traded = traded & ~frozen
    return np.where(traded[leaf], goal[leaf] * shares, holdings)


def whole_book_goals(weights: Floats, targets: Floats, frozen: Mask) -> Floats:
    """Every leaf at target; frozen leaves keep their weight and the others share what is left by target.

    >>> goal = whole_book_goals(np.array([0.4, 0.34, 0.26]), np.array([0.5, 0.3, 0.2]), np.arange(3) == 2)
    >>> goal.round(6).tolist()
    [0.4625, 0.2775, 0.26]
    """
    if not frozen.any():
        return targets.copy()
    free = float(targets[~frozen].sum())
    if free <= 0.0:
        return weights.copy()
    left = 1.0 - float(weights[frozen].sum())
    return np.where(frozen, weights, targets * (left / free))


def edges(targets: Floats, below: Floats, above: Floats) -> tuple[Floats, Floats]:
    """The lowest and highest weight each leaf may have, (m,) each.

    Never below 0; a leaf without target has no room: any holding of it is in breach, so its edge is 0.
    """
    held = targets > 0.0
    return np.where(held, np.maximum(targets - below, 0.0), 0.0), np.where(held, targets + above, 0.0)


def place_residual(goal: Floats, targets: Floats, lower: Floats, upper: Floats, out: Mask, frozen: Mask) -> Floats:
    """``goal`` (m,) with r = 1 - sum placed so that the sum is 1.

    (1) Leaves not in breach on the needed side of their target move towards it in proportion to their distance, at
    most to target. (2) The rest goes to all leaves not in breach in proportion to target, each at most to its band's
    edge, repeated among those with room. (3) What is still left goes the same way to all leaves. When every leaf that
    has a target is in breach, (1) and (2) run over all. Frozen leaves never move; when they leave the others no room
    within their bands, the remainder goes beyond the edges, in proportion to target.
    """
    free = ~frozen
    calm = free & ~out
    if not (calm & (targets > 0.0)).any():
        calm = free
    goal = towards_target(goal, targets, calm)
    goal = spread(goal, targets, lower, upper, calm)
    goal = spread(goal, targets, lower, upper, free)
    nothing, everything = np.zeros_like(goal), np.full_like(goal, np.inf)
    return spread(goal, targets, nothing, everything, free)


def towards_target(goal: Floats, targets: Floats, among: Mask) -> Floats:
    """Rule (1): the residual closes the distance of the leaves on the needed side, in proportion, at most all of it."""
    left = 1.0 - float(goal.sum())
    distance = np.where(among, np.maximum(np.sign(left) * (targets - goal), 0.0), 0.0)
    total = float(distance.sum())
    if abs(left) <= EXACT or total <= 0.0:
        return goal
    step: Floats = distance * min(1.0, abs(left) / total)
    return goal + step if left > 0.0 else goal - step


def spread(goal: Floats, targets: Floats, lower: Floats, upper: Floats, among: Mask) -> Floats:
    """Rules (2) and (3): the residual by target, each leaf at most to its edge, repeated among those with room."""
    goal = goal.copy()
    for _ in range(len(goal) + 1):
        left = 1.0 - float(goal.sum())
        if abs(left) <= EXACT:
            break
        room = np.maximum(upper - goal if left > 0.0 else goal - lower, 0.0)
        takers = among & (room > 0.0)
        total = float(targets[takers].sum())
        if total <= 0.0:
            break
        step = np.minimum(abs(left) * targets / total, room)
        goal[takers] += np.sign(left) * step[takers]
    return goal
