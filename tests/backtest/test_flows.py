"""Money that comes in and goes out during a run."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backtest.kernel.test_simulate import Case, cases, window_of
from tests.oracles import book_of

from keel.backtest.flows import anniversaries, index, schedule
from keel.backtest.metrics.attribution import contribution
from keel.backtest.metrics.table import METRICS
from keel.backtest.path import simulate
from keel.backtest.result import BacktestResult, to_json
from keel.backtest.run import run
from keel.domain.arrays import Floats
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, FlowMode, Policy, RunSettings
from keel.domain.portfolio.book import Book
from keel.errors import InvalidPolicyError, PortfolioDepletedError

MONTHS = np.array(["2023-12-29", "2024-01-31", "2024-02-29", "2024-03-28", "2024-04-30"], dtype="datetime64[D]")
PAIR = book_of({"A": 0.6, "B": 0.4})


def ran(
    closes: Any,
    flows: Contributions | None,
    policy: Policy = PRESETS["never"],
    *,
    book: Book = PAIR,
    days: Any = MONTHS,
    **settings: Any,
) -> BacktestResult:
    found = RunSettings(contributions=flows, initial_value=1000.0, lag=0, **settings)
    matrix = PriceMatrix(days, tuple(dict.fromkeys(book.symbols)), np.array(closes, dtype=float))
    return run(matrix, book, {"": policy}, found)[0]


FLAT = [[1.0, 1.0]] * 5
DOUBLED = [[1.0, 1.0], [2.0, 1.0], [2.0, 1.0], [2.0, 1.0], [2.0, 1.0]]


def test_contributions_are_bought_at_current_weights_at_each_months_last_session() -> None:
    found = ran(DOUBLED, Contributions(100.0))
    # 600 A doubles: 1200 + 400, weights 3/4 and 1/4; then 100 more at the last session of each of four months.
    assert found.value == pytest.approx([1000.0, 1700.0, 1800.0, 1900.0, 2000.0])
    assert found.wealth == pytest.approx([1.0, 1.6, 1.6, 1.6, 1.6])
    assert found.weights[1:] == pytest.approx(np.tile([0.75, 0.25], (4, 1)))
    assert found.flows is not None
    assert found.flows.trades == pytest.approx(np.tile([75.0, 25.0], (4, 1)))
    assert found.metrics["invested"] == pytest.approx(1400.0)
    assert found.metrics["end_value"] == pytest.approx(2000.0)
    assert found.metrics["total_return"] == pytest.approx(0.6)


def test_steered_money_goes_to_what_is_below_target_and_never_sells() -> None:
    found = ran(DOUBLED, Contributions(100.0, mode=FlowMode.steer))
    assert found.flows is not None
    assert found.flows.trades == pytest.approx(np.tile([0.0, 100.0], (4, 1)))
    out = ran(DOUBLED, Contributions(-100.0, mode=FlowMode.steer))
    assert out.flows is not None
    assert out.flows.trades == pytest.approx(np.tile([-100.0, 0.0], (4, 1)))


def test_a_flow_pays_its_own_cost_and_moves_wealth_by_no_more() -> None:
    bought = ran(FLAT, Contributions(100.0), cost_bps=100)
    assert bought.value == pytest.approx(1000.0 + np.arange(5) * 100.0 / 1.01)
    assert bought.wealth[1] == pytest.approx((1000.0 + 100.0 / 1.01 - 100.0) / 1000.0)
    assert bought.flows is not None
    assert bought.flows.costs == pytest.approx([100.0 - 100.0 / 1.01] * 4)
    sold = ran(FLAT, Contributions(-100.0), cost_bps=100)
    assert sold.value == pytest.approx(1000.0 - np.arange(5) * 100.0 / 0.99)
    assert (sold.metrics["rebalances"], sold.metrics["turnover_per_year"]) == (0, 0.0)


def test_the_policy_judges_what_the_flow_left() -> None:
    steered = ran(DOUBLED, Contributions(300.0, mode=FlowMode.steer), PRESETS["monthly"])
    # 1200 + 400 and 300 into B: 1200 + 700; then 60/40 of 1900.
    assert steered.events[0].trades[0][1:] == pytest.approx((1200 / 1900, 0.6))
    assert steered.weights[1] == pytest.approx([1200 / 1900, 700 / 1900])
    enough = ran(DOUBLED, Contributions(500.0, mode=FlowMode.steer), PRESETS["monthly"])
    assert enough.events == ()  # 1260 + 840 is on target


def test_the_amount_grows_on_each_anniversary_of_the_first_session() -> None:
    days = np.array(["2020-02-29", "2020-12-31", "2021-02-28", "2021-03-01", "2024-02-29"], dtype="datetime64[D]")
    assert anniversaries(days).tolist() == [0, 0, 0, 1, 4]
    due = schedule(days, Contributions(100.0, Cadence.daily, growth_per_year=0.1))
    assert due == pytest.approx([0.0, 100.0, 100.0, 110.0, 146.41])


def test_a_period_that_has_not_ended_brings_no_flow() -> None:
    days = np.array(["2024-01-31", "2024-02-29", "2024-03-27"], dtype="datetime64[D]")
    assert schedule(days, Contributions(1.0)).tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("policy", ["never", "monthly"])
def test_a_flow_that_costs_more_than_all_there_was_is_refused_and_no_figure_is_below_nothing(policy: str) -> None:
    with pytest.raises(PortfolioDepletedError, match="31 Jan 2024 costs is more than the portfolio was"):
        ran(FLAT, Contributions(1e6), PRESETS[policy], cost_bps=100)
    assert ran(FLAT, Contributions(9e4), PRESETS[policy], cost_bps=100).wealth.min() > 0.0


def test_a_withdrawal_larger_than_the_portfolio_is_an_error_with_its_date() -> None:
    for mode in FlowMode:
        with pytest.raises(PortfolioDepletedError, match="28 Mar 2024"):
            ran(FLAT, Contributions(-400.0, mode=mode))
    with pytest.raises(PortfolioDepletedError, match="31 Jan 2024"):
        ran(FLAT, Contributions(-1000.0))


def test_contributions_need_a_bucket_that_is_not_frozen() -> None:
    with pytest.raises(InvalidPolicyError, match="nowhere to go"):
        ran(FLAT, Contributions(100.0), frozen=("A", "B"))


def test_nothing_of_a_flow_goes_to_a_frozen_bucket() -> None:
    for mode in FlowMode:
        found = ran(DOUBLED, Contributions(100.0, mode=mode), PRESETS["monthly"], frozen=("A",))
        assert found.flows is not None
        assert found.flows.trades == pytest.approx(np.tile([0.0, 100.0], (4, 1)))
        assert found.events == ()


def test_the_money_weighted_return_is_the_rate_at_which_the_flows_grow_to_the_end_value() -> None:
    closes = np.column_stack([[1.0, 1.3, 0.8, 0.9, 1.4], [1.0, 1.1, 1.0, 0.9, 1.2]])
    found = ran(closes, Contributions(300.0))
    rate = found.metrics["money_weighted_return"]
    assert isinstance(rate, float)
    years = (MONTHS[-1] - MONTHS).astype(int) / 365.25
    paid = np.array([1000.0, 300.0, 300.0, 300.0, 300.0])
    assert (paid * (1.0 + rate) ** years).sum() == pytest.approx(found.metrics["end_value"], rel=1e-9)
    assert rate != pytest.approx(found.metrics["cagr"], rel=0.01)


def test_money_that_grows_at_one_rate_has_that_rate_both_ways() -> None:
    growth = 1.07 ** ((MONTHS - MONTHS[0]).astype(int) / 365.25)
    found = ran(np.column_stack([growth, growth]), Contributions(-50.0))
    assert found.metrics["money_weighted_return"] == pytest.approx(0.07, abs=1e-9)
    assert found.metrics["cagr"] == pytest.approx(0.07, abs=1e-9)


def test_figures_of_flows_are_there_only_with_flows() -> None:
    plain, flowing = ran(FLAT, None), ran(FLAT, Contributions(10.0))
    assert set(flowing.metrics) - set(plain.metrics) == {metric.key for metric in METRICS if metric.flows}
    assert plain.flows is None
    assert plain.value == pytest.approx(1000.0 * plain.wealth)
    written = to_json(flowing)
    assert written["flows"] == [{"date": str(d), "amount": 10.0, "cost": pytest.approx(0.0)} for d in MONTHS[1:]]
    assert written["value"] == flowing.value.tolist()
    assert {"flows", "value"}.isdisjoint(to_json(plain))


def test_a_benchmark_has_no_contributions() -> None:
    settings = RunSettings(contributions=Contributions(100.0), frozen=("B",))
    _, beside = run(
        PriceMatrix(MONTHS, ("A", "B"), np.array(DOUBLED)), PAIR, {"": PRESETS["never"]}, settings, benchmark="A"
    )
    assert beside.flows is None
    assert beside.value[-1] == pytest.approx(20_000.0)


@st.composite
def free_cases(draw: st.DrawFn) -> tuple[Case, Contributions]:
    case = draw(cases())
    settings = RunSettings(annual_fee_bps=case.settings.annual_fee_bps)
    flows = Contributions(draw(st.sampled_from([-20.0, 70.0, 5000.0])), draw(st.sampled_from(list(Cadence))))
    book = dataclasses.replace(case.book, symbols=case.window.symbols)
    return dataclasses.replace(case, book=book, settings=settings), flows


@given(free_cases())
def test_without_costs_flows_at_current_weights_change_no_time_weighted_wealth(
    given: tuple[Case, Contributions],
) -> None:
    case, flows = given
    alone = simulate(case.window, case.book, case.policy, case.settings, case.lag)
    flowing = simulate(
        case.window, case.book, case.policy, dataclasses.replace(case.settings, contributions=flows), case.lag
    )
    if alone.sessions.tolist() == flowing.sessions.tolist():  # rounding may decide at the very edge of a band
        assert flowing.wealth == pytest.approx(alone.wealth, rel=1e-9)


@pytest.mark.parametrize("mode", FlowMode)
@pytest.mark.parametrize("tranches", [1, 3])
def test_the_leaves_contributions_add_up_to_the_total_return(mode: FlowMode, tranches: int) -> None:
    noise = np.random.default_rng(3)
    closes = np.cumprod(np.exp(noise.normal(0.0, 0.03, (150, 2))), axis=0)
    days = window_of(closes).dates
    policy = Policy(Trigger.calendar, Cadence.monthly, tranches=tranches)
    found = ran(closes, Contributions(120.0, mode=mode), policy, days=days)
    assert contribution(found).sum() == pytest.approx(found.metrics["total_return"], abs=1e-9)


def test_sleeves_share_each_flow() -> None:
    noise = np.random.default_rng(4)
    closes = np.cumprod(np.exp(noise.normal(0.0, 0.03, (150, 2))), axis=0)
    days = window_of(closes).dates
    flows = Contributions(100.0, Cadence.weekly)
    policies = [Policy(Trigger.calendar, Cadence.monthly, offset=o) for o in (0, 10)]
    split = ran(closes, flows, Policy(Trigger.calendar, Cadence.monthly, tranches=2), days=days)
    apart = [ran(closes, flows, policy, days=days) for policy in policies]
    assert split.flows is not None
    assert split.flows.amounts.sum() == pytest.approx(100.0 * len(split.flows.dates))
    assert split.value[-1] == pytest.approx(np.mean([one.value[-1] for one in apart]), rel=0.02)
    assert split.value[0] == pytest.approx(1000.0)


@pytest.mark.slow
def test_bt_keeps_the_same_account_with_monthly_contributions() -> None:
    """Only the account: bt's price index counts a flow as if it had come a session earlier."""
    import bt
    import pandas as pd

    noise = np.random.default_rng(5)
    closes: Floats = np.cumprod(np.exp(noise.normal(0.0, 0.015, (400, 2))), axis=0) * [10.0, 3.0]
    days = window_of(closes).dates
    found = ran(closes, Contributions(100.0), PRESETS["monthly"], days=days)
    frame = pd.DataFrame(closes, index=pd.DatetimeIndex(days.astype("datetime64[ns]")), columns=["A", "B"])
    at_ends = bt.algos.RunMonthly(run_on_first_date=False, run_on_end_of_period=True, run_on_last_date=False)
    when = bt.algos.Or([bt.algos.RunOnce(), bt.AlgoStack(at_ends, bt.algos.CapitalFlow(100.0))])
    trade = [bt.algos.SelectAll(), bt.algos.WeighSpecified(A=0.6, B=0.4), bt.algos.Rebalance()]
    strategy = bt.Strategy("s", [when, *trade])
    test = bt.Backtest(strategy, frame, initial_capital=1000.0, integer_positions=False, progress_bar=False)
    theirs = bt.run(test).backtests["s"].strategy.values.to_numpy()[-len(days) :]
    last = -1 if schedule(days, Contributions(1.0))[-1] > 0.0 else None  # bt makes no flow on the last date
    assert found.flows is not None
    assert len(found.flows.dates) > 12
    assert found.value[:last] == pytest.approx(theirs[:last], rel=1e-10)


@pytest.mark.filterwarnings("error")
def test_after_a_value_of_nothing_there_is_no_index_and_no_warning() -> None:
    wealth = index(np.array([1.0, 0.0, 0.0, 2.0]), np.array([0.0, 0.0, 0.0, 2.0]))
    assert wealth[:2].tolist() == [1.0, 0.0]
    assert np.isnan(wealth[2:]).all()
