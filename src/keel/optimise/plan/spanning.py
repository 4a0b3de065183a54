"""Deposits and withdrawals where products lie in several buckets: the rules' aims over bucket weights.

``relative_waterfill`` is argmin Σ d·f² and ``absolute_waterfill`` argmin Σ (d·f)² over the buckets, a quadratic
programme in what is traded of each product. Products that lie in the same buckets stand for each other: the rule itself
says how much is traded of each. The two other rules have no such aim.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.plan.deposits.products import Products, spanning
from keel.domain.plan.deposits.rules import Amount, Placing, Rule, purchases, sales
from keel.domain.plan.tradable import Tradable

WITH_AN_AIM = (Rule.relative_waterfill, Rule.absolute_waterfill)
HEAVY = 1e3  # of what must hold, beside what should
ROUNDS = 8
ALIKE = 12  # digits of the parts of products that lie in the same buckets


def buying(lines: Tradable, every: Products) -> Placing:
    """How a deposit is placed: by waterfill, or over the buckets where products span them."""
    if not spanning(lines):
        return purchases

    def bought(of: Amount, amount: float, rule: Rule) -> Floats:
        free = of.free & (of.targets > 0.0)
        if rule not in WITH_AN_AIM or amount <= 0.0 or not free.any():
            return purchases(of, amount, rule)
        alike = _alike(every, free)
        lacking = lines.book.targets * of.total - every.inside @ of.values
        parts = _parts(lines, every, alike, lacking / amount, np.ones(len(alike)), rule)
        return _each(of, alike, parts * amount, rule, purchases)

    return bought


def selling(lines: Tradable, every: Products) -> Placing:
    """How a withdrawal is raised: by waterfill, or over the buckets where products span them.

    What has no target goes first, as it does by waterfill.
    """
    if not spanning(lines):
        return sales

    def sold(of: Amount, amount: float, rule: Rule) -> Floats:
        stray, free = of.free & (of.targets <= 0.0), of.free & (of.targets > 0.0)
        gone = np.where(stray, of.values, 0.0)
        rest = min(amount - float(gone.sum()), float(of.values[free].sum()))
        if rule not in WITH_AN_AIM or rest <= 0.0:
            return sales(of, amount, rule)
        alike = _alike(every, free)
        over = every.inside @ (of.values - gone) - lines.book.targets * of.total
        most = np.array([float(of.values[mine].sum()) for mine in alike])
        parts = _parts(lines, every, alike, over / rest, np.minimum(most / rest, 1.0), rule)
        return gone + _each(of, alike, np.minimum(parts * rest, most), rule, sales)

    return sold


def _alike(every: Products, free: Mask) -> tuple[Mask, ...]:
    """The products (e,) that are free in groups that lie in the same buckets, in an order that the buckets give."""
    keys = [tuple(column) for column in every.inside.T.round(ALIKE).tolist()]
    groups = sorted({key for key, may in zip(keys, free, strict=True) if may})
    return tuple(np.array([k == key for k in keys], dtype=np.bool_) & free for key in groups)


def _each(of: Amount, alike: tuple[Mask, ...], amounts: Floats, rule: Rule, placing: Placing) -> Floats:
    """What is traded of each product (e,), from what is of each group."""
    traded = np.zeros(len(of.values))
    for mine, amount in zip(alike, amounts.tolist(), strict=True):
        traded += placing(Amount(of.values, of.targets, of.total, mine), amount, rule)
    return traded


def _parts(lines: Tradable, every: Products, alike: tuple[Mask, ...], wish: Floats, most: Floats, rule: Rule) -> Floats:
    """The part of an amount that each group gets (g,), at most ``most``, for the buckets' wishes (m,), as parts too."""
    wanted = lines.book.targets > 0.0
    weight = 1.0 / np.sqrt(lines.book.targets[wanted]) if rule is Rule.relative_waterfill else np.ones(wanted.sum())
    inside = np.array([every.inside[wanted, int(np.argmax(mine))] for mine in alike]).T
    parts = _least_squares(weight[:, None] * inside, weight * wish[wanted], most)
    whole = float(parts.sum())
    return parts / whole if whole > 0.0 else most / float(most.sum())


def _least_squares(matrix: Floats, wish: Floats, most: Floats) -> Floats:
    """The parts (g,) in [0, ``most``] that sum to 1 with ``matrix`` · parts nearest to ``wish``.

    Non-negative least squares (Lawson and Hanson 1974): what is left of each bound is an unknown of its own, and what
    must hold is a heavy row. How far those were off is made up for in the next round (Hestenes 1969).
    """
    optimize: Any = import_module("scipy.optimize")
    count = len(most)
    strict = np.vstack([np.append(np.ones(count), np.zeros(count)), np.hstack([np.eye(count), np.eye(count)])])
    heavy = HEAVY * max(float(np.abs(matrix).max()), float(np.abs(wish).max()) ** 0.5)
    rows = np.vstack([np.hstack([matrix, np.zeros_like(matrix)]), heavy * strict])
    goal, off = np.append(1.0, most), np.zeros(count + 1)
    for _ in range(ROUNDS):
        unknowns = optimize.nnls(rows, np.append(wish, heavy * (goal - off)), maxiter=100 * count)[0]
        off = off + strict @ unknowns - goal
    return np.asarray(np.minimum(unknowns[:count], most), dtype=np.float64)
