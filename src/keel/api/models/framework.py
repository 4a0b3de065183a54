"""Frameworks: what is sent, what is answered, and their versions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, JsonValue

from keel.api.models.finding import Finding
from keel.api.models.policy import AskedPolicy, Band, Policy
from keel.api.models.values import Amount, Moment, Name, Text, Version, Weight

Method = Literal["template", "custom", "imported", "generated"]


class Rules(BaseModel):
    """What a product must be; also the filters of a mapping."""

    include_tags: list[Text] | Text | None = None
    exclude_tags: list[Text] | Text | None = None
    allowed_types: list[Text] | Text | None = None
    currencies: list[Text] | Text | None = None
    exclude_symbols: list[Text] | Text | None = None
    min_adv_usd: Amount | None = None
    max_expense_ratio: Amount | None = None
    min_history_years: Amount | None = None
    min_aum_usd: Amount | None = None


class Holding(BaseModel):
    """A product of a bucket and its share of it."""

    symbol: Name
    share: Weight


class Constraint(BaseModel):
    """A limit; without ``scope``, a bucket's path, of the whole portfolio."""

    type: Text
    value: Amount
    unit: Text | None = None
    scope: Text | None = None


class Bucket(BaseModel):
    """A node of the tree; its parent is there too, and its weights are fractions of the whole portfolio."""

    path: Name
    label: Text | None = None
    target_weight: Weight
    min_weight: Weight | None = None
    max_weight: Weight | None = None
    band: Band | None = None
    locked: bool | None = None
    rules: Rules | None = None
    holdings: list[Holding] | None = None


class JudgedBody(BaseModel):
    """A framework to be judged, whatever its policy says: what is wrong with that is a finding."""

    keel: Literal[1] = 1
    name: Name
    description: Annotated[str, Field(max_length=20_000)] | None = None
    base_ccy: Text | None = None
    method: Method | None = None
    risk_band: Text | None = None
    benchmark: Text | None = None
    profile_id: Text | None = None
    rebalancing: AskedPolicy | dict[str, JsonValue] | str | None = None
    constraints: list[Constraint] | None = None
    buckets: Annotated[list[Bucket], Field(max_length=2_000)]
    version: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None


class FrameworkBody(JudgedBody):
    """A framework as it is to be; ``version`` is the one that was edited."""

    rebalancing: AskedPolicy | None = None


class FrameworkContent(BaseModel):
    """What a framework says, stored or proposed."""

    keel: Literal[1]
    name: str
    description: str
    base_ccy: str
    method: Method
    risk_band: str
    benchmark: str
    profile_id: str
    rebalancing: Policy
    constraints: list[Constraint]
    buckets: list[Bucket]


class Framework(FrameworkContent):
    """A framework at one version, as ``keel export framework`` writes it."""

    id: str
    version: Version
    created_at: Moment
    updated_at: Moment


class SavedFramework(Framework):
    """A framework that was just saved, and what is worth saying about it."""

    warnings: list[Finding]


class FrameworkSummary(BaseModel):
    """A line of the list of frameworks; ``bucket_count`` counts those without parts."""

    id: str
    name: str
    version: Version
    updated_at: Moment
    bucket_count: int
    risk_band: str


class ClassTarget(BaseModel):
    """The target of a bucket: the upper of the two levels."""

    path: str
    label: str
    target_weight: Weight


class ClassTargets(BaseModel):
    """The targets of every bucket of a framework version, in tree order."""

    framework_id: str
    framework_version: Version
    targets: list[ClassTarget]


class GivenClass(BaseModel):
    """The target that a bucket is to have."""

    path: Name
    target_weight: Weight


class ClassTargetsBody(BaseModel):
    """Targets to be set in the next version; those below them follow in proportion."""

    framework_id: str
    expected_version: Version | None = None
    targets: Annotated[list[GivenClass], Field(max_length=2_000)]


class HoldingTarget(BaseModel):
    """A product of a bucket: its share of it, and so its target in the whole."""

    path: str
    symbol: str
    share: Weight
    target_weight: Weight


class HoldingTargets(BaseModel):
    """The products that a framework version names, in tree order."""

    framework_id: str
    framework_version: Version
    targets: list[HoldingTarget]


class GivenHolding(BaseModel):
    """The share that a product is to have of a bucket."""

    path: Name
    symbol: Name
    share: Weight


class HoldingTargetsBody(BaseModel):
    """All products of the buckets that are named, to be set in the next version; shares sum to 1 a bucket."""

    framework_id: str
    expected_version: Version | None = None
    targets: Annotated[list[GivenHolding], Field(max_length=10_000)]


class FrameworkVersion(BaseModel):
    """A version of a framework and when it was saved."""

    version: Version
    name: str
    updated_at: Moment


class Change(BaseModel):
    """One change from a version to another."""

    kind: str
    path: str
    label: str
    field: str
    before: str
    after: str


class Diff(BaseModel):
    """What changed from version ``a`` to version ``b``."""

    a: int
    b: int
    changes: list[Change]
