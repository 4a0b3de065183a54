"""What is listed is listed once: a metric added to the table and to its computation is everywhere."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.oracles import book_of, matrix

from keel import units, vocabulary
from keel.backtest.metrics import many_paths, one_path, table
from keel.backtest.metrics.evidence import Evidence
from keel.backtest.metrics.row import Kind, Metric
from keel.backtest.metrics.table import METRICS
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.backtest.sweep import run as sweep
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.window import align
from keel.commands import report
from keel.domain.framework.records import Framework
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, RunSettings
from keel.domain.study.grid import parse_grid

DATES = np.arange("2020-01-31", "2020-03-31", dtype="datetime64[D]").astype(str).tolist()
BOOK = book_of({"a": 0.6, "b": 0.4})
OF_A_PATH = tuple(metric.key for metric in METRICS if not metric.flows)
GRID = parse_grid({"base": "abs_5pp", "axes": {"band.width_bps": [100, 500], "cost_bps": [0, 10]}})
NEW = Metric(
    key="half_growth",
    definition="half of end / start − 1",
    label="Half the growth",
    form=units.pct2,
    term="total growth",
)


def prices() -> PriceMatrix:
    swing = 1.0 + 0.05 * np.sin(np.arange(len(DATES)))
    return matrix(DATES, BOOK, np.column_stack([swing, np.ones(len(DATES))]))


def results(settings: RunSettings | None = None) -> tuple[BacktestResult, ...]:
    return run(prices(), BOOK, {"it": PRESETS["abs_5pp"]}, settings or RunSettings(cost_bps=10))


def evidence() -> Evidence:
    return Evidence(np.array(DATES, dtype="datetime64[D]"), np.linspace(1.0, 1.2, len(DATES)), 252)


def test_no_key_or_label_stands_twice() -> None:
    keys, labels = [m.key for m in METRICS], [m.label for m in METRICS if m.shown]
    assert len(keys) == len(set(keys))
    assert len(labels) == len(set(labels))
    assert all(labels)
    assert all(metric.definition for metric in METRICS)


def test_the_keys_are_those_of_the_computations_in_their_order() -> None:
    assert tuple(one_path.metrics(evidence())) == OF_A_PATH
    contributed = results(RunSettings(contributions=Contributions(100.0)))[0]
    assert tuple(contributed.metrics) == tuple(metric.key for metric in METRICS)


def test_the_compared_and_the_composing_ones_are_computed() -> None:
    path = np.array([1.0, 1.2, 0.9])
    assert many_paths.metrics(path, path, np.array(0.1), 1.0, 12).shape == (len(table.compared()),)
    scenario = Scenario(align(prices(), BOOK.symbols), BOOK)
    assert sweep.run(scenario, GRID).values.shape == (len(table.composing()), 4)


def test_what_is_compared_composes_and_has_every_word() -> None:
    for metric in METRICS:
        if metric.compared:
            assert metric.composes
            assert "{b}" in metric.phrase
            assert "{x}" in metric.phrase
            assert metric.noun
            assert metric.higher is not None


def test_every_shown_metric_has_a_word_in_the_vocabulary() -> None:
    assert [m.key for m in table.shown() if not vocabulary.tip(m.term or m.key)] == []


def test_first_and_more_are_all_that_is_shown() -> None:
    assert {m.key for m in (*table.first(), *table.more())} == {m.key for m in table.shown()}
    assert [m.headline for m in table.first()] == list(range(1, 11))
    assert {m.key for m in METRICS if not m.shown} == {
        "max_drawdown_peak", "max_drawdown_trough", "max_drawdown_recovered", "calendar_years"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "shown", "fine", "apart"),
    [
        ("cagr", 0.0699, "6.99%", "6.99%", "+6.99\u00a0pp"),
        ("volatility", 0.12345, "12.3%", "12.35%", "+12.35\u00a0pp"),
        ("max_drawdown", -0.331, "−33.1%", "−33.1%", "−33.1\u00a0pp"),
        ("sharpe", -0.314, "−0.31", "−0.31", "−0.31"),
        ("longest_under_water_days", 365.25, "12", "365", "+36,525.0\u00a0pp"),
        ("calmar", 0.03, "0.03", "0.03", "+0.03"),
        ("sortino", 0.001, "0.00", "0.00", "0.00"),
        ("rebalances", 31, "31", "31", "+31"),
        ("tracking_difference", 0.001, "0.10%", "+0.10\u00a0pp", "+0.10\u00a0pp"),
    ],
)
def test_each_reads_as_units_write_it(key: str, value: float, shown: str, fine: str, apart: str) -> None:
    metric = table.row(key)
    assert (metric.form(value), metric.fine(value)) == (shown, fine)
    if metric.composes:
        assert metric.apart(value) == apart


def test_what_is_not_defined_is_a_dash_in_every_form() -> None:
    for metric in table.shown():
        assert metric.form(float("nan")) == metric.fine(float("nan")) == units.MISSING, metric.key


def test_a_metric_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        table.row("luck")


def test_the_table_is_read_without_the_compiler() -> None:
    code = "import sys, keel.backtest.metrics.table; print('numba' in sys.modules, 'pandas' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Metric:
    """The table with a row more, and its number."""
    known = one_path.metrics
    monkeypatch.setattr(table, "METRICS", (*METRICS, NEW))
    monkeypatch.setattr(one_path, "metrics", lambda judged: known(judged) | {NEW.key: _half(judged)})
    return NEW


def _half(judged: Evidence) -> float:
    return float(judged.wealth[-1] / judged.wealth[0] - 1.0) / 2


def test_a_metric_added_to_the_table_is_on_the_command_line(added: Metric) -> None:
    text = report.text(Framework(id="f", name="F", buckets=()), results(), ())
    growth = results()[0].metrics["total_return"]
    assert isinstance(growth, float)
    assert [line.split() for line in text.splitlines() if added.label in line] == [
        ["Half", "the", "growth", units.pct2(growth / 2)]
    ]


def test_a_metric_added_to_the_table_is_a_row_of_the_page(added: Metric) -> None:
    from keel.ui.backtest import view

    study: Any = SimpleNamespace(results=results(), benchmark=None)
    assert added.label in view.words(study)
    assert added.label in view.more_table(study).data.index
    assert added.label not in view.table(study).data.index


def test_a_metric_added_to_the_table_is_a_headline_where_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "METRICS", (*METRICS, replace(NEW, headline=1)))
    assert [metric.key for metric in table.first()][:2] == ["cagr", "half_growth"]


def test_a_metric_added_to_the_table_is_a_column_of_a_sweep(added: Metric) -> None:
    scenario = Scenario(align(prices(), BOOK.symbols), BOOK)
    arrow = sweep.run(scenario, GRID, metrics="all").to_arrow()
    halves, growth = arrow.column(added.key).to_pylist(), arrow.column("total_return").to_pylist()
    assert halves == pytest.approx([x / 2 for x in growth], rel=1e-12)
    assert added.key not in sweep.run(scenario, GRID).to_arrow().column_names


def test_the_lab_offers_what_composes_and_the_lead() -> None:
    from keel.ui.lab.landscape import LEAD
    from keel.ui.lab.landscape import METRICS as OFFERED

    assert tuple(OFFERED) == (LEAD, *table.composing())
    assert (OFFERED[LEAD].fine(0.01), OFFERED[LEAD].centred) == (f"+1.00{units.SPACE}pp", True)


def test_a_metric_added_to_the_table_is_in_the_file_of_metrics(added: Metric) -> None:
    from keel.domain.study.question import Question
    from keel.services.export import metrics_csv
    from keel.services.study import Study

    asked = Question("pf_1", {"it": PRESETS["abs_5pp"]}, RunSettings(cost_bps=10))
    text = metrics_csv(Study("", asked, results(), None, prices(), "", ()))
    assert f"{added.key}," in text
    assert "calendar_years," not in text


def test_a_metric_added_to_the_table_asks_for_its_document(added: Metric) -> None:
    from tests.test_docs import METRICS as DOCUMENT
    from tests.test_docs import metric_lines

    assert f"| `{added.key}` | {added.definition} |" in metric_lines(flows=False)
    assert "\n".join(metric_lines(flows=False)) not in DOCUMENT


def test_kinds_say_what_a_column_holds() -> None:
    path = one_path.metrics(replace(evidence(), wealth=np.cos(np.arange(len(DATES))) + 2.0))
    for key, value in path.items():
        match table.row(key).kind:
            case Kind.day:
                assert hasattr(value, "isoformat") or value is None
            case Kind.years:
                assert isinstance(value, list)
            case Kind.count:
                assert isinstance(value, int)
            case Kind.number:
                assert isinstance(value, float) or value is None
