"""What a backtest is asked: the controls of the page, seeded from the run in the link, and read back as one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from keel import vocabulary
from keel.domain.policy.kinds import FiveTwentyFive
from keel.domain.policy.records import PRESETS, Policy
from keel.domain.policy.words import PRESET_LABELS, preset_name
from keel.domain.study.question import Question
from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio
    from keel.errors import KeelError
    from keel.services.market.datasets import DatasetChoice
    from keel.services.study import Study

MOST_POLICIES = 4
COSTS = (0, 10, 25, 50)
OWN = "Own policy"
AUTOMATIC = ""  # the dataset that covers most
LAGS: Mapping[str, int | None] = {"Usual": None, "Same close": 0, "Next close": 1}
CRISES: Mapping[str, tuple[date, date]] = {
    "2000–2002": (date(2000, 3, 31), date(2002, 9, 30)),
    "2007–2009": (date(2007, 10, 31), date(2009, 2, 28)),
    "2020": (date(2019, 12, 31), date(2020, 12, 31)),
    "2022": (date(2021, 12, 31), date(2022, 12, 31)),
}
BOX = "backtest-box"
KEYS = ("policies", "cost", "lag", "start", "end", "initial", "fee", "rf", "dataset", "proxies", "benchmark")


def key(name: str) -> str:
    """The session key of one control."""
    return f"backtest-{name}"


def choices(framework: Framework) -> dict[str, Policy]:
    """The policies on offer by label: the presets, the framework's own if it is none, and those of the run."""
    own = {} if preset_name(framework.rebalancing) else {OWN: framework.rebalancing}
    offered = own | {PRESET_LABELS[name]: policy for name, policy in PRESETS.items()}
    for name, policy in st.session_state.get(key("custom"), {}).items():
        offered.setdefault(name, policy)
    return offered


def usual(framework: Framework) -> tuple[str, ...]:
    """The labels shown first: never, the framework's own, yearly and a band of another kind, each once."""
    own = preset_name(framework.rebalancing)
    band = "abs_5pp" if isinstance(framework.rebalancing.band, FiveTwentyFive) else "five_twenty_five"
    names = (PRESET_LABELS["never"], PRESET_LABELS[own] if own else OWN, PRESET_LABELS["annual"], PRESET_LABELS[band])
    return tuple(dict.fromkeys(names))


def show(portfolio_id: str, run_id: str) -> bool:
    """Whether the controls already show this run of this portfolio; if not, they must be set before they are drawn."""
    state = st.session_state
    known = all(key(name) in state for name in KEYS)
    return known and state.get(key("of")) == (portfolio_id, run_id)


def fill(framework: Framework, study: Study | None, portfolio_id: str, run_id: str) -> None:
    """Makes the controls show the run, or without one the usual start."""
    state = st.session_state
    values = _from_run(study) if study is not None else _fresh(framework)
    state.update({key(name): value for name, value in values.items()})
    state[key("custom")] = {r.name: r.policy for r in study.results} if study is not None else {}
    state[key("of")] = (portfolio_id, run_id)
    state[key("base")] = study.question if study is not None else Question(portfolio_id)
    state.pop(key("question"), None)


def answered(question: Question) -> str:
    """The run that answers the question already: the one that filled the controls, or the last one; else empty."""
    state = st.session_state
    of_run = state.get(key("of"), ("", ""))[1]
    known = state.setdefault(key("question"), question)
    return of_run if known == question else ""


def remember(portfolio: Portfolio, question: Question, run_id: str) -> None:
    """Makes the link and the controls speak of this run."""
    st.session_state[key("of")] = (portfolio.id, run_id)
    st.session_state[key("question")] = question
    session.put(
        session.forward(
            framework=portfolio.framework_id,
            version=portfolio.framework_version,
            portfolio=portfolio.id,
            run=run_id,
        )
    )


def _fresh(framework: Framework) -> dict[str, object]:
    """The controls before any run."""
    return {
        "policies": list(usual(framework)),
        "cost": 10,
        "lag": "Usual",
        "start": None,
        "end": None,
        "initial": 10_000.0,
        "fee": 0.0,
        "rf": 0.0,
        "dataset": AUTOMATIC,
        "proxies": True,
        "benchmark": framework.benchmark,
    }


def _from_run(study: Study) -> dict[str, object]:
    """The controls that ask for this run again."""
    settings, asked = study.results[0].settings, study.question
    cost = settings.cost_bps if isinstance(settings.cost_bps, int | float) else 10
    return {
        "policies": [result.name for result in study.results][:MOST_POLICIES],
        "cost": int(cost) if cost in COSTS else cost,
        "lag": next(label for label, lag in LAGS.items() if lag == settings.lag),
        "start": asked.start,
        "end": asked.end,
        "initial": float(settings.initial_value),
        "fee": float(settings.annual_fee_bps),
        "rf": 0.0 if isinstance(settings.risk_free, str) else 100 * float(settings.risk_free),
        "dataset": asked.dataset,
        "proxies": asked.proxies,
        "benchmark": asked.benchmark,
    }


def controls(offered: Mapping[str, Policy], datasets: Sequence[DatasetChoice], benchmarks: Sequence[str]) -> None:
    """Draws policies, cost and, behind "More", the rest."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills(
            "Policies, up to four",
            list(offered),
            selection_mode="multi",
            on_change=_at_most_four,
            help=vocabulary.tip("policy"),
            wrap=True,
            **_lasting("policies"),
        )
        cost = st.session_state[key("cost")]
        costs = sorted({*COSTS, cost})
        st.segmented_control(
            "Cost, bps of traded value",
            costs,
            required=True,
            help=vocabulary.tip("cost"),
            **_lasting("cost"),
        )
        # Drawn closed, its controls would be told their values once, before the browser shows them.
        with st.popover("More", icon=":material/tune:", on_change="rerun", key=BOX) as box:
            if box.open:
                _more(datasets, benchmarks)
    if st.session_state.get(key("full")):
        st.caption("Four policies fit one picture: take one away to add another.")


def _at_most_four() -> None:
    """Takes back a fifth policy."""
    chosen = st.session_state[key("policies")]
    st.session_state[key("full")] = len(chosen) > MOST_POLICIES
    st.session_state[key("policies")] = chosen[:MOST_POLICIES]


def _more(datasets: Sequence[DatasetChoice], benchmarks: Sequence[str]) -> None:
    """Draws the controls that most readers leave alone. They keep their values while the box is closed."""
    labels = {choice.id: choice.label for choice in datasets}
    st.selectbox(
        "Prices",
        [AUTOMATIC, *labels],
        format_func=lambda name: labels.get(name, "Automatic: whichever covers most"),
        help=vocabulary.tip("dataset"),
        **_lasting("dataset"),
    )
    st.toggle("Extend short histories with a proxy", help=vocabulary.tip("proxy"), **_lasting("proxies"))
    st.selectbox(
        "Benchmark",
        ["", *benchmarks],
        format_func=lambda symbol: symbol or "None",
        help=vocabulary.tip("benchmark"),
        **_lasting("benchmark"),
    )
    _dates(datasets)
    st.segmented_control("Filled at", list(LAGS), required=True, help=vocabulary.tip("lag"), **_lasting("lag"))
    st.number_input("Initial amount", 1.0, 1e12, step=1_000.0, format="%.0f", **_lasting("initial"))
    tip = vocabulary.tip
    st.number_input(
        "Advisory fee, bps a year", 0.0, 1_000.0, step=5.0, format="%.0f", help=tip("fee"), **_lasting("fee")
    )
    st.number_input("Risk-free rate, % a year", -5.0, 30.0, step=0.25, help=tip("risk_free"), **_lasting("rf"))


def _lasting(name: str) -> dict[str, Any]:
    """The key of a control, and that its value outlives the control."""
    return {"key": key(name), "persist_state": "session"}


def _dates(datasets: Sequence[DatasetChoice]) -> None:
    """Draws the window, with the crises that the prices cover at hand."""
    chosen = [d for d in datasets if d.id == st.session_state[key("dataset")]] or list(datasets)
    first = min((d.first for d in chosen), default=date(1990, 1, 1))
    last = max((d.last for d in chosen), default=date(2030, 12, 31))
    with st.container(horizontal=True):
        st.date_input("From", min_value=first, max_value=last, width=150, **_lasting("start"))
        st.date_input("To", min_value=first, max_value=last, width=150, **_lasting("end"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Crises", width="content")
        for name, (a, b) in CRISES.items():
            if first <= a and b <= last:
                st.button(name, key=key(f"crisis-{name}"), type="tertiary", on_click=_window, args=(a, b))
        st.button("All dates", key=key("all"), type="tertiary", on_click=_window, args=(None, None))


def _window(start: date | None, end: date | None) -> None:
    """Sets the dates."""
    st.session_state[key("start")], st.session_state[key("end")] = start, end


def question(offered: Mapping[str, Policy]) -> Question:
    """The question that the controls put now; what has no control stays as the run in the link has it."""
    state = st.session_state
    value = {name: state[key(name)] for name in KEYS}
    base: Question = state[key("base")]
    settings = replace(
        base.settings,
        lag=LAGS[value["lag"]],
        cost_bps=float(value["cost"]),
        initial_value=value["initial"],
        annual_fee_bps=value["fee"],
        risk_free=value["rf"] / 100,
    )
    return replace(
        base,
        policies={name: offered[name] for name in value["policies"]},
        settings=settings,
        start=value["start"],
        end=value["end"],
        dataset=value["dataset"],
        proxies=value["proxies"],
        benchmark=value["benchmark"],
    )


def empty() -> None:
    """Draws the page before a policy is chosen."""
    widgets.title("Pick a policy to compare")
    st.markdown("Choose up to four policies above. Each is run on the same prices, so their paths can be compared.")


def failure(error: KeelError) -> None:
    """Draws why there is no result, and the ways on."""
    widgets.title("No result for this question yet")
    state = st.session_state
    with st.container(border=True):
        st.markdown(f":red-badge[:material/error: Error] **{widgets.plain(error.message)}**")
        if error.hint:
            st.markdown(widgets.plain(error.hint))
        with st.container(horizontal=True):
            if state[key("start")] or state[key("end")]:
                st.button("Use all dates", key=key("fix-dates"), on_click=_window, args=(None, None))
            if state[key("dataset")]:
                st.button("Choose the prices automatically", key=key("fix-dataset"), on_click=_automatic)
            if not state[key("proxies")]:
                st.button("Extend with proxies", key=key("fix-proxies"), on_click=_extend)
            widgets.link("mapping", "Choose other products")


def _automatic() -> None:
    st.session_state[key("dataset")] = AUTOMATIC


def _extend() -> None:
    st.session_state[key("proxies")] = True
