"""Backtest: what a policy would have done, next to others, on the prices at hand."""

import streamlit as st

from keel.errors import KeelError
from keel.services import design, export, mapping, study
from keel.services.shared.memory import recall
from keel.ui.backtest import audit_badge, tabs, view
from keel.ui.backtest import inputs as inputs
from keel.ui.backtest.answers import answer, opened
from keel.ui.charts.slots import slots
from keel.ui.frame import root, session, widgets

db, ids = root.database(), session.ids()
portfolio = mapping.get_portfolio(db, ids.portfolio)
framework = design.get_framework(db, portfolio.framework_id, portfolio.framework_version)

head = st.container()
if not inputs.show(portfolio.id, ids.run):
    inputs.fill(framework, opened(ids.run) if ids.run else None, portfolio.id, ids.run)
offered = inputs.choices(framework)
datasets = recall(db, ("datasets", portfolio.id), lambda: study.datasets(db, portfolio))
inputs.controls(offered, datasets, recall(db, "benchmarks", lambda: study.benchmarks(db)))
asked = inputs.asked(portfolio.id, offered)

if not asked.policies:
    with head:
        inputs.empty()
    st.stop()
try:
    known = inputs.answered(asked)
    found = opened(known) if known else answer(asked)
except KeelError as error:
    with head:
        inputs.failure(error)
    st.stop()
inputs.remember(portfolio, asked, found.run_id)

with head:
    widgets.title(view.finding(found))
    widgets.context(*view.measured(framework, found))
view.warnings(found, framework)
view.tiles(found)

widgets.header(f"Growth of {view.amount(found, framework.base_ccy)}, log scale")
picture = recall(db, ("growth", found.run_id), lambda: view.growth_figure(found, framework.base_ccy))
widgets.chart(picture, alt=view.growth_alt(found), key="backtest-growth")
st.caption(view.legend(found))

widgets.header("What each policy did")
st.table(recall(db, ("metrics", found.run_id), lambda: view.table(found)), border="horizontal", alt="Metrics")
view.more(found)
with st.container(horizontal=True, vertical_alignment="center"):
    if widgets.action("See the drift", key="backtest-drift"):
        session.go("drift", session.forward(run=found.run_id))
    if st.button("Open in the policy lab", key="backtest-lab", icon=":material/grid_on:"):
        session.go("policy_lab", session.forward(run=found.run_id))
    st.download_button(
        "Download CSV",
        data=lambda: export.study_csv(found.results),
        file_name="keel-backtest.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="backtest-csv",
    )
    audit_badge.show(found)

tabs.tabs(found, slots(framework))
view.assumptions(found)
