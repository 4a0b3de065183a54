"""A plain simulation, slow and readable: what the compiled kernel must equal.

It is built on the rules of keel.domain and shares nothing else with the backtest: its own looks from calendar dates,
its own fixed point by bisection, one session after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.plan.waterfill import relative_waterfill
from keel.domain.policy.band import breached, half_widths
from keel.domain.policy.destination import goals, instrument_goals
from keel.domain.policy.kinds import Band, TrackingError, Trigger
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    FlowMode,
    Look,
    Policy,
    RunSettings,
)
from keel.domain.policy.tracking import drift_error, trailing_covariance
from keel.domain.portfolio.book import Book, frozen_leaves


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
    """What the plain simulation saw: ``wealth`` is the value held, over the initial value."""

    wealth: list[float] = field(default_factory=list)
    index: list[float] = field(default_factory=list)
    flows: list[tuple[int, float, Floats]] = field(default_factory=list)
    depleted: int | None = None
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
    keep = 1.0 - settings.annual_fee_bps / 1e4 / periods
    start = book.targets[book.leaf] * book.shares
    wealth = 1.0
    if settings.charge_initial:
        nothing = np.zeros(k)
        wealth = _left(start, nothing, np.zeros(k, dtype=bool), book, settings, 1.0)
    quantity = start * wealth / closes[0]
    story.wealth.append(wealth)
    story.index.append(wealth)
    story.holdings.append(start)
    decided: int | None = None
    closed_until = dates[0]
    for t in range(1, n):
        quantity = quantity * keep
        flow = _flow(dates, t, settings)
        if flow != 0.0:
            bought = _bought(flow, quantity * closes[t], book, settings)
            if bought is None:
                story.depleted = t
                break
            story.flows.append((t, flow, bought))
            quantity = quantity + bought / closes[t]
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
            if _acts(weight, closes[: t + 1], book, policy, settings, periods):
                decided = t
                if t + lag >= n - 1:
                    story.pending = (t, _goal(weight, book, policy, settings))
                elif lag == 0:
                    quantity, wealth, traded = _fill(story, t, t, quantity, closes[t], book, policy, settings)
                    closed_until = dates[t] + timedelta(days=policy.cooldown_days) if traded else closed_until
                    decided = None
        story.index.append(story.index[-1] * (wealth - flow) / story.wealth[-1])
        story.wealth.append(wealth)
    return story


def _flow(dates: list[date], t: int, settings: RunSettings) -> float:
    """The contribution at the close of session t, over the initial value."""
    flows = settings.contributions
    if flows is None or t not in look_sessions(dates, flows.cadence, 0):
        return 0.0
    birthdays = sum(1 for year in range(dates[0].year + 1, dates[t].year + 1) if _birthday(dates[0], year) <= dates[t])
    return flows.amount * (1.0 + flows.growth_per_year) ** birthdays / settings.initial_value


def _birthday(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _bought(flow: float, value: Floats, book: Book, settings: RunSettings) -> Floats | None:
    """What the flow buys (or sells) of each instrument, its cost paid out of it; None when it takes everything."""
    free = ~frozen_leaves(book, settings.frozen)[book.leaf]
    costs = _costs(book, settings)
    held = np.where(free, value, 0.0)
    if flow < 0.0 and -flow >= (held * (1.0 - costs)).sum():
        return None
    targets = np.where(free, book.targets[book.leaf] * book.shares, 0.0)
    if settings.contributions is not None and settings.contributions.mode is FlowMode.steer:
        out = np.zeros(len(value))
        out[free] = relative_waterfill(held[free], targets[free], flow, costs[free])
        return out
    base = held if held.sum() > 0.0 else targets
    side = np.sign(flow)
    return base * flow / (base * (1.0 + side * costs)).sum()


def _covariance(seen: Floats, book: Book) -> Floats | None:
    """Of the leaf returns at target shares, over the last 252 of the closes seen so far."""
    steps = np.vstack([np.zeros(seen.shape[1]), seen[1:] / seen[:-1] - 1.0]) * book.shares
    returns = np.array([steps[:, book.leaf == j].sum(axis=1) for j in range(len(book.targets))]).T
    return trailing_covariance(returns, len(seen) - 1)


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


def _acts(weight: Floats, seen: Floats, book: Book, policy: Policy, settings: RunSettings, periods: int) -> bool:
    if policy.trigger is not Trigger.band:
        return policy.trigger is Trigger.calendar
    frozen, now = frozen_leaves(book, settings.frozen), leaf_weights(weight, book)
    below, above = half_widths(policy.band, book.targets, book.bands)
    if isinstance(policy.band, TrackingError):
        drift = now - goals(now, book.targets, below, above, policy, frozen)
        limit, covariance = policy.band.limit_bps / 1e4, _covariance(seen, book)
        return covariance is not None and drift_error(drift, covariance, periods) > limit + 1e-9
    return bool(breached(now, book.targets, below, above, frozen).any())


def _goal(weight: Floats, book: Book, policy: Policy, settings: RunSettings) -> Floats:
    below, above = half_widths(policy.band, book.targets, book.bands)
    frozen, now = frozen_leaves(book, settings.frozen), leaf_weights(weight, book)
    goal = goals(now, book.targets, below, above, policy, frozen)
    return instrument_goals(goal, now, weight, book.leaf, book.shares, policy, frozen)


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
    goal = without_small(
        _goal(weight, book, policy, settings), weight, book, settings.min_trade / settings.initial_value / wealth
    )
    turnover = 0.5 * float(abs(net(goal - weight, book)).sum())
    if turnover <= 1e-12:
        return quantity, wealth, False
    still = frozen_leaves(book, settings.frozen)[book.leaf]
    left = _left(goal, weight, still, book, settings, wealth)
    held = float(weight[still].sum())
    after = np.where(still, weight, goal * (left - held) / (1.0 - held))
    story.events.append(Event(t, decided, turnover, 1.0 - left, after / left))
    return after * wealth / close, wealth * left, True


def net(trades: Floats, book: Book) -> Floats:
    """The trades (k,) added up by symbol."""
    return np.array([trades[[s == symbol for s in book.symbols]].sum() for symbol in dict.fromkeys(book.symbols)])


def _left(
    goal: Floats, weight: Floats, still: NDArray[np.bool_], book: Book, settings: RunSettings, wealth: float
) -> float:
    """x, what is left of wealth 1, with x + Σ c·|net trade| + fees = 1; what is ``still`` keeps its value."""
    symbols = list(dict.fromkeys(book.symbols))
    costs = np.array([_costs(book, settings)[book.symbols.index(symbol)] for symbol in symbols])
    held = float(weight[still].sum())
    fee = settings.fixed_fee / settings.initial_value / wealth
    orders = net(np.where(still, 0.0, goal - weight), book)
    fees = sum(fee for symbol, order in zip(symbols, orders, strict=True) if symbol != CASH and abs(order) > 1e-12)
    low, high = held, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        after = np.where(still, weight, goal * (middle - held) / (1.0 - held))
        if middle + float((costs * abs(net(after - weight, book))).sum()) + fees > 1.0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def without_small(goal: Floats, weight: Floats, book: Book, least: float) -> Floats:
    """Goals with the orders below ``least`` left out, the others sharing what these leave in proportion."""
    goal = goal.copy()
    while least > 0.0:
        order = {s: float((goal - weight)[[x == s for x in book.symbols]].sum()) for s in book.symbols}
        size = np.array([abs(order[s]) for s in book.symbols])
        transfer = (size <= 1e-12) & (abs(goal - weight) > 1e-12)  # between two leaves of one instrument
        small = (goal != weight) & (size < least) & ~transfer
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
