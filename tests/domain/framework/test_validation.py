"""Every rule a framework can break, found at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tests.domain.framework.judged import EQUITY, KNOWN, the, with_bucket
from tests.domain.trees import flat, frameworks, six

from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.framework.validation import check, require_valid
from keel.domain.issue import Severity, errors
from keel.domain.policy.kinds import (
    Absolute,
    Relative,
    Trigger,
)
from keel.domain.policy.records import Policy
from keel.errors import InvalidFrameworkError


def test_a_sound_framework_has_no_issues() -> None:
    assert check(six()) == ()
    require_valid(six())


@given(frameworks())
def test_any_valid_framework_has_no_errors(made: Framework) -> None:
    assert errors(check(made)) == ()


def test_paths_are_sound_unique_and_rooted() -> None:
    assert the(Framework("X", (Bucket("Equity", "E", 1.0),)), "bad_path").severity is Severity.error
    assert the(replace(six(), buckets=(*six().buckets, six().buckets[0])), "duplicate_path").subject == EQUITY
    orphan = replace(six(), buckets=(*six().buckets, Bucket("AssetClass/Cash/Bills", "Bills", 0.0)))
    assert the(orphan, "missing_parent").subject == "AssetClass/Cash"
    mixed = Framework("X", (Bucket("AssetClass/Equity", "E", 0.5), Bucket("Region/US", "U", 0.5)))
    assert "AssetClass, Region" in the(mixed, "mixed_dimensions").message


def test_the_currency_is_known() -> None:
    assert the(replace(six(), base_ccy="DOLLAR"), "unknown_currency").subject == "base_ccy"


def test_the_policy_is_in_range() -> None:
    issue = the(replace(six(), rebalancing=Policy(Trigger.band, band=Absolute(-5))), "invalid_policy")
    assert (issue.severity, issue.subject) == (Severity.error, "rebalancing.band.width_bps")
    bad = with_bucket(six(), EQUITY, band=Relative(1e9))
    assert the(bad, "invalid_band").subject == EQUITY


def test_rules_have_values_that_can_be_met() -> None:
    rules = Rules(max_expense_ratio=1.5, min_adv_usd=-1, allowed_types=("Bond",))
    codes = [i.code for i in check(with_bucket(six(), EQUITY, rules=rules))]
    assert codes == ["rule_out_of_range", "rule_out_of_range", "unknown_type"]


def test_what_needs_products_is_judged_when_they_are_known() -> None:
    made = with_bucket(six(), EQUITY, rules=Rules(include_tags=("asset_class:equities", "region:any")))
    assert the(made, "unknown_tag", known_tags=KNOWN).message == ('No product carries the tag "asset_class:equities".')
    implied = Framework("F", (Bucket("AssetClass/Alternatives", "Real assets", 1.0),))
    assert 'asks for the tag "asset_class:alternatives"' in the(implied, "unknown_tag", known_tags=set()).message
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
    strict = replace(made, constraints=(Constraint("max_single_product", 10),))
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
