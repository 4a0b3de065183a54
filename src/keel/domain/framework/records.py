"""The framework: a versioned tree of buckets with targets, limits, rules and a rebalancing policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from keel.domain.framework.rules import Rules
from keel.domain.policy.kinds import Band, Trigger
from keel.domain.policy.records import Cadence, Policy

ANNUAL = Policy(trigger=Trigger.calendar, look=Cadence.annual)


@dataclass(frozen=True, slots=True)
class Holding:
    """An instrument of a bucket and its share of the bucket (fraction; a bucket's shares sum to 1).

    ``instrument_id`` is empty until the framework is stored; two holdings are equal without it.
    """

    symbol: str
    share: float
    instrument_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A portfolio limit; ``scope`` is a bucket path or empty for the whole portfolio."""

    type: str
    value: float
    unit: str = "percentage"
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One node of the tree. Weights are fractions of the whole portfolio.

    ``path`` is ``Dimension/Segment/…``: the first segment names the dimension and is no bucket.
    ``band`` None inherits the parent's override, and at the top the policy's band.
    """

    path: str
    label: str
    target_weight: float
    min_weight: float | None = None
    max_weight: float | None = None
    band: Band | None = None
    locked: bool = False
    rules: Rules = field(default_factory=Rules)
    holdings: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework at one version; ``id`` empty and ``version`` 0 until it is stored."""

    name: str
    buckets: tuple[Bucket, ...] = ()
    description: str = ""
    method: str = "custom"
    base_ccy: str = "USD"
    benchmark: str = ""
    risk_band: str = ""
    profile_id: str = ""
    rebalancing: Policy = ANNUAL
    constraints: tuple[Constraint, ...] = ()
    id: str = ""
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
