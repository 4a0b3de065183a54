"""Profiles of investors over REST."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.models.values import Version
from keel.api.pages import Paged
from keel.api.request import BODY, Db, Raw, field, json_object
from keel.domain.profile.as_json import read_profile
from keel.domain.profile.record import InvestorProfile
from keel.domain.reading.place import Place
from keel.services.guided import profiles
from keel.services.work import shelf
from keel.settings import load

router = APIRouter(route_class=Route)


def _document(profile: InvestorProfile) -> dict[str, object]:
    return profiles.document(load(), profile)


@router.get("/profiles")
def list_profiles(db: Db, page: Paged) -> list[dict[str, Any]]:
    """A page of the profiles at their newest version, last saved first."""
    return [_document(profile) for profile in page.of(profiles.listed(db))]


@router.post("/profiles", status_code=201)
def create_profile(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A new profile: ``{name, answers, wishes?}``."""
    saved = profiles.save(db, read_profile(json_object(body), Place(BODY)))
    response.headers["Location"] = f"/api/v1/profiles/{saved.id}"
    return _document(saved)


@router.get("/profiles/{profile_id}")
def get_profile(db: Db, profile_id: str, version: Version | None = None) -> dict[str, Any]:
    """A profile at a version, the newest without one."""
    return _document(profiles.get(db, profile_id, version))


@router.put("/profiles/{profile_id}")
def replace_profile(db: Db, profile_id: str, body: Raw, expected_version: Version | None = None) -> dict[str, Any]:
    """The next version, with what the body says; ``?expected_version=`` names the one that was seen."""
    given = read_profile(json_object(body), Place(BODY))
    return _document(profiles.save(db, given, profile_id, expected_version))


@router.patch("/profiles/{profile_id}")
def rename_profile(db: Db, profile_id: str, body: Raw) -> dict[str, Any]:
    """The profile under the ``name`` of the body, as its next version."""
    shelf.rename(db, "profile", profile_id, field(json_object(body), "name", str))
    return _document(profiles.get(db, profile_id))


@router.post("/profiles/{profile_id}/duplicate", status_code=201)
def duplicate_profile(db: Db, profile_id: str, response: Response) -> dict[str, Any]:
    """A copy of the newest version, under a name of its own."""
    copied = shelf.duplicate(db, "profile", profile_id)
    response.headers["Location"] = f"/api/v1/profiles/{copied}"
    return _document(profiles.get(db, copied))


@router.delete("/profiles/{profile_id}")
def archive_profile(db: Db, profile_id: str) -> dict[str, Any]:
    """The profile leaves the lists; frameworks made for it keep naming it."""
    return {"archived": True, "used_by": shelf.put_away(db, "profile", profile_id)}


@router.post("/profiles/{profile_id}/restore")
def restore_profile(db: Db, profile_id: str) -> dict[str, Any]:
    """The profile back from the archive."""
    shelf.bring_back(db, "profile", profile_id)
    return _document(profiles.get(db, profile_id))
