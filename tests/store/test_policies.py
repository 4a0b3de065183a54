"""Named policies: kept whole, replaced by id, and listed for their owner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy
from keel.errors import InvalidPolicyError, PolicyNotFoundError
from keel.store import policies
from keel.store.connection import Database
from keel.store.policies import NamedPolicy


@pytest.mark.parametrize("preset", PRESETS)
def test_a_policy_comes_back_as_it_was(store: Database, preset: str) -> None:
    saved = policies.save(store, NamedPolicy(preset, PRESETS[preset]))
    assert policies.get(store, saved.id) == saved == NamedPolicy(preset, PRESETS[preset], saved.id)


def test_the_same_id_is_replaced_and_the_list_is_by_name(store: Database) -> None:
    late = policies.save(store, NamedPolicy("Zeta", PRESETS["annual"]))
    early = policies.save(store, NamedPolicy("Alpha", PRESETS["never"]))
    assert policies.list_all(store) == (early, late)
    renamed = policies.save(store, replace(late, name="Aa", policy=PRESETS["monthly"]))
    assert policies.list_all(store) == (renamed, early)


def test_a_list_is_its_owners(store: Database) -> None:
    theirs = policies.save(store.of("ann"), NamedPolicy("Theirs", PRESETS["never"]))
    assert policies.list_all(store) == ()
    assert policies.list_all(store.of("ann")) == (theirs,)


def test_what_is_not_stored_is_named(store: Database) -> None:
    for ask in (policies.get, policies.delete, lambda db, id: policies.save(db, NamedPolicy("X", Policy(), id))):
        with pytest.raises(PolicyNotFoundError, match="rs_nothing"):
            ask(store, "rs_nothing")


def test_a_policy_out_of_range_is_not_stored(store: Database) -> None:
    with pytest.raises(InvalidPolicyError):
        policies.save(store, NamedPolicy("Wrong", Policy(offset=-1)))
    assert policies.list_all(store) == ()


def test_a_deleted_policy_is_gone(store: Database) -> None:
    saved = policies.save(store, NamedPolicy("Gone", PRESETS["never"]))
    policies.delete(store, saved.id)
    assert policies.list_all(store) == ()
