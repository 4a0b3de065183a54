"""Background work over REST: how far it is, and a way to stop it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.request import Db
from keel.services.shared import jobs
from keel.services.shared.job import Job
from keel.store.connection import Database
from keel.store.work.jobs import JobRow

router = APIRouter(route_class=Route)
# The answers beside 201 of an address that takes a file.
BESIDE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A preview"},
    202: {"description": "A job: the file is large"},
}


def document(job: JobRow) -> dict[str, Any]:
    """The job as REST tells of it."""
    return {
        "id": job.id,
        "kind": job.kind,
        "request": job.request,
        "status": job.status.value,
        "progress": {"done": job.done, "total": job.total},
        "message": job.message,
        "result": job.result,
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
    }


def begun(db: Database, job: Job[Any], response: Response) -> dict[str, Any]:
    """The job as it is now: accepted, and ``Location`` is where it is watched and stopped.

    One that a restart or somebody ended before is begun again: who asks wants the answer.
    """
    job = jobs.again(db, job.row.id) if job.cut_short else job
    response.status_code = 202
    response.headers["Location"] = f"/api/v1/jobs/{job.row.id}"
    return document(job.now())


@router.get("/jobs/{job_id}")
def get_job(db: Db, job_id: str) -> dict[str, Any]:
    """How far a job is, and what it came to."""
    return document(jobs.get(db, job_id))


@router.delete("/jobs/{job_id}")
def cancel_job(db: Db, job_id: str) -> dict[str, Any]:
    """The job, asked to end with what it has; one that has ended stays as it is."""
    return document(jobs.cancel(db, job_id))
