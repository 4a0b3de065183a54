"""What Yahoo says of a product: its fee, assets, category, what it is made of, its currency and what it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keel.domain.lookthrough.members import whole
from keel.sources.yahoo.history import ticker

HIGHEST_FEE = 0.2  # a year; what is above it is told in another unit
FUNDS = ("ETF", "MUTUALFUND")
STOCK = "EQUITY"
SHARES = "Equity"
SECTORS = {
    "basic_materials": "Materials",
    "communication_services": "Communication Services",
    "consumer_cyclical": "Consumer Discretionary",
    "consumer_defensive": "Consumer Staples",
    "energy": "Energy",
    "financial_services": "Financials",
    "healthcare": "Health Care",
    "industrials": "Industrials",
    "realestate": "Real Estate",
    "technology": "Information Technology",
    "utilities": "Utilities",
}
CLASSES = {
    "stockPosition": SHARES,
    "bondPosition": "Bonds",
    "cashPosition": "Cash",
    "preferredPosition": "Preferred shares",
    "convertiblePosition": "Convertibles",
    "otherPosition": "Other",
}


@dataclass(frozen=True, slots=True)
class Product:
    """What is said of a product: facts by name, and its weights (fractions of the whole) by sector and by asset class.

    Yahoo's sectors are those of the shares in it.
    """

    facts: Mapping[str, str | float]
    sectors: Mapping[str, float]
    classes: Mapping[str, float]


def ask_facts(symbol: str, quote_type: str) -> Product:
    """What Yahoo says of a symbol that is of this type; the library's errors pass."""
    of_it = ticker(symbol)
    if quote_type in FUNDS:
        return _fund(of_it, symbol)
    said = of_it.get_info() if quote_type == STOCK else {}
    sector = SECTORS.get(str(said.get("sector", "")).lower().replace(" ", "_").replace("real_estate", "realestate"))
    return Product({"sector": sector} if sector else {}, {}, {})


def _fund(of_it: Any, symbol: str) -> Product:
    fund = of_it.get_funds_data()
    fee = _number(fund.fund_operations.at["Annual Report Expense Ratio", symbol.upper()])
    said = _summary(of_it)
    facts = {
        "expense_ratio": fee if fee is not None and fee <= HIGHEST_FEE else None,
        "assets": _number(said.get("totalAssets")),
        "category": fund.fund_overview.get("categoryName") or said.get("category"),
    }
    classes = _weights(fund.asset_classes, CLASSES)
    shares = classes.get(SHARES, 0.0) if classes else 1.0
    sectors = {name: shares * weight for name, weight in _weights(fund.sector_weightings, SECTORS).items() if shares}
    return Product({name: value for name, value in facts.items() if value is not None}, sectors, classes)


def _summary(of_it: Any) -> Mapping[str, Any]:
    """What three more answers say together; nothing where one of them is lacking: the fund's own facts do without."""
    try:
        said: Mapping[str, Any] = of_it.get_info()
    except Exception:  # whatever the library raises
        return {}
    return said


def _weights(said: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, float]:
    """The weights by our names; none where they are no parts of a whole.

    What adds up to 99 to 101 % is the whole and scaled to it, what adds up to less has a rest that is not known.

    >>> _weights({"technology": 0.505, "energy": 0.505, "x": 0.0}, SECTORS)
    {'Information Technology': 0.5, 'Energy': 0.5}
    """
    values = {names.get(name, name): _number(value) for name, value in (said or {}).items()}
    return dict(whole({name: value for name, value in values.items() if value}) or {})


def _number(value: Any) -> float | None:
    """A number of zero or more; None for anything else."""
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) and value >= 0 else None


Asker = Callable[[str, str], Product]
