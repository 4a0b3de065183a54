"""Portfolios and runs to open pages with, and what to ask of a page."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from streamlit.testing.v1 import AppTest
from tests.pages.conftest import words
from tests.patience import PATIENCE

from keel import settings
from keel.domain.framework.records import Framework
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.policy.words import PRESET_LABELS
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.study.question import Question
from keel.services import design, mapping, study
from keel.services.study import Study
from keel.store.connection import Database

_first: dict[str, Mapping[str, tuple[Pick, ...]]] = {}


def adopted(db: Database, template: str) -> Framework:
    """A framework of a template."""
    return design.adopt_template(db, settings.load(), template)


def accepted(db: Database, template: str = "balanced") -> Portfolio:
    """A portfolio of the best product of each bucket."""
    framework = adopted(db, template)
    if template not in _first:  # looked for once, by one who has brought no prices
        _first[template] = _suggested(db.of("first"), template)
    return mapping.accept(db, framework.id, framework.version, _first[template])


def _suggested(db: Database, template: str) -> Mapping[str, tuple[Pick, ...]]:
    best = {b.path: b.suggestions[0].instrument for b in mapping.suggest(db, adopted(db, template)) if b.suggestions}
    return {path: (Pick(path, i.id, i.symbol, 1.0),) for path, i in best.items()}


def ran(db: Database, portfolio: Portfolio, *presets: str, **options: Any) -> Study:
    """A stored run of presets."""
    policies = {PRESET_LABELS[name]: PRESETS[name] for name in presets}
    return study.run_backtest(db, Question(portfolio.id, policies, RunSettings(cost_bps=10), **options))


def title(at: AppTest) -> str:
    """The finding."""
    return str(at.title[0].value)


def no_errors(at: AppTest) -> bool:
    """No exception and no error card."""
    return not at.exception and ":red-badge" not in words(at)


def await_work() -> None:
    """Waits until no background work is under way."""
    for thread in threading.enumerate():
        if thread.name.startswith("job "):
            thread.join(PATIENCE)
