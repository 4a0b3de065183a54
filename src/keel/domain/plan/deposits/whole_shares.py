"""Amounts of money as whole shares, one share at a time to what is furthest from its target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.plan.deposits.rules import Amount
from keel.errors import InputError

SAME = 1e-9  # two relative drifts this close are equal; so much of a share more is a whole one
CENT = 1e-9  # of the money: a share that costs more by less is affordable


@dataclass(frozen=True, slots=True)
class Shares:
    """What is bought or sold in whole shares: ``count`` (k,) ≥ 0, and the money that is over."""

    count: Floats
    leftover: float


def whole(amounts: Floats, prices: Floats) -> Floats:
    """The whole shares (k,) that amounts ≥ 0 pay for; none where there is no price.

    >>> whole(np.array([371.43, 600.0]), np.array([100.0, 75.0])).tolist()
    [3.0, 8.0]
    """
    priced = prices > 0.0
    ratio = np.divide(amounts, prices, out=np.zeros(len(amounts)), where=priced)
    return np.floor(ratio + SAME)


def buy_whole(of: Amount, bought: Floats, prices: Floats, money: float, symbols: tuple[str, ...]) -> Shares:
    """Purchases (k,) as whole shares: rounded down, then one share at a time to the lowest f < 0 that is affordable.

    A tie goes to the larger gap in money, then by symbol.

    >>> of = Amount(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2]), 10000.0, np.ones(3, dtype=bool))
    >>> buy_whole(of, np.array([371.43, 0.0, 628.57]), np.array([100.0, 50.0, 75.0]), 1000.0, ("A", "B", "C"))
    Shares(count=array([4., 0., 8.]), leftover=0.0)
    """
    count = whole(bought, prices)
    wanted = of.free & (of.targets > 0.0) & (prices > 0.0)
    goal = np.where(wanted, of.targets * of.total, 1.0)
    left = money - float(count @ np.where(prices > 0.0, prices, 0.0))
    while True:
        behind = np.where(wanted, (of.values + count * prices) / goal - 1.0, np.inf)
        among = wanted & (behind < -SAME) & (prices <= left + CENT * money)
        if not among.any():
            return Shares(count, max(left, 0.0))
        first, rival = _first_two(among, behind, goal, symbols)
        until = min(rival, 0.0) - behind[first]
        steps = min(math.ceil(until * goal[first] / prices[first] - SAME), int((left + CENT * money) / prices[first]))
        count[first] += max(steps, 1)
        left -= max(steps, 1) * float(prices[first])


def sell_whole(of: Amount, sold: Floats, prices: Floats, money: float, symbols: tuple[str, ...]) -> Shares:
    """Sales (k,) as whole shares that bring at least ``money``: rounded down, then one at a time from the highest f.

    A tie goes to the larger surplus in money, then by symbol. A holding's last fraction of a share goes with a sale of
    all of it. Raises InputError when what may be sold does not bring the money.
    """
    held = np.divide(of.values, prices, out=np.zeros(len(prices)), where=prices > 0.0)
    count = np.minimum(whole(sold, prices), held)
    goal = of.targets * of.total
    lacking = money - float(count @ prices)
    while lacking > CENT * money:
        ratio = np.divide(of.values - count * prices, goal, out=np.full(len(goal), np.inf), where=goal > 0.0)
        among = of.free & (count < held - SAME)
        if not among.any():
            raise InputError("What may be sold does not bring the money.", hint="Withdraw less.", subject="withdraw")
        first, rival = _first_two(among, -ratio, goal - of.values + count * prices, symbols)
        ahead = (
            (float(ratio[first]) + rival) * float(goal[first]) / float(prices[first]) if goal[first] > 0 else math.inf
        )
        steps = max(1.0, min(ahead, math.ceil(lacking / float(prices[first]) - SAME)) // 1.0)
        step = min(steps, float(held[first] - count[first]))
        count[first] += step
        lacking -= step * float(prices[first])
    return Shares(count, max(-lacking, 0.0))


def _first_two(among: np.ndarray, rank: Floats, size: Floats, symbols: tuple[str, ...]) -> tuple[int, float]:
    """The place with the lowest rank (a tie: the largest size, then the first symbol), and the rank of the next one."""
    places = np.flatnonzero(among)
    lowest = float(rank[places].min())
    tied = [int(i) for i in places if rank[i] <= lowest + SAME or rank[i] == lowest]
    first = min(tied, key=_order(size, symbols))
    others = [float(rank[i]) for i in places if i != first]
    return first, min(others, default=math.inf)


def _order(size: Floats, symbols: tuple[str, ...]) -> Callable[[int], tuple[float, str]]:
    return lambda i: (-round(float(size[i]), 9), symbols[i])
