"""Grids: what they spell out, and what they refuse."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from keel.domain.policy.kinds import Absolute, Relative, Trigger
from keel.domain.policy.records import Cadence, EverySessions
from keel.domain.study.families import families
from keel.domain.study.grid import Grid, grid_json, over, parse_grid
from keel.errors import InputError, InvalidPolicyError

BAND: dict[str, Any] = {"trigger": "band", "band": {"kind": "absolute"}}


def grid(base: Any = BAND, limit: int = 1000, **axes: Any) -> Grid:
    return parse_grid({"base": base, "axes": {k.replace("__", "."): v for k, v in axes.items()}}, limit)


def test_rows_are_the_product_and_the_last_axis_varies_fastest() -> None:
    found = grid(band__width_bps=[100, 200], look=["daily", {"every_sessions": 5}], cost_bps=[0, 10, 20])
    assert found.size == 12
    assert found.at(0) == {"band.width_bps": 100, "look": "daily", "cost_bps": 0}
    assert found.at(4) == {"band.width_bps": 100, "look": {"every_sessions": 5}, "cost_bps": 10}
    policy, settings = found.policy(11)
    assert (policy.band, policy.look, settings.cost_bps) == (Absolute(200), EverySessions(5), 20)


def test_a_range_is_even_and_has_both_ends() -> None:
    widths = grid(band__width_bps={"from": 50, "to": 1000, "count": 20}).axes[0].values
    assert np.array_equal(np.asarray(widths), np.linspace(50, 1000, 20))


def test_a_preset_is_an_axis_and_other_axes_change_it() -> None:
    found = parse_grid({"axes": {"look": ["daily", "monthly"], "preset": ["annual", "abs_5pp"]}})
    assert [found.policy(i)[0].trigger for i in range(4)] == [Trigger.calendar, Trigger.band] * 2
    assert found.policy(2)[0].look is Cadence.monthly


def test_kind_and_width_combine() -> None:
    found = grid(band__kind=["absolute", "relative"], band__width_bps=[300])
    assert [found.policy(i)[0].band for i in range(2)] == [Absolute(300), Relative(300)]


def test_what_is_swept_over_comes_first() -> None:
    found = grid(lag=[0, 1], start=["2010-01-01", None], band__width_bps=[1])
    assert [axis.name for axis in found.axes] == ["start", "lag", "band.width_bps"]
    assert [axis.name for axis in over(found, "history", [0, 1]).scenarios] == ["history", "start"]


def test_widths_and_costs_are_no_families() -> None:
    found = grid(limit=10**7, band__width_bps={"from": 1, "to": 1000, "count": 1000}, cost_bps=[0, 1], lag=[0, 1])
    assert [family.size for family in families(found)] == [2000, 2000]


def test_a_forbidden_combination_is_named() -> None:
    with pytest.raises(InvalidPolicyError, match=r"trigger calendar, band\.width_bps 100 is not allowed"):
        families(grid(trigger=["band", "calendar"], band__width_bps=[100]))
    with pytest.raises(InvalidPolicyError, match=r"band\.width_bps -3, cost_bps 1 is not allowed"):
        families(grid(band__width_bps=[100, -3, 50], cost_bps=[1]))
    with pytest.raises(InvalidPolicyError, match=r"band\.width_bps 100, cost_bps 10000 is not allowed"):
        families(grid(band__width_bps=[100], cost_bps=[1, 10_000]))
    with pytest.raises(InvalidPolicyError, match=r"destination 0\.5, band\.width_bps 100"):
        families(grid({**BAND, "scope": "whole_book"}, destination=[0, 0.5], band__width_bps=[100]))


def test_forbidden_combinations_can_be_left_out() -> None:
    mixed = grid(trigger=["band", "calendar"], band__width_bps=[100, -3, 50, 20_000], cost_bps=[1, 10_000])
    (family,) = families(mixed, skip_invalid=True)
    assert (family.widths.tolist(), family.costs.tolist()) == ([0, 2], [0])
    relative = grid(band__kind=["relative", "absolute"], band__width_bps=[20_000])
    assert [f.values for f in families(relative, skip_invalid=True)] == [{"band.kind": "relative"}]
    with pytest.raises(InvalidPolicyError, match="No combination of the grid is allowed; the first: trigger calendar"):
        families(grid(trigger=["calendar"], band__width_bps=[100]), skip_invalid=True)


NONSENSE: list[tuple[Any, str]] = [
    ([], "must be a JSON object"),
    ({}, "must be a JSON object"),
    ({"axes": {}}, "no axes"),
    ({"axes": []}, "no axes"),
    ({"axes": {"lag": [0]}, "more": 1}, "'more' is not a field of the grid"),
    ({"axes": {"lag": []}}, "axis lag has no values"),
    ({"axes": {"lag": 3}}, "axis lag must be a list"),
    ({"axes": {"speed": [1]}}, "no axis 'speed'"),
    ({"axes": {"band.colour": [1]}}, "no axis 'band.colour'"),
    ({"axes": {"preset": ["daily"]}}, "axis preset has \"daily\""),
    ({"base": 3, "axes": {"lag": [0]}}, "base must be"),
    ({"base": "sometimes", "axes": {"lag": [0]}}, "no preset policy named 'sometimes'"),
    ({"base": {"tigger": 1}, "axes": {"lag": [0]}}, "unknown field 'tigger'"),
    ({"axes": {"lag": {"from": 0, "to": 1}}}, "must have from, to and count"),
    ({"axes": {"lag": {"from": 0, "to": 1, "count": 0}}}, "at least 1"),
    ({"axes": {"lag": {"from": 0, "to": 1, "count": 2.5}}}, "whole number"),
    ({"axes": {"lag": {"from": "a", "to": 1, "count": 2}}}, "must be numbers"),
    ({"axes": {"cost_bps": {"from": 0, "to": 10**400, "count": 2}}}, "too large"),
    ({"axes": {"cost_bps": {"from": 0, "to": 1, "count": 10**9}}}, "1,000,000,000 policies, more than the limit"),
    ({"axes": {n: {"from": 0, "to": 1, "count": 999} for n in ("lag", "offset", "cost_bps")}}, "997,002,999 policies"),
]  # fmt: skip


@pytest.mark.parametrize(("obj", "words"), NONSENSE)
def test_nonsense_gets_one_clear_sentence(obj: Any, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_grid(obj, 1000)
    assert words in refusal.value.message
    assert "\n" not in refusal.value.message


def test_the_limit_says_how_to_raise_it() -> None:
    with pytest.raises(InputError) as refusal:
        grid(lag=list(range(2000)))
    assert "--max-policies" in refusal.value.hint


@pytest.mark.parametrize(
    "one",
    [
        grid(band__width_bps={"from": 50, "to": 1000, "count": 64}, look=["daily", {"every_sessions": 5}]),
        grid(base="annual", start=["2010-01-31", None], cost_bps=[0, 2.5]),
        parse_grid({"axes": {"preset": ["annual", "abs_5pp"], "lag": [0, 1]}}),
    ],
)
def test_a_grid_survives_its_json(one: Grid) -> None:
    again = parse_grid(json.loads(json.dumps(grid_json(one))))
    assert again.shape == one.shape
    assert [again.at(row) for row in range(again.size)] == [one.at(row) for row in range(one.size)]
    assert [again.policy(row) for row in range(again.size)] == [one.policy(row) for row in range(one.size)]
    assert grid_json(again) == grid_json(one)
