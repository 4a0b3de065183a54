"""The one table of run settings: every field has its JSON, its words and its control; JSON of before still reads."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from keel.domain.policy.records import (
    Cadence,
    Contributions,
    FlowMode,
    RunSettings,
)
from keel.domain.policy.settings import (
    SETTINGS,
    flow_words,
    parse_run_settings,
    require_settings,
    settings_json,
    unusual,
)
from keel.domain.study.grid import parse_grid
from keel.errors import InvalidPolicyError

OTHER = RunSettings(
    lag=1,
    cost_bps={"SPY": 5.0},
    fixed_fee=2.0,
    min_trade=50.0,
    charge_initial=True,
    initial_value=500.0,
    annual_fee_bps=25.0,
    risk_free="BIL",
    contributions=Contributions(-100.0, Cadence.annual, 0.02, FlowMode.steer),
    frozen=("A/Gold",),
    allow_gaps=True,
)
NAMES = [field.name for field in fields(RunSettings)]


def test_the_table_has_a_row_for_every_field_in_its_order() -> None:
    assert list(SETTINGS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_that_differs_reads_back_from_its_json_and_has_words(name: str) -> None:
    one = replace(RunSettings(), **{name: getattr(OTHER, name)})
    assert one != RunSettings()
    assert parse_run_settings(settings_json(one)) == one
    assert list(unusual(one)) == [SETTINGS[name].label]
    assert unusual(one)[SETTINGS[name].label]
    assert unusual(one, said=(name,)) == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_an_axis_of_a_grid(name: str) -> None:
    value = settings_json(OTHER)[name]
    grid = parse_grid({"base": {"trigger": "never"}, "axes": {name: [value]}})
    assert getattr(grid.policy(0)[1], name) == getattr(OTHER, name)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lag": -1}, "lag must be a whole number of at least 0"),
        ({"cost_bps": {"SPY": 10_000.0}}, "cost_bps.SPY"),
        ({"initial_value": 0.0}, "initial_value must be more than 0"),
        ({"initial_value": 5e-324}, "initial_value must be between"),
        ({"min_trade": 1e30}, "min_trade must be between 0 and"),
        ({"risk_free": " "}, "risk_free"),
        ({"contributions": Contributions(1.0, growth_per_year=-1.0)}, "contributions.growth_per_year"),
        ({"fixed_fee": -1.0}, "fixed_fee must be at least 0"),
    ],
)
def test_what_is_out_of_range_is_named(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidPolicyError, match=words):
        require_settings(replace(RunSettings(), **wrong))  # type: ignore[arg-type]


def test_flows_in_words() -> None:
    assert flow_words(Contributions(50.0, Cadence.weekly)) == "$50 put in each week"
    less = Contributions(-50.0, growth_per_year=-0.01)
    assert flow_words(less, "EUR") == "€50 taken out each month, 1.0% less each year"
