"""A candidate: a policy with its run settings, by a name, compared with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.records import Policy, RunSettings, require_policy
from keel.domain.policy.settings import parse_run_settings, require_settings, settings_json


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared: two candidates may differ in the policy, in what a run assumes (its cost), or in both."""

    name: str
    policy: Policy
    settings: RunSettings = field(default_factory=RunSettings)


def require(*candidates: Candidate) -> None:
    """Raises InvalidPolicyError for the first policy or setting out of range."""
    for candidate in candidates:
        require_settings(candidate.settings)
        require_policy(candidate.policy)


def candidate_json(candidate: Candidate) -> dict[str, object]:
    """The candidate as JSON values; ``parse_candidate`` reads it back equal."""
    return {
        "name": candidate.name,
        "policy": policy_json(candidate.policy),
        "settings": settings_json(candidate.settings),
    }


def parse_candidate(given: Mapping[str, Any]) -> Candidate:
    """The candidate of ``candidate_json``. Raises InvalidPolicyError.

    >>> one = Candidate("Dear", Policy(), RunSettings(cost_bps=50.0))
    >>> parse_candidate(candidate_json(one)) == one
    True
    """
    return Candidate(given["name"], parse_policy(given["policy"]), parse_run_settings(given["settings"]))
