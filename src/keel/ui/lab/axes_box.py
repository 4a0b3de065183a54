"""The box of the lab's axes: a control for each row of the table of axes, in its groups, each change taken at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

import streamlit as st

from keel import vocabulary
from keel.domain.frozen import Frozen
from keel.domain.market.frequency import session_noun
from keel.domain.policy.kinds import KINDS
from keel.domain.policy.records import RunSettings
from keel.domain.study.sweepable import SWEEPABLE, Group, Sweepable, Way, typed, usual, written
from keel.errors import InputError
from keel.ui.frame import widgets
from keel.ui.lab import axes as lab_axes
from keel.ui.lab.axes import NAMED, OTHERS, SWEEPS, Axes, Cost
from keel.ui.question.form import NARROW, WIDE
from keel.ui.question.state import BY_PRODUCT

if TYPE_CHECKING:
    from keel.services.lab import Stage

AXES, AT, COST, OF, TURN = "lab-axes", "lab-at", "lab-cost", "lab-of", "lab-turn"
KEYS = "lab-axis-"
MODES = ("Named", "Every so many")
COST_CHOICES = (0.0, 5.0, 10.0, 25.0, 50.0, 100.0)
Option = float | str  # a cost as a control holds it


def option(cost: Cost) -> Option:
    """A cost as a control holds it."""
    return BY_PRODUCT if cost is None else cost


def cost(option: Option | None) -> Cost:
    """The cost that a control holds; without one none that is on the axis."""
    return None if option == BY_PRODUCT else float("nan") if option is None else float(option)


def axes(on: Stage, reset: Callable[[], None]) -> None:
    """Draws the axes; ``reset`` takes the usual ones."""
    now: Axes = st.session_state[AXES]
    with st.container(width=WIDE):
        costs = "one cost" if len(now.costs) == 1 else f"{len(now.costs)} costs"
        st.caption(f"{now.size:,} policies, each at {costs}. Several values, such as 0, 5, 10, are all tried.")
        with st.container(horizontal=True):
            st.button("Usual axes", on_click=reset, key="lab-usual")
            st.button("10,000 policies", on_click=_fine, key="lab-fine")
        for tab, group in zip(st.tabs(list(Group)), Group, strict=True):
            with tab:
                for row in SWEEPABLE.values():
                    if row.group is group:
                        _draw(on, now, row)


def _draw(on: Stage, now: Axes, row: Sweepable) -> None:
    match row.way:
        case Way.bands:
            _bands(on, now, row)
        case Way.looks:
            _looks(on, now)
        case Way.days:
            _seed("days", now.offsets)
            st.number_input(row.label, 1, lab_axes.MOST_OFFSETS, help=row.tip, width=NARROW, **_lasting("days", on))
        case Way.costs:
            words = {option(one): lab_axes.cost_words(one) for one in _costs_on_offer(on, now)}
            _several(on, "costs", row.label, words, [option(one) for one in now.costs], "")
        case Way.choices:
            _choices(on, now, row)
        case Way.numbers:
            _numbers(on, now, row)
        case _:
            assert_never(row.way)


def _choices(on: Stage, now: Axes, row: Sweepable) -> None:
    tip = row.tip or vocabulary.tip(row.name)
    if row.name in OTHERS:
        _several(on, row.name, row.label, row.values, _values(on, now, row), tip)
    else:
        name, chosen = ("to", now.destinations) if row.name == "destination" else ("lags", now.lags)
        _several(on, name, row.label, row.values, chosen, tip)


def _values(on: Stage, now: Axes, row: Sweepable) -> tuple[object, ...]:
    """The values on a further axis: those chosen, else the one that every policy has."""
    return now.others.get(row.name, (usual(row.name, on.question.settings),))


def _numbers(on: Stage, now: Axes, row: Sweepable) -> None:
    """Draws numbers typed one after another, and what is wrong with them."""
    _seed(row.name, written(_values(on, now, row)))
    unit = on.subject.framework.base_ccy if row.money else row.unit
    label = f"{row.label}, {unit}" if unit else row.label
    st.text_input(label, help=row.tip or None, **_lasting(row.name, on))
    try:
        typed(row.name, st.session_state[_key(row.name)])
    except InputError as error:
        widgets.problem(error)


def _bands(on: Stage, now: Axes, row: Sweepable) -> None:
    kind = now.kind
    _seed("band", now.band)
    st.segmented_control(
        row.label,
        list(SWEEPS),
        format_func=lambda k: KINDS[k].label,
        required=True,
        key=_key("band"),
        persist_state="page",
        on_change=_band,
        help=vocabulary.tip("band"),
        wrap=True,
    )
    with st.container(horizontal=True):
        for name, label, value in (("low", "From", now.low), ("high", "To", now.high)):
            _seed(name, value / 100)
            st.number_input(
                f"{label}, {kind.unit}", 0.0, 100.0 if kind.unit == "pp" else 1_000.0, step=0.5,
                **_lasting(name, on), format="%.6g", width=NARROW,
            )  # fmt: skip
        _seed("count", now.count)
        st.number_input("Widths", 1, lab_axes.MOST_WIDTHS, width=NARROW, **_lasting("count", on))


def _costs_on_offer(on: Stage, now: Axes) -> tuple[Cost, ...]:
    own: tuple[Cost, ...] = () if isinstance(on.question.settings.cost_bps, int | float) else (None,)
    return lab_axes.ascending((*COST_CHOICES, *now.costs, *own))


def _looks(on: Stage, now: Axes) -> None:
    """Draws named looks, or every number of sessions up to one."""
    frequency = on.window.frequency
    named = NAMED.get(frequency, NAMED["daily"])
    every = len(now.looks) > 1 and now.looks == tuple(str(n) for n in range(1, len(now.looks) + 1))
    _seed("mode", MODES[1] if every else MODES[0])
    label = SWEEPABLE["look"].label
    mode = st.segmented_control(label, MODES, required=True, help=vocabulary.tip("look"), **_lasting("mode", on))
    if mode == MODES[1]:
        noun = session_noun(frequency)
        _seed("every", len(now.looks) if every else 12)
        st.number_input(
            f"{noun.capitalize()}s between looks, up to", 2, lab_axes.MOST_LOOKS, width=220, **_lasting("every", on)
        )
        return
    offered = tuple(dict.fromkeys((*named, *(now.looks if not every else ()))))
    _several(on, "looks", "Looks tried", {w: lab_axes.look_words(w, frequency) for w in offered}, now.looks, "")


def _several(on: Stage, name: str, label: str, words: Mapping[Any, str], chosen: Sequence[object], tip: str) -> None:
    """Draws pills."""
    _seed(name, [value for value in words if value in chosen])
    st.pills(
        label,
        list(words),
        selection_mode="multi",
        format_func=lambda value: words[value],
        help=tip or None,
        wrap=True,
        **_lasting(name, on),
    )


def _key(name: str) -> str:
    """The session key of a control: another one after each ``take``."""
    turn = st.session_state.get(TURN, 0)
    return f"{KEYS}{name}-{turn}" if turn else f"{KEYS}{name}"


def _lasting(name: str, on: Stage) -> dict[str, Any]:
    """The key of a control, that its last value, not its first, is shown when it is drawn again, and who takes it."""
    return {"key": _key(name), "persist_state": "page", "on_change": _taken, "args": (on.question.settings,)}


def _seed(name: str, value: object) -> None:
    """Lets a control that is not on the page start from the axes."""
    st.session_state.setdefault(_key(name), value)


def _taken(settings: RunSettings) -> None:
    """Takes the axes from the controls. A number or choice that was emptied stays as it was."""
    kept = st.session_state
    now: Axes = kept[AXES]
    low, high, count, days = (kept.get(_key(name)) for name in ("low", "high", "count", "days"))
    kept[AXES] = replace(
        now,
        low=now.low if low is None else round(100 * low, 6),
        high=now.high if high is None else round(100 * high, 6),
        count=int(count or now.count),
        looks=_looks_taken(now),
        destinations=_kept_choice("to", now.destinations),
        lags=_kept_choice("lags", now.lags),
        costs=lab_axes.ascending(map(cost, _kept_choice("costs", tuple(map(option, now.costs))))),
        offsets=int(days or now.offsets),
        others=_others(now, settings),
    )
    _at_a_cost(kept[AXES])


def _others(now: Axes, settings: RunSettings) -> Mapping[str, tuple[object, ...]]:
    """The further axes that differ from what every policy has; one that cannot be read stays as it was."""
    values = {name: _other(name, now.others.get(name, ())) for name in OTHERS}
    return Frozen({name: some for name, some in values.items() if some and some != (usual(name, settings),)})


def _other(name: str, before: tuple[object, ...]) -> tuple[object, ...]:
    held = st.session_state.get(_key(name))
    if held is None:
        return before
    try:
        return typed(name, held) if isinstance(held, str) else tuple(v for v in SWEEPABLE[name].values if v in held)
    except InputError:
        return before


def _looks_taken(now: Axes) -> tuple[str, ...]:
    """The looks of the controls, in the order in which they are offered."""
    kept = st.session_state
    named = NAMED.get(kept[OF][2], NAMED["daily"])
    if kept.get(_key("mode")) == MODES[1]:
        return tuple(str(n) for n in range(1, int(kept.get(_key("every")) or 12) + 1))
    if _key("looks") not in kept:
        return named if _key("mode") in kept else now.looks
    chosen = kept[_key("looks")]
    if not chosen:
        kept[_key("looks")] = list(now.looks)
        return now.looks
    return tuple(sorted(chosen, key=lambda word: (*named, *now.looks).index(word)))


def _kept_choice(name: str, now: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values chosen, ascending where they can be; those of now when none is."""
    chosen = st.session_state.get(_key(name), now)
    if not chosen:
        st.session_state[_key(name)] = list(now)
    return tuple(chosen or now) if name == "costs" else tuple(sorted(chosen or now))


def _band() -> None:
    """Lets another kind of band begin with its own usual widths."""
    kept = st.session_state
    if _key("band") not in kept:  # other axes were put in the same moment
        return
    kind = SWEEPS[kept[_key("band")]]
    kept[AXES] = replace(kept[AXES], band=kept[_key("band")], low=kind.low, high=kind.high)
    for name, bps in (("low", kind.low), ("high", kind.high)):
        kept[_key(name)] = bps / 100
    kept[AT] = None


def put(axes: Axes, at: object = None) -> None:
    """Sets the axes, and the controls after them."""
    kept = st.session_state
    for name in [name for name in kept if str(name).startswith(KEYS)]:
        del kept[name]
    kept[AXES], kept[AT] = axes, at
    _at_a_cost(axes)


def take(axes: Axes) -> None:
    """Sets the axes at the press of a button; the controls are new ones.

    A browser that has not drawn them yet may still tell what the old ones held: nobody listens to those any more.
    """
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    put(axes)


def _at_a_cost(axes: Axes) -> None:
    """Takes the first of the costs where the one shown is not among them."""
    if cost(st.session_state.get(COST)) not in axes.costs:
        st.session_state[COST] = option(axes.costs[0])


def _fine() -> None:
    take(lab_axes.fine(st.session_state[AXES]))
