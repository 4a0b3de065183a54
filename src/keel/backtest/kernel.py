"""The compiled simulation: one policy over one window, arrays in, arrays out.

This is the compiled twin of ``keel.domain.band`` and ``keel.domain.goal`` inside the session loop; tests prove it equal
to a plain simulation built on those functions. It keeps quantities, not weights, so that rounding does not build up.
Import this module only when a simulation is about to run: numba takes over a second to load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from keel.domain.prices import Floats
from keel.units import BREACH_TOLERANCE, TRADE_TOLERANCE

Ints = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., object])

NEVER, CALENDAR, BAND = 0, 1, 2
NONE = -1
EXACT = 1e-14

Raw = tuple[Floats, int, Ints, Floats, Floats, int, Floats, int]  # see simulate


def compiled(function: F) -> F:
    """``function`` compiled on its first call, released from the interpreter lock, cached on disk."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def reassociated(function: F) -> F:
    """``function`` compiled with sums in any order, so that they use vector registers; it must not meet a NaN."""
    loose = {"reassoc", "contract", "nnan", "nsz"}
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=loose)(function))


@compiled
def simulate(
    closes: Floats,
    days: Ints,
    looks: NDArray[np.bool_],
    leaf: Ints,
    shares: Floats,
    targets: Floats,
    below: Floats,
    above: Floats,
    trigger: int,
    whole_book: bool,
    destination: float,
    lag: int,
    cooldown: int,
    costs: Floats,
    fees: Floats,
    min_trade: float,
    charge_initial: bool,
    keep: float,
    values: Floats,
) -> Raw:
    """Wealth (n,) and the rebalances of one policy.

    ``closes`` (n, k); ``days`` (n,) calendar day numbers; ``looks`` (n,); ``leaf`` and ``shares`` (k,); ``targets``
    (m,) with half-widths ``below`` and ``above`` (m,); ``costs`` (k,) as fractions of traded value; ``fees`` (k,) per
    order and ``min_trade`` as fractions of initial wealth; ``keep`` what a session's advisory fee leaves. ``values``
    (n, k) is filled with instrument values at each close before trading, or has no rows and is left alone.

    Returns (wealth, number of rebalances e, their (filled, decided) sessions, their (turnover, cost), their instrument
    goals, session of the pending decision or -1, its instrument goals (k,), session that took everything or -1); of
    each table the first e rows are filled.
    """
    n, k = closes.shape
    rows = looks.sum() + 1
    wealth = np.full(n, np.nan)
    when, figures, goals = np.empty((rows, 2), np.int64), np.empty((rows, 2)), np.empty((rows, k))
    weight, goal, pending = np.zeros(k), targets[leaf] * shares, np.zeros(k)
    leaf_weight, leaf_goal = np.empty(len(targets)), np.empty(len(targets))

    total = after_cost(goal, weight, costs, _fees(goal, weight, fees)) if charge_initial else 1.0
    if not total > 0.0:
        return wealth, 0, when, figures, goals, NONE, pending, 0
    value = goal * total
    quantity = value / closes[0]
    wealth[0] = total
    keep_values = len(values) > 0
    if keep_values:
        values[0] = value

    count, decided, open_from, running = 0, NONE, days[0], trigger != NEVER
    for t in range(1, n):
        total = 0.0
        for i in range(k):
            quantity[i] *= keep
            value[i] = quantity[i] * closes[t, i]
            total += value[i]
        if keep_values:
            for i in range(k):
                values[t, i] = value[i]
        wealth[t] = total
        if not running:
            continue
        fills = decided >= 0 and t == decided + lag
        for _ in range(2):  # with a lag: the fill of an earlier decision, then the look at what it left
            if fills:
                turnover, left = _rebalance(
                    value, total, leaf, shares, targets, below, above, whole_book, destination, costs, fees, min_trade,
                    weight, leaf_weight, leaf_goal, goal,
                )  # fmt: skip
                if not left > 0.0:
                    return wealth, count, when, figures, goals, NONE, pending, t
                if turnover > TRADE_TOLERANCE:
                    when[count, 0], when[count, 1] = t, decided
                    figures[count, 0], figures[count, 1] = turnover, 1.0 - left
                    goals[count] = goal
                    count += 1
                    total *= left
                    for i in range(k):
                        value[i] = goal[i] * total
                        quantity[i] = value[i] / closes[t, i]
                    wealth[t] = total
                    open_from = days[t] + cooldown
                fills, decided = False, NONE
                if lag == 0:
                    break
            if decided >= 0 or not looks[t] or days[t] < open_from:
                break
            if trigger == BAND:
                _weigh(value, total, leaf, weight, leaf_weight)
                if not _any_breach(leaf_weight, targets, below, above):
                    break
            decided = t
            if t + lag >= n - 1:  # never filled: the goal seen now is reported, and nothing more can happen
                _weigh(value, total, leaf, weight, leaf_weight)
                _aim(leaf_weight, targets, below, above, whole_book, destination, leaf_goal)
                _instrument_goals(leaf_weight, leaf_goal, weight, leaf, shares, whole_book, pending)
                running = False
                break
            fills = lag == 0
            if not fills:
                break
    return wealth, count, when, figures, goals, decided, pending, NONE


@compiled
def _rebalance(
    value: Floats,
    total: float,
    leaf: Ints,
    shares: Floats,
    targets: Floats,
    below: Floats,
    above: Floats,
    whole_book: bool,
    destination: float,
    costs: Floats,
    fees: Floats,
    min_trade: float,
    weight: Floats,
    leaf_weight: Floats,
    leaf_goal: Floats,
    goal: Floats,
) -> tuple[float, float]:
    """(turnover, the part of wealth left after cost) of a rebalance now; (0, 1) when nothing is to be traded.

    The last four arrays are written: weights before, leaf weights, leaf goals and instrument goals.
    """
    _weigh(value, total, leaf, weight, leaf_weight)
    if not _aim(leaf_weight, targets, below, above, whole_book, destination, leaf_goal):
        return 0.0, 1.0
    _instrument_goals(leaf_weight, leaf_goal, weight, leaf, shares, whole_book, goal)
    if min_trade > 0.0:
        _drop_small(goal, weight, min_trade / total)
    turnover = 0.0
    for i in range(len(goal)):
        turnover += 0.5 * abs(goal[i] - weight[i])
    if turnover <= TRADE_TOLERANCE:
        return 0.0, 1.0
    return turnover, after_cost(goal, weight, costs, _fees(goal, weight, fees) / total)


@compiled
def _weigh(value: Floats, total: float, leaf: Ints, weight: Floats, leaf_weight: Floats) -> None:
    """Instrument and leaf weights from values, written in place."""
    leaf_weight[:] = 0.0
    for i in range(len(value)):
        weight[i] = value[i] / total
        leaf_weight[leaf[i]] += weight[i]


@compiled
def _breach(weight: float, target: float, below: float, above: float) -> bool:
    """Whether one leaf is in breach; twin of ``keel.domain.band.breached``."""
    if target == 0.0 and weight > BREACH_TOLERANCE:
        return True
    drift = weight - target
    return drift > above + BREACH_TOLERANCE or -drift > below + BREACH_TOLERANCE


@compiled
def _any_breach(weight: Floats, targets: Floats, below: Floats, above: Floats) -> bool:
    found = False
    for i in range(len(targets)):
        found = found or _breach(weight[i], targets[i], below[i], above[i])
    return found


@compiled
def _aim(
    weight: Floats,
    targets: Floats,
    below: Floats,
    above: Floats,
    whole_book: bool,
    destination: float,
    goal: Floats,
) -> bool:
    """Leaf goals written in place; False when nothing is in breach. Twin of ``keel.domain.goal.goals``."""
    m = len(targets)
    if whole_book:
        goal[:] = targets
        return True
    goal[:] = weight
    out = np.zeros(m, np.bool_)
    lower = np.zeros(m)
    upper = np.zeros(m)
    calm = 0
    for i in range(m):
        if targets[i] > 0.0:
            lower[i] = max(targets[i] - below[i], 0.0)
            upper[i] = targets[i] + above[i]
        out[i] = _breach(weight[i], targets[i], below[i], above[i])
        if not out[i]:
            calm += 1
        elif weight[i] > targets[i]:
            goal[i] = targets[i] + destination * (upper[i] - targets[i])
        else:
            goal[i] = targets[i] - destination * (targets[i] - lower[i])
    if calm == m:
        return False
    if calm == 0:
        out[:] = False
    _towards_target(goal, targets, out)
    _spread(goal, targets, lower, upper, out)
    out[:] = False
    _spread(goal, targets, lower, upper, out)
    return True


@compiled
def _towards_target(goal: Floats, targets: Floats, barred: NDArray[np.bool_]) -> None:
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
def _spread(goal: Floats, targets: Floats, lower: Floats, upper: Floats, barred: NDArray[np.bool_]) -> None:
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
def _instrument_goals(
    leaf_weight: Floats,
    leaf_goal: Floats,
    weight: Floats,
    leaf: Ints,
    shares: Floats,
    whole_book: bool,
    goal: Floats,
) -> None:
    """The goal of each instrument in place: its bucket's goal times its share where the bucket is traded."""
    for i in range(len(goal)):
        j = leaf[i]
        if whole_book or abs(leaf_goal[j] - leaf_weight[j]) > TRADE_TOLERANCE:
            goal[i] = leaf_goal[j] * shares[i]
        else:
            goal[i] = weight[i]


@compiled
def _drop_small(goal: Floats, weight: Floats, least: float) -> None:
    """Orders below ``least`` (fraction of wealth) removed in place; the others share what they leave in proportion.

    A sale whose proceeds no order is left to take is removed as well.
    """
    for _ in range(len(goal)):
        kept = 0.0
        free = 1.0
        dropped = False
        for i in range(len(goal)):
            if goal[i] != weight[i] and abs(goal[i] - weight[i]) < least:
                goal[i] = weight[i]
                dropped = True
            if goal[i] == weight[i]:
                free -= weight[i]
            else:
                kept += goal[i]
        if not dropped:
            return
        for i in range(len(goal)):
            if goal[i] != weight[i]:
                goal[i] = goal[i] * free / kept if kept > 0.0 else weight[i]


@compiled
def _fees(goal: Floats, weight: Floats, fees: Floats) -> float:
    """The fixed fees of the orders a rebalance places."""
    total = 0.0
    for i in range(len(goal)):
        if abs(goal[i] - weight[i]) > TRADE_TOLERANCE:
            total += fees[i]
    return total


@compiled
def after_cost(goal: Floats, weight: Floats, costs: Floats, fees: float) -> float:
    """x with x + sum(c·|goal·x - weight|) + fees = 1; Newton on a convex, piecewise linear function ends exactly."""
    x = 1.0
    for _ in range(4 * len(goal) + 8):
        slope = 1.0
        level = 1.0 - fees
        for i in range(len(goal)):
            c = costs[i]
            if goal[i] * x >= weight[i]:
                slope += c * goal[i]
                level += c * weight[i]
            else:
                slope -= c * goal[i]
                level -= c * weight[i]
        following = level / slope
        if following == x:
            break
        x = following
    return x
