"""Template: choose a starting point, with a picture of each and how it did on the sample."""

import streamlit as st

from keel import settings
from keel.services import design
from keel.ui.frame import session, widgets
from keel.ui.frame.root import database
from keel.ui.template import cards as template_cards
from keel.ui.template import intake

A_ROW = 3

db = database()
templates = tuple(t for t in design.templates(settings.load()) if t.framework.buckets)
risk = session.ids().risk
proposed = template_cards.fitting(templates, risk)

widgets.title("Choose a starting point")
widgets.context(
    "Every template can be edited afterwards",
    "Records: best matching series, rebalanced yearly, no costs",
    f"Your answers: {risk} risk" if risk else "",
)

cards: list[object] = [*templates, intake.empty_card, intake.import_card]
places = []
for start in range(0, len(cards), A_ROW):
    for column, item in zip(st.columns(A_ROW), cards[start : start + A_ROW], strict=False):
        with column.container(border=True, height="stretch"):
            if callable(item):
                item(db)
                continue
            chosen, place = template_cards.card(item, proposed=item.id == proposed)
            places.append((item, place))
            if chosen:
                intake.open_allocation(
                    design.adopt_template(db, settings.load(), item.id, profile_id=session.ids().profile)
                )
for template, place in places:
    with place:
        template_cards.record(db, template)
