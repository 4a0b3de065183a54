"""Backtests: numpy and numba, no input or output."""

from __future__ import annotations


def warm() -> None:
    """Nothing; compiles the kernel or loads it from its cache, so that the first backtest does not wait."""
    import numpy as np

    from keel.backtest.run import run
    from keel.domain.book import Book
    from keel.domain.policy import PRESETS, RunSettings
    from keel.domain.prices import PriceMatrix

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
