"""What goes into the compiled parts of a sweep keeps its kind, so that one machine code serves every policy."""

from __future__ import annotations

from tests.backtest.sweep.test_run import example

from keel.backtest.sweep.run import run
from keel.domain.study.grid import parse_grid


def test_every_sweep_runs_the_same_machine_code() -> None:
    from keel.backtest.sweep.costs import at_every_cost, measure
    from keel.backtest.sweep.segments import cut, scan

    axes = {"destination": [0, 0.5], "fixed_fee": [0, 1], "annual_fee_bps": [0, 5], "cost_bps": [0, 5]}
    for base in ("abs_5pp", "five_twenty_five", "monthly", "never"):
        kept = {name: axes[name] for name in axes if base == "abs_5pp" or name != "destination"}
        run(example(60, 2), parse_grid({"base": base, "axes": kept}))
    for function in (scan, cut, at_every_cost, measure):
        assert len(function.signatures) == 1  # type: ignore[attr-defined]
