"""The rebalancing policy: when it may act, what triggers it, and where it trades to.

The rules about bands, breaches and destinations are written once, here; the editor's preview, the drift
report and the plans call them, and the compiled kernel is proved equal to them by test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Trigger(StrEnum):
    """``never`` trades after the purchase; ``calendar`` at every look; ``band`` when a leaf is in breach."""

    never = "never"
    calendar = "calendar"
    band = "band"


class Cadence(StrEnum):
    """Named looks: every session, or the last session of each period."""

    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"
    quarterly = "quarterly"
    semiannual = "semiannual"
    annual = "annual"


@dataclass(frozen=True, slots=True)
class EverySessions:
    """A look every ``every_sessions`` sessions, from session ``every_sessions`` on."""

    every_sessions: int


Look = Cadence | EverySessions


class Scope(StrEnum):
    """``whole_book``: every leaf goes to target. ``breached_only``: breached leaves go to their destination."""

    whole_book = "whole_book"
    breached_only = "breached_only"


@dataclass(frozen=True, slots=True)
class Absolute:
    """Half-width in percentage points of the portfolio."""

    width_bps: float = 500.0
    kind: Literal["absolute"] = "absolute"


@dataclass(frozen=True, slots=True)
class Relative:
    """Half-width as a share of the target."""

    width_bps: float = 2000.0
    kind: Literal["relative"] = "relative"


@dataclass(frozen=True, slots=True)
class FiveTwentyFive:
    """The smaller of an absolute and a relative half-width (Swedroe's 5/25 rule)."""

    absolute_bps: float = 500.0
    relative_bps: float = 2500.0
    kind: Literal["five_twenty_five"] = "five_twenty_five"


@dataclass(frozen=True, slots=True)
class Hybrid:
    """The larger of a relative half-width and a floor."""

    relative_bps: float = 2000.0
    floor_bps: float = 100.0
    kind: Literal["hybrid"] = "hybrid"


@dataclass(frozen=True, slots=True)
class Corridor:
    """An asymmetric band: so far below and so far above the target."""

    below_bps: float = 500.0
    above_bps: float = 500.0
    kind: Literal["corridor"] = "corridor"


Band = Absolute | Relative | FiveTwentyFive | Hybrid | Corridor


@dataclass(frozen=True, slots=True)
class Policy:
    """One rebalancing policy (SPEC 4). ``scope`` None means the default: whole_book for destination 0, else breached_only."""

    trigger: Trigger = Trigger.calendar
    look: Look = Cadence.daily
    offset: int = 0
    band: Band | None = None
    destination: float = 0.0
    scope: Scope | None = None
    cooldown_days: int = 0
    tranches: int = 1


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run assumes beside the policy.

    ``lag`` None means the default for the data's frequency (1 on daily data, 0 on coarser). ``cost_bps`` is per side
    of traded value, one number or by symbol. ``fixed_fee``, ``min_trade`` and ``initial_value`` are amounts of the base
    currency. ``risk_free`` is a rate a year.
    """

    lag: int | None = None
    cost_bps: float | Mapping[str, float] = 0.0
    fixed_fee: float = 0.0
    min_trade: float = 0.0
    charge_initial: bool = False
    initial_value: float = 10_000.0
    annual_fee_bps: float = 0.0
    risk_free: float = 0.0
