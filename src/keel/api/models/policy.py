"""Rebalancing policies and their bands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keel.api.models.values import Name, Version
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Scope


class Absolute(BaseModel):
    """Half-width in percentage points of the portfolio."""

    kind: Literal["absolute"]
    width_bps: float = 500.0


class Relative(BaseModel):
    """Half-width as a share of the target."""

    kind: Literal["relative"]
    width_bps: float = 2_000.0


class FiveTwentyFive(BaseModel):
    """The smaller of an absolute and a relative half-width."""

    kind: Literal["five_twenty_five"]
    absolute_bps: float = 500.0
    relative_bps: float = 2_500.0


class Hybrid(BaseModel):
    """The larger of a relative half-width and a floor."""

    kind: Literal["hybrid"]
    relative_bps: float = 2_000.0
    floor_bps: float = 100.0


class Corridor(BaseModel):
    """So far below and so far above the target."""

    kind: Literal["corridor"]
    below_bps: float = 500.0
    above_bps: float = 500.0


class TrackingError(BaseModel):
    """The whole portfolio's drift, judged by the tracking error it means, in bps a year."""

    kind: Literal["tracking_error"]
    limit_bps: float = 300.0


Band = Annotated[Absolute | Relative | FiveTwentyFive | Hybrid | Corridor | TrackingError, Field(discriminator="kind")]


class EverySessions(BaseModel):
    """A look every so many sessions."""

    every_sessions: int


class Policy(BaseModel):
    """When a portfolio is rebalanced, and how far."""

    trigger: Trigger
    look: Cadence | EverySessions = Cadence.daily
    offset: int = 0
    band: Band | None = None
    destination: float = 0.0
    scope: Scope | None = None
    cooldown_days: int = 0
    tranches: int = 1


class DriftShort(BaseModel):
    """An absolute band in short: how often it is looked at, and how wide it is."""

    cadence: Literal["Q", "A", "M"]
    drift_bps: float


class BandShort(BaseModel):
    """The same under its other name."""

    cadence: Literal["Q", "A", "M"]
    band_bps: float


Preset = Annotated[str, Field(json_schema_extra={"enum": list(PRESETS)})]
AskedPolicy = Preset | Policy | DriftShort | BandShort


class NamedPolicyBody(BaseModel):
    """A policy to be kept under a name."""

    name: Name
    policy: Policy | DriftShort | BandShort


class AssignBody(BaseModel):
    """The framework that a policy is to be the one of, and the version that was seen."""

    framework_id: Name
    expected_version: Version | None = None


class AssignedPolicy(BaseModel):
    """The version of a framework that has the policy."""

    framework_id: str
    framework_version: Version
    policy: Policy


class NamedPolicy(BaseModel):
    """A policy kept under a name."""

    id: str
    name: str
    policy: Policy
