"""The compiled simulation: one policy over one window, arrays in, arrays out.

This is the compiled twin of ``domain.policy.band`` and ``domain.policy.destination`` inside the session loop; tests
prove it equal to a plain simulation built on those functions. It keeps quantities, not weights, so that rounding does
not build up. Import this module only when a simulation is about to run: numba takes over a second to load.
"""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.compiled import compiled as compiled
from keel.backtest.kernel.compiled import reassociated as reassociated
from keel.backtest.kernel.destination import aim, any_breach, instrument_goals
from keel.backtest.kernel.orders import after_cost as after_cost
from keel.backtest.kernel.orders import order_fees, trade
from keel.backtest.kernel.tracking import drift_variance, roll
from keel.backtest.kernel.waterfill import pour
from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.policy.tracking import SESSIONS
from keel.units import BREACH_TOLERANCE, TRADE_TOLERANCE

NEVER, CALENDAR, BAND, TRACKING = 0, 1, 2, 3
NONE = -1

Raw = tuple[Floats, int, Ints, Floats, Floats, int, Floats, int]  # see simulate


@compiled
def simulate(
    closes: Floats,
    days: Ints,
    looks: Mask,
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
    line: Ints,
    frozen: Mask,
    limit: float,
    returns: Floats,
    flows: Floats,
    steer: bool,
    traded: Floats,
) -> Raw:
    """Value (n,) after trading and the rebalances of one policy.

    ``closes`` (n, k); ``days`` (n,) calendar day numbers; ``looks`` (n,); ``leaf`` and ``shares`` (k,); ``targets``
    (m,) with half-widths ``below`` and ``above`` (m,); ``costs`` (k,) as fractions of traded value; ``fees`` (k,) per
    order and ``min_trade`` as fractions of initial wealth; ``keep`` what a session's advisory fee leaves. ``values``
    (n, k) is filled with instrument values at each close, after its flow and before trading, or has no rows and is left
    alone. ``line`` (k,): equal numbers are one instrument, whose orders are netted. ``frozen`` (m,).

    Trigger TRACKING acts beyond ``limit``, a tracking error a year, of leaf ``returns`` times √p (n, m; else no rows).
    ``flows`` (n,) is money in or out at each close, a fraction of initial wealth, or has no rows; ``traded`` (f, k) is
    filled with what the f flows that are not 0 buy or sell, ``steer`` towards target.

    Returns (value, number of rebalances e, their (filled, decided) sessions, their (turnover, cost), their instrument
    goals, session of the pending decision or -1, its instrument goals (k,), session that took everything or -1); of
    each table the first e rows are filled. Value is NaN at a session whose withdrawal took everything.
    """
    n, k = closes.shape
    rows = looks.sum() + 1
    wealth = np.full(n, np.nan)
    when, figures, goals = np.empty((rows, 2), np.int64), np.empty((rows, 2)), np.empty((rows, k))
    weight, goal, pending = np.zeros(k), targets[leaf] * shares, np.zeros(k)
    leaf_weight, leaf_goal = np.empty(len(targets)), np.empty(len(targets))
    still, wanted = frozen[leaf], goal.copy()
    u = line.max() + 1
    net_goal, net_weight, line_costs, line_fees = np.zeros(u), np.zeros(u), np.zeros(u), np.zeros(u)
    for i in range(k):
        line_costs[line[i]], line_fees[line[i]] = costs[i], fees[i]
        net_goal[line[i]] += goal[i]
    m = len(targets) if trigger == TRACKING else 0
    sums, products = np.zeros(m), np.zeros((m, m))

    total = 1.0
    if charge_initial:
        total = after_cost(net_goal, net_weight, line_costs, order_fees(net_goal, net_weight, line_fees))
    if not total > 0.0:
        return wealth, 0, when, figures, goals, NONE, pending, 0
    value = goal * total
    quantity = value / closes[0]
    wealth[0] = total
    keep_values, flowing, poured = len(values) > 0, len(flows) > 0, 0
    if keep_values:
        values[0] = value

    count, decided, open_from, running = 0, NONE, days[0], trigger != NEVER
    for t in range(1, n):
        total = 0.0
        for i in range(k):
            quantity[i] *= keep
            value[i] = quantity[i] * closes[t, i]
            total += value[i]
        if flowing and flows[t] != 0.0:
            if not pour(flows[t], steer, value, quantity, closes[t], wanted, still, costs, traded[poured]):
                return wealth, count, when, figures, goals, NONE, pending, t
            poured += 1
            total = value.sum()
        if keep_values:
            for i in range(k):
                values[t, i] = value[i]
        wealth[t] = total
        if not running:
            continue
        if trigger == TRACKING:
            roll(returns, t, sums, products)
        fills = decided >= 0 and t == decided + lag
        for _ in range(2):  # with a lag: the fill of an earlier decision, then the look at what it left
            if fills:
                turnover, left = 0.0, 1.0
                _weigh(value, total, leaf, weight, leaf_weight)
                if aim(leaf_weight, targets, below, above, frozen, whole_book, destination, leaf_goal):
                    instrument_goals(leaf_weight, leaf_goal, weight, leaf, shares, frozen, whole_book, goal)
                    turnover, left = trade(
                        goal, weight, still, line, line_costs, line_fees, total, min_trade, net_goal, net_weight
                    )
                if not left > 0.0:
                    return wealth, count, when, figures, goals, NONE, pending, t
                if turnover > TRADE_TOLERANCE:
                    when[count, 0], when[count, 1] = t, decided
                    figures[count, 0], figures[count, 1] = turnover, 1.0 - left
                    goals[count] = goal
                    count += 1
                    total *= left
                    for i in range(k):
                        if not still[i]:
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
                if not any_breach(leaf_weight, targets, below, above, frozen):
                    break
            if trigger == TRACKING:
                _weigh(value, total, leaf, weight, leaf_weight)
                aim(leaf_weight, targets, below, above, frozen, True, 0.0, leaf_goal)
                if not _strays(t, leaf_weight, leaf_goal, sums, products, limit):
                    break
            decided = t
            if t + lag >= n - 1:  # never filled: the goal seen now is reported, and nothing more can happen
                _weigh(value, total, leaf, weight, leaf_weight)
                aim(leaf_weight, targets, below, above, frozen, whole_book, destination, leaf_goal)
                instrument_goals(leaf_weight, leaf_goal, weight, leaf, shares, frozen, whole_book, pending)
                running = False
                break
            fills = lag == 0
            if not fills:
                break
    return wealth, count, when, figures, goals, decided, pending, NONE


@compiled
def _weigh(value: Floats, total: float, leaf: Ints, weight: Floats, leaf_weight: Floats) -> None:
    """Instrument and leaf weights from values, written in place."""
    leaf_weight[:] = 0.0
    for i in range(len(value)):
        weight[i] = value[i] / total
        leaf_weight[leaf[i]] += weight[i]


@compiled
def _strays(t: int, weight: Floats, goal: Floats, sums: Floats, products: Floats, limit: float) -> bool:
    """Whether the drift means a tracking error beyond the limit; never before there are 252 returns.

    The drift of frozen leaves cannot be undone, so drift is measured from the goals they leave room for.
    """
    if t < SESSIONS:
        return False
    return bool(np.sqrt(max(drift_variance(weight, goal, sums, products), 0.0)) > limit + BREACH_TOLERANCE)
