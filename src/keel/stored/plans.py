"""Stored plans, from Python: made, compared, computed again, accepted and executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from keel.notebook import stored

if TYPE_CHECKING:
    from keel.domain.plan.ask import Ask
    from keel.services.live.plan import Asked

Policy = str | Mapping[str, object] | None


def make_plan(
    portfolio_id: str, policy: Policy = None, as_of: date | None = None, **asked: object
) -> dict[str, object]:
    """What to trade, kept as a draft with an ``id``; the rest as in ``keel.plan_trades``.

    Raises PortfolioNotFoundError, InputError.
    """
    from keel.services.live import plan

    with stored() as db:
        return plan.document(plan.plan(db, portfolio_id, _ask(asked), _beside(policy, as_of)))


def compare_plans(
    portfolio_id: str, policy: Policy = None, as_of: date | None = None, **asked: object
) -> dict[str, Any]:
    """The four rules side by side for one ``deposit`` or ``withdraw``; nothing is stored."""
    from keel.services.live import plan

    with stored() as db:
        return plan.rules(db, portfolio_id, _ask(asked), _beside(policy, as_of))


def plan_curves(portfolio_id: str, policy: Policy = None, as_of: date | None = None, **asked: object) -> dict[str, Any]:
    """Drift by the number of orders and by the gain realised; nothing is stored."""
    from keel.services.live import plan

    with stored() as db:
        return plan.curves(db, portfolio_id, _ask(asked), _beside(policy, as_of))


def list_plans(portfolio_id: str) -> list[dict[str, object]]:
    """The plans of a portfolio, newest first. Raises PortfolioNotFoundError."""
    from keel.services.live import plan

    with stored() as db:
        return [plan.document(one) for one in plan.listed(db, portfolio_id)]


def get_plan(id: str) -> dict[str, object]:
    """One plan. Raises PlanNotFoundError."""
    from keel.services.live import plan

    with stored() as db:
        return plan.document(plan.get(db, id))


def recalculate_plan(id: str, edits: Sequence[Mapping[str, object]] | None = None) -> dict[str, object]:
    """A draft computed again on what is held now.

    Its edits stay unless others are given, each with ``account``, ``symbol`` and ``quantity``.
    """
    from keel.services.live import plan

    changed = None if edits is None else _ask({"edits": list(edits)}).limits.edits
    with stored() as db:
        return plan.document(plan.recalculate(db, id, _today(), changed))


def accept_plan(id: str) -> dict[str, object]:
    """A draft as a plan that is to be traded. Raises PlanNotFoundError, InputError."""
    from keel.services.live import plan

    with stored() as db:
        return plan.document(plan.accept(db, id))


def execute_plan(id: str) -> dict[str, object]:
    """An accepted plan as executed: the portfolio holds what its orders leave. Raises PlanNotFoundError, InputError."""
    from keel.services.live import plan

    with stored() as db:
        return plan.document(plan.execute(db, id, _today()))


def plan_orders(id: str, account: str) -> str:
    """The orders of one account as CSV. Raises PlanNotFoundError, InputError."""
    from keel.services.live import plan

    with stored() as db:
        return plan.orders_csv(plan.get(db, id), account)


def _ask(asked: Mapping[str, object]) -> Ask:
    from keel.domain.plan.ask import parse_ask
    from keel.domain.reading.place import Place

    return parse_ask(asked, Place("plan"))


def _beside(policy: Policy, as_of: date | None) -> Asked:
    from keel.domain.policy.as_json import parse_policy
    from keel.services.live.plan import Asked

    return Asked(_today(), None if policy is None else parse_policy(policy), as_of)


def _today() -> date:
    return datetime.now(UTC).date()
