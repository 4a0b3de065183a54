"""One policy over one window: the kernel called, its sleeves combined, its arrays named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, reduce
from typing import assert_never

import numpy as np

from keel.backtest.flows import Flows, index, schedule
from keel.backtest.kernel import records
from keel.backtest.looks import look_mask, period_length
from keel.backtest.window import Window, to_date
from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.market.prices import CASH
from keel.domain.policy.band import half_widths
from keel.domain.policy.kinds import TRIGGERS, TrackingError, Trigger
from keel.domain.policy.records import (
    FlowMode,
    Policy,
    RunSettings,
    Scope,
    scope_of,
)
from keel.domain.portfolio.book import Book, frozen_leaves
from keel.errors import InvalidPolicyError, PortfolioDepletedError
from keel.units import day, from_bps

BLOCK = 2_000_000  # floats: half of what the C library takes notice of


@dataclass(frozen=True, slots=True)
class Path:
    """What happened: n sessions, k instruments, e rebalances.

    ``wealth`` (n,) after trading, time-weighted; ``values`` (n, k) after a session's flow and before trading;
    ``sessions``, ``decided``, ``turnover``, ``cost`` (e,) and ``goals`` (e, k) of the rebalances; ``pending`` the
    session of a decision without a fill, or None, and its ``pending_goal`` (k,). With ``flows``, ``value`` (n,) is what
    is held after trading, over the initial value; without, it is ``wealth``.
    """

    wealth: Floats
    values: Floats
    sessions: Ints
    decided: Ints
    turnover: Floats
    cost: Floats
    goals: Floats
    pending: int | None
    pending_goal: Floats
    value: Floats
    flows: Flows | None = None


def simulate(window: Window, book: Book, policy: Policy, settings: RunSettings, lag: int) -> Path:
    """The path of ``policy``; PortfolioDepletedError when costs or a withdrawal take everything.

    ``tranches`` n run as n sleeves with 1/n of the money each, sleeve j's looks moved by j·m/n sessions (rounded down;
    m the median length of a period), and are added up.
    """
    kernel = _kernel()
    flows = _flows(window, book, settings)
    n = 1 if not TRIGGERS[policy.trigger].looks else policy.tranches
    length = period_length(window.dates, policy.look) if n > 1 else 0.0
    sleeve = replace(settings, initial_value=settings.initial_value / n)
    market, leaves, costs = _market(window, book, policy), _book(book, settings), _costs(window, book, sleeve)
    paths = []
    for j in range(n):
        looks = look_mask(window.dates, policy.look, policy.offset + int(j * length / n))
        walk = kernel(market, leaves, _rule(book, policy, looks, lag), costs, flows)
        paths.append(_path(window, walk, flows))
    path = paths[0] if n == 1 else _combined(paths, book)
    return path if path.flows is None else _time_weighted(window, path, flows, settings)


def _time_weighted(window: Window, path: Path, relative: records.Flows, settings: RunSettings) -> Path:
    """The path with its wealth as an index, and its flows in the base currency.

    A flow's cost is charged to the index: PortfolioDepletedError when one costs more than all there was before it.
    """
    flows = path.flows
    if flows is None:
        return path
    base = replace(flows, amounts=flows.amounts * settings.initial_value, trades=flows.trades * settings.initial_value)
    wealth = index(path.value, relative.amounts)
    ruined = np.flatnonzero(~(wealth > 0.0))
    if len(ruined):
        when = day(to_date(window.dates[ruined[0]]))
        raise PortfolioDepletedError(
            f"What the flow of {when} costs is more than the portfolio was worth.",
            hint="Choose smaller contributions or lower costs, or raise initial_value.",
        )
    return replace(path, wealth=wealth, flows=base)


def costs_of(book: Book, settings: RunSettings) -> Floats:
    """The cost (k,) of each instrument, a fraction of traded value; 0 for cash and for one a mapping does not name."""
    cost = settings.cost_bps
    if isinstance(cost, Mapping):
        return np.array([from_bps(cost.get(symbol, 0.0)) for symbol in book.symbols])
    return np.array([0.0 if symbol == CASH else from_bps(cost) for symbol in book.symbols])


def lines_of(book: Book) -> Ints:
    """The order (k,) each instrument belongs to: one that fills several leaves is one line."""
    symbols = list(dict.fromkeys(book.symbols))
    return np.array([symbols.index(symbol) for symbol in book.symbols], dtype=np.int64)


def leaf_returns(closes: Floats, book: Book) -> Floats:
    """The return (n, m) of each leaf from the close before, its instruments at their shares; 0 in row 0."""
    out = np.zeros((len(closes), len(book.targets)))
    for i, j in enumerate(book.leaf):
        out[1:, j] += book.shares[i] * (closes[1:, i] / closes[:-1, i] - 1.0)
    return out


def _market(window: Window, book: Book, policy: Policy) -> records.Market:
    closes = _closes(window, book)
    tracked = _trigger(policy) is records.Trigger.tracking
    returns = leaf_returns(closes, book) * np.sqrt(window.periods_per_year) if tracked else np.empty((0, 0))
    return records.Market(closes, window.dates.astype("datetime64[D]").astype(np.int64), returns)


@cache
def _kernel() -> Callable[..., records.Walk]:
    """The compiled simulation, loaded when the first path is asked for.

    The C library gives freed memory back to the system when more than twice the largest block it ever let go of lies
    free, and a path's arrays are just that large: without the block here every call had 600 pages mapped anew, which
    took three times as long as the simulation.
    """
    from keel.backtest.kernel.simulate import simulate

    _ = np.empty(BLOCK)
    return simulate


def _closes(window: Window, book: Book) -> Floats:
    """The closes (n, k) of the book's instruments; the window's own where it holds just these, not a copy."""
    if window.symbols == book.symbols:
        return np.ascontiguousarray(window.closes)
    return np.ascontiguousarray(window.closes[:, [window.symbols.index(s) for s in book.symbols]])


def _book(book: Book, settings: RunSettings) -> records.Book:
    return records.Book(
        targets=book.targets.astype(np.float64),
        frozen=frozen_leaves(book, settings.frozen),
        leaf=book.leaf.astype(np.int64),
        shares=book.shares.astype(np.float64),
        line=lines_of(book),
    )


def _rule(book: Book, policy: Policy, looks: Mask, lag: int) -> records.Rule:
    below, above = half_widths(policy.band, book.targets, book.bands)
    return records.Rule(
        trigger=int(_trigger(policy)),  # an enum's member would be typed anew at every call, 0.1 ms
        looks=looks,
        below=below,
        above=above,
        limit=from_bps(policy.band.limit_bps) if isinstance(policy.band, TrackingError) else 0.0,
        whole_book=scope_of(policy) is Scope.whole_book,
        destination=float(policy.destination),
        lag=lag,
        cooldown=policy.cooldown_days,
    )


def _trigger(policy: Policy) -> records.Trigger:
    match policy.trigger:
        case Trigger.never:
            return records.Trigger.never
        case Trigger.calendar:
            return records.Trigger.calendar
        case Trigger.band:
            return records.Trigger.tracking if isinstance(policy.band, TrackingError) else records.Trigger.band
        case _:
            assert_never(policy.trigger)


def _costs(window: Window, book: Book, settings: RunSettings) -> records.Costs:
    fee = settings.fixed_fee / settings.initial_value
    return records.Costs(
        rates=costs_of(book, settings),
        fees=np.array([0.0 if symbol == CASH else fee for symbol in book.symbols]),
        min_trade=settings.min_trade / settings.initial_value,
        initial=settings.charge_initial,
        keep=1.0 - from_bps(settings.annual_fee_bps) / window.periods_per_year,
    )


def _flows(window: Window, book: Book, settings: RunSettings) -> records.Flows:
    """What comes in or goes out, fractions of the initial value; InvalidPolicyError when nothing may be bought."""
    flows = settings.contributions
    if flows is None:
        return records.Flows(np.empty(0), False)
    if not book.targets[~frozen_leaves(book, settings.frozen)].sum() > 0.0:
        raise InvalidPolicyError(
            "Contributions have nowhere to go: every bucket with a target is frozen.", subject="contributions"
        )
    return records.Flows(schedule(window.dates, flows) / settings.initial_value, flows.mode is FlowMode.steer)


def _path(window: Window, walk: records.Walk, flows: records.Flows) -> Path:
    """What the kernel gave back, over dates; PortfolioDepletedError when something took everything."""
    if walk.depleted != records.NONE:
        withdrawn = walk.depleted > 0 and bool(np.isnan(walk.value[walk.depleted]))
        raise _depleted(window, walk.depleted, withdrawn=withdrawn)
    done, due = slice(walk.rebalances), np.flatnonzero(flows.amounts)
    return Path(
        wealth=walk.value,
        values=walk.values,
        sessions=walk.filled[done].copy(),
        decided=walk.decided[done].copy(),
        turnover=walk.turnover[done].copy(),
        cost=walk.cost[done].copy(),
        goals=walk.goals[done].copy(),
        pending=None if walk.pending == records.NONE else int(walk.pending),
        pending_goal=walk.pending_goal,
        value=walk.value,
        flows=Flows(due, window.dates[due], flows.amounts[due], walk.traded) if len(flows.amounts) else None,
    )


def _depleted(window: Window, session: int, *, withdrawn: bool) -> PortfolioDepletedError:
    when = day(to_date(window.dates[session]))
    if withdrawn:
        return PortfolioDepletedError(
            f"The withdrawal of {when} is larger than what the portfolio can pay.",
            hint="Withdraw less, or raise initial_value.",
        )
    return PortfolioDepletedError(
        f"Costs take the whole portfolio on {when}.", hint="Lower cost_bps or fixed_fee, or raise initial_value."
    )


def _combined(paths: list[Path], book: Book) -> Path:
    """Equal sleeves added up: turnover and cost weighted by sleeve wealth, events the union."""
    n = len(paths)
    values = reduce(np.add, (p.values for p in paths)) / n
    value = reduce(np.add, (p.value for p in paths)) / n
    sessions = np.unique(np.concatenate([p.sessions for p in paths])).astype(np.int64)
    before = values[sessions].sum(axis=1) * n
    turnover, cost, decided = np.zeros(len(sessions)), np.zeros(len(sessions)), sessions.copy()
    after = np.zeros((len(sessions), len(book.symbols)))
    for path in paths:
        rows = np.searchsorted(sessions, path.sessions)
        own = path.values[path.sessions].sum(axis=1)
        turnover[rows] += path.turnover * own / before[rows]
        cost[rows] += path.cost * own / before[rows]
        decided[rows] = np.minimum(decided[rows], path.decided)
        held = path.values[sessions].copy()
        held[rows] = path.goals * (own * (1.0 - path.cost))[:, None]
        after += held
    waiting = [p for p in paths if p.pending is not None]
    last = [p.values[-1] if p.pending is None else p.pending_goal * p.value[-1] for p in paths]
    flows = paths[0].flows
    return Path(
        wealth=value,
        values=values,
        sessions=sessions,
        decided=decided,
        turnover=turnover,
        cost=cost,
        goals=after / after.sum(axis=1, keepdims=True),
        pending=min((p.pending for p in waiting if p.pending is not None), default=None),
        pending_goal=reduce(np.add, last) / (n * value[-1]),
        value=value,
        flows=flows and replace(flows, trades=reduce(np.add, (p.flows.trades for p in paths if p.flows)) / n),
    )
