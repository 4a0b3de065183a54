"""A deposit for each of many portfolios in one call."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.deposits.rules import Rule


def deposits(
    values: Floats, targets: Floats, amounts: Floats, rule: Rule = Rule.relative_waterfill, beside: Floats | None = None
) -> Floats:
    """What each deposit buys (p, k) by a rule: row by row what one portfolio alone would buy.

    ``values`` and ``targets`` (p, k), ``amounts`` (p,) ≥ 0; ``beside`` (p,) is what else each portfolio is worth. A
    portfolio without a target buys nothing.

    >>> one = np.array([[4200.0, 3600.0, 1200.0]]), np.array([[0.5, 0.3, 0.2]]), np.array([1000.0])
    >>> deposits(*one).round(2).tolist()
    [[371.43, 0.0, 628.57]]
    """
    wanted = targets > 0.0
    paid = amounts[:, None]
    whole = values.sum(axis=1) + amounts + (0.0 if beside is None else beside)
    gaps = targets * whole[:, None] - values
    match rule:
        case Rule.relative_waterfill:
            level = _levels(_of(values, targets, wanted), np.where(wanted, targets, 0.0), values, amounts)
            bought = targets * level - values
        case Rule.absolute_waterfill:
            bought = _levels(np.where(wanted, -gaps, np.inf), np.ones(values.shape), -gaps, amounts) + gaps
        case Rule.gap_proportional:
            lacking = np.where(wanted, np.maximum(gaps, 0.0), 0.0)
            whole_gap = lacking.sum(axis=1, keepdims=True)
            closed = lacking * np.minimum(1.0, _of(paid, whole_gap, whole_gap > 0.0))
            bought = closed + np.maximum(paid - closed.sum(axis=1, keepdims=True), 0.0) * _shares(targets)
        case Rule.target_proportional:
            bought = paid * _shares(targets)
        case _:
            assert_never(rule)
    return np.where(wanted & (paid > 0.0), np.maximum(bought, 0.0), 0.0)


def _levels(ratio: Floats, slope: Floats, held: Floats, amounts: Floats) -> Floats:
    """The level (p, 1) of each row whose filling takes its amount: that of the first piece, from the lowest ratio up.

    A piece takes ``slope`` a unit of level and begins at its ``ratio``, infinite where there is none.
    """
    order = np.argsort(ratio, axis=1, kind="stable")
    ratio = np.take_along_axis(ratio, order, axis=1)
    among = np.isfinite(ratio)
    filled = amounts[:, None] + np.cumsum(np.where(among, np.take_along_axis(held, order, axis=1), 0.0), axis=1)
    width = np.cumsum(np.where(among, np.take_along_axis(slope, order, axis=1), 0.0), axis=1)
    levels = _of(filled, width, width > 0.0)
    following = np.concatenate([ratio[:, 1:], np.full((len(ratio), 1), np.inf)], axis=1)
    first = np.argmax(levels <= following, axis=1)
    return np.where(among[:, :1], levels[np.arange(len(ratio)), first][:, None], 0.0)


def _of(amounts: Floats, parts: Floats, among: Mask) -> Floats:
    """The quotients, infinite outside ``among``."""
    found: Floats = np.full(np.broadcast_shapes(amounts.shape, parts.shape), np.inf)
    np.divide(amounts, parts, out=found, where=among)
    return found


def _shares(targets: Floats) -> Floats:
    """The targets (p, k) as parts of their sum, nothing where that is 0."""
    whole = targets.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(targets, whole, out=np.zeros(targets.shape), where=whole > 0.0)
    return shares
