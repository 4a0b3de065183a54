"""ETFs as FinanceDatabase lists them, through its package: what a fund's category says of it and nothing else.

``category_group`` is not read: it names the same funds in several ways. A category that says nothing of class, region
or sector leaves them unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from keel.domain.market.currencies import CURRENCIES
from keel.domain.market.instrument import Instrument, InstrumentType, new_id
from keel.domain.text import has_controls, tidy
from keel.errors import InputError, SourceUnavailableError
from keel.sources.files.universe import Product, implied_tags

NAME = "FinanceDatabase"
EQUITY, BONDS, ALTERNATIVES = {"asset_class": "Equity"}, {"asset_class": "Bonds"}, {"asset_class": "Alternatives"}
SECTORS = {
    "communication services": "Communication Services",
    "communications": "Communication Services",
    "consumer discretionary": "Consumer Discretionary",
    "consumer staples": "Consumer Staples",
    "energy": "Energy",
    "financials": "Financials",
    "health care": "Health Care",
    "industrials": "Industrials",
    "information technology": "Information Technology",
    "technology": "Information Technology",
    "materials": "Materials",
    "utilities": "Utilities",
}
STYLES = ("blend", "equities", "factors", "growth", "value", "large cap", "mid cap", "small cap", "micro cap")
SAID: Mapping[str, Mapping[str, str]] = {
    **{category: {**EQUITY, "sector": sector} for category, sector in SECTORS.items()},
    **dict.fromkeys((*STYLES, "developed markets", "frontier markets"), EQUITY),
    "emerging markets": {**EQUITY, "region": "Emerging"},
    "government bonds": BONDS,
    "treasury bonds": {**BONDS, "subclass": "Treasury all maturities"},
    "corporate bonds": BONDS,
    "investment grade bonds": {**BONDS, "subclass": "IG corporate"},
    "high yield bonds": {**BONDS, "subclass": "High yield"},
    "municipal bonds": {**BONDS, "subclass": "Municipal"},
    "real estate": {**ALTERNATIVES, "subclass": "REIT"},
    "reits": {**ALTERNATIVES, "subclass": "REIT"},
    "commodities broad basket": {**ALTERNATIVES, "subclass": "Broad commodities"},
    "precious metals": {**ALTERNATIVES, "subclass": "Precious metals"},
}
_GEARED = re.compile(r"\b(-?[1-5](\.\d+)?x|ultra(short|pro)?|inverse|leveraged|bear|daily short)\b", re.IGNORECASE)
LONGEST = 200


def fetch_etfs() -> tuple[Product, ...]:
    """The ETFs that are listed, each once. Raises InputError where the package is missing, SourceUnavailableError."""
    try:
        package: Any = import_module("financedatabase")
    except ImportError as error:
        raise InputError(
            f"{NAME} is not installed.", hint="Install it where Keel runs: pip install financedatabase", subject=NAME
        ) from error
    try:
        frame = package.ETFs().select(only_primary_listing=True)
    except (ValueError, OSError) as error:  # its own words for a network that does not answer
        raise SourceUnavailableError(
            f"{NAME} does not answer.", hint="Check the network, or import a file of products.", subject=NAME
        ) from error
    products = {product.instrument.symbol: product for product in _products(frame.reset_index().to_dict("records"))}
    if not products:
        raise SourceUnavailableError(f"{NAME} lists no product.", hint="Try again later.", subject=NAME)
    return tuple(products.values())


def _products(rows: list[dict[str, object]]) -> Iterator[Product]:
    for row in rows:
        symbol = _text(row, "symbol")
        if symbol:
            yield _product(symbol, row)


def _product(symbol: str, row: Mapping[str, object]) -> Product:
    name, currency = _text(row, "name"), _text(row, "currency").upper()
    said = SAID.get(_text(row, "category").lower(), {})
    geared = ("leveraged",) if _GEARED.search(name) else ()
    told = {"name": name, "currency": currency if currency in CURRENCIES else "", **said}
    facts = {fact: value for fact, value in told.items() if value}
    instrument = Instrument(new_id(InstrumentType.etf, symbol), symbol, facts.pop("name", ""), InstrumentType.etf)
    instrument = replace(instrument, **facts)  # type: ignore[arg-type]  # texts, all of them
    tags = tuple(sorted({*implied_tags(instrument, ""), *geared}))
    stated = frozenset(facts) | (frozenset({"name"}) if name else frozenset())
    return Product(replace(instrument, tags=tags), stated, tags=geared)


def _text(row: Mapping[str, object], column: str) -> str:
    """A cell as text; what is missing or no text is empty."""
    value = row.get(column)
    text = tidy(value) if isinstance(value, str) else ""
    return "" if has_controls(text) or len(text) > LONGEST else text
