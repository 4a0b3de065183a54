"""What a run assumes beside the policy."""

from __future__ import annotations

from pydantic import BaseModel

from keel.domain.policy.records import Cadence, FlowMode


class Contributions(BaseModel):
    """Money put in (``amount`` > 0) or taken out at the close of each period's last session."""

    amount: float
    cadence: Cadence = Cadence.monthly
    growth_per_year: float = 0.0
    mode: FlowMode = FlowMode.proportional


class RunSettings(BaseModel):
    """Run settings; ``cost_bps`` is one number or one a symbol, ``risk_free`` a rate a year or a symbol."""

    lag: int | None = None
    cost_bps: float | dict[str, float] = 0.0
    fixed_fee: float = 0.0
    min_trade: float = 0.0
    charge_initial: bool = False
    initial_value: float = 10_000.0
    annual_fee_bps: float = 0.0
    risk_free: float | str = 0.0
    contributions: Contributions | None = None
    frozen: list[str] | None = None
