"""The search as pages and REST ask it."""

from __future__ import annotations

from keel.services.market.search import document, search
from keel.store.connection import Database


def test_products_come_back_whole_and_a_page_at_a_time(db: Database) -> None:
    found = search(db, "vanguard", limit=2, offset=1)
    assert (len(found.products), found.total > 3) == (2, True)
    rows = document(search(db, "spy"))["instruments"]
    assert (rows[0]["symbol"], rows[0]["type"], rows[0]["currency"]) == ("SPY", "ETF", "USD")
    assert search(db, "x" * 500).total == 0
