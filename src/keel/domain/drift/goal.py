"""Where a policy would trade live holdings to if it acted now, by bucket and by holding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.drift.held import Held, by_leaf
from keel.domain.drift.measure import Flags, judging_band, leaf_widths
from keel.domain.policy.band import breached
from keel.domain.policy.destination import goals
from keel.domain.policy.kinds import TRIGGERS, Trigger
from keel.domain.policy.records import Policy, Scope, at_every_look, scope_of
from keel.domain.portfolio.book import Book
from keel.units import TRADE_TOLERANCE

FROZEN_WHOLE = 1e-12  # of a leaf's value: less of it that can be traded is rounding


def still_leaves(book: Book, held: Held) -> Flags:
    """The leaves (m,) of which everything held is frozen."""
    value = by_leaf(book, held.value)
    return np.asarray((value > 0) & (by_leaf(book, held.frozen) >= value * (1 - FROZEN_WHOLE)), dtype=np.bool_)


def leaf_goal(book: Book, held: Held, policy: Policy) -> tuple[Floats, bool]:
    """The leaf weights (m,) the policy would trade to now, and whether anything is in breach.

    What lies outside joins as one more leaf without a target, so that its sale finds a place; what of it is frozen as
    another that stays. A band policy with every leaf in band trades nothing, idle cash included.
    """
    below, above = leaf_widths(book, policy)
    outside = np.array([held.strange - held.stuck_outside, held.stuck]) / held.total
    weights = np.append(by_leaf(book, held.value) / held.total, outside)
    targets, still = np.append(book.targets, [0.0, 0.0]), np.append(still_leaves(book, held), [False, True])
    lower, upper = np.append(below, [0.0, 0.0]), np.append(above, [0.0, 0.0])
    needed = bool(breached(weights, targets, lower, upper, still).any())
    if not needed and not at_every_look(policy):
        return weights[:-2], False
    return goals(weights, targets, lower, upper, acting(policy), still)[:-2], needed


def acting(policy: Policy) -> Policy:
    """The policy that says where trades go: calendar and never go to target as a whole."""
    if TRIGGERS[policy.trigger].banded:
        return policy
    return replace(policy, trigger=Trigger.band, band=judging_band(policy), destination=0.0, scope=Scope.whole_book)


def holding_trades(book: Book, held: Held, goal: Floats, policy: Policy) -> Floats:
    """The trade of each holding (k,): to its share of what its leaf's ``goal`` leaves beside frozen holdings.

    A policy of the whole book restores the shares of every leaf, another those of the leaves that it trades.
    """
    wanted = goal * held.total
    moved = np.abs(wanted - by_leaf(book, held.value)) > TRADE_TOLERANCE * held.total
    if scope_of(acting(policy)) is Scope.whole_book and moved.any():
        moved = np.ones_like(moved)
    return np.where(moved[book.leaf], _shared_out(book, held, wanted) - held.value, 0.0)


def _shared_out(book: Book, held: Held, wanted: Floats) -> Floats:
    """What each holding (k,) is to be worth where its leaf is ``wanted`` (m,) to be.

    One that is frozen, or frozen in one account beyond its share, keeps what is; the others share the rest.
    """
    keeps = (held.frozen > 0) & (held.frozen >= held.value * (1 - FROZEN_WHOLE))
    while True:
        shares = np.where(keeps, 0.0, book.shares)
        whole = by_leaf(book, shares)[book.leaf]
        part = np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0)
        left = np.maximum(0.0, wanted - by_leaf(book, np.where(keeps, held.frozen, 0.0)))[book.leaf]
        worth = np.where(keeps, held.frozen, left * part)
        beyond = held.frozen > worth
        if not beyond.any():
            return np.asarray(worth, dtype=np.float64)
        keeps |= beyond
