"""Profiles: what an investor can bear, kept in versions, and the templates that fit."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.exchange.templates import Template
from keel.domain.profile.as_json import profile_json
from keel.domain.profile.record import InvestorProfile
from keel.domain.text import tidy
from keel.errors import InputError
from keel.services.shared.templates import templates
from keel.settings import Settings
from keel.store.connection import Database
from keel.store.guided import profiles


def save(db: Database, profile: InvestorProfile, id: str = "", expected_version: int | None = None) -> InvestorProfile:
    """The profile as stored: a new one, or the next version of the one with that id.

    ``expected_version`` is the version that was seen, else the newest. Raises InputError without a name,
    ProfileNotFoundError, EditConflictError.
    """
    name = tidy(profile.name)
    if not name:
        raise InputError("A profile needs a name.", hint="Write one.", subject="name")
    before = profiles.get(db, id).version if id and expected_version is None else expected_version
    return profiles.save(db, replace(profile, id=id, name=name), before or 0)


def get(db: Database, id: str, version: int | None = None) -> InvestorProfile:
    """A profile at a version, the newest without one. Raises ProfileNotFoundError."""
    return profiles.get(db, id, version)


def listed(db: Database) -> tuple[InvestorProfile, ...]:
    """Every profile at its newest version, last saved first."""
    return profiles.list_latest(db)


def fitting(settings: Settings, risk_band: str) -> tuple[Template, ...]:
    """The templates of a risk band, in their order."""
    return tuple(template for template in templates(settings) if template.risk_band == risk_band)


def document(settings: Settings, profile: InvestorProfile) -> dict[str, object]:
    """A profile as the command line prints it and REST answers it, with the ids of the templates that fit."""
    fits = [template.id for template in fitting(settings, profile.assessed.risk_band)]
    return {**profile_json(profile), "templates": fits}
