"""Small universes with every oddity: facts that are missing, ties, several datasets, foreign currencies, gearing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType

SYMBOLS = ("AAA", "BBB", "CCC", "DDD", "eee")
TAGS = (
    "asset_class:equity",
    "Asset Class:Bonds",
    "region:us",
    "region:emerging",
    "region",
    "sector:energy",
    "sector:defensive",
    "sector:utilities",
    "sector:health_care",
    "factor:value",
    "slice:region",
    "slice:term",
    "leveraged",
    "inverse",
    "esg",
)
SOME_TAGS = st.lists(st.sampled_from(TAGS), max_size=3).map(tuple)
FEES, AMOUNTS = st.sampled_from((0.0, 0.001, 0.002, 0.01)), st.sampled_from((1e6, 5e7, 2e9))
DAYS = st.sampled_from((date(1995, 5, 1), date(2010, 2, 3), date(2024, 7, 1), date(2027, 1, 1)))
CURRENCIES = ("USD", "EUR", "usd", "")

instruments = st.builds(
    Instrument,
    id=st.just(""),
    symbol=st.sampled_from(SYMBOLS),
    name=st.just("A product"),
    type=st.sampled_from(InstrumentType),
    asset_class=st.sampled_from(("Equity", "Equity", "Bonds", "")),
    region=st.sampled_from(("US", "Global", "Emerging", "")),
    sector=st.sampled_from(("", "", "Energy", "Utilities", "Health Care")),
    subclass=st.sampled_from(("", "Total Market", "Large Value", "Treasury Long", "Gold")),
    sleeve=st.sampled_from(("", "Core", "Satellite")),
    currency=st.sampled_from(CURRENCIES),
    expense_ratio=st.none() | FEES,
    aum_usd=st.none() | AMOUNTS,
    adv_usd=st.none() | AMOUNTS,
    inception=st.none() | DAYS,
    leverage=st.sampled_from((1.0, 1.0, 1.0, 2.0, -1.0)),
    tags=SOME_TAGS,
    proxy=st.sampled_from(("", *SYMBOLS)),
    survivor=st.booleans(),
)
series = st.builds(
    Coverage,
    symbol=st.sampled_from(SYMBOLS),
    first=st.sampled_from((date(1990, 1, 2), date(2020, 1, 2))),
    last=st.sampled_from((date(2016, 6, 30), date(2026, 6, 30))),
    sessions=st.sampled_from((1, 400, 4000)),
    frequency=st.sampled_from(("daily", "monthly")),
    price_kind=st.sampled_from(("total_return", "price_return", "")),
    dataset=st.sampled_from(("one", "two", "currencies")),
    owner=st.sampled_from(("sample", "user")),
)
rules = st.builds(
    Rules,
    include_tags=SOME_TAGS,
    exclude_tags=SOME_TAGS,
    allowed_types=st.sampled_from(((), (), ("etf", "Fund"), ("ETF",))),
    min_adv_usd=st.none() | AMOUNTS,
    max_expense_ratio=st.none() | FEES,
    min_history_years=st.none() | st.sampled_from((0.0, 3.0, 20.0)),
    min_aum_usd=st.none() | AMOUNTS,
    currencies=st.sampled_from(((), (), ("USD",), ("EUR", "usd"))),
    exclude_symbols=st.sampled_from(((), (), ("aaa", "EEE"))),
)


@st.composite
def universes(draw: st.DrawFn) -> tuple[Instrument, ...]:
    """Up to a dozen products, each with an id of its own."""
    products = draw(st.lists(instruments, min_size=1, max_size=12))
    return tuple(replace(product, id=f"id-{n}") for n, product in enumerate(products))


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    """A parent with rules over two leaves, and a leaf beside them."""
    paths = ("A/Equity", "A/Equity/US", "A/Equity/Other", "A/Bonds")
    weights = (0.6, 0.5, 0.1, 0.4)
    buckets = (Bucket(p, p.split("/")[-1], w, rules=draw(rules)) for p, w in zip(paths, weights, strict=True))
    return Framework("F", tuple(buckets), base_ccy=draw(st.sampled_from(("USD", "EUR"))))
