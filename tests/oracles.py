"""A plain simulation, slow and readable: what the compiled kernel must equal.

It is built on the rules of keel.domain and shares nothing else with the backtest: its own looks from calendar dates,
its own fixed point by bisection, one session after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from keel.domain.band import breached, half_widths
from keel.domain.book import Book
from keel.domain.goal import goals, instrument_goals
from keel.domain.policy import Band, Cadence, EverySessions, Look, Policy, RunSettings, Trigger
from keel.domain.prices import CASH, Floats, PriceMatrix


@dataclass
class Event:
    """One fill: sessions, turnover, cost as a fraction of wealth before, instrument goals (k,)."""

    session: int
    decided: int
    turnover: float
    cost: float
    goal: Floats


@dataclass
class Story:
    """What the plain simulation saw."""

    wealth: list[float] = field(default_factory=list)
    holdings: list[Floats] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pending: tuple[int, Floats] | None = None


def book_of(
    targets: dict[str, float],
    instruments: list[tuple[str, float]] | None = None,
    bands: tuple[Band | None, ...] | None = None,
    symbols: tuple[str, ...] | None = None,
) -> Book:
    """A book of leaves by label; ``instruments`` are (leaf label, share), one per leaf when left out."""
    labels = tuple(targets)
    lines = instruments or [(label, 1.0) for label in labels]
    names = symbols or (labels if instruments is None else tuple(f"{leaf}{i}" for i, (leaf, _) in enumerate(lines)))
    return Book(
        paths=labels,
        labels=labels,
        targets=np.array(list(targets.values())),
        symbols=names,
        leaf=np.array([labels.index(leaf) for leaf, _ in lines], dtype=np.int64),
        shares=np.array([share for _, share in lines]),
        bands=bands or (None,) * len(labels),
    )


def matrix(dates: list[str], book: Book, closes: object) -> PriceMatrix:
    """A price matrix for the instruments of a book."""
    return PriceMatrix(np.array(dates, dtype="datetime64[D]"), book.symbols, np.array(closes, dtype=np.float64))


def simulate(
    dates: list[date], closes: Floats, book: Book, policy: Policy, settings: RunSettings, lag: int, periods: int
) -> Story:
    """The whole run, one session after the other."""
    story = Story()
    n, k = closes.shape
    looks = look_sessions(dates, policy.look, policy.offset)
    costs = _costs(book, settings)
    keep = 1.0 - settings.annual_fee_bps / 1e4 / periods
    start = book.targets[book.leaf] * book.shares
    wealth = 1.0
    if settings.charge_initial:
        wealth = after_cost(start, np.zeros(k), costs, _fees(start, np.zeros(k), book, settings, 1.0))
    quantity = start * wealth / closes[0]
    story.wealth.append(wealth)
    story.holdings.append(start)
    decided: int | None = None
    closed_until = dates[0]
    for t in range(1, n):
        quantity = quantity * keep
        value = quantity * closes[t]
        wealth = float(value.sum())
        story.holdings.append(value / wealth)
        stopped = story.pending is not None
        if decided is not None and t == decided + lag and not stopped:
            quantity, wealth, traded = _fill(story, t, decided, quantity, closes[t], book, policy, settings)
            closed_until = dates[t] + timedelta(days=policy.cooldown_days) if traded else closed_until
            decided = None
        if decided is None and t in looks and dates[t] >= closed_until and not stopped:
            weight = quantity * closes[t] / wealth
            if _acts(weight, book, policy):
                decided = t
                if t + lag >= n - 1:
                    story.pending = (t, _goal(weight, book, policy))
                elif lag == 0:
                    quantity, wealth, traded = _fill(story, t, t, quantity, closes[t], book, policy, settings)
                    closed_until = dates[t] + timedelta(days=policy.cooldown_days) if traded else closed_until
                    decided = None
        story.wealth.append(wealth)
    return story


def look_sessions(dates: list[date], look: Look, offset: int) -> set[int]:
    """The sessions that are looks, counted by hand."""
    n = len(dates)
    if isinstance(look, EverySessions):
        return {t for t in range(1, n) if t > offset and (t - offset) % look.every_sessions == 0}
    following = [*dates[1:], _next_weekday(dates[-1])]
    ends = [t for t in range(n) if look is Cadence.daily or _period(dates[t], look) != _period(following[t], look)]
    return {t + offset for t in ends if 0 < t + offset < n}


def after_cost(goal: Floats, weight: Floats, costs: Floats, fees: float) -> float:
    """x with x + sum(c·|goal·x - weight|) + fees = 1, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if middle + float((costs * abs(goal * middle - weight)).sum()) + fees > 1.0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def leaf_weights(weight: Floats, book: Book) -> Floats:
    """Instrument weights (k,) added up by leaf (m,)."""
    return np.bincount(book.leaf, weights=weight, minlength=len(book.targets))


def _acts(weight: Floats, book: Book, policy: Policy) -> bool:
    if policy.trigger is Trigger.never:
        return False
    below, above = half_widths(policy.band, book.targets, book.bands)
    return policy.trigger is Trigger.calendar or bool(
        breached(leaf_weights(weight, book), book.targets, below, above).any()
    )


def _goal(weight: Floats, book: Book, policy: Policy) -> Floats:
    below, above = half_widths(policy.band, book.targets, book.bands)
    now = leaf_weights(weight, book)
    goal = goals(now, book.targets, below, above, policy)
    return instrument_goals(goal, now, weight, book.leaf, book.shares, policy)


def _fill(
    story: Story,
    t: int,
    decided: int,
    quantity: Floats,
    close: Floats,
    book: Book,
    policy: Policy,
    settings: RunSettings,
) -> tuple[Floats, float, bool]:
    wealth = float((quantity * close).sum())
    weight = quantity * close / wealth
    goal = without_small(_goal(weight, book, policy), weight, settings.min_trade / settings.initial_value / wealth)
    turnover = 0.5 * float(abs(goal - weight).sum())
    if turnover <= 1e-12:
        return quantity, wealth, False
    left = after_cost(goal, weight, _costs(book, settings), _fees(goal, weight, book, settings, wealth))
    story.events.append(Event(t, decided, turnover, 1.0 - left, goal))
    return goal * wealth * left / close, wealth * left, True


def without_small(goal: Floats, weight: Floats, least: float) -> Floats:
    """Goals with the orders below ``least`` left out, the others sharing what these leave in proportion."""
    goal = goal.copy()
    while least > 0.0:
        small = (goal != weight) & (abs(goal - weight) < least)
        if not small.any():
            break
        goal[small] = weight[small]
        traded = goal != weight
        if goal[traded].sum() <= 0.0:
            return weight
        goal[traded] *= (1.0 - weight[~traded].sum()) / goal[traded].sum()
    return goal


def _costs(book: Book, settings: RunSettings) -> Floats:
    cost = settings.cost_bps
    if isinstance(cost, float | int):
        return np.array([0.0 if symbol == CASH else cost / 1e4 for symbol in book.symbols])
    return np.array([cost.get(symbol, 0.0) / 1e4 for symbol in book.symbols])


def _fees(goal: Floats, weight: Floats, book: Book, settings: RunSettings, wealth: float) -> float:
    orders = [s != CASH and abs(g - w) > 1e-12 for s, g, w in zip(book.symbols, goal, weight, strict=True)]
    return sum(orders) * settings.fixed_fee / settings.initial_value / wealth


def _period(day: date, look: Cadence) -> tuple[int, int]:
    match look:
        case Cadence.weekly:
            return day.isocalendar()[:2]
        case Cadence.monthly:
            return day.year, day.month
        case Cadence.quarterly:
            return day.year, (day.month + 2) // 3
        case Cadence.semiannual:
            return day.year, (day.month + 5) // 6
        case _:
            return day.year, 0


def _next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
