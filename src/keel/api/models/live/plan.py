"""Plans: what is asked of one, what it says, and what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from keel.api.models.finding import Finding, LimitVerdict
from keel.api.models.live.holdings import Kind
from keel.api.models.policy import AskedPolicy
from keel.api.models.values import Day, Moment, Name, Version

Amount = Annotated[float, Field(ge=0, le=1e15)]
Fraction = Annotated[float, Field(ge=0, le=1)]
RuleName = Literal["relative_waterfill", "absolute_waterfill", "gap_proportional", "target_proportional"]


ClassName = Literal["bonds", "real_estate", "high_yield", "equity", "alternatives", "cash"]
Rank = Annotated[int, Field(ge=0, le=9)]


class TaxRates(BaseModel):
    """Rates on gains as fractions, and the days a lot must be exceeded in age to count as long-term."""

    model_config = ConfigDict(extra="forbid")

    short_rate: Fraction = 0.35
    long_rate: Fraction = 0.15
    long_days: Annotated[int, Field(ge=0, le=100_000)] = 365


class Edit(BaseModel):
    """Units of a product that a person set, signed."""

    account: Name
    symbol: Name
    quantity: float


class PickedLots(BaseModel):
    """The places of the lots of a position that go first."""

    account: Name
    symbol: Name
    lots: list[int]


class PlanBody(BaseModel):
    """A deposit, a withdrawal, or with neither trades to the policy's destination, under limits."""

    model_config = ConfigDict(extra="forbid")

    deposit: Amount | None = None
    withdraw: Amount | None = None
    rule: RuleName | None = None
    account: Name | None = None
    money_held: bool | None = None
    whole_shares: bool | None = None
    min_trade: Amount | None = None
    max_turnover: Amount | None = None
    gain_budget: Amount | None = None
    max_trades: Annotated[int, Field(ge=0, le=10_000)] | None = None
    tax: TaxRates | None = None
    location: dict[ClassName, dict[Kind, Rank]] | None = None
    edits: list[Edit] | None = None
    lots: list[PickedLots] | None = None
    policy: AskedPolicy | None = None
    as_of: Day | None = None


class EditsBody(BaseModel):
    """The edits to plan with; without them those there are stay, an empty list resets."""

    edits: list[Edit] | None = None


class OrderPart(BaseModel):
    """What of an order is for one bucket."""

    path: str
    value: float


class PlannedOrder(BaseModel):
    """One order; value and quantity are signed, a sale is negative."""

    account: str
    symbol: str
    value: float
    quantity: float
    price: float
    gain: float | None
    parts: list[OrderPart] | None = None


class BucketChange(BaseModel):
    """A leaf's weight before and after; without a path what lies outside the framework."""

    path: str
    label: str
    before: float
    after: float
    target: float


class PlanSaid(BaseModel):
    """What a plan says, as ``keel plan --json`` prints it."""

    as_of: Day
    rule: str
    total_before: float
    total_after: float
    drift_before: float
    drift_after: float
    realised_gain: float
    tax: float
    trades: list[PlannedOrder]
    leftover: float
    cash: dict[str, float]
    factors: dict[str, float]
    buckets: list[BucketChange]
    constraints: list[LimitVerdict]
    notes: list[str]
    findings: list[Finding]


class Plan(PlanSaid):
    """A stored plan: what ``keel plan --json`` prints, and what became of it."""

    id: str
    portfolio_id: str
    portfolio_version: Version
    status: Literal["draft", "accepted", "executed"]
    fingerprint: str
    created_at: Moment | None
    accepted_at: Moment | None
    executed_at: Moment | None
    edits: list[Edit]


class RuleTrade(BaseModel):
    """What a rule trades."""

    account: str
    symbol: str
    value: float


class RuleOutcome(BaseModel):
    """What one rule comes to."""

    rule: RuleName
    label: str
    why: str
    drift_after: float
    leftover: float
    trades: list[RuleTrade]


class RulesBeside(BaseModel):
    """The four rules for one amount."""

    rules: list[RuleOutcome]
    why: str


class FewOrders(BaseModel):
    """The least drift that a number of orders can leave, and how far below it may still lie."""

    orders: int
    drift: float
    gap: float


class GainAndDrift(BaseModel):
    """The gain realised and the drift left."""

    gain: float
    drift: float


class Curves(BaseModel):
    """Drift by the number of orders, and by the gain."""

    orders: list[FewOrders]
    sentence: str
    gains: list[GainAndDrift]


Regular = Literal["weekly", "monthly", "quarterly", "semiannual", "annual"]


class ScheduleBody(BaseModel):
    """A deposit at the end of every period."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[float, Field(gt=0, le=1e15)]
    cadence: Regular | None = None
    rule: RuleName | None = None
    account: Name | None = None
    policy: AskedPolicy | None = None
    as_of: Day | None = None


class AskedSchedule(BaseModel):
    """The deposits that were asked about."""

    amount: float
    cadence: Regular
    rule: RuleName
    account: str


class FlatProspect(BaseModel):
    """While prices stay: the number of deposits, an amount that does it in a year, and what stays out of band."""

    deposits: int | None
    in_a_year: float | None
    away: list[str]


class SpreadProspect(BaseModel):
    """Over resampled histories: numbers of deposits; ``reached`` is the part in band after each."""

    low: int | None
    median: int | None
    high: int | None
    horizon: int
    never: Fraction
    reached: list[Fraction]
    in_a_year: float | None
    frequency: str
    first: Day
    last: Day
    returns: int
    block: int
    draws: int
    seed: int


class ScheduleProspect(BaseModel):
    """After how many deposits every bucket is in its band, as ``keel plan --schedule --json`` prints it."""

    schedule: AskedSchedule
    currency: str
    in_band: bool
    finding: str
    flat: FlatProspect
    spread: SpreadProspect | None
    notes: list[str]
