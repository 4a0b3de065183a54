"""The reference of a study: the targets held at every session."""

from __future__ import annotations

import numpy as np

from keel.backtest.window import Window
from keel.domain.arrays import Floats
from keel.domain.portfolio.book import Book


def target_returns(window: Window, book: Book) -> Floats:
    """The return (n - 1,) of each session with every instrument at its target."""
    closes = window.closes[:, [window.symbols.index(symbol) for symbol in book.symbols]]
    return np.asarray((closes[1:] / closes[:-1] - 1.0) @ (book.targets[book.leaf] * book.shares), dtype=np.float64)


def held_at_target(window: Window, book: Book) -> Floats:
    """The wealth (n,) of the targets held at every session: what tracking error is measured from."""
    return np.concatenate([[1.0], np.cumprod(1.0 + target_returns(window, book))])
