"""The limits of a framework: each with how the targets meet it, and a dialog to set one."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from keel.domain.constraints.evaluation import Status, Verdict, as_fraction, highest, in_full
from keel.domain.constraints.types import COUNT, TYPES, ConstraintType, Side, Stage
from keel.domain.framework import tree
from keel.domain.framework.records import Constraint, Framework
from keel.services import design
from keel.ui.allocation import state
from keel.ui.frame import dialogs, widgets
from keel.ui.frame.verdicts import BADGES

NEW = "limit"  # the dialog of a new one; that of the first one is limit-0
WHOLE = "The whole portfolio"
UNITS = {"percentage": "%", "fraction": "As a fraction", "bps": "Basis points", "dollars": "Dollars", COUNT: "Number"}
STEPS = {"percentage": 1.0, "fraction": 0.01, "bps": 10.0, "dollars": 1_000.0, COUNT: 1.0}
DOLLARS_MOST = 1e12
USUAL = {"leverage": 1.0, "weighted expense ratio": 0.005, "largest single name": 0.1, "cash": 0.05}  # to begin with


def panel(framework: Framework) -> None:
    """Draws the limits, each with its verdict on the targets, and the way to set one more."""
    with st.container(horizontal=True, vertical_alignment="center"):
        widgets.header("Limits")
        st.space("stretch")
        st.button("Add a limit", icon=":material/add:", key="add-limit", on_click=dialogs.ask_for, args=(NEW,))
    if not framework.constraints:
        st.caption("None yet. A limit holds for the targets, the products you choose and what you hold.")
    rows = list(enumerate(zip(framework.constraints, design.limits(framework), strict=True)))
    for n, (limit, verdict) in widgets.page_of(rows, "limits-page", "Limits"):
        _row(framework, n, limit, verdict)
    match dialogs.asked().split("-"):
        case ["limit", place] if int(place) < len(rows):
            _edit(int(place))
        case ["limit"]:
            _edit(None)


def _row(framework: Framework, place: int, limit: Constraint, verdict: Verdict | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"limit-{place}"):
        st.markdown(f"{_badge(verdict)} {widgets.plain(_sentence(framework, limit, verdict))}", width="stretch")
        name = _name(framework, limit)
        tip, asked = f"Edit: {name}", f"limit-{place}"
        st.button("Edit", key=f"edit-limit-{place}", help=tip, on_click=dialogs.ask_for, args=(asked,))
        st.button(
            "Remove", key=f"remove-limit-{place}", help=f"Remove: {name}", on_click=state.remove_limit, args=(place,)
        )


def _badge(verdict: Verdict | None) -> str:
    return ":gray-badge[:material/schedule: Later]" if verdict is None else BADGES[verdict.status]


def _sentence(framework: Framework, limit: Constraint, verdict: Verdict | None) -> str:
    """What the limit asks and how it stands; where targets cannot say, when it will be judged."""
    kind, name = TYPES.get(limit.type), _name(framework, limit)
    most = as_fraction(limit)
    if kind is None or (verdict is None and Stage.design in kind.stages):
        return f"{name} cannot be judged."
    if verdict is not None and verdict.status is not Status.unknown:
        return in_full(verdict)
    if most is None:
        return f"{name} is in dollars: judged when it is known what you hold."
    when = "when products are chosen" if verdict is not None else "on each plan of trades"
    return f"{name} must be at {kind.side} {kind.amount(most)}: judged {when}."


def _name(framework: Framework, limit: Constraint) -> str:
    """A limit as it is called.

    >>> _name(Framework("F"), Constraint("max_sector", 25))
    'Largest sector'
    """
    kind, bucket = TYPES.get(limit.type), tree.find(framework, limit.scope) if limit.scope else None
    return (kind.name.capitalize() if kind else limit.type) + (f" in {bucket.label}" if bucket else "")


@st.dialog("Limit", on_dismiss=dialogs.close)
def _edit(place: int | None) -> None:
    """Draws the choices of a limit with its verdict, and closes when it is applied."""
    framework = state.current().now
    now = framework.constraints[place] if place is not None else Constraint("max_single_product", 25.0)
    limit = _asked(framework, now)
    verdict = next(iter(design.limits(_only(framework, limit))), None)
    st.markdown(f"{_badge(verdict)} {widgets.plain(_sentence(framework, limit, verdict))}")
    if widgets.action("Apply", key="apply-limit"):
        if state.put_limit(place, limit):
            dialogs.close()
            st.rerun()
        st.error(widgets.plain(state.note()))


def _only(framework: Framework, limit: Constraint) -> Framework:
    return replace(framework, constraints=(limit,))


def _asked(framework: Framework, now: Constraint) -> Constraint:
    """The limit that the controls give."""
    types = list(TYPES)
    type_ = st.selectbox(
        "What", types, index=types.index(now.type) if now.type in TYPES else 0, format_func=_choice, key="limit-type"
    )
    kind = TYPES[type_]
    scopes = ["", *(bucket.path for bucket in tree.ordered(framework))]
    scope = st.selectbox(
        "Where",
        scopes,
        index=scopes.index(now.scope) if now.scope in scopes else 0,
        format_func=lambda path: tree.get(framework, path).label if path else WHOLE,
        help="Inside a bucket, the limit stays a part of the whole portfolio.",
        key="limit-scope",
    )
    units = [COUNT] if kind.counted else [unit for unit in UNITS if unit in kind.units]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = _unit(units, now)
        same = now.type == type_ and (kind.counted or now.unit == unit)
        value = _value(kind, unit, now.value if same else None)
    return Constraint(type_, value, unit, scope)


def _unit(units: list[str], now: Constraint) -> str:
    start = units.index(now.unit) if now.unit in units else 0
    return st.selectbox("Unit", units, index=start, format_func=UNITS.__getitem__, key=f"limit-unit-{len(units)}")


def _value(kind: ConstraintType, unit: str, now: float | None) -> float:
    most = highest(kind, unit)
    low, high = (1.0 if kind.counted else 0.0), DOLLARS_MOST if math.isinf(most) else most
    usual = {COUNT: 10.0, "dollars": 10_000.0}.get(unit, USUAL.get(kind.name, 0.25) * high / kind.highest)
    start = min(max(usual if now is None else now, low), high)
    label = "At least" if kind.side is Side.least else "At most"
    return widgets.number(label, start, low, high, STEPS[unit], key=f"limit-value-{kind.name}-{unit}")


def _choice(type_: str) -> str:
    kind = TYPES[type_]
    return f"{kind.name.capitalize()} · at {kind.side}"
