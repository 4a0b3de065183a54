"""What a policy may and may not say."""

from __future__ import annotations

import dataclasses
import math

import pytest

from keel.domain.policy.kinds import (
    Absolute,
    Corridor,
    Hybrid,
    Relative,
    TrackingError,
    Trigger,
)
from keel.domain.policy.records import (
    Cadence,
    Contributions,
    EverySessions,
    Policy,
    RunSettings,
    Scope,
    require_policy,
    scope_of,
)
from keel.domain.policy.settings import require_settings
from keel.errors import InvalidPolicyError

BAND = Policy(Trigger.band, band=Absolute())
CALENDAR = Policy(Trigger.calendar, Cadence.annual)


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (dataclasses.replace(CALENDAR, band=Absolute()), "band"),
        (dataclasses.replace(CALENDAR, destination=0.5), "destination"),
        (dataclasses.replace(CALENDAR, scope=Scope.breached_only), "scope"),
        (Policy(Trigger.band), "band"),
        (dataclasses.replace(BAND, offset=-1), "offset"),
        (dataclasses.replace(BAND, tranches=0), "tranches"),
        (dataclasses.replace(BAND, tranches=101), "tranches"),
        (dataclasses.replace(BAND, cooldown_days=-1), "cooldown_days"),
        (dataclasses.replace(BAND, destination=1.5), "destination"),
        (dataclasses.replace(BAND, destination=-0.1), "destination"),
        (dataclasses.replace(BAND, destination=math.nan), "destination"),
        (dataclasses.replace(BAND, destination=0.5, scope=Scope.whole_book), "scope"),
        (dataclasses.replace(BAND, look=EverySessions(0)), "every_sessions"),
        (dataclasses.replace(BAND, band=TrackingError(), destination=0.5), "destination"),
        (dataclasses.replace(BAND, band=TrackingError(), scope=Scope.breached_only), "destination"),
        (dataclasses.replace(BAND, band=TrackingError(-1)), "band.limit_bps"),
        (dataclasses.replace(BAND, band=Absolute(-1)), "band.width_bps"),
        (dataclasses.replace(BAND, band=Absolute(10_001)), "band.width_bps"),
        (dataclasses.replace(BAND, band=Relative(math.inf)), "band.width_bps"),
        (dataclasses.replace(BAND, band=Hybrid(floor_bps=-5)), "band.floor_bps"),
        (dataclasses.replace(BAND, band=Corridor(above_bps=math.nan)), "band.above_bps"),
    ],
)
def test_a_forbidden_policy_is_refused_by_field(policy: Policy, field: str) -> None:
    with pytest.raises(InvalidPolicyError) as caught:
        require_policy(policy)
    assert caught.value.subject == field
    assert field.split(".")[-1] in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message


def test_a_calendar_policy_may_name_its_only_scope_and_destination() -> None:
    require_policy(dataclasses.replace(CALENDAR, scope=Scope.whole_book, destination=0.0))


def test_band_may_trade_breached_leaves_to_target_and_may_be_zero_wide() -> None:
    require_policy(dataclasses.replace(BAND, scope=Scope.breached_only, band=Absolute(0)))


def test_scope_follows_the_destination() -> None:
    assert scope_of(BAND) is Scope.whole_book
    assert scope_of(dataclasses.replace(BAND, destination=0.1)) is Scope.breached_only
    assert scope_of(dataclasses.replace(BAND, scope=Scope.breached_only)) is Scope.breached_only


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (RunSettings(lag=-1), "lag"),
        (RunSettings(cost_bps=-1), "cost_bps"),
        (RunSettings(cost_bps=10_000), "cost_bps"),
        (RunSettings(cost_bps=math.nan), "cost_bps"),
        (RunSettings(cost_bps={"VTI": -1}), "cost_bps.VTI"),
        (RunSettings(fixed_fee=-1), "fixed_fee"),
        (RunSettings(min_trade=-1), "min_trade"),
        (RunSettings(initial_value=0), "initial_value"),
        (RunSettings(annual_fee_bps=-1), "annual_fee_bps"),
        (RunSettings(risk_free=-1), "risk_free"),
        (RunSettings(risk_free=""), "risk_free"),
        (RunSettings(contributions=Contributions(math.nan)), "contributions.amount"),
        (RunSettings(contributions=Contributions(1.0, growth_per_year=-1.0)), "contributions.growth_per_year"),
    ],
)
def test_a_run_setting_out_of_range_is_refused_by_field(settings: RunSettings, field: str) -> None:
    with pytest.raises(InvalidPolicyError) as caught:
        require_settings(settings)
    assert caught.value.subject == field
    assert field in caught.value.message
