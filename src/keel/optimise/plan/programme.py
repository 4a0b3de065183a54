"""A plan over several accounts as a linear programme; everything in it is a fraction of the value in scope.

Columns: purchases of each line, sales of each lot, the value of every product in each of its buckets, what each leaf
has too much and too little of, idle cash, the tax, whether a line is bought or sold at all, and whether a lot is sold
out before a cheaper one behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.market.prices import CASH
from keel.domain.plan.limits import Limits, edited
from keel.domain.plan.tradable import Tradable, parts_of
from keel.optimise.plan.solver import Rows

SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each kind of column stands among all of them (v)."""

    buys: slice
    sells: slice
    inside: slice
    over: slice
    under: slice
    idle: int
    tax: int
    bought: slice
    sold: slice
    ahead: slice
    count: int


@dataclass(frozen=True, slots=True)
class Programme:
    """Rows and bounds; ``line`` (q,) is the line of each lot, ``ordered`` (v,) the columns that are always whole.

    ``constant`` is the drift of what lies outside the buckets, before any of it is sold.
    """

    lines: Tradable
    columns: Columns
    rows: Rows
    low: Floats
    high: Floats
    line: Ints
    ordered: Mask
    constant: float

    def drift(self) -> Floats:
        """What each column adds to total drift (v,)."""
        cost = np.zeros(self.columns.count)
        cost[self.columns.over] = cost[self.columns.under] = 0.5
        cost[self.columns.idle] = 0.5
        outside = [self.lines.symbols[n] not in self.lines.book.symbols for n in self.line]
        cost[self.columns.sells] = np.where(outside, -0.5, 0.0)
        return cost

    def tax(self) -> Floats:
        """The tax (v,)."""
        cost = np.zeros(self.columns.count)
        cost[self.columns.tax] = 1.0
        return cost

    def location(self, ranks: Floats) -> Floats:
        """How badly what is traded lies (v,), by the rank (n,) of each line."""
        cost = np.zeros(self.columns.count)
        cost[self.columns.buys], cost[self.columns.sells] = ranks, -ranks[self.line]
        return cost

    def orders(self) -> Floats:
        """The number of orders (v,)."""
        cost = np.zeros(self.columns.count)
        cost[self.columns.bought] = cost[self.columns.sold] = 1.0
        return cost

    def whole(self) -> Mask:
        """The columns (v,) that are whole numbers when orders are counted."""
        return (self.orders() > 0.0) | self.ordered

    def traded(self, x: Floats) -> Floats:
        """The trade of each line (n,), signed, in money."""
        sells = np.bincount(self.line, weights=x[self.columns.sells], minlength=len(self.lines.symbols))
        return np.asarray((x[self.columns.buys] - sells) * self.lines.held.total, dtype=np.float64)


def programme(lines: Tradable, goal: Floats, limits: Limits, free: Mask) -> Programme:
    """The programme that brings leaves to ``goal`` (m,), in money; ``free`` (n,) are the lines that may be traded.

    Lots that get dearer are sold in their order by themselves; one behind a dearer one waits until that is sold out.
    """
    total = lines.held.total
    lots = [(n, lot) for n, slices in enumerate(lines.slices) for lot in slices]
    line = np.array([n for n, _ in lots], dtype=np.int64)
    columns = _columns(lines, len(lots))
    low, high = np.zeros(columns.count), np.full(columns.count, np.inf)
    high[columns.sells] = [lot.value / total for _, lot in lots]
    own = edited(lines, limits) / total
    least = np.where(np.isfinite(own), 0.0, _least(lines, limits))
    high[columns.sells] *= ((lines.sell & free) | np.isfinite(own))[line]
    high[columns.buys] = np.where(
        np.isfinite(own), np.maximum(own, 0.0), _most_bought(lines, goal, least) * (lines.buy & free)
    )
    high[columns.bought] = high[columns.sold] = high[columns.ahead] = 1.0
    rows = _Rows(columns.count)
    _symbols(rows, lines, columns, line)
    _leaves(rows, lines, columns, goal)
    _accounts(rows, lines, columns, line)
    _taxes(rows, lines, columns, line, limits)
    _counted(rows, columns, line, high, least)
    ordered = _in_their_order(rows, lines, columns, line, high)
    _edits(rows, columns, line, own, (low, high))
    if limits.max_turnover is not None:
        rows.add([(columns.buys, 1.0), (columns.sells, 1.0)], -np.inf, 2.0 * limits.max_turnover)
    if limits.max_trades is not None:
        rows.add([(columns.bought, 1.0), (columns.sold, 1.0)], -np.inf, float(limits.max_trades))
    return Programme(lines, columns, rows.done, low, high, line, ordered, 0.5 * lines.held.strange / total)


def _columns(lines: Tradable, lots: int) -> Columns:
    n, k, m = len(lines.symbols), len(lines.book.symbols), len(lines.book.paths)
    ends = np.cumsum([0, n, lots, k, m, m, 1, 1, n, n, lots]).tolist()
    buys, sells, inside, over, under, idle, tax, bought, sold, ahead = [slice(a, b) for a, b in pairwise(ends)]
    return Columns(buys, sells, inside, over, under, idle.start, tax.start, bought, sold, ahead, ends[-1])


def _least(lines: Tradable, limits: Limits) -> Floats:
    """The smallest order of each line (n,), in whole shares where they are asked for."""
    least = np.full(len(lines.symbols), limits.min_trade)
    if limits.whole_shares:
        least = np.ceil(least / lines.price - SMALL) * lines.price
    return np.asarray(least / lines.held.total, dtype=np.float64)


def _most_bought(lines: Tradable, goal: Floats, least: Floats) -> Floats:
    """The most of each line (n,) that can help: until all its leaves are full, and no more than its account can pay.

    An order that may not be smaller than ``least`` (n,) may overshoot.
    """
    wants: dict[str, float] = {}
    for leaf, symbol, part in zip(lines.book.leaf, lines.book.symbols, parts_of(lines), strict=True):
        full = float(goal[leaf] / part) if part > SMALL else 0.0
        wants[symbol] = max(wants.get(symbol, 0.0), full)
    funds = lines.cash + np.bincount(
        lines.account, weights=np.where(lines.sell, lines.value, 0.0), minlength=len(lines.accounts)
    )
    most = np.array([wants.get(s, 0.0) for s in lines.symbols]) / lines.held.total
    return np.minimum(np.where(most > 0.0, np.maximum(most, least), 0.0), funds[lines.account] / lines.held.total)


class _Rows:
    """Rows as they are added."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.done = Rows()

    def add(self, entries: Sequence[tuple[slice | int, Floats | float]], low: float, high: float) -> None:
        """Adds low ≤ Σ entry · column ≤ high."""
        row = np.zeros(self.count)
        for place, value in entries:
            row[place] = value
        self.done = self.done.and_row(row, low, high)


def _symbols(rows: _Rows, lines: Tradable, at: Columns, line: Ints) -> None:
    """What is held of a product, bought and sold, lies in its buckets; what is paid and received is cash."""
    book, held = lines.book, lines.held
    symbols = np.array(lines.symbols, dtype=object)
    for place, (symbol, part) in enumerate(zip(book.symbols, parts_of(lines), strict=True)):
        if symbol != CASH:
            mine = np.where(symbols == symbol, part, 0.0)
            value = float(held.value[place]) / held.total
            rows.add([(at.inside.start + place, 1.0), (at.buys, -mine), (at.sells, mine[line])], value, value)
    cash = np.array([s == CASH for s in book.symbols], dtype=float)
    whole = (held.idle + float(held.value @ cash)) / held.total
    rows.add([(at.inside, cash), (at.idle, 1.0), (at.buys, 1.0), (at.sells, -1.0)], whole, whole)


def _leaves(rows: _Rows, lines: Tradable, at: Columns, goal: Floats) -> None:
    """What a leaf holds is its goal and what it has too much, less what it has too little."""
    for leaf, wanted in enumerate(goal / lines.held.total):
        inside = (lines.book.leaf == leaf).astype(float)
        rows.add([(at.inside, inside), (at.over.start + leaf, -1.0), (at.under.start + leaf, 1.0)], wanted, wanted)


def _accounts(rows: _Rows, lines: Tradable, at: Columns, line: Ints) -> None:
    """An account pays with its own cash and its own sales."""
    for account, cash in enumerate(lines.cash / lines.held.total):
        mine = (lines.account == account).astype(float)
        rows.add([(at.buys, mine), (at.sells, -mine[line])], -np.inf, float(cash))


def _taxes(rows: _Rows, lines: Tradable, at: Columns, line: Ints, limits: Limits) -> None:
    """The tax is at least what gains in taxable accounts cost, losses counted against them; gains keep to a budget."""
    gain, charge = _dearness(lines, line)
    rows.add([(at.sells, charge), (at.tax, -1.0)], -np.inf, 0.0)
    if limits.gain_budget is not None:
        rows.add([(at.sells, gain)], -np.inf, limits.gain_budget / lines.held.total)


def _dearness(lines: Tradable, line: Ints) -> tuple[Floats, Floats]:
    """What a sale of each lot (q,) realises, and what that costs, as a fraction of its value."""
    lots = [lot for slices in lines.slices for lot in slices]
    gain = np.array([lot.known_gain / lot.value for lot in lots]) * lines.taxable[line]
    return gain, gain * [lot.rate for lot in lots]


def _in_their_order(rows: _Rows, lines: Tradable, at: Columns, line: Ints, high: Floats) -> Mask:
    """Lots behind a dearer one of their line wait for it; the columns (v,) that say whether that is sold out."""
    gain, charge = _dearness(lines, line)
    ordered = np.zeros(at.count, dtype=np.bool_)
    most = high[at.sells]
    for lot in range(len(line)):
        behind = (line == line[lot]) & (np.arange(len(line)) > lot)
        waiting = np.flatnonzero(behind & ((gain < gain[lot] - SMALL) | (charge < charge[lot] - SMALL)))
        if len(waiting):
            ordered[at.ahead.start + lot] = True
            rows.add([(at.sells.start + lot, -1.0), (at.ahead.start + lot, float(most[lot]))], -np.inf, 0.0)
        for other in waiting.tolist():
            rows.add([(at.sells.start + other, 1.0), (at.ahead.start + lot, -float(most[other]))], -np.inf, 0.0)
    return ordered


def _counted(rows: _Rows, at: Columns, line: Ints, high: Floats, least: Floats) -> None:
    """A line is bought or sold, not both, and then it is counted, and no smaller than an order may be."""
    most_sold = np.bincount(line, weights=high[at.sells], minlength=at.buys.stop)
    for n, (most, sellable) in enumerate(zip(high[at.buys], most_sold, strict=True)):
        bought, sold, of_it = at.bought.start + n, at.sold.start + n, np.where(line == n, 1.0, 0.0)
        rows.add([(at.buys.start + n, 1.0), (bought, -float(most))], -np.inf, 0.0)
        rows.add([(at.sells, of_it), (sold, -float(sellable))], -np.inf, 0.0)
        if least[n] > 0.0:
            rows.add([(at.buys.start + n, 1.0), (bought, -float(least[n]))], 0.0, np.inf)
            rows.add([(at.sells, of_it), (sold, -float(least[n]))], 0.0, np.inf)
        if most > 0.0 and sellable > 0.0:
            rows.add([(bought, 1.0), (sold, 1.0)], -np.inf, 1.0)


def _edits(rows: _Rows, at: Columns, line: Ints, own: Floats, bounds: tuple[Floats, Floats]) -> None:
    """What a person set is traded as it is: ``own`` (n,), NaN where nothing is set."""
    low, high = bounds
    for n in np.flatnonzero(np.isfinite(own)).tolist():
        low[at.buys.start + n] = high[at.buys.start + n] = max(own[n], 0.0)
        rows.add([(at.sells, np.where(line == n, 1.0, 0.0))], max(-own[n], 0.0), max(-own[n], 0.0))
