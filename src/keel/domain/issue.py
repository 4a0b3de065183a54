"""A foreseeable problem as a value: found, listed with the others, and fixed by choice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Severity(StrEnum):
    """An error blocks saving; a warning informs."""

    error = "error"
    warning = "warning"


@dataclass(frozen=True, slots=True)
class Edit:
    """One weight of one bucket set to ``value`` (fraction of the whole portfolio; None removes a limit)."""

    path: str
    field: Literal["target_weight", "min_weight", "max_weight"]
    value: float | None


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy a person can choose: the words of its button and the edits it makes, all at once."""

    label: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. ``fix`` says in words what to do; ``fixes`` are the remedies that can be applied."""

    code: str
    severity: Severity
    subject: str
    message: str
    fix: str = ""
    fixes: tuple[Fix, ...] = ()


def errors(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Those that block."""
    return tuple(i for i in issues if i.severity is Severity.error)


def warnings(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Those that only inform."""
    return tuple(i for i in issues if i.severity is Severity.warning)
