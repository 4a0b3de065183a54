"""The accounts of the holdings page: how each is taxed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from keel import units
from keel.domain.portfolio.account import Account, AccountKind, kind_of
from keel.domain.portfolio.position import Role
from keel.services.holdings import table
from keel.services.holdings.show import Shown
from keel.store.connection import Database
from keel.ui.frame import widgets

KINDS = {
    AccountKind.taxable: "Taxable",
    AccountKind.deferred: "Tax-deferred",
    AccountKind.exempt: "Tax-exempt",
}


def section(db: Database, portfolio_id: str, shown: Shown, today: date) -> None:
    """Draws a line an account with its value and its kind; a choice is kept at once."""
    if not shown.accounts:
        return
    widgets.header("Accounts")
    with st.container(horizontal=True):
        for account, own in shown.accounts:
            worth = sum(h.value or 0.0 for h in own if h.stored.position.role is not Role.excluded)
            with st.container(border=True, width=230, height="stretch"):
                st.markdown(f"**{widgets.plain(account.name)}**  \n{widgets.plain(units.money(worth, shown.currency))}")
                st.selectbox(
                    f"Tax of {account.name}",
                    list(KINDS),
                    index=list(KINDS).index(account.kind),
                    format_func=KINDS.__getitem__,
                    key=f"kind-{account.id}",
                    label_visibility="collapsed",
                    on_change=_keep,
                    args=(db, portfolio_id, account, shown, today),
                )
                if account.kind is kind_of(account.name) is not AccountKind.taxable:
                    st.caption("As its name says. Change it if not so.")


def _keep(db: Database, portfolio_id: str, account: Account, shown: Shown, today: date) -> None:
    kind: AccountKind = st.session_state[f"kind-{account.id}"]
    held = [holding.stored.position for holding in shown.holdings]
    table.put(db, portfolio_id, held, today, (replace(account, kind=kind),))
