"""The drift of a run: when its buckets left their bands, and what the policy did about it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from keel.domain.drift.grid import by_class, classes
from keel.domain.study.trust import caveats, doubtful
from keel.services import design, export, history
from keel.services.market import health
from keel.ui.backtest import answers
from keel.ui.drift import columns, view
from keel.ui.frame import root, trust, widgets
from keel.ui.frame.findings import drift_finding


def show(run_id: str) -> None:
    """Draws one policy of a run over time, and one date of it in detail."""
    run = answers.opened(run_id)
    meta = run.results[0].meta
    framework = design.get_framework(root.database(), meta.framework_id, meta.framework_version)
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [result.name for result in run.results]
        linked = view.linked(run, framework)
        name = st.segmented_control(
            "Policy", names, default=linked.policy, required=True, format_func=widgets.plain, key="drift-policy"
        )
        spans = columns.offered(run.results[0].dates)
        span = st.segmented_control("Period", spans, default=linked.period, required=True, key="drift-period")
        rolled_up = classes(framework, run.results[0].book.paths) and st.toggle(
            "Show classes only", linked.by_class, key="drift-classes"
        )
    view.write(name, span, bool(rolled_up))
    result = next(result for result in run.results if result.name == name)

    whole = answers.drift_of(run_id, name)
    if rolled_up:
        whole = by_class(whole, framework, result.policy)
    period = columns.since(whole, columns.PERIODS[span])
    which = columns.columns(period)
    grid = columns.shown(period, which)
    chosen = view.chosen_column(grid)
    with head:
        widgets.title(drift_finding(period.breach, period.labels, view.period_word(result)))
        widgets.context(*view.measured(result, period))
        found = health.of_products(root.database(), run.sources)
        trust.row((*caveats(run.prices, result.book, result.settings), *doubtful(found)), "drift")
    picture = st.container()  # filled last: the day's words need not wait for the largest figure
    date = grid.dates[chosen].astype(object)
    trade = history.trades_on(run, result.policy, date)
    widgets.header(view.day_title(grid, chosen, daily=meta.frequency == "daily"))
    st.caption(view.trade_in_words(grid, chosen, result, trade))
    view.day(grid, chosen, None if rolled_up else history.changes_on(run, result.policy, date))
    with picture:
        view.picture(grid, which.sampled, chosen, key=f"drift-grid-{name}-{span}-{bool(rolled_up)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        widgets.link("backtest", "Back to the backtest")
        st.download_button(
            "Download CSV",
            data=lambda: export.drift_csv(period, replace(run, results=(result,))),
            file_name="keel-drift.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="drift-csv",
        )
