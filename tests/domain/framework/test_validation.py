"""Every rule a framework can break, each with its words, its severity and its remedies."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.trees import flat, frameworks, six

from keel.domain.framework import editing, tree
from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.framework.validation import check, require_valid
from keel.domain.issue import Finding, Severity, errors
from keel.domain.policy.kinds import (
    Absolute,
    Corridor,
    FiveTwentyFive,
    Relative,
    Trigger,
)
from keel.domain.policy.records import Policy
from keel.errors import InvalidFrameworkError

EQUITY = "AssetClass/Equity"
KNOWN = {f"asset_class:{name}" for name in ("equity", "bonds", "alternatives")} | {
    f"region:{name}" for name in ("us", "global", "emerging")
}


def with_bucket(framework: Framework, path: str, **fields: object) -> Framework:
    bucket = replace(tree.get(framework, path), **fields)  # type: ignore[arg-type]
    return editing.replace_bucket(framework, bucket)


def the(framework: Framework, code: str, **facts: object) -> Finding:
    found = [i for i in check(framework, **facts) if i.code == code]  # type: ignore[arg-type]
    assert len(found) == 1, check(framework)
    return found[0]


def after(framework: Framework, issue: Finding, label: str) -> Framework:
    return editing.revise(framework, next(f for f in issue.fixes if f.label == label).edits)


def test_a_sound_framework_has_no_issues() -> None:
    assert check(six()) == ()
    require_valid(six())


@given(frameworks())
def test_any_valid_framework_has_no_errors(made: Framework) -> None:
    assert errors(check(made)) == ()


def test_parts_that_do_not_make_their_bucket_say_both_numbers_and_offer_three_ways() -> None:
    short = with_bucket(six(), EQUITY + "/Emerging", target_weight=0.08)
    issue = the(short, "sum")
    assert (issue.severity, issue.subject) == (Severity.error, EQUITY)
    assert issue.message == "Its parts make 58.0%, the bucket is 60.0%."
    assert [f.label for f in issue.fixes] == ["Add 2.0% to Emerging equity", "Scale the parts", "Set Equity to 58.0%"]
    assert errors(check(after(short, issue, "Add 2.0% to Emerging equity"))) == ()
    assert errors(check(after(short, issue, "Scale the parts"))) == ()
    assert the(after(short, issue, "Set Equity to 58.0%"), "sum").subject == "AssetClass"


def test_too_much_is_taken_from_one_part() -> None:
    issue = the(flat(0.6, 0.43), "sum")
    assert (issue.subject, issue.message) == ("A", "The buckets make 103.0%, the whole is 100.0%.")
    assert [f.label for f in issue.fixes] == ["Take 3.0% from B1", "Scale the parts"]


@pytest.mark.parametrize("label", ["Add 0.1% to B2", "Scale the parts"])
def test_three_times_a_third_is_completed_by_one_click(label: str) -> None:
    thirds = flat(0.333, 0.333, 0.333)
    made = after(thirds, the(thirds, "sum"), label)
    assert abs(math.fsum(b.target_weight for b in made.buckets) - 1.0) <= 1e-9
    assert check(made) == ()


def test_sums_are_judged_per_sibling_set() -> None:
    made = with_bucket(
        with_bucket(six(), EQUITY + "/US", target_weight=0.2), "AssetClass/Bonds/Global", target_weight=0.2
    )
    assert [i.subject for i in check(made) if i.code == "sum"] == [EQUITY, "AssetClass/Bonds"]


def test_a_sum_is_exact_to_a_billionth() -> None:
    assert check(flat(0.5, 0.5 + 5e-10)) == ()
    assert the(flat(0.5, 0.5 + 2e-9), "sum").message == "The buckets make 100.0000002%, the whole is 100.0000000%."


def test_a_remedy_leaves_locked_buckets_and_limits_alone() -> None:
    locked = with_bucket(flat(0.5, 0.3, 0.1), "A/B0", locked=True)
    capped = with_bucket(locked, "A/B2", max_weight=0.15)
    issue = the(capped, "sum")
    assert [f.label for f in issue.fixes] == ["Add 10.0% to B1", "Scale the parts"]
    assert after(capped, issue, "Add 10.0% to B1").buckets[0].target_weight == 0.5


def test_a_remedy_takes_the_parts_below_along() -> None:
    small = editing.revise(six(), editing.resized(six(), EQUITY, 0.5))
    made = after(small, the(small, "sum"), "Scale the parts")
    assert check(made) == ()
    assert tree.get(made, EQUITY + "/US").target_weight == pytest.approx(5 / 18)


def test_the_part_whose_own_parts_then_fit_is_proposed_first() -> None:
    typed = with_bucket(six(), EQUITY, target_weight=0.55)
    top = next(i for i in check(typed) if i.subject == "AssetClass")
    assert top.fixes[0].label == "Add 5.0% to Equity"
    assert check(after(typed, top, "Add 5.0% to Equity")) == ()


def test_buckets_of_zero_are_split_equally() -> None:
    zero = flat(0.0, 0.0)
    assert check(after(zero, the(zero, "sum"), "Split it equally")) == ()


@pytest.mark.parametrize("value", [-0.1, 1.5, math.nan, math.inf])
def test_a_weight_lies_between_0_and_1(value: float) -> None:
    made = with_bucket(flat(0.5, 0.5), "A/B0", target_weight=value)
    issue = the(made, "weight_out_of_range")
    assert issue.severity is Severity.error
    assert "between 0 and 1" in issue.message


def test_weights_meant_as_percent_are_read_so_by_one_click() -> None:
    made = with_bucket(flat(60.0, 40.0), "A/B0", min_weight=50.0)
    issue = next(i for i in check(made) if i.code == "weight_out_of_range")
    assert issue.fix == "Write 60% or 0.6 if percent was meant."
    assert check(after(made, issue, "Read all weights as percent")) == ()


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


def test_a_target_at_its_maximum_has_no_room() -> None:
    made = with_bucket(six(), "AssetClass/Alternatives", max_weight=0.1)
    issue = the(made, "at_maximum")
    assert issue.severity is Severity.warning
    assert issue.message == "The target is already at its maximum, 10.0%, so any rise breaks the limit."
    assert check(after(made, issue, "Raise the maximum to 12.5%")) == ()


def test_paths_are_sound_unique_and_rooted() -> None:
    assert the(Framework("X", (Bucket("Equity", "E", 1.0),)), "bad_path").severity is Severity.error
    assert the(replace(six(), buckets=(*six().buckets, six().buckets[0])), "duplicate_path").subject == EQUITY
    orphan = replace(six(), buckets=(*six().buckets, Bucket("AssetClass/Cash/Bills", "Bills", 0.0)))
    assert the(orphan, "missing_parent").subject == "AssetClass/Cash"
    mixed = Framework("X", (Bucket("AssetClass/Equity", "E", 0.5), Bucket("Region/US", "U", 0.5)))
    assert "AssetClass, Region" in the(mixed, "mixed_dimensions").message


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


def test_the_currency_is_known() -> None:
    assert the(replace(six(), base_ccy="DOLLAR"), "unknown_currency").subject == "base_ccy"


def test_the_policy_is_in_range() -> None:
    issue = the(replace(six(), rebalancing=Policy(Trigger.band, band=Absolute(-5))), "invalid_policy")
    assert (issue.severity, issue.subject) == (Severity.error, "rebalancing.band.width_bps")
    bad = with_bucket(six(), EQUITY, band=Relative(1e9))
    assert the(bad, "invalid_band").subject == EQUITY


def test_a_band_of_zero_is_a_warning() -> None:
    assert the(with_bucket(six(), EQUITY, band=Corridor(0, 100)), "zero_band").subject == EQUITY
    policy = Policy(Trigger.band, band=FiveTwentyFive(500, 0))
    assert the(replace(six(), rebalancing=policy), "zero_band").subject == "rebalancing.band"


def test_rules_have_values_that_can_be_met() -> None:
    rules = Rules(max_expense_ratio=1.5, min_adv_usd=-1, allowed_types=("Bond",))
    codes = [i.code for i in check(with_bucket(six(), EQUITY, rules=rules))]
    assert codes == ["rule_out_of_range", "rule_out_of_range", "unknown_type"]


def test_what_needs_products_is_judged_when_they_are_known() -> None:
    made = with_bucket(six(), EQUITY, rules=Rules(include_tags=("asset_class:equities", "region:any")))
    assert the(made, "unknown_tag", known_tags=KNOWN).message == ('No product carries the tag "asset_class:equities".')
    implied = Framework("F", (Bucket("AssetClass/Real assets", "Real assets", 1.0),))
    assert 'asks for the tag "asset_class:real_assets"' in the(implied, "unknown_tag", known_tags=set()).message
    gap = the(six(), "no_product", eligible={"AssetClass/Alternatives": 0, "AssetClass/Bonds/Global": 3})
    assert gap.subject == "AssetClass/Alternatives"
    held = with_bucket(six(), "AssetClass/Alternatives", holdings=(Holding("CTA", 1.0),))
    assert (
        the(held, "short_history", history_years={"CTA": 2.1}).message == '"CTA" has 2.1 years of prices, less than 3.'
    )
    assert check(held) == ()


def test_one_product_that_makes_most_of_the_portfolio_is_a_warning() -> None:
    made = with_bucket(flat(0.6, 0.4), "A/B0", holdings=(Holding("VTI", 1.0),))
    assert the(made, "concentrated").message == '"VTI" alone makes 60.0% of the portfolio, more than 50.0%.'
    strict = replace(made, constraints=(Constraint("max_single_name", 10),))
    assert "more than 10.0%" in the(strict, "concentrated").message


def test_all_problems_are_found_at_once_errors_first() -> None:
    made = with_bucket(six(), EQUITY, target_weight=1.4, band=Absolute(0))
    made = replace(made, base_ccy="?", constraints=(Constraint("min_bonds", 40),))
    severities = [i.severity for i in check(made)]
    assert severities == sorted(severities, key=lambda s: s is not Severity.error)
    assert {"weight_out_of_range", "sum", "zero_band", "unknown_currency", "contradicted"} <= {
        i.code for i in check(made)
    }


def test_an_empty_framework_is_only_a_warning_until_something_needs_it() -> None:
    assert [i.code for i in check(Framework("Empty"))] == ["empty"]
    with pytest.raises(InvalidFrameworkError, match="has no buckets yet"):
        require_valid(Framework("Empty"))


def test_requiring_a_valid_framework_tells_the_first_and_carries_all() -> None:
    with pytest.raises(InvalidFrameworkError, match=r"A: The buckets make 90.0%.*\(and 1 more\)") as caught:
        require_valid(with_bucket(flat(0.5, 0.4), "A/B0", min_weight=0.6))
    assert len(errors(caught.value.issues)) == 2


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6))
def test_every_remedy_of_a_sum_makes_it_exact(targets: list[float]) -> None:
    made = flat(*targets)
    for issue in check(made):
        for fix in issue.fixes if issue.code == "sum" else ():
            repaired = editing.revise(made, fix.edits)
            assert "sum" not in {i.code for i in check(repaired)}


def test_buckets_beside_each_other_with_one_name_are_warned_of_and_cousins_are_not() -> None:
    alike = Framework("F", (Bucket("A/Equity", "Equity", 0.5), Bucket("A/Equity 2", "equity", 0.5)))
    assert [(i.code, i.severity) for i in check(alike)] == [("same_name", Severity.warning)]
    cousins = Framework(
        "F",
        (
            Bucket("A/US", "US", 0.5),
            Bucket("A/US/Large", "Large", 0.5),
            Bucket("A/EU", "EU", 0.5),
            Bucket("A/EU/Large", "Large", 0.5),
        ),
    )
    assert check(cousins) == ()
