"""The table of a sweep: its rows name their policies, in the order of the axes."""

from __future__ import annotations

import json

import numpy as np
from tests.backtest.sweep.test_run import MANY, example

from keel.backtest.metrics.table import composing
from keel.backtest.sweep.batches import Batch, Part
from keel.backtest.sweep.run import run
from keel.backtest.sweep.table import SweepTable
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.settings import parse_run_settings
from keel.domain.study.families import families
from keel.domain.study.grid import SETTING_FIELDS, parse_grid


def test_a_batch_fills_its_own_rows() -> None:
    axes = {"look": ["daily", "weekly"], "band.width_bps": [100, 200], "cost_bps": [0, 5, 9]}
    grid = parse_grid(MANY | {"axes": axes})
    table = SweepTable.empty(grid, families(grid), every=False)
    cells = np.arange(len(composing()) * 2, dtype=float).reshape(-1, 1, 2)
    table.fill(Batch(0, 1, np.array([1]), np.array([0, 2])), Part(cells))
    assert table.rows.tolist() == [9, 11]
    assert table.metric(composing()[0]).tolist() == [0.0, 1.0]
    assert (table.axis("look"), table.axis("cost_bps")) == (["weekly"] * 2, [0, 9])
    assert not table.complete


def test_a_policy_column_reads_back_as_the_rows_policy() -> None:
    axes = {
        "band.relative_bps": [1000.5, 2500], "cost_bps": [0, 0.1], "look": ["weekly", {"every_sessions": 4}],
        "cooldown_days": [0, 9], "risk_free": [0.02],
    }  # fmt: skip
    base = {"trigger": "band", "band": {"kind": "five_twenty_five"}, "lag": 1}
    table = run(example(120, 3), parse_grid({"base": base, "axes": axes}))
    for i, text in enumerate(table.to_arrow()["policy"].to_pylist()):
        flat = json.loads(text)
        beside = {name: flat.pop(name) for name in list(flat) if name in SETTING_FIELDS}
        assert (parse_policy(flat), parse_run_settings(beside)) == table.policy(i)


def test_the_order_of_the_axes_changes_only_the_order_of_the_rows() -> None:
    axes = {"cost_bps": [0, 10, 20], "look": ["daily", "monthly"], "band.width_bps": [500, 50, 200]}
    study = example()
    first = run(study, parse_grid(MANY | {"axes": axes})).to_arrow()
    turned = run(study, parse_grid(MANY | {"axes": dict(reversed(axes.items()))})).to_arrow()
    by = [(name, "ascending") for name in axes]
    assert first.sort_by(by).equals(turned.select(first.column_names).sort_by(by))
