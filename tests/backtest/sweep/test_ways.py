"""Shared work changes no metric: the most shared way that is exact is chosen, and equals running each by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.backtest.kernel.test_simulate import books, window_of
from tests.oracles import book_of

from keel.backtest.metrics.table import composing
from keel.backtest.sweep import ways
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.batches import on_threads
from keel.backtest.sweep.run import run
from keel.backtest.sweep.ways import Way, by_line, fractions, way, with_cost, with_width
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, Policy, RunSettings
from keel.domain.study.grid import parse_grid

LOOKS: list[Any] = ["daily", "weekly", "monthly", "quarterly", {"every_sessions": 3}, {"every_sessions": 7}]
WIDTHS = st.lists(st.sampled_from([0, 20, 35, 50, 80, 120, 200, 350, 500, 900, 2500]), min_size=1, max_size=5)
BASES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "absolute"}, "band.width_bps"),
    ({"kind": "relative"}, "band.width_bps"),
    ({"kind": "five_twenty_five", "absolute_bps": 150}, "band.relative_bps"),
    ({"kind": "five_twenty_five", "relative_bps": 800}, "band.absolute_bps"),
    ({"kind": "hybrid", "floor_bps": 60}, "band.relative_bps"),
    ({"kind": "hybrid", "relative_bps": 500}, "band.floor_bps"),
    ({"kind": "corridor", "above_bps": 150}, "band.below_bps"),
    ({"kind": "corridor", "below_bps": 100}, "band.above_bps"),
]


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    book = draw(books())
    n, seed = draw(st.integers(3, 160)), draw(st.integers(0, 10**6))
    noise = np.random.default_rng(seed)
    steps = noise.normal(0.0005, draw(st.sampled_from([0.01, 0.03])), (n, len(book.symbols)))
    return Scenario(window_of(np.exp(np.cumsum(steps, axis=0))), book)


@st.composite
def grids(draw: st.DrawFn) -> dict[str, Any]:
    base: dict[str, Any] = {"risk_free": draw(st.sampled_from([0.0, 0.03]))}
    axes: dict[str, Any] = {
        "look": draw(st.lists(st.sampled_from(LOOKS), min_size=1, max_size=2)),
        "lag": draw(st.sampled_from([[0], [1], [0, 1], [2]])),
        "offset": draw(st.sampled_from([[0], [0, 2]])),
        "cooldown_days": draw(st.sampled_from([[0], [0, 5], [40]])),
        "cost_bps": draw(st.lists(st.sampled_from([0.0, 5.0, 80.0, 900.0]), min_size=1, max_size=3)),
    }
    base["charge_initial"], base["annual_fee_bps"] = draw(st.booleans()), draw(st.sampled_from([0.0, 60.0]))
    trigger = draw(st.sampled_from(["band", "band", "calendar", "never"]))
    base["trigger"] = trigger
    if trigger == "band":
        band, width = draw(st.sampled_from(BASES))
        base["band"] = band
        axes[width] = draw(WIDTHS)
        axes["destination"] = draw(st.sampled_from([[0], [0, 0.5], [1]]))
        base |= draw(st.sampled_from([{}, {}, {"scope": "breached_only"}]))
    base |= draw(st.sampled_from([{}, {}, {"fixed_fee": 4}, {"min_trade": 50}, {"tranches": 3}]))
    names = draw(st.permutations(sorted(axes)))
    return {"base": base, "axes": {name: axes[name] for name in names}}


@given(scenario=scenarios(), grid=grids())
def test_shared_work_changes_no_metric(scenario: Scenario, grid: dict[str, Any]) -> None:
    parsed = parse_grid(grid)
    table = run(scenario, parsed, executor=on_threads(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways, "way", lambda *_: Way.alone)
        alone = run(scenario, parsed, executor=on_threads(1))
    assert table.complete
    for name in composing():
        a, b = table.metric(name), alone.metric(name)
        assert np.array_equal(np.isnan(a), np.isnan(b)), name
        wrong = np.abs(a - b) > 1e-10 * np.maximum(1.0, np.abs(b))
        assert not wrong.any(), (name, table.policy(int(np.argmax(wrong))), a[wrong], b[wrong])


BAND = Policy(Trigger.band, band=Absolute(500))


@pytest.mark.parametrize(
    ("policy", "settings", "expected"),
    [
        (PRESETS["never"], RunSettings(cost_bps=10), Way.shared),
        (PRESETS["monthly"], RunSettings(lag=1), Way.shared),
        (BAND, RunSettings(), Way.shared),
        (Policy(Trigger.band, band=Absolute(500), destination=1.0), RunSettings(), Way.cut),
        (BAND, RunSettings(fixed_fee=1.0), Way.alone),
        (BAND, RunSettings(min_trade=1.0), Way.alone),
        (BAND, RunSettings(contributions=Contributions(5.0)), Way.alone),
        (Policy(Trigger.calendar, tranches=2), RunSettings(), Way.alone),
    ],
)
def test_the_way_is_the_most_shared_that_is_exact(policy: Policy, settings: RunSettings, expected: Way) -> None:
    scenario = Scenario(window_of(np.ones((4, 2))), book_of({"s0": 0.5, "s1": 0.5}))
    assert way(scenario, policy, settings) is expected


def test_a_place_on_an_axis_is_a_width_or_a_cost() -> None:
    grid = parse_grid({"base": "abs_5pp", "axes": {"band.width_bps": [100, 250.5], "cost_bps": [0, 12]}})
    policy, settings = grid.policy(0)
    assert with_width(policy, grid.widths, 1).band == Absolute(250.5)
    assert with_width(policy, None, 0) is policy
    assert with_cost(settings, grid.costs, 1).cost_bps == 12.0
    assert grid.widths is not None
    assert fractions(grid.widths, np.array([1, 0])).tolist() == [0.02505, 0.01]


def test_columns_of_one_instrument_are_added_up() -> None:
    table = np.array([[1.0, 2.0, 4.0]])
    assert by_line(table, np.array([0, 1, 0])).tolist() == [[5.0, 2.0]]
    assert by_line(table, np.arange(3)) is table
