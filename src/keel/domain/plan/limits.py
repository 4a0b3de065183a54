"""What limits a plan, and the steps that cut its orders down: sales first, as they pay for the purchases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.deposits.rules import Amount
from keel.domain.plan.deposits.whole_shares import buy_whole, whole
from keel.domain.plan.gains import realised, within_gain
from keel.domain.plan.tradable import Key, Tradable
from keel.errors import InputError
from keel.units import amount

CENT = 1e-9  # of the money


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person allows: one-way turnover as a fraction, a gain and a smallest order in money, a number of orders.

    ``edits`` are quantities a person set, signed, by account and symbol: they are kept as they are.
    """

    max_turnover: float | None = None
    gain_budget: float | None = None
    whole_shares: bool = False
    min_trade: float = 0.0
    max_trades: int | None = None
    edits: Mapping[Key, float] = field(default_factory=dict)


def require_limits(limits: Limits) -> None:
    """Raises InputError for a limit below 0, or fewer orders than one."""
    given = {"max_turnover": limits.max_turnover, "gain_budget": limits.gain_budget, "min_trade": limits.min_trade}
    for name, value in given.items():
        if value is not None and not (np.isfinite(value) and value >= 0.0):
            raise InputError(f"{name} is {value:g}; it must be at least 0.", subject=name)
    if limits.max_trades is not None and limits.max_trades < 0:
        raise InputError(f"max_trades is {limits.max_trades}; it must be at least 0.", subject="max_trades")


def edited(lines: Tradable, limits: Limits) -> Floats:
    """The values (n,) that a person set, NaN where none is set. Raises InputError for what cannot be done."""
    values = np.full(len(lines.symbols), np.nan)
    keys = {
        (lines.accounts[int(a)].name, s): n for n, (a, s) in enumerate(zip(lines.account, lines.symbols, strict=True))
    }
    for key, quantity in limits.edits.items():
        n = keys.get(key)
        if n is None or not np.isfinite(quantity):
            raise InputError(f"{key[1]} cannot be traded in {key[0]}.", hint="Drop this change.", subject=key[1])
        if quantity < -float(lines.quantity[n]) * (1 + CENT):
            raise InputError(
                f"{-quantity:g} of {key[1]} cannot be sold: {float(lines.quantity[n]):g} are held in {key[0]}.",
                hint="Sell less.",
                subject=key[1],
            )
        values[n] = quantity * float(lines.price[n])
    return values


@dataclass(frozen=True, slots=True)
class Settled:
    """Orders (n,) ≥ 0 that can be carried out, what part of the wanted each step let through, and what it left out."""

    sells: Floats
    buys: Floats
    factors: Mapping[str, float]
    notes: tuple[str, ...]


def settle(lines: Tradable, sells: Floats, buys: Floats, limits: Limits, reserve: Floats, aims: Floats) -> Settled:
    """The orders after the gain budget, funding, whole shares and the smallest order, account by account.

    ``sells`` and ``buys`` (n,) are wanted, ``reserve`` (a,) is the cash to leave, negative where some is to come from
    elsewhere; ``aims`` (n,) the value each line should have, by which whole shares are topped up. What a sale does not
    bring buys nothing, and no account ends with less than it keeps.
    """
    fixed = np.isfinite(edited(lines, limits))
    sales = _sales(lines, sells, limits, fixed)
    funds = lines.cash - reserve
    np.add.at(funds, lines.account, sales.value)
    funded, least = _funded(lines, buys, np.maximum(funds, 0.0), fixed)
    whole_buys = _rounded_purchases(lines, funded, funds, limits, aims) if limits.whole_shares else funded
    bought, small_buys = _large(whole_buys, limits.min_trade, fixed)
    wanted, within = float(sells.sum()), float(sells.sum()) - sales.beyond
    factors = {
        "gain_budget": ratio(within, wanted),
        "funding": least,
        "whole_shares": ratio(within - sales.rounded + whole_buys.sum(), within + funded.sum()),
        "min_trade": ratio(sales.value.sum() + bought.sum(), within - sales.rounded + whole_buys.sum()),
    }
    notes = small_notes(lines, sales.small + np.where(small_buys, whole_buys, 0.0), limits)
    return Settled(sales.value, bought, factors, notes)


@dataclass(frozen=True, slots=True)
class _Sales:
    """Sales (n,) that keep to the limits, and how much a step took away: the budget, rounding, the smallest order."""

    value: Floats
    beyond: float
    rounded: float
    small: Floats


def _sales(lines: Tradable, wanted: Floats, limits: Limits, fixed: Mask) -> _Sales:
    """The sales within the gain budget, in whole shares, no smaller than an order may be.

    A sale at a loss makes room for gains: where rounding takes one away, the gains are cut down again.
    """
    beyond = rounded = 0.0
    small = np.zeros(len(wanted))
    while True:
        within = within_budget(lines, wanted, limits, fixed)
        whole_ones = _rounded_sales(lines, within, limits, fixed)
        large, left_out = _large(whole_ones, limits.min_trade, fixed)
        beyond, rounded = beyond + float((wanted - within).sum()), rounded + float((within - whole_ones).sum())
        small += np.where(left_out, whole_ones, 0.0)
        if float((within - large).sum()) <= CENT * float(wanted.sum()):
            return _Sales(large, beyond, rounded, small)
        wanted = large


def within_budget(lines: Tradable, sells: Floats, limits: Limits, fixed: Mask) -> Floats:
    """Sales (n,) whose gain is at most the budget; what a person set comes first, what is not taxed is not counted."""
    if limits.gain_budget is None:
        return sells
    counted = lines.taxable & (sells > 0.0)
    taken = [realised(s, float(v)).gain for s, v, own in zip(lines.slices, sells, counted & fixed, strict=True) if own]
    slices = [s if c else () for s, c in zip(lines.slices, counted, strict=True)]
    free = within_gain(np.where(counted & ~fixed, sells, 0.0), slices, limits.gain_budget - sum(taken))
    return np.where(counted & ~fixed, free, sells)


def _rounded_sales(lines: Tradable, sells: Floats, limits: Limits, fixed: Mask) -> Floats:
    """Sales in whole shares; a sale of all there is takes the last fraction of a share along."""
    if not limits.whole_shares:
        return sells
    all_of_it = sells >= lines.value * (1.0 - CENT)
    return np.where(fixed | all_of_it, sells, whole(sells, lines.price) * lines.price)


def _large(amounts: Floats, least: float, fixed: Mask) -> tuple[Floats, Mask]:
    """The amounts that are no smaller than an order may be, and which were."""
    small = (amounts > 0.0) & (amounts < least * (1.0 - CENT)) & ~fixed
    return np.where(small, 0.0, amounts), small


def _funded(lines: Tradable, buys: Floats, funds: Floats, fixed: Mask) -> tuple[Floats, float]:
    """The purchases that the money of each account pays for, one factor an account, and the least of the factors.

    What a person set is paid for first.
    """
    factors = np.ones(len(funds))
    bought = buys.copy()
    for among in (fixed, ~fixed):
        wanted = np.bincount(lines.account, weights=np.where(among, buys, 0.0), minlength=len(funds))
        part = np.divide(funds, wanted, out=np.ones(len(funds)), where=wanted > funds)
        bought = np.where(among, buys * part[lines.account], bought)
        funds = np.maximum(funds - wanted * part, 0.0)
        factors = np.minimum(factors, part)
    return bought, float(factors.min(initial=1.0))


def _rounded_purchases(lines: Tradable, buys: Floats, funds: Floats, limits: Limits, aims: Floats) -> Floats:
    """Purchases in whole shares, an account at a time; what a person set stays."""
    fixed = np.isfinite(edited(lines, limits))
    bought = np.where(fixed, buys, 0.0)
    for account, money in enumerate(funds):
        mine = (lines.account == account) & ~fixed
        spend = float(money) - float(np.where(lines.account == account, bought, 0.0).sum())
        if spend > 0.0 and buys[mine].sum() > 0.0:
            bought[mine] = _topped_up(lines, buys, aims, mine, spend)
    return bought


def _topped_up(lines: Tradable, buys: Floats, aims: Floats, mine: Mask, money: float) -> Floats:
    symbols = tuple(s for s, own in zip(lines.symbols, mine, strict=True) if own)
    wanted = buys[mine]
    total = float(aims[mine].sum())
    of = Amount(lines.value[mine], aims[mine] / total, total, wanted > 0.0)
    price = lines.price[mine]
    return buy_whole(of, wanted, price, min(money, float(wanted.sum())), symbols).count * price


def ratio(after: float, before: float) -> float:
    """What a step let through of what was wanted, 1 where nothing was.

    >>> ratio(1.0, 2.0), ratio(0.0, 0.0)
    (0.5, 1.0)
    """
    return float(after / before) if before > 0.0 else 1.0


def small_notes(lines: Tradable, left_out: Floats, limits: Limits) -> tuple[str, ...]:
    """Which orders (n,) were left out because they are too small, with their amounts; nothing where none was."""
    places = np.flatnonzero(left_out).tolist()
    if not places:
        return ()
    named = ", ".join(f"{lines.symbols[n]} ({amount(left_out[n], lines.currency)})" for n in places)
    return (f"Left out because they are smaller than {amount(limits.min_trade, lines.currency)}: {named}.",)
