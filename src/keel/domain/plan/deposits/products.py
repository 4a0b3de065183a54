"""The products of a book, each once, as money is placed in them: what is held of each, wanted, and in which buckets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.market.prices import CASH
from keel.domain.plan.tradable import Tradable, parts_of


@dataclass(frozen=True, slots=True)
class Products:
    """Products (e of them): those of the book, then what lies outside it, which no bucket wants.

    ``prices`` (e,) are 0 where there is none; ``inside`` (m, e) says which part of a product lies in each leaf.
    """

    symbols: tuple[str, ...]
    values: Floats
    targets: Floats
    prices: Floats
    inside: Floats

    @property
    def cash(self) -> Mask:
        """Which of them (e,) is cash, which is divisible."""
        return np.array([symbol == CASH for symbol in self.symbols], dtype=np.bool_)


def products(lines: Tradable, outside: bool = False) -> Products:
    """The products of the book, and those ``outside`` it if they are asked for."""
    book, held = lines.book, lines.held
    symbols = tuple(dict.fromkeys([*book.symbols, *(held.outside if outside else ())]))
    places = {symbol: n for n, symbol in enumerate(symbols)}
    at = np.array([places[symbol] for symbol in book.symbols], dtype=np.int64)
    values, targets = np.zeros(len(symbols)), np.zeros(len(symbols))
    np.add.at(values, at, held.value)
    np.add.at(targets, at, book.targets[book.leaf] * book.shares)
    prices = np.zeros(len(symbols))
    prices[at] = np.nan_to_num(held.price, nan=0.0)
    for symbol in symbols[len(set(book.symbols)) :]:
        values[places[symbol]], prices[places[symbol]] = held.outside[symbol].value, held.outside[symbol].price
    inside = np.zeros((len(book.paths), len(symbols)))
    np.add.at(inside, (book.leaf, at), parts_of(lines))
    return Products(symbols, values, targets, prices, inside)


def spanning(lines: Tradable) -> tuple[str, ...]:
    """The products that lie in several buckets; cash is money in each of them.

    Which part of cash is for which bucket is a matter of words, so nothing hangs on it.
    """
    return tuple(s for s, count in Counter(lines.book.symbols).items() if count > 1 and s != CASH)


def aims_of(lines: Tradable, traded: Floats) -> Floats:
    """What each product (k,) is worth in its bucket once ``traded`` (n,) of each line is; cash as before."""
    change = dict.fromkeys(lines.book.symbols, 0.0)
    for symbol, value in zip(lines.symbols, traded.tolist(), strict=True):
        change[symbol] = change.get(symbol, 0.0) + value
    by_product = np.array([change[symbol] for symbol in lines.book.symbols])
    return np.asarray(lines.held.value + parts_of(lines) * by_product, dtype=np.float64)


def by_product(lines: Tradable, every: Products, traded: Floats) -> Floats:
    """What is traded (n,) of each line as that of each product (e,)."""
    totals = dict.fromkeys(every.symbols, 0.0)
    for symbol, value in zip(lines.symbols, traded.tolist(), strict=True):
        totals[symbol] = totals.get(symbol, 0.0) + value
    return np.array([totals[symbol] for symbol in every.symbols], dtype=np.float64)
