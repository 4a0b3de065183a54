"""A scan finds the trades that the kernel makes, and each stretch between two once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.backtest.sweep.test_run import MANY, example

from keel.backtest.path import simulate
from keel.backtest.sweep.arrays import Scenario, arrays_of, swept_half_widths
from keel.backtest.sweep.records import Course, Scan, Timing
from keel.backtest.sweep.run import run
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.study.grid import parse_grid

BAND = Policy(Trigger.band, band=Absolute(100))
WIDTHS = np.array([0.005, 0.01, 0.01001, 0.02, 0.5])  # the second and third trade on the same days
DAILY = np.append(False, np.ones(399, np.bool_))


def scanned(scenario: Scenario, lag: int = 0) -> Scan:
    from keel.backtest.sweep.segments import scan

    arrays = arrays_of(scenario)
    course, widths = Course(arrays.closes, arrays.days, DAILY), swept_half_widths(arrays, BAND, "width_bps")
    return scan(course, arrays.yardstick(RunSettings()), arrays.goal, widths, Timing(lag, 0, False), WIDTHS)


@pytest.mark.parametrize("lag", [0, 1])
def test_the_chain_of_a_width_is_its_path_cut_into_segments(lag: int) -> None:
    from keel.backtest.sweep.segments import GROWTH, OPEN, SQUARES, SUM, TURNOVER, cut

    scenario = example(400, 4)
    scan, arrays = scanned(scenario, lag), arrays_of(scenario)
    for j, width in enumerate(WIDTHS):
        policy = Policy(Trigger.band, band=Absolute(width * 1e4))
        path = simulate(scenario.window, scenario.book, policy, RunSettings(), lag)
        alone = cut(path.wealth, path.values, path.sessions, path.goals, arrays.yardstick(RunSettings()))
        chain = scan.segments[scan.chain[scan.offsets[j] : scan.offsets[j + 1]]]
        assert len(chain) == len(alone.segments) == len(path.sessions) + 1
        for column in (GROWTH, SUM, SQUARES, TURNOVER, OPEN):
            assert chain[:, column] == pytest.approx(alone.segments[:, column], abs=1e-11)
        assert chain[:, GROWTH].prod() == pytest.approx(path.wealth[-1], rel=1e-12)


def test_a_stretch_that_widths_share_is_kept_once() -> None:
    scan = scanned(example(400, 4))
    assert len(scan.segments) < len(scan.chain)
    assert sorted(set(scan.chain.tolist())) == list(range(len(scan.segments)))


def test_a_sweep_is_the_same_to_the_last_bit_wherever_memory_lies() -> None:
    scenario, aside = example(200, 4), []
    grid = parse_grid(MANY | {"axes": {"band.width_bps": {"from": 20, "to": 500, "count": 30}, "cost_bps": [0, 10]}})
    first = run(scenario, grid).values
    for size in range(1, 12):
        aside.append(np.empty(size))  # moves what is allocated next
        assert np.array_equal(run(scenario, grid).values, first, equal_nan=True)


def test_prices_after_a_day_change_nothing_up_to_it() -> None:
    study = example(300, 4)
    closes = study.window.closes.copy()
    closes[200:] *= np.random.default_rng(1).uniform(0.5, 2.0, closes[200:].shape)
    axes = {"band.width_bps": {"from": 20, "to": 500, "count": 30}, "cost_bps": [0, 10]}
    cut = dataclasses.replace(study.window, dates=study.window.dates[:200], closes=study.window.closes[:200])
    changed = dataclasses.replace(study.window, dates=study.window.dates[:200], closes=closes[:200])
    grid = parse_grid(MANY | {"axes": axes})
    before, after = (run(Scenario(window, study.book), grid).values for window in (cut, changed))
    assert np.array_equal(before, after, equal_nan=True)
