"""What a plan is asked for: trades, or money in or out, under the limits a person sets. Kept as a draft."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.plan.ask import Ask
from keel.domain.plan.gains import Tax
from keel.domain.plan.limits import Limits
from keel.services.work import drafts
from keel.ui.frame import dialogs, widgets

if TYPE_CHECKING:
    from keel.domain.plan.record import PlanRecord
    from keel.store.connection import Database

TRADES, MONEY = "Trades", "Deposit or withdraw"
DEPOSIT, WITHDRAW = "Deposit", "Withdraw"
USUAL_AMOUNT = 1_000.0
CENT = 0.01  # the least amount that is money
VIEW, WAY, AMOUNT, RULE = "rebalance-view", "plan-way", "plan-amount", "plan-rule"
REVISION = "plan-revision"
LIMITS = "plan-limits-dialog"


def own_key(name: str) -> str:
    """The key of an input of this plan; the next plan begins with inputs of its own."""
    return f"{name}-{st.session_state.get(REVISION, 0)}"


def begin_anew(db: Database, portfolio_id: str, ask: Ask) -> None:
    """Keeps the limits of a plan for the next one, which is asked for trades."""
    drafts.keep_ask(
        db, portfolio_id, Ask(account=ask.account, limits=ask.unedited.limits, tax=ask.tax, location=ask.location)
    )
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


def kind(draft: Ask) -> str:
    """Which of the two the page shows: as chosen, else what the draft is about."""
    return str(st.session_state.get(own_key(VIEW)) or (TRADES if draft.kind == "trades" else MONEY))


def of(draft: Ask, shown: str) -> Ask:
    """The draft as the page that is shown asks it: trades without money, or an amount."""
    if (draft.kind == "trades") == (shown == TRADES):
        return draft
    return replace(draft.unedited, deposit=0.0 if shown == TRADES else USUAL_AMOUNT, withdraw=0.0)


def keep(db: Database, portfolio_id: str, ask: Ask) -> None:
    """Keeps what is asked and draws the page anew with it."""
    drafts.keep_ask(db, portfolio_id, ask)
    st.rerun()


def choose(db: Database, made: PlanRecord, ask: Ask, shown: str, currency: str) -> None:
    """Draws what is asked: the kind of plan, the amount, and the limits behind a button."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Plan", (TRADES, MONEY), default=shown, required=True, key=own_key(VIEW), label_visibility="collapsed"
        )
        if st.button(f"Limits{_count(ask)}", icon=":material/tune:", key="plan-limits"):
            dialogs.ask_for(LIMITS)
    if dialogs.asked() == LIMITS:
        _limits(db, made, ask, currency)
    if shown == MONEY:
        _amount(db, made.portfolio_id, ask, currency)


def _count(ask: Ask) -> str:
    usual, now = Limits(), ask.unedited.limits
    count = sum(getattr(usual, field.name) != getattr(now, field.name) for field in fields(Limits))
    count += bool(ask.account) + (ask.tax != Tax())
    return f" ({count})" if count else ""


def _amount(db: Database, portfolio_id: str, ask: Ask, currency: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = st.segmented_control(
            "Money", (DEPOSIT, WITHDRAW), default=WITHDRAW if ask.withdraw else DEPOSIT, required=True, key=own_key(WAY)
        )
        amount = st.number_input(
            f"Amount, {currency}",
            CENT,
            value=max(ask.deposit or ask.withdraw, CENT),
            step=100.0,
            key=own_key(AMOUNT),
            width=220,
        )
    out, amount = way == WITHDRAW, amount or 0.0
    now = replace(ask, deposit=0.0 if out else amount, withdraw=amount if out else 0.0)
    if now != ask and now.kind != "trades":
        keep(db, portfolio_id, now.unedited)


@st.dialog("Limits of the plan", on_dismiss=dialogs.close)
def _limits(db: Database, made: PlanRecord, ask: Ask, money: str) -> None:
    """Draws the form of limits, tax rates and the one account that is traded in."""
    limits, accounts = ask.limits, ("", *made.cash_change)
    with st.form("plan-limits-form", border=False):
        whole = st.checkbox("Whole shares only", limits.whole_shares)
        smallest = st.number_input(f"Smallest order, {money}", 0.0, value=limits.min_trade, step=50.0)
        turnover = st.number_input(
            "Most turnover, %", 0.0, 100.0, _hundred(limits.max_turnover), 1.0, placeholder="No limit",
            help="Half of everything traded, as a part of the whole",
        )  # fmt: skip
        gain = st.number_input(
            f"Most realised gain, {money}", 0.0, value=limits.gain_budget, step=100.0, placeholder="No limit"
        )
        most = st.number_input("Most orders", 0, value=limits.max_trades, step=1, placeholder="No limit")
        account = st.selectbox(
            "Account", accounts, accounts.index(ask.account) if ask.account in accounts else 0,
            format_func=lambda name: widgets.plain(name) or "All accounts",
        )  # fmt: skip
        short = st.number_input("Tax on short-term gains, %", 0.0, 100.0, 100 * ask.tax.short_rate, 1.0)
        long = st.number_input("Tax on long-term gains, %", 0.0, 100.0, 100 * ask.tax.long_rate, 1.0)
        if st.form_submit_button("Apply"):
            chosen = Limits(
                max_turnover=None if turnover is None else turnover / 100,
                gain_budget=gain,
                whole_shares=whole,
                min_trade=smallest or 0.0,
                max_trades=None if most is None else int(most),
                edits=limits.edits,
            )
            tax = replace(ask.tax, short_rate=(short or 0.0) / 100, long_rate=(long or 0.0) / 100)
            dialogs.close()
            keep(db, made.portfolio_id, replace(ask, limits=chosen, tax=tax, account=account or ""))


def _hundred(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
