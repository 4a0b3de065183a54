"""Where a deposit goes, and where a withdrawal comes from, by each of four rules.

V_i is what is held of an instrument, d_i its target, C the amount, T the value afterwards; f_i = V_i / (d_i·T) − 1.
A deposit never sells and a withdrawal never buys; what has no target gets nothing of a deposit and is sold first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.waterfill import WHOLE, filling_level, relative_waterfill
from keel.errors import InputError


class Rule(StrEnum):
    """How an amount is placed."""

    relative_waterfill = "relative_waterfill"
    absolute_waterfill = "absolute_waterfill"
    gap_proportional = "gap_proportional"
    target_proportional = "target_proportional"


LABELS: Mapping[Rule, str] = {
    Rule.relative_waterfill: "Furthest below first",
    Rule.absolute_waterfill: "Largest gap first",
    Rule.gap_proportional: "Every gap alike",
    Rule.target_proportional: "By target",
}
WHY: Mapping[Rule, str] = {
    Rule.relative_waterfill: "Fills what is furthest below its target in proportion to it, so small targets count too.",
    Rule.absolute_waterfill: "Fills the largest gaps in money first, so large targets come before small ones.",
    Rule.gap_proportional: "Closes the same part of every gap, so that all gaps shrink together and none comes first.",
    Rule.target_proportional: "Splits by target and takes no notice of what is held, so that drift stays.",
}
WHY_SOLD: Mapping[Rule, str] = {
    Rule.relative_waterfill: "Sells what is furthest above its target in proportion to it, so small targets count too.",
    Rule.absolute_waterfill: "Sells the largest surplus in money first, so large targets come before small ones.",
    Rule.gap_proportional: "Sells the same part of every surplus, so that all shrink together and none comes first.",
    Rule.target_proportional: "Sells by target and takes no notice of what is held, so that drift stays.",
}
WHY_THEY_DIFFER = (
    "The four differ in what they even out: gaps beside their targets, gaps in money, all gaps at once, or nothing: "
    "then all of the new money is split by target."
)
WHY_THEY_DIFFER_SOLD = (
    "The four differ in what they even out: surpluses beside their targets, surpluses in money, all surpluses at once, "
    "or nothing: then the amount is split by target."
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money to place: what is held (k,), its targets (k,), the value ``total`` afterwards, and what may be traded.

    ``targets`` sum to at most 1; ``free`` (k,) marks what may be bought by a deposit, sold by a withdrawal.
    """

    values: Floats
    targets: Floats
    total: float
    free: Mask

    @property
    def gaps(self) -> Floats:
        """How much each instrument lacks of its target (k,), negative where it has too much."""
        return self.targets * self.total - self.values


Placing = Callable[[Amount, float, Rule], Floats]  # what is bought or sold of each instrument (k,)


def purchases(of: Amount, amount: float, rule: Rule) -> Floats:
    """What a deposit buys of each instrument (k,), all of it; nothing where nothing with a target may be bought.

    >>> of = Amount(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2]), 10000.0, np.ones(3, dtype=bool))
    >>> purchases(of, 1000.0, Rule.absolute_waterfill).tolist()
    [500.0, 0.0, 500.0]
    """
    wanted = of.free & (of.targets > 0.0)
    bought = np.zeros(len(of.values))
    if amount > 0.0 and wanted.any():
        bought[wanted] = _bought(of.values[wanted], of.targets[wanted], of.gaps[wanted], amount, rule)
    return bought


def _bought(values: Floats, targets: Floats, gaps: Floats, amount: float, rule: Rule) -> Floats:
    match rule:
        case Rule.relative_waterfill:
            return relative_waterfill(values, targets, amount)
        case Rule.absolute_waterfill:
            level = filling_level(-gaps, np.ones(len(gaps)), -gaps, amount)
            return np.maximum(level + gaps, 0.0)
        case Rule.gap_proportional:
            closed = _part_of(np.maximum(gaps, 0.0), amount)
            return closed + max(amount - float(closed.sum()), 0.0) * targets / float(targets.sum())
        case Rule.target_proportional:
            return amount * targets / float(targets.sum())
        case _:
            assert_never(rule)


def sales(of: Amount, amount: float, rule: Rule) -> Floats:
    """What a withdrawal of ``amount`` > 0 sells of each instrument (k,).

    Raises InputError when less than that may be sold.

    >>> of = Amount(np.array([500.0, 6000.0, 3500.0]), np.array([0.0, 0.6, 0.4]), 9200.0, np.ones(3, dtype=bool))
    >>> sales(of, 800.0, Rule.relative_waterfill).tolist()
    [500.0, 300.0, 0.0]
    """
    loose = np.where(of.free, of.values, 0.0)
    everything = float(loose.sum())
    if amount > everything * (1.0 + WHOLE):
        raise InputError(
            f"At most {everything:,.2f} can be withdrawn.",
            hint="Withdraw less, or let more be sold.",
            subject="withdraw",
        )
    strays = np.where(of.targets > 0.0, 0.0, loose)
    first = _part_of(strays, amount)
    rest = min(amount, everything) - float(first.sum())
    wanted = of.free & (of.targets > 0.0)
    if rest > 0.0 and wanted.any():
        first[wanted] = _sold(of.values[wanted], of.targets[wanted], of.gaps[wanted], rest, rule)
    return first


def _sold(values: Floats, targets: Floats, gaps: Floats, amount: float, rule: Rule) -> Floats:
    amount = min(amount, float(values.sum()))
    match rule:
        case Rule.relative_waterfill:
            return -relative_waterfill(values, targets, -amount)
        case Rule.absolute_waterfill:
            return _levelled_down(values, -gaps, amount)
        case Rule.gap_proportional:
            surplus = np.minimum(np.maximum(-gaps, 0.0), values)
            return _topped_up(_part_of(surplus, amount), values, amount)
        case Rule.target_proportional:
            return _topped_up(np.minimum(amount * targets / float(targets.sum()), values), values, amount)
        case _:
            assert_never(rule)


def _part_of(amounts: Floats, wanted: float) -> Floats:
    """The same fraction of each amount, so that they come to at most ``wanted``."""
    total = float(amounts.sum())
    part: Floats = amounts * min(1.0, wanted / total) if total > 0.0 else np.zeros(len(amounts))
    return part


def _topped_up(sold: Floats, values: Floats, amount: float) -> Floats:
    """Sales raised to ``amount`` in proportion to value, none beyond what is held, repeated among those with room."""
    for _ in range(len(values)):
        rest = amount - float(sold.sum())
        room = sold < values
        if rest <= WHOLE * amount or not room.any():
            break
        sold = np.where(room, np.minimum(sold + rest * values / float(values[room].sum()), values), sold)
    return sold


def _levelled_down(values: Floats, excess: Floats, amount: float) -> Floats:
    """Sales (k,) of clip(excess − level, 0, value) with the level at which they come to ``amount``.

    What is sold falls along straight lines between the levels at which a holding begins to be sold or is sold out.
    """
    levels = np.sort(np.concatenate([excess, excess - values]))
    sold = np.clip(excess[None, :] - levels[:, None], 0.0, values[None, :]).sum(axis=1)
    level = float(np.interp(-amount, -sold, levels))
    return np.clip(excess - level, 0.0, values)
