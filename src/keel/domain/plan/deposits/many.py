"""A deposit for each of many portfolios in one call."""

from __future__ import annotations

import numpy as np

from keel.domain.arrays import Floats


def deposits(values: Floats, targets: Floats, amounts: Floats) -> Floats:
    """What each deposit buys (p, k) by ``relative_waterfill``: row by row what one portfolio alone would buy.

    ``values`` and ``targets`` (p, k), ``amounts`` (p,) ≥ 0. A portfolio without a target buys nothing. The level of
    each row is that of the first piece, from the lowest V/d up, whose filling takes the amount.

    >>> one = np.array([[4200.0, 3600.0, 1200.0]]), np.array([[0.5, 0.3, 0.2]]), np.array([1000.0])
    >>> deposits(*one).round(2).tolist()
    [[371.43, 0.0, 628.57]]
    """
    wanted = targets > 0.0
    ratio = np.divide(values, targets, out=np.full(values.shape, np.inf), where=wanted)
    order = np.argsort(ratio, axis=1, kind="stable")
    ratio = np.take_along_axis(ratio, order, axis=1)
    held = np.cumsum(np.take_along_axis(np.where(wanted, values, 0.0), order, axis=1), axis=1)
    slope = np.cumsum(np.take_along_axis(np.where(wanted, targets, 0.0), order, axis=1), axis=1)
    filled = amounts[:, None] + held
    levels = np.divide(filled, slope, out=np.full(values.shape, np.inf), where=slope > 0.0)
    following = np.concatenate([ratio[:, 1:], np.full((len(values), 1), np.inf)], axis=1)
    first = np.argmax(levels <= following, axis=1)
    level = np.where(wanted.any(axis=1), levels[np.arange(len(values)), first], 0.0)
    return np.where(wanted & (amounts > 0.0)[:, None], np.maximum(targets * level[:, None] - values, 0.0), 0.0)
