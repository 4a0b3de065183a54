"""The parts of the lab page: finding, surface, frontier, the chosen policy, and what waits while policies are run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from keel import units, vocabulary
from keel.domain.market.prices import kind_words
from keel.domain.policy.settings import unusual as words_of
from keel.domain.study.findings import points
from keel.domain.study.sweepable import SWEEPABLE
from keel.errors import KeelError
from keel.services import export, lab
from keel.ui.charts.frontier import drawn, frontier
from keel.ui.charts.surface import policy_surface, ringed
from keel.ui.frame import session, waiting, widgets
from keel.ui.lab import answers, inputs, pickers
from keel.ui.lab import axes as lab_axes
from keel.ui.lab.landscape import LEAD, METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go
    from streamlit.delta_generator import DeltaGenerator

    from keel.backtest.luck.landscapes import Verdicts
    from keel.backtest.metrics.row import Metric
    from keel.services.lab import Stage
    from keel.services.shared.job import Job
    from keel.ui.lab.axes import Axes, Cost
    from keel.ui.lab.inputs import Choices
    from keel.ui.lab.landscape import Landscape

AGAINST = (LEAD, "tracking_error")


def finding(found: Landscape, cost: Cost, verdicts: Verdicts | None) -> str:
    """How far the policies lie apart, and once that is known whether anything but luck put them there."""
    apart = found.spread(cost)
    many = f"{found.done:,} {'policy' if found.done == 1 else 'policies'}"
    if not np.isfinite(apart):
        return f"{many} tried, too few to compare"
    if points(apart) == points(0.0):
        return f"{many} do not differ by what one could see"
    differ = f"{many} differ by {points(apart).replace('pp', 'points')} a year"
    claim = found.claim(verdicts)
    if claim is None:
        return differ
    return f"{differ}; {claim}" if claim else f"{differ}, and cannot be told apart here"


def measured(on: Stage, now: Choices) -> tuple[str, ...]:
    """The grey line: framework, window, prices, bands, fill, cost, proxies."""
    first, last = answers.span(on)
    axes = now.axes
    kind = kind_words(on.subject.prices, on.subject.book.symbols)
    prices = ", ".join(part for part in (units.span(first, last), on.window.frequency, kind) if part)
    to = widgets.either([lab_axes.DESTINATIONS[d] for d in axes.destinations])
    fills = widgets.either([lab_axes.LAGS.get(lag, f"{lag} closes later") for lag in axes.lags])
    count, framework = len(on.subject.prices.proxied), on.subject.framework
    return (
        f"{framework.name} · version {framework.version}",
        prices,
        units.not_annual(first, last).capitalize(),
        f"{axes.kind.name} bands, {to}",
        f"Trades at the {fills}, {_cost(now.cost)}",
        *(_other(name, values) for name, values in axes.others.items()),
        f"{count} {'product' if count == 1 else 'products'} with a proxy" if count else "",
    )


def _cost(cost: Cost) -> str:
    return "a cost for each product" if cost is None else f"{cost:g} bps"


def _other(name: str, values: Sequence[object]) -> str:
    """One of the further axes and its values."""
    row = SWEEPABLE[name]
    return f"{row.label}: {widgets.either([row.said(value) for value in values])}"


def unusual(on: Stage, axes: Axes) -> tuple[str, ...]:
    """The settings that differ from the usual and that neither the grey line nor an axis says."""
    settings = on.question.settings
    said = {"lag", "initial_value", *axes.others, *(["cost_bps"] if isinstance(settings.cost_bps, int | float) else [])}
    return tuple(f"{k}: {v}" for k, v in words_of(settings, on.subject.framework.base_ccy, said).items())


def stopped(found: Landscape, job: Job[Any]) -> None:
    """Says when not every policy was run, with the way to the rest."""
    if found.done >= found.axes.size:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":orange-badge[:material/warning: Stopped] {found.done:,} of {found.axes.size:,} policies were run."
        )
        st.button("Run them all", key="lab-again", on_click=waiting.begin_again, args=(job,))


def surface(found: Landscape, now: Choices, verdicts: Verdicts | None) -> DeltaGenerator:
    """Where the test of the axes is told of: draws the metric over width and look, and what moves it in a sentence."""
    metric = METRICS[now.metric]
    widgets.header(f"{metric.label}, by band width and how often the policy looks")
    place = now.place
    fig = _surface(found, now, metric)
    value = found.surface(now.metric, now.cost, now.place)
    known = value[np.isfinite(value)]
    reach = f"from {metric.fine(known.min())} to {metric.fine(known.max())}" if len(known) else "not defined"
    at = f"Chosen: {found.name(now.place)}, {metric.fine(float(value[place.look, place.width]))}."
    widgets.chart(
        fig,
        alt=f"{metric.label} over {value.shape[1]} band widths and {value.shape[0]} looks, {reach}. {at}",
        key=f"lab-surface-{value.shape[0]}-{value.shape[1]}",
        on_select=lambda: _clicked(now, f"lab-surface-{value.shape[0]}-{value.shape[1]}"),
        selection_mode="points",
    )
    term = vocabulary.tip(metric.term or metric.key)
    decides = found.decides(now.metric, verdicts)
    st.caption(
        widgets.plain(" ".join(part for part in (decides, "Click a cell to choose its policy.") if part)),
        help=term or None,
    )
    below = st.empty()
    pickers.pickers(now, found.frequency)
    return below


def testing(below: DeltaGenerator, job: Job[Verdicts]) -> None:
    """Says how far the test of the axes is, and why there is none; draws the page again when it ends."""
    if isinstance(job.error, KeelError):
        below.caption(widgets.plain(f"What matters was not tested. {job.error.message}"))
    elif job.error is not None:
        raise job.error
    elif not job.finished():
        with below:
            _progress(job)


@st.fragment(run_every=waiting.POLL)
def _progress(job: Job[Verdicts]) -> None:
    if job.finished():
        st.rerun()
    share = f": {job.done} of {job.total}" if job.total else ""
    st.caption(f"Testing on reshuffled histories what of this is more than luck{share}.")


def _surface(found: Landscape, now: Choices, metric: Metric) -> go.Figure:
    axes, layer = found.axes, (*now.place[:3], now.place.other)
    bare = answers.picture(
        found,
        ("surface", now.metric, now.cost, *layer),
        lambda: policy_surface(
            axes.widths(),
            [lab_axes.look_words(word, found.frequency) for word in axes.looks],
            found.surface(now.metric, now.cost, now.place),
            metric=metric.label,
            title=axes.kind.title,
            names=answers.picture(found, ("names", *layer), lambda: found.layer(now.place)),
            form=metric.fine,
            centred=metric.centred,
        ),
    )
    return ringed(bare, now.place.width, now.place.look)


def _clicked(now: Choices, key: str) -> None:
    """Chooses the policy of the clicked cell."""
    points = st.session_state[key].selection.points
    if points:
        cell = now.place._replace(look=round(points[0]["y"]), width=round(points[0]["x"]))
        inputs.choose(now.axes, cell)


def trade_off(found: Landscape, now: Choices) -> None:
    """Draws every policy against the trading it takes."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        against = st.session_state.get("lab-against") or LEAD
        widgets.header(f"{METRICS[against].label}, against the trading it takes")
        st.segmented_control(
            "Compare turnover with",
            AGAINST,
            format_func=lambda key: METRICS[key].label,
            key="lab-against",
            default=LEAD,
            required=True,
            label_visibility="collapsed",
        )
    metric = METRICS[against]
    fig = _frontier(found, now, metric)
    front = len(fig.data[0].x)
    key = f"lab-frontier-{against}"
    widgets.chart(
        fig,
        alt=f"{metric.label} against turnover of {found.done:,} policies; {front} are beaten by no other",
        key=key,
        on_select=lambda: _picked(found, now, key),
        selection_mode="points",
    )
    better = "more return" if metric.higher else "less tracking error"
    st.caption(
        f"Blue: no other policy here has both {better} and less turnover. Past returns; the differences may be luck."
    )


def _frontier(found: Landscape, now: Choices, metric: Metric) -> go.Figure:
    turnover = found.values("turnover_per_year", now.cost)
    value = found.values(metric.key, now.cost)

    def make() -> go.Figure:
        rows = drawn(turnover.ravel(), value.ravel(), higher=metric.higher is not False)
        return frontier(
            turnover.ravel()[rows],
            value.ravel()[rows],
            rows,
            found.names(rows),
            metric=metric.label,
            form=metric.fine,
            higher=metric.higher is not False,
        )

    bare = answers.picture(found, ("frontier", metric.key, now.cost), make)
    return ringed(bare, float(turnover[now.place]), float(value[now.place]))


def _picked(found: Landscape, now: Choices, key: str) -> None:
    """Chooses the policy of the clicked dot."""
    points = st.session_state[key].selection.points
    if points and "customdata" in points[0]:
        (place,) = found.places(np.array([int(points[0]["customdata"][3])]))
        inputs.choose(now.axes, place)


def chosen(found: Landscape, now: Choices, on: Stage) -> None:
    """Draws the chosen policy in words and numbers, and what can be done with it."""
    widgets.header(found.name(now.place))
    with st.container(horizontal=True):
        for key in ("cagr", "max_drawdown", "turnover_per_year", "rebalances"):
            metric = METRICS[key]
            value = float(found.values(key, now.cost)[now.place])
            lead = float(found.values(LEAD, now.cost)[now.place])
            st.metric(
                metric.label,
                metric.fine(value),
                delta=units.pp(lead, 2) if key == "cagr" and np.isfinite(lead) else None,
                delta_color="off",
                delta_arrow="off",
                delta_description="vs never" if key == "cagr" else None,
                help=widgets.plain(vocabulary.tip(key)) or None,
                border=True,
                width=170,
                height="stretch",
            )
    with st.container(horizontal=True):
        if widgets.action(
            "Open as a backtest", key="lab-open", disabled=not np.isfinite(found.values("cagr", now.cost)[now.place])
        ):
            session.go("backtest", session.forward(run=answers.opened(on, found, now.place, now.cost)))
        if st.button(
            "Is it luck?",
            icon=":material/casino:",
            key="lab-luck-open",
            disabled=bool(st.session_state.get(inputs.LUCK)),
        ):
            st.session_state[inputs.LUCK] = True
            st.rerun()
        _downloads(found, on)


def _downloads(found: Landscape, on: Stage) -> None:
    """Draws the table of all policies as a file."""
    st.download_button(
        "Download CSV",
        data=lambda: export.table_csv(found.table.to_arrow(), lab.rests_on(on, found.table.grid)),
        file_name="keel-policies.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="lab-csv",
    )
    st.download_button(
        "Parquet",
        data=lambda: export.table_parquet(found.table.to_arrow(), lab.rests_on(on, found.table.grid)),
        file_name="keel-policies.parquet",
        mime="application/vnd.apache.parquet",
        on_click="ignore",
        icon=":material/download:",
        key="lab-parquet",
    )
