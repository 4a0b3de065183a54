"""The head of the holdings page: what the whole is worth, and what lies outside of that."""

from __future__ import annotations

import streamlit as st

from keel import units
from keel.domain.study.trust import Caveat
from keel.domain.text import some
from keel.services import example as worked
from keel.services.holdings.show import Shown
from keel.store.connection import Database
from keel.ui.frame import session, widgets

SAID = "holdings-said"


def finding(shown: Shown) -> str:
    """What is held in a sentence, or what to do where nothing is.

    >>> from datetime import date
    >>> finding(Shown("USD", date(2026, 6, 30), (), ()))
    'What does it hold?'
    """
    if not shown.accounts:
        return "What does it hold?"
    count, places = len(shown.holdings), len(shown.accounts)
    where = f" in {places} accounts" if places > 1 else ""
    return f"{units.money(shown.value, shown.currency)}: {count} {'holding' if count == 1 else 'holdings'}{where}"


def measured(name: str, shown: Shown) -> tuple[str, ...]:
    """The grey line: the portfolio, the day of its prices, its currency."""
    if not shown.accounts:
        return (name, "Type it, paste it from a spreadsheet, or import a file of your broker")
    return (name, f"closes up to {units.day(shown.when)}", shown.currency)


def caveats(shown: Shown) -> tuple[Caveat, ...]:
    """What weighs on the value: holdings without a price, excluded ones, old closes."""
    found = []
    if shown.unpriced:
        many = len(shown.unpriced)
        sentence = f"No price for {some(shown.unpriced)}: left out of the value. Type a price, or import prices."
        found.append(Caveat(f"No price {many}", sentence, "data"))
    if shown.excluded:
        worth = units.money(shown.excluded, shown.currency)
        found.append(Caveat(f"Excluded {worth}", f"Excluded holdings worth {worth} are left out of the value.", ""))
    if shown.notes:
        found.append(Caveat("Last trade", " ".join(shown.notes), "data"))
    return tuple(found)


def example(db: Database) -> None:
    """Draws what marks the worked client, and the button that puts it away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            "Example", icon=":material/science:", color="gray", help="A made-up client with real funds and closes."
        )
        if st.button("Remove the example", key="remove-client", type="tertiary"):
            worked.remove_client(db)
            session.go("start", session.Ids())


def say(words: str) -> None:
    """Keeps a sentence for the next run."""
    st.session_state[SAID] = words


def notice() -> None:
    """Draws what the last action came to, once."""
    words = st.session_state.pop(SAID, "")
    if words:
        st.markdown(f":green-badge[:material/check: Saved] {widgets.plain(words)}")
