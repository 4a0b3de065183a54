"""Plans over REST: made, computed again, accepted, executed, and their orders as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import BODY, Db, Raw, json_object
from keel.domain.plan.ask import Ask, parse_ask
from keel.domain.plan.deposits.prospect import prospect_json
from keel.domain.plan.deposits.schedule import parse_schedule
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.records import Policy
from keel.domain.reading.day import read_day
from keel.domain.reading.place import Place
from keel.services.live import plan as service
from keel.services.live import schedule as repeated

router = APIRouter(route_class=Route)
files = APIRouter()  # answers that are no JSON
HERE = Place(BODY)
BESIDE = ("policy", "as_of")  # what a plan is asked beside: the rest is the ask itself


@router.post("/portfolios/{portfolio_id}/plan", status_code=201)
def make_plan(db: Db, portfolio_id: str, body: Raw, response: Response) -> dict[str, Any]:
    """A plan for what a portfolio holds, stored as a draft: trades, or a deposit, or a withdrawal."""
    ask, asked = _read(json_object(body))
    made = service.plan(db, portfolio_id, ask, asked)
    response.headers["Location"] = f"/api/v1/plans/{made.id}"
    return service.document(made)


@router.post("/portfolios/{portfolio_id}/plan/rules")
def compare_rules(db: Db, portfolio_id: str, body: Raw) -> dict[str, Any]:
    """The four rules side by side for one amount; nothing is stored."""
    return service.rules(db, portfolio_id, *_read(json_object(body)))


@router.post("/portfolios/{portfolio_id}/plan/curves")
def show_curves(db: Db, portfolio_id: str, body: Raw) -> dict[str, Any]:
    """Drift by the number of orders and by the gain realised; nothing is stored."""
    return service.curves(db, portfolio_id, *_read(json_object(body)))


@router.post("/portfolios/{portfolio_id}/plan/schedule")
def repeat_deposits(db: Db, portfolio_id: str, body: Raw) -> dict[str, Any]:
    """After how many deposits every bucket is in its band, as ``keel plan --schedule --json``; nothing is stored."""
    given, asked = _beside(json_object(body))
    schedule = parse_schedule(given, HERE)
    return prospect_json(repeated.regular(db, portfolio_id, schedule, asked.today, asked.policy, asked.as_of))


@router.get("/portfolios/{portfolio_id}/plans")
def list_plans(db: Db, portfolio_id: str, page: Paged) -> list[dict[str, Any]]:
    """The plans of a portfolio, newest first."""
    return [service.document(one) for one in page.of(service.listed(db, portfolio_id))]


@router.get("/plans/{plan_id}")
def show_plan(db: Db, plan_id: str) -> dict[str, Any]:
    """One plan."""
    return service.document(service.get(db, plan_id))


@files.get("/plans/{plan_id}/orders", response_class=Response)
def show_orders(
    db: Db, plan_id: str, account: Annotated[str, Query(max_length=200, description="Whose orders.")]
) -> Response:
    """The orders of one account as a CSV file."""
    named = {"Content-Disposition": 'attachment; filename="orders.csv"'}
    return Response(service.orders_csv(service.get(db, plan_id), account), media_type="text/csv", headers=named)


@router.post("/plans/{plan_id}/recalculate")
def compute_again(db: Db, plan_id: str, body: Raw) -> dict[str, Any]:
    """A draft computed again on what is held now; its edits stay unless others are given."""
    given = json_object(body)
    edits = parse_ask({"edits": given["edits"]}, HERE).limits.edits if given.get("edits") is not None else None
    return service.document(service.recalculate(db, plan_id, _today(), edits))


@router.post("/plans/{plan_id}/accept")
def accept_plan(db: Db, plan_id: str) -> dict[str, Any]:
    """A draft as a plan that is to be traded."""
    return service.document(service.accept(db, plan_id))


@router.post("/plans/{plan_id}/execute")
def execute_plan(db: Db, plan_id: str) -> dict[str, Any]:
    """An accepted plan as executed: the portfolio holds what its orders leave."""
    return service.document(service.execute(db, plan_id, _today()))


def _read(given: Mapping[str, Any]) -> tuple[Ask, service.Asked]:
    named, asked = _beside(given)
    return parse_ask(named, HERE), asked


def _beside(given: Mapping[str, Any]) -> tuple[dict[str, Any], service.Asked]:
    """The fields of what is asked, and what it is asked beside."""
    named = {name: value for name, value in given.items() if name not in BESIDE and value is not None}
    day = read_day(given["as_of"], HERE.field("as_of")) if given.get("as_of") is not None else None
    return named, service.Asked(_today(), _policy(given.get("policy")), day)


def _policy(given: Any) -> Policy | None:
    return None if given is None else parse_policy(given)


def _today() -> date:
    return datetime.now(UTC).date()
