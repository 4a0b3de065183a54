"""Allocation: the tree of buckets under edit, what is missing to 100%, and saving it as the next version."""

import streamlit as st

from keel.domain.issue import errors
from keel.domain.policy.words import describe
from keel.ui.allocation import limits, state, trial, view
from keel.ui.frame import widgets
from keel.ui.frame.root import database
from keel.ui.proposal import on_framework

db = database()
draft = state.load(db)
framework = draft.now

with st.container(horizontal=True, vertical_alignment="center"):
    widgets.title(framework.name, width="content")
    if draft.dirty:
        widgets.unsaved("Unsaved changes", f"“Save as version {draft.latest + 1}” makes them a version.")
widgets.context(
    view.version_words(draft),
    view.saved_words(draft.base),
    f"Base currency {framework.base_ccy}",
    f"Policy: {describe(framework.rebalancing)}",
)

left, right = st.columns([7, 4], gap="large")
with left:
    view.toolbar(draft)
    view.editor(framework)
    view.rests(framework)
    refused = state.note()
    if refused:
        st.error(widgets.plain(refused), icon=":material/error:")
    units = " Messages speak in shares of the whole." if state.of_parent() else ""
    st.caption(f"A bucket's parts must make up the bucket. Blank minimum or maximum: no limit.{units}")
with right:
    issues = view.placed(db, framework)
    widgets.issues(issues, "issue", state.apply)
    trial.show(db, draft, blocked=bool(errors(issues)))

view.unsaved(db, draft)  # below the tree: a box that appears above it would take the focus

trial.whole(db, draft)

with st.container(border=True):
    view.policy()
with st.container(border=True):
    limits.panel(framework)

st.divider()
with st.container(horizontal=True, vertical_alignment="center"):
    ready = view.save(db, draft, issues)
    st.button(
        "Discard changes",
        on_click=state.discard,
        disabled=not draft.dirty,
        help=None if draft.dirty else "There are no changes",
    )
    view.onward(ready=ready)
    on_framework.button(draft)
    st.space("stretch")
    view.more(db, draft)

on_framework.panel(db, draft)

opened = state.opened()
if opened:
    view.details(db, opened)
