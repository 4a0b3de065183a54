"""The search in the database: every word, in any order, the nearest first."""

from __future__ import annotations

import pytest

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.store import instruments
from keel.store.connection import Database
from keel.store.market.products import Arrival, UniverseImport, add
from keel.store.market.search import find_ids

NAMES = {
    "GLD": "SPDR Gold Shares", "GOVT": "US Treasury bonds", "GO": "Grocery", "AVGO": "Gold miners 100%",
    "SGOL": "Physical gold", "LOGO": "Old gold's fund", "WLD": "World_Größe",
}  # fmt: skip


def plain(text: str) -> list[str]:
    """The same in plain words."""
    words = text.lower().split()
    whole = " ".join(words)

    def nearness(symbol: str) -> tuple[int, str]:
        all = f"{symbol} {NAMES[symbol]}".lower()
        near = 0 if symbol.lower() == whole else 1 if all.startswith(whole) else 2 if f" {whole}" in all else 3
        return (near, symbol) if words else (0, symbol)

    return sorted((s for s, n in NAMES.items() if all(w in f"{s} {n}".lower() for w in words)), key=nearness)


@pytest.fixture
def filled(store: Database) -> Database:
    instruments.upsert_many(store, [Instrument(s, s, n, InstrumentType.etf) for s, n in NAMES.items()])
    return store


@pytest.mark.parametrize(
    "text", ["go", "GO", "gold", "fund old", "old fund", "100%", "%", "_", "größe", "o l", "", "  ", "nothing", "'; --"]
)
def test_it_finds_what_a_plain_search_finds_in_the_same_order(filled: Database, text: str) -> None:
    hits = find_ids(filled, text, 50)
    assert list(hits.ids) == plain(text)
    assert hits.total == len(hits.ids)


def test_a_page_knows_how_many_there_are(filled: Database) -> None:
    assert find_ids(filled, "", 2, 1) == (tuple(plain("")[1:3]), len(NAMES))
    assert find_ids(filled, "gold", 2, 90) == ((), 4)


def test_an_isin_finds_its_product_and_a_change_is_seen(filled: Database) -> None:
    assert find_ids(filled, "us9229087690", 5).total == 0
    add(filled, [Arrival("GO", InstrumentType.etf, "US9229087690")], [], UniverseImport("u", "csv", "1", 1, 0))
    assert find_ids(filled, "us9229087690", 5).ids == ("GO",)
    assert find_ids(filled, "US9229", 5).ids == ("GO",)
