"""A framework proposed for the answers: what is wished, what comes of it and why, and the ways to take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.framework.choices import CHOICES
from keel.domain.profile.record import Goal, InvestorProfile, Wishes, assessed
from keel.services import design, mapping
from keel.services.guided.proposals import Wanted
from keel.services.work import drafts
from keel.services.work.drafts import Choosing
from keel.ui.allocation import state
from keel.ui.allocation.draft import begin, changed
from keel.ui.frame import session, widgets
from keel.ui.proposal import asked, shown
from keel.ui.template.intake import open_allocation

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.proposal.picks import ProposedPicks
    from keel.services.guided.proposals import Proposed
    from keel.store.connection import Database

OPEN, COUNT = "profile-proposing", "profile-proposals"  # which proposal of the session is open; how many there were
GOALS: Mapping[str, Goal] = {
    "Let it grow": Goal.growth,
    "Live on it": Goal.income,
    "Keep what it buys": Goal.preservation,
}
TAGS: Mapping[str, str] = {
    f"{choice.label}: {words}": f"{choice.kind}:{value}"
    for choice in CHOICES
    for value, words in choice.answers.items()
    if choice.kind != "sleeve"
}


def button() -> None:
    """Draws the button that opens the proposal below."""
    if st.button("Propose a framework", icon=":material/edit_note:", key="propose"):
        st.session_state[OPEN] = st.session_state.get(COUNT, 0) + 1
        st.session_state[COUNT] = st.session_state[OPEN]


def panel(db: Database, answers: Mapping[str, str], before: Wishes) -> None:
    """Draws what is wished, at first what was wished ``before``, and what is proposed for it, once it was asked for."""
    asked_for = st.session_state.get(OPEN)
    if not asked_for:
        return
    st.divider()
    with st.container(key=f"arrives-proposal-{asked_for}"):
        investor = _wishing(answers, before)
        by = asked.who("wish")
        answer = asked.answered(db, Wanted(investor, products=True), by, "wish")
        if answer is not None:
            _shown(db, answer.proposed, answer.picks)
        st.button("Close", key="close-proposal", on_click=_close)


def _shown(db: Database, proposed: Proposed, picks: ProposedPicks | None) -> None:
    """Draws the proposal, its products, and the ways to take it."""
    framework = proposed.proposal.framework
    shown.head(proposed, f"Proposed: {framework.name[:1].lower()}{framework.name[1:]}")
    shown.reasons(proposed)
    wanted = picks is not None and _products(framework, picks)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Make this framework", icon=":material/check:", key="accept-proposal"):
            _make(db, proposed, picks if wanted else None)
        if st.button("Edit it first", key="edit-proposal"):
            _edit(framework)
        if picks is not None and st.button("Edit the products", key="edit-products"):
            _choose(db, proposed, picks)
    with st.expander("Limits and other choices"):
        st.markdown("\n".join(shown.others(proposed)))
    with st.expander(f"What it changes beside {widgets.plain(proposed.beside.name)}"):
        st.markdown("\n".join(shown.changes(proposed)) or "Nothing.")


def _products(framework: Framework, picks: ProposedPicks) -> bool:
    """Whether the products are wanted too, after drawing them."""
    widgets.header("Products for it")
    st.markdown("\n".join(shown.products(framework, picks)))
    return st.checkbox("Take these products too", value=True, key="take-products")


def _saved(db: Database, proposed: Proposed) -> Framework:
    framework = proposed.proposal.framework
    named = replace(framework, name=design.free_name(db, framework.name), profile_id=session.ids().profile)
    return design.save_new(db, named, proposed.findings)


def _make(db: Database, proposed: Proposed, picks: ProposedPicks | None) -> None:
    """Saves the framework, with the products as its portfolio, and opens it."""
    saved = _saved(db, proposed)
    filled = picks is not None and picks.picks and mapping.accept(db, saved.id, saved.version, picks.picks)
    open_allocation(saved, filled.id if filled else "")


def _choose(db: Database, proposed: Proposed, picks: ProposedPicks) -> None:
    """Saves the framework and opens its mapping with the products as choices that are not accepted yet."""
    saved = _saved(db, proposed)
    drafts.keep_picks(db, saved, Choosing(picks.picks))
    session.go("mapping", session.forward(framework=saved.id, version=saved.version, portfolio="", run=""))


def _wishing(answers: Mapping[str, str], before: Wishes) -> InvestorProfile:
    """The profile with its wishes, at first those of before."""
    words = {tag: words for words, tag in TAGS.items()}
    goal = next(words for words, goal in GOALS.items() if goal is before.goal)
    left, liked = ([words[tag] for tag in tags if tag in words] for tags in (before.exclude, before.prefer))
    st.segmented_control("What is the money for?", list(GOALS), default=goal, key="wish-goal")
    with st.container(horizontal=True):
        out = st.multiselect("Leave out", list(TAGS), left, key="wish-exclude", placeholder="Nothing", width=400)
        rest = [words for words in TAGS if words not in out]
        st.multiselect(
            "Prefer", rest, [w for w in liked if w in rest], key="wish-prefer", placeholder="Nothing", width=400
        )
    return assessed("Investor", answers, wished(before))


def wished(before: Wishes) -> Wishes:
    """What is wished for in the controls of the proposal; what was wished before while it is closed."""
    if "wish-exclude" not in st.session_state:
        return before
    goal, out, more = (st.session_state.get(f"wish-{name}") for name in ("goal", "exclude", "prefer"))
    exclude, prefer = (tuple(TAGS[words] for words in chosen or ()) for chosen in (out, more))
    return Wishes(GOALS[goal] if goal else Goal.growth, exclude, prefer)


def _edit(framework: Framework) -> None:
    """Opens the proposal in the editor as a draft that is not saved."""
    draft = design.unsaved(replace(framework, profile_id=session.ids().profile))
    state.keep(changed(begin(replace(draft, buckets=(), constraints=()), draft.version), draft))
    open_allocation(draft)


def _close() -> None:
    st.session_state[OPEN] = 0
