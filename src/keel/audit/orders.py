"""What the auditor is given: closes, cash, flows and orders in shares. Our wealth is not among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keel.backtest.flows import Flows, schedule
from keel.backtest.looks import period_length
from keel.backtest.path import costs_of, lines_of, simulate
from keel.backtest.result import BacktestResult
from keel.backtest.window import Window
from keel.domain.arrays import Floats, Ints
from keel.domain.market.prices import CASH
from keel.domain.policy.kinds import TRIGGERS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import frozen_leaves
from keel.units import TRADE_TOLERANCE, from_bps

LEAST_CASH = 10_000.0  # vectorbt takes orders below 1e-12 shares for none: a run of less money is scaled up to this
ORDER = np.dtype(
    [
        ("ledger", "i8"),
        ("session", "i8"),
        ("fill", "i8"),
        ("column", "i8"),
        ("shares", "f8"),
        ("rate", "f8"),
        ("fee", "f8"),
    ]
)


@dataclass(frozen=True, slots=True)
class Tape:
    """One run as orders, in one ledger or, with tranches, one a sleeve.

    ``closes`` (n, u), a column per symbol; ``cash`` (g,) what each ledger starts with; ``flows`` (n,) the money that
    comes into each ledger, or leaves it, at each close; ``orders`` of dtype ``ORDER``: signed shares at a session's
    close, ``rate`` of traded value and ``fee`` in money, ``fill`` 0 where they invest a flow and 1 in a rebalance;
    ``advisory`` the part of every position that is sold each session, before any order, to pay the advisory fee.
    """

    closes: Floats
    cash: Floats
    flows: Floats
    orders: NDArray[Any]
    advisory: float


@dataclass(frozen=True, slots=True)
class _Book:
    """What the ledgers of a run share: ``net`` (k, u) adds instruments up by symbol, ``frozen`` (k,) are not traded."""

    closes: Floats
    net: Floats
    rates: Floats
    priced: NDArray[np.bool_]
    frozen: NDArray[np.bool_]
    advisory: float
    settings: RunSettings

    @property
    def unit(self) -> float:
        """How many times the run's money the ledgers hold."""
        return max(1.0, LEAST_CASH / self.settings.initial_value)


@dataclass(frozen=True, slots=True)
class _Fills:
    """What a ledger does: weights (k,) after the purchase; weights before, goals (e, k) and value (e,) of the fills.

    Values are over the initial value, ``start`` among them.
    """

    first: Floats
    start: float
    sessions: Ints
    before: Floats
    goals: Floats
    value: Floats
    flows: Flows | None


def tape(result: BacktestResult, window: Window) -> Tape:
    """The orders of a run in shares, from its goals and its value at the fills only.

    Sleeves trade apart, so the net trades of a run with tranches do not show their costs: each sleeve's own trades are
    taken, and the wealth of all must make the run's.
    """
    book = _book(result, window)
    ledgers = list(_ledgers(result, window))
    n, money = len(ledgers), result.settings.initial_value * book.unit / len(ledgers)
    contributions = result.settings.contributions
    flows = np.zeros(len(window.dates)) if contributions is None else schedule(window.dates, contributions)
    orders = [part for number, fills in enumerate(ledgers) for part in _orders(fills, number, book, money)]
    return Tape(book.closes, np.full(n, money), flows * book.unit / n, np.concatenate(orders), book.advisory)


def _book(result: BacktestResult, window: Window) -> _Book:
    book, settings = result.book, result.settings
    lines, symbols = lines_of(book), list(dict.fromkeys(book.symbols))
    own = [book.symbols.index(symbol) for symbol in symbols]
    return _Book(
        closes=np.ascontiguousarray(window.closes[:, [window.symbols.index(s) for s in symbols]]),
        net=np.eye(len(symbols))[lines],
        rates=costs_of(book, settings)[own],
        priced=np.array([symbol != CASH for symbol in symbols]),
        frozen=frozen_leaves(book, settings.frozen)[book.leaf],
        advisory=from_bps(settings.annual_fee_bps) / window.periods_per_year,
        settings=settings,
    )


def _ledgers(result: BacktestResult, window: Window) -> Iterator[_Fills]:
    policy, settings = result.policy, result.settings
    n = 1 if not TRIGGERS[policy.trigger].looks else policy.tranches
    if n == 1:
        sessions = np.array([event.session for event in result.events], dtype=np.int64)
        goals = result.goals if len(sessions) else np.empty((0, len(result.book.symbols)))
        value = result.wealth if result.flows is None else result.value / settings.initial_value
        yield _fills(result.holdings, value, sessions, goals, result.flows)
        return
    length = period_length(window.dates, policy.look)
    flows = settings.contributions and replace(settings.contributions, amount=settings.contributions.amount / n)
    part = replace(settings, initial_value=settings.initial_value / n, contributions=flows)
    for j in range(n):
        own = replace(policy, tranches=1, offset=policy.offset + int(j * length / n))
        path = simulate(window, result.book, own, part, result.meta.lag)
        weights = path.values / path.values.sum(axis=1, keepdims=True)
        yield _fills(weights, path.value, path.sessions, path.goals, path.flows)


def _fills(weights: Floats, value: Floats, sessions: Ints, goals: Floats, flows: Flows | None) -> _Fills:
    return _Fills(weights[0], value[0], sessions, weights[sessions], goals, value[sessions], flows)


def _orders(fills: _Fills, ledger: int, book: _Book, money: float) -> Iterator[NDArray[Any]]:
    """The orders that invest flows, then the purchase and the rebalances."""
    kept = (1.0 - book.advisory) ** np.arange(len(book.closes))[:, None]  # what the advisory fee leaves of one share
    invested = np.zeros_like(book.closes)
    if fills.flows is not None:
        at = fills.flows.sessions
        shares = fills.flows.trades @ book.net * book.unit / book.closes[at]
        yield _rows(ledger, 0, at, shares, np.tile(book.rates, (len(at), 1)), np.zeros_like(shares))
        invested[at] = shares / kept[at]
    sessions = np.concatenate([[0], fills.sessions])
    value = np.concatenate([[fills.start], fills.value])[:, None] * money
    held = np.vstack([fills.first, fills.goals]) @ book.net * value / book.closes[sessions] / kept[sessions]
    shares = np.diff(held - invested.cumsum(axis=0)[sessions], axis=0, prepend=0.0) * kept[sessions]
    rates, count = np.tile(book.rates, (len(sessions), 1)), _paid_orders(fills, book)
    if not book.settings.charge_initial:
        rates[0], count[0] = 0.0, 0
    traded = np.abs(shares * book.closes[sessions])
    # An event's fixed fees are spread over its orders by value: vectorbt refuses a sale that is smaller than its fee.
    fee = book.settings.fixed_fee * book.unit * count
    yield _rows(ledger, 1, sessions, shares, rates, fee[:, None] * traded / traded.sum(axis=1, keepdims=True))


def _rows(ledger: int, fill: int, sessions: Ints, shares: Floats, rates: Floats, fees: Floats) -> NDArray[Any]:
    rows, columns = np.nonzero(shares)
    orders = np.zeros(len(rows), dtype=ORDER)
    orders["ledger"], orders["fill"], orders["session"], orders["column"] = ledger, fill, sessions[rows], columns
    orders["shares"], orders["rate"], orders["fee"] = shares[rows, columns], rates[rows, columns], fees[rows, columns]
    return orders


def _paid_orders(fills: _Fills, book: _Book) -> Ints:
    """How many orders of the purchase and of each fill bear the fixed fee; cash bears none.

    Beside frozen holdings the goals of the others are scaled by what cost leaves; an order is counted before that.
    """
    free = ~book.frozen
    before, after = fills.before[:, free], fills.goals[:, free]
    left = 1.0 - fills.before[:, book.frozen].sum(axis=1, keepdims=True)
    if book.frozen.any():
        after = after * left / after.sum(axis=1, keepdims=True)
    moved = np.vstack([fills.first @ book.net, (after - before) @ book.net[free]])
    count: Ints = ((np.abs(moved) > TRADE_TOLERANCE) & book.priced).sum(axis=1)
    return count
