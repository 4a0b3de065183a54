"""Frameworks as JSON: what is written reads back equal, and whatever is wrong is named with its field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.exchange.files import buckets, json_values, refused, survives
from tests.domain.trees import flat, frameworks

from keel.domain.exchange.framework_file import read_framework
from keel.domain.exchange.framework_json import framework_json
from keel.domain.framework.records import Framework
from keel.domain.framework.validation import check
from keel.domain.issue import Severity
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Cadence, Policy
from keel.errors import KeelError

B = {"path": "A/B", "target_weight": 1}


@given(frameworks())
def test_json_is_lossless(made: Framework) -> None:
    assert read_framework(framework_json(made).encode(), "any.json") == (made, ())


def test_the_short_form_of_a_policy_is_read() -> None:
    row = {"path": "A/B", "target_weight": 1}
    made, _ = read_framework(buckets(row, rebalancing={"cadence": "Q", "drift_bps": 300}).encode(), "mix.json")
    assert made.rebalancing == Policy(Trigger.band, Cadence.quarterly, band=Absolute(300))


def test_unknown_fields_are_named_and_ignored() -> None:
    row = {"path": "A/B", "target_weight": 1, "colour": "red", "rules": {"min_age": 3}}
    _, notes = read_framework(
        buckets(row, note="x", constraints=[{"type": "min_bonds", "value": 0, "x": 1}]).encode(), "m"
    )
    assert [n.subject for n in notes] == ["note", "buckets[0].colour", "buckets[0].rules.min_age", "constraints[0].x"]
    _, notes = read_framework(b"path,target_weight,colour\nA/B,1,red\n", "mix.csv")
    assert (notes[0].code, notes[0].message) == ("unknown_field", 'The column "colour" is not known and was ignored.')


def test_a_policy_or_band_that_cannot_be_used_is_an_error_beside_the_others() -> None:
    row = {"path": "A/B", "target_weight": 0.9, "band": {"kind": "absolute", "width_bps": -3}}
    made, notes = read_framework(buckets(row, rebalancing={"trigger": "band"}).encode(), "mix.json")
    assert [(n.code, n.subject) for n in notes] == [("invalid_band", "A/B"), ("invalid_policy", "rebalancing.band")]
    assert all(n.severity is Severity.error for n in notes)
    assert [i.code for i in check(made)] == ["sum"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (buckets({"path": "A/B", "target_weight": "abc"}), "buckets[0].target_weight"),
        (buckets(B, {"path": "A/C", "target_weight": True}), "buckets[1].target_weight"),
        (buckets({"path": "A/B", "target_weight": [1]}), "buckets[0].target_weight"),
        (buckets({"path": "A/B"}), "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": NaN}]}', "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": -Infinity}]}', "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": 1e999}]}', "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": 1%s}]}' % ("0" * 400), "buckets[0].target_weight"),
        ('{"buckets": [{"path": "A/B", "target_weight": "1e9999"}]}', "buckets[0].target_weight"),
        ('{"buckets": [], "buckets": []}', "buckets"),
        ('{"buckets": [{"path": "A/B", "path": "A/C", "target_weight": 1}]}', "buckets[0].path"),
        ('{"buckets": [{"path": "A/B\\ud800", "target_weight": 1}]}', "buckets[0].path"),
        (buckets({"target_weight": 1}), "buckets[0].path"),
        (buckets({"path": 5, "target_weight": 1}), "buckets[0].path"),
        (buckets({"path": "A/B\x1b", "target_weight": 1}), "buckets[0].path"),
        (buckets({**B, "label": "\x00"}), "buckets[0].label"),
        (buckets({**B, "label": "x" * 1_001}), "buckets[0].label"),
        (buckets(B, description="x" * 20_001), "description"),
        (buckets({**B, "min_weight": "low"}), "buckets[0].min_weight"),
        (buckets({**B, "locked": "maybe"}), "buckets[0].locked"),
        (buckets({**B, "band": 5}), "buckets[0].band"),
        (buckets({**B, "rules": []}), "buckets[0].rules"),
        (buckets({**B, "rules": {"include_tags": [1]}}), "buckets[0].rules.include_tags[0]"),
        (buckets({**B, "rules": {"min_adv_usd": "lots"}}), "buckets[0].rules.min_adv_usd"),
        (buckets({**B, "rules": {"min_adv_usd": 1, "min_liquidity": 2}}), "buckets[0].rules.min_liquidity"),
        (buckets({**B, "holdings": {"VTI": 1}}), "buckets[0].holdings"),
        (buckets({**B, "holdings": [{"symbol": "", "share": 1}]}), "buckets[0].holdings[0].symbol"),
        (buckets({**B, "holdings": [{"symbol": "A"}, {"symbol": "B"}]}), "buckets[0].holdings[0].share"),
        (buckets("A/B"), "buckets[0]"),
        ('{"buckets": {}}', "buckets"),
        ("{}", "buckets"),
        (buckets(B, keel=2), "keel"),
        (buckets(B, name=["x"]), "name"),
        (buckets(B, method="magic"), "method"),
        (buckets(B, version=1.5), "version"),
        (buckets(B, created_at="yesterday"), "created_at"),
        (buckets(B, rebalancing=5), "rebalancing"),
        (buckets(B, constraints=[{"type": "min_bonds", "value": False}]), "constraints[0].value"),
        (buckets(B, constraints=[5]), "constraints[0]"),
    ],
)
def test_a_json_complaint_names_the_field(text: str, field: str) -> None:
    error = refused(text)
    assert error.column == field
    assert f"field {field}: " in error.message


def test_bad_input_is_echoed_short_and_without_control_characters() -> None:
    error = refused(buckets({"path": "A/B", "target_weight": "\x1b[31m" + "x" * 500}))
    assert "\\x1b[31m" in error.message
    assert len(error.message) < 160


def test_what_is_not_finite_is_not_written() -> None:
    with pytest.raises(KeelError, match="not finite"):
        framework_json(flat(float("nan"), 0.5))


@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    survives(json.dumps(value).encode(), "f.json")


@given(st.lists(st.fixed_dictionaries({"path": st.text(max_size=8), "target_weight": json_values}), max_size=4))
def test_any_buckets_are_read_or_refused(rows: list[object]) -> None:
    survives(buckets(*rows).encode(), "f.json")


def test_limits_and_products_have_a_limit() -> None:
    given = json.loads(framework_json(flat(0.5, 0.5)))
    limits = given | {"constraints": [{"type": "max_single_name", "value": 10}] * 501}
    assert "more than 500 limits" in refused(json.dumps(limits)).message
    held = [{"symbol": f"S{n}", "share": 0.001} for n in range(1_000)]
    buckets = [{"path": f"A/{n}", "target_weight": 1 / 21, "holdings": held} for n in range(21)]
    assert "more than 20,000 products" in refused(json.dumps(given | {"buckets": buckets})).message
