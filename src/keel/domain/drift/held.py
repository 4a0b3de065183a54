"""What is held, at what price: live positions laid over a book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError, PricesMissingError
from keel.units import CARRIED_SESSIONS

MOST_WORTH = 1e30  # in any currency; beyond it sums and squares of values overflow


@dataclass(frozen=True, slots=True)
class Stake:
    """What is held of one symbol outside the framework, in base currency, and what of its value is frozen."""

    quantity: float
    price: float
    value: float
    frozen: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """Positions laid over a book: values (k,) and what of them is frozen; the rest by symbol."""

    quantity: Floats
    price: Floats
    value: Floats
    frozen: Floats
    outside: Mapping[str, Stake]
    idle: float
    excluded: float
    unpriced: tuple[str, ...]
    frozen_cash: float = 0.0

    @property
    def total(self) -> float:
        """V."""
        return float(self.value.sum()) + self.strange + self.idle

    @property
    def strange(self) -> float:
        """The value of what lies outside the framework, cash left out."""
        return sum(stake.value for stake in self.outside.values())

    @property
    def stuck_outside(self) -> float:
        """What of the value outside the framework is frozen, cash left out."""
        return sum(stake.frozen for stake in self.outside.values())

    @property
    def stuck(self) -> float:
        """Everything outside the buckets that stays as it is, frozen cash included."""
        return self.stuck_outside + self.frozen_cash


def closes_at(prices: PriceMatrix, as_of: date | None = None) -> tuple[date, Mapping[str, float]]:
    """The last row at or before ``as_of``: its date and close by symbol; a hole is filled from at most 5 rows before.

    Raises PricesMissingError when every row is later.
    """
    row = len(prices.dates)
    if as_of is not None:
        row = int(np.searchsorted(prices.dates, np.datetime64(as_of), side="right"))
    if row == 0:
        raise PricesMissingError(f"There are no prices at or before {as_of}.", hint="Choose a later date.")
    block = prices.closes[max(0, row - 1 - CARRIED_SESSIONS) : row]
    found = {}
    for symbol, column in zip(prices.symbols, block.T, strict=True):
        known = column[np.isfinite(column) & (column > 0)]
        if len(known):
            found[symbol] = float(known[-1])
    day: date = prices.dates[row - 1].astype(object)
    return day, found


def lay_out(book: Book, positions: Sequence[Position], closes: Mapping[str, float]) -> Held:
    """The positions by instrument of the book; a symbol in several leaves is split by their targets."""
    k = len(book.symbols)
    quantity, value, frozen = np.zeros(k), np.zeros(k), np.zeros(k)
    price = np.array([1.0 if s == CASH else closes.get(s, np.nan) for s in book.symbols], dtype=np.float64)
    outside: dict[str, Stake] = {}
    idle = excluded = frozen_cash = 0.0
    unpriced = []
    for position in positions:
        _require_amount(position)
        unit = _price(position, closes)
        worth = position.quantity * unit if unit is not None else 0.0
        _require_worth(position, worth)
        if position.role is Role.excluded:
            excluded += worth
            continue
        if unit is None and position.quantity:
            unpriced.append(position.symbol)
        spread = _spread(book, position)
        stays = worth * (position.role is Role.frozen)
        if not spread.any():
            if position.symbol == CASH:
                idle, frozen_cash = idle + worth, frozen_cash + stays
            elif unit is not None:
                outside[position.symbol] = _added(outside.get(position.symbol), position.quantity, unit, stays)
            continue
        quantity += spread * position.quantity
        value += spread * worth
        frozen += spread * stays
        price[spread > 0] = np.nan if unit is None else unit
    named = tuple(dict.fromkeys(unpriced))
    return Held(quantity, price, value, frozen, outside, idle, excluded, named, frozen_cash)


def _added(before: Stake | None, quantity: float, unit: float, stays: float) -> Stake:
    """The stake with units more of it."""
    known = before or Stake(0.0, unit, 0.0)
    return Stake(known.quantity + quantity, unit, known.value + quantity * unit, known.frozen + stays)


def _require_amount(position: Position) -> None:
    if not (np.isfinite(position.quantity) and position.quantity >= 0):
        raise InputError(f"The quantity of {position.symbol} is {position.quantity}.", subject=position.symbol)


def _require_worth(position: Position, worth: float) -> None:
    """Raise for a value that is no number, or so large that no sum of them would be one."""
    if not abs(worth) <= MOST_WORTH:
        message = f"What is held of {position.symbol} is worth more than can be counted."
        raise InputError(message, hint="Check its quantity and its price.", subject=position.symbol)


def _price(position: Position, closes: Mapping[str, float]) -> float | None:
    return 1.0 if position.symbol == CASH else position.price or closes.get(position.symbol)


def _spread(book: Book, position: Position) -> Floats:
    """The part of a position that belongs to each instrument of the book (k,); sums to 1, or 0 outside."""
    mine = np.array([other == position.symbol for other in book.symbols])
    if position.bucket in book.paths:
        mine &= book.leaf == book.paths.index(position.bucket)
    wanted = np.where(mine, book.targets[book.leaf] * book.shares, 0.0)
    if wanted.sum() <= 0:
        wanted = mine.astype(float)
    spread: Floats = wanted / max(1e-300, float(wanted.sum()))
    return spread


def by_leaf(book: Book, amounts: Floats) -> Floats:
    sums: Floats = np.zeros(len(book.paths))
    np.add.at(sums, book.leaf, amounts)
    return sums
