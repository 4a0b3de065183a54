"""The drift of what was held: positions as they were at the closes of each day, judged by the targets of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.drift.goal import acting, still_leaves
from keel.domain.drift.grid import DriftGrid, grid
from keel.domain.drift.held import Held, lay_out
from keel.domain.drift.measure import Flags, leaf_widths
from keel.domain.market.prices import CASH
from keel.domain.policy.band import breached
from keel.domain.policy.destination import goals
from keel.domain.policy.records import Policy, at_every_look
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.position import Position


@dataclass(frozen=True, slots=True)
class Era:
    """What was held from the close of a day on; cash as an amount of the base currency."""

    first: date
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Weights (n, m) of the leaves of a book and of what lay outside it (n,), on ``dates`` (n,) with ``value`` (n,)."""

    dates: Days
    weights: Floats
    outside: Floats
    value: Floats
    book: Book
    still: Flags

    def grid(self, policy: Policy) -> DriftGrid:
        """Bucket by date, as that of a run."""
        return grid(self.dates, self.weights, self.book, policy, self.still)

    def trade(self, column: int, policy: Policy) -> Floats | None:
        """By how much the policy would have moved each leaf's weight (m,) on a date; None when it would not act."""
        below, above = leaf_widths(self.book, policy)
        weights = np.append(self.weights[column], self.outside[column])
        targets, still = np.append(self.book.targets, 0.0), np.append(self.still, False)
        lower, upper = np.append(below, 0.0), np.append(above, 0.0)
        if not breached(weights, targets, lower, upper, still).any() and not at_every_look(policy):
            return None
        moved: Floats = goals(weights, targets, lower, upper, acting(policy), still)[:-1] - weights[:-1]
        return moved


def past(book: Book, eras: Sequence[Era], dates: Days, closes: Mapping[str, Floats]) -> Past:
    """What was held on each of ``dates`` (n,) from the first era on, at the ``closes`` (n,) of each symbol.

    A close is NaN before the first one: what has none then, and no price of its own, lies outside the value. Dates on
    which nothing is worth anything are left out.
    """
    starts = np.array([era.first for era in eras], dtype="datetime64[D]")
    of = np.searchsorted(starts, dates, side="right") - 1
    parts = [_part(book, era, closes, of == n) for n, era in enumerate(eras)]
    known = of >= 0
    weights, outside = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    total = weights.sum(axis=1) + outside
    worth = total > 0
    whole = np.where(worth, total, 1.0)
    return Past(
        dates=dates[known][worth],
        weights=(weights / whole[:, None])[worth],
        outside=(outside / whole)[worth],
        value=total[worth],
        book=book,
        still=still_leaves(book, _laid(book, eras[-1].positions)),
    )


def _laid(book: Book, positions: Sequence[Position]) -> Held:
    """Where the units belong: each counts as worth 1."""
    units = {position.symbol: 1.0 for position in positions}
    return lay_out(book, [replace(position, price=None) for position in positions], units)


def _part(book: Book, era: Era, closes: Mapping[str, Floats], rows: Flags) -> tuple[Floats, Floats]:
    """The values of the leaves (r, m) and of what lies outside (r,) in the rows of one era."""
    held = _laid(book, era.positions)
    own = {position.symbol: position.price for position in era.positions}
    count = int(rows.sum())
    leaves, outside = np.zeros((count, len(book.paths))), np.full(count, held.idle)
    for symbol, quantity, leaf in zip(book.symbols, held.quantity, book.leaf, strict=True):
        leaves[:, leaf] += quantity * _price(symbol, own, closes, rows)
    for symbol, stake in held.outside.items():
        outside += stake.quantity * _price(symbol, own, closes, rows)
    return leaves, outside


def _price(symbol: str, own: Mapping[str, float | None], closes: Mapping[str, Floats], rows: Flags) -> Floats | float:
    if symbol == CASH:
        return 1.0
    given = own.get(symbol) or 0.0
    return np.nan_to_num(closes[symbol][rows], nan=given) if symbol in closes else given
