"""What the lab may claim of an axis, in worlds whose truth is known."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from tests.backtest.chances import SIXTY, monthly

from keel.backtest.luck.axes import AxisTest
from keel.backtest.luck.landscapes import Landscapes, landscapes
from keel.backtest.metrics import table
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.run import run
from keel.backtest.sweep.scenarios import resampled
from keel.backtest.window import Window
from keel.domain.study.grid import parse_grid
from keel.errors import HistoryTooShortError

WORLDS = int(os.environ.get("KEEL_WORLDS", "60"))
HISTORIES = 200 if "KEEL_WORLDS" in os.environ else 60  # of a world: a p-value is as strict of few as of many
BANDS = {"trigger": "band", "band": {"kind": "absolute"}}
ALIKE = parse_grid(  # without a cost no width and no day is better than another, but by luck
    {"base": BANDS, "axes": {"look": ["monthly", "quarterly", "annual"], "band.width_bps": [200, 500, 800]}}
)
COSTS = parse_grid({"base": {"trigger": "calendar", "look": "quarterly"}, "axes": {"cost_bps": [0, 10, 30]}})


def world(seed: int, years: int = 20) -> Scenario:
    """Two assets of the same expected growth, months drawn alone: rebalancing them one way is as good as another."""
    window = monthly(12 * years + 1)
    noise = np.random.default_rng(seed).normal(0.005, (0.045, 0.02), (len(window.dates) - 1, 2))
    closes = np.vstack([np.ones(2), np.exp(np.cumsum(noise - np.array([0.045, 0.02]) ** 2 / 2, axis=0))])
    return Scenario(replace(window, closes=closes), SIXTY)


def verdicts(of: Landscapes, metric: str = "cagr") -> tuple[AxisTest, ...]:
    found = of.tests(metric)
    assert found is not None
    return found


def test_what_was_seen_and_each_history_are_those_of_a_sweep() -> None:
    found = landscapes(world(1), ALIKE, count=3)
    for seed, values in enumerate((found.seen, *found.drawn)):
        alone = run(resampled(world(1), seed), ALIKE).values.reshape(values.shape)
        assert np.array_equal(values, alone, equal_nan=True)
    assert found.seen.shape == (len(table.composing()), 3, 3)


@pytest.mark.slow
def test_where_nothing_separates_the_policies_at_most_one_lab_in_twenty_claims_anything() -> None:
    claims = 0
    for seed in range(WORLDS):
        claims += any(t.certain or t.p_value <= 0.05 for t in verdicts(landscapes(world(seed), ALIKE, count=HISTORIES)))
    assert claims <= 0.05 * WORLDS


def test_a_cost_of_a_basis_point_a_year_on_the_same_trades_is_certain() -> None:
    (cost,) = verdicts(landscapes(world(4), COSTS, count=60))
    assert 0.5e-4 < cost.effect < 5e-4
    assert cost.certain
    assert cost.p_value < 0.02


def test_a_large_grid_is_thinned_to_its_ends_and_a_few_between() -> None:
    wide = {"from": 100, "to": 1000, "count": 40}
    grid = parse_grid({"base": BANDS, "axes": {"look": ["monthly", "annual"], "band.width_bps": wide}})
    found = landscapes(world(1), grid, count=1, most=10)
    assert found.grid.shape == (2, 5)
    assert [found.grid.at(0)["band.width_bps"], found.grid.at(9)["band.width_bps"]] == [100, 1000]


def test_stopped_it_has_the_histories_that_were_done_and_says_nothing_of_a_few() -> None:
    done: list[tuple[int, int]] = []
    found = landscapes(world(1), ALIKE, count=30, progress=lambda *p: done.append(p), cancel=lambda: len(done) > 0)
    assert done == [(10, 30)]
    assert len(found.drawn) == 10
    assert found.asked == 30
    assert found.tests("cagr") is None


def test_a_short_window_is_refused() -> None:
    short: Window = monthly(20)
    with pytest.raises(HistoryTooShortError, match="at least 24"):
        landscapes(Scenario(short, SIXTY), ALIKE)


def test_verdicts_name_the_axes_of_every_figure_that_is_compared() -> None:
    grid = parse_grid({"base": "quarterly", "axes": {"lag": [0], "cost_bps": [0, 30]}})
    few = landscapes(world(2), grid, count=10).verdicts()
    assert (few.histories, few.asked, few.by_metric) == (10, 10, {})
    found = landscapes(world(2), grid, count=40).verdicts()
    assert set(found.by_metric) == set(table.compared()) & set(table.composing())
    assert list(found.by_metric["cagr"]) == ["cost_bps"]
    assert found.by_metric["cagr"]["cost_bps"].certain
