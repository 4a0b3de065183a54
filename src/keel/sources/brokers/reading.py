"""What was read out of a file of holdings or of activities."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.issue import Finding
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.activity import Activity
from keel.domain.portfolio.position import Position


@dataclass(frozen=True, slots=True)
class Reading:
    """The records of a file, what could not be read of it, and the accounts it names.

    ``stated`` is what a list of holdings says beside quantities: a position's role, price, no-buy and no-sell.
    """

    format: str
    activities: tuple[Activity, ...]
    complaints: tuple[Finding, ...] = ()
    accounts: tuple[Account, ...] = ()
    stated: tuple[Position, ...] = ()
