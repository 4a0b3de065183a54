"""A withdrawal from a portfolio: the cash it takes, and which products it sells in which account."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from keel import units
from keel.domain.arrays import Floats, Mask
from keel.domain.market.prices import CASH
from keel.domain.plan.deposits.placement import Placement, among, idle_cash, require_placement, set_by_hand
from keel.domain.plan.deposits.products import Products, aims_of, by_product, products
from keel.domain.plan.deposits.rules import Amount, Placing, Rule, sales
from keel.domain.plan.deposits.whole_shares import SAME, sell_whole
from keel.domain.plan.limits import CENT, Limits
from keel.domain.plan.outcome import Traded
from keel.domain.plan.tradable import Tradable
from keel.domain.plan.waterfill import balancing_withdrawal
from keel.errors import InputError


@dataclass(frozen=True, slots=True)
class _Pool:
    """What can be sold (e of them): the products, and what may be sold of each in the lines that are open."""

    every: Products
    caps: Floats

    @property
    def brings(self) -> float:
        """What a sale of all of it brings."""
        return float(self.caps.sum())


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a withdrawal lacks beside idle cash, the value afterwards, and how it is to be sold."""

    amount: float
    total: float
    rule: Rule
    selling: Placing
    limits: Limits


def withdrawal(lines: Tradable, placement: Placement, limits: Limits, selling: Placing = sales) -> Traded:
    """What a withdrawal takes: idle cash, then sales by its rule. Raises InputError when they do not bring the amount.

    In whole shares the sales bring a little more, which stays in cash. Orders smaller than the smallest are replaced by
    larger ones of other products where those bring the money. What a person set is sold first, and what it brings
    beyond the amount stays in cash. ``selling`` takes an amount by the rule.
    """
    require_placement(placement)
    amount, account = placement.amount, placement.account
    idle = idle_cash(lines, account)
    own, fixed = set_by_hand(lines, limits, account, -1)
    first = max(amount - float(own.sum()), 0.0)
    paid = idle * min(1.0, first / float(idle.sum())) if idle.sum() > 0.0 else idle
    short = first - float(paid.sum())
    lacking = short if short > CENT * amount else 0.0
    every, open_ = products(lines, outside=True), lines.sell & ~fixed & among(lines, account)[lines.account]
    left = replace(every, values=every.values - by_product(lines, every, own))
    pool = _pool(lines, left, open_, account)
    if lacking > pool.brings * (1.0 + CENT):
        most = pool.brings + float(paid.sum() + own.sum())
        all_of_it = most >= lines.held.total * (1.0 - CENT)
        raise InputError(
            f"At most {units.at_most(most, lines.currency)} can be withdrawn.",
            hint="That is all there is." if all_of_it else "Withdraw less, or let more be sold.",
            subject="withdraw",
        )
    wish = _Wish(lacking, lines.held.total - amount, placement.rule, selling, limits)
    sold, by_rule = _orders(lines, left, open_, wish, account)
    orders = by_rule + own
    money = -paid
    np.add.at(money, lines.account, -orders)
    money -= _from_cash_buckets(lines, left, sold, account)
    money = _left_there(money, amount)
    notes = _notes(lines, every, float(paid.sum()))
    return Traded(-orders, aims_of(lines, -orders), money, {}, notes)


def _left_there(money: Floats, amount: float) -> Floats:
    """What each account (a,) gives, below 0, once what is beyond the amount stays where most comes from."""
    beyond, left = max(-float(money.sum()) - amount, 0.0), money.copy()
    for n in np.argsort(money, kind="stable").tolist():
        back = min(beyond, max(-float(money[n]), 0.0))
        left[n] += back
        beyond -= back
    return left


def idle_used(lines: Tradable, placement: Placement) -> float:
    """What idle cash pays of a withdrawal."""
    return min(float(idle_cash(lines, placement.account).sum()), placement.amount)


def salable(lines: Tradable, placement: Placement) -> tuple[Products, Amount, Floats]:
    """The products, the withdrawal as money to raise of them, and what may be sold of each (e,)."""
    every, account = products(lines, outside=True), placement.account
    caps = _pool(lines, every, lines.sell & among(lines, account)[lines.account], account).caps
    return every, Amount(every.values, every.targets, lines.held.total - placement.amount, caps > 0.0), caps


def _pool(lines: Tradable, every: Products, open_: Mask, account: int | None) -> _Pool:
    """What the ``open_`` lines (n,) and the cash of the accounts that are meant can bring."""
    sellable = dict.fromkeys(every.symbols, 0.0)
    for symbol, value in zip(lines.symbols, np.where(open_, lines.value, 0.0).tolist(), strict=True):
        sellable[symbol] = sellable.get(symbol, 0.0) + value
    sellable[CASH] = float(lines.cash[among(lines, account)].sum())
    return _Pool(every, np.minimum([sellable[symbol] for symbol in every.symbols], every.values))


def _orders(lines: Tradable, every: Products, open_: Mask, wish: _Wish, account: int | None) -> tuple[Floats, Floats]:
    """What is sold of each product (e,) and line (n,): without small orders, while the others bring the amount."""
    least = min(wish.limits.min_trade, wish.amount) * (1.0 - CENT)
    while True:
        pool = _pool(lines, every, open_, account)
        sold = _by_rule(pool, wish)
        orders = _by_line(lines, every, sold, open_, wish.limits.whole_shares)
        small = (orders > 0.0) & (orders < least)
        if not small.any():
            return sold, orders
        open_ = open_ & (np.arange(len(orders)) != int(np.argmin(np.where(small, orders, np.inf))))
        if _pool(lines, every, open_, account).brings < wish.amount:
            return sold, orders


def _by_rule(pool: _Pool, wish: _Wish) -> Floats:
    """What is sold (e,) by the rule; what would exceed its cap is sold up to it and the rest raised from the others."""
    sold = np.zeros(len(pool.caps))
    left, open_ = wish.amount, pool.caps > 0.0
    while left > 0.0 and open_.any():
        values = pool.every.values - sold
        of = Amount(values, pool.every.targets, wish.total, open_)
        wanted = wish.selling(of, min(left, float(values[open_].sum())), wish.rule)
        over = open_ & (wanted > pool.caps * (1.0 + CENT))
        if not over.any():
            sold[open_] = np.minimum(wanted, pool.caps)[open_]
            break
        sold[over] = pool.caps[over]
        left, open_ = left - float(pool.caps[over].sum()), open_ & ~over
    return _whole(pool, sold, wish) if wish.limits.whole_shares and wish.amount > 0.0 else sold


def _whole(pool: _Pool, sold: Floats, wish: _Wish) -> Floats:
    """The sales in whole shares, cash apart, that bring the amount; what may be sold of each is what its cap says."""
    every = pool.every
    cash = every.cash
    money = wish.amount - float(sold[cash].sum())
    if money <= 0.0:
        return sold
    of = Amount(every.values, every.targets, wish.total, (pool.caps > 0.0) & ~cash)
    most, first = np.where(cash, 0.0, pool.caps), np.where(cash, 0.0, sold)
    count = sell_whole(of, most, first, np.where(cash, 0.0, every.prices), money, every.symbols).count
    return np.where(cash, sold, count * every.prices)


def _by_line(lines: Tradable, every: Products, sold: Floats, open_: Mask, whole: bool) -> Floats:
    """The sales (n,) ≥ 0 of each line: of a product in several accounts the largest holding first.

    In whole shares a line is sold out with its fraction, and what is then lacking of a share is sold as a whole one.
    """
    value = np.zeros(len(lines.symbols))
    for symbol, amount in zip(every.symbols, sold.tolist(), strict=True):
        left = amount
        places = [n for n, s in enumerate(lines.symbols) if s == symbol and open_[n]]
        for n in sorted(places, key=lambda n: -float(lines.value[n])):
            price = float(lines.price[n]) if whole else 0.0
            most = math.ceil(left / price - SAME) * price if price > 0.0 else left
            value[n] = min(max(most, 0.0), float(lines.value[n]))
            left = max(left - value[n], 0.0)
    return value


def _from_cash_buckets(lines: Tradable, every: Products, sold: Floats, account: int | None) -> Floats:
    """What each account (a,) pays out of the cash that buckets ask for."""
    taken = float(sum(v for symbol, v in zip(every.symbols, sold, strict=True) if symbol == CASH))
    cash = np.where(among(lines, account), lines.cash, 0.0)
    whole = float(cash.sum())
    return np.asarray(cash * (taken / whole) if whole > 0.0 else cash, dtype=np.float64)


def _notes(lines: Tradable, every: Products, paid: float) -> tuple[str, ...]:
    notes = [f"{units.amount(paid, lines.currency)} of it is idle cash."] if paid > 0.0 else []
    if (every.targets > 0.0).any():
        balances = balancing_withdrawal(np.append(every.values, lines.held.idle), np.append(every.targets, 0.0))
        balancing = units.amount(balances, lines.currency)
        notes.append(f"A withdrawal of {balancing} brings everything to target without a purchase.")
    return tuple(notes)
