"""The drift report: live positions against a framework, per bucket and per holding.

The denominator V is the value of everything that is neither excluded nor without a price, cash included. Cash that no
bucket asks for is idle: it has a row and counts as drift, but does not call for a rebalance. Anything else outside the
framework does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.drift.measure import (
    BucketDrift,
    Flags,
    Status,
    Totals,
    judged_against,
    judging_band,
    leaf_widths,
    measure,
    roll_up,
    totals,
)
from keel.domain.framework.records import Framework
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.policy.band import breached
from keel.domain.policy.destination import goals
from keel.domain.policy.kinds import TRIGGERS, Trigger
from keel.domain.policy.looks import next_look
from keel.domain.policy.records import Policy, Scope, at_every_look
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.position import Position, Role
from keel.domain.text import plain
from keel.errors import InputError, PricesMissingError
from keel.units import CARRIED_SESSIONS

OUTSIDE = "Outside the framework"
IDLE = "Idle cash"


@dataclass(frozen=True, slots=True)
class HoldingDrift:
    """One holding against its target (its bucket's × its share); its band is the bucket's × its share.

    ``path`` is empty outside the framework. ``value`` and ``value_to_trade`` are None without a price. A symbol that
    two buckets hold has a row in each, with the quantity split by their targets.
    """

    symbol: str
    path: str
    label: str
    quantity: float
    price: float | None
    value: float | None
    actual: float
    target: float
    drift: float
    relative_drift: float | None
    below: float
    above: float
    status: Status
    value_to_trade: float | None


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


@dataclass(frozen=True, slots=True)
class Held:
    """Positions laid over a book: values (k,) and what of them is frozen; the rest by symbol."""

    quantity: Floats
    price: Floats
    value: Floats
    frozen: Floats
    outside: Mapping[str, tuple[float, float, float]]
    idle: float
    excluded: float
    unpriced: tuple[str, ...]

    @property
    def total(self) -> float:
        """V."""
        return float(self.value.sum()) + sum(value for _, _, value in self.outside.values()) + self.idle


def closes_at(prices: PriceMatrix, as_of: date | None = None) -> tuple[date, Mapping[str, float]]:
    """The last row at or before ``as_of``: its date and close by symbol; a hole is filled from at most 5 rows before.

    Raises PricesMissingError when every row is later.
    """
    row = len(prices.dates)
    if as_of is not None:
        row = int(np.searchsorted(prices.dates, np.datetime64(as_of), side="right"))
    if row == 0:
        raise PricesMissingError(f"There are no prices at or before {as_of}.", hint="Choose a later date.")
    block = prices.closes[max(0, row - 1 - CARRIED_SESSIONS) : row]
    found = {}
    for symbol, column in zip(prices.symbols, block.T, strict=True):
        known = column[np.isfinite(column) & (column > 0)]
        if len(known):
            found[symbol] = float(known[-1])
    day: date = prices.dates[row - 1].astype(object)
    return day, found


def report(
    framework: Framework,
    book: Book,
    positions: Sequence[Position],
    closes: Mapping[str, float],
    as_of: date,
    *,
    policy: Policy | None = None,
    priced_at: date | None = None,
    last_rebalance: date | None = None,
    started: date | None = None,
) -> DriftReport:
    """The report for positions at ``closes``; a position's own price wins.

    ``policy`` is the framework's unless given. ``started`` is session 0 for looks that count sessions.
    Raises InputError when nothing is worth anything.
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
        as_of=as_of,
        priced_at=priced_at,
        value=held.total,
        excluded=held.excluded,
        buckets=(*roll_up(framework, leaves, acting), *extra),
        holdings=lines,
        totals=totals((*leaves, *extra)),
        rebalance_needed=needed,
        last_rebalance=last_rebalance,
        next_check=next_look(acting, as_of, started=started, last_fill=last_rebalance),
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


def lay_out(book: Book, positions: Sequence[Position], closes: Mapping[str, float]) -> Held:
    """The positions by instrument of the book; a symbol in several leaves is split by their targets."""
    k = len(book.symbols)
    quantity, value, frozen = np.zeros(k), np.zeros(k), np.zeros(k)
    price = np.array([1.0 if s == CASH else closes.get(s, np.nan) for s in book.symbols], dtype=np.float64)
    outside: dict[str, tuple[float, float, float]] = {}
    idle = excluded = 0.0
    unpriced = []
    for position in positions:
        _require_amount(position)
        unit = _price(position, closes)
        worth = position.quantity * unit if unit is not None else 0.0
        if position.role is Role.excluded:
            excluded += worth
            continue
        if unit is None and position.quantity:
            unpriced.append(position.symbol)
        spread = _spread(book, position.symbol)
        if not spread.any():
            if position.symbol == CASH:
                idle += worth
            elif unit is not None:
                before = outside.get(position.symbol, (0.0, unit, 0.0))
                outside[position.symbol] = (before[0] + position.quantity, unit, before[2] + worth)
            continue
        quantity += spread * position.quantity
        value += spread * worth
        frozen += spread * worth * (position.role is Role.frozen)
        price[spread > 0] = np.nan if unit is None else unit
    return Held(quantity, price, value, frozen, outside, idle, excluded, tuple(dict.fromkeys(unpriced)))


def _require_amount(position: Position) -> None:
    if not (np.isfinite(position.quantity) and position.quantity >= 0):
        raise InputError(f"The quantity of {position.symbol} is {position.quantity}.", subject=position.symbol)


def _price(position: Position, closes: Mapping[str, float]) -> float | None:
    return 1.0 if position.symbol == CASH else position.price or closes.get(position.symbol)


def _spread(book: Book, symbol: str) -> Floats:
    """The part of a symbol that belongs to each instrument of the book (k,); sums to 1, or 0 outside."""
    mine = np.array([other == symbol for other in book.symbols])
    wanted = np.where(mine, book.targets[book.leaf] * book.shares, 0.0)
    if wanted.sum() <= 0:
        wanted = mine.astype(float)
    spread: Floats = wanted / max(1e-300, float(wanted.sum()))
    return spread


def _by_leaf(book: Book, amounts: Floats) -> Floats:
    sums: Floats = np.zeros(len(book.paths))
    np.add.at(sums, book.leaf, amounts)
    return sums


def _masks(book: Book, held: Held) -> tuple[Flags, Flags]:
    """Leaves (m,) of which everything held is frozen, and leaves that hold something without a price."""
    value, frozen = _by_leaf(book, held.value), _by_leaf(book, held.frozen)
    missing = _by_leaf(book, np.isin(book.symbols, held.unpriced).astype(float)) > 0
    return (value > 0) & (frozen >= value * (1 - 1e-12)), missing


def _goal(book: Book, held: Held, policy: Policy) -> tuple[Floats, bool]:
    """The leaf weights (m,) the policy would trade to now, and whether anything is in breach.

    What lies outside joins as one more leaf without a target, so that its sale finds a place.
    """
    below, above = leaf_widths(book, policy)
    frozen, _ = _masks(book, held)
    strange = sum(value for _, _, value in held.outside.values()) / held.total
    weights = np.append(_by_leaf(book, held.value) / held.total, strange)
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
    value = _by_leaf(book, held.value)
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
            row.label,
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
    moved = np.abs(wanted - _by_leaf(book, held.value)) > 1e-12 * held.total
    shares = np.where(held.frozen > 0, 0.0, book.shares)
    whole = _by_leaf(book, shares)[book.leaf]
    part = np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0)
    left = np.maximum(0.0, wanted - _by_leaf(book, held.frozen))[book.leaf]
    target = np.where(held.frozen > 0, held.value, left * part)
    return np.where(moved[book.leaf], target - held.value, 0.0)


def _extra_rows(held: Held, trading: bool) -> tuple[BucketDrift, ...]:
    """Rows for what no bucket asks for: strange holdings together, and idle cash."""
    strange = sum(value for _, _, value in held.outside.values())
    return tuple(
        replace(
            measure([amount / held.total], [0.0], [0.0], [0.0], paths=[""], labels=[label])[0],
            value=amount,
            value_to_trade=-amount if trading else 0.0,
        )
        for label, amount in ((OUTSIDE, strange), (IDLE, held.idle))
        if amount > 0
    )


def _extra_holdings(held: Held, trading: bool) -> tuple[HoldingDrift, ...]:
    entries = [(symbol, *entry) for symbol, entry in held.outside.items()]
    if held.idle > 0:
        entries.append((CASH, held.idle, 1.0, held.idle))
    rows = measure(
        [value / held.total for *_, value in entries],
        *(np.zeros(len(entries)) for _ in range(3)),
        paths=[""] * len(entries),
        labels=[symbol for symbol, *_ in entries],
    )
    return tuple(
        _holding(row, symbol, quantity, price, value, -value if trading else 0.0)
        for row, (symbol, quantity, price, value) in zip(rows, entries, strict=True)
    )


def _holding(
    row: BucketDrift, symbol: str, quantity: float, price: float | None, value: float | None, trade: float | None
) -> HoldingDrift:
    return HoldingDrift(
        symbol=symbol,
        path=row.path,
        label=row.label,
        quantity=quantity,
        price=price,
        value=value,
        actual=row.actual,
        target=row.target,
        drift=row.drift,
        relative_drift=row.relative_drift,
        below=row.below,
        above=row.above,
        status=row.status,
        value_to_trade=trade,
    )


def _notes(held: Held, policy: Policy) -> tuple[str, ...]:
    notes = []
    if held.unpriced:
        notes.append(f"No price for {', '.join(held.unpriced)}: left out of the value.")
    if held.excluded:
        notes.append(f"Excluded holdings worth {held.excluded:,.2f} are left out of the value.")
    if judged_against(policy):
        notes.append(f"The policy has no bands: judged against {judged_against(policy)}.")
    return tuple(notes)
