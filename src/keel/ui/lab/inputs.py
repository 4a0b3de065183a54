"""What the lab is asked: axes, colour, cost and the chosen policy, kept in the session and written into the link."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from keel import vocabulary
from keel.domain.study.question import Question, changes
from keel.domain.study.sweepable import typed, written
from keel.errors import InputError
from keel.ui.frame import widgets
from keel.ui.lab import axes as lab_axes
from keel.ui.lab import axes_box, draft, landscape
from keel.ui.lab.axes import COSTS, OTHERS, Axes, Cost
from keel.ui.lab.axes_box import AT, AXES, COST, OF
from keel.ui.lab.landscape import LEAD, METRICS, Place
from keel.ui.lab.question import PREFIX
from keel.ui.question import form, state
from keel.ui.question.form import Form

if TYPE_CHECKING:
    from keel.services.lab import Stage

COLOUR, OTHER_COLOUR, LUCK = "lab-colour", "lab-other", "lab-luck"
USUAL_COLOURS = (LEAD, "max_drawdown", "turnover_per_year", "tracking_error", "sharpe")
OTHER = "other"


class At(NamedTuple):
    """The chosen policy by its values; ``width`` in bps."""

    destination: float
    lag: int
    offset: int
    look: str
    width: float
    others: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen in the lab: the policies tried, the figure that colours them, their cost, and one of them."""

    axes: Axes
    metric: str
    cost: Cost
    place: Place


def fill(on: Stage, run_id: str) -> None:
    """Fills the session with what link or draft says, or the usual; the lab of the same portfolio stays as it was."""
    session_state = st.session_state
    of = (on.question.portfolio_id, run_id, on.window.frequency)
    if session_state.get(OF) == of and AXES in session_state:
        return
    same = session_state.get(OF, ("", "", ""))[::2] == of[::2] and AXES in session_state
    cost = _run_cost(on)
    if not same:
        words = draft.chosen(on.question, run_id)
        session_state[AXES] = lab_axes.from_text(words, lab_axes.usual(on.window.frequency, on.lag))
        session_state[AT] = _read_at(words.get("at", ""))
        _set_colour(words.get("colour", ""))
        session_state[LUCK] = words.get("luck") == "1"
        cost = lab_axes.read_cost(words.get("cost", ""), cost)
        cost = _run_cost(on) if cost is None else cost
    axes: Axes = session_state[AXES]
    axes_box.put(replace(axes, costs=_with(axes.costs, cost)), session_state.get(AT))
    session_state[COST] = axes_box.option(cost)
    session_state[OF] = of


def _with(costs: Sequence[Cost], cost: Cost) -> tuple[Cost, ...]:
    """The costs with one more; where each product has its own, that alone: it cannot share work with the others."""
    return (None,) if cost is None else lab_axes.ascending(one for one in (*costs, cost) if one is not None)


def _run_cost(on: Stage) -> Cost:
    """The cost of the run in the link, None when each product has its own; without a run the usual."""
    cost = on.question.settings.cost_bps
    if not isinstance(cost, int | float):
        return None
    return float(cost) if on.question.policies else 10.0


def _set_colour(text: str) -> None:
    kept = st.session_state
    key = text if text in METRICS else LEAD
    kept[COLOUR] = key if key in USUAL_COLOURS else OTHER
    kept[OTHER_COLOUR] = key if key not in USUAL_COLOURS else "cagr"


def choices() -> Choices:
    """What is chosen now."""
    kept = st.session_state
    axes: Axes = kept[AXES]
    cost = axes_box.cost(kept.get(COST))
    chosen = kept.get(COLOUR) or LEAD
    return Choices(
        axes=axes,
        metric=kept.get(OTHER_COLOUR) or "cagr" if chosen == OTHER else chosen,
        cost=cost if cost in axes.costs else axes.costs[0],
        place=_place(axes, kept.get(AT)),
    )


def _place(axes: Axes, at: At | None) -> Place:
    """Where on the axes the chosen policy lies, or the nearest to it."""
    start = landscape.start(axes)
    if at is None:
        return start
    wanted = dict(at.others)
    others = [values.index(v) if (v := wanted.get(name)) in values else 0 for name, values in axes.others.items()]
    return Place(
        destination=axes.destinations.index(at.destination) if at.destination in axes.destinations else 0,
        lag=axes.lags.index(at.lag) if at.lag in axes.lags else 0,
        offset=at.offset if 0 <= at.offset < axes.offsets else 0,
        look=axes.looks.index(at.look) if at.look in axes.looks else start.look,
        width=int(np.abs(np.array(axes.widths()) - at.width).argmin()),
        other=int(np.ravel_multi_index(others, axes.mixture)) if others else 0,
    )


def choose(axes: Axes, place: Place) -> None:
    """Chooses the policy at that place."""
    st.session_state[AT] = At(
        axes.destinations[place.destination],
        axes.lags[place.lag],
        place.offset,
        axes.looks[place.look],
        axes.widths()[place.width],
        axes.mixed(place.other),
    )


def write(now: Choices, question: Question, base: Question) -> None:
    """Writes what is chosen into the link, and keeps it as a draft."""
    at: At | None = st.session_state.get(AT)
    words = lab_axes.to_text(now.axes) | {"cost": lab_axes.cost_text(now.cost), "colour": now.metric}
    if at is not None:
        words["at"] = _at_text(at)
    if st.session_state.get(LUCK):
        words["luck"] = "1"
    if different := changes(question, base):
        words["ask"] = json.dumps(different, separators=(",", ":"), ensure_ascii=False)
    draft.write(question, words)


def _at_text(at: At) -> str:
    """The chosen policy in a link; ``_read_at`` reads it back.

    >>> _at_text(At(0.0, 1, 0, "quarterly", 500.0, (("tranches", 4.0),)))
    '0,1,0,quarterly,500,tranches=4'
    """
    parts = [str(part) if isinstance(part, str) else f"{part:g}" for part in at[:5] if not isinstance(part, tuple)]
    return ",".join((*parts, *(f"{name}={written((value,))}" for name, value in at.others)))


def _read_at(text: str) -> At | None:
    """The chosen policy of a link, None when it is unreadable.

    >>> _read_at("0,1,0,quarterly,500")
    At(destination=0.0, lag=1, offset=0, look='quarterly', width=500.0, others=())
    >>> _read_at("0,1,0,quarterly,500,tranches=4").others
    (('tranches', 4.0),)
    """
    parts = text.split(",")
    if len(parts) < 5:
        return None
    pairs = [part.partition("=") for part in parts[5:]]
    try:
        others = tuple((name, value) for name, _, word in pairs if name in OTHERS for value in typed(name, word))
        return At(float(parts[0]), int(parts[1]), int(parts[2]), parts[3], float(parts[4]), others)
    except (ValueError, InputError):
        return None


def controls(on: Stage, settings: Form) -> None:
    """Draws colour, cost and, behind "Axes" and "More", which policies are tried and what they are run with."""
    axes: Axes = st.session_state[AXES]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.segmented_control(
            "Colour by",
            [*USUAL_COLOURS, OTHER],
            format_func=_short,
            key=COLOUR,
            persist_state="session",
            required=True,
            wrap=True,
        )
        if st.session_state[COLOUR] == OTHER:
            st.selectbox(
                "Metric",
                [key for key in METRICS if key not in USUAL_COLOURS],
                format_func=lambda key: METRICS[key].label,
                key=OTHER_COLOUR,
                persist_state="session",
                width=190,
            )
        st.segmented_control(
            "Cost, bps of traded value",
            [axes_box.option(cost) for cost in axes.costs],
            format_func=lambda option: lab_axes.cost_words(axes_box.cost(option)),
            key=COST,
            persist_state="session",
            required=True,
            help=vocabulary.tip("cost"),
        )
        with st.popover("Axes", icon=":material/grid_on:", on_change="rerun", key="lab-axes-box") as box:
            if box.open:
                axes_box.axes(on, partial(_reset, on))
        form.more(settings)


def _short(key: str) -> str:
    """A metric's label without what a row of choices has no room for."""
    return METRICS[key].label.removesuffix(" a year").removesuffix(" ratio") if key in METRICS else "Other"


def _reset(on: Stage) -> None:
    """Takes the usual axes, at the cost of the run."""
    axes_box.take(lab_axes.usual(on.window.frequency, on.lag, _with(COSTS, _run_cost(on))))


def unsaved(question: Question, base: Question) -> None:
    """Says that what policies are run with is this page's own, and offers that of the run in its place."""
    if question == base:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        widgets.unsaved("Unsaved settings", "Open as a backtest stores them.")
        st.button("Discard them", key="lab-discard", on_click=state.fill, args=(PREFIX, base))


def failure(message: str, hint: str, on: Stage | None, base: Question | None = None) -> None:
    """Draws why there is no landscape, and the ways on."""
    widgets.title("No policies to compare yet")
    with st.container(border=True):
        st.markdown(f":red-badge[:material/error: Error] **{widgets.plain(message)}**")
        if hint:
            st.markdown(widgets.plain(hint))
        with st.container(horizontal=True, vertical_alignment="center"):
            if on is not None:
                st.button("Usual axes", key="lab-fix-axes", on_click=_reset, args=(on,))
            if base is not None and state.taken(PREFIX, base) != base:
                st.button("Undo the settings", key="lab-fix-settings", on_click=state.fill, args=(PREFIX, base))
            widgets.link("mapping", "Choose other products")
            widgets.link("backtest", "Back to the backtest")
