"""The chance of a breach within the next month, quarter and year, by bootstrap of what is held.

The returns of all lines are drawn jointly in blocks (the stationary bootstrap), from today's weights on, and nothing is
traded; so a chance is that of the policy being called on, at any close, for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from keel.backtest.luck.bootstrap import FEWEST_RETURNS
from keel.backtest.window import Window, align, to_date
from keel.domain.arrays import Floats, Ints
from keel.domain.drift.forecast import (
    HORIZONS,
    Chances,
    Forecast,
    Standing,
    already_out,
    chances,
    first_breach,
    standing,
    steps_of,
)
from keel.domain.drift.report import DriftReport
from keel.domain.market.frequency import session_noun
from keel.domain.market.prices import CASH, PriceMatrix, stand_ins
from keel.domain.study.resampling import Resampling
from keel.errors import MarketDataError

DRAWS = Resampling(draws=2_000)  # a chance of a half is known to one percentage point


def forecast(report: DriftReport, prices: PriceMatrix, how: Resampling = DRAWS) -> Forecast:
    """The chances of each leaf of a report, from the closes up to its day; without enough of them none, and why."""
    now, past = standing(report), _until(report, prices)
    lacking = _without_history(now.symbols, past)
    priced = [s for s in dict.fromkeys(now.symbols) if s not in lacking and s != CASH]
    notes = tuple(f"{s} has too short a history: it is taken to keep its price." for s in lacking)
    if not priced:
        return _untold(report, now, how, notes or ("Only cash is held: nothing moves.",))
    try:
        window = align(past, priced, allow_gaps=True)
    except MarketDataError as error:
        return _untold(report, now, how, (error.message,))
    if len(window.dates) <= FEWEST_RETURNS:
        fewest = f"What is held shares {len(window.dates) - 1} returns; a forecast needs {FEWEST_RETURNS}."
        return _untold(report, now, how, (*notes, fewest))
    growth = _growth(window, now.symbols)
    steps = tuple(n if n < len(window.dates) else 0 for n in steps_of(window.periods_per_year))
    block = how.block or _block(len(growth))
    first = first_breach(now, growth, blocks(len(growth), block, (how.draws, max(steps)), how.seed))
    untold = {now.paths[leaf] for s, leaf in zip(now.symbols, now.leaf, strict=True) if s in lacking and leaf >= 0}
    return Forecast(
        by_path=_by_path(report, now, chances(first, steps), untold),
        any=_any(report, first, steps),
        steps=steps,
        frequency=window.frequency,
        first=to_date(window.dates[0]),
        last=to_date(window.dates[-1]),
        returns=len(growth),
        block=block,
        draws=how.draws,
        seed=how.seed,
        notes=(*notes, *_proxies(past, priced), *_spacing(window, steps)),
    )


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


def _until(report: DriftReport, prices: PriceMatrix) -> PriceMatrix:
    """The prices up to the day of the report: what comes later was not known."""
    known = prices.dates <= np.datetime64(report.as_of, "D")
    return replace(prices, dates=prices.dates[known], closes=prices.closes[known])


def _without_history(symbols: Sequence[str], prices: PriceMatrix) -> tuple[str, ...]:
    """The symbols with too few closes to draw from."""
    count = dict(zip(prices.symbols, np.isfinite(prices.closes).sum(axis=0).tolist(), strict=True))
    return tuple(s for s in dict.fromkeys(symbols) if s != CASH and count.get(s, 0) <= FEWEST_RETURNS)


def _growth(window: Window, symbols: Sequence[str]) -> Floats:
    """The factors (n, k) by which the lines' prices change from close to close; 1 for what has no history."""
    growth = np.ones((len(window.dates) - 1, len(symbols)))
    for line, symbol in enumerate(symbols):
        if symbol in window.symbols:
            closes = window.column(symbol)
            growth[:, line] = closes[1:] / closes[:-1]
    return growth


def _block(returns: int) -> int:
    """The mean block length n^⅓, rounded up: the rate that suits dependence of any kind (Hall and others, 1995).

    One chosen from the returns' own correlation would miss that wide moves come together, which breaks bands.
    """
    return ceil(round(float(np.cbrt(returns)), 9))


def _by_path(report: DriftReport, now: Standing, told: Sequence[Chances], untold: set[str]) -> dict[str, Chances]:
    """The chances of each leaf: certain where it is out already, unknown where it never calls or nothing is known."""
    out = already_out(report)
    found: dict[str, Chances] = {}
    for leaf, path in enumerate(now.paths):
        if path in out:
            found[path] = (1.0,) * len(HORIZONS)
        elif path in untold or now.still[leaf]:
            found[path] = (None,) * len(HORIZONS)
        else:
            found[path] = told[leaf]
    return found


def _any(report: DriftReport, first: Ints, steps: tuple[int, ...]) -> Chances:
    """The chances that at least one leaf is in breach."""
    if report.rebalance_needed:
        return (1.0,) * len(HORIZONS)
    return chances(first.min(axis=1, keepdims=True), steps)[0]


def _untold(report: DriftReport, now: Standing, how: Resampling, notes: tuple[str, ...]) -> Forecast:
    nothing: Sequence[Chances] = [(None,) * len(HORIZONS)] * len(now.paths)
    some = (1.0 if report.rebalance_needed else None,) * len(HORIZONS)
    by_path = _by_path(report, now, nothing, set())
    return Forecast(by_path, some, (0,) * len(HORIZONS), "", None, None, 0, 0, how.draws, how.seed, notes)


def _proxies(prices: PriceMatrix, symbols: Sequence[str]) -> tuple[str, ...]:
    stood_in = stand_ins(prices, symbols)
    return (f"Part of the history is a proxy's: {', '.join(stood_in)}.",) if stood_in else ()


def _spacing(window: Window, steps: tuple[int, ...]) -> tuple[str, ...]:
    """What the frequency and the length of the history do to the horizons."""
    notes = []
    if window.frequency != "daily":
        notes.append(f"The prices are {window.frequency}: a breach between two closes is not seen.")
    untold = [str(sessions) for sessions, n in zip(HORIZONS, steps, strict=True) if not n]
    if untold:
        noun = session_noun(window.frequency)
        known = f"{len(window.dates) - 1} returns, one a {noun}"
        notes.append(f"Nothing is said of {' and '.join(untold)} sessions: the history has {known}.")
    return tuple(notes)
