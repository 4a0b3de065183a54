"""The search for products by what a person types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keel.domain.market.instrument import Instrument
from keel.store import instruments
from keel.store.connection import Database
from keel.store.market.search import find_ids

LONGEST = 200  # characters of what is looked for


@dataclass(frozen=True, slots=True)
class Found:
    """One page of products, the best first, and how many there are in all."""

    products: tuple[Instrument, ...]
    total: int


def search(db: Database, text: str, limit: int = 20, offset: int = 0) -> Found:
    """The products whose symbol, name or ISIN hold every word of the text; all of them for an empty one."""
    hits = find_ids(db, text[:LONGEST], limit, offset)
    return Found(instruments.of_ids(db, hits.ids), hits.total)


def document(found: Found) -> dict[str, Any]:
    """The page as REST answers it."""
    return {"total": found.total, "instruments": [_row(instrument) for instrument in found.products]}


def _row(i: Instrument) -> dict[str, Any]:
    return {
        "id": i.id,
        "symbol": i.symbol,
        "name": i.name,
        "type": i.type.value,
        "asset_class": i.asset_class,
        "region": i.region,
        "sector": i.sector,
        "currency": i.currency,
        "expense_ratio": i.expense_ratio,
        "aum_usd": i.aum_usd,
        "adv_usd": i.adv_usd,
        "inception": i.inception.isoformat() if i.inception else None,
        "tags": list(i.tags),
    }
