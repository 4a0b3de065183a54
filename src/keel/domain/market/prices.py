"""Adjusted closes in a matrix: dates down, symbols across; and what they are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.market.flaws import require_sound
from keel.domain.market.lines.conversion import Converted
from keel.domain.market.lines.likeness import Likeness
from keel.domain.market.series import PRICE_KINDS, Line

CASH = "CASH"


class StandIn(NamedTuple):
    """A series that represents a symbol: before ``until``, the first date of its own prices, or throughout (None)."""

    symbol: str
    series: str
    until: np.datetime64 | None = None


@dataclass(frozen=True, slots=True)
class PriceMatrix:
    """Adjusted closes: ``dates`` (n,) datetime64[D] strictly ascending, ``closes`` (n, k), NaN where there is none.

    ``kinds`` is ``total_return`` or ``price_return`` per symbol (empty when not known). ``notes`` are sentences a
    person should see beside a result ("Dividends excluded: SPY"); ``survivors`` are symbols that are there because they
    lived on; ``likenesses`` say of each of ``proxied`` how alike the two are,
    ``converted`` which were in another currency. Rows may be given in any order; a date
    twice and a price that is zero, negative or infinite raise MarketDataError, so that nobody has to ask again.
    """

    dates: Days
    symbols: tuple[str, ...]
    closes: Floats
    kinds: tuple[str, ...] = ()
    proxied: tuple[StandIn, ...] = ()
    notes: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()
    likenesses: tuple[Likeness, ...] = ()
    converted: tuple[Converted, ...] = ()

    def __post_init__(self) -> None:
        require_sound(self.dates, self.symbols, self.closes)
        if np.any(self.dates[1:] < self.dates[:-1]):
            order = np.argsort(self.dates, kind="stable")
            object.__setattr__(self, "dates", self.dates[order])
            object.__setattr__(self, "closes", np.ascontiguousarray(self.closes[order]))

    def line(self, symbol: str) -> Line:
        """The dates and closes one symbol has."""
        closes = self.closes[:, self.symbols.index(symbol)]
        known = ~np.isnan(closes)
        return self.dates[known].astype("datetime64[D]"), closes[known]


def price_kind(prices: PriceMatrix, symbols: Sequence[str]) -> str:
    """What the closes of these symbols are: ``total_return``, ``price_return``, ``mixed``, or empty when not known."""
    kinds = dict(zip(prices.symbols, prices.kinds, strict=False))
    seen = {kinds.get(symbol, "") for symbol in symbols if symbol != CASH} - {""}
    return seen.pop() if len(seen) == 1 else "mixed" if seen else ""


def kind_words(prices: PriceMatrix, symbols: Sequence[str]) -> str:
    """What the closes of these symbols are, in words; empty when not known.

    >>> days, closes = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]"), np.ones((2, 2))
    >>> kind_words(PriceMatrix(days, ("SPY", "BND"), closes, ("price_return", "total_return")), ["SPY", "BND"])
    '1 of 2 series without dividends'
    """
    kind = price_kind(prices, symbols)
    if kind != "mixed":
        return PRICE_KINDS.get(kind, kind)
    kinds = dict(zip(prices.symbols, prices.kinds, strict=False))
    asked = [symbol for symbol in dict.fromkeys(symbols) if symbol != CASH]
    without = sum(kinds.get(symbol) == "price_return" for symbol in asked)
    return f"{without} of {len(asked)} series without dividends"


def stand_ins(prices: PriceMatrix, symbols: Sequence[str]) -> tuple[str, ...]:
    """The proxies among the prices of these symbols, a phrase each.

    >>> days = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> closes = np.ones((2, 1))
    >>> stand_ins(PriceMatrix(days, ("TLT",), closes, proxied=(StandIn("TLT", "UST", days[1]),)), ["TLT"])
    ('UST for TLT before 2024-01-03',)
    """
    return tuple(_phrase(stand_in) for stand_in in prices.proxied if stand_in.symbol in symbols)


def _phrase(stand_in: StandIn) -> str:
    before = "" if stand_in.until is None else f" before {stand_in.until.astype('datetime64[D]')}"
    return f"{stand_in.series} for {stand_in.symbol}{before}"
