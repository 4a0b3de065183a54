"""An instrument: a permanent id and the facts known of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
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


# What a subclass says of a product beside its class and region.
FACETS: Mapping[str, tuple[str, ...]] = {
    "large_blend": ("size:large",),
    "large_blend_dow_30": ("size:large",),
    "large_blend_equal_weight": ("size:large", "factor:equal_weight"),
    "large_growth": ("size:large", "factor:growth"),
    "large_growth_nasdaq_100": ("size:large", "factor:growth"),
    "large_value": ("size:large", "factor:value"),
    "mid_blend": ("size:mid",),
    "mid_growth": ("size:mid", "factor:growth"),
    "mid_value": ("size:mid", "factor:value"),
    "small_blend": ("size:small",),
    "small_growth": ("size:small", "factor:growth"),
    "small_value": ("size:small", "factor:value"),
    "factor_value": ("factor:value",),
    "factor_growth": ("factor:growth",),
    "factor_momentum": ("factor:momentum",),
    "factor_quality": ("factor:quality",),
    "factor_size": ("factor:size",),
    "factor_minimum_volatility": ("factor:minvol",),
    "factor_low_volatility": ("factor:minvol",),
    "dividend": ("factor:dividend",),
    "dividend_growth": ("factor:dividend",),
    "developed_ex_us_large_blend": ("size:large",),
    "developed_ex_us_small_blend": ("size:small",),
    "japan": ("area:japan",),
    "europe": ("area:europe",),
    "eurozone": ("area:eurozone",),
    "germany": ("area:germany",),
    "france": ("area:france",),
    "switzerland": ("area:switzerland",),
    "united_kingdom": ("area:united_kingdom",),
    "pacific": ("area:pacific",),
    "pacific_ex_japan": ("area:pacific_ex_japan",),
    "asia_ex_japan": ("area:asia", "area:asia_ex_japan"),
    "emerging_ex_asia": ("area:emerging_ex_asia",),
    "china": ("area:china",),
    "india": ("area:india",),
    "latin_america": ("area:latin_america",),
    "treasury_short": ("issuer:government", "term:short"),
    "treasury_intermediate": ("issuer:government", "term:intermediate"),
    "treasury_long": ("issuer:government", "term:long"),
    "treasury_all_maturities": ("issuer:government",),
    "leveraged_treasury_long_3x": ("issuer:government", "term:long"),
    "tips": ("issuer:government", "inflation:linked"),
    "tips_short": ("issuer:government", "inflation:linked", "term:short"),
    "aggregate": ("credit:investment_grade",),
    "ig_corporate": ("issuer:corporate", "credit:investment_grade"),
    "ig_corporate_short": ("issuer:corporate", "credit:investment_grade", "term:short"),
    "ig_corporate_intermediate": ("issuer:corporate", "credit:investment_grade", "term:intermediate"),
    "high_yield": ("issuer:corporate", "credit:high_yield"),
    "em_bond_usd": ("issuer:government",),
    "international_bond_usd_hedged": ("hedge:hedged",),
    "municipal": ("issuer:municipal",),
    "t_bill": ("issuer:government",),
    "treasury_floating_rate": ("issuer:government",),
    "gold": ("what:gold", "what:precious_metals"),
    "silver": ("what:silver", "what:precious_metals"),
    "precious_metals": ("what:precious_metals",),
    "broad_commodities": ("what:commodities",),
    "reit": ("what:real_estate",),
    "managed_futures": ("what:managed_futures",),
    "hedge_funds": ("what:hedge_funds",),
    "hedge_funds_equity": ("what:hedge_funds",),
    "hedge_fund_replication": ("what:hedge_funds",),
    "insurance_linked": ("what:insurance_linked",),
    "leveraged_volatility_1_5x": ("what:volatility",),
}


def new_id(kind: InstrumentType, symbol: str) -> str:
    """The permanent id of an instrument first seen under this symbol; it stays when the symbol changes.

    >>> new_id(InstrumentType.etf, "VTI") == new_id(InstrumentType.etf, "VTI")
    True
    """
    return "ins_" + hashlib.sha256(f"{kind}:{symbol}".encode()).hexdigest()[:16]


@lru_cache(4_096)  # thousands of products share a handful of facts
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
    ('asset_class:equity', 'factor:value', 'region:us', 'size:small')
    >>> derive_tags(asset_class="Alternatives", leverage=-3)
    ('asset_class:alternatives', 'inverse', 'leveraged')
    """
    facts = [("asset_class", asset_class), ("region", region), ("sector", sector), ("sector", sector_group)]
    facts += [("sleeve", sleeve)]
    tags = {f"{name}:{slug(value)}" for name, value in facts if value} | set(FACETS.get(slug(subclass), ()))
    if "sector:real_estate" in tags:
        tags.add("what:real_estate")
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
