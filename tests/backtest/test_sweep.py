"""A sweep's rows equal single runs, whatever work its policies share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.backtest.test_kernel import books, window_of

from keel.backtest import sharing, sweep
from keel.backtest.run import run as run_single
from keel.backtest.sharing import Way
from keel.backtest.sweep_metrics import COMPOSING, OTHERS
from keel.backtest.track import Study
from keel.domain.grid import parse_grid
from keel.domain.prices import PriceMatrix
from keel.errors import PortfolioDepletedError

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
def studies(draw: st.DrawFn) -> Study:
    book = draw(books())
    n, seed = draw(st.integers(3, 160)), draw(st.integers(0, 10**6))
    noise = np.random.default_rng(seed)
    steps = noise.normal(0.0005, draw(st.sampled_from([0.01, 0.03])), (n, len(book.symbols)))
    return Study(window_of(np.exp(np.cumsum(steps, axis=0))), book)


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


@given(study=studies(), grid=grids())
def test_shared_work_changes_no_metric(study: Study, grid: dict[str, Any]) -> None:
    parsed = parse_grid(grid)
    table = sweep.run(study, parsed, workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "way", lambda *_: Way.plain)
        alone = sweep.run(study, parsed, workers=1)
    assert table.complete
    for name in COMPOSING:
        a, b = table.metric(name), alone.metric(name)
        assert np.array_equal(np.isnan(a), np.isnan(b)), name
        wrong = np.abs(a - b) > 1e-10 * np.maximum(1.0, np.abs(b))
        assert not wrong.any(), (name, table.policy(int(np.argmax(wrong))), a[wrong], b[wrong])


def prices_of(study: Study) -> PriceMatrix:
    return PriceMatrix(study.window.dates, study.window.symbols, study.window.closes)


@settings(max_examples=25)
@given(study=studies(), grid=grids(), every=st.booleans())
def test_a_row_equals_a_single_run(study: Study, grid: dict[str, Any], every: bool) -> None:
    table = sweep.run(study, parse_grid(grid), metrics="all" if every else "composing")
    rows = table.to_arrow().to_pylist()
    for i in {0, len(rows) // 2, len(rows) - 1}:
        policy, assumed = table.policy(i)
        try:
            (single,) = run_single(prices_of(study), study.book, {"": policy}, assumed)
        except PortfolioDepletedError:
            assert rows[i]["cagr"] is None
            continue
        for name in (*COMPOSING, *(OTHERS if every else ())):
            expected = single.metrics[name]
            wanted = expected if not isinstance(expected, float) else pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert rows[i][name] == wanted, name
