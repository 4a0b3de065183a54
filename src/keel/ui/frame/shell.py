"""The script every browser session runs: menu, gating, the page, and a card when it fails.

It lives away from ``pages/``: beside that folder Streamlit would run a deep-linked page without it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from keel import journey
from keel.journey import Need
from keel.ui.components.manners import manners
from keel.ui.frame import dialogs, login, root, session, widgets
from keel.ui.guided import bar
from keel.ui.handover import shared

ASSETS = Path(__file__).resolve().parent / "assets"
SIDEBAR = 220  # px
# steps that can be shown to a client, without menu and controls, and what each needs
PRESENTED = {"backtest": Need.run, "drift": Need.portfolio, "rebalance": Need.portfolio}


def menu(place: DeltaGenerator) -> None:
    """The sidebar: steps under their captions, locked ones with the reason."""
    with place.container():
        for caption in journey.SECTIONS:
            with st.container(gap="xxsmall"):
                if caption:
                    st.caption(caption)
                for step in journey.section(caption):
                    widgets.link(step.id)


def main() -> None:
    """Draws the open page."""
    pages = {copy(session.page(step.id)): step for step in journey.STEPS}  # each session marks the one it may run
    page = st.navigation(list(pages), position="hidden")
    step = next(step for known, step in pages.items() if known.url_path == page.url_path)
    secret = session.ids().share
    st.set_page_config(
        page_title=f"{'Shared portfolio' if secret else step.title} · Keel",
        page_icon=str(ASSETS / "icon.png"),
        layout="wide",
        initial_sidebar_state=SIDEBAR,
    )
    if secret:
        shared.page(secret)
    elif login.is_missing():
        _outside()
    else:
        _inside(step, page.run)


def _outside() -> None:
    """Draws the page of one who is not signed in: nothing is in their menu, so there is none."""
    st.logo(str(ASSETS / "logo.svg"), size="large")
    login.page()


def _inside(step: journey.Step, run: Callable[[], None]) -> None:
    """Draws a step with its menu, or as it is presented."""
    presenting = session.ids().present and PRESENTED.get(step.id) in session.ids().have()
    if presenting:
        manners(presenting=True)  # first: a page that is presented stops before its end
    else:
        st.logo(str(ASSETS / "logo.svg"), size="large")
    place = st.empty() if presenting else st.sidebar.empty()
    with widgets.failures():
        try:
            _complete(step)
        finally:
            drawn_for = session.ids()
            if not presenting:
                menu(place)
        dialogs.arrive(step.id, drawn_for.framework)
        need = journey.lacks(step, drawn_for.have())
        if need is not None:
            widgets.locked(step, need)
        else:
            if drawn_for.guide and not presenting:
                bar.show(root.database(), step.id)
            run()
    if presenting:
        return
    with st.sidebar:
        login.signed_in()
        manners(presenting=False)
    if session.ids() != drawn_for:  # the page has stored something: the menu leads to it, and what needs it is open
        menu(place)


def _complete(step: journey.Step) -> None:
    """Gives a link that lacks only the portfolio the one it means. Raises when what it names does not exist."""
    ids = session.ids()
    if step.needs is Need.portfolio and not ids.portfolio and (ids.framework or ids.run):
        from keel.services.work import progress

        found = progress.portfolio_of(root.database(), ids.framework, ids.version, ids.run)
        session.put(session.forward(portfolio=found))


if __name__ == "__main__":
    main()
