"""The table of holdings: typed in, pasted into, saved as one change that can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from keel import units
from keel.domain.framework.records import Framework
from keel.domain.portfolio.position import Role
from keel.errors import KeelError
from keel.services.holdings import table
from keel.services.holdings.show import Shown
from keel.services.work import drafts
from keel.store.connection import Database
from keel.ui.frame import widgets
from keel.ui.holdings import rows, view

REVISION = "holdings-revision"
ORDER = (
    rows.PRODUCT, rows.QUANTITY, rows.VALUE, rows.ACCOUNT, rows.COST, rows.PRICE, rows.ROLE, rows.BUCKET, rows.NO_BUY,
    rows.NO_SELL,
)  # fmt: skip


def section(db: Database, portfolio_id: str, framework: Framework, shown: Shown, today: date) -> None:
    """Draws the table, and what saves or discards what was typed into it; until then it is kept as a draft."""
    import pandas as pd

    named = rows.buckets(framework)
    stored = rows.rows(shown.holdings, shown.currency, named)
    key = f"holdings-table-{portfolio_id}-{st.session_state.get(REVISION, 0)}"
    draft = drafts.typing(db, portfolio_id)
    start = _start(key, draft, stored)
    typed = st.data_editor(
        pd.DataFrame(start, columns=list(KINDS)).fillna(SWITCHES).astype(KINDS),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder=units.MISSING,
        disabled=[rows.VALUE],
        column_order=ORDER,
        column_config=_columns(shown, list(named.values())),
        alt="What is held, a row a product and account",
    ).to_dict("records")
    changed, older = _kept(db, portfolio_id, draft, rows.said(typed), rows.said(stored))
    with st.container(horizontal=True, vertical_alignment="center"):
        help_ = None if changed else "Nothing was changed in the table."
        if st.button("Save changes", icon=":material/check:", disabled=not changed, help=help_, key="save-holdings"):
            _save(db, portfolio_id, typed, shown, named, today)
        if changed:
            st.button("Discard changes", key="discard-holdings", on_click=_discard, args=(db, portfolio_id))
            widgets.unsaved("Unsaved changes", "“Save changes” keeps them.")
    if older:
        st.markdown(
            ":orange-badge[:material/warning: Older] What is held has changed since. Saved, the table replaces it."
        )
    st.caption("Cash is the product CASH, in another currency CASH EUR. Rows copied from a spreadsheet can be pasted.")


def _start(key: str, draft: drafts.Typing | None, stored: list[dict[str, object]]) -> Sequence[rows.Row]:
    """The rows that the table begins with: the draft's where it is drawn anew, and those as long as it stands."""
    kept = f"{key}-start"
    if key not in st.session_state:
        st.session_state[kept] = None if draft is None else draft.rows
    begun: Sequence[rows.Row] | None = st.session_state.get(kept)
    return stored if begun is None else rows.worth(begun, stored)


def _kept(
    db: Database, portfolio_id: str, draft: drafts.Typing | None, now: tuple[rows.Row, ...], held: tuple[rows.Row, ...]
) -> tuple[bool, bool]:
    """Keeps what is typed; whether that is other than what is held, and whether what is held has changed since."""
    changed, over = now != held, held if draft is None else draft.over
    if changed and (draft is None or draft.rows != now):
        drafts.keep_typing(db, portfolio_id, drafts.Typing(now, over))
    elif draft is not None and not changed:
        drafts.drop_typing(db, portfolio_id)
    return changed, changed and over != held


def _discard(db: Database, portfolio_id: str) -> None:
    drafts.drop_typing(db, portfolio_id)
    forget()


SWITCHES = {rows.NO_BUY: False, rows.NO_SELL: False}
KINDS = {
    rows.ACCOUNT: "object",
    rows.PRODUCT: "object",
    rows.QUANTITY: "float64",
    rows.COST: "float64",
    rows.PRICE: "float64",
    rows.VALUE: "float64",
    rows.ROLE: "object",
    rows.NO_BUY: "bool",
    rows.NO_SELL: "bool",
    rows.BUCKET: "object",
}


def forget() -> None:
    """Lets the table begin anew from what is stored."""
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


def _money_of(shown: Shown) -> str:
    """The currency that costs and prices are typed in, empty where accounts differ."""
    own = {account.currency for account, _ in shown.accounts} or {shown.currency}
    return own.pop() if len(own) == 1 else ""


def _columns(shown: Shown, labels: list[str]) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    currency, money = shown.currency, _money_of(shown)
    said = f", {money}" if money else ""
    where = "" if money else ", in its account’s currency"
    return {
        rows.PRODUCT: st.column_config.TextColumn(help="Its symbol, such as VTI", pinned=True, width=110),
        rows.QUANTITY: number(min_value=0.0, format="localized", width=100),
        rows.VALUE: number(f"Value, {currency}", format="localized", help="At the freshest close", width=110),
        rows.ACCOUNT: st.column_config.TextColumn(default="Main", width=110),
        rows.COST: number(
            f"{rows.COST}{said}",
            min_value=0.0,
            format="localized",
            help=f"What a unit cost, fees included{where}",
            width=135,
        ),
        rows.PRICE: number(
            f"{rows.PRICE}{said}",
            min_value=0.0,
            format="localized",
            help=f"Wins over the stored closes{where}",
            width=130,
        ),
        rows.ROLE: st.column_config.SelectboxColumn(
            options=[role.value for role in Role],
            default="tradable",
            help="Frozen counts but is never traded, excluded lies outside the value",
            width=100,
        ),
        rows.BUCKET: st.column_config.SelectboxColumn(options=labels, help="Only to say it otherwise", width=150),
        rows.NO_BUY: st.column_config.CheckboxColumn(default=False, width=90),
        rows.NO_SELL: st.column_config.CheckboxColumn(default=False, width=90),
    }


def _save(
    db: Database,
    portfolio_id: str,
    typed: Sequence[Mapping[Any, Any]],
    shown: Shown,
    named: dict[str, str],
    today: date,
) -> None:
    before = [holding.stored.position for holding in shown.holdings]
    try:
        made = table.put(db, portfolio_id, rows.positions(typed, before, named), today)
    except KeelError as error:
        widgets.problem(error)
        return
    view.say("The table as it is now." if made else "Nothing has changed.")
    _discard(db, portfolio_id)
    st.rerun()
