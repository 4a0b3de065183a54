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
from keel.domain.drift.accounts import AccountPart, by_account
from keel.domain.drift.goal import holding_trades, leaf_goal, still_leaves
from keel.domain.drift.held import Held, Stake, by_leaf, lay_out
from keel.domain.drift.measure import (
    BucketDrift,
    Flags,
    Status,
    Totals,
    judged_against,
    leaf_widths,
    measure,
    roll_up,
    totals,
)
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding
from keel.domain.market.prices import CASH
from keel.domain.policy.looks import last_look, next_look
from keel.domain.policy.records import Policy, at_every_look
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.position import Position
from keel.domain.text import plain
from keel.errors import InputError
from keel.units import amount

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
    ``never`` is judged and traded as 5/25 to target. ``last_check`` is the last session until ``as_of`` on which the
    policy may have acted, ``next_check`` the first one after it. ``findings`` are what makes the figures doubtful.
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
    last_check: date | None
    next_check: date | None
    judged_against: str
    notes: tuple[str, ...]
    accounts: tuple[AccountPart, ...] = ()
    findings: tuple[Finding, ...] = ()


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
    judged = policy or framework.rebalancing
    held = lay_out(book, positions, closes)
    if not held.total > 0:
        raise _worthless(held)
    goal, needed = leaf_goal(book, held, judged)
    leaves = _leaf_rows(book, held, judged, goal)
    trading = needed or at_every_look(judged)
    extra = _extra_rows(held, trading)
    lines = (*_holding_rows(book, held, judged, goal), *_extra_holdings(held, trading))
    return DriftReport(
        as_of=when.as_of,
        priced_at=when.priced_at,
        value=held.total,
        excluded=held.excluded,
        buckets=(*roll_up(framework, leaves, judged), *extra),
        holdings=lines,
        totals=totals((*leaves, *extra)),
        rebalance_needed=needed,
        last_rebalance=when.last_rebalance,
        last_check=last_look(judged, when.as_of, started=when.started),
        next_check=next_look(judged, when.as_of, started=when.started, last_fill=when.last_rebalance),
        judged_against=judged_against(judged),
        notes=_notes(held, judged, framework.base_ccy),
        accounts=by_account(positions, closes, held.total),
    )


def leaves_now(book: Book, positions: Sequence[Position], policy: Policy) -> tuple[BucketDrift, ...]:
    """The leaves as the report of positions with prices of their own has them, then what lies outside; no trades.

    Raises InputError when nothing is worth anything.
    """
    held = lay_out(book, positions, {})
    if not held.total > 0:
        raise _worthless(held)
    return (*_measured(book, held, policy), *_extra_rows(held, trading=False))


def _worthless(held: Held) -> InputError:
    """The complaint about holdings that are worth nothing: all excluded, or without a price, which are named."""
    if held.excluded > 0 and not held.unpriced:
        message = "All that is held is excluded, so there is nothing to judge."
        return InputError(message, hint="Give what counts another role.", subject="holdings")
    named = ", ".join(plain(symbol) for symbol in held.unpriced[:5]) + (", …" if len(held.unpriced) > 5 else "")
    message = f"The holdings are worth nothing: there is no price for {named}." if named else ""
    return InputError(
        message or "The holdings are worth nothing.",
        hint="Give prices, or correct the symbols." if named else "Give quantities and prices.",
        subject=held.unpriced[0] if named else "holdings",
    )


def _masks(book: Book, held: Held) -> tuple[Flags, Flags]:
    """Leaves (m,) of which everything held is frozen, and leaves that hold something without a price."""
    return still_leaves(book, held), by_leaf(book, np.isin(book.symbols, held.unpriced).astype(float)) > 0


def _measured(book: Book, held: Held, policy: Policy) -> tuple[BucketDrift, ...]:
    below, above = leaf_widths(book, policy)
    value = by_leaf(book, held.value)
    frozen, missing = _masks(book, held)
    return measure(
        value / held.total,
        book.targets,
        below,
        above,
        frozen,
        paths=book.paths,
        labels=book.labels,
        unpriced=missing,
    )


def _leaf_rows(book: Book, held: Held, policy: Policy, goal: Floats) -> tuple[BucketDrift, ...]:
    value = by_leaf(book, held.value)
    return tuple(
        replace(
            row, value=float(v), value_to_trade=None if row.status is Status.no_price else float(g * held.total - v)
        )
        for row, v, g in zip(_measured(book, held, policy), value, goal, strict=True)
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
    trades = holding_trades(book, held, goal, policy)
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


def _extra_rows(held: Held, trading: bool) -> tuple[BucketDrift, ...]:
    """Rows for what no bucket asks for: strange holdings together, and idle cash."""
    return tuple(
        replace(
            measure([amount / held.total], [0.0], [0.0], [0.0], paths=[""], labels=[label])[0],
            value=amount,
            value_to_trade=stays - amount if trading else 0.0,
        )
        for label, amount, stays in (
            (OUTSIDE, held.strange, held.stuck_outside),
            (IDLE, held.idle, held.frozen_cash),
        )
        if amount > 0
    )


def _extra_holdings(held: Held, trading: bool) -> tuple[HoldingDrift, ...]:
    stakes = dict(held.outside)
    if held.idle > 0:
        stakes[CASH] = Stake(held.idle, 1.0, held.idle, held.frozen_cash)
    rows = measure(
        [stake.value / held.total for stake in stakes.values()],
        *(np.zeros(len(stakes)) for _ in range(3)),
        paths=[""] * len(stakes),
        labels=list(stakes),
    )
    return tuple(
        _holding(row, stake.quantity, stake.price, stake.value, stake.frozen - stake.value if trading else 0.0)
        for row, stake in zip(rows, stakes.values(), strict=True)
    )


def _holding(
    row: BucketDrift, quantity: float, price: float | None, value: float | None, trade: float | None
) -> HoldingDrift:
    measured = {field.name: getattr(row, field.name) for field in fields(row)}
    amounts = {"value": value, "value_to_trade": trade}
    return HoldingDrift(**(measured | amounts), symbol=row.label, quantity=quantity, price=price)


def _notes(held: Held, policy: Policy, currency: str) -> tuple[str, ...]:
    notes = []
    if held.unpriced:
        notes.append(f"No price for {', '.join(held.unpriced)}: left out of the value.")
    if held.excluded:
        notes.append(f"Excluded holdings worth {amount(held.excluded, currency)} are left out of the value.")
    if judged_against(policy):
        notes.append(f"The policy has no bands: judged against {judged_against(policy)}.")
    return tuple(notes)
