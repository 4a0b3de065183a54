"""What all policies of a sweep run over: one window and one book, and the arrays that a scan reads of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.backtest.metrics.rates import per_session
from keel.backtest.metrics.years import elapsed_years
from keel.backtest.path import lines_of
from keel.backtest.reference import compounded, target_returns
from keel.backtest.run import default_lag
from keel.backtest.sweep.records import HalfWidths, Yardstick
from keel.backtest.window import Window
from keel.domain.arrays import Floats, Ints
from keel.domain.policy.band import half_widths
from keel.domain.policy.kinds import (
    TRIGGERS,
    varied_side,
)
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.portfolio.book import Book
from keel.units import from_bps


@dataclass(frozen=True, eq=False, slots=True)
class Scenario:
    """A window and a book whose symbols it holds: what a sweep runs its policies on."""

    window: Window
    book: Book


@dataclass(frozen=True, eq=False, slots=True)
class Arrays:
    """The arrays of a scenario, the same for all its policies.

    ``order`` sorts instruments by leaf; ``closes`` (n, k) and ``goal`` (k,) are in that order, ``ends`` (m,) says where
    each leaf's instruments end. ``line`` (k,), in the book's own order, is the trading order an instrument belongs to.
    ``reference`` (n,) are the returns of the targets, ``shift`` their mean, ``held`` (n,) their wealth.
    """

    scenario: Scenario
    order: Ints
    line: Ints
    closes: Floats
    days: Ints
    ends: Ints
    goal: Floats
    reference: Floats
    shift: float
    held: Floats
    years: float

    def lag(self, settings: RunSettings) -> int:
        """Sessions from decision to fill: as set, else the default of the data."""
        return default_lag(self.scenario.window.frequency) if settings.lag is None else settings.lag

    def yardstick(self, settings: RunSettings) -> Yardstick:
        """What returns are measured from; the hurdle of a series is 0: its figures are not made of sums."""
        rate = 0.0 if isinstance(settings.risk_free, str) else settings.risk_free
        return Yardstick(self.reference, self.shift, per_session(rate, self.scenario.window.periods_per_year))

    def keep(self, settings: RunSettings) -> float:
        """What the advisory fee leaves each session."""
        return 1.0 - from_bps(settings.annual_fee_bps) / self.scenario.window.periods_per_year


def arrays_of(scenario: Scenario) -> Arrays:
    """The arrays of a scenario."""
    window, book = scenario.window, scenario.book
    order = np.argsort(book.leaf, kind="stable")
    column = [window.symbols.index(symbol) for symbol in book.symbols]
    closes = window.closes.take([column[i] for i in order], axis=1)
    goal = (book.targets[book.leaf] * book.shares)[order]
    steps = target_returns(window, book)
    return Arrays(
        scenario=scenario,
        order=order,
        line=lines_of(book),
        closes=closes,
        days=window.dates.astype("datetime64[D]").astype(np.int64),
        ends=np.cumsum(np.bincount(book.leaf, minlength=len(book.targets))).astype(np.int64),
        goal=goal,
        reference=np.concatenate([[0.0], steps]),
        shift=float(steps.mean()),
        held=compounded(steps),
        years=elapsed_years(window.dates),
    )


def closes_after_fee(arrays: Arrays, keep: float) -> Floats:
    """The closes (n, k) less an advisory fee, which shrinks every holding alike and so moves no weight."""
    if keep == 1.0:
        return arrays.closes
    return np.ascontiguousarray(arrays.closes * (keep ** np.arange(len(arrays.closes)))[:, None])


def swept_half_widths(arrays: Arrays, policy: Policy, field: str) -> HalfWidths:
    """The band as a scan reads it, in one parameter: its ``field``, or none of them when that is empty."""
    book = arrays.scenario.book
    m = len(book.targets)
    inverse, floor, cap = np.ones((2, m)), np.full((2, m), -np.inf), np.full((2, m), np.inf)
    if TRIGGERS[policy.trigger].banded and policy.band is not None:
        fixed = half_widths(policy.band, book.targets, book.bands)
        for j, own in enumerate(book.bands):
            for side in range(2):
                swept = varied_side(policy.band, field, side, float(book.targets[j])) if own is None and field else None
                if swept is None:
                    floor[side, j] = cap[side, j] = fixed[side][j]
                else:
                    room, floor[side, j], cap[side, j] = swept
                    inverse[side, j] = 1.0 / room if room > 0.0 else np.inf
    banded = TRIGGERS[policy.trigger].banded and len(book.symbols) == m
    plain = banded and np.isfinite(inverse).all() and np.isneginf(floor).all() and np.isinf(cap).all()
    return HalfWidths(arrays.ends, book.targets.astype(np.float64), inverse, floor, cap, bool(plain))
