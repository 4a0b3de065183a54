"""The least drift that a number of orders can leave, for one order, two, and so on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.fewest import Curve, Step
from keel.domain.plan.limits import Limits
from keel.domain.plan.tradable import Tradable
from keel.optimise.plan.programme import Programme, programme
from keel.optimise.plan.solver import solve

REACHED = 1e-7  # of the value: less drift than that is rounding


def fewest(lines: Tradable, goal: Floats, limits: Limits, free: Mask) -> Curve:
    """Total drift against the number of orders, up to the number that leaves no more than any number would.

    ``goal`` (m,) in money; drift is measured from it. The orders of a step need not be among those of the next.
    """
    everything = programme(lines, goal, replace(limits, max_trades=None), free)
    if not limits.edits:
        everything = _without_what_cannot_help(everything, goal)
    cost, bounds = everything.drift(), (everything.low, everything.high)
    counted = everything.whole() & (limits.min_trade > 0.0)
    least = solve(cost, everything.rows, *bounds, counted).least + everything.constant
    steps = [Step(0, _untouched(lines, goal), 0.0)]
    limit = limits.max_trades if limits.max_trades is not None else len(lines.symbols)
    while steps[-1].drift > least + REACHED and steps[-1].orders < limit:
        count = steps[-1].orders + 1
        rows = everything.rows.and_row(everything.orders(), -np.inf, float(count))
        found = solve(cost, rows, *bounds, everything.whole())
        gap = found.gap * abs(found.least)
        steps.append(Step(count, min(found.least + everything.constant, steps[-1].drift), gap))
    return Curve(tuple(steps))


def _without_what_cannot_help(problem: Programme, goal: Floats) -> Programme:
    """The programme without sales of what is short and purchases of what is over, where one account holds everything.

    They would move drift, not remove it.
    """
    lines, at = problem.lines, problem.columns
    if len(lines.accounts) > 1:
        return problem
    book = lines.book
    over = np.bincount(book.leaf, weights=lines.held.value, minlength=len(goal)) - goal
    states = {
        s: {bool(over[int(n)] > 0.0) for n, t in zip(book.leaf, book.symbols, strict=True) if t == s}
        for s in book.symbols
    }
    short = np.array([states.get(s) == {False} for s in lines.symbols], dtype=np.bool_)
    long = np.array([states.get(s) == {True} for s in lines.symbols], dtype=np.bool_)
    high = problem.high.copy()
    high[at.sells] = np.where(short[problem.line], problem.low[at.sells], high[at.sells])
    high[at.buys] = np.where(long, problem.low[at.buys], high[at.buys])
    for switch, none in ((at.sold, short), (at.bought, long)):
        high[switch] = np.where(none & (problem.low[at.buys] <= 0.0), 0.0, high[switch])
    return replace(problem, high=high)


def _untouched(lines: Tradable, goal: Floats) -> float:
    """Total drift from the goal without a trade, idle cash and what lies outside included."""
    held = lines.held
    value = np.bincount(lines.book.leaf, weights=held.value, minlength=len(goal))
    return float(0.5 * (np.abs(value - goal).sum() + held.strange + held.idle) / held.total)
