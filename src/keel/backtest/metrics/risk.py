"""Where the risk of a study's targets comes from: by product and by bucket, over the window of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keel.backtest.result import BacktestResult
from keel.backtest.window import align
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.book import Book
from keel.domain.portfolio.risk import Risk, covariance, grouped, risk
from keel.errors import HistoryTooShortError


@dataclass(frozen=True, slots=True, eq=False)
class RiskReport:
    """The risk of a book held at its targets: of its k lines of products, and of its m buckets."""

    book: Book
    products: Risk
    buckets: Risk
    periods_per_year: float
    returns: int


def risk_report(prices: PriceMatrix, result: BacktestResult) -> RiskReport:
    """The risk of the result's targets on the sessions of its window. Raises HistoryTooShortError under 2 returns."""
    book, meta = result.book, result.meta
    window = align(prices, book.symbols, meta.first, meta.last, allow_gaps=result.settings.allow_gaps)
    closes = window.closes[np.isin(window.dates, result.dates)]
    if len(closes) < 3:
        raise HistoryTooShortError(f"Risk needs 2 returns; the window has {len(closes) - 1}.")
    lines = closes[:, [window.symbols.index(symbol) for symbol in book.symbols]]
    products = risk(book.targets[book.leaf] * book.shares, covariance(lines, meta.periods_per_year))
    buckets = grouped(products, book.leaf, len(book.paths))
    return RiskReport(book, products, buckets, meta.periods_per_year, len(closes) - 1)


def risk_json(report: RiskReport) -> dict[str, Any]:
    """The report as JSON values: volatilities and contributions a year, as fractions; contributions sum to the whole's.

    ``share`` is the part of the volatility, ``covariance`` that of the buckets.
    """
    book, products, buckets = report.book, report.products, report.buckets
    return {
        "volatility": products.volatility,
        "periods_per_year": report.periods_per_year,
        "returns": report.returns,
        "buckets": [
            {"path": path, "label": label, **row}
            for path, label, row in zip(book.paths, book.labels, _rows(buckets), strict=True)
        ],
        "products": [
            {"symbol": symbol, "path": book.paths[leaf], **row}
            for symbol, leaf, row in zip(book.symbols, book.leaf, _rows(products), strict=True)
        ],
        "covariance": {"paths": list(book.paths), "matrix": buckets.covariance.tolist()},
    }


def _rows(found: Risk) -> list[dict[str, float]]:
    columns = (found.weights, found.volatilities, found.contributions, found.shares)
    names = ("weight", "volatility", "contribution", "share")
    return [dict(zip(names, row, strict=True)) for row in zip(*(c.tolist() for c in columns), strict=True)]
