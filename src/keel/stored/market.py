"""Stored products and prices, from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keel.notebook import stored

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework


def search_products(words: str = "", limit: int = 20, offset: int = 0) -> dict[str, Any]:
    """A page of the products that hold every word in symbol, name or ISIN, the best first; all for none."""
    from keel.services.market.search import document, search

    with stored() as db:
        return document(search(db, words, limit, offset))


def universe_status() -> dict[str, Any]:
    """How many products and facts are known, and the imports that hold, as ``keel universe status --json``."""
    from keel.services.market import products

    with stored() as db:
        return products.status(db)


def fetch_products() -> dict[str, object]:
    """The ETFs that FinanceDatabase lists, imported: what is missing is filled. Raises SourceUnavailableError."""
    from keel.services.market import products

    with stored() as db:
        return products.document(products.fetch(db))


def data_health() -> dict[str, Any]:
    """What is wrong with the series of every dataset, the grave ones first."""
    from keel.services.market import catalogue

    with stored() as db:
        return catalogue.data_health(db)


def made_of(symbol: str, framework: Framework | None = None) -> dict[str, object]:
    """What a product is made of, and by the buckets of a framework, as ``keel exposures show --json`` says it."""
    from keel.domain.lookthrough.as_json import made_json
    from keel.services.lookthrough import xray

    with stored() as db:
        made = xray.made_of(db, symbol, framework)
    return made_json(symbol, made.xray, made.sources)


def overlap(first: str, second: str) -> dict[str, object]:
    """How much two products have in common, as ``keel exposures overlap --json`` says it."""
    from keel.domain.lookthrough.as_json import overlap_json
    from keel.services.lookthrough import xray

    with stored() as db:
        return overlap_json((first, second), xray.overlap(db, first, second))
