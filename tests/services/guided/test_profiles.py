"""Profiles kept in versions, and the templates that fit."""

from __future__ import annotations

import pytest
from tests.domain.profile.answered import answered

from keel import settings
from keel.domain.profile.record import assessed
from keel.errors import EditConflictError, InputError, ProfileNotFoundError
from keel.services.guided import profiles
from keel.store.connection import Database

SETTINGS = settings.load({})


def test_a_profile_is_saved_listed_and_answered_again(db: Database) -> None:
    first = profiles.save(db, assessed("  Ann ", answered(0)))
    assert (first.name, first.version) == ("Ann", 1)
    second = profiles.save(db, assessed("Ann", answered(9)), first.id)
    assert profiles.listed(db) == (second,)
    assert profiles.get(db, first.id, 1) == first
    with pytest.raises(EditConflictError):
        profiles.save(db, assessed("Ann", answered(0)), first.id, 1)


def test_the_templates_of_its_band_fit(db: Database) -> None:
    bold = profiles.save(db, assessed("Bold", answered(9)))
    said = profiles.document(SETTINGS, bold)
    assert said["templates"] == ["growth", "geographic", "sector_risk_band", "factor"]
    assert said["risk_band"] == "high"
    assert [t.id for t in profiles.fitting(SETTINGS, "low")] == ["conservative"]


def test_a_profile_needs_a_name_and_an_id_that_is_stored(db: Database) -> None:
    with pytest.raises(InputError, match="name"):
        profiles.save(db, assessed(" ", answered(0)))
    with pytest.raises(ProfileNotFoundError):
        profiles.save(db, assessed("Ann", answered(0)), "profile_nothing")
