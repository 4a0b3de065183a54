"""The worksheet of orders: any line changed, computed again around the changes, taken along as a file an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from keel import units
from keel.domain.plan.ask import Ask
from keel.services.live import plan
from keel.ui.frame import widgets
from keel.ui.rebalance.asking import keep

if TYPE_CHECKING:
    from keel.domain.plan.record import PlanRecord
    from keel.store.connection import Database

PRODUCT, SIDE, QUANTITY, VALUE, ACCOUNT, PRICE, GAIN, YOURS = (
    *("Product", "Order", "Quantity", "Value", "Account", "Price", "Gain", "Set by you"),
)
KINDS = {
    PRODUCT: "object",
    SIDE: "object",
    QUANTITY: "float64",
    VALUE: "float64",
    ACCOUNT: "object",
    PRICE: "float64",
    GAIN: "float64",
    YOURS: "bool",
}
Key = tuple[str, str]  # account and symbol


def section(db: Database, made: PlanRecord, ask: Ask, currency: str) -> bool:
    """Whether the orders, drawn to edit with a file an account, were changed and not computed again."""
    import pandas as pd

    start = pd.DataFrame(_rows(made, ask), columns=list(KINDS)).astype(KINDS)
    typed = st.data_editor(
        start,
        key=f"worksheet-{made.fingerprint[:8]}-{hash(tuple(sorted(_quantities(made).items())))}",
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder=units.MISSING,
        disabled=[SIDE, VALUE, PRICE, GAIN, YOURS],
        column_order=[name for name in KINDS if name != YOURS or ask.limits.edits],
        column_config=_columns(currency, list(made.cash_change), sorted(made.prices)),
        alt="Orders, a row a product and account; a sale has a minus",
    )
    changes = edits(_quantities(made), typed.to_dict("records"))
    with st.container(horizontal=True, vertical_alignment="center"):
        help_ = None if changes else "Change a quantity first."
        if st.button("Recalculate", icon=":material/refresh:", disabled=not changes, help=help_, key="recalculate"):
            together = dict(ask.limits.edits) | changes
            keep(db, made.portfolio_id, replace(ask, limits=replace(ask.limits, edits=together)))
        if ask.limits.edits:
            reset(db, made, ask)
        downloads(made, "Orders")
        if changes:
            widgets.unsaved("Not computed yet", "“Recalculate” fits the other orders to yours.")
    st.caption("A minus sells. A row without an order can be added: a product, an account, a quantity.")
    return bool(changes)


def reset(db: Database, made: PlanRecord, ask: Ask) -> None:
    """Draws the way to drop what a person set."""
    if st.button("Reset", key="reset-plan", help="Drops what you set."):
        keep(db, made.portfolio_id, ask.unedited)


def edits(shown: Mapping[Key, float], typed: Sequence[Mapping[Any, Any]]) -> dict[Key, float]:
    """The quantities that a person set otherwise than ``shown``, by account and symbol; a row taken out is 0.

    >>> edits({("Main", "VTI"): -2.0, ("Main", "BND"): 5.0}, [{"Product": "VTI", "Account": "Main", "Quantity": -1.0}])
    {('Main', 'VTI'): -1.0, ('Main', 'BND'): 0.0}
    """
    rows = {
        (str(row[ACCOUNT]), str(row[PRODUCT])): float(row[QUANTITY])
        for row in typed
        if all(row[name] is not None and row[name] == row[name] for name in (ACCOUNT, PRODUCT, QUANTITY))
    }
    changed = {key: quantity for key, quantity in rows.items() if quantity != shown.get(key)}
    return changed | {key: 0.0 for key in shown if key not in rows}


def _quantities(made: PlanRecord) -> dict[Key, float]:
    return {(row["account"], row["symbol"]): row["quantity"] for row in plan.orders(made)}


def _rows(made: PlanRecord, ask: Ask) -> list[tuple[object, ...]]:
    return [
        (
            *(
                row["symbol"],
                "Sell" if row["value"] < 0 else "Buy",
                row["quantity"],
                round(row["value"]),
                row["account"],
                row["price"],
            ),
            *(None if row["gain"] is None else round(row["gain"]), (row["account"], row["symbol"]) in ask.limits.edits),
        )
        for row in plan.orders(made)
    ]


def _columns(currency: str, accounts: list[str], symbols: list[str]) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        PRODUCT: st.column_config.SelectboxColumn(options=symbols, pinned=True, width=110, required=True),
        SIDE: st.column_config.TextColumn(width=70),
        QUANTITY: number(format="localized", help="Units to buy; a minus sells", width=100, required=True),
        VALUE: number(f"Value, {currency}", format="localized", width=110),
        ACCOUNT: st.column_config.SelectboxColumn(options=accounts, default=accounts[0], width=120, required=True),
        PRICE: number(f"Price, {currency}", format="localized", help="The freshest close", width=100),
        GAIN: number(
            f"Gain, {currency}", format="localized", help="Realised by the sale in a taxable account", width=100
        ),
        YOURS: st.column_config.CheckboxColumn(help="You set this line: it stays when you recalculate", width=90),
    }


def downloads(made: PlanRecord, label: str) -> None:
    """Draws a file of orders an account that has any, each called by a label."""
    for account in dict.fromkeys(row["account"] for row in plan.orders(made)):
        st.download_button(
            widgets.plain(f"{label} of {account}"),
            data=plan.orders_csv(made, account),
            file_name="keel-orders.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"{label}-{account}",
        )
