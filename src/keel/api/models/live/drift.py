"""The drift of a live portfolio."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from keel.api.models.finding import Finding, LimitVerdict
from keel.api.models.values import Day

Status = Literal["in_band", "under", "over", "not_targeted", "frozen", "no_price"]


class _Row(BaseModel):
    """Weights are fractions of the value; a band is one half-width, or one below and one above."""

    path: str
    label: str
    actual: float
    target: float
    drift: float
    relative_drift: float | None
    band: float | list[float]
    status: Status
    value: float | None
    value_to_trade: float | None


class BucketDrift(_Row):
    """A bucket; ``rise`` and ``fall`` are its price moves that would breach, chances are by sessions ahead."""

    leaf: bool
    rise: float | None
    fall: float | None
    breach_chance: dict[str, float | None] | None


class HoldingDrift(_Row):
    """A holding against its share of its bucket; outside the framework the path is empty."""

    symbol: str
    quantity: float
    price: float | None


class Part(BaseModel):
    """A value and its weight in the whole."""

    name: str
    value: float
    weight: float


class AccountDrift(Part):
    """An account's part of the whole, and its holdings'."""

    holdings: list[Part]


class Forecast(BaseModel):
    """What the chances of a breach rest on."""

    any: dict[str, float | None]
    frequency: str
    first: Day | None
    last: Day | None
    returns: int
    block: int
    draws: int
    seed: int
    notes: list[str]


class Drift(BaseModel):
    """Where a portfolio stands against its targets, as ``keel drift --json`` prints it."""

    as_of: Day
    priced_at: Day | None
    value: float
    excluded: float
    total_drift: float
    max_drift: float
    rebalance_needed: bool
    last_rebalance: Day | None
    last_check: Day | None
    next_check: Day | None
    judged_against: str
    buckets: list[BucketDrift]
    holdings: list[HoldingDrift]
    forecast: Forecast | None
    accounts: list[AccountDrift]
    notes: list[str]
    findings: list[Finding]
    constraints: list[LimitVerdict]
