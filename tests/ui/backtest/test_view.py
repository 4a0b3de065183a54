"""The parts of the backtest page that are words and numbers; that they are drawn is tested by driving the page."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.oracles import book_of, matrix

from keel import units
from keel.backtest.metrics import table
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.market.prices import StandIn
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, RunSettings
from keel.domain.study.headline import NEVER
from keel.ui.backtest import view

DATES = np.arange("2018-12", "2021-02", dtype="datetime64[M]")
DAYS = ((DATES + 1).astype("datetime64[D]") - np.timedelta64(1, "D")).astype(str).tolist()
BOOK = book_of({"a": 0.6, "b": 0.4})
PRICES = matrix(DAYS, BOOK, np.column_stack([1.02 ** np.arange(len(DAYS)), np.ones(len(DAYS))]))


def study(settings: RunSettings | None = None, benchmark: str | None = None) -> Any:
    """A study of yearly rebalancing beside never, as much of it as the view reads."""
    policies = {"Yearly": PRESETS["annual"], NEVER: PRESETS["never"]}
    results: tuple[BacktestResult, ...] = run(PRICES, BOOK, policies, settings or RunSettings(), benchmark=benchmark)
    return SimpleNamespace(results=results[:2], benchmark=results[2] if benchmark else None)


def test_the_first_table_holds_the_headlines_and_the_other_the_rest() -> None:
    first, more = view.table(study()).data, view.more_table(study()).data
    assert list(first.index) == [metric.label for metric in table.first()]
    assert list(more.index) == [metric.label for metric in table.more() if not metric.flows]
    assert list(first.columns) == ["Yearly", NEVER]


def test_the_benchmark_is_the_last_column() -> None:
    shown = view.table(study(benchmark="b")).data
    assert list(shown.columns) == ["Yearly", NEVER, "b"]
    assert shown.loc["Return a year", "b"] == 0.0


def test_each_number_reads_in_the_form_of_its_metric() -> None:
    one = study()
    html = view.table(one).to_html()
    assert units.pct2(one.results[0].metrics["cagr"]) in html
    assert units.MISSING not in html.split("Rebalances")[1].split("</tr>")[0]


def test_what_was_paid_in_is_a_row_only_where_money_came_in() -> None:
    flowing = study(RunSettings(contributions=Contributions(100.0)))
    assert view.more_table(flowing).data.loc["Paid in", "Yearly"] == 10_000.0 + 25 * 100.0
    assert "Paid in" not in view.more_table(study()).data.index
    assert "Paid in" in view.words(flowing)
    assert "Paid in" not in view.words(study())


def test_every_row_is_explained() -> None:
    lines = view.words(study()).splitlines()
    assert len(lines) == len(view.table(study()).data) + len(view.more_table(study()).data)
    assert all(line.rstrip().partition("**: ")[2] for line in lines)


def test_never_is_the_reference_and_grey() -> None:
    assert view.reference(study()) == NEVER
    assert view.slots(study()) == {"Yearly": 0, NEVER: 6}


def test_the_picture_in_words_says_where_each_policy_ends() -> None:
    one = study()
    assert all(units.times(float(result.wealth[-1])) in view.growth_alt(one) for result in one.results)


def test_a_window_too_short_for_a_yearly_return_has_none() -> None:
    without: Any = SimpleNamespace(metrics={"cagr": None})
    assert view.cagr(without) is None
    assert view.cagr(study().results[0]) == study().results[0].metrics["cagr"]


def test_a_joint_inside_the_window_is_marked_and_the_legend_says_what_it_is() -> None:
    asked = study()
    until = np.datetime64(DAYS[9])
    lent = [StandIn("a", "INDEX", until), StandIn("b", "INDEX"), StandIn("c", "INDEX", until)]
    asked.prices = replace(PRICES, proxied=(*lent, StandIn("b", "OTHER", np.datetime64(DAYS[0]))))
    assert view.joints(asked) == {until.item(): ["a"]}  # not one throughout, not held, or before the window
    assert "own prices begin there" in view.legend(asked)
    assert len(view.growth_figure(asked, "USD").layout.shapes) == 1
    asked.prices = PRICES
    assert "own prices" not in view.legend(asked)
