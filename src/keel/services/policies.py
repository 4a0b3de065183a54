"""Policies kept under a name."""

from __future__ import annotations

from keel.domain.policy.records import Policy
from keel.domain.text import tidy
from keel.errors import InputError
from keel.store import policies
from keel.store.connection import Database
from keel.store.policies import NamedPolicy


def listed(db: Database) -> tuple[NamedPolicy, ...]:
    """Every named policy, by name."""
    return policies.list_all(db)


def get(db: Database, id: str) -> NamedPolicy:
    """One named policy. Raises PolicyNotFoundError."""
    return policies.get(db, id)


def save(db: Database, name: str, policy: Policy, id: str = "") -> NamedPolicy:
    """The policy under its name, new without an id. Raises InputError, InvalidPolicyError, PolicyNotFoundError."""
    title = tidy(name)
    if not title:
        raise InputError("A policy needs a name.", hint="Write one.", subject="name")
    return policies.save(db, NamedPolicy(title, policy, id))


def delete(db: Database, id: str) -> None:
    """Deletes a named policy. Raises PolicyNotFoundError."""
    policies.delete(db, id)
