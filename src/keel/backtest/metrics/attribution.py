"""What each leaf added to a result, and how the leaves moved together."""

from __future__ import annotations

import numpy as np

from keel.backtest.flows import Flows
from keel.backtest.result import BacktestResult
from keel.domain.arrays import Floats


def contribution(result: BacktestResult) -> Floats:
    """What each leaf (m,) added to wealth, as a fraction of the wealth at the start, net of the advisory fee.

    The sum is the total return before trading costs.
    """
    before, after = _leaf_values(result)
    return np.asarray((before[1:] - after[:-1]).sum(axis=0) / result.wealth[0], dtype=np.float64)


def correlation(result: BacktestResult) -> Floats:
    """The correlation (m, m) of the leaves' returns per session; NaN for a leaf that is never held or never moves."""
    before, after = _leaf_values(result)
    with np.errstate(divide="ignore", invalid="ignore"):
        returns = before[1:] / after[:-1] - 1.0
        moves = returns.std(axis=0) > 1e-12
        centred = returns - returns.mean(axis=0)
        unit = np.where(moves, centred / np.sqrt((centred**2).sum(axis=0)), np.nan)
    out = np.clip(unit.T @ unit, -1.0, 1.0)
    out[np.diag_indices_from(out)] = np.where(moves, 1.0, np.nan)
    return np.asarray(out, dtype=np.float64)


def _leaf_values(result: BacktestResult) -> tuple[Floats, Floats]:
    """Leaf values (n, m) at each close, before its flow and after trading, in units of initial wealth.

    With flows a value becomes wealth at the rate of the close before, so that what a flow adds is no return.
    """
    sessions = np.array([event.session for event in result.events], dtype=np.int64)
    costs = np.array([event.cost for event in result.events])
    total = result.wealth.copy()
    total[sessions] /= 1.0 - costs
    held = result.holdings * total[:, None]
    after = held.copy()
    after[sessions] = result.goals * result.wealth[sessions][:, None]
    before = held if result.flows is None else _before_flows(result, result.flows, held)
    return _by_leaf(result, before), _by_leaf(result, after)


def _before_flows(result: BacktestResult, flows: Flows, held: Floats) -> Floats:
    """``held`` (n, k), which is after each session's flow, without what that flow traded."""
    rate, at = result.wealth / result.value, flows.sessions
    before = held.copy()
    before[at] = (held[at] / rate[at][:, None] - flows.trades) * rate[at - 1][:, None]
    return before


def _by_leaf(result: BacktestResult, values: Floats) -> Floats:
    member = np.zeros((len(result.book.symbols), len(result.book.paths)))
    member[np.arange(len(result.book.symbols)), result.book.leaf] = 1.0
    return np.asarray(values @ member, dtype=np.float64)
