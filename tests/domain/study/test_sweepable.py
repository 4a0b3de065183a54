"""The table of axes that a form offers, beside what the engine sweeps, and its values as text."""

from __future__ import annotations

import pytest

from keel.domain.policy.records import RunSettings
from keel.domain.study.grid import POLICY_FIELDS, SETTING_FIELDS, parse_grid
from keel.domain.study.sweepable import MOST_VALUES, SWEEPABLE, Group, Way, typed, usual, written
from keel.errors import InputError

# What the engine sweeps and no form does, with the reason.
ON_NO_FORM = {
    "trigger": "a lab is about bands; what looks and never trades stands beside it",
    "initial_value": "the portfolio's size, not a choice among policies",
    "risk_free": "what a ratio is measured against",
    "contributions": "what the person does, whatever the policy",
    "frozen": "what may be traded at all",
    "allow_gaps": "how prices are read",
}


def test_every_field_that_the_engine_sweeps_is_on_the_form_or_has_a_reason() -> None:
    assert set(SWEEPABLE) | set(ON_NO_FORM) == {*POLICY_FIELDS, *SETTING_FIELDS}
    assert not set(SWEEPABLE) & set(ON_NO_FORM)
    assert {row.group for row in SWEEPABLE.values()} == set(Group)


@pytest.mark.parametrize("name", [row.name for row in SWEEPABLE.values() if row.way in (Way.choices, Way.numbers)])
def test_what_a_form_takes_is_an_axis_of_the_engine(name: str) -> None:
    row = SWEEPABLE[name]
    values = tuple(row.values) or typed(name, "1, 7")
    assert typed(name, written(values)) == tuple(sorted(values))
    assert len({row.said(value) for value in values}) == len(values)
    for value in values:
        scope = {"scope": "breached_only"} if value and name == "destination" else {}
        base = {"trigger": "band", "band": {"kind": "absolute"}} | scope
        parse_grid({"base": base, "axes": {name: [value]}}).policy(0)


def test_what_is_usual_is_what_a_run_has() -> None:
    assert usual("min_trade", RunSettings(min_trade=50.0)) == 50.0
    assert usual("cooldown_days", RunSettings()) == 0
    assert usual("scope", RunSettings()) is None


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("fixed_fee", "0, dear", "Fee per order: 'dear' is not a number."),
        ("fixed_fee", "nan", "Fee per order: 'nan' is not a number."),
        ("min_trade", "-5", "Smallest order must be at least 0, not -5."),
        ("annual_fee_bps", "10000", "Advisory fee must be at least 0 and less than 10000, not 10000."),
        ("tranches", "1, 2.5", "Tranches must be a whole number, not 2.5."),
        ("tranches", "0", "Tranches must be a whole number of at least 1, not 0."),
        ("cooldown_days", "-1", "Days between trades must be a whole number of at least 0, not -1."),
        ("tranches", " ".join(map(str, range(1, MOST_VALUES + 2))), "Tranches takes at most 20 values, not 21."),
    ],
)
def test_a_value_that_is_none_is_one_sentence(name: str, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        typed(name, text)
    assert caught.value.message == words
