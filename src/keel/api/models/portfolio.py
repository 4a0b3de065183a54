"""Portfolios: the products chosen for the buckets of one framework version."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from keel.api.models.finding import LimitVerdict
from keel.api.models.framework import Change
from keel.api.models.mapping import ScoreWeights
from keel.api.models.values import Day, Moment, Name, Version


class PickBody(BaseModel):
    """A product for a bucket; ``share`` is its fraction of the bucket."""

    path: str
    instrument_id: str
    symbol: str
    share: float = 1.0
    locked: bool = False


class PortfolioBody(BaseModel):
    """What a portfolio is made of; without ``picks`` the best usable product of each bucket.

    ``overrides`` set weights of the whole by instrument id or symbol. ``framework_version`` else is the newest.
    """

    framework_id: str
    framework_version: Version | None = None
    picks: list[PickBody] | None = None
    overrides: dict[str, float] | None = None
    weights: ScoreWeights | None = None
    name: str | None = None


class Pick(BaseModel):
    """A product of a bucket."""

    path: str
    instrument_id: str
    symbol: str
    share: float
    locked: bool


class PortfolioRow(BaseModel):
    """A line of the list of portfolios."""

    id: str
    version: Version
    name: str
    framework_id: str
    framework_version: Version
    created_at: Moment


class Portfolio(PortfolioRow):
    """A portfolio at one version."""

    picks: list[Pick]
    score_weights: dict[str, float]
    constraints: list[LimitVerdict]


class MoveBody(BaseModel):
    """Where a portfolio goes: to the newest version of its framework unless one is named.

    Without ``accept`` it is a preview. ``picks`` are all products of the buckets they name.
    """

    framework_version: Version | None = None
    accept: bool = False
    expected_version: Version | None = None
    picks: list[PickBody] | None = None


class OpenBucket(BaseModel):
    """A bucket that no product fills: its part stays in cash."""

    path: str
    label: str
    target_weight: float


class MoveTrade(BaseModel):
    """An order that follows; a sale is negative, and a gain is null where the cost is not known or nothing is sold."""

    account: str
    symbol: str
    value: float
    quantity: float
    price: float
    gain: float | None
    parts: list[dict[str, str | float]] | None = None


class Move(BaseModel):
    """A portfolio going from one version of its framework to another, as ``keel move --json`` prints it."""

    portfolio_id: str
    portfolio_version: Version
    framework_id: str
    source: Annotated[Version, Field(alias="from")]
    to: Version
    changes: list[Change]
    kept: list[Pick]
    dropped: list[Pick]
    trades: list[MoveTrade]
    realised_gain: float | None
    tax: float | None
    drift_before: float | None
    drift_after: float | None
    open: list[OpenBucket]
    accepted: bool


Held = Annotated[float, Field(ge=0, le=1e15)]


class PositionBody(BaseModel):
    """What is held of a symbol: a quantity, with its price or at the stored one, or a value; not both."""

    symbol: Name
    quantity: Held | None = None
    price: Held | None = None
    value: Held | None = None


class PositionsBody(BaseModel):
    """Positions to be judged; without prices of their own the stored ones count, at or before ``as_of``."""

    positions: Annotated[list[PositionBody], Field(max_length=10_000)]
    as_of: Day | None = None


class Verdicts(BaseModel):
    """How positions meet the limits of a portfolio's framework and the bounds of its buckets."""

    as_of: Day
    value: float
    constraints: list[LimitVerdict]


class Slice(BaseModel):
    """A part of the whole: the target (null where targets say nothing), and what is held through the products."""

    member: str
    label: str
    target: float | None
    held: float


class Dimension(BaseModel):
    """One way to cut a portfolio; ``unknown`` is held and not known by it."""

    dimension: str
    unknown: float
    slices: list[Slice]


class XRay(BaseModel):
    """A portfolio through its products, as ``keel xray --json`` prints it."""

    dimensions: list[Dimension]
    constraints: list[LimitVerdict]


class PartsSource(BaseModel):
    """Who says what a product is made of by a dimension, as of a day."""

    dimension: str
    source: str
    as_of: Day | None


class Made(BaseModel):
    """What a product is made of, as ``keel exposures show --json`` prints it."""

    symbol: str
    dimensions: list[Dimension]
    sources: list[PartsSource]


class Common(BaseModel):
    """A company that two products hold, and its weight in each."""

    company: str
    weights: list[float]


class Overlap(BaseModel):
    """What two products have in common; null where it is not known what one of them holds."""

    products: list[str]
    overlap: float | None
    at_most: float | None
    known: list[float]
    common: list[Common]
    message: str
