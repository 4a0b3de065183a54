"""An instrument: a permanent id and the facts known of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from keel.domain.text import slug


class InstrumentType(StrEnum):
    """What kind of thing is bought."""

    etf = "ETF"
    stock = "Stock"
    index = "Index"  # type: ignore[assignment]  # hides str.index, which no type is asked for
    fund = "Fund"
    cash = "Cash"


class FactSource(NamedTuple):
    """Where a fact of an instrument comes from, and the date it held on (None: not known)."""

    fact: str
    source: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the universe knows of a product. A fact that is not known is None (or empty), never guessed.

    ``id`` is permanent; ``symbol`` is only its display ticker. ``expense_ratio`` is a fraction a year,
    ``aum_usd`` and ``adv_usd`` (average daily dollar volume) US dollars, ``leverage`` 1 for an ordinary product.
    ``proxy`` is the symbol of the series that may extend its history backwards. ``sources`` is one
    per fact. ``price_kind`` is ``total_return``, ``price_return`` or empty when no
    series is held; ``dataset`` names the sample set that holds it. ``survivor`` marks a stock that is in the sample
    because it survived.
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
    sources: tuple[FactSource, ...] = ()

    @property
    def derived(self) -> bool:
        """True for a series that is computed from other facts, such as a Treasury from its yield curve."""
        return "derived" in self.tags

    @property
    def caveat(self) -> str:
        """One sentence to show beside every use, kept with the sources; empty when there is none."""
        return next((text for fact, text, _ in self.sources if fact == "caveat"), "")


FACTORS = {
    "Large Value": "value",
    "Small Value": "value",
    "Factor Value": "value",
    "Factor Momentum": "momentum",
    "Factor Quality": "quality",
    "Factor Minimum Volatility": "minvol",
    "Factor Low Volatility": "minvol",
}


def new_id(kind: InstrumentType, symbol: str) -> str:
    """The permanent id of an instrument first seen under this symbol; it stays when the symbol changes.

    >>> new_id(InstrumentType.etf, "VTI") == new_id(InstrumentType.etf, "VTI")
    True
    """
    return "ins_" + hashlib.sha256(f"{kind}:{symbol}".encode()).hexdigest()[:16]


def derive_tags(
    *,
    asset_class: str = "",
    region: str = "",
    sector: str = "",
    sector_group: str = "",
    sleeve: str = "",
    subclass: str = "",
    leverage: float = 1.0,
) -> tuple[str, ...]:
    """The tags the facts imply, sorted; ``sector_group`` is Defensive, Cyclical or Growth.

    >>> derive_tags(asset_class="Equity", region="US", subclass="Small Value")
    ('asset_class:equity', 'factor:value', 'region:us')
    >>> derive_tags(asset_class="Alternatives", leverage=-3)
    ('asset_class:alternatives', 'inverse', 'leveraged')
    """
    facts = [("asset_class", asset_class), ("region", region), ("sector", sector), ("sector", sector_group)]
    facts += [("sleeve", sleeve), ("factor", FACTORS.get(subclass, ""))]
    tags = {f"{name}:{slug(value)}" for name, value in facts if value}
    if abs(leverage) > 1:
        tags.add("leveraged")
    if leverage < 0:
        tags.add("inverse")
    return tuple(sorted(tags))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The price series held for an instrument: first and last date, sessions, frequency (daily | monthly | …).

    ``owner`` is whose dataset it lies in: ``sample``, or a user. ``instrument_id`` is empty for one that is not stored.
    """

    symbol: str
    first: date
    last: date
    sessions: int
    frequency: str
    price_kind: str
    dataset: str
    owner: str = "sample"
    instrument_id: str = ""
