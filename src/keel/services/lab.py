"""The policy lab: every policy of a grid over a portfolio's own products."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Literal

from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.book import Book
from keel.domain.study.grid import Grid
from keel.errors import InputError
from keel.store import portfolios
from keel.store.connection import Database
from keel.store.material import material

if TYPE_CHECKING:
    from keel.backtest.sweep.run import Progress
    from keel.backtest.sweep.table import SweepTable


def sweep(
    db: Database,
    portfolio_id: str,
    grid: Grid,
    *,
    start: date | None = None,
    end: date | None = None,
    dataset: str = "",
    proxies: bool = True,
    metrics: Literal["composing", "all"] = "composing",
    skip_invalid: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> SweepTable:
    """One row per policy of the grid on the portfolio's products; a cancelled sweep has the rows that were done.

    The values of an axis ``framework`` are the ids of portfolios. Raises InvalidPolicyError for a combination the
    rules forbid (unless ``skip_invalid``), PortfolioNotFoundError, and MarketDataError when the prices cannot answer.
    """
    from keel.backtest.sweep.run import run
    from keel.backtest.sweep.studies import rate_symbols, studies

    def found(other: str) -> tuple[PriceMatrix, Book]:
        one = material(db, portfolios.get(db, other or portfolio_id), dataset, proxies=proxies, also=rate_symbols(grid))
        return one.prices, one.book

    if not portfolio_id and "framework" not in [axis.name for axis in grid.studies]:
        raise InputError("A sweep needs a portfolio.", subject="portfolio")
    stages = studies(grid, found, start=start, end=end)
    return run(stages, grid, progress=progress, cancel=cancel, metrics=metrics, skip_invalid=skip_invalid)
