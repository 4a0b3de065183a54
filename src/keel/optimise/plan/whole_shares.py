"""The best purchase in whole shares, as an integer programme, beside the best without rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.plan.deposits.rules import Amount, Rule, purchases
from keel.optimise.plan.solver import Rows, solve

ROUNDS = 30
CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Exact:
    """Whole shares (k,) with the least Σ d·f², that sum, and what it would be in fractions of a share."""

    count: Floats
    least: float
    unrounded: float


def exact(of: Amount, prices: Floats, money: float) -> Exact:
    """The whole shares that a deposit of ``money`` buys best; what nothing can be bought of has no price.

    Σ d·f² is a sum of curves of one product each; between neighbouring whole numbers each is replaced by the line
    through both, which lies nowhere above it at a whole number. Lines are added where the last answer touched none.
    """
    wanted = of.free & (of.targets > 0.0) & (prices > 0.0)
    values, targets, price = of.values[wanted], of.targets[wanted], prices[wanted]
    k, most = len(values), np.floor(money / price + 1e-9)

    def curve(count: Floats) -> Floats:
        return np.asarray(targets * ((values + count * price) / (targets * of.total) - 1.0) ** 2)

    part = Amount(values, targets, of.total, np.ones(k, dtype=np.bool_))
    best = purchases(part, money, Rule.relative_waterfill)
    rows = Rows(np.append(price / money, np.zeros(k))[None, :], np.array([-np.inf]), np.array([1.0]))
    cost, whole = np.append(np.zeros(k), np.ones(k)), np.append(np.ones(k), np.zeros(k)) > 0.0
    high = np.append(most, np.full(k, np.inf))
    count = np.floor(best / price)
    for _ in range(ROUNDS):
        for left in (np.maximum(count - 1.0, 0.0), count):
            slope = curve(left + 1.0) - curve(left)
            for n in range(k):
                row = np.zeros(2 * k)
                row[n], row[k + n] = slope[n], -1.0
                rows = rows.and_row(row, float(slope[n] * left[n] - curve(left)[n]))
        found = solve(cost, rows, np.zeros(2 * k), high, whole)
        count = np.round(found.x[:k])
        if float(curve(count).sum()) <= found.least + CLOSE:
            break
    shares = np.zeros(len(of.values))
    shares[wanted] = count
    return Exact(shares, float(curve(count).sum()), float(curve(best / price).sum()))


def beside_the_best(of: Amount, prices: Floats, money: float, bought: Floats) -> str:
    """How far purchases (k,) in whole shares are from the best there are, and those from the best without rounding."""
    wanted = of.free & (of.targets > 0.0) & (prices > 0.0)
    gaps = (of.values + bought)[wanted] / (of.targets * of.total)[wanted] - 1.0
    found, best = float((of.targets[wanted] * gaps**2).sum()), exact(of, prices, money)
    return (
        f"Sum of squared relative gaps: {found:.3g} one share at a time, {best.least:.3g} at best in whole shares, "
        f"{best.unrounded:.3g} without rounding."
    )
