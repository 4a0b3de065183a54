"""Holdings: what the portfolio really holds, typed, pasted or taken in from a file."""

from datetime import UTC, datetime

import streamlit as st

from keel.services import design, example, mapping
from keel.services.holdings import show
from keel.ui.frame import dialogs, root, session, trust, widgets
from keel.ui.holdings import accounts, files, outside, view
from keel.ui.holdings import table as editor

db, ids = root.database(), session.ids()
today = datetime.now(UTC).date()
portfolio = mapping.get_portfolio(db, ids.portfolio)
framework = design.get_framework(db, portfolio.framework_id, portfolio.framework_version)
shown = show.show(db, portfolio.id, today)

widgets.title(view.finding(shown))
widgets.context(*view.measured(portfolio.name, shown))
trust.row(view.caveats(shown), "holdings")
widgets.doubts(shown.findings)
view.notice()
if example.is_client(db, portfolio.id):
    view.example(db)

with st.container(horizontal=True, vertical_alignment="center"):
    if widgets.action("Import a file", key="import-holdings", icon=":material/upload:"):
        dialogs.ask_for(files.FILE)
    if st.button("Paste rows", key="paste-holdings", icon=":material/content_paste:"):
        dialogs.ask_for(files.PASTE)
    if shown.accounts:
        widgets.link("drift", "See the drift")

widgets.header("What is held")
editor.section(db, portfolio.id, framework, shown, today)
outside.section(db, portfolio, framework, shown, today)
accounts.section(db, portfolio.id, shown, today)
files.history(db, portfolio.id)
files.dialog(db, portfolio.id, today)
