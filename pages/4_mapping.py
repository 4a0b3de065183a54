"""Mapping: a product for every bucket, and what stays in cash."""

import streamlit as st

from keel.domain.mapping import duplicates
from keel.services import design, mapping
from keel.services.work import drafts
from keel.ui.frame import root, session, widgets
from keel.ui.frame.findings import mapping_finding
from keel.ui.frame.verdicts import verdicts
from keel.ui.mapping import asking, draft, portfolios, row, rules, state, table, unsaved, view

db, ids = root.database(), session.ids()
framework = design.get_framework(db, ids.framework, ids.version)
kept = state.portfolio(db, framework, ids.portfolio)
state.resume(db, framework, kept)
buckets = state.suggestions(db, framework, kept)
desk = state.desk(db, framework, kept, buckets)

waiting = draft.waiting(buckets, desk.draft, desk.accepted)
widgets.title(mapping_finding(draft.filled(desk.draft), len(buckets), waiting))
widgets.context(*view.measured(framework, desk), state.tested(db, framework, kept, desk))
if not buckets:
    st.markdown("The allocation has no buckets yet.")
    widgets.link("allocation", "Add a bucket")
    st.stop()

unsaved.not_in_it(framework, drafts.edited_versions(db, framework.id))
notice = state.notice()
if notice:
    st.markdown(f":green-badge[:material/check: Saved] {widgets.plain(notice)}")
asking.said(state.weights(kept), state.filters())
view.cash(buckets, desk)
judged = mapping.limits(db, framework, desk.draft)
verdicts(judged)
view.shared(duplicates.shared(buckets, desk.draft), desk)

with st.container(horizontal=True, vertical_alignment="bottom"):
    words = "Accept all and run the backtest" if waiting else "Run the backtest"
    if widgets.action(words, key="accept-all", disabled=not draft.filled(desk.draft)):
        accepted = state.keep(db, framework, kept, desk.draft)
        session.go("backtest", session.forward(version=framework.version, portfolio=accepted.id, run=""))
    if state.unsaved(desk, kept):
        widgets.unsaved("Unsaved choices", f"“{words}” makes them a portfolio.")
        st.button("Discard them", key="discard-choices", on_click=state.discard)
    view.prices(desk, state.DATASET)
    asking.more(state.weights(kept), state.filters(), state.currencies(db), state.ask)

shown = widgets.page_of(buckets, "mapping-page", "Buckets")
for words, parts in row.groups(framework, shown):
    widgets.header(words)
    with st.container(gap="xsmall"):
        for bucket in parts:
            row.row(bucket, desk, view.behind)

with st.expander("What the portfolio will hold", on_change="rerun", key="mapping-holds") as holds:
    if holds.open:
        table.table(buckets, desk, judged)
with st.expander("Screening, near misses and scoring", on_change="rerun", key="mapping-screening") as screening:
    if screening.open:
        rules.screening(shown, state.weights(kept))
portfolios.show(db, framework, kept)
