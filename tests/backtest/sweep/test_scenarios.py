"""The scenarios of a grid: windows, frameworks and histories in every combination."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.backtest.sweep.test_run import example, prices_of

from keel.backtest.metrics import table
from keel.backtest.sweep.run import run
from keel.backtest.sweep.scenarios import rate_symbols, resampled
from keel.backtest.sweep.scenarios import scenarios as scenarios_of
from keel.domain.market.prices import PriceMatrix
from keel.domain.study.grid import parse_grid
from keel.errors import InputError, PricesMissingError


def test_there_is_one_for_each_combination_in_order() -> None:
    study = example(60, 2)
    grid = parse_grid({"base": "monthly", "axes": {"start": ["2023-12-01", "2024-01-02"], "history": [0, 7]}})
    four = scenarios_of(grid, lambda _: (prices_of(study), study.book), end=date(2024, 2, 1))
    assert sorted(str(one.window.dates[0]) for one in four) == ["2023-12-01"] * 2 + ["2024-01-02"] * 2
    assert {str(one.window.dates[-1]) for one in four} == {"2024-02-01"}
    assert len({one.window.closes[-1].tobytes() for one in four}) == 3  # history 0 ends as it did, from either start


def test_a_resampled_history_is_made_of_days_that_were() -> None:
    study = example(120, 3)
    other = resampled(study, 5)
    steps, drawn = (w.closes[1:] / w.closes[:-1] for w in (study.window, other.window))
    apart = np.abs(drawn[:, None, :] - steps[None, :, :]).max(axis=2).min(axis=1)
    assert apart.max() < 1e-12
    assert resampled(study, 0) is study


@pytest.mark.filterwarnings("error")
def test_a_history_that_leaves_what_numbers_can_hold_has_no_figures_and_no_warning() -> None:
    study = example(60, 2)
    closes = 10.0 ** np.random.default_rng(1).integers(0, 140, (60, 2))
    wild = replace(study, window=replace(study.window, closes=closes))
    beyond = next(seed for seed in range(1, 50) if not np.isfinite(resampled(wild, seed).window.closes).all())
    values = run(resampled(wild, beyond), parse_grid({"base": "monthly", "axes": {"cost_bps": [0, 1]}})).values
    assert np.isnan(values[table.composing().index("cagr")]).all()


def test_rates_that_are_series_are_named() -> None:
    base = {"trigger": "never", "risk_free": "SHV"}
    assert rate_symbols(parse_grid({"base": base, "axes": {"cost_bps": [0, 1]}})) == ("SHV",)
    axes = {"risk_free": [0.01, "BIL"], "cost_bps": [0, 1]}
    assert rate_symbols(parse_grid({"base": "monthly", "axes": axes})) == ("BIL",)


def test_what_is_no_date_and_no_seed_is_refused() -> None:
    study = example(60, 2)
    for axis, text in (("start", "not a date"), ("history", "whole numbers")):
        grid = parse_grid({"base": "monthly", "axes": {axis: ["x", "y"]}})
        with pytest.raises(InputError, match=text):
            scenarios_of(grid, lambda _: (prices_of(study), study.book))


def test_gaps_are_allowed_for_all_scenarios_or_none() -> None:
    study = example(60, 2)
    days = study.window.dates.copy()
    days[30:] += np.timedelta64(28, "D")
    apart = PriceMatrix(days, study.window.symbols, study.window.closes)
    for base, expected in (({"trigger": "never"}, None), ({"trigger": "never", "allow_gaps": True}, 60)):
        grid = parse_grid({"base": base, "axes": {"cost_bps": [0, 1]}})
        if expected is None:
            with pytest.raises(PricesMissingError, match="There are no prices between"):
                scenarios_of(grid, lambda _: (apart, study.book))
        else:
            assert len(scenarios_of(grid, lambda _: (apart, study.book))[0].window.dates) == expected
    grid = parse_grid({"base": "monthly", "axes": {"allow_gaps": [True, False]}})
    with pytest.raises(InputError, match="set it in base"):
        scenarios_of(grid, lambda _: (apart, study.book))


def test_one_history_is_the_real_one_and_seeds_repeat() -> None:
    study = example()
    prices, book = prices_of(study), study.book
    grid = parse_grid({"base": "monthly", "axes": {"history": [0, 1, 2, 1], "cost_bps": [0, 10]}})
    cagr = run(scenarios_of(grid, lambda _: (prices, book)), grid).metric("cagr")
    plain = run(study, parse_grid({"base": "monthly", "axes": {"cost_bps": [0, 10]}})).metric("cagr")
    assert cagr[:2].tolist() == plain.tolist()
    assert cagr[2:4].tolist() == cagr[6:].tolist() != cagr[4:6].tolist()
