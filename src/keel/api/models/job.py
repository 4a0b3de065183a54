"""Background work."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue

from keel.api.models.values import Moment
from keel.store.work.jobs import Status


class Progress(BaseModel):
    """So many of so many are done; ``total`` is 0 until it is known."""

    done: int
    total: int


class Job(BaseModel):
    """How far a job is, and what it came to."""

    id: str
    kind: str
    request: dict[str, JsonValue]
    status: Status
    progress: Progress
    message: str
    result: dict[str, JsonValue] | None
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
