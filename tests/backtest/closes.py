"""Small matrices of closes, a list a column."""

from __future__ import annotations

import numpy as np

from keel.domain.market.prices import PriceMatrix

NAN = float("nan")


def daily(*columns: list[float], start: str = "2024-01-01", names: tuple[str, ...] = ("A", "B")) -> PriceMatrix:
    days = np.busday_offset(np.datetime64(start, "D"), np.arange(len(columns[0])), roll="forward")
    return PriceMatrix(days, names[: len(columns)], np.array(columns, dtype=float).T)


def monthly(*columns: list[float]) -> PriceMatrix:
    months = np.arange("2024-01", "2030-01", dtype="datetime64[M]")[: len(columns[0])] + 1
    return PriceMatrix(months.astype("datetime64[D]") - 1, ("A", "B")[: len(columns)], np.array(columns, dtype=float).T)


def without_a_year_end(gap: str = "2008-11-03") -> PriceMatrix:
    """Daily closes of 2008 and 2009 without those from ``gap`` to the end of the year."""
    days = np.arange("2008-01-01", "2010-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days) & ((days < np.datetime64(gap)) | (days >= np.datetime64("2009-01-01")))]
    return PriceMatrix(days, ("A", "B"), np.ones((len(days), 2)))
