"""Allocation: the tree of buckets under edit, what is missing to 100%, and saving it as the next version."""

import streamlit as st

from keel.domain.policy_json import describe
from keel.ui import allocation, allocation_view, session, widgets
from keel.ui.root import database

db = database()
draft = allocation.load(db)
framework = draft.now
older = draft.base.version < draft.latest

with st.container(horizontal=True, vertical_alignment="center"):
    widgets.title(framework.name, width="content")
    if draft.dirty:
        widgets.unsaved("Unsaved changes", f"“Save as version {draft.latest + 1}” keeps them.")
widgets.context(
    f"Version {draft.base.version}" + (f" of {draft.latest}, an older one" if older else ""),
    allocation_view.saved_words(draft.base),
    f"Base currency {framework.base_ccy}",
    f"Policy: {describe(framework.rebalancing)}",
)

left, right = st.columns([7, 4], gap="large")
with left:
    allocation_view.toolbar(draft)
    allocation_view.editor(framework)
    refused = allocation.note()
    if refused:
        st.error(widgets.plain(refused), icon=":material/error:")
    st.caption("A bucket's parts must make up the bucket. Blank minimum or maximum: no limit.")
with right:
    issues = allocation_view.placed(db, framework)
    widgets.issues(issues, "issue", allocation.apply)

with st.container(border=True):
    allocation_view.policy()

st.divider()
with st.container(horizontal=True, vertical_alignment="center"):
    ready = allocation_view.save(db, draft, issues)
    st.button(
        "Discard changes",
        on_click=allocation.discard,
        disabled=not draft.dirty,
        help=None if draft.dirty else "There are no changes",
    )
    if ready and widgets.action("Choose products", key="to-mapping"):
        session.go("mapping")
    st.space("stretch")
    allocation_view.more(db, draft)

opened = allocation.opened()
if opened:
    allocation_view.details(db, opened)
