"""What is wrong, and what to do about it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Finding(BaseModel):
    """A foreseeable problem; ``subject`` is the path, field or symbol it is about."""

    code: str
    subject: str
    message: str
    fix: str


class LimitVerdict(BaseModel):
    """How a limit stands: ``pass``, ``fail`` or ``unknown``, in fractions or counts.

    ``observed`` is what is known, ``observed_most`` what it may be with all that is not; null where nothing bounds it.
    """

    type: str
    value: float
    unit: str
    scope: str
    status: Literal["pass", "fail", "unknown"]
    observed: float | None
    observed_most: float | None
    limit: float | None
    offenders: list[str]
    message: str


class Verdict(BaseModel):
    """Everything wrong with a framework, as ``keel validate --json`` prints it."""

    valid: bool
    errors: list[Finding]
    warnings: list[Finding]
    constraints: list[LimitVerdict]
