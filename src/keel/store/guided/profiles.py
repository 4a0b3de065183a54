"""Profiles of investors: every version is kept and none changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from keel.domain.profile.as_json import read_wishes, scores_json, stored_scores, wishes_json
from keel.domain.profile.record import InvestorProfile
from keel.domain.reading.place import Place
from keel.errors import EditConflictError, ProfileNotFoundError
from keel.store.archive import IS_ARCHIVED
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, document, moment, new_id, now, stamp


def save(db: Database, profile: InvestorProfile, expected_version: int | None = None) -> InvestorProfile:
    """The profile as stored: version 1 of one without an id, else the version after ``expected_version``.

    Without that it is the profile's own. Raises ProfileNotFoundError, and EditConflictError when a newer one was saved.
    """
    began = profile.version if expected_version is None else expected_version

    def work(cursor: Cursor) -> InvestorProfile:
        db.touch("profiles")
        return _save(cursor, profile, began)

    return db.transact(work)


def get(db: Database, id: str, version: int | None = None) -> InvestorProfile:
    """One version of a profile, the newest without ``version``. Raises ProfileNotFoundError."""
    with db.cursor() as cursor:
        return _get(cursor, id, version)


def list_latest(db: Database, *, archived: bool = False) -> tuple[InvestorProfile, ...]:
    """The newest version of every profile, last saved first: of those in the lists, or of those that are archived."""

    def read() -> tuple[InvestorProfile, ...]:
        with db.cursor() as cursor:
            rows = cursor.execute(
                f"{_SELECT} and {IS_ARCHIVED['profile']} = $archived"
                " qualify row_number() over (partition by id order by version desc) = 1"
                " order by updated_at desc, id",
                {"archived": archived},
            ).fetchall()
        return tuple(_profile(row) for row in rows)

    return _lists.recall(db, (archived, db.revision("profiles"), db.revision("archived")), read)


_lists: Memory[tuple[InvestorProfile, ...]] = Memory(2)


_SELECT = (
    "select id, version, name, risk_band, answers, scores, wishes, created_at, updated_at"
    " from investment_profiles i where owner = getvariable('owner')"
)


def _save(cursor: Cursor, profile: InvestorProfile, began: int) -> InvestorProfile:
    at = now()
    before = _get(cursor, profile.id, None) if profile.id else None
    if before is not None and before.version != began:
        message = f"{before.name} was saved as version {before.version} meanwhile."
        raise EditConflictError(message, current=before.version, hint="Look at it, then save again.", subject=before.id)
    stored = replace(
        profile,
        id=profile.id or new_id("profile"),
        version=1 if before is None else before.version + 1,
        created_at=at if before is None else before.created_at,
        updated_at=at,
    )
    cursor.execute(
        "insert into investment_profiles (id, version, owner, name, risk_band, answers, scores, wishes,"
        " created_at, updated_at) values ($id, $version, getvariable('owner'), $name, $risk_band, $answers, $scores,"
        " $wishes,"
        " $created, $updated)",
        _columns(stored),
    )
    return stored


def _columns(profile: InvestorProfile) -> dict[str, object]:
    created, updated = (at and stamp(at) for at in (profile.created_at, profile.updated_at))
    return {
        "id": profile.id,
        "version": profile.version,
        "name": profile.name,
        "risk_band": profile.assessed.risk_band,
        "answers": document(profile.answers),
        "scores": document(scores_json(profile.assessed)),
        "wishes": document(wishes_json(profile.wishes)),
        "created": created,
        "updated": updated,
    }


def _get(cursor: Cursor, id: str, version: int | None) -> InvestorProfile:
    row = first_row(
        cursor.execute(
            f"{_SELECT} and id = $id and ($version is null or version = $version) order by version desc limit 1",
            {"id": id, "version": version},
        )
    )
    if row is None:
        what = f"profile {id}" if version is None else f"version {version} of profile {id}"
        raise ProfileNotFoundError(f"There is no {what}.", hint=ELSEWHERE, subject=id)
    return _profile(row)


def _profile(row: tuple[Any, ...]) -> InvestorProfile:
    id, version, name, risk_band, answers, scores, wishes, created, updated = row
    return InvestorProfile(
        name=name,
        answers=json.loads(answers),
        assessed=stored_scores(risk_band, json.loads(scores)),
        wishes=read_wishes(json.loads(wishes), Place(f"profile {id}")),
        id=id,
        version=version,
        created_at=moment(created),
        updated_at=moment(updated),
    )
