"""Rules of weights, each with its words and its severity."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.domain.framework.judged import EQUITY, after, the, with_bucket
from tests.domain.trees import flat, six

from keel.domain.framework.records import Holding
from keel.domain.framework.validation import check
from keel.domain.issue import Severity, errors
from keel.domain.policy.kinds import (
    Corridor,
    FiveTwentyFive,
    Trigger,
)
from keel.domain.policy.records import Policy


def test_parts_that_do_not_make_their_bucket_say_both_numbers_and_offer_three_ways() -> None:
    short = with_bucket(six(), EQUITY + "/Emerging", target_weight=0.08)
    issue = the(short, "sum")
    assert (issue.severity, issue.subject) == (Severity.error, EQUITY)
    assert issue.message == "Its parts make 58.0%, the bucket is 60.0%."
    assert [f.label for f in issue.fixes] == ["Add 2.0% to Emerging equity", "Scale the parts", "Set Equity to 58.0%"]
    assert errors(check(after(short, issue, "Add 2.0% to Emerging equity"))) == ()
    assert errors(check(after(short, issue, "Scale the parts"))) == ()
    assert the(after(short, issue, "Set Equity to 58.0%"), "sum").subject == "AssetClass"


def test_sums_are_judged_per_sibling_set() -> None:
    made = with_bucket(
        with_bucket(six(), EQUITY + "/US", target_weight=0.2), "AssetClass/Bonds/Global", target_weight=0.2
    )
    assert [i.subject for i in check(made) if i.code == "sum"] == [EQUITY, "AssetClass/Bonds"]


def test_a_sum_is_exact_to_a_billionth() -> None:
    assert check(flat(0.5, 0.5 + 5e-10)) == ()
    assert the(flat(0.5, 0.5 + 2e-9), "sum").message == "The buckets make 100.0000002%, the whole is 100.0000000%."


@pytest.mark.parametrize("value", [-0.1, 1.5, math.nan, math.inf])
def test_a_weight_lies_between_0_and_1(value: float) -> None:
    made = with_bucket(flat(0.5, 0.5), "A/B0", target_weight=value)
    issue = the(made, "weight_out_of_range")
    assert issue.severity is Severity.error
    assert "between 0 and 1" in issue.message


def test_a_minimum_above_the_target_is_an_error_and_zero_counts_as_a_limit() -> None:
    issue = the(with_bucket(six(), EQUITY, min_weight=0.65), "min_above_target")
    assert issue.message == "The minimum 65.0% is above the target 60.0%."
    assert (
        check(after(with_bucket(six(), EQUITY, min_weight=0.65), issue, "Lower the minimum to 60.0%"))[0].code
        == "at_minimum"
    )
    assert check(with_bucket(six(), EQUITY, min_weight=0.0)) == ()
    assert (
        the(with_bucket(six(), EQUITY, max_weight=0.0), "target_above_max").fixes[0].label
        == "Raise the maximum to 60.0%"
    )


def test_minimums_of_siblings_fit_their_parent() -> None:
    made = with_bucket(with_bucket(six(), EQUITY + "/US", min_weight=0.35), EQUITY + "/World", min_weight=0.3)
    issue = the(made, "minimums_too_high")
    assert issue.message == "The minimums of its parts make 65.0%, the bucket is only 60.0%."
    assert "minimums_too_high" not in {i.code for i in check(after(made, issue, "Scale the minimums"))}


def test_maximums_of_siblings_reach_their_parent_when_all_have_one() -> None:
    made = with_bucket(six(), "AssetClass/Bonds/Global", max_weight=0.2)
    assert "maximums_too_low" not in {i.code for i in check(made)}
    made = with_bucket(made, "AssetClass/Bonds/Linkers", max_weight=0.05)
    assert the(made, "maximums_too_low").message == "The maximums of its parts make only 25.0%, the bucket is 30.0%."


def test_shares_of_products_sum_to_one() -> None:
    made = with_bucket(six(), "AssetClass/Alternatives", holdings=(Holding("GLD", 0.6), Holding("SLV", 0.3)))
    assert the(made, "shares").message == "The shares of its products make 90.0%, not 100.0%."
    twice = with_bucket(six(), "AssetClass/Alternatives", holdings=(Holding("GLD", 0.5), Holding("GLD", 0.5)))
    assert the(twice, "duplicate_holding").severity is Severity.error
    wild = with_bucket(six(), "AssetClass/Alternatives", holdings=(Holding("GLD", 1.5), Holding("SLV", -0.5)))
    assert [i.code for i in check(wild)] == ["share_out_of_range", "share_out_of_range"]


def test_products_of_a_bucket_with_parts_are_not_used() -> None:
    made = with_bucket(six(), EQUITY, holdings=(Holding("VT", 1.0),))
    assert the(made, "unused_products").severity is Severity.warning


def test_a_band_of_zero_is_a_warning() -> None:
    assert the(with_bucket(six(), EQUITY, band=Corridor(0, 100)), "zero_band").subject == EQUITY
    policy = Policy(Trigger.band, band=FiveTwentyFive(500, 0))
    assert the(replace(six(), rebalancing=policy), "zero_band").subject == "rebalancing.band"
