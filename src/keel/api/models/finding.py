"""What is wrong, and what to do about it."""

from __future__ import annotations

from pydantic import BaseModel


class Finding(BaseModel):
    """A foreseeable problem; ``subject`` is the path, field or symbol it is about."""

    code: str
    subject: str
    message: str
    fix: str


class Verdict(BaseModel):
    """Everything wrong with a framework, as ``keel validate --json`` prints it."""

    valid: bool
    errors: list[Finding]
    warnings: list[Finding]
