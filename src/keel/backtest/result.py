"""What a backtest gives back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

import keel
from keel.backtest.flows import Flows
from keel.domain.arrays import Days, Floats
from keel.domain.market.lines.likeness import Likeness, likeness_json
from keel.domain.policy.as_json import policy_json
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.policy.settings import settings_json
from keel.domain.portfolio.book import Book
from keel.units import under_a_year
from keel.vocabulary import HYPOTHETICAL

Metrics = Mapping[str, object]


class Trade(NamedTuple):
    """An instrument's weight before and after a rebalance (fractions of wealth before and after cost).

    An instrument that fills several leaves is one trade, its weights added up. A named tuple because a run makes
    thousands of them: a frozen record takes four times as long.
    """

    symbol: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Rebalance:
    """One event: filled at the close of ``date``; turnover is one-way, cost a fraction of wealth before the trade."""

    session: int
    date: dt.date
    decided: dt.date
    turnover: float
    cost: float
    trades: tuple[Trade, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision whose fill lies on the last session or later; ``fills`` None when that date is beyond the data."""

    decided: dt.date
    fills: dt.date | None
    goal: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunMeta:
    """What a reader needs to trust or repeat the run; ``notes`` tell of holes, proxies, survivors, dividends, gaps."""

    framework_id: str
    framework_name: str
    framework_version: int
    fingerprint: str
    first: dt.date
    last: dt.date
    frequency: str
    periods_per_year: float
    lag: int
    price_kind: str
    proxies: tuple[str, ...]
    survivors: tuple[str, ...]
    notes: tuple[str, ...]
    conventions: tuple[str, ...]
    prices: str = ""  # what they leave out in words, counted
    likenesses: tuple[Likeness, ...] = ()  # of the proxies


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """One policy over one window.

    ``dates`` (n,); ``wealth`` (n,) starts at 1.0 (less the purchase's cost if charged); ``weights`` (n, m) and
    ``holdings`` (n, k): leaf and instrument weights at each close before trading (on session 0 after the purchase);
    ``metrics`` by JSON key, None where undefined; ``goals`` (e, k) instrument weights after each of the ``events``.
    ``value`` (n,) is what is held after trading in the base currency. With ``flows`` wealth is time-weighted and the
    weights are those after a session's flow. ``cash`` (n,) are the closes of the series that is the risk-free rate.
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
    goals: Floats = field(default_factory=lambda: np.empty((0, 0)))
    flows: Flows | None = None
    value: Floats = field(default_factory=lambda: np.empty(0))
    cash: Floats | None = None


def metrics_json(result: BacktestResult) -> dict[str, object]:
    """Every metric by its key as a JSON value."""
    return {name: _plain(value) for name, value in result.metrics.items()}


def to_json(result: BacktestResult) -> dict[str, object]:
    """The result as JSON values, floats in full precision, dates as ISO text; with flows their list and the value.

    ``meta`` holds the policy and the settings that repeat it.
    """
    days = np.datetime_as_string(result.dates, unit="D").tolist()
    return {
        "metrics": metrics_json(result),
        "wealth": [{"date": d, "wealth": w} for d, w in zip(days, result.wealth.tolist(), strict=True)],
        "events": [_event_json(event) for event in result.events],
        "pending": None if result.pending is None else _pending_json(result.pending),
        "meta": _meta_json(result.meta)
        | {"policy": policy_json(result.policy), "settings": settings_json(result.settings)},
        **({} if result.flows is None else _flows_json(result.flows, result.value)),
    }


def _flows_json(flows: Flows, value: Floats) -> dict[str, object]:
    days = np.datetime_as_string(flows.dates, unit="D").tolist()
    lines = zip(days, flows.amounts.tolist(), flows.costs.tolist(), strict=True)
    return {"flows": [{"date": d, "amount": a, "cost": c} for d, a, c in lines], "value": value.tolist()}


def _event_json(event: Rebalance) -> dict[str, object]:
    return {
        "date": event.date.isoformat(),
        "decided": event.decided.isoformat(),
        "turnover": event.turnover,
        "cost": event.cost,
        "trades": [{"symbol": t.symbol, "from": t.before, "to": t.after} for t in event.trades],
    }


def _pending_json(pending: Pending) -> dict[str, object]:
    return {
        "decided": pending.decided.isoformat(),
        "fills": None if pending.fills is None else pending.fills.isoformat(),
        "goal": dict(pending.goal),
    }


def _meta_json(meta: RunMeta) -> dict[str, object]:
    return {
        "notice": HYPOTHETICAL,
        "keel": keel.__version__,
        "framework": meta.framework_name,
        "framework_id": meta.framework_id,
        "version": meta.framework_version,
        "prices_fingerprint": meta.fingerprint,
        "first": meta.first.isoformat(),
        "last": meta.last.isoformat(),
        "under_a_year": under_a_year(meta.first, meta.last),
        "frequency": meta.frequency,
        "periods_per_year": int(p) if (p := meta.periods_per_year).is_integer() else p,
        "lag": meta.lag,
        "price_kind": meta.price_kind,
        "proxies": list(meta.proxies),
        "proxies_measured": [likeness_json(found) for found in meta.likenesses],
        "survivors": list(meta.survivors),
        "notes": list(meta.notes),
        "conventions": list(meta.conventions),
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
