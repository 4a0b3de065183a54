"""The dialog that shares a portfolio by a link: how long, the link to copy this once, and the links in use."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from keel import units
from keel.domain.access.link import address
from keel.domain.access.terms import LONGEST_NAME, MOST_DAYS
from keel.errors import KeelError
from keel.services.access import links
from keel.ui.frame import dialogs, login, root, widgets

if TYPE_CHECKING:
    from keel.domain.access.link import Link

DIALOG = "share"
NAME, DAYS, FRESH, REFUSED = "share-name", "share-days", "share-fresh", "share-refused"
SPANS = {7: "A week", 30: "30 days", 90: "90 days", MOST_DAYS: "A year"}


def button(portfolio_id: str) -> None:
    """Draws the button that opens the dialog, and the dialog while it is open."""
    st.button("Share a link", key="share-open", icon=":material/link:", on_click=dialogs.ask_for, args=(DIALOG,))
    if dialogs.asked() == DIALOG:
        _show(portfolio_id)


@st.dialog("Share by a link", on_dismiss=dialogs.close)
def _show(portfolio_id: str) -> None:
    st.markdown(
        "Whoever has the link sees what is held, how far off target it is, its limits and the accepted plan: always the"
        " newest state, without an account, and nothing else."
    )
    if not login.configured():
        st.caption("Nobody logs in here, so this server answers its own machine only: the link opens on this machine.")
    _news()
    with st.form("share-new", border=False):
        with st.container(horizontal=True):
            st.text_input("For", key=NAME, max_chars=LONGEST_NAME, placeholder="such as the client’s name")
            st.selectbox("It ends after", list(SPANS), key=DAYS, index=1, format_func=SPANS.__getitem__, width=140)
        st.form_submit_button(":violet[Make a link]", type="primary", on_click=_make, args=(portfolio_id,))
    active = links.active(root.database(), portfolio_id)
    if active:
        widgets.subheader("Links in use")
        for link in active:
            _row(link)


def _news() -> None:
    """The link that is new, this once, or why there is none."""
    secret, error = st.session_state.pop(FRESH, None), st.session_state.pop(REFUSED, None)
    if secret is not None:
        st.markdown("**Copy it now: it is shown this once.**")
        st.code(_origin() + address(secret), language=None, wrap_lines=True)
    if isinstance(error, KeelError):
        widgets.problem(error)


def _origin() -> str:
    """Where this page is served, as the browser knows it."""
    at = urlsplit(str(st.context.url or ""))
    return f"{at.scheme}://{at.netloc}" if at.netloc else ""


def _row(link: Link) -> None:
    seen = f"last opened {units.day(link.last_opened_at)}" if link.last_opened_at else "not opened yet"
    with st.container(horizontal=True, vertical_alignment="center"):
        name = widgets.plain(link.name) or "No name"
        st.markdown(f"**{name}**  \n:gray[until {units.day(link.expires_at)}, {seen}]", width="stretch")
        st.button("Revoke", key=f"revoke-{link.id}", on_click=_revoke, args=(link.id,))


def _make(portfolio_id: str) -> None:
    asked = st.session_state
    try:
        asked[FRESH] = links.create(root.database(), portfolio_id, asked[NAME], asked[DAYS]).secret
        asked[NAME] = ""
    except KeelError as error:
        asked[REFUSED] = error


def _revoke(id: str) -> None:
    try:
        links.revoke(root.database(), id)
    except KeelError as error:
        st.session_state[REFUSED] = error
