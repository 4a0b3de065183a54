"""The backtest as a page of text."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from tests.oracles import book_of, matrix

from keel.backtest.metrics import table
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.commands import report
from keel.domain.framework.records import Framework
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, Policy, RunSettings
from keel.domain.policy.settings import SETTINGS

DATES = ["2019-12-31", "2020-06-30", "2020-12-31", "2021-06-30"]
BOOK = book_of({"a": 0.6, "b": 0.4})
PRICES = matrix(DATES, BOOK, np.array([[1.0, 1.0], [2.0, 1.0], [1.0, 1.0], [1.5, 1.0]]))


def runs(settings: RunSettings | None = None, **policies: Policy) -> tuple[BacktestResult, ...]:
    return run(PRICES, BOOK, policies or {"never": PRESETS["never"]}, settings or RunSettings(cost_bps=10, lag=0))


def test_every_metric_that_is_defined_has_its_row_in_the_tables_order() -> None:
    (one,) = runs()
    defined = [m.trade or m.label for m in table.shown() if one.metrics.get(m.key) is not None]
    rows = report.metrics_table([one]).splitlines()[1:]
    assert [next(name for name in defined if row.startswith(name)) for row in rows] == defined


def test_numbers_read_as_units_write_them() -> None:
    text = report.metrics_table(runs())
    assert text.splitlines()[1].split() == ["Total", "return", "30.0%"]
    fall = next(line for line in text.splitlines() if line.startswith("Max drawdown"))
    assert fall.split()[-1] == "−37.5%"  # from 1.6 to 1.0


def test_what_one_policy_has_and_another_has_not_is_a_dash() -> None:
    (never,) = runs()
    text = report.metrics_table([never, *_without(never, "sharpe")])
    assert next(line for line in text.splitlines() if line.startswith("Sharpe")).split()[-1] == "–"
    assert "Sharpe" not in report.metrics_table(_without(never, "sharpe"))


def _without(result: BacktestResult, key: str) -> list[BacktestResult]:
    return [replace(result, name="other", metrics={**result.metrics, key: None})]


def test_what_was_paid_in_is_told_where_money_came_in() -> None:
    text = report.metrics_table(runs(RunSettings(contributions=Contributions(100.0), lag=0)))
    assert {"XIRR", "Invested", "End value"} <= {line.split("  ")[0] for line in text.splitlines()}
    assert "Invested" not in report.metrics_table(runs())


def test_the_page_says_the_window_what_was_assumed_and_what_it_is_not() -> None:
    text = report.text(Framework("Mine", ()), runs(), ())
    assert text.startswith("Mine: Dec 2019 – Jun 2021, ")
    assert "filled at the same close (lag 0); 10 bps of traded value per side" in text
    assert text.endswith("not investment advice.")
    assert "no trading cost" in report.text(Framework("Mine", ()), runs(RunSettings(lag=0)), ())
    by_symbol = runs(RunSettings(cost_bps={"a": 5.0, "b": 1.0}, lag=0))
    assert "a 5\u00a0bps, b 1\u00a0bps" in report.text(Framework("Mine", ()), by_symbol, ())


def test_a_decision_that_could_not_be_filled_is_said() -> None:
    lagged = runs(RunSettings(lag=1), monthly=PRESETS["monthly"])
    assert lagged[0].pending is not None
    assert "monthly: decided on" in report.text(Framework("Mine", ()), lagged, ())


def test_a_long_name_of_a_policy_is_cut() -> None:
    assert report.short('{"trigger": "calendar", "look": "annual"}') == '{"trigger": "calendar",…'


ENDS = ((np.arange("2020-01", "2022-02", dtype="datetime64[M]") + 1).astype("datetime64[D]") - 1).astype(str).tolist()
MONTHLY = matrix(ENDS, BOOK, np.column_stack([np.linspace(1, 2, len(ENDS)), np.ones(len(ENDS))]))
EVERYTHING = RunSettings(
    lag=2,
    cost_bps={"a": 5.0, "b": 7.5},
    fixed_fee=2.5,
    min_trade=50.0,
    charge_initial=True,
    initial_value=20_000.0,
    annual_fee_bps=25.0,
    risk_free=0.01,
    contributions=Contributions(100.0, Cadence.annual, 0.02),
    frozen=("b",),
    allow_gaps=True,
)


def text_of(settings: RunSettings) -> str:
    results = run(MONTHLY, BOOK, {"annual": PRESETS["annual"]}, settings)
    return report.text(Framework(name="Pair"), results, ())


def test_the_flows_and_what_they_came_to_are_shown() -> None:
    shown = text_of(RunSettings(contributions=Contributions(100.0, Cadence.annual)))
    assert "Flows: 2 from 31 Dec 2020 to 31 Dec 2021, in all $200 put in." in shown.replace("\u00a0", " ")
    assert "Contributions: $100 put in each year." in shown
    for label in ("Invested", "End value", "XIRR"):
        assert label in shown


def test_every_setting_that_differs_is_named() -> None:
    shown = text_of(EVERYTHING)
    usual = RunSettings()
    for field in fields(RunSettings):
        assert getattr(EVERYTHING, field.name) != getattr(usual, field.name)
        if field.name not in report.SAID:
            assert f"{SETTINGS[field.name].label}: " in shown
    assert "(lag 2)" in shown
    assert "7.5" in shown


def test_a_usual_run_names_no_setting() -> None:
    shown = text_of(RunSettings())
    assert not any(f"{row.label}: " in shown for row in SETTINGS.values())
    assert "no trading cost" in shown
