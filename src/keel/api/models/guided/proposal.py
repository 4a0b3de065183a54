"""Proposals: what they are asked for, what a generator may say, and what is answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, JsonValue, WithJsonSchema

from keel.api.models.finding import Finding, LimitVerdict
from keel.api.models.framework import Change, FrameworkContent
from keel.api.models.guided.profile import Answers, Wishes
from keel.api.models.values import Moment, Name, Text, Weight
from keel.domain.proposal.schema import framework_schema

Said = Annotated[dict[str, str], WithJsonSchema(framework_schema())]


class AskedProfile(BaseModel):
    """A profile that is not stored."""

    name: Text | None = None
    answers: Answers
    wishes: Wishes | None = None


class ProposalBody(BaseModel):
    """Whose proposal: a stored profile's or one that is given; ``said`` is what another generator proposed."""

    profile_id: Name | None = None
    profile: AskedProfile | None = None
    framework_id: Name | None = None
    said: Said | None = None
    by: Literal["rules", "model"] | None = None
    products: bool | None = None


class ProposedFramework(FrameworkContent):
    """A framework that is not saved; ``id`` and ``version`` are those of the one it would change."""

    method: Literal["generated"]
    id: str | None = None
    version: int | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class Reason(BaseModel):
    """Why something is proposed: ``about`` is a bucket's path, a limit's type, ``rebalancing`` or ``benchmark``."""

    about: str
    words: str


class ProposedProduct(BaseModel):
    """A product and its share of the bucket."""

    symbol: str
    share: Weight


class ProposedPick(BaseModel):
    """What fills a bucket, and why."""

    path: str
    products: list[ProposedProduct]
    reason: str


class ProposedPicks(BaseModel):
    """Products for buckets; ``notes`` name those that stay in cash."""

    source: str
    picks: list[ProposedPick]
    notes: list[str]


class Proposal(BaseModel):
    """A framework to be accepted, edited or left, as ``keel propose --json`` prints it."""

    source: str
    framework: ProposedFramework
    reasons: list[Reason]
    notes: list[str]
    valid: bool
    errors: list[Finding]
    warnings: list[Finding]
    constraints: list[LimitVerdict]
    changes: list[Change]
    fallback: str
    beside: str
    products: ProposedPicks | None


class GeneratorSchema(BaseModel):
    """A JSON Schema of an object: the schema of each field by its name."""

    model_config = {"extra": "forbid"}

    type: Literal["object"]
    properties: dict[str, JsonValue]
    required: list[str]
    additionalProperties: bool
