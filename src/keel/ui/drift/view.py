"""The parts of the drift page: the grid with its stepper, and one day in bullets, table and trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from keel import units, vocabulary
from keel.domain.drift.grid import DriftGrid
from keel.domain.drift.measure import Status
from keel.domain.picture import iso
from keel.ui.charts.drift import drift_bullets, drift_grid
from keel.ui.drift import columns
from keel.ui.frame import session, widgets
from keel.ui.frame.findings import listed, shortened

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from keel.backtest.result import BacktestResult, Trade
    from keel.domain.arrays import Floats
    from keel.domain.framework.records import Framework
    from keel.services.study import Study

CHOSEN = "drift-date"
STATUS = {status: status.value.replace("_", units.SPACE) for status in Status}


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link to the page asks for, or the usual."""

    policy: str
    period: str
    by_class: bool


def linked(run: Study, framework: Framework) -> Linked:
    """What the link asks for, where this run has it; usually the framework's own policy and the last ten years."""
    asked = st.query_params
    names = [result.name for result in run.results]
    own = next((result.name for result in run.results if result.policy == framework.rebalancing), names[-1])
    spans = columns.offered(run.results[0].dates)
    usual = "10 years" if "10 years" in spans else spans[0]
    policy, period = asked.get("policy", own), asked.get("period", usual)
    if "date" in asked and CHOSEN not in st.session_state:
        st.session_state[CHOSEN] = asked["date"]
    return Linked(
        policy if policy in names else own, period if period in spans else usual, asked.get("classes", "") == "1"
    )


def write(policy: str, period: str, by_class: bool) -> None:
    """Writes what is shown into the link."""
    shown = {"view": st.query_params["view"]} if "view" in st.query_params else {}
    params = session.query(session.ids()) | shown | {"policy": policy, "period": period}
    params |= {"classes": "1"} if by_class else {}
    params |= {"date": st.session_state[CHOSEN]} if CHOSEN in st.session_state else {}
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)


def period_word(result: BacktestResult) -> str:
    """What one close of the run stands for: day, week, month, …"""
    return columns.UNITS.get(result.meta.frequency, "session")


def measured(result: BacktestResult, grid: DriftGrid) -> tuple[str, ...]:
    """The grey line: framework, policy, bands, dates."""
    meta = result.meta
    against = f"judged against {grid.judged_against}" if grid.judged_against else "judged by its own bands"
    first, last = (grid.dates[i].astype(object) for i in (0, -1))
    return (
        f"{meta.framework_name} · version {meta.framework_version}",
        f"{result.name}, {against}",
        f"{units.span(first, last)}, {meta.frequency}",
    )


def chosen_column(grid: DriftGrid) -> int:
    """The column of the date in the session; without one the last breach, else the last date."""
    wanted = st.session_state.get(CHOSEN)
    days = iso(grid.dates)
    if wanted in days:
        return days.index(wanted)
    hits = np.flatnonzero(grid.breach.any(axis=0))
    return int(hits[-1]) if len(hits) else len(days) - 1


def picture(grid: DriftGrid, sampled: str, chosen: int, key: str) -> None:
    """Draws the grid, its legend in words, and the stepper."""
    each = f" Each column is the day of the {sampled} with the largest drift." if sampled else ""
    st.caption(
        "Drift as a multiple of each bucket's band: blue under, orange over. A dot marks a breach."
        f" Click a cell for that date.{each}",
        help=vocabulary.tip("drift"),
    )
    hits = int(grid.breach.any(axis=0).sum())
    fig = drift_grid(grid.dates, grid.labels, grid.drift, grid.below, grid.above, grid.breach, chosen=chosen)
    alt = f"Drift by bucket and date, {len(grid.dates)} dates of which {hits} have a breach"
    widgets.chart(fig, alt=alt, key=key, on_select=lambda: _clicked(key), selection_mode="points")
    _stepper(grid, chosen)


def _clicked(key: str) -> None:
    """Chooses the date of the clicked cell."""
    points = st.session_state[key].selection.points
    if points:
        st.session_state[CHOSEN] = str(points[0]["x"])[:10]


def _choose(day: str) -> None:
    st.session_state[CHOSEN] = day


def _stepper(grid: DriftGrid, chosen: int) -> None:
    days = iso(grid.dates)
    before, after = columns.neighbours(grid.breach, chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        for words, icon, to in (("Previous breach", "chevron_left", before), ("Next breach", "chevron_right", after)):
            st.button(
                words,
                icon=f":material/{icon}:",
                disabled=to is None,
                key=f"drift-{icon}",
                on_click=_choose,
                args=(days[to] if to is not None else "",),
            )


def day_title(grid: DriftGrid, column: int, daily: bool) -> str:
    """The date and which buckets are outside their bands."""
    date = grid.dates[column].astype(object)
    out = [label for label, hit in zip(grid.labels, grid.breach[:, column], strict=True) if hit]
    when = units.day(date) if daily else units.month(date)
    return f"{when}: {listed(shortened(out))} outside the band" if out else f"{when}: every bucket in band"


def day(grid: DriftGrid, column: int, trade: Floats | None, key: str = "drift-bullets") -> None:
    """Draws one date's bullets beside its table. ``trade`` (m,) is what the policy trades that day, in weights."""
    drift, targets = grid.drift[:, column], grid.targets
    weight = targets + drift
    left, right = st.columns([5, 6], gap="large")
    with left:
        words = ", ".join(f"{label} {units.pp(float(d))}" for label, d in zip(grid.labels, drift, strict=True))
        fig = drift_bullets(grid.labels, targets, weight, grid.below, grid.above)
        widgets.chart(fig, alt=f"Weight against target and band: {words}", key=key)
    with right:
        st.table(table(grid, column, trade), border="horizontal", alt="Drift of each bucket on this date")


def table(grid: DriftGrid, column: int, trade: Floats | None) -> Styler:
    """Weight, target, status, and the trade when the policy acts, else the drift.

    Five columns fit a phone without scrolling; the bullets beside it show drift and band.
    """
    import pandas as pd

    drift = grid.drift[:, column]
    values: dict[str, object] = {"Weight": grid.targets + drift, "Target": grid.targets}
    values |= {"Trade": trade} if trade is not None else {"Drift": drift}
    values["Status"] = [STATUS[status] for status in grid.status(column)]
    index = pd.Index([widgets.plain(label) for label in grid.labels], name="Bucket")
    forms: dict[str, Any] = {"Weight": units.pct, "Target": units.pct, "Drift": units.pp, "Trade": units.pp}
    return pd.DataFrame(values, index=index).style.format({k: f for k, f in forms.items() if k in values})


def trade_in_words(grid: DriftGrid, column: int, result: BacktestResult, trades: Sequence[Trade]) -> str:
    """Total drift of the date, and what the policy trades."""
    total = 0.5 * float(np.abs(grid.drift[:, column]).sum())
    if trades:
        moved = 0.5 * sum(abs(trade.after - trade.before) for trade in trades)
        filled = any(event.date == grid.dates[column].astype(object) for event in result.events)
        verb = "trades" if filled else "decides to trade"
        words = f"{result.name} {verb} {units.pct(moved)} of the portfolio on this date"
    else:
        words = f"{result.name} does not trade on this date; a return to target would trade {units.pct(total)}"
    return widgets.plain(f"{units.pct(total)} of the portfolio sits in the wrong bucket · {words}")
