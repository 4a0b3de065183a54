"""The reference of a study: the targets held at every session."""

from __future__ import annotations

import numpy as np

from keel.backtest.window import Window
from keel.domain.arrays import Floats
from keel.domain.portfolio.book import Book

LARGEST = 1e24  # times what one began with: its twelfth power, a return of 30 days as one a year, is still a number


def target_returns(window: Window, book: Book) -> Floats:
    """The return (n - 1,) of each session with every instrument at its target."""
    closes = window.closes.take([window.symbols.index(symbol) for symbol in book.symbols], axis=1)
    # A close may grow beyond a number, in a resampled history far beyond: see ``is_sized``.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        steps = closes[1:] / closes[:-1] - 1.0
        return np.asarray(steps @ (book.targets[book.leaf] * book.shares), dtype=np.float64)


def held_at_target(window: Window, book: Book) -> Floats:
    """The wealth (n,) of the targets held at every session: what tracking error is measured from."""
    return compounded(target_returns(window, book))


def compounded(returns: Floats) -> Floats:
    """The wealth (n,) that begins at 1 and earns the returns (n - 1,).

    >>> compounded(np.array([0.5, -0.5])).tolist()
    [1.0, 1.5, 0.75]
    """
    with np.errstate(over="ignore", invalid="ignore"):  # see ``is_sized``
        return np.concatenate([[1.0], np.cumprod(1.0 + returns)])


def is_sized(wealth: Floats) -> bool:
    """Whether all of a wealth (n,) that begins at 1 is of a size that figures can be made of.

    >>> is_sized(np.array([1.0, 2.0])), is_sized(np.array([1.0, 1e30])), is_sized(np.array([1.0, 0.0]))
    (True, False, False)
    """
    return bool(((wealth > 1.0 / LARGEST) & (wealth < LARGEST)).all())
