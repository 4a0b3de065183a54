"""Amounts of money as whole shares, one share at a time to what is furthest from its target."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.deposits.rules import Amount
from keel.domain.plan.waterfill import filling_level, relative_waterfill
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
        level = np.where(wanted, (of.values + count * prices) / goal, np.inf)
        among = wanted & (level < 1.0 - SAME) & (prices <= left + CENT * min(money, 1.0))
        if not among.any():
            return Shares(count, max(left, 0.0))
        more = _at_once(level, goal, prices, among, left)
        if not more.any():
            first = _first(among, level, goal * (1.0 - level), symbols)
            more[first] = max(1.0, min(_indistinct(goal, prices, first), left / float(prices[first])) // 1.0)
        count += more
        left -= float(more[among] @ prices[among])


def _at_once(level: Floats, goal: Floats, prices: Floats, among: Mask, left: float) -> Floats:
    """The shares (k,) that one at a time would buy first, as far as they are sure to be affordable.

    Shares are bought in the order of the level they start from. All that start below a level θ cost at most what it
    takes to fill everything to θ, and one share of each more. The dearest, where it is too dear for that, bounds θ.
    """
    rest, most = among.copy(), 1.0
    while rest.any() and 2.0 * float(prices[rest].sum()) > left:
        dearest = int(np.argmax(np.where(rest, prices, -np.inf)))
        rest[dearest], most = False, min(most, float(level[dearest]))
    more = np.zeros(len(level))
    if not rest.any():
        return more
    money = left - float(prices[rest].sum())
    filled = filling_level(level[rest], goal[rest], (level * goal)[rest], money)
    reached = min(filled, most) - 2.0 * SAME
    more[rest] = np.maximum(np.ceil((reached - level[rest]) * goal[rest] / prices[rest]), 0.0)
    return more


def sell_whole(
    of: Amount, most: Floats, sold: Floats, prices: Floats, money: float, symbols: tuple[str, ...]
) -> Shares:
    """Sales (k,) as whole shares that bring at least ``money``: rounded down, then one at a time from the highest f.

    No more than ``most`` (k,) of a holding may be sold. A tie goes to the larger surplus in money, then by symbol. The
    last fraction of a share goes with a sale of all of it. Raises InputError when what may be sold does not bring the
    money.
    """
    held = np.divide(most, prices, out=np.zeros(len(prices)), where=prices > 0.0)
    count = np.minimum(whole(sold, prices), held)
    goal = of.targets * of.total
    lacking = money - float(count @ prices)
    while lacking > CENT * money:
        level = np.divide(of.values - count * prices, goal, out=np.full(len(goal), np.inf), where=goal > 0.0)
        among = of.free & (count < held - SAME)
        if not among.any():
            raise InputError("What may be sold does not bring the money.", hint="Withdraw less.", subject="withdraw")
        more = _sold_at_once(level, goal, prices, among, lacking)
        more = np.minimum(more, np.where(among, np.floor(held - count), 0.0))
        if not more.any():
            stray = among & np.isinf(level)
            rank = np.where(np.isfinite(level), -level, 0.0)
            first = _first(stray if stray.any() else among, rank, of.values - count * prices - goal, symbols)
            enough = math.ceil(lacking / float(prices[first]) - SAME)
            steps = enough if goal[first] <= 0.0 else min(_indistinct(goal, prices, first) // 1.0, enough)
            more[first] = min(max(steps, 1.0), float(held[first] - count[first]))
        count += more
        lacking -= float(more @ prices)
    return Shares(count, max(-lacking, 0.0))


def _sold_at_once(level: Floats, goal: Floats, prices: Floats, among: Mask, lacking: float) -> Floats:
    """The shares (k,) that one at a time would sell first, as far as they are sure to bring no more than is lacking."""
    more = np.zeros(len(level))
    if np.isinf(level[among]).any():
        return more
    rest, least = among.copy(), 0.0
    while rest.any() and 2.0 * float(prices[rest].sum()) > lacking:
        dearest = int(np.argmax(np.where(rest, prices, -np.inf)))
        rest[dearest], least = False, max(least, float(level[dearest]))
    if not rest.any():
        return more
    money = lacking - float(prices[rest].sum())
    value = level[rest] * goal[rest]
    sold = -relative_waterfill(value, goal[rest], -min(money, float(value.sum())))
    reached = np.maximum((value - sold) / goal[rest], least) + 2.0 * SAME
    more[rest] = np.maximum(np.ceil((level[rest] - reached) * goal[rest] / prices[rest]), 0.0)
    return more


def _indistinct(goal: Floats, prices: Floats, place: int) -> float:
    """How many shares of a product change its relative drift by no more than counts as equal."""
    return SAME * float(goal[place]) / float(prices[place])


def _first(among: Mask, rank: Floats, size: Floats, symbols: tuple[str, ...]) -> int:
    """The place with the lowest rank; a tie goes to the largest size, then to the first symbol."""
    places = np.flatnonzero(among)
    lowest = float(rank[places].min())
    tied = [int(n) for n in places if rank[n] <= lowest + SAME]
    return min(tied, key=lambda n: (-round(float(size[n]), 9), symbols[n]))
