"""``keel universe status``: which products are known, and what is known of them."""

from __future__ import annotations

from tests.commands.conftest import Keel


def test_status_counts_products_and_facts(keel: Keel) -> None:
    data = keel("universe", "status", "--json").data
    assert list(data) == ["products", "types", "facts", "imports"]
    assert sum(data["types"].values()) == data["products"]
    text = keel("universe", "status").out
    assert f"{data['products']} products" in text
    assert "No imports." in text
