"""Orders and their cost, compiled. An instrument that fills several leaves is one line: one order, its net trade."""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.compiled import compiled
from keel.backtest.kernel.records import Book, Costs, Lines
from keel.domain.arrays import Floats, Ints, Mask
from keel.units import TRADE_TOLERANCE


@compiled
def lines_of(book: Book, costs: Costs) -> Lines:
    """The order lines of a book; instruments that are one line have one cost, so any of theirs is the line's."""
    u = book.line.max() + 1
    rates, fees = np.zeros(u), np.zeros(u)
    for i in range(len(book.line)):
        rates[book.line[i]], fees[book.line[i]] = costs.rates[i], costs.fees[i]
    return Lines(book.line, rates, fees, costs.min_trade, np.zeros(u), np.zeros(u))


@compiled
def purchase(goal: Floats, lines: Lines) -> float:
    """The part of wealth left after the cost of buying ``goal`` (k,) from cash."""
    lines.goal[:] = 0.0
    lines.weight[:] = 0.0
    for i in range(len(goal)):
        lines.goal[lines.line[i]] += goal[i]
    return after_cost(lines.goal, lines.weight, lines.costs, order_fees(lines.goal, lines.weight, lines.fees))


@compiled
def trade(goal: Floats, weight: Floats, still: Mask, lines: Lines, total: float) -> tuple[float, float]:
    """(turnover, the part of wealth left after cost); (0, 1) when nothing is traded. ``goal`` (k,) is made final.

    ``total`` is wealth now. What is ``still`` (k,) keeps its value: cost is borne by the rest, whose goals are written
    as weights after it.
    """
    line, net_goal, net_weight = lines.line, lines.goal, lines.weight
    if lines.min_trade > 0.0:
        _drop_small(goal, weight, line, lines.min_trade / total, net_goal)
    net_goal[:] = 0.0
    net_weight[:] = 0.0
    held = 0.0
    for i in range(len(goal)):
        if still[i]:
            held += weight[i]
        else:
            net_goal[line[i]] += goal[i]
            net_weight[line[i]] += weight[i]
    turnover = 0.0
    for j in range(len(net_goal)):
        turnover += 0.5 * abs(net_goal[j] - net_weight[j])
    if turnover <= TRADE_TOLERANCE:
        return 0.0, 1.0
    # What keeps its value stands outside: the rest is a book of its own, in which its cost is found and then scaled.
    free = 1.0 - held
    fee = order_fees(net_goal, net_weight, lines.fees)
    for j in range(len(net_goal)):
        net_goal[j] /= free
        net_weight[j] /= free
    part = after_cost(net_goal, net_weight, lines.costs, fee / total / free)
    if not part > 0.0:
        return turnover, 0.0
    left = held + free * part
    scale = part / left
    for i in range(len(goal)):
        goal[i] = weight[i] / left if still[i] else goal[i] * scale
    return turnover, left


@compiled
def _drop_small(goal: Floats, weight: Floats, line: Ints, least: float, order: Floats) -> None:
    """Orders below ``least`` (fraction of wealth) removed in place; the others share what they leave in proportion.

    A sale whose proceeds no order is left to take is removed as well. What moves between the leaves of one instrument
    is no order. ``order`` (u,) is scratch.
    """
    for _ in range(len(goal)):
        order[:] = 0.0
        for i in range(len(goal)):
            order[line[i]] += goal[i] - weight[i]
        kept = 0.0
        free = 1.0
        dropped = False
        for i in range(len(goal)):
            size = abs(order[line[i]])
            if goal[i] != weight[i] and size < least and (size > TRADE_TOLERANCE or _tiny(goal[i] - weight[i])):
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
def _tiny(change: float) -> bool:
    return abs(change) <= TRADE_TOLERANCE


@compiled
def order_fees(goal: Floats, weight: Floats, fees: Floats) -> float:
    """The fixed fees of the orders a rebalance places."""
    total = 0.0
    for i in range(len(goal)):
        if abs(goal[i] - weight[i]) > TRADE_TOLERANCE:
            total += fees[i]
    return total


@compiled
def after_cost(goal: Floats, weight: Floats, costs: Floats, fees: float) -> float:
    """x with x + Σ c·|goal·x − weight| + fees = 1: the part of wealth that is left when trading pays for itself.

    The left side is convex and piecewise linear in x, so Newton's step solves the piece it stands on; from the right
    of the root it walks down piece by piece and stands still exactly, after at most as many steps as there are kinks.
    """
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
