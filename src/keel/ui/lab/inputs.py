"""What the lab is asked: axes, colour, cost and the chosen policy, kept in the session and written into the link."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import streamlit as st

from keel import vocabulary
from keel.domain.market.frequency import session_noun
from keel.domain.policy.kinds import KINDS
from keel.domain.study.question import Question, changes
from keel.ui.frame import session, widgets
from keel.ui.lab import axes as lab_axes
from keel.ui.lab import landscape
from keel.ui.lab.axes import BY_PRODUCT, COSTS, DESTINATIONS, LAGS, NAMED, SWEEPS, Axes
from keel.ui.lab.landscape import LEAD, METRICS, Place
from keel.ui.lab.question import PREFIX
from keel.ui.question import form, state
from keel.ui.question.form import Form

if TYPE_CHECKING:
    from keel.services.lab import Stage

AXES, AT, COLOUR, OTHER_COLOUR, COST, OF, LUCK = (
    f"lab-{name}" for name in ("axes", "at", "colour", "other", "cost", "of", "luck")
)
USUAL_COLOURS = (LEAD, "max_drawdown", "turnover_per_year", "tracking_error", "sharpe")
OTHER = "other"
MODES = ("Named", "Every so many")
MOST_COST = 1_000.0  # bps a link may ask for
COST_CHOICES = (0.0, 5.0, 10.0, 25.0, 50.0, 100.0)


class At(NamedTuple):
    """The chosen policy by its values; ``width`` in bps."""

    destination: float
    lag: int
    offset: int
    look: str
    width: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The lab as it is asked now."""

    axes: Axes
    metric: str
    cost: float
    place: Place


def fill(on: Stage, run_id: str) -> None:
    """Fills the session with what the link says, or the usual; a lab of the same portfolio is kept as it was."""
    session_state = st.session_state
    of = (on.question.portfolio_id, run_id, on.window.frequency)
    if session_state.get(OF) == of and AXES in session_state:
        return
    same = session_state.get(OF, ("", "", ""))[::2] == of[::2] and AXES in session_state
    params = {} if session_state.get(OF) else st.query_params.to_dict()
    cost = _run_cost(on)
    if not same:
        session_state[AXES] = lab_axes.from_text(params, lab_axes.usual(on.window.frequency, on.lag))
        session_state[AT] = _read_at(params.get("at", ""))
        _set_colour(params.get("colour", ""))
        session_state[LUCK] = params.get("luck") == "1"
        linked = lab_axes.number(params.get("cost", ""))
        cost = linked if linked is not None and 0 <= linked < MOST_COST else cost
    axes: Axes = session_state[AXES]
    _put(replace(axes, costs=_with(axes.costs, cost)), session_state.get(AT))
    session_state[COST] = cost
    session_state[OF] = of


def _with(costs: Sequence[float], cost: float) -> tuple[float, ...]:
    """The costs with one more; where each product has its own, that alone: it cannot share work with the others."""
    return (cost,) if cost == BY_PRODUCT else tuple(sorted({*costs, cost} - {BY_PRODUCT}))


def _run_cost(on: Stage) -> float:
    """The cost of the run in the link, ``BY_PRODUCT`` when each product has its own; without a run the usual."""
    cost = on.question.settings.cost_bps
    if not isinstance(cost, int | float):
        return BY_PRODUCT
    return float(cost) if on.question.policies else 10.0


def _set_colour(text: str) -> None:
    kept = st.session_state
    key = text if text in METRICS else LEAD
    kept[COLOUR] = key if key in USUAL_COLOURS else OTHER
    kept[OTHER_COLOUR] = key if key not in USUAL_COLOURS else "cagr"


def asked() -> Asked:
    """The question as it stands."""
    kept = st.session_state
    axes: Axes = kept[AXES]
    cost = kept.get(COST)
    chosen = kept.get(COLOUR) or LEAD
    return Asked(
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
    return Place(
        destination=axes.destinations.index(at.destination) if at.destination in axes.destinations else 0,
        lag=axes.lags.index(at.lag) if at.lag in axes.lags else 0,
        offset=at.offset if 0 <= at.offset < axes.offsets else 0,
        look=axes.looks.index(at.look) if at.look in axes.looks else start.look,
        width=int(np.abs(np.array(axes.widths()) - at.width).argmin()),
    )


def choose(axes: Axes, place: Place) -> None:
    """Chooses the policy at that place."""
    st.session_state[AT] = At(
        axes.destinations[place.destination],
        axes.lags[place.lag],
        place.offset,
        axes.looks[place.look],
        axes.widths()[place.width],
    )


def write(now: Asked, question: Question, base: Question) -> None:
    """Writes what is shown into the link."""
    at = st.session_state.get(AT)
    params = session.query(session.ids()) | lab_axes.to_text(now.axes) | {"cost": f"{now.cost:g}", "colour": now.metric}
    if at is not None:
        params["at"] = ",".join(str(part) if isinstance(part, str) else f"{part:g}" for part in at)
    if st.session_state.get(LUCK):
        params["luck"] = "1"
    if different := changes(question, base):
        params["ask"] = json.dumps(different, separators=(",", ":"), ensure_ascii=False)
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)


def _read_at(text: str) -> At | None:
    """The chosen policy of a link, None when it is unreadable.

    >>> _read_at("0,1,0,quarterly,500")
    At(destination=0.0, lag=1, offset=0, look='quarterly', width=500.0)
    """
    parts = text.split(",")
    if len(parts) != 5:
        return None
    try:
        return At(float(parts[0]), int(parts[1]), int(parts[2]), parts[3], float(parts[4]))
    except ValueError:
        return None


def controls(on: Stage, settings: Form) -> None:
    """Draws colour, cost and, behind "Axes" and "More", which policies are tried and what they are run with."""
    axes: Axes = st.session_state[AXES]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Colour by",
            [*USUAL_COLOURS, OTHER],
            format_func=lambda key: METRICS[key].label if key in METRICS else "Other",
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
            axes.costs,
            format_func=lab_axes.cost_words,
            key=COST,
            persist_state="session",
            required=True,
            help=vocabulary.tip("cost"),
        )
        with st.popover("Axes", icon=":material/grid_on:", on_change="rerun", key="lab-axes-box") as box:
            if box.open:
                _axes(on)
        form.more(settings)


def _axes(on: Stage) -> None:
    """Draws the axes, each change taken at once."""
    axes: Axes = st.session_state[AXES]
    kind = axes.kind
    st.caption(f"{axes.size:,} policies, each at {len(axes.costs)} costs. Costs take no extra time.")
    with st.container(horizontal=True):
        st.button("Usual axes", on_click=_reset, args=(on,), key="lab-usual")
        st.button("10,000 policies", on_click=_fine, key="lab-fine")
    _seed("band", axes.band)
    st.segmented_control(
        "Band",
        list(SWEEPS),
        format_func=lambda k: KINDS[k].label,
        required=True,
        **_lasting("band"),
        on_change=_band,
        help=vocabulary.tip("band"),
        wrap=True,
    )
    with st.container(horizontal=True):
        for name, label, value in (("low", "From", axes.low), ("high", "To", axes.high)):
            _seed(name, value / 100)
            st.number_input(
                f"{label}, {kind.unit}", 0.0, 100.0 if kind.unit == "pp" else 1_000.0, step=0.5,
                **_lasting(name), on_change=_taken, format="%.6g", width=130,
            )  # fmt: skip
        _seed("count", axes.count)
        st.number_input("Widths", 1, lab_axes.MOST_WIDTHS, **_lasting("count"), on_change=_taken, width=130)
    _looks(on, axes)
    _several("to", "Trades", DESTINATIONS, axes.destinations, vocabulary.tip("destination"))
    _several("lags", "Filled at", LAGS, axes.lags, vocabulary.tip("lag"))
    _several("costs", "Costs, bps", {c: lab_axes.cost_words(c) for c in _costs_on_offer(on, axes)}, axes.costs, "")
    _seed("days", axes.offsets)
    st.number_input(
        "Days of the look", 1, lab_axes.MOST_OFFSETS, **_lasting("days"), on_change=_taken, width=190,
        help="1: only the last session of a period. n: also each of the n − 1 sessions after it.",
    )  # fmt: skip


def _costs_on_offer(on: Stage, axes: Axes) -> tuple[float, ...]:
    own = () if isinstance(on.question.settings.cost_bps, int | float) else (BY_PRODUCT,)
    return tuple(sorted({*COST_CHOICES, *axes.costs, *own}))


def _looks(on: Stage, axes: Axes) -> None:
    """Draws named looks, or every number of sessions up to one."""
    frequency = on.window.frequency
    named = NAMED.get(frequency, NAMED["daily"])
    every = len(axes.looks) > 1 and axes.looks == tuple(str(n) for n in range(1, len(axes.looks) + 1))
    _seed("mode", MODES[1] if every else MODES[0])
    mode = st.segmented_control(
        "Looks", MODES, required=True, **_lasting("mode"), on_change=_taken, help=vocabulary.tip("look")
    )
    if mode == MODES[1]:
        noun = session_noun(frequency)
        _seed("every", len(axes.looks) if every else 12)
        st.number_input(f"{noun.capitalize()}s between looks, up to", 2, lab_axes.MOST_LOOKS, **_lasting("every"),
                        on_change=_taken, width=220)  # fmt: skip
        return
    offered = tuple(dict.fromkeys((*named, *(axes.looks if not every else ()))))
    _several("looks", "Looks tried", {w: lab_axes.look_words(w, frequency) for w in offered}, axes.looks, "")


def _several(name: str, label: str, words: Mapping[Any, str], chosen: Sequence[object], tip: str) -> None:
    """Draws pills of which at least one stays."""
    _seed(name, [value for value in words if value in chosen])
    st.pills(
        label,
        list(words),
        selection_mode="multi",
        format_func=lambda value: words[value],
        **_lasting(name),
        on_change=_taken,
        help=tip or None,
        wrap=True,
    )


def _key(name: str) -> str:
    return f"lab-axis-{name}"


def _lasting(name: str) -> dict[str, Any]:
    """The key of a control, and that its last value, not its first, is shown when it is drawn again."""
    return {"key": _key(name), "persist_state": "page"}


def _seed(name: str, value: object) -> None:
    """Lets a control that is not on the page start from the axes."""
    st.session_state.setdefault(_key(name), value)


def _taken() -> None:
    """Takes the axes from the controls. A number or choice that was emptied stays as it was."""
    kept = st.session_state
    axes: Axes = kept[AXES]
    low, high, count, days = (kept.get(_key(name)) for name in ("low", "high", "count", "days"))
    kept[AXES] = replace(
        axes,
        low=axes.low if low is None else round(100 * low, 6),
        high=axes.high if high is None else round(100 * high, 6),
        count=int(count or axes.count),
        looks=_looks_taken(axes),
        destinations=_kept_choice("to", axes.destinations),
        lags=_kept_choice("lags", axes.lags),
        costs=_kept_choice("costs", axes.costs),
        offsets=int(days or axes.offsets),
    )
    if kept.get(COST) not in kept[AXES].costs:
        kept[COST] = kept[AXES].costs[0]


def _looks_taken(axes: Axes) -> tuple[str, ...]:
    """The looks of the controls, in the order in which they are offered."""
    kept = st.session_state
    named = NAMED.get(kept[OF][2], NAMED["daily"])
    if kept.get(_key("mode")) == MODES[1]:
        return tuple(str(n) for n in range(1, int(kept.get(_key("every")) or 12) + 1))
    if _key("looks") not in kept:
        return named
    chosen = kept[_key("looks")]
    if not chosen:
        kept[_key("looks")] = list(axes.looks)
        return axes.looks
    return tuple(sorted(chosen, key=lambda word: (*named, *axes.looks).index(word)))


def _kept_choice(name: str, now: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values chosen, ascending; those of now when none is."""
    chosen = st.session_state.get(_key(name), now)
    if not chosen:
        st.session_state[_key(name)] = list(now)
    return tuple(sorted(chosen or now))


def _band() -> None:
    """Lets another kind of band begin with its own usual widths."""
    kept = st.session_state
    kind = SWEEPS[kept[_key("band")]]
    kept[AXES] = replace(kept[AXES], band=kept[_key("band")], low=kind.low, high=kind.high)
    for name, bps in (("low", kind.low), ("high", kind.high)):
        kept[_key(name)] = bps / 100
    kept[AT] = None


def _put(axes: Axes, at: At | None = None) -> None:
    """Sets the axes, and the controls after them."""
    kept = st.session_state
    for name in [name for name in kept if str(name).startswith(_key(""))]:
        del kept[name]
    kept[AXES], kept[AT] = axes, at
    if kept.get(COST) not in axes.costs:
        kept[COST] = axes.costs[0]


def _reset(on: Stage) -> None:
    costs = _with(COSTS, _run_cost(on))
    _put(lab_axes.usual(on.window.frequency, on.lag, costs))


def _fine() -> None:
    _put(lab_axes.fine(st.session_state[AXES]))


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
