"""What went wrong, as RFC 9457 has it."""

from __future__ import annotations

from pydantic import BaseModel

from keel.api.models.finding import Finding
from keel.domain.issue import Severity


class Issue(Finding):
    """A finding and how much it weighs."""

    severity: Severity


class Problem(BaseModel):
    """A problem document; ``row`` and ``column`` are an import's, ``issues`` a framework's, ``current`` an edit's."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    subject: str | None = None
    row: int | None = None
    column: str | None = None
    current: int | None = None
    issues: list[Issue] | None = None


class ServerHealth(BaseModel):
    """The server answers and the database is open."""

    status: str
    version: str
