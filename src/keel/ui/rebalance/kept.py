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
from keel.ui.drift import live
from keel.ui.frame import dialogs, root, widgets
from keel.ui.rebalance.asking import begin_anew
from keel.ui.rebalance.view import orders
from keel.ui.rebalance.worksheet import downloads

if TYPE_CHECKING:
    from datetime import date

    from keel.domain.plan.ask import Ask
    from keel.services.report import Judged
    from keel.store.connection import Database

EXECUTE = "execute-plan"
ANOTHER = "another-plan"  # the accepted plan beside which another is made


def next_of(plans: Sequence[PlanRecord]) -> PlanRecord | None:
    """The accepted plan that is to be carried out next; None without one, or where another plan is asked for."""
    newest = waiting(plans)
    return None if newest is None or st.session_state.get(ANOTHER) == newest.id else newest


def carry_out(accepted: PlanRecord, seen: Judged, today: date) -> None:
    """Draws the accepted plan as the page's finding: its orders, and what is next."""
    said, count = accepted.said, len(plan.orders(accepted))
    many = "1 accepted order" if count == 1 else f"{count} accepted orders"
    widgets.title(f"{many} to carry out" if count else "An accepted payment to carry out")
    on = units.day(accepted.accepted_at.date() if accepted.accepted_at else None)
    widgets.context(
        live.whose(seen),
        f"accepted on {on}",
        f"total drift {units.pct(said['drift_before'])}, then {units.pct(said['drift_after'])}",
    )
    widgets.doubts(seen.report.findings)
    st.markdown("Trade them, then mark the plan as executed: what is held changes with it.")
    orders(plan.orders(accepted), seen.framework.base_ccy)
    with st.container(horizontal=True):
        if widgets.action("Mark as executed", icon=":material/done_all:", key="execute"):
            dialogs.ask_for(EXECUTE)
        downloads(accepted, "Orders")
        st.button("Make another plan", icon=":material/add:", key="another", on_click=_another, args=(accepted.id,))
    if dialogs.asked() == EXECUTE:
        _ask_to_execute(accepted.id, today)


def _another(plan_id: str) -> None:
    st.session_state[ANOTHER] = plan_id


def open_plan(plans: Sequence[PlanRecord]) -> None:
    """Draws, beside another plan, that one is accepted, and the way back to it; nothing without one."""
    newest = waiting(plans)
    if newest is not None:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            words = f":green-badge[:material/check: Accepted] {widgets.plain(_line(newest, ''))}"
            st.markdown(words, width="stretch")
            st.button("Back to it", key="accepted-plan", on_click=_another, args=("",))


@st.dialog("Was it carried out?", on_dismiss=dialogs.close)
def _ask_to_execute(plan_id: str, today: date) -> None:
    st.markdown(
        "The holdings become what the orders leave, at the plan’s prices, and today is the last rebalance."
        " What a file that was imported since says of them counts once."
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
        _another("")
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
