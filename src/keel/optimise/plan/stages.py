"""A plan over several accounts, aim by aim: each keeps what the ones before reached.

Least drift, then least tax now, then the best location, then the fewest orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.limits import Limits
from keel.domain.plan.location import Location, ranks_of
from keel.domain.plan.tradable import Tradable
from keel.errors import InputError
from keel.optimise.plan.programme import SMALL, Programme, programme
from keel.optimise.plan.solver import SEARCH, Solved, solve

KEPT = 1e-7  # of the value: how far a later aim may give way on an earlier one; what HiGHS tells apart

TIGHT = 1e-11  # the same once it is known what is ordered


Bounds = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Reached:
    """An aim (v,), what it reached, and how far below that it may still lie."""

    aim: Floats
    least: float
    unproven: float


Kept = tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """The trades of each line (n,), signed, the drift they leave, and how far from the best they may be.

    ``aims`` (k,) is what they leave of each product of the book. ``unproven`` is the drift by which they may miss the
    least, a fraction of the value; ``gap`` the part of the orders by which they may miss the fewest.
    """

    value: Floats
    aims: Floats
    drift: float
    unproven: float
    gap: float


def staged(lines: Tradable, goal: Floats, limits: Limits, free: Mask, where: Location) -> Staged:
    """The plan that brings leaves nearest to ``goal`` (m,), in money, with what ``free`` (n,) lines may be traded.

    Money never crosses accounts, and products of one bucket stand for each other. Raises InputError when no plan meets
    what a person set.
    """
    problem = programme(lines, goal, limits, free)
    accounts = [lines.accounts[int(a)] for a in lines.account]
    aims = [problem.drift(), problem.tax(), problem.location(ranks_of(lines.symbols, accounts, where))]
    aims = [aim for aim in aims if aim.any()]
    bounds, whole = (problem.low, problem.high), problem.whole()
    counted = _whole_from_the_start(problem, limits)
    kept, best = _one_after_the_other(problem, aims, bounds, counted, KEPT)
    fewest = _keeping(problem, problem.orders(), kept, bounds, whole, KEPT)
    on = np.round(fewest.x) if fewest else np.where(counted, np.round(best.x), _switched_on(problem, best.x))
    fixed = np.where(whole, on, problem.low), np.where(whole, on, problem.high)
    tidy = (fewest or best).x
    with suppress(InputError):  # a switch that was rounded may leave no room
        tidy = _one_after_the_other(problem, aims, fixed, np.zeros(len(tidy), dtype=np.bool_), TIGHT)[1].x
    ordered = (on[problem.columns.bought] > 0.0) | (on[problem.columns.sold] > 0.0)
    return Staged(
        value=np.where(ordered, problem.traded(tidy), 0.0),
        aims=tidy[problem.columns.inside] * lines.held.total,
        drift=float(aims[0] @ tidy) + problem.constant,
        unproven=kept[0].unproven,
        gap=fewest.gap if fewest else 1.0,
    )


def _one_after_the_other(
    problem: Programme, aims: Sequence[Floats], bounds: Bounds, whole: Mask, slack: float
) -> tuple[Kept, Solved]:
    """What each aim reached, and where the last one did; one that rounding leaves no room for is passed over."""
    best = solve(aims[0], problem.rows, *bounds, whole, KEPT)
    kept: Kept = (_reached(aims[0], best),)
    for aim in aims[1:]:
        found = _keeping(problem, aim, kept, bounds, whole, slack)
        if found:
            best, kept = found, (*kept, _reached(aim, found))
    return kept, best


def _reached(aim: Floats, found: Solved) -> Reached:
    return Reached(aim, found.least, found.gap * abs(found.least))


def _keeping(problem: Programme, cost: Floats, kept: Kept, bounds: Bounds, whole: Mask, slack: float) -> Solved | None:
    """The least cost that keeps what was reached, within more where rounding asks for it.

    None where it never can, or where the search took too long.
    """
    for loosened in (slack, 1e2 * slack, 1e4 * slack):
        rows = problem.rows
        for reached in kept:
            rows = rows.and_row(reached.aim, -np.inf, reached.least + loosened)
        try:
            return solve(cost, rows, *bounds, whole)
        except InputError as error:
            if error.subject == SEARCH:
                break
    return None


def _switched_on(problem: Programme, x: Floats) -> Floats:
    """The switches (v,) of what is traded; all lots may be sold in their order."""
    at = problem.columns
    on = np.zeros(len(x))
    sells = np.bincount(problem.line, weights=x[at.sells], minlength=at.buys.stop)
    net = x[at.buys] - sells
    on[at.bought], on[at.sold] = net > SMALL, net < -SMALL
    on[at.ahead] = np.round(x[at.ahead])
    return on


def _whole_from_the_start(problem: Programme, limits: Limits) -> Mask:
    """The columns that are whole before orders are counted: all of them where orders are limited in number or size.

    Else those of lines with a loss, which would otherwise be sold and bought back to save tax.
    """
    if limits.max_trades is not None or limits.min_trade > 0.0:
        return problem.whole()
    lines, at = problem.lines, problem.columns
    lossy = np.array([any(lot.known_gain < 0.0 for lot in lots) for lots in lines.slices], dtype=np.bool_)
    whole = problem.ordered.copy()
    whole[at.bought] = whole[at.sold] = lossy & lines.taxable
    return whole
