"""The best purchase or sale in whole shares, as an integer programme, beside the best without rounding."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keel.domain.arrays import Floats, Ints
from keel.domain.plan.deposits.rules import Amount, Rule
from keel.optimise.plan.solver import EXACT, Rows, solve

HALVINGS = 200
WINDOW = 12.0  # shares up and down from the best price of money that are tried: beyond it the best is not proven
SCALE = 1e4  # of what is to be gained, so that the tolerances of HiGHS lie far below it
SURE = 1e-9  # of the sum: less than that is rounding
NOTHING = 1e-15  # of a sum of squared gaps


@dataclass(frozen=True, slots=True)
class Wishes:
    """Products (k of them) to be had for ``money``: the loss of n shares is weight·(n·price − wish)², (k,) each.

    ``most`` (k,) are the shares that can be had of each.
    """

    weights: Floats
    wishes: Floats
    prices: Floats
    money: float
    most: Floats

    def loss(self, spent: Floats) -> float:
        """The loss of what is spent on each (k,)."""
        return float((self.weights * (spent - self.wishes) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Exact:
    """Whole shares (k,), their loss, and what none can be below: where both are equal they are the best."""

    count: Floats
    least: float
    bound: float


def wishes(of: Amount, prices: Floats, wanted: Floats, money: float, rule: Rule) -> Wishes:
    """What a rule wishes of products (k,) in whole shares, that buys ``wanted`` (k,) of them without rounding.

    The two waterfills have their own sums; the other rules wish to be as near to ``wanted`` as they can.
    """
    most = np.full(len(prices), np.inf)
    match rule:
        case Rule.relative_waterfill:
            return Wishes(1.0 / (of.targets * of.total**2), of.gaps, prices, money, most)
        case Rule.absolute_waterfill:
            return Wishes(np.full(len(prices), of.total**-2.0), of.gaps, prices, money, most)
        case Rule.gap_proportional | Rule.target_proportional:
            return Wishes(np.full(len(prices), of.total**-2.0), wanted, prices, money, most)


def kept(of: Amount, most: Floats, prices: Floats, sold: Floats, money: float, rule: Rule) -> Wishes:
    """What a rule wishes to keep of products (k,), of which ``most`` (k,) whole shares may be sold to bring ``money``.

    Without rounding it sells ``sold`` (k,). What is kept of what may be sold has a most, so it is a purchase of that.
    """
    surplus = sold if rule in (Rule.gap_proportional, Rule.target_proportional) else -of.gaps
    as_bought = wishes(of, prices, sold, float(most @ prices) - money, rule)
    return replace(as_bought, wishes=most * prices - surplus, most=most)


def exact(ask: Wishes, tried: Floats) -> Exact:
    """The whole shares with the least loss that the money buys; ``tried`` (k,) are some that it buys.

    A price of money, paid beside every product's own, splits the loss into one product each, and the dearest such sum
    bounds it from below (Everett 1963). A count that loses more at that price than lies between what was tried and the
    bound is in no better answer, so that few counts are left to the integer programme.
    """
    count, bound = _priced(ask)
    tried = min((tried, count), key=lambda n: ask.loss(n * ask.prices))
    least = ask.loss(tried * ask.prices)
    if least - bound.least <= SURE * least + NOTHING:
        return Exact(tried, least, least)
    low, high, whole = _window(ask, bound, least - bound.least)
    found = _programme(ask, low, high, least - bound.least)
    count = found.count if ask.loss(found.count * ask.prices) < least else tried
    least = ask.loss(count * ask.prices)
    return Exact(count, least, min(least, found.bound) if whole else min(least, bound.least))


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound from below, and the price of money that gives it."""

    least: float
    price: float


def _priced(ask: Wishes) -> tuple[Floats, _Bound]:
    """Shares (k,) that the money buys, and the best bound from below, at the price of money where the two meet."""
    low, high = 0.0, 2.0 * float((ask.weights * np.maximum(ask.wishes, ask.prices)).max())
    best, count = _Bound(-np.inf, 0.0), np.zeros(len(ask.prices))
    for _ in range(HALVINGS):
        price = 0.5 * (low + high)
        spent = _nearest(ask, price) * ask.prices
        best = max(best, _bound(ask, price, spent), key=lambda b: b.least)
        if float(spent.sum()) > ask.money * (1.0 + EXACT):
            low = price
        else:
            high, count = price, spent / ask.prices
    free = _nearest(ask, 0.0)
    if float(free @ ask.prices) <= ask.money * (1.0 + EXACT):
        return free, _bound(ask, 0.0, free * ask.prices)
    return np.round(count), best


def _bound(ask: Wishes, price: float, spent: Floats) -> _Bound:
    return _Bound(ask.loss(spent) + price * (float(spent.sum()) - ask.money), price)


def _centre(ask: Wishes, price: float) -> Floats:
    """The shares (k,), not whole, of least loss when money has a price."""
    return np.asarray((ask.wishes - price / (2.0 * ask.weights)) / ask.prices, dtype=np.float64)


def _nearest(ask: Wishes, price: float) -> Floats:
    """The whole shares (k,) of least loss when money has a price: the loss is a parabola."""
    return np.asarray(np.clip(np.round(_centre(ask, price)), 0.0, ask.most), dtype=np.float64)


def _window(ask: Wishes, bound: _Bound, better: float) -> tuple[Ints, Ints, bool]:
    """The least and the most shares (k,) that may be in the best, and whether nothing beyond them may."""
    centre, nearest = _centre(ask, bound.price), _nearest(ask, bound.price)
    reach = np.sqrt((nearest - centre) ** 2 + better * (1.0 + SURE) / (ask.weights * ask.prices**2))
    low, high = np.ceil(centre - reach), np.minimum(np.floor(centre + reach), ask.most)
    narrow_low, narrow_high = np.maximum(low, nearest - WINDOW), np.minimum(high, nearest + WINDOW)
    whole = bool((np.maximum(low, 0.0) >= narrow_low).all() and (high <= narrow_high).all())
    first = np.maximum(np.minimum(narrow_low, nearest), 0.0).astype(np.int64)
    return first, np.maximum(narrow_high, nearest).astype(np.int64), whole


def _programme(ask: Wishes, low: Ints, high: Ints, better: float) -> Exact:
    """The best within a window: each share more is a column; as each adds more loss than the last, they go in order."""
    steps = [(n, count) for n in range(len(low)) for count in range(int(low[n]), int(high[n]))]
    place = np.array([n for n, _ in steps], dtype=np.int64)
    before = np.array([count for _, count in steps], dtype=np.float64) * ask.prices[place]
    price, wish = ask.prices[place], ask.wishes[place]
    more = ask.weights[place] * price * (2.0 * (before - wish) + price)
    start = low * ask.prices
    rows = Rows().and_row(price / ask.money, -np.inf, 1.0 - float(start.sum()) / ask.money)
    none, one = np.zeros(len(steps)), np.ones(len(steps))
    found = solve(more * (SCALE / better), rows, none, one, one > 0.0, EXACT)
    count = low.astype(np.float64) + np.bincount(place, weights=np.round(found.x), minlength=len(low))
    least = ask.loss(start) + found.least * better / SCALE
    return Exact(count, least, least - found.gap * abs(found.least) * better / SCALE)


def beside_the_best(ask: Wishes, had: Floats, wanted: Floats) -> str:
    """How far what is had (k,) in whole shares is from the best there is, and that from ``wanted`` (k,) unrounded."""
    best = exact(ask, np.clip(np.round(had / ask.prices), 0.0, ask.most))
    unsure = f" It may be as low as {best.bound:.3g}." if best.least - best.bound > SURE * best.least else ""
    return (
        f"Distance from the rule's aim: {ask.loss(had):.3g} one share at a time, "
        f"{best.least:.3g} at best in whole shares, {ask.loss(wanted):.3g} without rounding.{unsure}"
    )
