"""A plan over several accounts, aim by aim: each keeps what the ones before reached.

Least drift, then least tax now, then the best location, then the fewest orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.limits import Limits
from keel.domain.plan.location import Location, ranks_of
from keel.domain.plan.tradable import Tradable
from keel.optimise.plan.programme import Programme, programme
from keel.optimise.plan.solver import Rows, solve

KEPT = 1e-7  # of the value: how far a later aim may give way on an earlier one; what HiGHS tells apart

TIGHT = 1e-11  # the same once it is known what is ordered


@dataclass(frozen=True, slots=True)
class Staged:
    """The trades of each line (n,), signed, the drift they leave, and how far from the fewest orders they may be."""

    value: Floats
    drift: float
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
    loose, _ = _one_after_the_other(problem, aims, (problem.low, problem.high), _whole_from_the_start(problem, limits))
    fewest = solve(problem.orders(), loose, problem.low, problem.high, problem.whole())
    switches = np.where(problem.whole(), np.round(fewest.x), np.nan)
    low = np.where(problem.whole(), switches, problem.low)
    high = np.where(problem.whole(), switches, problem.high)
    _, tidy = _one_after_the_other(problem, aims, (low, high), np.zeros(len(low), dtype=np.bool_), TIGHT)
    return Staged(problem.traded(tidy), float(aims[0] @ tidy) + problem.constant, fewest.gap)


def _one_after_the_other(
    problem: Programme, aims: Sequence[Floats], bounds: tuple[Floats, Floats], whole: Mask, slack: float = KEPT
) -> tuple[Rows, Floats]:
    """The rows that keep what each aim reached, and where the last one was reached."""
    rows, x = problem.rows, np.zeros(len(bounds[0]))
    for aim in aims:
        found = solve(aim, rows, *bounds, whole)
        rows, x = rows.and_row(aim, found.least + slack), found.x
    return rows, x


def _whole_from_the_start(problem: Programme, limits: Limits) -> Mask:
    """The columns that are whole before orders are counted: all of them where the number of orders is limited.

    Else those of lines with a loss, which would otherwise be sold and bought back to save tax.
    """
    if limits.max_trades is not None:
        return problem.whole()
    lines, at = problem.lines, problem.columns
    lossy = np.array([any(lot.known_gain < 0.0 for lot in lots) for lots in lines.slices], dtype=np.bool_)
    whole = problem.ordered.copy()
    whole[at.bought] = whole[at.sold] = lossy & lines.taxable
    return whole
