"""Verdicts as plain values, ready for JSON: the command line and REST print the same."""

from __future__ import annotations

from collections.abc import Iterable

from keel.domain.constraints.evaluation import Verdict


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
            "limit": v.limit,
            "offenders": list(v.offenders),
            "message": v.message,
        }
        for v in verdicts
    ]
