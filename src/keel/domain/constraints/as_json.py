"""Verdicts as plain values, ready for JSON: the command line and REST print the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keel.domain.constraints.evaluation import Status, Verdict
from keel.domain.framework.records import Constraint


def verdicts_json(verdicts: Iterable[Verdict]) -> list[dict[str, object]]:
    """Each verdict with its constraint; ``observed`` and ``limit`` are fractions, counts for ``max_holdings``."""
    return [
        {
            "type": v.constraint.type,
            "value": v.constraint.value,
            "unit": v.constraint.unit,
            "scope": v.constraint.scope,
            "status": str(v.status),
            "observed": v.observed,
            "observed_most": v.observed_most,
            "limit": v.limit,
            "offenders": list(v.offenders),
            "message": v.message,
        }
        for v in verdicts
    ]


def kept_verdicts(rows: Iterable[Mapping[str, Any]]) -> tuple[Verdict, ...]:
    """The verdicts that ``verdicts_json`` wrote, as they were.

    >>> kept_verdicts(verdicts_json(()))
    ()
    """
    return tuple(
        Verdict(
            Constraint(row["type"], row["value"], row["unit"], row["scope"]),
            Status(row["status"]),
            row["observed"],
            row["limit"],
            tuple(row["offenders"]),
            row["message"],
            row.get("observed_most", row["observed"]),  # plans of before knew one number
        )
        for row in rows
    )
