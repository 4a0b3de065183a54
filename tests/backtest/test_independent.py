"""Other people's engines come to the same wealth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.oracles import book_of

from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.policy import PRESETS, Cadence, Policy, RunSettings, Trigger
from keel.domain.prices import Floats, PriceMatrix

pytestmark = pytest.mark.slow  # their imports and vectorbt's first compilation, not the comparison

TARGETS = {"A": 0.5, "B": 0.3, "C": 0.2}
SESSIONS = 600
DAYS = np.busday_offset(np.datetime64("2020-01-01", "D"), np.arange(SESSIONS), roll="forward")
MONEY = 10_000.0


def closes() -> Floats:
    noise = np.random.default_rng(5)
    paths: Floats = np.exp(np.cumsum(noise.normal(0.0, 0.015, (SESSIONS, 3)), axis=0)) * [10.0, 50.0, 3.0]
    return paths


def ours(policy: Policy, settings: RunSettings) -> BacktestResult:
    return run(PriceMatrix(DAYS, tuple(TARGETS), closes()), book_of(TARGETS), {"": policy}, settings)[0]


def frame(values: Floats) -> Any:
    import pandas as pd

    return pd.DataFrame(values, index=pd.DatetimeIndex(DAYS.astype("datetime64[ns]")), columns=list(TARGETS))


@pytest.mark.parametrize(("look", "algo"), [(Cadence.monthly, "RunMonthly"), (Cadence.annual, "RunYearly")])
def test_bt_rebalances_to_the_same_wealth(look: Cadence, algo: str) -> None:
    import bt

    when = getattr(bt.algos, algo)(run_on_first_date=True, run_on_end_of_period=True, run_on_last_date=False)
    algos = [when, bt.algos.SelectAll(), bt.algos.WeighSpecified(**TARGETS), bt.algos.Rebalance()]
    test = bt.Backtest(bt.Strategy("s", algos), frame(closes()), integer_positions=False, progress_bar=False)
    theirs = bt.run(test).prices["s"].to_numpy()[-SESSIONS:] / 100.0
    found = ours(Policy(Trigger.calendar, look), RunSettings(lag=0))
    assert len(found.events) > 1
    assert found.wealth == pytest.approx(theirs, rel=1e-12)


def test_vectorbt_keeps_the_same_ledger_when_it_replays_our_trades() -> None:
    import vectorbt as vbt
    from vectorbt.portfolio.enums import SizeType

    found = ours(PRESETS["edge_5pp"], RunSettings(lag=1, cost_bps=10, initial_value=MONEY))
    shares, fees = np.full((SESSIONS, 3), np.nan), np.full((SESSIONS, 3), 0.001)
    shares[0], fees[0] = np.array(list(TARGETS.values())) * MONEY / closes()[0], 0.0
    for event, goal in zip(found.events, found.goals, strict=True):
        t, after = event.session, found.wealth[event.session]
        before = found.holdings[t] * after / (1.0 - event.cost)
        shares[t] = (goal * after - before) * MONEY / closes()[t]
    book = vbt.Portfolio.from_orders(
        frame(closes()),
        size=frame(shares),
        size_type=SizeType.Amount,
        fees=frame(fees),
        init_cash=MONEY,
        group_by=True,
        cash_sharing=True,
        call_seq="auto",
        freq="D",
    )
    assert len(found.events) > 10
    assert found.wealth == pytest.approx(book.value().to_numpy() / MONEY, rel=1e-12)
    assert abs(book.cash().to_numpy()).max() < 1e-9 * MONEY
