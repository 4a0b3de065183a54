"""Named rebalancing policies over REST."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import Db, Raw, field, json_object, optional
from keel.domain.policy.as_json import parse_policy, policy_json
from keel.services import design, policies
from keel.store.policies import NamedPolicy

router = APIRouter(route_class=Route)


@router.get("/rebalancing-strategies")
def list_policies(db: Db, page: Paged) -> list[dict[str, Any]]:
    """Every named policy, by name."""
    return [policies.document(named) for named in page.of(policies.listed(db))]


@router.post("/rebalancing-strategies", status_code=201)
def create_policy(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A named policy: ``{name, policy}``."""
    named = _save(db, body)
    response.headers["Location"] = f"/api/v1/rebalancing-strategies/{named.id}"
    return policies.document(named)


@router.get("/rebalancing-strategies/{policy_id}")
def get_policy(db: Db, policy_id: str) -> dict[str, Any]:
    """A named policy."""
    return policies.document(policies.get(db, policy_id))


@router.put("/rebalancing-strategies/{policy_id}")
def replace_policy(db: Db, policy_id: str, body: Raw) -> dict[str, Any]:
    """The named policy with the name and policy of the body."""
    return policies.document(_save(db, body, policy_id))


@router.post("/rebalancing-strategies/{policy_id}/assign")
def assign_policy(db: Db, policy_id: str, body: Raw) -> dict[str, Any]:
    """The next version of a framework, with the named policy as its own."""
    given = json_object(body)
    policy = policies.get(db, policy_id).policy
    began: int | None = optional(given, "expected_version", int, None)
    made = design.assign_policy(db, field(given, "framework_id", str), policy, began)
    return {"framework_id": made.id, "framework_version": made.version, "policy": policy_json(policy)}


@router.delete("/rebalancing-strategies/{policy_id}", status_code=204)
def delete_policy(db: Db, policy_id: str) -> None:
    """The policy is gone; frameworks and runs keep their own."""
    policies.delete(db, policy_id)


def _save(db: Db, body: bytes, id: str = "") -> NamedPolicy:
    given = json_object(body)
    return policies.save(db, field(given, "name", str), parse_policy(field(given, "policy", dict)), id)
