"""The rebalancing policy: when it may act, what triggers it, where it trades to; and what a run assumes beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from keel.domain.frozen import Frozen
from keel.domain.policy.kinds import KINDS, TRIGGERS, Band, Trigger, for_leaves
from keel.domain.policy.values import invalid, require_between, require_whole


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
class Policy:
    """One rebalancing policy. ``scope`` None is the default: whole_book for destination 0, else breached_only."""

    trigger: Trigger = Trigger.calendar
    look: Look = Cadence.daily
    offset: int = 0
    band: Band | None = None
    destination: float = 0.0
    scope: Scope | None = None
    cooldown_days: int = 0
    tranches: int = 1


class FlowMode(StrEnum):
    """``proportional`` buys and sells at current weights; ``steer`` evens out drift and never sells on an inflow."""

    proportional = "proportional"
    steer = "steer"


@dataclass(frozen=True, slots=True)
class Contributions:
    """Money put in (``amount`` > 0) or taken out on the last session of each period of ``cadence``, base currency.

    The amount grows by ``growth_per_year`` on each anniversary of the first session.
    """

    amount: float
    cadence: Cadence = Cadence.monthly
    growth_per_year: float = 0.0
    mode: FlowMode = FlowMode.proportional


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run assumes beside the policy.

    ``lag`` None means the default for the data's frequency (1 on daily data, 0 on coarser). ``cost_bps`` is per side
    of traded value, one number or by symbol. ``fixed_fee``, ``min_trade`` and ``initial_value`` are amounts of the base
    currency. ``risk_free`` is a rate a year, or the symbol whose returns are the rate. ``frozen`` are paths or labels
    of buckets that keep what was bought at first. ``allow_gaps`` reads on over a stretch without any price.
    """

    lag: int | None = None
    cost_bps: float | Mapping[str, float] = 0.0
    fixed_fee: float = 0.0
    min_trade: float = 0.0
    charge_initial: bool = False
    initial_value: float = 10_000.0
    annual_fee_bps: float = 0.0
    risk_free: float | str = 0.0
    contributions: Contributions | None = None
    frozen: tuple[str, ...] = ()
    allow_gaps: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.cost_bps, Mapping):
            object.__setattr__(self, "cost_bps", Frozen(self.cost_bps))

    @property
    def rates(self) -> tuple[str, ...]:
        """The symbol of the risk-free rate where that is a series, which then takes part in the window; else none."""
        return (self.risk_free,) if isinstance(self.risk_free, str) and self.risk_free else ()


MOST_TRANCHES = 100  # each is a whole simulation


def scope_of(policy: Policy) -> Scope:
    """The scope that applies: the policy's own, else whole_book for destination 0 and breached_only beyond.

    >>> scope_of(Policy()).value, scope_of(Policy(destination=0.5)).value
    ('whole_book', 'breached_only')
    """
    if policy.scope is not None:
        return policy.scope
    return Scope.whole_book if policy.destination == 0.0 else Scope.breached_only


def at_every_look(policy: Policy) -> bool:
    """Whether the policy acts at each of its looks, in breach or not.

    >>> from keel.domain.policy.kinds import Absolute
    >>> at_every_look(Policy(Trigger.calendar)), at_every_look(Policy(Trigger.band, band=Absolute(500)))
    (True, False)
    """
    return TRIGGERS[policy.trigger].looks and not TRIGGERS[policy.trigger].banded


def judges_leaves(policy: Policy) -> bool:
    """Whether the policy acts on bands of its leaves.

    >>> from keel.domain.policy.kinds import Absolute
    >>> judges_leaves(Policy(Trigger.band, band=Absolute(500))), judges_leaves(Policy(Trigger.calendar))
    (True, False)
    """
    return TRIGGERS[policy.trigger].banded and for_leaves(policy.band)


def require_policy(policy: Policy) -> None:
    """Raises InvalidPolicyError, whose one sentence names the first field out of range or in contradiction."""
    require_whole("offset", policy.offset, 0)
    require_whole("cooldown_days", policy.cooldown_days, 0)
    require_whole("tranches", policy.tranches, 1, MOST_TRANCHES)
    if isinstance(policy.look, EverySessions):
        require_whole("every_sessions", policy.look.every_sessions, 1)
    require_between("destination", policy.destination, 0.0, 1.0)
    if policy.band is not None:
        require_band(policy.band)
    _require_agreement(policy)


def _require_agreement(policy: Policy) -> None:
    name, kind = policy.trigger.value, TRIGGERS[policy.trigger]
    if at_every_look(policy):
        if policy.band is not None:
            raise invalid("band", f"A {name} policy acts at every look, so it takes no band.", "Use trigger band.")
        if policy.destination != 0.0:
            raise invalid("destination", f"A {name} policy always trades to target, so destination must be 0.")
        if policy.scope is Scope.breached_only:
            raise invalid("scope", f"A {name} policy always trades the whole book, so scope cannot be breached_only.")
    if kind.banded and policy.band is None:
        raise invalid("band", f"A policy with trigger {name} needs a band.", "Add a band with its kind.")
    if policy.band is not None and not for_leaves(policy.band) and scope_of(policy) is not Scope.whole_book:
        raise invalid(
            "destination",
            "A tracking error belongs to the whole portfolio, so its policy trades the whole book to target "
            "(destination 0).",
        )
    if policy.scope is Scope.whole_book and policy.destination != 0.0:
        raise invalid(
            "scope", "With scope whole_book every leaf goes to target, so destination must be 0.", "Use breached_only."
        )


def require_band(band: Band, name: str = "band") -> None:
    """Raises InvalidPolicyError naming the width out of range.

    Widths in percentage points of the portfolio lie in [0, 10000] bps, and so does a limit of tracking error; a share
    of the target may be up to ten times it.
    """
    for width in KINDS[band.kind].widths:
        require_between(f"{name}.{width.name}", getattr(band, width.name), 0.0, width.highest)
