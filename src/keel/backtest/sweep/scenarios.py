"""The scenarios of a grid: frameworks, windows and resampled histories, in every combination."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from itertools import product

import numpy as np

from keel.backtest.reference import target_returns
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.window import Window, align
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.book import Book
from keel.domain.reading.day import parse_day
from keel.domain.study.grid import Axis, Grid
from keel.errors import InputError


def scenarios(
    grid: Grid,
    material: Callable[[str], tuple[PriceMatrix, Book]],
    *,
    start: date | None = None,
    end: date | None = None,
) -> tuple[Scenario, ...]:
    """One scenario for each combination of the grid's study axes, in order; one alone when it has none.

    ``material`` gives prices and book of a value of the axis ``framework``, and of "" without that axis. ``start`` and
    ``end`` hold where the grid has no such axis. ``history`` 0 is what happened; another whole number is the seed of a
    history resampled in blocks. Raises MarketDataError for a window the prices do not have.
    """

    @cache
    def real(framework: str, first: date | None, last: date | None) -> Scenario:
        prices, book = material(framework)
        return Scenario(align(prices, (*book.symbols, *rates), first, last, allow_gaps=allow_gaps), book)

    if "allow_gaps" in (axis.name for axis in grid.axes):
        raise InputError("allow_gaps says which prices are read; set it in base, not as an axis.", subject="allow_gaps")
    rates, allow_gaps = rate_symbols(grid), grid.base.get("allow_gaps") is True

    found = []
    for values in product(*(_values(axis) for axis in grid.scenarios)):
        at = {axis.name: value for axis, value in zip(grid.scenarios, values, strict=True)}
        first, last = (_day(at[name], name) if name in at else day for name, day in (("start", start), ("end", end)))
        if first and last and first > last:
            raise InputError(f"The window from {first} to {last} ends before it starts.", subject="start")
        one = real(str(at.get("framework", "")), first, last)
        found.append(resampled(one, _seed(at["history"])) if "history" in at else one)
    return tuple(found)


def resampled(scenario: Scenario, seed: int) -> Scenario:
    """The scenario on a history of blocks of its own returns, joined at random; itself for seed 0.

    The mean length of a block suits how the returns of the targets depend on earlier ones.
    """
    return scenario if seed == 0 else next(histories(scenario, (seed,)))


def histories(scenario: Scenario, seeds: Iterable[int]) -> Iterator[Scenario]:
    """The scenario on the history of each seed, as ``resampled`` draws it."""
    from keel.backtest.luck.bootstrap import block_length, history, samples

    returns = target_returns(scenario.window, scenario.book)
    length, _ = block_length(returns, returns)
    for seed in seeds:
        rows = next(samples(len(returns), length, 1, seed))
        window: Window = history(scenario.window, rows)
        yield Scenario(window, scenario.book)


def rate_symbols(grid: Grid) -> tuple[str, ...]:
    """The symbols that the grid names as risk-free rates: their prices are needed beside the book's."""
    named = [grid.base.get("risk_free"), *(v for a in grid.axes if a.name == "risk_free" for v in _values(a))]
    return tuple(dict.fromkeys(name for name in named if isinstance(name, str)))


def _values(axis: Axis) -> list[object]:
    return [axis.value(i) for i in range(len(axis))]


def _day(value: object, name: str) -> date | None:
    if value is None:
        return None
    day = parse_day(value) if isinstance(value, str) else None
    if day is None:
        what = f"The axis {name} has {str(value)[:60]!r}, which is not a date written as 2010-01-31."
        raise InputError(what, subject=name)
    return day


def _seed(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
        raise InputError(f"The axis history has {str(value)[:60]!r}; it takes whole numbers from 0.", subject="history")
    return int(value)
