"""Costs at the joints of shared segments: what every chain of segments comes to at every cost.

A cost in proportion to what is traded changes wealth, never weights, so the segments stay as they are and each trade
leaves (1 + c·HELD) / (1 + c·WANTED) of wealth, as long as no order changes its side (c up to LIMIT); beyond that the
kernel's fixed point is solved.

Import this module only when a sweep is about to run: numba takes over a second to load.
"""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.compiled import compiled
from keel.backtest.kernel.orders import after_cost
from keel.backtest.sweep.records import Scan, Trades, Yardstick
from keel.backtest.sweep.segments import (
    ACTIVE_SQUARES,
    BEFORE,
    DEEPEST,
    EXPECTED,
    FIRST_RECORD,
    GROWTH,
    HELD,
    LAST_RECORD,
    LIMIT,
    LOW,
    OPEN,
    PEAK,
    SHORTFALL,
    SQUARES,
    SUM,
    TURNOVER,
    WANTED,
)
from keel.domain.arrays import Floats, Ints
from keel.units import TRADE_TOLERANCE

# What a policy comes to: final over first wealth, the same without cost, sums over its returns (those of
# returns less the reference's add up to the first), the lowest part of an earlier peak, one-way turnover, events.
WEALTH, FREE, W_SUM, W_SQUARES, W_SHORTFALL, W_ACTIVE_SQUARES, W_DEEPEST, W_TURNOVER, REBALANCES = range(9)
TOTALS = 9
BLOCK = 64  # costs side by side


@compiled
def price(segments: Floats, weights: Floats, goals: Floats, pattern: Floats) -> None:
    """Writes HELD, WANTED and LIMIT of every trade, for costs that are multiples of ``pattern`` (k,).

    ``goals`` (1, k) of all trades, or (e, k) one for each segment that ends with a trade, in their order. While every
    order keeps its side the fixed point x + c·Σ ±p·(goal·x − weight) = 1 is linear in x: HELD is Σ ±p·weight, WANTED
    Σ ±p·goal. A sale stays a sale, for x ≤ 1; a purchase becomes one where x falls to weight / goal.
    """
    for s in range(len(segments)):
        goal = goals[min(s, len(goals) - 1)]
        held, wanted, ratio = 0.0, 0.0, 0.0
        for i in range(len(goal)):
            side = pattern[i] if goal[i] >= weights[s, i] else -pattern[i]
            held += side * weights[s, i]
            wanted += side * goal[i]
            if goal[i] >= weights[s, i] and goal[i] > 0.0:
                ratio = max(ratio, weights[s, i] / goal[i])
        # What is left falls as cost rises; the first purchase to turn into a sale is the one nearest its goal.
        room = held - ratio * wanted
        segments[s, HELD], segments[s, WANTED] = held, wanted
        segments[s, LIMIT] = (ratio - 1.0) / room if room < 0.0 else np.inf


@compiled
def at_every_cost(scan: Scan, trades: Trades, yardstick: Yardstick, out: Floats) -> None:
    """Fills ``out`` (w, c, TOTALS): what the chain of each width comes to at every cost."""
    state = np.empty((TOTALS, BLOCK))
    goals, rates, costs = trades.goals, trades.rates, trades.costs
    for j in range(len(scan.offsets) - 1):
        links = scan.chain[scan.offsets[j] : scan.offsets[j + 1]]
        common = _sums(scan.segments, links)
        for q in range(0, len(costs), BLOCK):
            count = min(BLOCK, len(costs) - q)
            for column in range(TOTALS):
                state[column, :] = common[column]
            _block(scan, links, Trades(goals, rates[q : q + count], costs[q : q + count]), yardstick, state)
            for i in range(count):
                for column in range(TOTALS):
                    out[j, q + i, column] = state[column, i]


@compiled
def _sums(segments: Floats, links: Ints) -> Floats:
    """The part (TOTALS,) of a chain that no cost changes."""
    out = np.zeros(TOTALS)
    out[FREE] = 1.0
    for g in links:
        x = segments[g]
        out[FREE] *= x[GROWTH]
        out[W_SUM] += x[SUM]
        out[W_SQUARES] += x[SQUARES]
        out[W_SHORTFALL] += x[SHORTFALL]
        out[W_ACTIVE_SQUARES] += x[ACTIVE_SQUARES]
        if x[OPEN] == 0.0 and x[TURNOVER] > TRADE_TOLERANCE:
            out[W_TURNOVER] += x[TURNOVER]
            out[REBALANCES] += 1.0
    return out


@compiled
def _block(scan: Scan, links: Ints, trades: Trades, yardstick: Yardstick, state: Floats) -> None:
    """One chain at a few costs side by side, so that their divisions overlap.

    ``state`` (TOTALS, BLOCK) holds the sums inside its segments and gets what the joints add: only the session of a
    trade has a return that a cost changes, so a segment is one step however long it is. A cost scales all that follows
    alike, so of an earlier peak it is enough to know how far above the present wealth it lies.
    """
    segments, records, weights = scan.segments, scan.records, scan.weights
    goals, rates, costs, shift, hurdle = trades.goals, trades.rates, trades.costs, yardstick.shift, yardstick.hurdle
    wealth, total, squares, active = state[WEALTH], state[W_SUM], state[W_SQUARES], state[W_ACTIVE_SQUARES]
    shortfall, deepest = state[W_SHORTFALL], state[W_DEEPEST]
    wealth[:], deepest[:] = 1.0, 1.0
    below = np.ones(len(costs))  # the highest wealth so far over the present one
    for g in links:
        x = segments[g]  # read into registers: the loop writes to memory that might be the same, for all numba knows
        peak, low, depth, held, wanted, limit = x[PEAK], x[LOW], x[DEEPEST], x[HELD], x[WANTED], x[LIMIT]
        growth, last, expected, is_open = x[GROWTH], 1.0 / x[BEFORE], x[EXPECTED], x[OPEN] == 1.0
        traded = not is_open and x[TURNOVER] > TRADE_TOLERANCE
        for q in range(len(costs)):
            over, least = below[q], deepest[q]
            if peak > over:  # a new high: up to it the fall is from the earlier peak, after it the segment's own
                before = _low_before(records, int(x[FIRST_RECORD]), int(x[LAST_RECORD]), over)
                least = min(least, before / over, depth)
                over = peak
            elif low < least * over:
                least = low / over
            left = 1.0
            if traded:
                left = (1.0 + costs[q] * held) / (1.0 + costs[q] * wanted)
                if costs[q] > limit:
                    left = after_cost(goals[min(g, len(goals) - 1)], weights[g], rates[q], 0.0)
            grown = growth * left
            wealth[q] *= grown
            if not is_open:
                change = grown * last - 1.0
                total[q] += change - shift
                squares[q] += (change - shift) * (change - shift)
                active[q] += (change - expected) * (change - expected)
                if change < hurdle:
                    shortfall[q] += (change - hurdle) * (change - hurdle)
                over /= grown
                if over < 1.0:
                    over = 1.0
                elif least * over > 1.0:
                    least = 1.0 / over
            below[q], deepest[q] = over, least


@compiled
def _low_before(records: Floats, first: int, last: int, level: float) -> float:
    """The lowest growth before the first record above ``level``; infinite when that record is the first session."""
    while first < last:
        middle = (first + last) // 2
        if records[middle, 0] > level:
            last = middle
        else:
            first = middle + 1
    return float(records[first, 1])


@compiled
def measure(wealth: Floats, yardstick: Yardstick, y: Floats) -> None:
    """Writes WEALTH, the sums and W_DEEPEST of ``y`` (TOTALS,) from one wealth path (n,), session by session."""
    reference, shift, hurdle = yardstick.reference, yardstick.shift, yardstick.hurdle
    total, squares, active, shortfall, peak, deepest = 0.0, 0.0, 0.0, 0.0, wealth[0], 1.0
    for t in range(1, len(wealth)):
        change = wealth[t] / wealth[t - 1] - 1.0
        difference = change - reference[t]
        total += change - shift
        squares += (change - shift) * (change - shift)
        active += difference * difference
        if change < hurdle:
            shortfall += (change - hurdle) * (change - hurdle)
        peak = max(peak, wealth[t])
        deepest = min(deepest, wealth[t] / peak)
    y[WEALTH], y[W_DEEPEST] = wealth[-1] / wealth[0], deepest
    y[W_SUM], y[W_SQUARES], y[W_ACTIVE_SQUARES], y[W_SHORTFALL] = total, squares, active, shortfall
