"""What histories of things that are held are drawn from: their joint returns up to a day, in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

import numpy as np

from keel.backtest.luck.bootstrap import FEWEST_RETURNS
from keel.backtest.window import Window, align
from keel.domain.arrays import Floats, Ints
from keel.domain.market.prices import CASH, PriceMatrix, stand_ins
from keel.errors import MarketDataError


@dataclass(frozen=True, slots=True)
class Pool:
    """Factors ``growth`` (n, k) by which the prices of k symbols change from close to close; 1 where none is known.

    ``window`` is what they were read from, None where there is too little of it, and then there are no rows.
    ``lacking`` are the symbols without a history; ``notes`` say so, and which proxies stand in.
    """

    growth: Floats
    window: Window | None
    lacking: tuple[str, ...]
    notes: tuple[str, ...]


def pool(symbols: Sequence[str], prices: PriceMatrix, as_of: date) -> Pool:
    """The returns that ``symbols`` share up to a day: what comes later was not known."""
    past = _until(as_of, prices)
    lacking = _without_history(symbols, past)
    priced = [s for s in dict.fromkeys(symbols) if s not in lacking and s != CASH]
    notes = tuple(f"{s} has too short a history: it is taken to keep its price." for s in lacking)
    nothing = Pool(np.ones((0, len(symbols))), None, lacking, notes)
    if not priced:
        return replace(nothing, notes=notes or ("Only cash is held: nothing moves.",))
    try:
        window = align(past, priced, allow_gaps=True)
    except MarketDataError as error:
        return replace(nothing, notes=(error.message,))
    if len(window.dates) <= FEWEST_RETURNS:
        fewest = f"What is held shares {len(window.dates) - 1} returns; a forecast needs {FEWEST_RETURNS}."
        return replace(nothing, notes=(*notes, fewest))
    return Pool(_growth(window, symbols), window, lacking, (*notes, *_proxies(past, priced)))


def blocks(n: int, block: int, shape: tuple[int, int], seed: int) -> Ints:
    """Rows (d, h) below n: runs of geometric length, mean ``block``, that begin anywhere and wrap at the end.

    All histories at once; ``bootstrap.samples`` draws one at a time, as long as the data.
    """
    noise = np.random.default_rng(seed)
    step = np.arange(shape[1])
    begins = noise.random(shape) < 1.0 / block
    begins[:, :1] = True
    start = np.maximum.accumulate(np.where(begins, step, 0), axis=1)
    origin = np.take_along_axis(noise.integers(0, n, shape), start, axis=1)
    return np.asarray((origin + step - start) % n, dtype=np.int64)


def usual_block(returns: int) -> int:
    """The mean block length n^⅓, rounded up: the rate that suits dependence of any kind (Hall and others, 1995).

    One chosen from the returns' own correlation would miss that wide moves come together, which breaks bands.

    >>> usual_block(252), usual_block(27)
    (7, 3)
    """
    return ceil(round(float(np.cbrt(returns)), 9))


def _until(as_of: date, prices: PriceMatrix) -> PriceMatrix:
    known = prices.dates <= np.datetime64(as_of, "D")
    return replace(prices, dates=prices.dates[known], closes=prices.closes[known])


def _without_history(symbols: Sequence[str], prices: PriceMatrix) -> tuple[str, ...]:
    """The symbols with too few closes to draw from."""
    count = dict(zip(prices.symbols, np.isfinite(prices.closes).sum(axis=0).tolist(), strict=True))
    return tuple(s for s in dict.fromkeys(symbols) if s != CASH and count.get(s, 0) <= FEWEST_RETURNS)


def _growth(window: Window, symbols: Sequence[str]) -> Floats:
    growth = np.ones((len(window.dates) - 1, len(symbols)))
    for line, symbol in enumerate(symbols):
        if symbol in window.symbols:
            closes = window.column(symbol)
            growth[:, line] = closes[1:] / closes[:-1]
    return growth


def _proxies(prices: PriceMatrix, symbols: Sequence[str]) -> tuple[str, ...]:
    stood_in = stand_ins(prices, symbols)
    return (f"Part of the history is a proxy's: {', '.join(stood_in)}.",) if stood_in else ()
