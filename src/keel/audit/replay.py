"""Replays tapes through vectorbt: ``python replay.py TAPES.npz VALUES.npz``, a process of its own.

It imports nothing of Keel, so that the auditor shares no line with what it audits, and takes 10 s to load vectorbt and,
the first time on a machine, as long again to compile it.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def values(closes: Any, cash: Any, flows: Any, orders: Any, advisory: float) -> Any:
    """The value (n,) of all ledgers together at each close, after its orders.

    A session has up to three moments: with an advisory fee a part of each position is sold and its proceeds are paid
    away (a fee of the whole of them); then a flow is invested; then come the other orders. vectorbt knows no deposits:
    what is to come in lies in its cash from the start, what went out stays there, and neither counts.
    """
    from vectorbt import Portfolio
    from vectorbt.portfolio.enums import SizeType

    moments = (1 if advisory > 0.0 else 0) + (2 if flows.any() else 1)
    prices = np.repeat(closes, moments, axis=0)
    paid = np.cumsum(flows)
    reserve = max(float(paid.max()), 0.0)
    total = np.zeros(len(closes))
    for ledger, money in enumerate(cash):
        own = orders[orders["ledger"] == ledger]
        at = (own["session"] * moments + moments - 2 + own["fill"], own["column"])
        size, kind = np.full(prices.shape, np.nan), np.full(prices.shape, SizeType.Amount)
        rate, fee = np.zeros(prices.shape), np.zeros(prices.shape)
        size[at], rate[at], fee[at] = own["shares"], own["rate"], own["fee"]
        if advisory > 0.0:
            away = slice(moments, None, moments)
            size[away], kind[away], rate[away] = -advisory, SizeType.Percent, 1.0
        book = Portfolio.from_orders(
            prices,
            size=size,
            size_type=kind,
            direction="longonly",
            fees=rate,
            fixed_fees=fee,
            init_cash=float(money) + reserve,
            group_by=True,
            cash_sharing=True,
            call_seq="auto",
        )
        total += book.value().to_numpy().ravel()[moments - 1 :: moments] - (reserve - paid)
    return total


def main(source: str, target: str) -> None:
    """Writes the values of each tape of ``source`` and vectorbt's version to ``target``."""
    import vectorbt

    tapes = np.load(source, allow_pickle=False)
    found = {}
    for i in range(int(tapes["count"])):
        closes, cash, flows, orders = (tapes[f"{i}.{part}"] for part in ("closes", "cash", "flows", "orders"))
        found[str(i)] = values(closes, cash, flows, orders, float(tapes[f"{i}.advisory"]))
    np.savez(target, version=np.array(vectorbt.__version__), **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
