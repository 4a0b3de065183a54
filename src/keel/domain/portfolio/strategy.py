"""A rebalancing strategy: a policy with targets on two levels, asset classes and the instruments in each."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.policy.records import Policy


@dataclass(frozen=True, slots=True)
class Strategy:
    """A named policy; ``id`` is empty until it is stored."""

    name: str
    policy: Policy
    id: str = ""


@dataclass(frozen=True, slots=True)
class ClassTarget:
    """The target weight (fraction of the whole) of one asset class of a strategy; one a class."""

    strategy_id: str
    asset_class: str
    target_weight: float
    id: str = ""


@dataclass(frozen=True, slots=True)
class HoldingTarget:
    """An instrument's share of its asset class (``target_percent_of_class`` as a fraction); one an instrument."""

    class_target_id: str
    instrument_id: str
    share: float
    locked: bool = False
    id: str = ""
