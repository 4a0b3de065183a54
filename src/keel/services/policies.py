"""Policies kept under a name."""

from __future__ import annotations

from keel.domain.policy.as_json import policy_json
from keel.domain.policy.records import Policy
from keel.domain.text import plain, some, tidy
from keel.errors import InputError, PolicyNotFoundError
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


def find(db: Database, name: str) -> NamedPolicy:
    """The policy of that name or id, in capitals or not. Raises PolicyNotFoundError."""
    wanted = tidy(name).casefold()
    known = policies.list_all(db)
    found = next((one for one in known if wanted in (one.name.casefold(), one.id)), None)
    if found is None:
        named = some([one.name for one in known]) if known else "none yet"
        raise PolicyNotFoundError(f"There is no policy {plain(name)}.", hint=f"There are {named}.", subject=name)
    return found


def keep(db: Database, name: str, policy: Policy) -> NamedPolicy:
    """The policy under its name, in place of the one of that name. Raises as ``save``."""
    same = next((one.id for one in policies.list_all(db) if one.name == tidy(name)), "")
    return save(db, name, policy, same)


def document(named: NamedPolicy) -> dict[str, object]:
    """A named policy as the command line prints it and REST answers it."""
    return {"id": named.id, "name": named.name, "policy": policy_json(named.policy)}


def delete(db: Database, id: str) -> None:
    """Deletes a named policy. Raises PolicyNotFoundError."""
    policies.delete(db, id)
