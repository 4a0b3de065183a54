"""Public prices on the data page: the button that brings them up to date, how far that is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.market.public.bars import FailureClass
from keel.domain.market.public.report import failures, named, summary
from keel.errors import InputError
from keel.services.market import refresh
from keel.ui.frame import root, waiting, widgets

if TYPE_CHECKING:
    from keel.domain.market.public.report import Report
    from keel.services.shared.job import Job
    from keel.store.connection import Database

SYMBOLS = "refresh-symbols"
REFUSED = "refresh-refused"
CLASSES = {
    FailureClass.delisted: "Not known",
    FailureClass.empty: "No prices",
    FailureClass.timeout: "No answer",
    FailureClass.rate_limited: "Asked too often",
    FailureClass.malformed: "Unusable",
    FailureClass.restated: "Restated",
}


def section(db: Database) -> None:
    """Draws the way to public prices, and under it the refresh that is under way or was last."""
    job = refresh.last_refresh(db)
    under_way = job is not None and not job.finished()
    widgets.header("Public prices")
    st.caption("From Yahoo, over the network. What is fetched stands beside the sample and comes before it.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Symbols",
            key=SYMBOLS,
            placeholder="SPY, BND",
            help="Empty: what your portfolios hold and what was fetched before, else every product.",
            disabled=under_way,
            width=260,
        )
        st.button("Refresh prices", icon=":material/refresh:", key="refresh", on_click=_begin_typed, disabled=under_way)
    if isinstance(refused := st.session_state.get(REFUSED), InputError):
        widgets.problem(refused)
    elif job is not None:
        _job(job)


def remedy(symbols: Sequence[str], of: str) -> None:
    """Draws a button that refreshes these symbols; ``of`` is what it is a remedy of."""
    label = f"Refresh {symbols[0]}" if len(symbols) == 1 else f"Refresh these {len(symbols)}"
    st.button(label, icon=":material/refresh:", key=f"refresh-{of}", on_click=_begin, args=(",".join(symbols),))


def _begin_typed() -> None:
    """Begins the refresh of the symbols that are typed, or keeps why it cannot."""
    _begin(str(st.session_state.get(SYMBOLS) or ""))


def _begin(symbols: str) -> None:
    st.session_state[REFUSED] = None
    try:
        refresh.ask_refresh(root.database(), refresh.symbols_of(symbols) if symbols.strip() else ())
    except InputError as error:
        st.session_state[REFUSED] = error


def _job(job: Job[Report]) -> None:
    if not waiting.unanswered(job, "refresh") and job.answer is not None:
        _report(job.answer, job)


def _report(report: Report, job: Job[Report]) -> None:
    """Draws what came: one line, then each failure with its class; lists of symbols are folded."""
    ended = job.row.ended_at or job.row.created_at
    stopped = f", stopped after {job.done:,} of {job.total:,}" if job.stopped() else ""
    st.markdown(f"**{widgets.plain(summary(report))}**{stopped}  \n{units.day(ended.date())}, {ended:%H:%M} UTC")
    said = failures(report)
    for kind, sentence in said[: widgets.MOST_CARDS]:
        label = CLASSES[FailureClass(kind)]
        st.markdown(f":orange-badge[:material/warning: {label}] {widgets.plain(sentence)}")
    if len(said) > widgets.MOST_CARDS:
        st.caption(f"{len(said) - widgets.MOST_CARDS} more are not shown; `keel prices refresh` lists all.")
    lists = {
        "New prices": report.fetched,
        "Up to date": report.unchanged,
        "Restated and fetched whole again": report.restated,
        "Nothing but prices came": report.without_facts,
    }
    if any(lists.values()):
        with st.expander("Symbols"):
            for words, symbols in lists.items():
                if symbols:
                    st.markdown(f"{words}: {widgets.plain(named(symbols))}")
