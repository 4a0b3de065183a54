"""Money that comes in or goes out at a close, compiled; the steered mode's twin of ``domain.plan.waterfill``."""

from __future__ import annotations

from keel.backtest.kernel.compiled import compiled
from keel.domain.arrays import Floats, Mask


@compiled
def pour(
    amount: float,
    steer: bool,
    value: Floats,
    quantity: Floats,
    close: Floats,
    wanted: Floats,
    still: Mask,
    costs: Floats,
    traded: Floats,
) -> bool:
    """``value`` and ``quantity`` (k,) with the amount bought (> 0) or sold; False when a withdrawal takes everything.

    Its cost, ``costs`` (k,) of what is traded, is paid out of the amount. ``traded`` (k,) is written: the value bought,
    or sold (negative). What is ``still`` takes no part; ``wanted`` (k,) are the targets that steer.
    """
    if steer:
        enough = _steered(amount, value, wanted, still, costs, traded)
    else:
        enough = _spread_evenly(amount, value, wanted, still, costs, traded)
    if not enough:
        return False
    for i in range(len(value)):
        if traded[i] != 0.0:
            value[i] += traded[i]
            quantity[i] = value[i] / close[i]
    return True


@compiled
def _spread_evenly(amount: float, value: Floats, wanted: Floats, still: Mask, costs: Floats, traded: Floats) -> bool:
    """Trades in proportion to value; to the targets where nothing that may be bought is held."""
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
def _steered(amount: float, value: Floats, wanted: Floats, still: Mask, costs: Floats, traded: Floats) -> bool:
    """The relative waterfill: every V/d below (above, for a withdrawal) one level is brought to it.

    The level solves a convex, piecewise linear equation: Newton from the side where all take part ends exactly.
    """
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
    level = _level(amount, side, value, wanted, still, costs)
    for i in range(len(value)):
        if still[i]:
            continue
        if wanted[i] > 0.0:
            traded[i] = side * max(side * (wanted[i] * level - value[i]), 0.0)
        elif side < 0.0:
            traded[i] = -value[i]
    return True


@compiled
def _level(amount: float, side: float, value: Floats, wanted: Floats, still: Mask, costs: Floats) -> float:
    """L with Σ (1 ± c)·max(±(d·L − V), 0) = ±amount over what has a target d."""
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
