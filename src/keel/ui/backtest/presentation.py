"""A run as a client is shown it: the finding, what weighs on it, and the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keel.services import design
from keel.services.market import health
from keel.ui.backtest import figures, view
from keel.ui.frame import root, widgets
from keel.ui.handover import presenting

if TYPE_CHECKING:
    from keel.services.study import Study


def show(study: Study) -> None:
    """Draws the presentation of a run."""
    db, meta = root.database(), study.results[0].meta
    framework = design.get_framework(db, meta.framework_id, meta.framework_version)
    presenting.firm(db)
    widgets.title(view.finding(study))
    figures.measured(study, framework, "presented")
    view.warnings(study)
    figures.pictures(study, framework)
    view.assumptions(study, framework.base_ccy, health.of_products(db, study.sources))
    presenting.leave("backtest")
