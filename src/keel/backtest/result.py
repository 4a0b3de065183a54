"""What a backtest gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keel.domain.book import Book
from keel.domain.policy import Policy, RunSettings
from keel.domain.prices import Days, Floats

Metrics = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Trade:
    """An instrument's weight before and after a rebalance (fractions of wealth before and after cost)."""

    symbol: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Rebalance:
    """One event: filled at the close of ``date``, decided at ``decided``; turnover is one-way, cost a fraction of wealth before."""

    session: int
    date: date
    decided: date
    turnover: float
    cost: float
    trades: tuple[Trade, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision whose fill lies on the last session or later; ``fills`` None when that date is beyond the data."""

    decided: date
    fills: date | None
    goal: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunMeta:
    """What a reader needs to trust or repeat the run. ``notes``: holes carried, proxies, survivors, dividends excluded, gaps."""

    framework_id: str
    framework_name: str
    framework_version: int
    fingerprint: str
    first: date
    last: date
    frequency: str
    periods_per_year: int
    lag: int
    price_kind: str
    notes: tuple[str, ...]
    conventions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """One policy over one window.

    ``dates`` (n,); ``wealth`` (n,) starts at 1.0 (less the purchase's cost if charged); ``weights`` (n, m) and
    ``holdings`` (n, k): leaf and instrument weights at each close before trading; ``metrics`` keyed as SPEC 4.
    """

    name: str
    policy: Policy
    settings: RunSettings
    book: Book
    dates: Days
    wealth: Floats
    weights: Floats
    holdings: Floats
    events: tuple[Rebalance, ...]
    pending: Pending | None
    metrics: Metrics
    meta: RunMeta
