"""What is stored of a portfolio against its targets, as every service sees it."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.position import Position
from keel.errors import InputError
from keel.services import example
from keel.services.holdings.table import put
from keel.services.shared.held.drifted import drift_now
from keel.store import frameworks
from keel.store.connection import Database

TODAY = date(2026, 7, 1)


def test_what_is_held_is_judged_by_the_framework_or_another_policy(db: Database) -> None:
    portfolio = example.open_example(db)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    with pytest.raises(InputError, match="holds nothing yet"):
        drift_now(db, portfolio, framework, TODAY)
    put(db, portfolio.id, (Position("VTI", 60.0, 10.0), Position("BNDX", 40.0, 10.0)), TODAY)
    found = drift_now(db, portfolio, framework, TODAY)
    assert found.value == 1_000.0
    assert found.rebalance_needed
    assert drift_now(db, portfolio, framework, TODAY, policy=PRESETS["never"]).judged_against != found.judged_against
