"""A framework of some symbols in equal parts: the shortest way from prices of one's own to a backtest."""

from __future__ import annotations

from collections.abc import Sequence

from keel.domain.framework.records import Bucket, Framework, Holding

DIMENSION = "Holding"


def equal_parts(symbols: Sequence[str], name: str, base_ccy: str = "USD") -> Framework:
    """A bucket for each symbol, named by it and holding it alone, with the same target.

    >>> [(b.path, b.target_weight) for b in equal_parts(["SPY", "BRK/B"], "Mine").buckets]
    [('Holding/SPY', 0.5), ('Holding/BRK-B', 0.5)]
    """
    part = 1.0 / len(symbols) if symbols else 0.0
    buckets = [
        Bucket(f"{DIMENSION}/{symbol.replace('/', '-')}", symbol, part, holdings=(Holding(symbol, 1.0),))
        for symbol in symbols
    ]
    return Framework(name, tuple(buckets), base_ccy=base_ccy)
