"""An instrument: a permanent id and the facts known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class InstrumentType(StrEnum):
    """What kind of thing is bought."""

    etf = "ETF"
    stock = "Stock"
    index = "Index"
    fund = "Fund"
    cash = "Cash"


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the universe knows of a product. A fact that is not known is None (or empty), never guessed.

    ``id`` is permanent; ``symbol`` is only its display ticker. ``expense_ratio`` is a fraction a year,
    ``aum_usd`` and ``adv_usd`` (average daily dollar volume) US dollars, ``leverage`` 1 for an ordinary product.
    ``proxy`` is the symbol of the series that may extend its history backwards. ``sources`` is one
    ``(fact, source, as-of date)`` per fact. ``price_kind`` is ``total_return``, ``price_return`` or empty when no series is
    held; ``survivor`` marks a stock that is in the sample because it survived. ``dataset`` names the sample set.
    """

    id: str
    symbol: str
    name: str
    type: InstrumentType
    asset_class: str = ""
    region: str = ""
    sector: str = ""
    subclass: str = ""
    sleeve: str = ""
    currency: str = "USD"
    expense_ratio: float | None = None
    aum_usd: float | None = None
    adv_usd: float | None = None
    inception: date | None = None
    leverage: float = 1.0
    tags: tuple[str, ...] = ()
    proxy: str = ""
    price_kind: str = ""
    survivor: bool = False
    dataset: str = ""
    sources: tuple[tuple[str, str, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """The price series held for an instrument: first and last date, sessions, frequency (daily | monthly | …)."""

    symbol: str
    first: date
    last: date
    sessions: int
    frequency: str
    price_kind: str
    dataset: str
