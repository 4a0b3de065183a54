"""The rebalancing policy of a framework: a preset, or every field of it in a dialog."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from keel import vocabulary
from keel.domain.framework import tree
from keel.domain.policy.kinds import TRIGGERS
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import (
    MOST_TRANCHES,
    Cadence,
    EverySessions,
    Look,
    Policy,
    Scope,
    require_policy,
    scope_of,
)
from keel.domain.policy.words import PRESET_LABELS, describe, preset_name
from keel.errors import InputError
from keel.services import policies
from keel.ui.allocation import state
from keel.ui.allocation.band_input import band_input
from keel.ui.frame import root, widgets
from keel.ui.frame.findings import listed, shortened

CUSTOM = "Custom"
LOOKS = {
    "Every session": Cadence.daily,
    "Weekly": Cadence.weekly,
    "Monthly": Cadence.monthly,
    "Quarterly": Cadence.quarterly,
    "Every half-year": Cadence.semiannual,
    "Yearly": Cadence.annual,
}
EVERY = "Every n sessions"
SCOPES = {"Everything": Scope.whole_book, "Only what is out of band": Scope.breached_only}


def picker() -> None:
    """Draws the preset or the named policy as a select box, the policy in words, and the way to every field."""
    policy = state.current().now.rebalancing
    named = {one.id: one for one in policies.listed(root.database())}
    name = preset_name(policy) or next((id for id, one in named.items() if one.policy == policy), "")
    options = [*PRESET_LABELS, *named, *([] if name else [CUSTOM])]
    labels = {**PRESET_LABELS, **{id: one.name for id, one in named.items()}}
    key = f"policy-{state.revision()}"

    def choose() -> None:
        given = {**PRESETS, **{id: one.policy for id, one in named.items()}}
        chosen = given.get(st.session_state[key])
        if chosen is not None:
            state.step(lambda f: replace(f, rebalancing=chosen))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Rebalancing policy",
            options,
            index=options.index(name or CUSTOM),
            format_func=lambda option: widgets.plain(labels.get(option, CUSTOM)),
            key=key,
            on_change=choose,
            help=vocabulary.tip("policy"),
            width=240,
        )
        if st.button("Edit policy", icon=":material/tune:", key="edit-policy"):
            show()
        st.caption(widgets.plain(describe(policy) + "."))
    unused = tree.unused_bands(state.current().now)
    if unused:
        many = "bands" if len(unused) > 1 else "band"
        st.markdown(
            f":orange-badge[:material/warning: Band] This policy does not trade by bands: the own {many} of "
            f"{widgets.plain(listed(shortened(unused)))} will not be used."
        )


@st.dialog("Rebalancing policy", width="medium")
def show() -> None:
    """Draws every field of the policy, and closes when they are applied."""
    policy = state.current().now.rebalancing
    chosen = policy_input(policy)
    st.markdown(widgets.plain(describe(chosen) + "."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        applied = widgets.action("Apply", key="apply-policy")
        st.space("stretch")
        name = st.text_input("Keep it under a name", placeholder="Our house policy", key="policy-name", width=220)
        if st.button("Apply and keep", disabled=not name.strip(), key="keep-policy"):
            applied = _kept(name, chosen)
    if applied:
        if state.step(lambda f: replace(f, rebalancing=_required(chosen))):
            st.rerun()
        st.error(widgets.plain(state.note()))


def _kept(name: str, policy: Policy) -> bool:
    """True when the policy is kept under the name, in place of the one of that name; a refusal is drawn."""
    db = root.database()
    try:
        policies.keep(db, name, policy)
    except InputError as error:
        st.error(widgets.plain(f"{error.message} {error.hint}"))
        return False
    return True


def _required(policy: Policy) -> Policy:
    require_policy(policy)
    return policy


def policy_input(now: Policy) -> Policy:
    """The policy that the controls of every field give; not required to be valid yet."""
    picked = st.segmented_control(
        "Trade when",
        list(TRIGGERS),
        default=now.trigger,
        required=True,
        format_func=lambda trigger: TRIGGERS[trigger].label,
        help=vocabulary.tip("trigger"),
        wrap=True,
    )
    trigger = picked or now.trigger
    if not TRIGGERS[trigger].looks:
        return Policy(trigger=trigger)
    look = _look(now.look)
    offset, tranches = _days(now)
    if not TRIGGERS[trigger].banded:
        return Policy(trigger=trigger, look=look, offset=offset, tranches=tranches)
    band = band_input(now.band, "policy-band")
    with st.container(horizontal=True):
        back = widgets.number(
            "Trade back to: 0 target, 1 edge",
            now.destination,
            0,
            1,
            0.125,
            width=230,
            help=vocabulary.tip("destination"),
        )
        rest = widgets.number("Days between trades", now.cooldown_days, 0, 3_650, 1, width=170)
    scope = Scope.breached_only
    if back == 0:
        names = {value: name for name, value in SCOPES.items()}
        start = names[scope_of(now) if now.destination == 0 else Scope.whole_book]
        what = st.segmented_control(
            "What is traded", list(SCOPES), default=start, required=True, help=vocabulary.tip("scope")
        )
        scope = SCOPES[what or start]
    default = Scope.whole_book if back == 0 else Scope.breached_only
    return replace(
        now,
        trigger=trigger,
        look=look,
        offset=offset,
        tranches=tranches,
        band=band,
        destination=back,
        cooldown_days=int(rest),
        scope=None if scope is default else scope,
    )


def _look(now: Look) -> Look:
    words = {cadence: name for name, cadence in LOOKS.items()}
    options = [*LOOKS, EVERY]
    start = EVERY if isinstance(now, EverySessions) else words[now]
    chosen = st.selectbox("Check how often", options, index=options.index(start), help=vocabulary.tip("look"))
    if chosen != EVERY:
        return LOOKS[chosen]
    count = now.every_sessions if isinstance(now, EverySessions) else 10
    return EverySessions(int(widgets.number("Sessions between looks", count, 1, 2_600, 1)))


def _days(now: Policy) -> tuple[int, int]:
    """How many sessions after the look it acts, and in how many parts that look on days of their own."""
    with st.container(horizontal=True):
        most, tip = max(260, now.offset), "0: on the day of the look itself."
        later = widgets.number("Sessions after the look", now.offset, 0, most, 1, width=170, help=tip)
        parts = widgets.number(
            "Tranches",
            now.tranches,
            1,
            MOST_TRANCHES,
            1,
            width=170,
            help="The portfolio in equal parts, each looking on a day of its own: less hangs on one date.",
        )
    return int(later), int(parts)
