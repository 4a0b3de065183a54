"""Accounts of securities and of cash that belong together, told by the trades between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

Pair = tuple[date, str, float, float, str, str]  # day, product, units, money, from, to


def households(trades: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """For each account of cash the account of securities that it serves alone, where that has no other cash.

    ``trades`` names for each trade the account of the securities and that of the money.

    >>> households([("Depot", "Giro"), ("Depot", "Giro"), ("A", "Shared"), ("B", "Shared")])
    {'Giro': 'Depot'}
    """
    cash_of: dict[str, set[str]] = defaultdict(set)
    serves: dict[str, set[str]] = defaultdict(set)
    for securities, cash in trades:
        if cash and securities:
            cash_of[securities].add(cash)
            serves[cash].add(securities)
    return {
        cash: securities
        for cash, owners in serves.items()
        for securities in owners
        if len(owners) == 1 and len(cash_of[securities]) == 1 and cash not in cash_of
    }
