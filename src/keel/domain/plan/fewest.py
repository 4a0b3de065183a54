"""How much of the drift a few orders remove."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH = 0.9  # of the drift: what is left is seldom worth another order


@dataclass(frozen=True, slots=True)
class Step:
    """The least total drift that a number of orders can leave, and how far below it may still lie."""

    orders: int
    drift: float
    gap: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The steps from no order to as many as help."""

    steps: tuple[Step, ...]

    @property
    def removable(self) -> float:
        """The drift that orders can remove."""
        return self.steps[0].drift - self.steps[-1].drift


def sentence(curve: Curve, all_orders: int) -> str:
    """How few of all orders remove most of the drift; empty where there is none to remove.

    >>> sentence(Curve((Step(0, 0.10, 0.0), Step(1, 0.06, 0.0), Step(2, 0.008, 0.0), Step(3, 0.0, 0.0))), 3)
    '2 of 3 trades remove 92% of the drift.'
    """
    if curve.removable <= 0.0:
        return ""
    start = curve.steps[0].drift
    few = next(step for step in curve.steps if start - step.drift >= ENOUGH * curve.removable)
    removed = f"{100 * (start - few.drift) / start:.0f}% of the drift"
    return f"{few.orders} of {all_orders} trades {'removes' if few.orders == 1 else 'remove'} {removed}."
