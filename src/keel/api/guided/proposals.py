"""Proposals over REST: asked for, judged, and never stored; to accept one is to save its framework."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from keel.api.answer import Route
from keel.api.request import BODY, Db, Raw, json_object, optional
from keel.domain.framework.records import Framework
from keel.domain.profile.as_json import read_profile
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal.schema import framework_schema
from keel.domain.reading.place import Place
from keel.errors import InputError
from keel.services import design
from keel.services.guided import profiles, proposals
from keel.settings import load

router = APIRouter(route_class=Route)
HERE = Place(BODY)


@router.post("/proposals")
def propose(db: Db, body: Raw) -> dict[str, object]:
    """A framework proposed for a profile, as ``keel propose --json`` prints it; nothing is stored.

    ``profile_id`` names a stored profile, or ``profile`` is one. With ``framework_id`` the proposal is an edit of that
    framework's newest version: send it there to accept it. ``said`` is what another generator proposed, to be judged.
    ``by`` is ``rules`` or ``model``; where the model does not answer, ``fallback`` says why the rules did.
    """
    given = json_object(body)
    profile, beside = _profile(db, given), _beside(db, given)
    said, model = given.get("said"), proposals.generator_of(optional(given, "by", str, ""))
    if said is None:
        proposed = proposals.propose(db, load(), profile, beside, model)
    else:
        proposed = proposals.judge(db, load(), profile, said, beside)
    wanted = optional(given, "products", bool, False)
    picks = proposals.propose_picks(db, proposed.proposal.framework, model) if wanted else None
    return proposals.document(proposed, picks)


@router.get("/proposals/schema")
def schema() -> dict[str, object]:
    """What a generator may say, as JSON Schema: the ``said`` of a proposal to be judged."""
    return framework_schema()


def _profile(db: Db, given: dict[str, Any]) -> InvestorProfile:
    if given.get("profile") is not None:
        said = optional(given, "profile", dict, {})
        return read_profile({name: value for name, value in said.items() if value is not None}, HERE.field("profile"))
    profile_id = optional(given, "profile_id", str, "")
    if not profile_id:
        raise InputError("There is no profile.", hint="Give profile_id, or a profile.", subject="profile_id")
    return profiles.get(db, profile_id)


def _beside(db: Db, given: dict[str, Any]) -> Framework | None:
    framework_id = optional(given, "framework_id", str, "")
    return design.get_framework(db, framework_id) if framework_id else None
