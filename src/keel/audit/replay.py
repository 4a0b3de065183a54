"""Replays tapes through vectorbt: ``python replay.py TAPES.npz VALUES.npz``, a process of its own.

It imports nothing of Keel, so that the auditor shares no line with what it audits, and takes 10 s to load vectorbt and,
the first time on a machine, as long again to compile it.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def values(closes: Any, cash: Any, orders: Any, advisory: float) -> Any:
    """The value (n,) of all ledgers together at each close, after its orders.

    With an advisory fee every session has two moments: first a part of each position is sold and its proceeds are paid
    away (a fee of the whole of them), then come the orders.
    """
    from vectorbt import Portfolio
    from vectorbt.portfolio.enums import SizeType

    moments = 2 if advisory > 0.0 else 1
    prices = np.repeat(closes, moments, axis=0)
    total = np.zeros(len(closes))
    for ledger, money in enumerate(cash):
        own = orders[orders["ledger"] == ledger]
        at = (own["session"] * moments + moments - 1, own["column"])
        size, kind = np.full(prices.shape, np.nan), np.full(prices.shape, SizeType.Amount)
        rate, fee = np.zeros(prices.shape), np.zeros(prices.shape)
        size[at], rate[at], fee[at] = own["shares"], own["rate"], own["fee"]
        if moments == 2:
            size[2::2], kind[2::2], rate[2::2] = -advisory, SizeType.Percent, 1.0
        book = Portfolio.from_orders(
            prices,
            size=size,
            size_type=kind,
            direction="longonly",
            fees=rate,
            fixed_fees=fee,
            init_cash=float(money),
            group_by=True,
            cash_sharing=True,
            call_seq="auto",
        )
        total += book.value().to_numpy().ravel()[moments - 1 :: moments]
    return total


def main(source: str, target: str) -> None:
    """Nothing; the values of each tape of ``source`` and vectorbt's version are written to ``target``."""
    import vectorbt

    tapes = np.load(source, allow_pickle=False)
    found = {
        str(i): values(tapes[f"{i}.closes"], tapes[f"{i}.cash"], tapes[f"{i}.orders"], float(tapes[f"{i}.advisory"]))
        for i in range(int(tapes["count"]))
    }
    np.savez(target, version=np.array(vectorbt.__version__), **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
