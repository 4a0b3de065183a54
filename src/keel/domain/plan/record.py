"""A plan that is kept: what was asked, on which holdings and prices, what it said, and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from keel.domain.plan.ask import Ask
from keel.errors import InputError


class PlanStatus(StrEnum):
    """A draft may be computed again; what is accepted is to be traded; what is executed was."""

    draft = "draft"
    accepted = "accepted"
    executed = "executed"


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One plan. ``request`` has what was asked beside the edits, which are in ``ask``: the policy and the day.

    ``prices`` are those by symbol that the plan was made with; ``said`` is the plan as ``keel plan --json`` prints it;
    ``cash_change`` is what each account's cash gains or loses.
    """

    portfolio_id: str
    portfolio_version: int
    ask: Ask
    request: Mapping[str, object]
    prices: Mapping[str, float]
    said: Mapping[str, Any]
    cash_change: Mapping[str, float]
    status: PlanStatus = PlanStatus.draft
    id: str = ""
    created_at: datetime | None = None
    accepted_at: datetime | None = None
    executed_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """The digest of the prices."""
        text = json.dumps(dict(sorted(self.prices.items())))
        return hashlib.sha256(text.encode()).hexdigest()


def accepted(plan: PlanRecord, when: datetime) -> PlanRecord:
    """The plan as one that is to be traded. Raises InputError unless it is a draft."""
    _require(plan, PlanStatus.draft, "accepted")
    return replace(plan, status=PlanStatus.accepted, accepted_at=when)


def executed(plan: PlanRecord, when: datetime) -> PlanRecord:
    """The plan as one that was traded. Raises InputError unless it is accepted."""
    _require(plan, PlanStatus.accepted, "executed")
    return replace(plan, status=PlanStatus.executed, executed_at=when)


def waiting(plans: Sequence[PlanRecord]) -> PlanRecord | None:
    """The plan that was accepted last, while it waits to be carried out; a draft beside it changes nothing."""
    taken = [(plan.accepted_at, plan) for plan in plans if plan.accepted_at is not None]
    last = max(taken, key=lambda one: one[0])[1] if taken else None
    return last if last is not None and last.status is PlanStatus.accepted else None


def require_draft(plan: PlanRecord) -> None:
    """Raises InputError for a plan that is no draft any more."""
    _require(plan, PlanStatus.draft, "computed again")


def _require(plan: PlanRecord, status: PlanStatus, done: str) -> None:
    if plan.status is not status:
        raise InputError(
            f"This plan is {plan.status}, so it cannot be {done}.", hint="Make a new plan.", subject=plan.id
        )
