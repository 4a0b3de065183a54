"""A brand is kept whole, an owner each."""

from __future__ import annotations

from keel.domain.brand import Brand, Logo, Paper
from keel.store import brands
from keel.store.connection import Database


def test_a_brand_comes_back_as_it_was_and_is_replaced(store: Database) -> None:
    assert brands.load(store) == Brand()
    first = Brand("Harbour & Lane", "12 Quay Street", Logo(b"\x89PNG\x00\xff", "png"), Paper.a4)
    brands.save(store, first)
    assert brands.load(store) == first
    brands.save(store, Brand("Other"))
    assert brands.load(store) == Brand("Other")
    assert brands.load(store.of("ann")) == Brand()
