"""Start: the latest framework and what comes next, a worked example, and the ways to begin."""

from datetime import UTC, datetime

import streamlit as st

from keel.services import design, example
from keel.ui.frame import session, shelf, widgets
from keel.ui.frame.root import database
from keel.ui.guided import begin as workflow
from keel.ui.holdings import begin
from keel.ui.start import alerts, morning, overview
from keel.ui.template import intake

db = database()
frameworks = design.list_frameworks(db)

widgets.title("Keep a portfolio on course")
widgets.context(
    "Design an allocation", "choose products", "test it on real prices", "see when it drifts", "know what to trade"
)

with st.container(horizontal=True, vertical_alignment="center"):
    if widgets.action("See a worked example", key="example"):
        portfolio = example.open_example(db)
        session.go(
            "backtest",
            session.Ids(framework=portfolio.framework_id, version=portfolio.framework_version, portfolio=portfolio.id),
        )
    if st.button("See a worked client", icon=":material/person_search:", key="client"):
        client = example.open_client(db)
        session.go("holdings", session.Ids(client.framework_id, client.framework_version, client.id))
    if st.button("Start a framework", icon=":material/add:"):
        session.go("template", session.Ids())
    intake.import_button(db)
    begin.button(db, datetime.now(UTC).date())

alerts.show(db)
held = morning.show(db)
workflow.section(db, held)

if frameworks:
    widgets.header("Your frameworks")
    overview.cards(db, frameworks[:6])
    if len(frameworks) > 6:
        with st.expander(f"{len(frameworks) - 6} more", on_change="rerun", key="more-frameworks") as more:
            if more.open:
                overview.links(frameworks[6:])
else:
    widgets.header("How it goes")
    overview.tour()
shelf.archived(db)
