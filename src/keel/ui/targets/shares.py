"""The products of a bucket and their shares of it, as a table to type in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from keel import units
from keel.errors import InputError

SAME = 6e-5  # of the bucket: what two decimals of a percent leave apart
NEAR = 0.05  # percent of the bucket: shares are typed with two decimals


def shares_table(shares: Mapping[str, float], key: str) -> Sequence[Mapping[str, Any]]:
    """The rows of the table as they stand; rows can be added, changed and deleted."""
    import pandas as pd

    start = pd.DataFrame({"Product": list(shares), "Share, %": [100 * share for share in shares.values()]})
    typed = st.data_editor(
        start.astype({"Product": "object", "Share, %": "float64"}),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder=units.MISSING,
        column_config={
            "Product": st.column_config.TextColumn(help="Its symbol, such as VTI", pinned=True),
            "Share, %": st.column_config.NumberColumn(min_value=0.0, max_value=100.0, format="%.2f"),
        },
    )
    total = float(typed["Share, %"].sum())
    if len(typed) and abs(total - 100) >= NEAR:
        rest = f"{units.number(abs(100 - total), 1)}% {'to go' if total < 100 else 'too much'}"
        st.caption(f"{units.number(total, 1)}% placed, {rest}.")
    return [{str(column): cell for column, cell in row.items()} for row in typed.to_dict("records")]


def read_shares(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """The shares of typed rows by symbol, as fractions; made to sum to 1 where they do to within rounding.

    Raises InputError for a row without a symbol or share, and for a symbol twice.

    >>> read_shares([{"Product": " vti ", "Share, %": 66.67}, {"Product": "VXUS", "Share, %": 33.33}])
    {'VTI': 0.6667, 'VXUS': 0.3333}
    """
    found: dict[str, float] = {}
    for row in rows:
        symbol, share = str(row["Product"] or "").strip(), row["Share, %"]
        if not symbol or share is None or share != share:
            raise InputError("Every product needs a symbol and a share.", hint="Fill or delete the row.")
        name = symbol.upper() if symbol.isascii() and symbol.islower() else symbol
        if name in found:
            raise InputError(f"{name} comes twice.", hint="Give it one share.", subject=name)
        found[name] = round(float(share) / 100, 12)
    return _whole(found)


def same_shares(typed: Mapping[str, float], known: Mapping[str, float]) -> bool:
    """Whether typed shares are the known ones, as far as two decimals of a percent tell.

    >>> same_shares({"A": 0.3333, "B": 0.6667}, {"B": 2 / 3, "A": 1 / 3}), same_shares({"A": 1.0}, {})
    (True, False)
    """
    return typed.keys() == known.keys() and all(abs(typed[s] - known[s]) < SAME for s in typed)


def _whole(shares: dict[str, float]) -> dict[str, float]:
    """The shares, and where they miss 1 by rounding only the largest takes the rest."""
    missing = 1.0 - sum(shares.values())
    if shares and abs(missing) < NEAR / 100:
        largest = max(shares, key=lambda symbol: shares[symbol])
        shares[largest] = round(shares[largest] + missing, 12)
    return shares
