"""Windows and candidates for the tests of luck: small, seeded, with and without a difference to find."""

from __future__ import annotations

import numpy as np
from tests.oracles import book_of

from keel.backtest.window import Window
from keel.domain.arrays import Floats
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate

COST = RunSettings(cost_bps=10.0)
QUARTERLY = Candidate("Quarterly", PRESETS["quarterly"], COST)
NEVER = Candidate("Never", PRESETS["never"], COST)
BAND = Candidate("5/25 band", PRESETS["five_twenty_five"], COST)
DEAR = Candidate("Dear quarterly", PRESETS["quarterly"], RunSettings(cost_bps=10.0, annual_fee_bps=200.0))

SIXTY = book_of({"s0": 0.6, "s1": 0.4})


def monthly(n: int = 121, k: int = 2, seed: int = 3) -> Window:
    """Month ends from December 1999 on, random closes of the symbols s0, s1, …"""
    days = np.arange("2000-01", "2099-01", dtype="datetime64[M]")[:n].astype("datetime64[D]") - np.timedelta64(1, "D")
    return Window(days, _symbols(k), _closes(n, k, seed, 0.04), "monthly", 12, ())


def daily(n: int = 600, k: int = 2, seed: int = 3) -> Window:
    """Weekdays from 3 January 2000 on."""
    days = np.busday_offset(np.datetime64("2000-01-03", "D"), np.arange(n))
    return Window(days, _symbols(k), _closes(n, k, seed, 0.012), "daily", 252, ())


def equal(k: int) -> Book:
    """A book of equal targets."""
    return book_of({f"s{i}": 1.0 / k for i in range(k)})


def _symbols(k: int) -> tuple[str, ...]:
    return tuple(f"s{i}" for i in range(k))


def _closes(n: int, k: int, seed: int, scale: float) -> Floats:
    noise = np.random.default_rng(seed)
    return np.exp(np.cumsum(noise.normal(0.002, scale, (n, k)) * (1.0 + np.arange(k)), axis=0))
