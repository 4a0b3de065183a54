"""Files that people bring: prices, a product universe, holdings; each complaint is one sentence that says where."""

from keel.sources.holdings import HoldingRow, read_holdings
from keel.sources.prices import read_prices
from keel.sources.text import read_bytes, read_text, safe_cell
from keel.sources.universe import read_universe

__all__ = ["HoldingRow", "read_bytes", "read_holdings", "read_prices", "read_text", "read_universe", "safe_cell"]
