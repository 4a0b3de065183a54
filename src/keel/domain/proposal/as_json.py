"""A proposal as the command line prints it and REST answers it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from keel.domain.constraints.as_json import verdicts_json
from keel.domain.constraints.evaluation import Verdict
from keel.domain.exchange.framework_json import framework_json
from keel.domain.framework.diff import Change, change_json
from keel.domain.issue import Finding, errors, rows, warnings
from keel.domain.proposal.records import Proposal


def proposal_json(
    proposal: Proposal, findings: tuple[Finding, ...], limits: Sequence[Verdict], changes: Sequence[Change]
) -> dict[str, object]:
    """The proposed framework, why each part of it is as it is, what was found wrong, and what it changes."""
    wrong = errors(findings)
    return {
        "source": proposal.source,
        "framework": json.loads(framework_json(proposal.framework)),
        "reasons": [asdict(reason) for reason in proposal.reasons],
        "notes": list(proposal.notes),
        "valid": not wrong,
        "errors": rows(wrong),
        "warnings": rows(warnings(findings)),
        "constraints": verdicts_json(limits),
        "changes": [change_json(change) for change in changes],
    }
