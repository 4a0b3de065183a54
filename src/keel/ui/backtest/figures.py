"""What a study shows, stored or not: what weighs on it, its tiles and pictures, the closer looks, what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.framework.slots import slots
from keel.domain.study.trust import caveats, doubtful
from keel.services.market import health
from keel.services.shared.memory import recall
from keel.ui.backtest import tabs, view
from keel.ui.frame import root, trust, widgets

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.services.study import Study


def measured(study: Study, framework: Framework, key: str, *said: str) -> None:
    """Draws the grey line, what was set otherwise than usual, and what weighs on the numbers."""
    widgets.context(*said, *view.measured(framework, study))
    widgets.settings(view.unusual(framework, study))
    result, found = study.results[0], health.of_products(root.database(), study.sources)
    trust.row((*caveats(study.prices, result.book, result.settings), *doubtful(found)), key)


def figures(study: Study, framework: Framework) -> None:
    """Draws the tiles, the growth picture, the table of metrics and the way to more of them."""
    pictures(study, framework)
    view.more(study)


def pictures(study: Study, framework: Framework) -> None:
    """Draws the tiles, the growth picture and the table of metrics."""
    db = root.database()
    view.tiles(study)
    widgets.header(f"Growth of {view.amount(study, framework.base_ccy)}, log scale")
    picture = recall(db, ("growth", study.run_id), lambda: view.growth_figure(study, framework.base_ccy))
    widgets.chart(picture, alt=view.growth_alt(study), key="backtest-growth")
    st.caption(view.legend(study))
    widgets.header("What each policy did")
    st.table(recall(db, ("metrics", study.run_id), lambda: view.table(study)), border="horizontal", alt="Metrics")


def looks(study: Study, framework: Framework) -> None:
    """Draws the closer looks and the box of what the numbers rest on."""
    tabs.tabs(study, slots(framework))
    view.assumptions(study, framework.base_ccy, health.of_products(root.database(), study.sources))
