"""An activity: one record of what happened in an account, as a broker's file or a person tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from keel.domain.portfolio.position import MAIN

Day = date  # the record has a field of that name


class ActivityKind(StrEnum):
    """What happened.

    ``opening`` is one line of a list of holdings: all openings of an account and day in one file say together what the
    account held at the end of that day, so that records up to it are in them. ``adjustment`` is a correction.
    """

    buy = "buy"
    sell = "sell"
    deposit = "deposit"
    withdrawal = "withdrawal"
    dividend = "dividend"
    interest = "interest"
    fee = "fee"
    tax = "tax"
    split = "split"  # type: ignore[assignment]  # hides str.split, which no kind is asked for
    transfer_in = "transfer_in"
    transfer_out = "transfer_out"
    opening = "opening"
    adjustment = "adjustment"


@dataclass(frozen=True, slots=True)
class Activity:
    """One record; ``symbol`` is ``CASH`` for pure cash.

    ``quantity`` is in units, above 0 whichever way they go; that of a split and of an adjustment is what is added,
    below 0 where units go. ``price`` is that of a unit, of an opening the market's. ``amount`` is the signed effect on
    cash in ``currency``, fees included; of an opening or a transfer of units it is what they cost, below 0.
    ``acquired`` is when the units of an opening or a transfer were bought; of a sale it names the lot. ``row`` is the
    place in the file.
    """

    kind: ActivityKind
    date: Day
    symbol: str
    quantity: float
    price: float | None = None
    amount: float | None = None
    currency: str = "USD"
    fee: float = 0.0
    account: str = MAIN
    isin: str = ""
    name: str = ""
    row: int | None = None
    acquired: Day | None = None
