"""One kind of finding: a foreseeable problem as a value, listed with the others and fixed by choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Severity(StrEnum):
    """An error blocks: a framework is not saved, a product not studied. A warning informs, a note stands beside."""

    error = "error"
    warning = "warning"
    note = "note"


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
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with ``subject`` (a path, a field, a symbol), and what to do about it.

    ``fix`` says in words what to do, ``fixes`` are the remedies that can be applied, ``affects`` says what suffers.
    ``step`` is the step of the journey where it is put right.
    """

    code: str
    severity: Severity
    subject: str
    message: str
    fix: str = ""
    fixes: tuple[Fix, ...] = ()
    affects: str = ""
    step: str = "allocation"


def errors(issues: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that block."""
    return tuple(i for i in issues if i.severity is Severity.error)


def warnings(issues: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that only inform."""
    return tuple(i for i in issues if i.severity is Severity.warning)


def rows(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The findings as JSON values, as the command line and REST print them.

    >>> rows([Finding("empty", Severity.warning, "", "There are no buckets yet.", "Add a bucket.")])
    [{'code': 'empty', 'subject': '', 'message': 'There are no buckets yet.', 'fix': 'Add a bucket.'}]
    """
    return [{"code": f.code, "subject": f.subject, "message": f.message, "fix": f.fix} for f in findings]
