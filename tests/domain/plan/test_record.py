"""A plan that is kept: what may follow on what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keel.domain.plan.ask import Ask
from keel.domain.plan.record import PlanRecord, PlanStatus, accepted, executed, require_draft, waiting
from keel.errors import InputError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DRAFT = PlanRecord("pf", 1, Ask(), {}, {"VTI": 10.0, "BND": 5.0}, {}, {})


def test_a_draft_is_accepted_and_then_executed_and_nothing_else() -> None:
    taken = accepted(DRAFT, NOW)
    done = executed(taken, NOW)
    assert (taken.status, done.status, done.executed_at) == (PlanStatus.accepted, PlanStatus.executed, NOW)
    for wrong in (lambda: executed(DRAFT, NOW), lambda: accepted(done, NOW), lambda: require_draft(taken)):
        with pytest.raises(InputError, match="This plan is"):
            wrong()


def test_what_was_accepted_last_waits_until_it_is_executed_whatever_drafts_there_are() -> None:
    first, second = accepted(DRAFT, NOW), accepted(DRAFT, NOW + timedelta(days=1))
    assert waiting([]) is waiting([DRAFT]) is None
    assert waiting([DRAFT, first]) is first
    assert waiting([first, second]) is second
    assert waiting([first, executed(second, NOW)]) is None


def test_the_fingerprint_is_of_the_prices_in_any_order() -> None:
    turned = replace(DRAFT, prices={"BND": 5.0, "VTI": 10.0})
    assert turned.fingerprint == DRAFT.fingerprint
    assert replace(DRAFT, prices={"VTI": 10.1}).fingerprint != DRAFT.fingerprint
