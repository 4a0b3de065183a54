"""What a plan is asked for: trades, or money in or out, under the limits a person sets. Kept as a draft."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.plan.ask import Ask
from keel.domain.plan.gains import Tax
from keel.domain.plan.limits import Limits
from keel.domain.plan.location import USUAL, Ranks
from keel.domain.plan.words import held_words
from keel.domain.portfolio.account import AccountKind
from keel.services.work import drafts
from keel.ui.frame import dialogs, widgets

if TYPE_CHECKING:
    from keel.domain.plan.record import PlanRecord
    from keel.store.connection import Database

TRADES, MONEY = "Trades", "Deposit or withdraw"
DEPOSIT, WITHDRAW = "Deposit", "Withdraw"
NEW, HELD = "New", "Held as cash"
USUAL_AMOUNT = 1_000.0
PLAIN = "%.12g"  # no decimals where there are none
CENT = 0.01  # the least amount that is money
VIEW, WAY, AMOUNT, RULE, WHERE = "rebalance-view", "plan-way", "plan-amount", "plan-rule", "plan-where"
ACCOUNT = "plan-account"
REVISION = "plan-revision"
LIMITS = "plan-limits-dialog"


def own_key(name: str) -> str:
    """The key of an input of this plan; the next plan begins with inputs of its own."""
    return f"{name}-{st.session_state.get(REVISION, 0)}"


def begin_anew(db: Database, portfolio_id: str, ask: Ask) -> None:
    """Keeps the limits of a plan for the next one, which is asked for trades."""
    drafts.keep_ask(
        db,
        portfolio_id,
        Ask(account=_traded_in(ask), limits=ask.unedited.limits, tax=ask.tax, location=ask.location),
    )
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


def kind(draft: Ask) -> str:
    """Which of the two the page shows: as chosen, else what the draft is about."""
    return str(st.session_state.get(own_key(VIEW)) or (TRADES if draft.kind == "trades" else MONEY))


def of(draft: Ask, shown: str) -> Ask:
    """The draft as the page that is shown asks it: trades without money, or an amount."""
    if (draft.kind == "trades") == (shown == TRADES):
        return draft
    return replace(draft.unedited, deposit=0.0 if shown == TRADES else USUAL_AMOUNT, withdraw=0.0, account="")


def _traded_in(ask: Ask) -> str:
    """The only account in which is traded; the one that money goes into is none of it."""
    return ask.account if ask.kind == "trades" else ""


def keep(db: Database, portfolio_id: str, ask: Ask) -> None:
    """Keeps what is asked and draws the page anew with it."""
    drafts.keep_ask(db, portfolio_id, ask)
    st.rerun()


def choose(db: Database, made: PlanRecord, ask: Ask, shown: str, currency: str) -> None:
    """Draws what is asked: the kind of plan, the amount, and the limits behind a button."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Plan", (TRADES, MONEY), default=shown, required=True, key=own_key(VIEW), label_visibility="collapsed"
        )
        if st.button(f"Limits{_count(ask)}", icon=":material/tune:", key="plan-limits"):
            dialogs.ask_for(LIMITS)
    if dialogs.asked() == LIMITS:
        _limits(db, made, ask, currency)
    if shown == MONEY:
        _amount(db, made, ask, currency)


def _count(ask: Ask) -> str:
    usual, now = Limits(), ask.unedited.limits
    count = sum(getattr(usual, field.name) != getattr(now, field.name) for field in fields(Limits))
    count += bool(_traded_in(ask)) + (ask.tax != Tax()) + (ask.location != USUAL)
    return f" ({count})" if count else ""


def _amount(db: Database, made: PlanRecord, ask: Ask, currency: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = st.segmented_control(
            "Money", (DEPOSIT, WITHDRAW), default=WITHDRAW if ask.withdraw else DEPOSIT, required=True, key=own_key(WAY)
        )
        amount = st.number_input(
            f"Amount, {currency}",
            CENT,
            value=max(ask.deposit or ask.withdraw, CENT),
            step=100.0,
            format=PLAIN,
            key=own_key(AMOUNT),
            width=220,
        )
        account = _account(made, ask, way == WITHDRAW)
        idle = 0.0 if way == WITHDRAW else _covering(made, ask)
        held = _where(made, ask) if idle else ask.money_held
    if idle:
        st.caption(widgets.plain(held_words(idle, currency, held=_known(made, ask))))
    out, amount = way == WITHDRAW, amount or 0.0
    deposit, withdraw = (0.0, amount) if out else (amount, 0.0)
    now = replace(ask, deposit=deposit, withdraw=withdraw, account=account, money_held=held)
    if now != ask and now.kind != "trades":
        keep(db, made.portfolio_id, now.unedited)


def _account(made: PlanRecord, ask: Ask, out: bool) -> str:
    """The account that the money goes into or comes out of, drawn to choose where there are several; empty: any."""
    if len(made.cash_change) < 2:
        return ask.account
    names = ("", *made.cash_change)
    chosen = st.selectbox(
        "Out of" if out else "Into",
        names,
        names.index(ask.account) if ask.account in names else 0,
        format_func=lambda name: widgets.plain(name) or "Any account",
        key=own_key(ACCOUNT),
        width=180,
        help="Any account: each order is in the one that has most of its product.",
    )
    return chosen or ""


def _covering(made: PlanRecord, ask: Ask) -> float:
    """The most cash of an account that the deposit may be part of; 0 where none covers it."""
    before = {name: float(made.said["cash"][name]) - change for name, change in made.cash_change.items()}
    most = max((cash for name, cash in before.items() if ask.account in ("", name)), default=0.0)
    asked = ask.money_held is not None or _known(made, ask)
    return most if asked and most >= ask.deposit - CENT else 0.0


def _known(made: PlanRecord, ask: Ask) -> bool:
    """Whether the deposit counts as cash that is held already."""
    return made.said["total_after"] == made.said["total_before"] if ask.money_held is None else ask.money_held


def _where(made: PlanRecord, ask: Ask) -> bool | None:
    """Whether a deposit is cash that is held already, drawn to choose; None until it is chosen."""
    known = _known(made, ask)
    chosen = st.segmented_control(
        "The money is", (NEW, HELD), default=HELD if known else NEW, required=True, key=own_key(f"{WHERE}-{known}")
    )
    return ask.money_held if (chosen == HELD) == known else chosen == HELD


@st.dialog("Limits of the plan", on_dismiss=dialogs.close)
def _limits(db: Database, made: PlanRecord, ask: Ask, money: str) -> None:
    """Draws the form of limits, tax rates and the one account that is traded in."""
    limits, accounts = ask.limits, ("", *made.cash_change)
    with st.form("plan-limits-form", border=False):
        whole = st.checkbox("Whole shares only", limits.whole_shares)
        smallest = st.number_input(f"Smallest order, {money}", 0.0, value=limits.min_trade, step=50.0, format=PLAIN)
        turnover = st.number_input(
            "Most turnover, %", 0.0, 100.0, _hundred(limits.max_turnover), 1.0, PLAIN, placeholder="No limit",
            help="Half of everything traded, as a part of the whole",
        )  # fmt: skip
        gain = st.number_input(
            f"Most realised gain, {money}",
            0.0,
            value=limits.gain_budget,
            step=100.0,
            format=PLAIN,
            placeholder="No limit",
        )
        most = st.number_input("Most orders", 0, value=limits.max_trades, step=1, placeholder="No limit")
        account = ask.account
        if ask.kind == "trades":
            account = st.selectbox(
                "Account", accounts, accounts.index(ask.account) if ask.account in accounts else 0,
                format_func=lambda name: widgets.plain(name) or "All accounts",
            )  # fmt: skip
        short = st.number_input("Tax on short-term gains, %", 0.0, 100.0, 100 * ask.tax.short_rate, 1.0, PLAIN)
        long = st.number_input("Tax on long-term gains, %", 0.0, 100.0, 100 * ask.tax.long_rate, 1.0, PLAIN)
        ranks = ask.location
        if len(made.cash_change) > 1:
            with st.expander("Which account each class of assets goes to first"):
                ranks = _ranks(ask.location)
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
            keep(db, made.portfolio_id, replace(ask, limits=chosen, tax=tax, account=account or "", location=ranks))


CLASS_LABELS = {
    "bonds": "Bonds",
    "real_estate": "Real estate",
    "high_yield": "High yield",
    "equity": "Shares",
    "alternatives": "Alternatives",
    "cash": "Cash",
}
KIND_LABELS = {AccountKind.taxable: "Taxable", AccountKind.deferred: "Deferred", AccountKind.exempt: "Exempt"}


def _ranks(now: Ranks) -> Ranks:
    """The ranks of kinds of accounts by class of assets, drawn to edit; 1 is filled first."""
    import pandas as pd

    rows = [[now.get(name, {}).get(kind, 0) + 1 for kind in KIND_LABELS] for name in CLASS_LABELS]
    index = pd.Index(list(CLASS_LABELS.values()), name="Class")
    st.caption("1 is filled first, then 2, then 3. The same number: either.")
    typed = st.data_editor(
        pd.DataFrame(rows, index=index, columns=list(KIND_LABELS.values())),
        key=own_key("plan-ranks"),
        num_rows="fixed",
        disabled=["_index"],
        height="content",
        column_config={
            label: st.column_config.NumberColumn(min_value=1, max_value=len(KIND_LABELS), step=1, required=True)
            for label in KIND_LABELS.values()
        },
        alt="Which kind of account each class of assets goes to first",
    )
    written: list[list[int]] = typed.to_numpy(dtype=int).tolist()
    chosen = {
        name: {kind: rank - 1 for kind, rank in zip(KIND_LABELS, row, strict=True)}
        for name, row in zip(CLASS_LABELS, written, strict=True)
    }
    return {name: row for name, row in chosen.items() if name in now or any(row.values())}


def _hundred(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
