"""One policy over one window: the kernel called, its sleeves combined, its arrays named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from keel.backtest.looks import Ints, Mask, look_mask, period_length
from keel.backtest.window import Window, to_date
from keel.domain.band import half_widths
from keel.domain.book import Book
from keel.domain.policy import Policy, RunSettings, Scope, Trigger, scope_of
from keel.domain.prices import CASH, Floats
from keel.errors import PortfolioDepletedError
from keel.units import from_bps

_TRIGGERS = {Trigger.never: 0, Trigger.calendar: 1, Trigger.band: 2}


@dataclass(frozen=True, slots=True)
class Path:
    """What happened: n sessions, k instruments, e rebalances.

    ``wealth`` (n,) after trading and ``values`` (n, k) before; ``sessions``, ``decided``, ``turnover``, ``cost`` (e,)
    and ``goals`` (e, k) of the rebalances; ``pending`` the session of a decision without a fill, or None, and its
    ``pending_goal`` (k,).
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


def simulate(window: Window, book: Book, policy: Policy, settings: RunSettings, lag: int) -> Path:
    """The path of ``policy``; PortfolioDepletedError when costs take everything.

    ``tranches`` n run as n sleeves with 1/n of the money each, sleeve j's looks moved by j·m/n sessions (rounded down;
    m the median length of a period), and are added up.
    """
    closes = np.ascontiguousarray(window.closes[:, [window.symbols.index(s) for s in book.symbols]])
    n = 1 if policy.trigger is Trigger.never else policy.tranches
    length = period_length(window.dates, policy.look) if n > 1 else 0.0
    sleeve = replace(settings, initial_value=settings.initial_value / n)
    masks = [look_mask(window.dates, policy.look, policy.offset + int(j * length / n)) for j in range(n)]
    paths = [_sleeve(window, closes, book, policy, sleeve, lag, mask) for mask in masks]
    return paths[0] if n == 1 else _combined(paths, book)


def costs_of(book: Book, settings: RunSettings) -> Floats:
    """The cost (k,) of each instrument, a fraction of traded value; 0 for cash and for one a mapping does not name."""
    cost = settings.cost_bps
    if isinstance(cost, Mapping):
        return np.array([from_bps(cost.get(symbol, 0.0)) for symbol in book.symbols])
    return np.array([0.0 if symbol == CASH else from_bps(cost) for symbol in book.symbols])


def _sleeve(
    window: Window, closes: Floats, book: Book, policy: Policy, settings: RunSettings, lag: int, looks: Mask
) -> Path:
    from keel.backtest import kernel

    below, above = half_widths(policy.band, book.targets, book.bands)
    fee = settings.fixed_fee / settings.initial_value
    values = np.empty_like(closes)
    wealth, count, when, figures, goals, pending, pending_goal, depleted = kernel.simulate(
        closes,
        window.dates.astype("datetime64[D]").astype(np.int64),
        looks,
        book.leaf.astype(np.int64),
        book.shares.astype(np.float64),
        book.targets.astype(np.float64),
        below,
        above,
        _TRIGGERS[policy.trigger],
        scope_of(policy) is Scope.whole_book,
        float(policy.destination),
        lag,
        policy.cooldown_days,
        costs_of(book, settings),
        np.array([0.0 if symbol == CASH else fee for symbol in book.symbols]),
        settings.min_trade / settings.initial_value,
        settings.charge_initial,
        1.0 - from_bps(settings.annual_fee_bps) / window.periods_per_year,
        values,
    )
    if depleted >= 0:
        day = to_date(window.dates[depleted]).isoformat()
        raise PortfolioDepletedError(
            f"Costs take the whole portfolio on {day}.", hint="Lower cost_bps or fixed_fee, or raise initial_value."
        )
    return Path(
        wealth=wealth,
        values=values,
        sessions=when[:count, 0].copy(),
        decided=when[:count, 1].copy(),
        turnover=figures[:count, 0].copy(),
        cost=figures[:count, 1].copy(),
        goals=goals[:count].copy(),
        pending=None if pending < 0 else int(pending),
        pending_goal=pending_goal,
    )


def _combined(paths: list[Path], book: Book) -> Path:
    """Equal sleeves added up: turnover and cost weighted by sleeve wealth, events the union."""
    n = len(paths)
    values = reduce(np.add, (p.values for p in paths)) / n
    wealth = reduce(np.add, (p.wealth for p in paths)) / n
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
    last = [p.values[-1] if p.pending is None else p.pending_goal * p.wealth[-1] for p in paths]
    return Path(
        wealth=wealth,
        values=values,
        sessions=sessions,
        decided=decided,
        turnover=turnover,
        cost=cost,
        goals=after / after.sum(axis=1, keepdims=True),
        pending=min((p.pending for p in waiting if p.pending is not None), default=None),
        pending_goal=reduce(np.add, last) / (n * wealth[-1]),
    )
