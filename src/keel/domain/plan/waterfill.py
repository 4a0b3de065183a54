"""The relative waterfill: where a deposit goes, and where a withdrawal comes from, to even out relative drift.

The plain form, and the oracle of its compiled twin ``keel.backtest.kernel.waterfill``: it sorts, the twin iterates.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats
from keel.errors import InputError

WHOLE = 1e-12  # of the holdings: a withdrawal larger than them by less is rounding


def relative_waterfill(values: Floats, targets: Floats, amount: float, costs: Floats | None = None) -> Floats:
    """The value to buy (deposit, amount > 0) or sell (withdrawal) of each instrument (k,), signed as the amount.

    A deposit raises the lowest V/d until it meets the next, and so on, and never sells; it equals argmin Σ d·f² with
    f = V/(d·T) − 1 and Σx = amount. An instrument with target 0 gets nothing. A withdrawal lowers the highest V/d and
    never buys; what has no target goes first, in proportion to value.

    ``values`` (k,) ≥ 0; ``targets`` (k,) ≥ 0, only their ratios matter; ``costs`` (k,) fractions of traded value, paid
    out of the amount: Σ(x + c·|x|) = amount. Raises InputError when there is no target to buy, or a withdrawal is
    larger than what a sale of everything brings.

    >>> relative_waterfill(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2]), 1000.0).round(2).tolist()
    [371.43, 0.0, 628.57]
    """
    rates = np.zeros(len(values)) if costs is None else costs
    if amount >= 0.0:
        return _deposit(values, targets, amount, 1.0 + rates)
    return -_withdrawal(values, targets, -amount, 1.0 - rates)


def _deposit(values: Floats, targets: Floats, amount: float, price: Floats) -> Floats:
    """What to buy; a unit costs ``price``. The level L solves Σ price·max(d·L − V, 0) = amount."""
    wanted = targets > 0.0
    if amount == 0.0:
        return np.zeros(len(values))
    if not wanted.any():
        raise InputError("A deposit needs an instrument with a target.", hint="Give a bucket a target.")
    level = filling_level(values[wanted] / targets[wanted], (price * targets)[wanted], (price * values)[wanted], amount)
    return np.where(wanted, np.maximum(targets * level - values, 0.0), 0.0)


def filling_level(ratio: Floats, slope: Floats, held: Floats, amount: float) -> float:
    """The level whose filling from below takes the amount: that of the first piece, in order, that reaches it.

    A piece begins at its ``ratio`` and takes ``slope`` a unit of level, so that ``held`` is ratio × slope; (k,) each.
    """
    order = np.argsort(ratio, kind="stable")
    levels = (amount + np.cumsum(held[order])) / np.cumsum(slope[order])
    following = np.append(ratio[order][1:], np.inf)
    return float(levels[np.argmax(levels <= following)])


def _withdrawal(values: Floats, targets: Floats, amount: float, proceeds: Floats) -> Floats:
    """What to sell; a unit brings ``proceeds``. The level L solves Σ proceeds·max(V − d·L, 0) = amount."""
    brings = proceeds * values
    everything = float(brings.sum())
    if amount > everything * (1.0 + WHOLE):
        raise InputError("The withdrawal is larger than what is held.", hint="Withdraw less.", subject="amount")
    stray = targets == 0.0
    loose = float(brings[stray].sum())
    if amount <= loose:
        return np.where(stray, values * (amount / loose), 0.0) if loose > 0.0 else np.zeros(len(values))
    held = ~stray
    ratio = values[held] / targets[held]
    order = np.argsort(-ratio, kind="stable")
    down = (np.cumsum(brings[held][order]) - (amount - loose)) / np.cumsum((proceeds * targets)[held][order])
    following = np.append(ratio[order][1:], -np.inf)
    level = max(float(down[np.argmax(down >= following)]), 0.0)
    return np.where(stray, values, np.maximum(values - targets * level, 0.0))


def balancing_deposit(values: Floats, targets: Floats) -> float:
    """The smallest deposit that brings every instrument to its target without a sale: max(V/d) − V.

    Infinite when something is held that has no target.

    >>> round(balancing_deposit(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2])), 6)
    3000.0
    """
    if _strays(values, targets).any():
        return math.inf
    wanted = targets > 0.0
    return max(float((values[wanted] / targets[wanted]).max()) - float(values.sum()), 0.0)


def balancing_withdrawal(values: Floats, targets: Floats) -> float:
    """The smallest withdrawal that brings every instrument to its target without a purchase: V − min(V/d).

    >>> round(balancing_withdrawal(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2])), 6)
    3000.0
    """
    wanted = targets > 0.0
    return max(float(values.sum()) - float((values[wanted] / targets[wanted]).min()), 0.0)


def _strays(values: Floats, targets: Floats) -> NDArray[np.bool_]:
    return np.asarray((targets == 0.0) & (values > 0.0), dtype=np.bool_)
