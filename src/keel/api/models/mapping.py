"""Suggestions for every bucket, as ``keel map --json`` prints them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from keel.api.models.finding import Finding, LimitVerdict
from keel.api.models.framework import Rules

Counted = Annotated[float, Field(ge=0, le=1e6)]


class RuleLine(BaseModel):
    """How a product meets a rule; ``passed`` null: the fact is not known."""

    rule: str
    passed: bool | None
    seen: str


class HealthFinding(BaseModel):
    """Something about a product's prices."""

    code: str
    level: str
    message: str


class Health(BaseModel):
    """How sound a product's prices are; ``level`` is that of the worst finding."""

    level: str
    findings: list[HealthFinding]


class Suggestion(BaseModel):
    """An eligible product, its score and the parts of it (null: not known)."""

    symbol: str
    id: str
    name: str
    score: float
    parts: dict[str, float | None]
    rules: list[RuleLine]
    health: Health
    usable: bool
    prices: str


class NearMiss(BaseModel):
    """A product that fails one rule only; at ``limit``, where the rule has a number, it would pass."""

    symbol: str
    rule: str
    seen: str
    limit: float | None


class Gap(BaseModel):
    """What a bucket lacks."""

    code: str
    message: str


class BucketSuggestions(BaseModel):
    """The suggestions for one bucket; ``rejected`` and ``unknown`` count products by rule, ``even_split`` are the
    products that a bucket named for a group is offered equal parts of.
    """

    path: str
    label: str
    target: float
    considered: int
    rejected: dict[str, int]
    unknown: dict[str, int]
    suggestions: list[Suggestion]
    near_misses: list[NearMiss]
    gaps: list[Gap]
    dataset: str
    contents: str
    even_split: list[str]


class ScoreWeights(BaseModel):
    """What counts how much in the score: 0 or more each, not all 0; a part that is left out does not count."""

    model_config = ConfigDict(extra="forbid")

    cost: Counted = 0.0
    liquidity: Counted = 0.0
    history: Counted = 0.0
    fit: Counted = 0.0
    size: Counted = 0.0


class MappingBody(Rules):
    """Filters that narrow every bucket, and the weights of the score."""

    weights: ScoreWeights | None = None


class Matching(BaseModel):
    """The suggestions for every bucket, and what the best of each would be warned of together."""

    score_weights: dict[str, float]

    buckets: list[BucketSuggestions]
    warnings: list[Finding]
    constraints: list[LimitVerdict]
