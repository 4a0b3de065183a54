"""Plans that are kept: accepted, to be carried out; executed; and how one becomes the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.plan.record import PlanRecord, waiting
from keel.domain.plan.words import said_of
from keel.errors import InputError
from keel.services.live import plan
from keel.ui.frame import dialogs, root, widgets
from keel.ui.rebalance.asking import begin_anew
from keel.ui.rebalance.worksheet import downloads

if TYPE_CHECKING:
    from datetime import date

    from keel.domain.plan.ask import Ask
    from keel.store.connection import Database

EXECUTE = "execute-plan"


def open_plan(plans: Sequence[PlanRecord], today: date) -> None:
    """Draws the newest plan when it is accepted: its orders as files, and the way to say that it was carried out."""
    newest = waiting(plans)
    if newest is None:
        return
    with st.container(border=True):
        st.markdown(f":green-badge[:material/check: Accepted] {widgets.plain(_line(newest, ''))}")
        with st.container(horizontal=True):
            downloads(newest, "Accepted orders")
            if st.button("Mark as executed", icon=":material/done_all:", key="execute"):
                dialogs.ask_for(EXECUTE)
    if dialogs.asked() == EXECUTE:
        _ask_to_execute(newest.id, today)


@st.dialog("Was it carried out?", on_dismiss=dialogs.close)
def _ask_to_execute(plan_id: str, today: date) -> None:
    st.markdown(
        "The holdings become what the orders leave, at the plan’s prices, and today is the last rebalance."
        " It can be undone on the holdings page, like an import."
    )
    if widgets.action("Yes, update the holdings", key="execute-now"):
        try:
            plan.execute(root.database(), plan_id, today)
        except InputError as error:
            widgets.problem(error)
            return
        dialogs.close()
        st.rerun()


def accept(db: Database, made: PlanRecord, ask: Ask, today: date, *, changed: bool) -> None:
    """Draws the page's one action: the plan as shown is kept as the one to trade, unless orders were ``changed``."""
    nothing = not plan.orders(made) and not any(made.cash_change.values())
    why = "There is nothing to trade." if nothing else None
    if changed:
        why = "Recalculate first: your change is not in the plan yet."
    if widgets.action("Accept this plan", disabled=why is not None, help=why, key="accept-plan"):
        plan.accept(db, plan.plan(db, made.portfolio_id, ask, plan.Asked(today)).id)
        begin_anew(db, made.portfolio_id, ask)
        st.rerun()


def earlier(plans: Sequence[PlanRecord]) -> None:
    """Draws the plans of before in a line each, without the one that waits above; nothing without any."""
    before = [one for one in plans if one is not waiting(plans)]
    if before:
        with st.expander(f"Plans of before ({len(before)})"):
            st.markdown("\n".join(f"- {widgets.plain(_line(one, one.status.value))}" for one in before))


def _line(one: PlanRecord, status: str) -> str:
    when = one.executed_at or one.accepted_at or one.created_at
    symbols = list(dict.fromkeys(str(row["symbol"]) for row in plan.orders(one)))
    return said_of(status, symbols, units.day(when.date() if when else None))
