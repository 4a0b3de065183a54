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

# What a walked policy comes to: final over first wealth, the same without cost, sums over its returns (those of
# returns less the reference's add up to the first), the lowest part of an earlier peak, one-way turnover, events.
WEALTH, FREE, W_SUM, W_SQUARES, W_SHORTFALL, W_ACTIVE_SQUARES, W_DEEPEST, W_TURNOVER, REBALANCES = range(9)
WALKED = 9
BLOCK = 64  # costs walked side by side


@compiled
def price(segments: Floats, weights: Floats, goals: Floats, pattern: Floats) -> None:
    """HELD, WANTED and LIMIT of every trade written in place, for costs that are multiples of ``pattern`` (k,).

    ``goals`` (1, k) of all trades, or (e, k) one for each segment that ends with a trade, in their order.
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
def walk(
    segments: Floats,
    records: Floats,
    weights: Floats,
    offsets: Ints,
    chain: Ints,
    goals: Floats,
    rates: Floats,
    costs: Floats,
    shift: float,
    hurdle: float,
    out: Floats,
) -> None:
    """``out`` (w, c, WALKED) filled: what the chain of each width comes to at every cost (c,), by ``rates`` (c, k)."""
    state = np.empty((WALKED, BLOCK))
    for j in range(len(offsets) - 1):
        links = chain[offsets[j] : offsets[j + 1]]
        common = _sums(segments, links)
        for q in range(0, len(costs), BLOCK):
            count = min(BLOCK, len(costs) - q)
            for column in range(WALKED):
                state[column, :] = common[column]
            _walk_block(
                segments, records, weights, links, goals, rates[q : q + count], costs[q : q + count], shift, hurdle,
                state[WEALTH], state[W_SUM], state[W_SQUARES], state[W_ACTIVE_SQUARES], state[W_SHORTFALL],
                state[W_DEEPEST],
            )  # fmt: skip
            for i in range(count):
                for column in range(WALKED):
                    out[j, q + i, column] = state[column, i]


@compiled
def _sums(segments: Floats, links: Ints) -> Floats:
    """The part of a walk that no cost changes."""
    out = np.zeros(WALKED)
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
def _walk_block(
    segments: Floats,
    records: Floats,
    weights: Floats,
    links: Ints,
    goals: Floats,
    rates: Floats,
    costs: Floats,
    shift: float,
    hurdle: float,
    wealth: Floats,
    total: Floats,
    squares: Floats,
    active: Floats,
    shortfall: Floats,
    deepest: Floats,
) -> None:
    """One chain at a few costs side by side, so that their divisions overlap.

    The last six hold the sums inside its segments and get what the joints add.
    """
    wealth[:], deepest[:] = 1.0, 1.0
    below = np.ones(len(costs))  # the highest wealth so far over the present one
    for g in links:
        x = segments[g]  # read into registers: the loop writes to memory that might be the same, for all numba knows
        peak, low, depth, held, wanted, limit = x[PEAK], x[LOW], x[DEEPEST], x[HELD], x[WANTED], x[LIMIT]
        growth, last, expected, is_open = x[GROWTH], 1.0 / x[BEFORE], x[EXPECTED], x[OPEN] == 1.0
        traded = not is_open and x[TURNOVER] > TRADE_TOLERANCE
        for q in range(len(costs)):
            over, least = below[q], deepest[q]
            if peak > over:
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
def measure(wealth: Floats, reference: Floats, shift: float, hurdle: float, y: Floats) -> None:
    """The same of one wealth path (n,) session by session; WEALTH, the sums and W_DEEPEST of ``y`` are written."""
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
