"""Plans: what was asked of a portfolio, what it said, and what became of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from keel.domain.plan.ask import ask_json, parse_ask
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.domain.reading.place import Place
from keel.errors import PlanNotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import ELSEWHERE, document, moment, new_id, now, stamp


def save(db: Database, plan: PlanRecord) -> PlanRecord:
    """The plan as stored: a new one without an id, else in place of the one with that id. Raises PlanNotFoundError."""
    stored = replace(plan, id=plan.id or new_id("pln"), created_at=plan.created_at or now())

    def work(cursor: Cursor) -> PlanRecord:
        if plan.id:
            _get(cursor, plan.id)
        cursor.execute(_SAVE, _columns(stored))
        return stored

    return db.transact(work)


def get(db: Database, id: str) -> PlanRecord:
    """One plan. Raises PlanNotFoundError."""
    with db.joined() as cursor:
        return _get(cursor, id)


def list_for(db: Database, portfolio_id: str) -> tuple[PlanRecord, ...]:
    """The plans of a portfolio, newest first."""
    with db.joined() as cursor:
        rows = cursor.execute(
            f"{_SELECT} and portfolio_id = $portfolio order by created_at desc, id",
            {"portfolio": portfolio_id},
        ).fetchall()
    return tuple(_plan(row) for row in rows)


def list_accepted(db: Database) -> tuple[PlanRecord, ...]:
    """The plans of all portfolios that are to be traded, newest first."""
    with db.joined() as cursor:
        rows = cursor.execute(f"{_SELECT} and status = 'accepted' order by created_at desc, id").fetchall()
    return tuple(_plan(row) for row in rows)


_SELECT = (
    "select id, portfolio_id, portfolio_version, request, lines, status, created_at, accepted_at, executed_at"
    " from plans where owner = getvariable('owner')"
)
_SAVE = (
    "insert into plans (id, owner, portfolio_id, portfolio_version, kind, request, fingerprint, lines, edits, status,"
    " created_at, accepted_at, executed_at) values ($id, getvariable('owner'), $portfolio, $version, $kind, $request,"
    " $fingerprint, $lines, $edits, $status, $created, $accepted, $executed) on conflict (id) do update set"
    " portfolio_version = excluded.portfolio_version, request = excluded.request, fingerprint = excluded.fingerprint,"
    " lines = excluded.lines, edits = excluded.edits, status = excluded.status, accepted_at = excluded.accepted_at,"
    " executed_at = excluded.executed_at"
)


def _columns(plan: PlanRecord) -> dict[str, object]:
    asked = ask_json(plan.ask)
    lines = {"said": plan.said, "prices": plan.prices, "cash_change": plan.cash_change}
    return {
        "id": plan.id,
        "portfolio": plan.portfolio_id,
        "version": plan.portfolio_version,
        "kind": plan.ask.kind,
        "request": document({"ask": asked, "beside": plan.request}),
        "fingerprint": plan.fingerprint,
        "lines": document(lines),
        "edits": json.dumps(asked["edits"]),
        "status": plan.status.value,
        "created": stamp(plan.created_at or now()),
        "accepted": plan.accepted_at and stamp(plan.accepted_at),
        "executed": plan.executed_at and stamp(plan.executed_at),
    }


def _get(cursor: Cursor, id: str) -> PlanRecord:
    row = first_row(cursor.execute(f"{_SELECT} and id = $id", {"id": id}))
    if row is None:
        raise PlanNotFoundError(f"There is no plan {id}.", hint=ELSEWHERE, subject=id)
    return _plan(row)


def _plan(row: tuple[Any, ...]) -> PlanRecord:
    id, portfolio_id, version, request, lines, status, created, accepted, executed = row
    asked, told = json.loads(request), json.loads(lines)
    return PlanRecord(
        portfolio_id=portfolio_id,
        portfolio_version=version,
        ask=parse_ask(asked["ask"], Place("plan")),
        request=asked["beside"],
        prices=told["prices"],
        said=told["said"],
        cash_change=told["cash_change"],
        status=PlanStatus(status),
        id=id,
        created_at=moment(created),
        accepted_at=accepted and moment(accepted),
        executed_at=executed and moment(executed),
    )
