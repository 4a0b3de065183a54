"""A withdrawal from a portfolio: the cash it takes, and which products it sells in which account."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keel import units
from keel.domain.arrays import Floats, Mask
from keel.domain.market.prices import CASH
from keel.domain.plan.deposits.placement import Placement, among, idle_cash, prices_of, require_placement, targets_of
from keel.domain.plan.deposits.rules import Amount, Rule, sales
from keel.domain.plan.deposits.whole_shares import SAME, sell_whole
from keel.domain.plan.limits import CENT, Limits
from keel.domain.plan.outcome import Traded
from keel.domain.plan.tradable import Tradable
from keel.domain.plan.waterfill import balancing_withdrawal
from keel.errors import InputError


@dataclass(frozen=True, slots=True)
class _Pool:
    """What can be sold (e of them): the products of the book, then what lies outside it.

    ``caps`` (e,) is what may be sold of each in the accounts that are meant, ``values`` what is held in all.
    """

    symbols: tuple[str, ...]
    values: Floats
    targets: Floats
    caps: Floats
    prices: Floats


def withdrawal(lines: Tradable, placement: Placement, limits: Limits) -> Traded:
    """What a withdrawal takes: idle cash, then sales by its rule. Raises InputError when they do not bring the amount.

    In whole shares the sales bring a little more, which stays in cash. Orders smaller than the smallest are replaced by
    larger ones of other products where those bring the money.
    """
    require_placement(placement)
    amount, account = placement.amount, placement.account
    idle = idle_cash(lines, account)
    paid = idle * min(1.0, amount / float(idle.sum())) if idle.sum() > 0.0 else idle
    lacking = max(amount - float(paid.sum()), 0.0)
    pool = _pool(lines, account)
    if lacking > float(pool.caps.sum()) * (1.0 + CENT):
        most = float(pool.caps.sum() + paid.sum())
        raise InputError(
            f"At most {units.at_most(most, lines.currency)} can be withdrawn.",
            hint="Withdraw less, or let more be sold.",
            subject="withdraw",
        )
    sold = _sold(pool, lacking, lines.held.total - amount, placement.rule, limits)
    value = -_by_line(lines, pool, sold, account, limits.whole_shares)
    money = -paid
    np.add.at(money, lines.account, value)
    money -= _from_cash_buckets(lines, pool, sold, account)
    money[int(np.argmin(money))] += max(-float(money.sum()) - amount, 0.0)
    aims = targets_of(lines.book) * (lines.held.total - amount)
    return Traded(value, aims, money, {}, _notes(lines, pool, float(paid.sum())))


def _pool(lines: Tradable, account: int | None) -> _Pool:
    book, held = lines.book, lines.held
    symbols = (*book.symbols, *held.outside)
    values = np.append(held.value, [stake.value for stake in held.outside.values()])
    may = lines.sell & among(lines, account)[lines.account]
    sellable = dict.fromkeys(symbols, 0.0)
    for symbol, value in zip(lines.symbols, np.where(may, lines.value, 0.0), strict=True):
        sellable[symbol] = sellable.get(symbol, 0.0) + float(value)
    sellable[CASH] = float(lines.cash[among(lines, account)].sum())
    whole = {symbol: sum(float(v) for s, v in zip(symbols, values, strict=True) if s == symbol) for symbol in symbols}
    part = np.array([sellable[s] / whole[s] if whole[s] > 0.0 else 0.0 for s in symbols])
    prices = np.append(prices_of(lines), [stake.price for stake in held.outside.values()])
    targets = np.append(targets_of(book), np.zeros(len(held.outside)))
    return _Pool(symbols, values, targets, values * np.minimum(part, 1.0), prices)


def _sold(pool: _Pool, amount: float, total: float, rule: Rule, limits: Limits) -> Floats:
    """What is sold (e,): without the orders that are too small, while the others bring the amount."""
    free = pool.caps > 0.0
    sold = _by_rule(pool, free, amount, total, rule, limits.whole_shares)
    while True:
        small = (sold > 0.0) & (sold < min(limits.min_trade, amount) * (1.0 - CENT))
        smallest = int(np.argmin(np.where(small, sold, np.inf)))
        free = free & (np.arange(len(sold)) != smallest)
        if not small.any() or float(pool.caps[free].sum()) < amount:
            return sold
        sold = _by_rule(pool, free, amount, total, rule, limits.whole_shares)


def _by_rule(pool: _Pool, free: Mask, amount: float, total: float, rule: Rule, whole: bool) -> Floats:
    """What is sold (e,) by the rule; what would exceed its cap is sold up to it and the rest raised from the others."""
    sold = np.zeros(len(pool.caps))
    left, open_ = amount, free.copy()
    while left > 0.0 and open_.any():
        of = Amount(pool.values, pool.targets, total, open_)
        wanted = sales(of, min(left, float(pool.values[open_].sum())), rule)
        over = open_ & (wanted > pool.caps * (1.0 + CENT))
        if not over.any():
            sold[open_] = np.minimum(wanted, pool.caps)[open_]
            break
        sold[over] = pool.caps[over]
        left, open_ = left - float(pool.caps[over].sum()), open_ & ~over
    return _whole(pool, free, sold, amount, total) if whole and amount > 0.0 else sold


def _whole(pool: _Pool, free: Mask, sold: Floats, amount: float, total: float) -> Floats:
    """The sales in whole shares, cash apart, that bring the amount; what may be sold of each is what its cap says."""
    cash = np.array([symbol == CASH for symbol in pool.symbols], dtype=np.bool_)
    money = amount - float(sold[cash].sum())
    if money <= 0.0:
        return sold
    held = np.where(cash, 0.0, np.minimum(pool.caps, pool.values))
    of = Amount(held, pool.targets, total, free & ~cash)
    count = sell_whole(of, np.where(cash, 0.0, sold), np.where(cash, 0.0, pool.prices), money, pool.symbols).count
    return np.where(cash, sold, count * pool.prices)


def _by_line(lines: Tradable, pool: _Pool, sold: Floats, account: int | None, whole: bool) -> Floats:
    """The sales (n,) ≥ 0 of each line: of a product in several accounts the largest holding first.

    In whole shares a line is sold out with its fraction, and what is then lacking of a share is sold as a whole one.
    """
    value = np.zeros(len(lines.symbols))
    meant = lines.sell & among(lines, account)[lines.account]
    for symbol in dict.fromkeys(pool.symbols):
        left = sum(float(v) for s, v in zip(pool.symbols, sold, strict=True) if s == symbol)
        places = [n for n, s in enumerate(lines.symbols) if s == symbol and meant[n]]
        for n in sorted(places, key=lambda n: -float(lines.value[n])):
            price = float(lines.price[n]) if whole else 0.0
            most = math.ceil(left / price - SAME) * price if price > 0.0 else left
            value[n] = min(max(most, 0.0), float(lines.value[n]))
            left = max(left - value[n], 0.0)
    return value


def _from_cash_buckets(lines: Tradable, pool: _Pool, sold: Floats, account: int | None) -> Floats:
    """What each account (a,) pays out of the cash that buckets ask for."""
    taken = float(sum(v for symbol, v in zip(pool.symbols, sold, strict=True) if symbol == CASH))
    cash = np.where(among(lines, account), lines.cash, 0.0)
    whole = float(cash.sum())
    return np.asarray(cash * (taken / whole) if whole > 0.0 else cash, dtype=np.float64)


def _notes(lines: Tradable, pool: _Pool, paid: float) -> tuple[str, ...]:
    notes = [f"{units.amount(paid, lines.currency)} of it is idle cash."] if paid > 0.0 else []
    if (pool.targets > 0.0).any():
        balances = balancing_withdrawal(np.append(pool.values, lines.held.idle), np.append(pool.targets, 0.0))
        balancing = units.amount(balances, lines.currency)
        notes.append(f"A withdrawal of {balancing} brings everything to target without a purchase.")
    return tuple(notes)
