"""What a backtest is asked: the controls of the page, seeded from the run in the link, and read back as one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from keel import vocabulary
from keel.domain.policy.kinds import FiveTwentyFive
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.policy.words import OWN, PRESET_LABELS, label_of, preset_name
from keel.domain.study.question import Question
from keel.services.shared import blends
from keel.services.work import drafts
from keel.services.work.drafts import Asking
from keel.ui.backtest.answers import opened
from keel.ui.frame import root, session, widgets
from keel.ui.question import form, state
from keel.ui.question.form import Form

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio
    from keel.errors import KeelError

MOST_POLICIES = 4
PREFIX = "backtest"


def key(name: str) -> str:
    """The session key of one control."""
    return f"{PREFIX}-{name}"


def choices(framework: Framework) -> dict[str, Policy]:
    """The policies on offer by label: the presets, the framework's own if it is none, and those of the run."""
    own = {} if preset_name(framework.rebalancing) else {OWN: framework.rebalancing}
    offered = own | {PRESET_LABELS[name]: policy for name, policy in PRESETS.items()}
    custom: Mapping[str, Policy] = st.session_state.get(key("custom"), {})
    return {**offered, **custom}


def usual(framework: Framework) -> tuple[str, ...]:
    """The labels shown first: never, the framework's own, yearly and a band of another kind, each once."""
    band = "abs_5pp" if isinstance(framework.rebalancing.band, FiveTwentyFive) else "five_twenty_five"
    names = (PRESET_LABELS["never"], label_of(framework.rebalancing), PRESET_LABELS["annual"], PRESET_LABELS[band])
    return tuple(dict.fromkeys(names))


def show(portfolio: Portfolio, run_id: str) -> bool:
    """Whether the controls already show this run of this portfolio; if not, they must be set before they are drawn."""
    known = key("policies") in st.session_state and state.shown(PREFIX)
    return known and st.session_state.get(key("of")) == (portfolio.id, portfolio.version, run_id)


def start(framework: Framework, portfolio: Portfolio, run_id: str) -> None:
    """Makes the controls show the run in the link, or what was last asked of the portfolio, or the usual start.

    What was asked beside that very run, and has no answer yet, comes before the run.
    """
    last = drafts.question(root.database(), portfolio)
    if last is not None and (not run_id or (last.run_id == run_id and not last.answered)):
        fill(last.question, run_id)
        if run_id:
            st.session_state[key("question")] = opened(run_id).question
    else:
        fill(opened(run_id).question if run_id else first(framework, portfolio), run_id)


def keep(question: Question, *, answered: bool) -> None:
    """Keeps what is asked for the next session, when it has changed."""
    asking = Asking(question, session.ids().run, answered)
    if st.session_state.get(key("kept")) != asking:
        drafts.keep_question(root.database(), asking)
        st.session_state[key("kept")] = asking


def unanswered(question: Question) -> None:
    """Keeps a question without an answer, says so, and offers the last answer's in its place."""
    keep(question, answered=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        widgets.unsaved("Unsaved settings", "A result stores them.")
        st.button("Discard them", key=key("discard"), on_click=_discard, args=(question.portfolio_id,))


def _discard(portfolio_id: str) -> None:
    drafts.drop_question(root.database(), portfolio_id)
    for name in ("of", "kept"):
        st.session_state.pop(key(name), None)


def fill(question: Question, run_id: str) -> None:
    """Makes the controls show the question: that of the run in the link, or the usual start."""
    session_state = st.session_state
    state.fill(PREFIX, question)
    session_state[key("policies")] = list(question.policies)[:MOST_POLICIES]
    session_state[key("custom")] = dict(question.policies)
    session_state[key("of")] = (question.portfolio_id, question.portfolio_version, run_id)
    session_state[key("base")] = question
    session_state.pop(key("question"), None)


def answered(question: Question) -> str:
    """The run that answers the question already: the one that filled the controls, or the last one; else empty."""
    of_run = st.session_state.get(key("of"), ("", None, ""))[-1]
    known = st.session_state.setdefault(key("question"), question)
    return of_run if known == question else ""


def remember(portfolio: Portfolio, question: Question, run_id: str) -> None:
    """Makes the link and the controls speak of this run."""
    st.session_state[key("of")] = (portfolio.id, portfolio.version, run_id)
    st.session_state[key("question")] = question
    session.put(
        session.forward(
            framework=portfolio.framework_id,
            version=portfolio.framework_version,
            portfolio=portfolio.id,
            run=run_id,
        )
    )
    keep(question, answered=True)


def first(framework: Framework, portfolio: Portfolio) -> Question:
    """What is asked before anybody chose, on the prices that the products were chosen by."""
    offered = choices(framework)
    policies = {name: offered[name] for name in usual(framework)}
    return Question(
        portfolio.id,
        policies,
        RunSettings(cost_bps=10.0),
        benchmark=blends.named(root.database(), framework.benchmark),
        dataset=drafts.picks(root.database(), framework).dataset,
        portfolio_version=portfolio.version,
    )


def controls(offered: Mapping[str, Policy], settings: Form) -> None:
    """Draws policies, cost and, behind "More", the rest."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills(
            "Policies, up to four",
            list(offered),
            selection_mode="multi",
            format_func=widgets.plain,
            on_change=_at_most_four,
            help=vocabulary.tip("policy"),
            wrap=True,
            key=key("policies"),
            persist_state="session",
        )
        form.cost(settings)
        form.more(settings)
    if st.session_state.get(key("full")):
        st.caption("Four policies fit one picture: take one away to add another.")


def _at_most_four() -> None:
    """Takes back a fifth policy."""
    chosen = st.session_state[key("policies")]
    st.session_state[key("full")] = len(chosen) > MOST_POLICIES
    st.session_state[key("policies")] = chosen[:MOST_POLICIES]


def question(offered: Mapping[str, Policy]) -> Question:
    """The question that the controls put now; what they leave alone stays as the run in the link has it."""
    base: Question = st.session_state[key("base")]
    policies = {name: offered[name] for name in st.session_state[key("policies")]}
    return replace(state.taken(PREFIX, base), policies=policies)


def empty() -> None:
    """Draws the page before a policy is chosen."""
    widgets.title("Pick a policy to compare")
    st.markdown("Choose up to four policies above. Each is run on the same prices, so their paths can be compared.")


def failure(error: KeelError) -> None:
    """Draws why there is no result, and the ways on."""
    widgets.title("No result for this question yet")
    asked: Question = state.taken(PREFIX, st.session_state[key("base")])
    with st.container(border=True):
        st.markdown(f":red-badge[:material/error: Error] **{widgets.plain(error.message)}**")
        if error.hint:
            st.markdown(widgets.plain(error.hint))
        with st.container(horizontal=True):
            if asked.start and asked.end and asked.start > asked.end:
                swapped = (PREFIX, asked.end, asked.start)
                st.button("Swap the dates", key=key("fix-order"), on_click=form.all_dates, args=swapped)
            if asked.start or asked.end:
                st.button("Use all dates", key=key("fix-dates"), on_click=form.all_dates, args=(PREFIX,))
            if asked.dataset:
                st.button("Choose the prices automatically", key=key("fix-dataset"), on_click=_automatic)
            if not asked.proxies:
                st.button("Extend with proxies", key=key("fix-proxies"), on_click=_extend)
            widgets.link("mapping", "Choose other products")


def _automatic() -> None:
    st.session_state[key("dataset")] = form.AUTOMATIC


def _extend() -> None:
    st.session_state[key("proxies")] = True
