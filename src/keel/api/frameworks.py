"""Frameworks over REST: list, save, read, revise, compare, map and validate.

A body is an edit and judged exactly as it stands; one that is sent as CSV, or with ``?import=1``, is a file.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, HTTPException, Response

from keel.api.answer import Route
from keel.api.models.values import Version
from keel.api.pages import Paged
from keel.api.request import BODY, CSV, XLSX, Body, Db, Raw, Sent, field, given_weights, json_object, require_own
from keel.domain.constraints.as_json import verdicts_json
from keel.domain.constraints.evaluation import at_design
from keel.domain.exchange.framework_json import framework_json, read_edit
from keel.domain.exchange.rules import read_rules
from keel.domain.framework.diff import change_json
from keel.domain.framework.records import Framework
from keel.domain.framework.validation import check
from keel.domain.issue import Finding, errors, rows, warnings
from keel.domain.mapping.as_json import matching_json
from keel.domain.mapping.matching import best_picks
from keel.domain.portfolio.score_weights import USUAL
from keel.domain.reading.place import Place
from keel.domain.text import tidy
from keel.errors import InputError
from keel.services import design, mapping
from keel.services.shared.contents import understood
from keel.services.work import shelf
from keel.settings import load
from keel.sources.sheets.framework import read_framework_file

router = APIRouter(route_class=Route)
files = APIRouter()  # answers that are no JSON
KINDS = {"json": "application/json", "csv": CSV, "xlsx": XLSX}


UNNAMED = "Imported"


def _read(sent: Sent) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework of a body and what reading it found; a file without a name gets one."""
    if not sent.is_file:
        return read_edit(sent.data, Place(BODY))
    given, notes = read_framework_file(sent.data, BODY)
    return (replace(given, name=UNNAMED) if given.name == BODY else given), notes


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _document(framework: Framework) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(framework_json(framework))
    return document


@router.get("/allocation-frameworks")
def list_frameworks(db: Db, page: Paged, user_id: str = "") -> list[dict[str, Any]]:
    """A page of the frameworks at their newest version, last edited first; ``user_id`` is that of ``/me``."""
    require_own(db, user_id)
    return [
        {
            "id": summary.id,
            "name": summary.name,
            "version": summary.version,
            "updated_at": _iso(summary.updated_at),
            "bucket_count": summary.bucket_count,
            "risk_band": summary.risk_band,
        }
        for summary in page.of(design.list_frameworks(db))
    ]


@router.post("/allocation-frameworks", status_code=201)
def create_framework(db: Db, sent: Body, response: Response, template: str = "", name: str = "") -> dict[str, Any]:
    """A new framework from the body, or from ``?template=balanced&name=…``."""
    issues: tuple[Finding, ...] = ()
    if template:
        created = design.adopt_template(db, load(), template, name)
    elif not sent.data.strip():
        raise InputError("There is no framework in the body.", hint="Send one, or name a template.", subject="body")
    else:
        given, notes = _read(sent)
        given = replace(given, name=tidy(name) or given.name)
        issues = (*notes, *check(given))
        created = design.save_new(db, given, issues)
    response.headers["Location"] = f"/api/v1/allocation-frameworks/{created.id}"
    return {**_document(created), "warnings": rows(issues)}


@router.get("/allocation-frameworks/{framework_id}")
def get_framework(db: Db, framework_id: str, response: Response, version: Version | None = None) -> dict[str, Any]:
    """A framework at a version, the newest without one; its ``ETag`` is the version, for ``If-Match``."""
    framework = design.get_framework(db, framework_id, version)
    response.headers["ETag"] = _tag(framework)
    return _document(framework)


@files.get("/allocation-frameworks/{framework_id}/file", response_class=Response)
def framework_file(
    db: Db, framework_id: str, format: Literal["json", "csv", "xlsx"] = "xlsx", version: Version | None = None
) -> Response:
    """The framework as a file: all of it as a workbook or JSON, or its tree as CSV."""
    framework = design.get_framework(db, framework_id, version)
    content = design.as_workbook(framework) if format == "xlsx" else design.as_text(framework, format)
    named = {"Content-Disposition": f'attachment; filename="framework.{format}"'}
    return Response(content, media_type=KINDS[format], headers=named)


@router.put("/allocation-frameworks/{framework_id}")
def revise_framework(
    db: Db,
    framework_id: str,
    sent: Body,
    response: Response,
    expected_version: Version | None = None,
    if_match: Annotated[str | None, Header(description="The ETag of the version that was edited.")] = None,
) -> dict[str, Any]:
    """The next version. The body's ``version``, ``?expected_version=`` or ``If-Match`` names the one that was edited.

    A CSV file holds the tree alone: everything else stays as it was.
    """
    current = design.get_framework(db, framework_id)
    if if_match is not None and if_match not in (_tag(current), "*"):
        raise HTTPException(412, f"If-Match names another version; the newest is {current.version}.")
    given, notes = _read(sent)
    began = expected_version or (current.version if if_match else given.version)
    if not began:
        hint = "Give version, ?expected_version= or If-Match."
        raise InputError("The body needs the version that was edited.", hint=hint)
    if sent.is_tree:
        given = replace(design.get_framework(db, framework_id, began), buckets=given.buckets)
    saved = design.revise(db, framework_id, began, given, notes)
    response.headers["ETag"] = _tag(saved)
    return {**_document(saved), "warnings": rows((*notes, *warnings(check(saved))))}


def _tag(framework: Framework) -> str:
    return f'"{framework.version}"'


@router.get("/allocation-frameworks/{framework_id}/versions")
def framework_versions(db: Db, framework_id: str, page: Paged) -> list[dict[str, Any]]:
    """A page of the versions, oldest first."""
    return [
        {"version": f.version, "name": f.name, "updated_at": _iso(f.updated_at)}
        for f in page.of(design.versions(db, framework_id))
    ]


@router.get("/allocation-frameworks/{framework_id}/diff")
def framework_diff(db: Db, framework_id: str, a: Version, b: Version) -> dict[str, Any]:
    """What changed from version ``a`` to version ``b``."""
    return {"a": a, "b": b, "changes": [change_json(change) for change in design.diff(db, framework_id, a, b)]}


@router.patch("/allocation-frameworks/{framework_id}")
def rename_framework(db: Db, framework_id: str, body: Raw) -> dict[str, Any]:
    """The framework under the ``name`` of the body, as its next version."""
    shelf.rename(db, "framework", framework_id, field(json_object(body), "name", str))
    return _document(design.get_framework(db, framework_id))


@router.post("/allocation-frameworks/{framework_id}/duplicate", status_code=201)
def duplicate_framework(db: Db, framework_id: str, response: Response) -> dict[str, Any]:
    """A copy of the newest version, under a name of its own."""
    copied = shelf.duplicate(db, "framework", framework_id)
    response.headers["Location"] = f"/api/v1/allocation-frameworks/{copied}"
    return _document(design.get_framework(db, copied))


@router.delete("/allocation-frameworks/{framework_id}")
def archive_framework(db: Db, framework_id: str) -> dict[str, Any]:
    """The framework leaves the lists and stays readable; the portfolios that use it are named and keep working."""
    return {"archived": True, "used_by": shelf.put_away(db, "framework", framework_id)}


@router.post("/allocation-frameworks/{framework_id}/restore")
def restore_framework(
    db: Db, framework_id: str, version: Version | None = None, expected_version: Version | None = None
) -> dict[str, Any]:
    """The framework back from the archive; with ``?version=`` that version saved again as the newest.

    ``?expected_version=`` names the newest version you know: a newer one answers 409.
    """
    if version is not None:
        design.restore(db, framework_id, version, expected_version)
    shelf.bring_back(db, "framework", framework_id)
    return _document(design.get_framework(db, framework_id))


@router.post("/allocation-frameworks/{framework_id}/map-products")
def map_products(db: Db, framework_id: str, body: Raw, version: Version | None = None) -> dict[str, object]:
    """Suggestions for every bucket; the body holds filters, which are rules, ``weights`` of the score, or nothing."""
    given = json_object(body)
    weights = given_weights(given)
    filters, notes = read_rules({name: value for name, value in given.items() if name != "weights"}, Place(BODY))
    if notes:
        raise InputError(notes[0].message, hint=notes[0].fix, subject=notes[0].subject)
    framework = design.get_framework(db, framework_id, version)
    buckets = mapping.suggest(db, framework, filters, weights=weights or USUAL)
    limits = mapping.limits(db, framework, mapping.beside_kept(db, framework, best_picks(buckets)))
    said = matching_json(buckets, weights or USUAL, mapping.of_named(db, framework))
    return said | {"constraints": verdicts_json(limits)}


@router.post("/analytics/validate-framework")
def validate_framework(sent: Body) -> dict[str, Any]:
    """Everything wrong with the framework in the body, as ``keel validate --json`` prints it."""
    given, notes = _read(sent)
    issues = (*notes, *check(given))
    wrong = errors(issues)
    limits = verdicts_json(at_design(understood(given)))
    return {"valid": not wrong, "errors": rows(wrong), "warnings": rows(warnings(issues)), "constraints": limits}
