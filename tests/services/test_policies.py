"""Policies under a name: tidied, and refused without one."""

from __future__ import annotations

import pytest

from keel.domain.policy.presets import PRESETS
from keel.errors import InputError
from keel.services import policies
from keel.store.connection import Database


def test_a_policy_is_saved_under_its_tidied_name_and_changed_by_its_id(db: Database) -> None:
    saved = policies.save(db, "  Ours ", PRESETS["annual"])
    assert saved.name == "Ours"
    changed = policies.save(db, "Ours", PRESETS["never"], saved.id)
    assert policies.listed(db) == (changed,)
    assert policies.get(db, saved.id).policy == PRESETS["never"]
    policies.delete(db, saved.id)
    assert policies.listed(db) == ()


def test_a_policy_without_a_name_is_refused(db: Database) -> None:
    with pytest.raises(InputError, match="needs a name"):
        policies.save(db, " ", PRESETS["never"])
