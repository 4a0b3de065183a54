"""A candidate: a policy with its run settings, by a name, compared with others."""

from __future__ import annotations

from dataclasses import dataclass, field

from keel.domain.policy.records import (
    Policy,
    RunSettings,
    require_policy,
    require_settings,
)


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
