"""Proposals over REST: asked for, judged, and never stored; to accept one is to save its framework."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api import jobs
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
from keel.services.guided.proposals import Wanted
from keel.services.shared.asking.model import generator_of
from keel.settings import load

router = APIRouter(route_class=Route)
HERE = Place(BODY)
BESIDE: dict[int | str, dict[str, Any]] = {202: {"description": "A job: the model is asked"}}


@router.post("/proposals", responses=BESIDE)
def propose(db: Db, body: Raw, response: Response) -> dict[str, object]:
    """A framework proposed for a profile, as ``keel propose --json`` prints it; nothing is stored.

    ``profile_id`` names a stored profile, or ``profile`` is one. With ``framework_id`` the proposal is an edit of that
    framework's newest version: send it there to accept it. ``said`` is what another generator proposed, to be judged.
    ``by`` is ``rules``, or ``model``: that is asked by a job, whose result is the proposal; where it does not answer
    usably, ``fallback`` says why the rules did.
    """
    given = json_object(body)
    profile, beside = _profile(db, given), _beside(db, given)
    said, products = given.get("said"), optional(given, "products", bool, False)
    if generator_of(optional(given, "by", str, "")) is not None and said is None:
        return jobs.begun(db, proposals.ask_model(db, Wanted(profile, beside, products)), response)
    if said is None:
        proposed = proposals.propose(db, load(), profile, beside)
    else:
        proposed = proposals.judge(db, load(), profile, said, beside)
    picks = proposals.propose_picks(db, proposed.proposal.framework) if products else None
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
