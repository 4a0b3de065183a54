"""Other people's engines come to the same wealth wherever their rules are ours.

okama rebalances at month ends, decides and fills at the same close (lag 0) and knows no cost. Its ``Rebalance`` is
arithmetic on a table of returns, so it needs none of its server's data: calendar periods, absolute and relative bands
(looked at each month) are compared on the embedded monthly sample. bt: calendar, and ``RunIfOutOfBounds``, which is a
relative band looked at daily.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from tests.oracles import book_of

from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.arrays import Floats
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import (
    Absolute,
    Band,
    Relative,
    Trigger,
)
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Policy, RunSettings
from keel.sources.embedded.sample import load

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


@pytest.mark.parametrize("tolerance", [0.1, 0.25])
def test_bt_trades_a_relative_band_to_the_same_wealth(tolerance: float) -> None:
    import bt

    when = bt.algos.Or([bt.algos.RunOnce(), bt.algos.RunIfOutOfBounds(tolerance)])
    algos = [bt.algos.SelectAll(), bt.algos.WeighSpecified(**TARGETS), when, bt.algos.Rebalance()]
    test = bt.Backtest(bt.Strategy("s", algos), frame(closes()), integer_positions=False, progress_bar=False)
    theirs = bt.run(test).prices["s"].to_numpy()[-SESSIONS:] / 100.0
    found = ours(Policy(Trigger.band, band=Relative(tolerance * 1e4)), RunSettings(lag=0))
    assert len(found.events) >= 2
    assert found.wealth == pytest.approx(theirs, rel=1e-12)


PORTFOLIOS = {
    "60/40": {"MSCI US": 0.6, "US Treasuries": 0.4},
    "Global 6": {
        "MSCI US": 0.3,
        "MSCI World USD": 0.2,
        "MSCI Em ex-Asia": 0.1,
        "Global Bonds": 0.25,
        "US TIPs": 0.05,
        "Commodities Precious": 0.1,
    },
}


@pytest.fixture(scope="module")
def monthly() -> PriceMatrix:
    return load(Path(__file__).parents[2] / "data").prices("monthly")


@pytest.mark.parametrize("name", PORTFOLIOS)
@pytest.mark.parametrize(("look", "algo"), [(Cadence.quarterly, "RunQuarterly"), (Cadence.annual, "RunYearly")])
def test_bt_comes_to_the_same_wealth_on_the_embedded_sample(
    name: str, look: Cadence, algo: str, monthly: PriceMatrix
) -> None:
    import bt
    import pandas as pd

    targets = PORTFOLIOS[name]
    (found,) = run(monthly, book_of(targets), {"": Policy(Trigger.calendar, look)}, RunSettings())
    inside = [monthly.closes[:, monthly.symbols.index(symbol)] for symbol in targets]
    prices = pd.DataFrame(dict(zip(targets, inside, strict=True)), index=pd.DatetimeIndex(monthly.dates))
    when = getattr(bt.algos, algo)(run_on_first_date=True, run_on_end_of_period=True, run_on_last_date=False)
    algos = [when, bt.algos.SelectAll(), bt.algos.WeighSpecified(**targets), bt.algos.Rebalance()]
    test = bt.Backtest(bt.Strategy("s", algos), prices, integer_positions=False, progress_bar=False)
    theirs = bt.run(test).prices["s"].to_numpy()[-len(found.wealth) :] / 100.0
    assert len(found.events) >= 25
    assert found.wealth == pytest.approx(theirs, rel=1e-11)


def okama_agrees(targets: dict[str, float], monthly: PriceMatrix, policy: Policy, **rule: Any) -> None:
    """Both engines on the asset classes from 1999 to 2025: the same wealth each month, the same number of trades."""
    import okama
    import pandas as pd

    (found,) = run(
        monthly, book_of(targets), {"": policy}, RunSettings(), start=date(1999, 12, 31), end=date(2025, 12, 31)
    )
    columns = [monthly.symbols.index(symbol) for symbol in targets]
    window = np.isin(monthly.dates, found.dates)
    steps = monthly.closes[window][:, columns]
    months = pd.PeriodIndex(found.dates[1:].astype("datetime64[M]").astype(str), freq="M")
    returns = pd.DataFrame(steps[1:] / steps[:-1] - 1.0, index=months, columns=list(targets))
    theirs = okama.Rebalance(**rule).wealth_ts(list(targets.values()), returns)
    assert found.wealth == pytest.approx(theirs.portfolio_wealth_index.to_numpy() / 1000.0, rel=1e-12)
    assert len(found.events) == len(theirs.events)


@pytest.mark.parametrize("name", PORTFOLIOS)
@pytest.mark.parametrize(
    ("look", "period"),
    [
        (Cadence.monthly, "month"),
        (Cadence.quarterly, "quarter"),
        (Cadence.semiannual, "half-year"),
        (Cadence.annual, "year"),
    ],
)
def test_okama_rebalances_on_the_calendar_to_the_same_wealth(
    name: str, look: Cadence, period: str, monthly: PriceMatrix
) -> None:
    okama_agrees(PORTFOLIOS[name], monthly, Policy(Trigger.calendar, look), period=period)


@pytest.mark.parametrize("name", PORTFOLIOS)
@pytest.mark.parametrize(
    ("band", "rule"),
    [
        (Absolute(500), {"abs_deviation": 0.05}),
        (Absolute(200), {"abs_deviation": 0.02}),
        (Relative(2000), {"rel_deviation": 0.2}),
        (Relative(1000), {"rel_deviation": 0.1}),
    ],
)
def test_okama_trades_bands_to_the_same_wealth(
    name: str, band: Band, rule: dict[str, float], monthly: PriceMatrix
) -> None:
    okama_agrees(PORTFOLIOS[name], monthly, Policy(Trigger.band, Cadence.monthly, band=band), period="none", **rule)


def test_okama_never_trades_without_a_rule(monthly: PriceMatrix) -> None:
    okama_agrees(PORTFOLIOS["Global 6"], monthly, PRESETS["never"], period="none")


@pytest.mark.parametrize("look", [Cadence.quarterly, Cadence.annual])
def test_okama_looks_at_bands_when_a_period_ends(look: Cadence, monthly: PriceMatrix) -> None:
    period = {"quarterly": "quarter", "annual": "year"}[look.value]
    policy = Policy(Trigger.band, look, band=Absolute(300))
    okama_agrees(PORTFOLIOS["60/40"], monthly, policy, period=period, abs_deviation=0.03)


def test_vectorbt_keeps_the_same_ledger_when_it_replays_our_trades(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ours(PRESETS["edge_5pp"], RunSettings(lag=1, cost_bps=10, initial_value=MONEY))
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)  # its lines as they are written: compiling takes 20 s
    import vectorbt as vbt
    from vectorbt.portfolio.enums import SizeType

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
