"""Named rebalancing policies over REST."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import Db, Raw, field, json_object
from keel.domain.policy.as_json import parse_policy, policy_json
from keel.services import policies
from keel.store.policies import NamedPolicy

router = APIRouter(route_class=Route)


def _document(named: NamedPolicy) -> dict[str, Any]:
    return {"id": named.id, "name": named.name, "policy": policy_json(named.policy)}


@router.get("/rebalancing-strategies")
def list_policies(db: Db, page: Paged) -> list[dict[str, Any]]:
    """Every named policy, by name."""
    return [_document(named) for named in page.of(policies.listed(db))]


@router.post("/rebalancing-strategies", status_code=201)
def create_policy(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A named policy: ``{name, policy}``."""
    named = _save(db, body)
    response.headers["Location"] = f"/api/v1/rebalancing-strategies/{named.id}"
    return _document(named)


@router.get("/rebalancing-strategies/{policy_id}")
def get_policy(db: Db, policy_id: str) -> dict[str, Any]:
    """A named policy."""
    return _document(policies.get(db, policy_id))


@router.put("/rebalancing-strategies/{policy_id}")
def replace_policy(db: Db, policy_id: str, body: Raw) -> dict[str, Any]:
    """The named policy with the name and policy of the body."""
    return _document(_save(db, body, policy_id))


@router.delete("/rebalancing-strategies/{policy_id}", status_code=204)
def delete_policy(db: Db, policy_id: str) -> None:
    """The policy is gone; frameworks and runs keep their own."""
    policies.delete(db, policy_id)


def _save(db: Db, body: bytes, id: str = "") -> NamedPolicy:
    given = json_object(body)
    return policies.save(db, field(given, "name", str), parse_policy(field(given, "policy", dict)), id)
