"""Candidates: what is compared survives its JSON, and what is out of range is refused."""

from __future__ import annotations

import json

import pytest

from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Policy, RunSettings
from keel.domain.study.candidate import Candidate, candidate_json, parse_candidate, require
from keel.errors import InvalidPolicyError


@pytest.mark.parametrize(
    "one",
    [
        *(Candidate(name, policy) for name, policy in PRESETS.items()),
        Candidate("±3 pp every 5", Policy(Trigger.band, EverySessions(5), band=Absolute(1 / 3)), RunSettings(lag=1)),
        Candidate("Dear", Policy(), RunSettings(cost_bps={"SPY": 2.5}, risk_free="US T-bill 3M")),
    ],
    ids=lambda one: one.name,
)
def test_a_candidate_survives_its_json(one: Candidate) -> None:
    assert parse_candidate(json.loads(json.dumps(candidate_json(one)))) == one


def test_the_first_out_of_range_is_refused() -> None:
    good = Candidate("Good", Policy(Trigger.calendar, Cadence.annual))
    require(good)
    with pytest.raises(InvalidPolicyError):
        require(good, Candidate("Bad", Policy(), RunSettings(lag=-1)))
