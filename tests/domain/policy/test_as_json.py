"""Policies and run settings as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.policy.test_destination import BANDS

from keel.domain.policy.as_json import band_json, parse_band, parse_policy, policy_json
from keel.domain.policy.kinds import (
    Absolute,
    FiveTwentyFive,
    TrackingError,
    Trigger,
)
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, EverySessions, FlowMode, Policy, RunSettings, Scope
from keel.domain.policy.settings import parse_run_settings, settings_json
from keel.errors import InvalidPolicyError

LOOKS = st.one_of(st.sampled_from(list(Cadence)), st.builds(EverySessions, st.integers(1, 300)))
POLICIES = st.one_of(
    st.builds(
        Policy,
        st.just(Trigger.band),
        LOOKS,
        st.integers(0, 30),
        BANDS,
        st.floats(0, 1),
        st.sampled_from([None, Scope.breached_only]),
        st.integers(0, 400),
        st.integers(1, 12),
    ),
    st.builds(Policy, st.sampled_from([Trigger.calendar, Trigger.never]), LOOKS, st.integers(0, 30)),
)


@given(POLICIES)
def test_a_policy_survives_json(policy: Policy) -> None:
    assert parse_policy(json.loads(json.dumps(policy_json(policy)))) == policy


@given(BANDS)
def test_a_band_survives_json(band: Absolute) -> None:
    assert parse_band(json.loads(json.dumps(band_json(band)))) == band


def test_run_settings_survive_json() -> None:
    settings = RunSettings(
        lag=2, cost_bps={"VTI": 1.5}, fixed_fee=1.0, min_trade=50.0, charge_initial=True, risk_free=0.02
    )
    assert parse_run_settings(json.loads(json.dumps(settings_json(settings)))) == settings
    assert parse_run_settings({}) == RunSettings()


def test_flows_frozen_buckets_and_a_cash_series_survive_json() -> None:
    flows = Contributions(-250.0, Cadence.quarterly, 0.02, FlowMode.steer)
    settings = RunSettings(contributions=flows, frozen=("Bonds", "AssetClass/Gold"), risk_free="TBILL")
    assert parse_run_settings(json.loads(json.dumps(settings_json(settings)))) == settings


def test_contributions_are_monthly_and_proportional_unless_said() -> None:
    settings = parse_run_settings({"contributions": {"amount": 100}})
    assert settings.contributions == Contributions(100.0, Cadence.monthly, 0.0, FlowMode.proportional)


def test_a_tracking_error_judges_the_portfolio_and_no_bucket() -> None:
    policy = parse_policy({"trigger": "band", "band": {"kind": "tracking_error", "limit_bps": 150}})
    assert policy.band == TrackingError(150.0)
    assert parse_policy(policy_json(policy)) == policy
    with pytest.raises(InvalidPolicyError, match="a bucket cannot have one"):
        parse_band({"kind": "tracking_error"})


def test_a_preset_is_read_by_name() -> None:
    assert all(parse_policy(name) == policy for name, policy in PRESETS.items())


@pytest.mark.parametrize(("letter", "look"), [("Q", "quarterly"), ("A", "annual"), ("M", "monthly")])
@pytest.mark.parametrize("field", ["drift_bps", "band_bps"])
def test_the_short_form_is_an_absolute_band(letter: str, look: str, field: str) -> None:
    expected = Policy(Trigger.band, Cadence(look), band=Absolute(300))
    assert parse_policy({"cadence": letter, field: 300}) == expected


def test_missing_fields_take_their_defaults() -> None:
    found = parse_policy({"trigger": "band", "band": {"kind": "five_twenty_five"}})
    assert found == Policy(Trigger.band, Cadence.daily, band=FiveTwentyFive())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (None, "policy"),
        ([], "policy"),
        ("fortnightly", "policy"),
        ({}, "trigger"),
        ({"trigger": "sometimes"}, "trigger"),
        ({"trigger": "never", "colour": "red"}, "colour"),
        ({"trigger": "never", "lag": 1}, "lag"),
        ({"trigger": "calendar", "look": "fortnightly"}, "look"),
        ({"trigger": "calendar", "look": {"every_sessions": 0}}, "every_sessions"),
        ({"trigger": "calendar", "look": {"every_sessions": "3"}}, "look.every_sessions"),
        ({"trigger": "calendar", "look": {"sessions": 3}}, "sessions"),
        ({"trigger": "calendar", "offset": 1.5}, "offset"),
        ({"trigger": "calendar", "offset": True}, "offset"),
        ({"trigger": "calendar", "offset": -1}, "offset"),
        ({"trigger": "calendar", "band": {"kind": "absolute"}}, "band"),
        ({"trigger": "band"}, "band"),
        ({"trigger": "band", "band": {"width_bps": 500}}, "band.kind"),
        ({"trigger": "band", "band": {"kind": "wide"}}, "band.kind"),
        ({"trigger": "band", "band": {"kind": "absolute", "floor_bps": 1}}, "floor_bps"),
        ({"trigger": "band", "band": {"kind": "absolute", "width_bps": "5"}}, "band.width_bps"),
        ({"trigger": "band", "band": {"kind": "absolute", "width_bps": 10**400}}, "band.width_bps"),
        ({"trigger": "band", "band": {"kind": "absolute", "width_bps": float("nan")}}, "band.width_bps"),
        ({"trigger": "band", "band": 5}, "band"),
        ({"trigger": "band", "band": {"kind": "absolute"}, "destination": 2}, "destination"),
        ({"trigger": "band", "band": {"kind": "absolute"}, "scope": "all"}, "scope"),
        ({"trigger": "band", "band": {"kind": "absolute"}, "scope": "whole_book", "destination": 1}, "scope"),
        ({"cadence": "W", "drift_bps": 300}, "cadence"),
        ({"cadence": "Q"}, "drift_bps"),
        ({"cadence": "Q", "drift_bps": 1, "band_bps": 1}, "drift_bps"),
        ({"cadence": "Q", "drift_bps": 300, "trigger": "band"}, "trigger"),
    ],
)
def test_a_wrong_policy_is_one_sentence_that_names_the_field(given: object, field: str) -> None:
    with pytest.raises(InvalidPolicyError) as caught:
        parse_policy(given)
    assert caught.value.subject == field
    assert field.split(".")[-1] in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], "run settings"),
        ({"lags": 1}, "lags"),
        ({"lag": 0.5}, "lag"),
        ({"lag": -1}, "lag"),
        ({"cost_bps": "ten"}, "cost_bps"),
        ({"cost_bps": {"VTI": None}}, "cost_bps.VTI"),
        ({"charge_initial": 1}, "charge_initial"),
        ({"initial_value": -5}, "initial_value"),
        ({"risk_free": None}, "risk_free"),
        ({"risk_free": " "}, "risk_free"),
        ({"frozen": "Bonds"}, "frozen"),
        ({"contributions": 100}, "contributions"),
        ({"contributions": {}}, "contributions.amount"),
        ({"contributions": {"amount": 1, "cadence": "hourly"}}, "contributions.cadence"),
        ({"contributions": {"amount": 1, "mode": "random"}}, "contributions.mode"),
        ({"contributions": {"amount": 1, "growth": 1}}, "growth"),
    ],
)
def test_wrong_run_settings_are_one_sentence_that_names_the_field(given: object, field: str) -> None:
    with pytest.raises(InvalidPolicyError) as caught:
        parse_run_settings(given)
    assert caught.value.subject == field
    assert field in caught.value.message
