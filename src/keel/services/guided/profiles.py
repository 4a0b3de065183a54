"""Profiles: what an investor can bear, kept in versions, and the templates that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from keel.domain.exchange.templates import Template
from keel.domain.profile.as_json import profile_json, read_profile
from keel.domain.profile.record import InvestorProfile
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_text
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


def listed(db: Database, *, archived: bool = False) -> tuple[InvestorProfile, ...]:
    """The profiles at their newest version, last saved first: those in the lists, or those that are archived."""
    return profiles.list_latest(db, archived=archived)


def fitting(settings: Settings, risk_band: str) -> tuple[Template, ...]:
    """The templates of a risk band, in their order."""
    return tuple(template for template in templates(settings) if template.risk_band == risk_band)


def document(settings: Settings, profile: InvestorProfile) -> dict[str, object]:
    """A profile as the command line prints it and REST answers it, with the ids of the templates that fit."""
    fits = [template.id for template in fitting(settings, profile.assessed.risk_band)]
    return {**profile_json(profile), "templates": fits}


def _step(db: Database, told: Mapping[str, Any], _today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: a stored profile, or one that is saved."""
    if told.get("profile_id") is not None:
        stored = get(db, read_text(told["profile_id"], Place("profile").field("profile_id")))
        return lambda: _outcome(stored)
    given = read_profile(told, Place("profile"))
    return lambda: _outcome(save(db, given))


def _outcome(profile: InvestorProfile) -> Mapping[str, Any]:
    return {
        "profile_id": profile.id,
        "profile_version": profile.version,
        "profile_name": profile.name,
        "risk_band": profile.assessed.risk_band,
    }


STEPS = {"profile": _step}
