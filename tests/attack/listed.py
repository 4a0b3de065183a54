"""A source of prices without a network, for a process that is killed in the middle of storing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from keel.domain.market.public.bars import Bars
from keel.sources.yahoo.facts import Product
from keel.sources.yahoo.gate import Pace
from keel.sources.yahoo.source import Source
from keel.sources.yahoo.trouble import UNKNOWN, Trouble

SYMBOLS = tuple(f"S{n}" for n in range(16))
EARLIER = SYMBOLS[:8]  # stored before, with fewer days
SESSIONS, BEFORE = 300, 280


def bars(symbol: str, sessions: int) -> Bars:
    """The first so many days of a symbol; every fourth is told otherwise once there are all."""
    n = int(symbol[1:])
    closes = 10.0 + n + np.sin(np.arange(SESSIONS) * (n + 1))
    told = 0.9 if n % 4 == 0 and sessions == SESSIONS else 1.0
    dividends, splits = np.zeros(SESSIONS), np.zeros(SESSIONS)
    dividends[::50], splits[BEFORE + 5] = 0.1, 2.0 if n % 8 == 0 else 0.0
    dates = np.busday_offset("2022-01-03", np.arange(SESSIONS)).astype("datetime64[D]")
    about = {"currency": "USD", "name": f"Fund {n}", "type": "ETF"}
    whole = Bars(symbol, dates, closes, closes * told, np.full(SESSIONS, 1e6), dividends, splits, about)
    return whole.where(np.arange(SESSIONS) < sessions)


def source(sessions: int = SESSIONS) -> Source:
    """A source that lists so many days of each symbol, and does not know every seventh."""

    def history(symbol: str, since: date | None, _now: datetime) -> Bars | Trouble:
        if int(symbol[1:]) % 7 == 6:
            return UNKNOWN
        listed = bars(symbol, sessions)
        return listed if since is None else listed.since(np.datetime64(since))

    def facts(symbol: str, _type: str) -> Product:
        return Product({"expense_ratio": 0.001}, {"Energy": 1.0}, {"Equity": 1.0})

    clock = datetime(2024, 1, 2, tzinfo=UTC)
    return replace(Source(Pace(sleep=lambda _: None)), history=history, facts=facts, now=lambda: clock)
