"""A deposit in a portfolio: which products it buys, in which account, with which money."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keel import units
from keel.domain.arrays import Floats, Mask
from keel.domain.market.prices import CASH
from keel.domain.plan.deposits.products import Products, aims_of, by_product, products
from keel.domain.plan.deposits.rules import Amount, Placing, Rule, purchases
from keel.domain.plan.deposits.whole_shares import buy_whole
from keel.domain.plan.limits import CENT, Limits, edited, ratio, small_notes
from keel.domain.plan.outcome import Traded
from keel.domain.plan.tradable import Tradable
from keel.domain.plan.waterfill import balancing_deposit
from keel.domain.portfolio.book import Book
from keel.errors import InputError


@dataclass(frozen=True, slots=True)
class Placement:
    """An amount to put in or take out, by a rule.

    ``account`` is the place of the account, None for whichever suits. ``held`` says whether the money of a deposit is
    cash that is already held; None: it is where the idle cash covers it.
    """

    amount: float
    rule: Rule = Rule.relative_waterfill
    account: int | None = None
    held: bool | None = None


def require_placement(placement: Placement) -> None:
    """Raises InputError unless the amount is a number of at least 0."""
    if not (np.isfinite(placement.amount) and placement.amount >= 0.0):
        raise InputError(f"The amount is {placement.amount:g}; it must be at least 0.", subject="amount")


def targets_of(book: Book) -> Floats:
    """The target of every product of the book (k,): its leaf's times its share."""
    return np.asarray(book.targets[book.leaf] * book.shares, dtype=np.float64)


def idle_cash(lines: Tradable, account: int | None) -> Floats:
    """The cash (a,) that no bucket asks for and that may be spent: of one account, or of all."""
    if CASH in lines.book.symbols:
        return np.zeros(len(lines.accounts))
    return np.where(among(lines, account), lines.cash, 0.0)


def among(lines: Tradable, account: int | None) -> Mask:
    """The accounts (a,) that are meant: the one at a place, or all."""
    places = np.arange(len(lines.accounts))
    return np.ones(len(places), dtype=np.bool_) if account is None else places == account


def deposit(lines: Tradable, placement: Placement, limits: Limits, buying: Placing = purchases) -> Traded:
    """What a deposit buys; what cannot be spent stays in cash. ``buying`` places it by the rule.

    What a person set is paid for first, and the rule places the rest in the other lines. Raises InputError when its
    money is said to be held already and is not, and where a person set what a deposit cannot do.
    """
    require_placement(placement)
    amount = placement.amount
    account, already = _account_of(lines, placement)
    every = products(lines)
    own, fixed = set_by_hand(lines, limits, account, 1)
    funding = min(1.0, amount / float(own.sum())) if own.any() else 1.0
    own = own * funding
    rest = max(amount - float(own.sum()), 0.0)
    others = replace(lines, buy=lines.buy & ~fixed)
    of = amount_of(others, every, placement)
    of = replace(of, values=of.values + by_product(lines, every, own))
    wanted = buying(of, rest, placement.rule)
    bought = _in_whole_shares(every, of, wanted, rest) if limits.whole_shares else wanted
    by_rule = _by_line(others, every, bought, account)
    orders = by_rule + own
    small = (by_rule > 0.0) & (by_rule < limits.min_trade * (1.0 - CENT))
    value = np.where(small, 0.0, orders)
    money = np.zeros(len(lines.accounts))
    if not already:
        np.add.at(money, lines.account, value)
        money[account or 0] += amount - float(value.sum())
    factors = {
        "funding": funding,
        "whole_shares": ratio(float(by_rule.sum()), float(np.where(every.cash, 0.0, wanted).sum())),
        "min_trade": ratio(float(value.sum()), float(orders.sum())),
    }
    whole = amount_of(lines, every, placement)
    notes = (*_notes(lines, whole, placement, already), *small_notes(lines, np.where(small, orders, 0.0), limits))
    return Traded(value, aims_of(lines, value), money, factors, notes)


def set_by_hand(lines: Tradable, limits: Limits, account: int | None, side: int) -> tuple[Floats, Mask]:
    """The orders (n,) ≥ 0 that a person set, and which lines they are; ``side`` is 1 for purchases, -1 for sales.

    Raises InputError for an order of the other side, or in another account than the money's.
    """
    values = edited(lines, limits)
    fixed = np.isfinite(values)
    orders = np.where(fixed, side * values, 0.0)
    elsewhere = (orders > 0.0) & ~among(lines, account)[lines.account]
    for n in np.flatnonzero((orders < 0.0) | elsewhere).tolist():
        symbol, name = lines.symbols[n], lines.accounts[int(lines.account[n])].name
        does_not = "A deposit sells no" if side > 0 else "A withdrawal buys no"
        where = f"{symbol} cannot be traded in {name}: the money is another account's."
        raise InputError(where if elsewhere[n] else f"{does_not} {symbol}.", hint="Drop this change.", subject=symbol)
    return orders, fixed


def amount_of(lines: Tradable, every: Products, placement: Placement) -> Amount:
    """A deposit as money to place in the products: what may be bought, and the value afterwards."""
    account, already = _account_of(lines, placement)
    total = lines.held.total + (0.0 if already else placement.amount)
    symbols = _buyable_symbols(lines, account)
    free = np.array([symbol in symbols for symbol in every.symbols], dtype=np.bool_)
    return Amount(every.values, every.targets, total, free)


def _account_of(lines: Tradable, placement: Placement) -> tuple[int | None, bool]:
    """The account that gets the deposit, None for that of each product, and whether its money is held already."""
    idle = idle_cash(lines, placement.account)
    covering = np.flatnonzero(idle >= placement.amount * (1.0 - CENT))
    if placement.held and not len(covering):
        raise InputError(
            f"No account holds {units.amount(placement.amount, lines.currency)} in cash.",
            hint="Say that the money is new.",
            subject="deposit",
        )
    already = bool(placement.held is not False and len(covering) and placement.amount > 0.0)
    if placement.account is not None or len(lines.accounts) == 1:
        return placement.account or 0, already
    return (int(covering[0]), True) if already else (None, False)


def _buyable_symbols(lines: Tradable, account: int | None) -> set[str]:
    """What may be bought in the account, or in any."""
    may = lines.buy & among(lines, account)[lines.account]
    return {symbol for symbol, yes in zip(lines.symbols, may, strict=True) if yes} | {CASH}


def buyable(lines: Tradable, account: int | None) -> Mask:
    """The products of the book (k,) that may be bought in the account, or in any."""
    symbols = _buyable_symbols(lines, account)
    return np.array([symbol in symbols for symbol in lines.book.symbols], dtype=np.bool_)


def _in_whole_shares(every: Products, of: Amount, wanted: Floats, amount: float) -> Floats:
    """Purchases in whole shares; cash is divisible and takes its part first."""
    cash = every.cash
    shares = Amount(of.values, of.targets, of.total, of.free & ~cash)
    spend = amount - float(wanted[cash].sum())
    price = np.where(cash, 0.0, every.prices)
    counted = buy_whole(shares, np.where(cash, 0.0, wanted), price, spend, every.symbols)
    return np.where(cash, wanted, counted.count * price)


def _by_line(lines: Tradable, every: Products, bought: Floats, account: int | None) -> Floats:
    """Purchases (n,) of the products: in the account, else where most of the product lies."""
    value = np.zeros(len(lines.symbols))
    meant = lines.buy & among(lines, account)[lines.account]
    for symbol, amount in zip(every.symbols, bought.tolist(), strict=True):
        if amount > 0.0 and symbol != CASH:
            places = [n for n, s in enumerate(lines.symbols) if s == symbol and meant[n]]
            value[max(places, key=lambda n: (float(lines.value[n]), -n))] += amount
    return value


def _notes(lines: Tradable, of: Amount, placement: Placement, already: bool) -> tuple[str, ...]:
    notes = []
    if already:
        paid = units.amount(placement.amount, lines.currency)
        notes.append(f"The {paid} is cash that is held already, and not counted twice.")
    if placement.amount > 0.0 and not (of.free & (of.targets > 0.0)).any():
        notes.append("Nothing with a target may be bought, so the money stays in cash.")
    needed = balancing_deposit(np.append(of.values, lines.held.strange), np.append(of.targets, 0.0))
    balances = max(needed - float(idle_cash(lines, None).sum()), 0.0)
    if np.isfinite(balances):
        balancing = units.amount(balances, lines.currency)
        notes.append(f"A deposit of {balancing} brings everything to target without a sale.")
    else:
        notes.append("No deposit brings everything to target without a sale: something is held that has no target.")
    return tuple(notes)
