"""A sweep is cut into pieces that hold every policy once, and each comes to the same wherever it runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.backtest.sweep.test_run import MANY, example

from keel.backtest.metrics.table import composing
from keel.backtest.sweep.batches import ROWS, Sweep, batches_of, compute, on_threads
from keel.domain.study.families import families
from keel.domain.study.grid import parse_grid

AXES: list[dict[str, Any]] = [
    {"band.width_bps": {"from": 20, "to": 900, "count": 3000}, "cost_bps": [0, 5]},
    {"band.width_bps": [10, 20, 30], "cost_bps": {"from": 0, "to": 50, "count": 300_000}},
    {"band.width_bps": {"from": 20, "to": 900, "count": 70}, "destination": [0, 1], "fixed_fee": [0, 1]},
    {"look": ["daily", "weekly"] * 10, "cost_bps": [0, 1, 2]},
]


def sweep_of(axes: dict[str, Any], every: bool = False) -> Sweep:
    grid = parse_grid(MANY | {"axes": axes})
    return Sweep((example(60, 2),), grid.widths, grid.costs, families(grid), every)


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_every_policy_is_in_one_batch(axes: dict[str, Any], workers: int) -> None:
    sweep = sweep_of(axes)
    batches = batches_of(sweep, workers)
    assert max(batch.size for batch in batches) <= ROWS
    for f, family in enumerate(sweep.families):
        pairs = np.concatenate([np.add.outer(b.widths * 10**6, b.costs).ravel() for b in batches if b.family == f])
        assert sorted(pairs.tolist()) == np.add.outer(family.widths * 10**6, family.costs).ravel().tolist()


def test_a_batch_has_a_row_of_metrics_for_each_policy() -> None:
    axes = {"band.width_bps": [50, 300], "cost_bps": [0, 10, 20]}
    sums, all_of_them = sweep_of(axes), sweep_of(axes, every=True)
    part = compute(sums, batches_of(sums, 1)[0])
    assert part.values.shape == (len(composing()), 2, 3)
    assert part.every == ()
    each = [compute(all_of_them, batch) for batch in batches_of(all_of_them, 1)]
    assert sum(len(one.every) for one in each) == 6
    assert np.concatenate([one.values for one in each], axis=1) == pytest.approx(part.values, rel=1e-9, nan_ok=True)


def test_threads_give_batches_in_order_and_begin_none_once_cancelled() -> None:
    sweep = sweep_of({"look": ["daily", "weekly"] * 10, "cost_bps": [0, 1, 2]})
    batches = batches_of(sweep, 2)
    assert [batch for batch, _ in on_threads(2).execute(sweep, batches, None)] == batches
    assert list(on_threads(2).execute(sweep, batches, lambda: True)) == []
