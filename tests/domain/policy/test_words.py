"""Policies in plain words."""

from __future__ import annotations

from hypothesis import given
from tests.domain.policy.test_as_json import POLICIES

from keel.domain.policy.kinds import (
    Absolute,
    Corridor,
    TrackingError,
    Trigger,
)
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Policy, Scope
from keel.domain.policy.words import PRESET_LABELS, describe, preset_name


def test_every_preset_has_a_label_and_its_own_name() -> None:
    assert list(PRESET_LABELS) == list(PRESETS)
    assert [preset_name(policy) for policy in PRESETS.values()] == list(PRESETS)


def test_the_default_scope_spelled_out_is_the_same_preset() -> None:
    assert preset_name(Policy(Trigger.band, band=Absolute(500), scope=Scope.whole_book)) == "abs_5pp"
    assert preset_name(Policy(Trigger.band, band=Absolute(501))) is None


def test_a_tracking_error_is_said_as_a_limit() -> None:
    policy = Policy(Trigger.band, Cadence.monthly, band=TrackingError(250))
    assert describe(policy) == "Tracking error over 2.5%, looked at every month, back to target"


def test_all_that_differs_is_said() -> None:
    policy = Policy(Trigger.band, Cadence.monthly, 2, Corridor(100, 300), 0.25, cooldown_days=30, tranches=3)
    assert describe(policy) == (
        "−1/+3 pp band, looked at every month, breached leaves to 25% of the band, 2 sessions later, "
        "at least 30 days after the last, in 3 tranches"
    )


@given(POLICIES)
def test_every_policy_can_be_described(policy: Policy) -> None:
    assert describe(policy)
