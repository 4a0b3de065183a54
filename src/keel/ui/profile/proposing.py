"""A framework proposed for the answers: what is wished, what comes of it and why, and the ways to take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from keel import settings, units
from keel.domain.framework.choices import CHOICES
from keel.domain.framework.slots import slots
from keel.domain.framework.tree import ordered
from keel.domain.policy.words import describe
from keel.domain.profile.record import Goal, InvestorProfile, Wishes, assessed
from keel.domain.proposal.records import BENCHMARK, REBALANCING, RULES
from keel.services import design
from keel.services.guided import proposals
from keel.services.guided.proposals import MODEL
from keel.ui.allocation import state, tree_rows, versions
from keel.ui.allocation.draft import begin, changed
from keel.ui.charts.strip import allocation_strip
from keel.ui.frame import session, widgets
from keel.ui.template.intake import open_allocation

if TYPE_CHECKING:
    from keel.domain.framework.records import Bucket, Framework
    from keel.services.guided.proposals import Proposed
    from keel.store.connection import Database

OPEN, KEPT = "profile-proposing", "profile-proposed"
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
        st.session_state[OPEN] = True


def panel(db: Database, answers: Mapping[str, str], before: Wishes) -> None:
    """Draws what is wished, at first what was wished ``before``, and what is proposed for it, once it was asked for."""
    if not st.session_state.get(OPEN):
        return
    st.divider()
    investor, by = _asked(answers, before)
    proposed = _proposed(db, investor, by)
    framework = proposed.proposal.framework
    widgets.header(f"Proposed: {framework.name[:1].lower()}{framework.name[1:]}")
    widgets.context(_from(proposed), "Nothing is saved yet", f"Policy: {describe(framework.rebalancing)}")
    if proposed.fallback:
        st.warning(widgets.plain(proposed.fallback), icon=":material/info:")
    _picture(framework)
    st.markdown("\n".join(_lines(proposed)))
    if proposed.proposal.notes:
        st.markdown("**Not met**\n\n" + "\n".join(f"- {widgets.plain(note)}" for note in proposed.proposal.notes))
    widgets.issues(proposed.findings, "proposed")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Make this framework", icon=":material/check:", key="accept-proposal"):
            name = design.free_name(db, framework.name)
            named = replace(framework, name=name, profile_id=session.ids().profile)
            open_allocation(design.save_new(db, named, proposed.findings))
        if st.button("Edit it first", key="edit-proposal"):
            _edit(framework)
        st.button("Close", key="close-proposal", on_click=_close)
    with st.expander("Limits and other choices"):
        st.markdown("\n".join(_others(proposed)))
    with st.expander(f"What it changes beside {widgets.plain(proposed.beside.name)}"):
        versions.changes(proposed.changes, "Nothing.")


def _asked(answers: Mapping[str, str], before: Wishes) -> tuple[InvestorProfile, str]:
    """The profile with its wishes, at first those of before, and who is to propose."""
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
    model = settings.model()
    by = RULES
    if model is not None:
        names = {"Rules": RULES, model.name: MODEL}
        chosen = st.segmented_control("Who proposes?", list(names), default="Rules", key="wish-by")
        by = names.get(chosen or "Rules", RULES)
    return assessed("Investor", answers, wished(before)), by


def wished(before: Wishes) -> Wishes:
    """What is wished for in the controls of the proposal; what was wished before while it is closed."""
    if "wish-exclude" not in st.session_state:
        return before
    goal, out, more = (st.session_state.get(f"wish-{name}") for name in ("goal", "exclude", "prefer"))
    exclude, prefer = (tuple(TAGS[words] for words in chosen or ()) for chosen in (out, more))
    return Wishes(GOALS[goal] if goal else Goal.growth, exclude, prefer)


def _proposed(db: Database, investor: InvestorProfile, by: str) -> Proposed:
    """What is proposed; a model is asked once for the same profile."""
    asked = (by, investor)
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != asked:
        with st.spinner("Asking the model", show_time=True) if by == MODEL else st.empty():
            kept = (asked, proposals.propose(db, settings.load(), investor, model=proposals.generator_of(by)))
        st.session_state[KEPT] = kept
    proposed: Proposed = kept[1]
    return proposed


def _from(proposed: Proposed) -> str:
    source = proposed.proposal.source
    return "By rules" if source == RULES else f"By {source}, checked here"


def _picture(framework: Framework) -> None:
    labels, weights, colours = tree_rows.strip(framework, slots(framework))
    alt = "Proposed: " + ", ".join(f"{n} {units.weight(w, 0)}" for n, w in zip(labels, weights, strict=True))
    widgets.chart(allocation_strip(labels, weights, colours), alt=alt, key="strip-proposed")


def _lines(proposed: Proposed) -> Iterator[str]:
    """A line a bucket, its parts below it: what it is, how large, and why."""
    reasons = {reason.about: reason.words for reason in proposed.proposal.reasons}
    for bucket in ordered(proposed.proposal.framework):
        indent = "  " * (bucket.path.count("/") - 1)
        yield f"{indent}- {_named(bucket)}  \n{indent}  {widgets.plain(reasons.get(bucket.path, ''))}"


def _named(bucket: Bucket) -> str:
    return f"**{widgets.plain(bucket.label)} {units.weight(bucket.target_weight, 0)}**"


def _others(proposed: Proposed) -> Iterator[str]:
    """How the targets meet each limit, then why the policy and the benchmark."""
    reasons = {reason.about: reason.words for reason in proposed.proposal.reasons}
    framework = proposed.proposal.framework
    for verdict in proposed.limits:
        why = reasons.get(verdict.constraint.type, "")
        yield f"- {widgets.plain(verdict.message)} {widgets.plain(why)}"
    yield f"- **{widgets.plain(describe(framework.rebalancing))}**: {widgets.plain(reasons.get(REBALANCING, ''))}"
    if framework.benchmark:
        yield f"- Compared with **{widgets.plain(framework.benchmark)}**: {widgets.plain(reasons.get(BENCHMARK, ''))}"


def _edit(framework: Framework) -> None:
    """Opens the proposal in the editor as a draft that is not saved."""
    draft = design.unsaved(replace(framework, profile_id=session.ids().profile))
    state.keep(changed(begin(replace(draft, buckets=(), constraints=()), draft.version), draft))
    open_allocation(draft)


def _close() -> None:
    st.session_state[OPEN] = False
