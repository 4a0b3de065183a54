"""The drift report: live positions against a framework, per bucket and per holding.

The denominator V is the value of everything that is neither excluded nor without a price, cash included. Cash that no
bucket asks for is idle: it has a row and counts as drift, but does not call for a rebalance. Anything else outside the
framework does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.drift.held import Held, Stake, by_leaf, lay_out
from keel.domain.drift.measure import (
    BucketDrift,
    Flags,
    Totals,
    judged_against,
    judging_band,
    leaf_widths,
    measure,
    roll_up,
    totals,
)
from keel.domain.framework.records import Framework
from keel.domain.market.prices import CASH
from keel.domain.policy.band import breached
from keel.domain.policy.destination import goals
from keel.domain.policy.kinds import TRIGGERS, Trigger
from keel.domain.policy.looks import next_look
from keel.domain.policy.records import Policy, Scope, at_every_look
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.position import Position
from keel.domain.text import plain
from keel.errors import InputError

OUTSIDE = "Outside the framework"
IDLE = "Idle cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingDrift(BucketDrift):
    """One holding against its target (its bucket's × its share); its band is the bucket's × its share.

    ``path`` is empty outside the framework. ``value`` and ``value_to_trade`` are None without a price. A symbol that
    two buckets hold has a row in each, with the quantity split by their targets.
    """

    symbol: str
    quantity: float
    price: float | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a report is asked for: the day, that of its prices, the last rebalance, and session 0 of counted looks."""

    as_of: date
    priced_at: date | None = None
    last_rebalance: date | None = None
    started: date | None = None


@dataclass(frozen=True, slots=True)
class DriftReport:
    """Everything a person asks of live drift; weights are fractions of ``value``.

    ``buckets`` are all buckets in tree order, then what lies outside. ``value_to_trade`` is what the policy would trade
    if it acted now: nothing in a band policy with every leaf in band; a calendar policy always goes to target; that of
    ``never`` is judged and traded as 5/25 to target. ``next_check`` is the first session after ``as_of`` on which the
    policy may act.
    """

    as_of: date
    priced_at: date | None
    value: float
    excluded: float
    buckets: tuple[BucketDrift, ...]
    holdings: tuple[HoldingDrift, ...]
    totals: Totals
    rebalance_needed: bool
    last_rebalance: date | None
    next_check: date | None
    judged_against: str
    notes: tuple[str, ...]


def report(
    framework: Framework,
    book: Book,
    positions: Sequence[Position],
    closes: Mapping[str, float],
    when: Occasion,
    *,
    policy: Policy | None = None,
) -> DriftReport:
    """The report for positions at ``closes``; a position's own price wins.

    ``policy`` is the framework's unless given. Raises InputError when nothing is worth anything.
    """
    acting = policy or framework.rebalancing
    held = lay_out(book, positions, closes)
    if not held.total > 0:
        raise _worthless(held)
    goal, needed = _goal(book, held, acting)
    leaves = _leaf_rows(book, held, acting, goal)
    trading = needed or at_every_look(acting)
    extra = _extra_rows(held, trading)
    lines = (*_holding_rows(book, held, acting, goal), *_extra_holdings(held, trading))
    return DriftReport(
        as_of=when.as_of,
        priced_at=when.priced_at,
        value=held.total,
        excluded=held.excluded,
        buckets=(*roll_up(framework, leaves, acting), *extra),
        holdings=lines,
        totals=totals((*leaves, *extra)),
        rebalance_needed=needed,
        last_rebalance=when.last_rebalance,
        next_check=next_look(acting, when.as_of, started=when.started, last_fill=when.last_rebalance),
        judged_against=judged_against(acting),
        notes=_notes(held, acting),
    )


def _worthless(held: Held) -> InputError:
    """The complaint about holdings that are worth nothing; it names those without a price."""
    named = ", ".join(plain(symbol) for symbol in held.unpriced[:5]) + (", …" if len(held.unpriced) > 5 else "")
    message = f"The holdings are worth nothing: there is no price for {named}." if named else ""
    return InputError(
        message or "The holdings are worth nothing.",
        hint="Give prices, or correct the symbols." if named else "Give quantities and prices.",
        subject=held.unpriced[0] if named else "holdings",
    )


def _masks(book: Book, held: Held) -> tuple[Flags, Flags]:
    """Leaves (m,) of which everything held is frozen, and leaves that hold something without a price."""
    value, frozen = by_leaf(book, held.value), by_leaf(book, held.frozen)
    missing = by_leaf(book, np.isin(book.symbols, held.unpriced).astype(float)) > 0
    return (value > 0) & (frozen >= value * (1 - 1e-12)), missing


def _goal(book: Book, held: Held, policy: Policy) -> tuple[Floats, bool]:
    """The leaf weights (m,) the policy would trade to now, and whether anything is in breach.

    What lies outside joins as one more leaf without a target, so that its sale finds a place.
    """
    below, above = leaf_widths(book, policy)
    frozen, _ = _masks(book, held)
    strange = held.strange / held.total
    weights = np.append(by_leaf(book, held.value) / held.total, strange)
    targets, still = np.append(book.targets, 0.0), np.append(frozen, False)
    lower, upper = np.append(below, 0.0), np.append(above, 0.0)
    needed = bool(breached(weights, targets, lower, upper, still).any())
    if not needed and not at_every_look(policy):
        return weights[:-1], False
    return goals(weights, targets, lower, upper, _acting(policy), still)[:-1], needed


def _acting(policy: Policy) -> Policy:
    """The policy that says where trades go: calendar and never go to target as a whole."""
    if TRIGGERS[policy.trigger].banded:
        return policy
    return replace(policy, trigger=Trigger.band, band=judging_band(policy), destination=0.0, scope=Scope.whole_book)


def _leaf_rows(book: Book, held: Held, policy: Policy, goal: Floats) -> tuple[BucketDrift, ...]:
    below, above = leaf_widths(book, policy)
    value = by_leaf(book, held.value)
    frozen, missing = _masks(book, held)
    rows = measure(
        value / held.total,
        book.targets,
        below,
        above,
        frozen,
        paths=book.paths,
        labels=book.labels,
        unpriced=missing,
    )
    return tuple(
        replace(row, value=float(v), value_to_trade=None if gone else float(g * held.total - v))
        for row, v, g, gone in zip(rows, value, goal, missing, strict=True)
    )


def _holding_rows(book: Book, held: Held, policy: Policy, goal: Floats) -> tuple[HoldingDrift, ...]:
    below, above = leaf_widths(book, policy)
    frozen = (held.value > 0) & (held.frozen >= held.value * (1 - 1e-12))
    missing = np.isin(book.symbols, held.unpriced)
    rows = measure(
        held.value / held.total,
        book.targets[book.leaf] * book.shares,
        below[book.leaf] * book.shares,
        above[book.leaf] * book.shares,
        frozen,
        paths=[book.paths[leaf] for leaf in book.leaf],
        labels=book.symbols,
        unpriced=missing,
    )
    trades = _holding_trades(book, held, goal)
    return tuple(
        _holding(
            row,
            float(held.quantity[j]),
            None if np.isnan(held.price[j]) else float(held.price[j]),
            None if missing[j] else float(held.value[j]),
            None if missing[j] else float(trades[j]),
        )
        for j, row in enumerate(rows)
    )


def _holding_trades(book: Book, held: Held, goal: Floats) -> Floats:
    """The trade of each holding (k,): its share of what its leaf's goal leaves beside the frozen part."""
    wanted = goal * held.total
    moved = np.abs(wanted - by_leaf(book, held.value)) > 1e-12 * held.total
    shares = np.where(held.frozen > 0, 0.0, book.shares)
    whole = by_leaf(book, shares)[book.leaf]
    part = np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0)
    left = np.maximum(0.0, wanted - by_leaf(book, held.frozen))[book.leaf]
    target = np.where(held.frozen > 0, held.value, left * part)
    return np.where(moved[book.leaf], target - held.value, 0.0)


def _extra_rows(held: Held, trading: bool) -> tuple[BucketDrift, ...]:
    """Rows for what no bucket asks for: strange holdings together, and idle cash."""
    return tuple(
        replace(
            measure([amount / held.total], [0.0], [0.0], [0.0], paths=[""], labels=[label])[0],
            value=amount,
            value_to_trade=-amount if trading else 0.0,
        )
        for label, amount in ((OUTSIDE, held.strange), (IDLE, held.idle))
        if amount > 0
    )


def _extra_holdings(held: Held, trading: bool) -> tuple[HoldingDrift, ...]:
    stakes = dict(held.outside)
    if held.idle > 0:
        stakes[CASH] = Stake(held.idle, 1.0, held.idle)
    rows = measure(
        [stake.value / held.total for stake in stakes.values()],
        *(np.zeros(len(stakes)) for _ in range(3)),
        paths=[""] * len(stakes),
        labels=list(stakes),
    )
    return tuple(
        _holding(row, stake.quantity, stake.price, stake.value, -stake.value if trading else 0.0)
        for row, stake in zip(rows, stakes.values(), strict=True)
    )


def _holding(
    row: BucketDrift, quantity: float, price: float | None, value: float | None, trade: float | None
) -> HoldingDrift:
    measured = {field.name: getattr(row, field.name) for field in fields(row)}
    amounts = {"value": value, "value_to_trade": trade}
    return HoldingDrift(**(measured | amounts), symbol=row.label, quantity=quantity, price=price)


def _notes(held: Held, policy: Policy) -> tuple[str, ...]:
    notes = []
    if held.unpriced:
        notes.append(f"No price for {', '.join(held.unpriced)}: left out of the value.")
    if held.excluded:
        notes.append(f"Excluded holdings worth {held.excluded:,.2f} are left out of the value.")
    if judged_against(policy):
        notes.append(f"The policy has no bands: judged against {judged_against(policy)}.")
    return tuple(notes)
