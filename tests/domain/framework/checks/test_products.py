"""What needs to know products: gaps, short histories, too much in one, tags nobody carries."""

from __future__ import annotations

from dataclasses import replace

from tests.domain.trees import flat

from keel.domain.framework.checks.products import coverage_issues, tag_issues
from keel.domain.framework.records import Constraint, Framework, Holding
from keel.domain.framework.rules import Rules


def held(*holdings: Holding) -> Framework:
    framework = flat(0.6, 0.4)
    return replace(framework, buckets=(replace(framework.buckets[0], holdings=holdings), framework.buckets[1]))


def codes(framework: Framework, **years: float) -> list[str]:
    return [found.code for found in coverage_issues(framework, {"A/B1": 0}, years, 3.0)]


def test_a_leaf_that_nothing_fits_is_named_and_one_not_counted_is_not() -> None:
    (found,) = coverage_issues(flat(0.6, 0.4), {"A/B0": 2, "A/B1": 0}, {}, 3.0)
    assert (found.code, found.subject) == ("no_product", "A/B1")


def test_a_history_is_short_below_the_least_and_not_at_it() -> None:
    half = held(Holding("X", 0.5), Holding("Y", 0.5))
    assert codes(half, X=2.9, Y=3.0) == ["short_history", "no_product"]


def test_one_product_of_more_than_half_or_more_than_its_limit_is_too_much() -> None:
    assert "concentrated" in codes(held(Holding("X", 1.0)))
    split = held(Holding("X", 0.5), Holding("Y", 0.5))
    assert "concentrated" not in codes(split)
    assert codes(replace(split, constraints=(Constraint("max_single_product", 20),))).count("concentrated") == 2


def test_a_limit_on_single_companies_is_one_on_products_that_are_companies() -> None:
    funds = replace(held(Holding("X", 0.5), Holding("Y", 0.5)), constraints=(Constraint("max_single_name", 20),))
    assert "concentrated" not in codes(funds)
    stocks, bonds = funds.buckets
    shares = replace(funds, buckets=(replace(stocks, rules=Rules(allowed_types=("Stock",))), bonds))
    assert codes(shares).count("concentrated") == 2


def test_a_tag_that_no_product_carries_is_told_apart_from_any() -> None:
    framework = flat(1.0)
    asked = Rules(include_tags=("region:us", "region:mars", "region:any"))
    made = replace(framework, buckets=(replace(framework.buckets[0], rules=asked),))
    assert [found.code for found in tag_issues(made, frozenset({"region:us"}))] == ["unknown_tag"]
