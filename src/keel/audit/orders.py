"""What the auditor is given: closes, cash and orders in shares. Our wealth is not among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keel.backtest.looks import Ints, period_length
from keel.backtest.result import BacktestResult
from keel.backtest.simulation import costs_of, simulate
from keel.backtest.window import Window
from keel.domain.policy import Trigger
from keel.domain.prices import CASH, Floats
from keel.units import TRADE_TOLERANCE, from_bps

LEAST_CASH = 10_000.0  # vectorbt takes orders below 1e-12 shares for none: a run of less money is scaled up to this
ORDER = np.dtype(
    [("ledger", "i8"), ("session", "i8"), ("column", "i8"), ("shares", "f8"), ("rate", "f8"), ("fee", "f8")]
)


@dataclass(frozen=True, slots=True)
class Tape:
    """One run as orders, in one ledger or, with tranches, one a sleeve.

    ``closes`` (n, k), a column per instrument of the book; ``cash`` (g,) what each ledger starts with; ``orders`` of
    dtype ``ORDER``: signed shares at a session's close, ``rate`` of traded value and ``fee`` in money; ``advisory`` the
    part of every position that is sold each session, before other orders, to pay the advisory fee.
    """

    closes: Floats
    cash: Floats
    orders: NDArray[Any]
    advisory: float


@dataclass(frozen=True, slots=True)
class _Fills:
    """What a ledger holds: weights (k,) after the purchase; weights before, goals (e, k) and wealth (e,) of fills."""

    first: Floats
    start: float
    sessions: Ints
    before: Floats
    goals: Floats
    wealth: Floats


def tape(result: BacktestResult, window: Window) -> Tape:
    """The orders of a run in shares, from its goals and its wealth at the fills only.

    Sleeves trade apart, so the net trades of a run with tranches do not show their costs: each sleeve's own trades are
    taken, and the wealth of all must make the run's.
    """
    closes = np.ascontiguousarray(window.closes[:, [window.symbols.index(s) for s in result.book.symbols]])
    ledgers = list(_ledgers(result, window))
    money = max(result.settings.initial_value, LEAST_CASH) / len(ledgers)
    advisory = from_bps(result.settings.annual_fee_bps) / window.periods_per_year
    orders = [_orders(fills, number, closes, money, advisory, result) for number, fills in enumerate(ledgers)]
    return Tape(closes, np.full(len(ledgers), money), np.concatenate(orders), advisory)


def _ledgers(result: BacktestResult, window: Window) -> Iterator[_Fills]:
    policy, settings = result.policy, result.settings
    n = 1 if policy.trigger is Trigger.never else policy.tranches
    if n == 1:
        sessions = np.array([event.session for event in result.events], dtype=np.int64)
        goals = result.goals if len(sessions) else np.empty((0, len(result.book.symbols)))
        yield _Fills(
            result.holdings[0], result.wealth[0], sessions, result.holdings[sessions], goals, result.wealth[sessions]
        )
        return
    length = period_length(window.dates, policy.look)
    for j in range(n):
        own = replace(policy, tranches=1, offset=policy.offset + int(j * length / n))
        money = replace(settings, initial_value=settings.initial_value / n)
        path = simulate(window, result.book, own, money, result.meta.lag)
        weights = path.values / path.values.sum(axis=1, keepdims=True)
        yield _Fills(
            weights[0], path.wealth[0], path.sessions, weights[path.sessions], path.goals, path.wealth[path.sessions]
        )


def _orders(
    fills: _Fills, ledger: int, closes: Floats, money: float, advisory: float, result: BacktestResult
) -> NDArray[Any]:
    sessions = np.concatenate([[0], fills.sessions])
    weights = np.vstack([fills.first, fills.goals])
    after = weights * np.concatenate([[fills.start], fills.wealth])[:, None] * money / closes[sessions]
    kept = (1.0 - advisory) ** np.diff(sessions)
    shares = after.copy()
    shares[1:] -= after[:-1] * kept[:, None]
    rates = np.tile(costs_of(result.book, result.settings), (len(sessions), 1))
    count = _paid_orders(fills, result)
    if not result.settings.charge_initial:
        rates[0], count[0] = 0.0, 0
    traded = np.abs(shares * closes[sessions])
    # An event's fixed fees are spread over its orders by value: vectorbt refuses a sale that is smaller than its fee.
    fee = result.settings.fixed_fee * _unit(result) * count
    fees = fee[:, None] * traded / traded.sum(axis=1, keepdims=True)
    rows, columns = np.nonzero(shares)
    orders = np.zeros(len(rows), dtype=ORDER)
    orders["ledger"], orders["session"], orders["column"] = ledger, sessions[rows], columns
    orders["shares"], orders["rate"], orders["fee"] = shares[rows, columns], rates[rows, columns], fees[rows, columns]
    return orders


def _paid_orders(fills: _Fills, result: BacktestResult) -> Ints:
    """How many orders of the purchase and of each fill bear the fixed fee; cash bears none."""
    priced = np.array([symbol != CASH for symbol in result.book.symbols])
    moved = np.vstack([fills.first, fills.goals - fills.before])
    count: Ints = ((np.abs(moved) > TRADE_TOLERANCE) & priced).sum(axis=1)
    return count


def _unit(result: BacktestResult) -> float:
    """How many times the run's money the ledgers hold."""
    return max(1.0, LEAST_CASH / result.settings.initial_value)
