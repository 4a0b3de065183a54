"""The targets under edit, run before they are saved: growth and drawdown beside those of the saved version."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from keel import units
from keel.domain.policy.records import RunSettings
from keel.domain.policy.words import OWN
from keel.domain.study.question import Question
from keel.errors import KeelError
from keel.services import mapping, study
from keel.services.shared.memory import recall
from keel.services.work import drafts
from keel.ui.backtest import figures, inputs, view
from keel.ui.charts.growth import growth
from keel.ui.frame import widgets
from keel.ui.frame.findings import listed, shortened

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from keel.backtest.result import BacktestResult
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio
    from keel.services.study import Study
    from keel.store.connection import Database
    from keel.ui.allocation.draft import Draft

NAME, RAN, HEIGHT = "These targets", "allocation-ran", 360


def show(db: Database, draft: Draft, *, blocked: bool) -> None:
    """Draws the button that runs the draft, and what came of the last run of it."""
    portfolio = mapping.latest_portfolio(db, draft.base.id) if draft.base.version else None
    lacking = "Choose products once first" if portfolio is None else "Fix the errors first" if blocked else None
    if st.button(
        "Run with these targets", icon=":material/play_arrow:", key="run-draft", disabled=bool(lacking), help=lacking
    ):
        st.session_state[RAN] = draft.now
    ran: Framework | None = st.session_state.get(RAN)
    if portfolio is None or ran is None or ran.id != draft.base.id:
        return
    try:
        now, base = _study(db, ran, portfolio), _study(db, draft.base, portfolio)
    except KeelError as error:
        widgets.problem(error)
        return
    _draw(draft, ran, now, base)


def _study(db: Database, framework: Framework, portfolio: Portfolio) -> Study:
    """The framework's own policy on the products of its newest portfolio, asked as the portfolio was last asked."""
    last = drafts.question(db, portfolio)
    asked = last.question if last else Question(portfolio.id, settings=RunSettings(cost_bps=10.0))
    question = replace(asked, policies={NAME: framework.rebalancing}, benchmark="")
    return _run(db, framework, portfolio, question)


def _run(db: Database, framework: Framework, portfolio: Portfolio, question: Question) -> Study:
    """The answer, stored nowhere; its own id lets its pictures be kept in memory as those of a run."""
    key = ("draft", framework, question, portfolio)

    def run() -> Study:
        name = sha256(repr(key).encode()).hexdigest()[:16]
        return replace(study.run_draft(db, framework, portfolio, question), run_id=f"draft_{name}")

    return recall(db, key, run)


def whole(db: Database, draft: Draft) -> None:
    """Draws the whole backtest of what was last run, drawn only when opened: the policies that were last compared."""
    portfolio = mapping.latest_portfolio(db, draft.base.id) if draft.base.version else None
    ran: Framework | None = st.session_state.get(RAN)
    if portfolio is None or ran is None or ran.id != draft.base.id:
        return
    with st.expander("The whole backtest of these targets", on_change="rerun", key="draft-whole") as box:
        if not box.open:
            return
        try:
            answer = _run(db, ran, portfolio, _compared(db, ran, portfolio))
        except KeelError as error:
            widgets.problem(error)
            return
        widgets.header(view.finding(answer))
        figures.measured(answer, ran, "draft", "Unsaved targets" if ran != draft.base else "")
        figures.figures(answer, ran)
        figures.looks(answer, ran)


def _compared(db: Database, framework: Framework, portfolio: Portfolio) -> Question:
    """The question last asked of the portfolio, with the framework's own policy as it is now; else the usual one."""
    last = drafts.question(db, portfolio)
    if last is None:
        return inputs.first(framework, portfolio)
    policies = last.question.policies
    own = {OWN: framework.rebalancing} if OWN in policies else {}
    return replace(last.question, policies={**policies, **own})


def _draw(draft: Draft, ran: Framework, now: Study, base: Study) -> None:
    result, before = now.results[0], base.results[0]
    saved = f"Version {draft.base.version}"
    if ran != draft.now:
        st.caption("Before the last change. Run again to see what it does.")
    widgets.chart(
        _figure(result, before, saved), alt=f"{_words(NAME, result)} {_words(saved, before)}", key="draft-run"
    )
    st.caption(widgets.plain(f"{_words(NAME, result)} {_words(saved, before)}"))
    st.caption(f"{units.span(result.meta.first, result.meta.last)}, {result.meta.frequency}. Nothing is saved by it.")
    gaps = result.book.gaps
    if gaps:
        labels = {bucket.path: bucket.label for bucket in ran.buckets}
        where = listed(shortened([labels.get(path, path) for path in gaps]))
        st.markdown(
            f":orange-badge[:material/warning: Cash] {widgets.plain(where)}: no product yet, so it stays in cash."
        )


def _words(name: str, result: BacktestResult) -> str:
    rate, fall = result.metrics.get("cagr"), result.metrics.get("max_drawdown")
    figures = [number if isinstance(number, float) else None for number in (rate, fall)]
    return f"{name}: {units.pct2(figures[0])} a year, deepest fall {units.pct(figures[1])}."


def _figure(now: BacktestResult, before: BacktestResult, saved: str) -> go.Figure:
    """Both paths where they have the same dates, else that of the draft alone."""
    alike = np.array_equal(now.dates, before.dates)
    wealth = {saved: before.wealth, NAME: now.wealth} if alike else {NAME: now.wealth}
    events = {NAME: np.array([event.date for event in now.events], dtype="datetime64[D]")}
    figure = growth(now.dates, wealth, events, {NAME: 0}, reference=saved if alike else NAME)
    for label in figure.layout.annotations:  # two lines a label would lie on each other; what they end at is below
        label.text = label.text.partition("<br>")[0]
    return figure.update_layout(height=HEIGHT)
