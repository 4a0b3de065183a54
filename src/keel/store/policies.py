"""Named policies: a rebalancing policy under a name, for any framework. Targets are the frameworks' own."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.records import Policy, require_policy
from keel.errors import PolicyNotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, document, new_id, now, stamp


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy and its name; ``id`` is empty until it is stored."""

    name: str
    policy: Policy
    id: str = ""


def save(db: Database, named: NamedPolicy) -> NamedPolicy:
    """The policy as stored: a new one without an id, else in place of the one with that id.

    Raises InvalidPolicyError, and PolicyNotFoundError for an id that is not stored.
    """
    require_policy(named.policy)
    columns = {"id": named.id or new_id("rs"), "name": named.name, "at": stamp(now())}
    columns["policy"] = document(policy_json(named.policy))

    def work(cursor: Cursor) -> NamedPolicy:
        db.touch("policies")
        if named.id:
            _get(cursor, named.id)
        cursor.execute(
            "insert into rebalancing_strategies (id, owner, name, policy, created_at, updated_at)"
            " values ($id, getvariable('owner'), $name, $policy, $at, $at) on conflict (id) do update set"
            " name = excluded.name, policy = excluded.policy, updated_at = excluded.updated_at",
            columns,
        )
        return replace(named, id=str(columns["id"]))

    return db.transact(work)


def get(db: Database, id: str) -> NamedPolicy:
    """One named policy. Raises PolicyNotFoundError."""
    with db.cursor() as cursor:
        return _get(cursor, id)


def list_all(db: Database) -> tuple[NamedPolicy, ...]:
    """Every named policy, by name; read once until one changes."""

    def read() -> tuple[NamedPolicy, ...]:
        with db.cursor() as cursor:
            rows = cursor.execute(f"{_SELECT} order by name, id").fetchall()
        return tuple(_policy(row) for row in rows)

    return _all.recall(db, db.revision("policies"), read)


_all: Memory[tuple[NamedPolicy, ...]] = Memory(1)


def delete(db: Database, id: str) -> None:
    """Deletes a named policy; what was made with it keeps its own copy. Raises PolicyNotFoundError."""

    def work(cursor: Cursor) -> None:
        db.touch("policies")
        _get(cursor, id)
        cursor.execute("delete from rebalancing_strategies where id = $id and owner = getvariable('owner')", {"id": id})

    db.transact(work)


_SELECT = "select id, name, policy from rebalancing_strategies where owner = getvariable('owner')"


def _get(cursor: Cursor, id: str) -> NamedPolicy:
    row = first_row(cursor.execute(f"{_SELECT} and id = $id", {"id": id}))
    if row is None:
        raise PolicyNotFoundError(f"There is no policy {id}.", hint=ELSEWHERE, subject=id)
    return _policy(row)


def _policy(row: tuple[Any, ...]) -> NamedPolicy:
    id, name, policy = row
    return NamedPolicy(name, parse_policy(json.loads(policy)), id)
