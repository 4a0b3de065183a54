"""Profiles: every version kept, one of two who save from the same version wins, listed for their owner."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.profile.answered import answered

from keel.domain.profile.record import Wishes, assessed
from keel.errors import EditConflictError, ProfileNotFoundError
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.integrity import integrity

ANN = assessed("Ann", answered(2), Wishes(exclude=("sector:energy",)))


def test_a_profile_comes_back_as_it_was(store: Database) -> None:
    saved = profiles.save(store, ANN)
    assert profiles.get(store, saved.id) == saved
    assert replace(saved, id="", version=0, created_at=None, updated_at=None) == ANN
    assert saved.version == 1


def test_an_older_version_stays_and_the_list_has_the_newest(store: Database) -> None:
    first = profiles.save(store, ANN)
    second = profiles.save(store, replace(first, answers=answered(0)))
    assert (second.id, second.version, second.created_at) == (first.id, 2, first.created_at)
    assert profiles.get(store, first.id, 1) == first
    bob = profiles.save(store, assessed("Bob", answered(3)))
    assert profiles.list_latest(store) == (bob, second)
    assert integrity(store) == ()


def test_of_two_who_save_the_same_version_one_wins(store: Database) -> None:
    first = profiles.save(store, ANN)
    profiles.save(store, first)
    with pytest.raises(EditConflictError) as caught:
        profiles.save(store, first)
    assert caught.value.current == 2


def test_a_list_is_its_owners(store: Database) -> None:
    theirs = profiles.save(store.of("ann"), ANN)
    assert profiles.list_latest(store) == ()
    assert profiles.list_latest(store.of("ann")) == (theirs,)


def test_what_is_not_stored_is_named(store: Database) -> None:
    saved = profiles.save(store, ANN)
    with pytest.raises(ProfileNotFoundError, match="profile_nothing"):
        profiles.get(store, "profile_nothing")
    with pytest.raises(ProfileNotFoundError, match="version 7"):
        profiles.get(store, saved.id, 7)
    with pytest.raises(ProfileNotFoundError):
        profiles.save(store, replace(ANN, id="profile_nothing"))
