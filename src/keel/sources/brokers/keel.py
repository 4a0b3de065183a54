"""Keel's own list of holdings: `symbol,quantity` and, where known, account, price, cost, acquired, role and limits."""

from __future__ import annotations

from datetime import date

from keel.domain.portfolio.account import account_of
from keel.domain.portfolio.held.statement import openings
from keel.sources.brokers.reading import Reading
from keel.sources.files.holdings import parse_holdings

FORMAT = "Keel holdings"


def read(data: bytes, name: str, as_of: date) -> Reading:
    """The holdings in a file as what its accounts held on ``as_of``. Raises ImportFormatError with row and column."""
    positions = parse_holdings(data, name)
    accounts = dict.fromkeys(position.account for position in positions)
    activities = tuple(line for position in positions for line in openings(position, as_of))
    return Reading(FORMAT, activities, accounts=tuple(account_of(name, "") for name in accounts), stated=positions)
