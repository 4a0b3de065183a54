"""Rows of the editor and what is typed into them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework import tree
from keel.domain.framework.records import Bucket, Framework
from keel.domain.policy.kinds import Absolute
from keel.domain.policy.presets import PRESETS
from keel.errors import InputError
from keel.ui.allocation.state import tree_rows

EQUITY, US, WORLD, BONDS = "A/Equity", "A/Equity/US", "A/Equity/World", "A/Bonds"
NESTED = Framework(
    "Nested",
    (
        Bucket(EQUITY, "Equity", 0.6, 0.5, 0.7),
        Bucket(US, "US", 0.45),
        Bucket(WORLD, "World", 0.15, band=Absolute(200)),
        Bucket(BONDS, "Bonds", 0.4),
    ),
    rebalancing=PRESETS["five_twenty_five"],
)


def test_a_row_shows_percents_limits_band_and_level() -> None:
    shown = tree_rows.rows(NESTED, {EQUITY: 3})
    assert [(r.label, r.level, r.target_weight, r.min_weight, r.max_weight) for r in shown] == [
        ("Equity", 1, "60.0", "50.0", "70.0"),
        ("US", 2, "45.0", "", ""),
        ("World", 2, "15.0", "", ""),
        ("Bonds", 1, "40.0", "", ""),
    ]
    assert [r.band for r in shown] == ["", "±5.0\u00a0pp", "±2.0\u00a0pp", "±5.0\u00a0pp"]
    assert [r.slot for r in shown] == [3, 6, 6, 6]


def test_parts_that_do_not_add_up_are_said_at_their_bucket() -> None:
    short = tree_rows.typed(NESTED, US, "target_weight", "43")
    assert [r.amiss for r in tree_rows.rows(short, {})] == ["parts make 58.0%", "", "", ""]
    assert tree_rows.placed_words(short) == "98.0% placed, 2.0% to go"


def test_only_an_exact_sum_is_100_percent_placed() -> None:
    assert tree_rows.placed_words(NESTED) == "100% placed"
    near = Framework("Near", tuple(Bucket(f"A/{n}", n, 0.333333) for n in "abc"))
    assert tree_rows.placed_words(near) == "99.9999% placed, 0.0001% to go"
    over = Framework("Over", (Bucket("A/a", "a", 1.02),))
    assert tree_rows.placed_words(over) == "102.0% placed, 2.0% too much"


def test_leaves_of_100_percent_under_a_wrong_bucket_are_not_green() -> None:
    skewed = tree_rows.typed(NESTED, EQUITY, "target_weight", "50")
    assert tree_rows.placed_words(skewed) == "100% placed, but 1 bucket with parts that do not add up"


@given(st.integers(1, 999))
def test_a_share_of_the_parent_keeps_the_shares_below(tenths: int) -> None:
    changed = tree_rows.typed(NESTED, EQUITY, "target_weight", str(tenths / 10), of_parent=True)
    assert math.isclose(tree.get(changed, US).target_weight / tree.get(changed, EQUITY).target_weight, 0.75)
    assert math.isclose(tree.get(changed, EQUITY).target_weight, tenths / 1000)


def test_a_share_typed_for_a_part_is_stored_as_a_share_of_the_whole() -> None:
    changed = tree_rows.typed(NESTED, US, "target_weight", "50", of_parent=True)
    assert math.isclose(tree.get(changed, US).target_weight, 0.3)


def test_a_strip_of_many_leaves_shows_their_classes() -> None:
    many = tuple(Bucket(f"A/{top}/{n}", f"{top}{n}", 0.02) for top in "xy" for n in range(25))
    framework = Framework("Many", (Bucket("A/x", "X", 0.5), Bucket("A/y", "Y", 0.5), *many))
    labels, weights, _ = tree_rows.strip(framework, {})
    assert labels == ("X", "Y")
    assert weights == pytest.approx((0.5, 0.5))


def test_a_blank_limit_is_no_limit_and_a_blank_target_is_refused() -> None:
    assert tree.get(tree_rows.typed(NESTED, EQUITY, "min_weight", ""), EQUITY).min_weight is None
    with pytest.raises(InputError, match="needs a target"):
        tree_rows.typed(NESTED, EQUITY, "target_weight", " ")


def test_a_share_of_the_parent_is_said_of_the_parent_in_the_warning_too() -> None:
    loose = replace(NESTED, buckets=(*NESTED.buckets[:2], NESTED.buckets[3]))
    by_label = {row.label: row for row in tree_rows.rows(loose, {}, of_parent=True)}
    assert (by_label["US"].target_weight, by_label["Equity"].amiss) == ("75.0", "parts make 75.0% of it")
    assert tree_rows.rows(loose, {})[0].amiss == "parts make 45.0%"
