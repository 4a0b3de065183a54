"""Backtests: numpy and numba, no input or output."""

from __future__ import annotations


def warm() -> None:
    """Compiles the kernel or loads it from its cache, so that the first backtest does not wait."""
    import numpy as np

    from keel.backtest.run import run
    from keel.domain.market.prices import PriceMatrix
    from keel.domain.policy.presets import PRESETS
    from keel.domain.policy.records import RunSettings
    from keel.domain.portfolio.book import Book

    days = np.arange("2024-01-01", "2024-01-06", dtype="datetime64[D]")
    closes = np.array([[1.0, 1.0], [1.3, 1.0], [1.5, 1.0], [1.4, 1.0], [1.2, 1.0]])
    book = Book(
        paths=("a", "b"),
        labels=("a", "b"),
        targets=np.array([0.6, 0.4]),
        symbols=("A", "B"),
        leaf=np.arange(2),
        shares=np.ones(2),
        bands=(None, None),
    )
    run(PriceMatrix(days, ("A", "B"), closes), book, {"edge": PRESETS["edge_5pp"]}, RunSettings(cost_bps=5.0))


def warm_sweep() -> None:
    """Does the same for sweeps, half a minute the first time, so that the policy lab does not wait."""
    import numpy as np

    from keel.backtest.sweep.arrays import Scenario
    from keel.backtest.sweep.run import run
    from keel.backtest.window import Window
    from keel.domain.portfolio.book import Book
    from keel.domain.study.grid import parse_grid

    days = np.arange("2024-01-01", "2024-01-09", dtype="datetime64[D]")
    closes = np.array([[1.0, 1.0], [1.3, 1.0], [1.5, 1.0], [1.4, 1.0], [1.2, 1.0], [1.0, 1.0], [1.4, 1.0], [1.3, 1.0]])
    two = np.arange(2)
    book = Book(("a", "b"), ("a", "b"), np.array([0.6, 0.4]), ("A", "B"), two, np.ones(2), (None, None))
    axes = {"destination": [0, 0.5], "fixed_fee": [0, 0.01], "cost_bps": [0, 5]}
    run(
        Scenario(Window(days, ("A", "B"), closes, "daily", 252, ()), book),
        parse_grid({"base": "abs_5pp", "axes": axes}),
    )
