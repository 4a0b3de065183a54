"""Money that comes in or goes out at a close, compiled: the twin of ``keel.domain.plan.waterfill``."""

from __future__ import annotations

from keel.backtest.kernel.compiled import compiled
from keel.backtest.kernel.records import Holdings, Instruments
from keel.domain.arrays import Floats


@compiled
def place_flow(amount: float, steer: bool, held: Holdings, close: Floats, fixed: Instruments, traded: Floats) -> bool:
    """``held`` with the amount bought (> 0) or sold at ``close`` (k,); False when a withdrawal takes everything.

    Its cost is paid out of the amount. ``traded`` (k,) is written: the value bought, or sold (negative). What is
    ``still`` takes no part. ``steer`` leads it towards target, else it goes in proportion to value.
    """
    value, quantity = held.value, held.quantity
    if steer and not relative_waterfill(value, fixed, amount, traded):
        return False
    if not steer and not _spread_evenly(value, fixed, amount, traded):
        return False
    for i in range(len(traded)):
        if traded[i] != 0.0:
            value[i] += traded[i]
            quantity[i] = value[i] / close[i]
    return True


@compiled
def _spread_evenly(value: Floats, fixed: Instruments, amount: float, traded: Floats) -> bool:
    """Trades in proportion to value; to the targets where nothing that may be bought is held."""
    wanted, still, costs = fixed.targets, fixed.still, fixed.costs
    side = 1.0 if amount > 0.0 else -1.0
    price, aimed = 0.0, 0.0
    for i in range(len(value)):
        if not still[i]:
            price += value[i] * (1.0 + side * costs[i])
            aimed += wanted[i] * (1.0 + side * costs[i])
    part = amount / price if price > 0.0 else amount / aimed
    if part <= -1.0 or (price <= 0.0 and side < 0.0):
        return False
    for i in range(len(value)):
        traded[i] = 0.0 if still[i] else part * (value[i] if price > 0.0 else wanted[i])
    return True


@compiled
def relative_waterfill(value: Floats, fixed: Instruments, amount: float, traded: Floats) -> bool:
    """The trades (k,) that bring every V/d below (above, for a withdrawal) one level to it, written in place.

    False when a withdrawal takes everything. What has no target is sold first, in proportion to value.
    """
    wanted, still, costs = fixed.targets, fixed.still, fixed.costs
    side = 1.0 if amount > 0.0 else -1.0
    loose, everything = 0.0, 0.0
    for i in range(len(value)):
        traded[i] = 0.0
        if not still[i]:
            everything += value[i] * (1.0 + side * costs[i])
            if wanted[i] == 0.0:
                loose += value[i] * (1.0 + side * costs[i])
    if side < 0.0:
        if -amount >= everything:
            return False
        if -amount <= loose:
            for i in range(len(value)):
                if not still[i] and wanted[i] == 0.0:
                    traded[i] = value[i] * (amount / loose)
            return True
        amount += loose
    level = _level(value, fixed, amount, side)
    for i in range(len(value)):
        if still[i]:
            continue
        if wanted[i] > 0.0:
            traded[i] = side * max(side * (wanted[i] * level - value[i]), 0.0)
        elif side < 0.0:
            traded[i] = -value[i]
    return True


@compiled
def _level(value: Floats, fixed: Instruments, amount: float, side: float) -> float:
    """L with Σ (1 ± c)·max(±(d·L − V), 0) = ±amount over what has a target d.

    Convex and piecewise linear in L: Newton from the side where all take part solves one piece a step, drops who no
    longer takes part, and stands still exactly after at most k steps. The twin sorts the pieces instead.
    """
    wanted, still, costs = fixed.targets, fixed.still, fixed.costs
    level = side * float("inf")
    for _ in range(len(value) + 2):
        slope, held = 0.0, 0.0
        for i in range(len(value)):
            if wanted[i] > 0.0 and not still[i] and side * (wanted[i] * level - value[i]) > 0.0:
                slope += (1.0 + side * costs[i]) * wanted[i]
                held += (1.0 + side * costs[i]) * value[i]
        following = (held + amount) / slope
        if following == level:
            break
        level = following
    return max(level, 0.0)
