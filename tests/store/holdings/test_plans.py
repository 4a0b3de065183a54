"""Plans as rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from keel.domain.plan.ask import Ask
from keel.domain.plan.limits import Limits
from keel.domain.plan.record import PlanRecord, PlanStatus, accepted
from keel.errors import PlanNotFoundError
from keel.store.connection import Database
from keel.store.holdings import plans

PLAN = PlanRecord(
    "pf_1",
    2,
    Ask(deposit=5.0, limits=Limits(edits={("Main", "VTI"): -1.5}), picked={("Main", "VTI"): (1,)}),
    {"policy": "annual"},
    {"VTI": 10.0},
    {"rule": "relative_waterfill", "trades": []},
    {"Main": 5.0},
)


def test_a_plan_comes_back_as_it_was_saved_and_changes_under_its_id(db: Database) -> None:
    saved = plans.save(db, PLAN)
    assert plans.get(db, saved.id) == saved
    assert replace(saved, id="", created_at=None) == PLAN
    taken = plans.save(db, accepted(saved, datetime(2026, 1, 1, tzinfo=UTC)))
    assert plans.get(db, saved.id).status is PlanStatus.accepted
    assert [one.id for one in plans.list_for(db, "pf_1")] == [taken.id]


def test_another_owner_sees_none(db: Database) -> None:
    saved = plans.save(db, PLAN)
    assert plans.list_for(db.of("other"), "pf_1") == ()
    for wrong in (lambda: plans.get(db.of("other"), saved.id), lambda: plans.get(db, "pln_none")):
        with pytest.raises(PlanNotFoundError):
            wrong()
    with pytest.raises(PlanNotFoundError):
        plans.save(db, replace(PLAN, id="pln_none"))
