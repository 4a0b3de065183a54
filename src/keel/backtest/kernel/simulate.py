"""The compiled simulation: one policy over one window.

The rules it calls are twins of those in ``keel.domain``, each in a file of the mirrored name; tests prove it equal to
a plain simulation built on those rules. It keeps quantities, not weights, so that rounding does not build up. Import
this module only when a simulation is about to run: numba takes over a second to load.
"""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.band import any_breached
from keel.backtest.kernel.compiled import compiled
from keel.backtest.kernel.destination import goals, instrument_goals, whole_book_goals
from keel.backtest.kernel.orders import lines_of, purchase, trade
from keel.backtest.kernel.records import (
    NONE,
    Book,
    Costs,
    Flows,
    Holdings,
    Instruments,
    Market,
    Rule,
    Trailing,
    Trigger,
    Walk,
)
from keel.backtest.kernel.tracking import drift_error, trailing_covariance
from keel.backtest.kernel.waterfill import place_flow
from keel.domain.arrays import Floats, Ints
from keel.domain.policy.tracking import SESSIONS
from keel.units import BREACH_TOLERANCE, TRADE_TOLERANCE


@compiled
def simulate(market: Market, book: Book, rule: Rule, costs: Costs, flows: Flows) -> Walk:
    """What one policy does with one book; ``keel.backtest.kernel.records`` says what goes in and what comes out."""
    # Out of the records once: reading an array from one counts a reference, which the loop over sessions would feel.
    closes, days, returns, looks = market.closes, market.days, market.returns, rule.looks
    targets, frozen, leaf, below, above = book.targets, book.frozen, book.leaf, rule.below, rule.above
    trigger, whole_book, lag, keep, amounts = rule.trigger, rule.whole_book, rule.lag, costs.keep, flows.amounts
    n, k = closes.shape
    rows = looks.sum() + 1
    wealth, values = np.full(n, np.nan), np.empty((n, k))
    filled_at, decided_at = np.empty(rows, np.int64), np.empty(rows, np.int64)
    turnovers, paid, goals_at = np.empty(rows), np.empty(rows), np.empty((rows, k))
    traded = np.empty((np.count_nonzero(amounts), k))
    goal, pending, still = targets[leaf] * book.shares, np.zeros(k), frozen[leaf]
    weight, leaf_weight, leaf_goal = np.zeros(k), np.empty(len(targets)), np.empty(len(targets))
    fixed, lines = Instruments(goal.copy(), still, costs.rates), lines_of(book, costs)
    m = len(targets) if trigger == Trigger.tracking else 0
    trailing = Trailing(np.zeros(m), np.zeros((m, m)))

    total = purchase(goal, lines) if costs.initial else 1.0
    value = goal * total
    quantity = value / closes[0]
    held = Holdings(quantity, value)
    wealth[0], values[0] = total, value

    depleted = NONE if total > 0.0 else 0
    flowing, poured = len(amounts) > 0, 0
    count, decided, open_from, running = 0, NONE, days[0], trigger != Trigger.never
    for t in range(1, n):
        if depleted >= 0:
            break
        total = 0.0
        for i in range(k):
            quantity[i] *= keep
            value[i] = quantity[i] * closes[t, i]
            total += value[i]
        if flowing and amounts[t] != 0.0:
            if not place_flow(amounts[t], flows.steer, held, closes[t], fixed, traded[poured]):
                depleted = t
                break
            poured += 1
            total = value.sum()
        for i in range(k):
            values[t, i] = value[i]
        wealth[t] = total
        if not running:
            continue
        if trigger == Trigger.tracking:
            trailing_covariance(returns, t, trailing)
        fills = decided >= 0 and t == decided + lag
        for _ in range(2):  # with a lag: the fill of an earlier decision, then the look at what it left
            if fills:
                turnover, left = 0.0, 1.0
                _weigh(value, total, leaf, weight, leaf_weight)
                if goals(leaf_weight, book, rule, leaf_goal):
                    instrument_goals(leaf_goal, leaf_weight, weight, book, whole_book, goal)
                    turnover, left = trade(goal, weight, still, lines, total)
                if not left > 0.0:
                    depleted = t
                    break
                if turnover > TRADE_TOLERANCE:
                    filled_at[count], decided_at[count] = t, decided
                    turnovers[count], paid[count] = turnover, 1.0 - left
                    goals_at[count] = goal
                    count += 1
                    total *= left
                    for i in range(k):
                        if not still[i]:
                            value[i] = goal[i] * total
                            quantity[i] = value[i] / closes[t, i]
                    wealth[t] = total
                    open_from = days[t] + rule.cooldown
                fills, decided = False, NONE
                if lag == 0:
                    break
            if decided >= 0 or not looks[t] or days[t] < open_from:
                break
            if trigger == Trigger.band:
                _weigh(value, total, leaf, weight, leaf_weight)
                if not any_breached(leaf_weight, targets, below, above, frozen):
                    break
            if trigger == Trigger.tracking:
                if t < SESSIONS:
                    break
                # The drift of frozen leaves cannot be undone: it is measured from the goals they leave room for.
                _weigh(value, total, leaf, weight, leaf_weight)
                whole_book_goals(leaf_weight, targets, frozen, leaf_goal)
                if not drift_error(leaf_weight, leaf_goal, trailing) > rule.limit + BREACH_TOLERANCE:
                    break
            decided = t
            if t + lag >= n - 1:  # never filled: the goal seen now is reported, and nothing more can happen
                _weigh(value, total, leaf, weight, leaf_weight)
                goals(leaf_weight, book, rule, leaf_goal)
                instrument_goals(leaf_goal, leaf_weight, weight, book, whole_book, pending)
                running = False
                break
            fills = lag == 0
            if not fills:
                break
    return Walk(
        wealth, values, traded, count, filled_at, decided_at, turnovers, paid, goals_at, decided, pending, depleted
    )


@compiled
def _weigh(value: Floats, total: float, leaf: Ints, weight: Floats, leaf_weight: Floats) -> None:
    """Writes instrument and leaf weights from values."""
    leaf_weight[:] = 0.0
    for i in range(len(value)):
        weight[i] = value[i] / total
        leaf_weight[leaf[i]] += weight[i]
