"""Tokens for programs: made and shown once, and revoked."""

from __future__ import annotations

import streamlit as st

from keel import units
from keel.domain.access.terms import LONGEST_NAME, MOST_DAYS
from keel.domain.access.token import Scope, Token
from keel.errors import KeelError
from keel.services.access import tokens
from keel.store.connection import Database
from keel.ui.frame import root, widgets

NAME, SCOPE, DAYS, FRESH, REFUSED = "token-name", "token-scope", "token-days", "token-fresh", "token-refused"
MAY = {Scope.read: "Read", Scope.write: "Read and change"}
SPANS = {30: "30 days", 90: "90 days", MOST_DAYS: "A year"}


def section(db: Database) -> None:
    """Draws the tokens in use, what is new about them, and the way to another."""
    widgets.header("Access")
    with st.expander("Tokens for programs", expanded=FRESH in st.session_state or REFUSED in st.session_state):
        st.caption("A program shows a token to the REST interface to see and change what is yours.")
        _news()
        for token in tokens.active(db):
            _row(token)
        with st.form("token-new", border=False):
            st.text_input("Where it is used", key=NAME, max_chars=LONGEST_NAME, placeholder="Laptop")
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.selectbox("It may", list(MAY), key=SCOPE, format_func=lambda scope: MAY[scope], width=200)
                st.selectbox("It ends after", list(SPANS), key=DAYS, index=1, format_func=lambda n: SPANS[n], width=160)
                st.form_submit_button("Make a token", on_click=_make)


def _news() -> None:
    """The secret of a new token, this once, or why there is none."""
    secret, error = st.session_state.pop(FRESH, None), st.session_state.pop(REFUSED, None)
    if secret is not None:
        st.markdown("**Copy it now: it is shown this once.**")
        st.code(secret, language=None, wrap_lines=True)
    if isinstance(error, KeelError):
        widgets.problem(error)


def _row(token: Token) -> None:
    ends = "" if token.expires_at is None else f"until {units.day(token.expires_at.date())}"
    used = f", last used {units.day(token.last_used_at.date())}" if token.last_used_at else ", not used yet"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{widgets.plain(token.name)}**  \n:gray[{MAY[token.scope]}, {ends}{used}]",
            width="stretch",
        )
        st.button("Revoke", key=f"revoke-{token.id}", on_click=_revoke, args=(token.id,))


def _make() -> None:
    asked = st.session_state
    try:
        asked[FRESH] = tokens.create(root.database(), asked[NAME], asked[SCOPE], asked[DAYS]).secret
        asked[NAME] = ""
    except KeelError as error:
        asked[REFUSED] = error


def _revoke(id: str) -> None:
    try:
        tokens.revoke(root.database(), id)
    except KeelError as error:
        st.session_state[REFUSED] = error
