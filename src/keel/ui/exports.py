"""Downloads as CSV text; the first line of each says that the results are hypothetical."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from keel.ui.charts.series import iso

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult
    from keel.domain.drift import DriftGrid

HYPOTHETICAL = "Hypothetical results, not investment advice."
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text with the notice first; a text that a spreadsheet would run as a formula gets a quote before it.

    >>> sheet(["name", "x"], [["=1+1", 0.5]]).splitlines()
    ['# Hypothetical results, not investment advice.', 'name,x', "'=1+1,0.5"]
    """
    out = StringIO()
    out.write(f"# {HYPOTHETICAL}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_safe(name) for name in header])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: object) -> object:
    """The cell, texts made harmless."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def wealth(results: Sequence[BacktestResult]) -> str:
    """One row a date, one column a result: wealth from 1."""
    columns = [result.wealth.tolist() for result in results]
    rows = zip(iso(results[0].dates), *columns, strict=True)
    return sheet(["date", *(result.name for result in results)], rows)


def trades(results: Sequence[BacktestResult]) -> str:
    """One row a trade of each policy; weights are fractions before and after."""
    rows = (
        (result.name, str(event.date), str(event.decided), trade.symbol, trade.before, trade.after)
        for result in results
        for event in result.events
        for trade in event.trades
    )
    return sheet(["policy", "date", "decided", "symbol", "from", "to"], rows)


def drift(grid: DriftGrid) -> str:
    """One row a date, one column a bucket: drift in percentage points of the portfolio."""
    rows = zip(iso(grid.dates), *(100 * grid.drift).round(10).tolist(), strict=True)
    return sheet(["date", *(f"{label}, pp" for label in grid.labels)], rows)
