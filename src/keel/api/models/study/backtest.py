"""Backtests: what is asked, and each policy's run as ``keel backtest --json`` prints it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, create_model

from keel.api.models.benchmark import Blend
from keel.api.models.policy import AskedPolicy, Policy
from keel.api.models.study.settings import RunSettings
from keel.api.models.values import Day, Version
from keel.backtest.metrics.row import Kind
from keel.backtest.metrics.table import METRICS


class Params(BaseModel):
    """What a backtest is asked; without ``policies`` the framework's own."""

    policies: dict[str, AskedPolicy] | None = None
    run: RunSettings | None = None
    start: Day | None = None
    end: Day | None = None
    benchmark: str | Blend | None = None
    dataset: str | None = None
    proxies: bool | None = None


class BacktestBody(Params):
    """What a backtest is asked of: a portfolio, or the newest portfolio of a framework.

    A framework without one gets one of the best usable products. What is asked stands in ``params`` or beside the id.
    """

    portfolio_id: str | None = None
    framework_id: str | None = None
    params: Params | None = None


class CalendarYear(BaseModel):
    """The return of one calendar year; ``partial``: the run covers a part of it."""

    year: int
    return_: Annotated[float, Field(alias="return")]
    partial: bool


_VALUES = {Kind.number: float | None, Kind.count: float | None, Kind.day: Day | None, Kind.years: list[CalendarYear]}
_fields = {m.key: (_VALUES[m.kind], Field(None if m.flows else ..., description=m.definition)) for m in METRICS}
Metrics = create_model("Metrics", __doc__="Every metric by its key; null where it is not defined.", **_fields)  # type: ignore[call-overload]


class Wealth(BaseModel):
    """Wealth at a close; it begins at 1."""

    date: Day
    wealth: float


class Trade(BaseModel):
    """An instrument's weight before and after a rebalance."""

    symbol: str
    from_: Annotated[float, Field(alias="from")]
    to: float


class Event(BaseModel):
    """A rebalance: turnover is one-way, cost a fraction of wealth before the trade."""

    date: Day
    decided: Day
    turnover: float
    cost: float
    trades: list[Trade]


class Pending(BaseModel):
    """A decision that is filled on the last session or later."""

    decided: Day
    fills: Day | None
    goal: dict[str, float]


class MeasuredProxy(BaseModel):
    """How a fund moved with the series that stands in for it, on the sessions both have; null where not defined."""

    symbol: str
    series: str
    sessions: int
    frequency: str
    first: Day | None
    last: Day | None
    correlation: float | None
    beta: float | None
    tracking_error: float | None


class Meta(BaseModel):
    """What a reader needs to trust or repeat the run."""

    notice: str
    keel: str
    framework: str
    framework_id: str
    version: int
    prices_fingerprint: str
    first: Day
    last: Day
    frequency: str
    periods_per_year: float
    under_a_year: bool
    lag: int
    price_kind: str
    proxies: list[str]
    proxies_measured: list[MeasuredProxy]
    survivors: list[str]
    notes: list[str]
    conventions: list[str]
    policy: Policy
    settings: RunSettings


class Flow(BaseModel):
    """Money put in or taken out, and what trading it cost."""

    date: Day
    amount: float
    cost: float


class Result(BaseModel):
    """One path; ``flows`` and ``value`` are there with contributions only."""

    metrics: Metrics  # type: ignore[valid-type]
    wealth: list[Wealth]
    events: list[Event]
    pending: Pending | None
    meta: Meta
    flows: list[Flow] | None = None
    value: list[float] | None = None


class Run(Result):
    """The path of a policy."""

    policy: str


class Benchmark(Result):
    """A symbol bought and held, or a blend by its name."""

    symbol: str
    blend: Blend | None = None


class RiskPart(BaseModel):
    """A part at its target: its volatility a year, what it contributes to that of the whole, and its share of it."""

    weight: float
    volatility: float
    contribution: float
    share: float


class BucketRisk(RiskPart):
    """A bucket."""

    path: str
    label: str


class ProductRisk(RiskPart):
    """A product of a bucket."""

    symbol: str
    path: str


class Covariance(BaseModel):
    """The covariance of the buckets' returns, a year's."""

    paths: list[str]
    matrix: list[list[float]]


class Risk(BaseModel):
    """Where the risk of the targets comes from, over the window of the run."""

    volatility: float
    periods_per_year: float
    returns: int
    buckets: list[BucketRisk]
    products: list[ProductRisk]
    covariance: Covariance


class Backtest(BaseModel):
    """A stored run, its policies in their order."""

    run_id: str
    portfolio_id: str
    portfolio_version: Version
    runs: list[Run]
    benchmark: Benchmark | None
    dataset: str
    notes: list[str]
    risk: Risk | None = None
