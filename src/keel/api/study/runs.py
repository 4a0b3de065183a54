"""Stored runs over REST: listed, read, computed again, renamed, copied, put away and brought back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import Db, Raw, field, json_object, optional
from keel.api.study.backtest import WithRisk, study_json
from keel.domain.study.question import question_json
from keel.domain.study.resampling import USUAL, Resampling
from keel.services import audit, luck, study
from keel.services.work import shelf
from keel.store.runs import Run

router = APIRouter(route_class=Route)


def _row(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "portfolio_id": run.question.portfolio_id,
        "portfolio_version": run.question.portfolio_version,
        "framework_id": run.framework_id,
        "framework_version": run.framework_version,
        "created_at": run.created_at.isoformat() if run.created_at else None,
    }


def _document(run: Run) -> dict[str, Any]:
    asked = question_json(run.question)
    return _row(run) | {"asked": asked, "metrics": run.metrics, "prices_fingerprint": run.fingerprint}


@router.get("/runs")
def list_runs(db: Db, page: Paged, portfolio_id: str = "") -> list[dict[str, Any]]:
    """A page of the runs, of one portfolio where it is named, newest first."""
    return [_row(run) for run in page.of(shelf.list_runs(db, portfolio_id or None))]


@router.get("/runs/{run_id}")
def get_run(db: Db, run_id: str) -> dict[str, Any]:
    """What a run was asked, and the metrics it gave then."""
    return _document(shelf.get_run(db, run_id))


@router.get("/runs/{run_id}/result")
def compute_run(db: Db, run_id: str, risk: WithRisk = False) -> dict[str, Any]:
    """The run computed again, as a backtest answers; a note says so where prices have changed since."""
    return study_json(study.get_run(db, run_id), risk=risk)


@router.patch("/runs/{run_id}")
def rename_run(db: Db, run_id: str, body: Raw) -> dict[str, Any]:
    """The run under the ``name`` of the body."""
    shelf.rename(db, "run", run_id, field(json_object(body), "name", str))
    return _document(shelf.get_run(db, run_id))


@router.post("/runs/{run_id}/duplicate", status_code=201)
def duplicate_run(db: Db, run_id: str, response: Response) -> dict[str, Any]:
    """The same run under an id and a name of its own."""
    copied = shelf.duplicate(db, "run", run_id)
    response.headers["Location"] = f"/api/v1/runs/{copied}"
    return _document(shelf.get_run(db, copied))


@router.delete("/runs/{run_id}")
def archive_run(db: Db, run_id: str) -> dict[str, Any]:
    """The run leaves the lists and stays readable."""
    return {"archived": True, "used_by": shelf.put_away(db, "run", run_id)}


@router.post("/runs/{run_id}/restore")
def restore_run(db: Db, run_id: str) -> dict[str, Any]:
    """The run back from the archive."""
    shelf.bring_back(db, "run", run_id)
    return _document(shelf.get_run(db, run_id))


@router.post("/runs/{run_id}/luck", status_code=202)
def ask_luck(db: Db, run_id: str, body: Raw, response: Response) -> dict[str, Any]:
    """What of a run could be luck, as a job: ``histories``, ``seed`` and the ``block`` of the draws, or nothing."""
    given = json_object(body)
    histories = optional(given, "histories", int, USUAL.draws)
    how = Resampling(histories, optional(given, "seed", int, 0), block=optional(given, "block", int, None))
    return jobs.begun(db, luck.ask_report(db, run_id, how), response)


@router.post("/runs/{run_id}/verify", status_code=202)
def ask_audit(db: Db, run_id: str, response: Response) -> dict[str, Any]:
    """The trades of a run replayed by vectorbt, as a job. Needs vectorbt where the server runs."""
    shelf.get_run(db, run_id)
    return jobs.begun(db, audit.begin(db, run_id), response)


@router.get("/archived")
def list_archived(db: Db, page: Paged) -> list[dict[str, Any]]:
    """A page of what is put away, profiles, frameworks, portfolios and runs, the last first."""
    return [
        {
            "noun": one.noun,
            "id": one.id,
            "name": one.name,
            "archived_at": one.archived_at.isoformat() if one.archived_at else None,
        }
        for one in page.of(shelf.archived(db))
    ]
