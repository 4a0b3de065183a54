"""Files that people bring: prices, a product universe, holdings; each complaint is one sentence that says where."""

from keel.sources.holdings import read_holdings
from keel.sources.prices import read_prices
from keel.sources.universe import read_universe

__all__ = ["read_holdings", "read_prices", "read_universe"]
