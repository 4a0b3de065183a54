"""Mapping: a product for every bucket, and what stays in cash."""

import streamlit as st

from keel.domain.scoring import DEFAULT
from keel.services import design
from keel.ui import mapping_draft, mapping_state, mapping_view, root, session, widgets
from keel.ui.findings import mapping_finding

db, ids = root.database(), session.ids()
framework = design.get_framework(db, ids.framework, ids.version)
kept = mapping_state.portfolio(db, framework, ids.portfolio)
buckets = mapping_state.suggestions(db, framework)
desk = mapping_state.desk(db, framework, kept, buckets)

widgets.title(mapping_finding(mapping_draft.filled(desk.draft), len(buckets)))
widgets.context(*mapping_view.measured(framework, buckets, desk))
if not buckets:
    st.markdown("The allocation has no buckets yet.")
    widgets.link("allocation", "Add a bucket")
    st.stop()

notice = mapping_state.notice()
if notice:
    st.markdown(f":green-badge[:material/check: Saved] {widgets.plain(notice)}")
mapping_view.cash(buckets, desk)

with st.container(horizontal=True, vertical_alignment="bottom"):
    words = "Accept all" if mapping_draft.waiting(buckets, desk.draft, desk.accepted) else "Run the backtest"
    if widgets.action(words, key="accept-all", disabled=not mapping_draft.filled(desk.draft)):
        accepted = mapping_state.keep(db, framework, kept, desk.draft)
        session.go("backtest", session.forward(version=framework.version, portfolio=accepted.id, run=""))
    if mapping_state.unsaved(desk, kept):
        widgets.unsaved("Unsaved choices", f"“{words}” keeps them.")
    mapping_view.prices(desk, mapping_state.DATASET)

for bucket in buckets:
    mapping_view.card(bucket, desk)

with st.expander("Screening, near misses and scoring", on_change="rerun", key="mapping-screening") as screening:
    if screening.open:
        mapping_view.screening(buckets, DEFAULT)
