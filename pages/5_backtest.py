"""Backtest: what a policy would have done, next to others, on the prices at hand."""

import streamlit as st

from keel.domain.study.trust import caveats
from keel.errors import KeelError
from keel.services import design, export, mapping
from keel.services.market.benchmarks import benchmarks
from keel.services.market.datasets import datasets
from keel.services.shared.memory import recall
from keel.ui.backtest import audit_badge, inputs, tabs, view
from keel.ui.backtest.answers import answer, opened
from keel.ui.charts.slots import slots
from keel.ui.frame import root, session, trust, widgets
from keel.ui.question import form

db, ids = root.database(), session.ids()
portfolio = mapping.portfolio_of_run(db, ids.run) if ids.run else mapping.get_portfolio(db, ids.portfolio)
framework = design.get_framework(db, portfolio.framework_id, portfolio.framework_version)

head = st.container()
if not inputs.show(portfolio, ids.run):
    inputs.start(framework, portfolio, ids.run)
offered = inputs.choices(framework)
sets = recall(db, ("datasets", portfolio.id, portfolio.version), lambda: datasets(db, portfolio))
series = recall(db, "benchmarks", lambda: benchmarks(db))
inputs.controls(offered, form.of_portfolio(inputs.PREFIX, portfolio, framework, sets, series))
question = inputs.question(offered)

if not question.policies:
    with head:
        inputs.empty()
        inputs.unanswered(question)
    st.stop()
try:
    run_id = inputs.answered(question)
    study = opened(run_id) if run_id else answer(question)
except KeelError as error:
    with head:
        inputs.failure(error)
        inputs.unanswered(question)
    st.stop()
inputs.remember(portfolio, question, study.run_id)

with head:
    widgets.title(view.finding(study))
    widgets.context(*view.measured(framework, study))
    widgets.settings(view.unusual(framework, study))
    trust.row(caveats(study.prices, study.results[0].book, study.results[0].settings), "backtest")
view.newer(framework, design.get_framework(db, framework.id).version)
view.warnings(study)
view.tiles(study)

widgets.header(f"Growth of {view.amount(study, framework.base_ccy)}, log scale")
picture = recall(db, ("growth", study.run_id), lambda: view.growth_figure(study, framework.base_ccy))
widgets.chart(picture, alt=view.growth_alt(study), key="backtest-growth")
st.caption(view.legend(study))

widgets.header("What each policy did")
st.table(recall(db, ("metrics", study.run_id), lambda: view.table(study)), border="horizontal", alt="Metrics")
view.more(study)
view.runs(db, study)
with st.container(horizontal=True, vertical_alignment="center"):
    if widgets.action("See the drift", key="backtest-drift"):
        session.go("drift", session.forward(run=study.run_id))
    if st.button("Open in the policy lab", key="backtest-lab", icon=":material/grid_on:"):
        session.go("policy_lab", session.forward(run=study.run_id))
    st.download_button(
        "Download CSV",
        data=lambda: export.study_csv(study),
        file_name="keel-backtest.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="backtest-csv",
    )
    audit_badge.show(study)

tabs.tabs(study, slots(framework))
view.assumptions(study, framework.base_ccy)
