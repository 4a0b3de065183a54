"""Backtest: what a policy would have done, next to others, on the prices at hand."""

import streamlit as st

from keel.errors import KeelError
from keel.services import design, export, mapping
from keel.services.market import benchmarks
from keel.services.market.datasets import datasets
from keel.services.shared.memory import recall
from keel.ui.backtest import audit_badge, figures, inputs, presentation, view
from keel.ui.backtest.answers import answer, opened
from keel.ui.frame import dialogs, root, session, widgets
from keel.ui.handover import dialog, presenting
from keel.ui.question import blends, form

db, ids = root.database(), session.ids()
portfolio = mapping.portfolio_of_run(db, ids.run) if ids.run else mapping.get_portfolio(db, ids.portfolio)
framework = design.get_framework(db, portfolio.framework_id, portfolio.framework_version)

if ids.present and ids.run:
    presentation.show(opened(ids.run))
    st.stop()
head = st.container()
if not inputs.show(portfolio, ids.run):
    inputs.start(framework, portfolio, ids.run)
offered = inputs.choices(framework)
sets = recall(db, ("datasets", portfolio.id, portfolio.version), lambda: datasets(db, portfolio))
series = recall(db, "benchmarks", lambda: benchmarks.benchmarks(db))
settings = form.of_portfolio(inputs.PREFIX, portfolio, framework, sets, series, blends=benchmarks.blends(db))
inputs.controls(offered, settings)
if dialogs.asked() == form.BLENDS:
    blends.show(db, settings)
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
    figures.measured(study, framework, "backtest")
view.newer(framework, design.get_framework(db, framework.id).version)
view.warnings(study)
figures.figures(study, framework)
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
    dialog.button()
    presenting.button("backtest", session.forward(run=study.run_id, present=True))
    audit_badge.show(study)
if dialogs.asked() == dialog.NAME:
    dialog.show(framework.name, lambda: study)

figures.looks(study, framework)
