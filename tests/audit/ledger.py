"""The auditor's stand-in: a ledger in plain Python that takes and gives the files the vectorbt process takes and gives.

It buys no more than its cash allows and sells no more than it holds, as vectorbt does.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def values(closes: Any, cash: Any, flows: Any, orders: Any, advisory: float) -> Any:
    """The value of all ledgers at each close."""
    total = np.zeros(len(closes))
    for ledger, start in enumerate(cash.tolist()):
        held, money = np.zeros(closes.shape[1]), start
        own = [o for o in orders.tolist() if o[0] == ledger]
        for t, prices in enumerate(closes):
            if t:
                held *= 1.0 - advisory
            money += flows[t]
            today = [o for o in own if o[1] == t]
            for _, _, _, column, shares, rate, fee in sorted(today, key=lambda o: (o[2], o[4] > 0.0)):
                most = (money * (1.0 + 1e-9) - fee) / (1.0 + rate) / prices[column]
                done = min(shares, most) if shares > 0.0 else max(shares, -held[column] * (1.0 + 1e-9))
                held[column] += done
                money -= done * prices[column] + abs(done) * prices[column] * rate + fee
            total[t] += held @ prices + money
    return total


if __name__ == "__main__":
    tapes = np.load(sys.argv[1], allow_pickle=False)
    parts = ("closes", "cash", "flows", "orders", "advisory")
    found = {str(i): values(*(tapes[f"{i}.{part}"] for part in parts)) for i in range(int(tapes["count"]))}
    np.savez(sys.argv[2], version=np.array("0 (stand-in)"), **found)
