"""Reading the tree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.trees import six

from keel.domain.framework import tree
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.policy.kinds import Absolute, Relative
from keel.errors import InvalidFrameworkError


def test_parts_follow_their_bucket_whatever_the_order_of_the_file() -> None:
    shuffled = replace(six(), buckets=tuple(reversed(six().buckets)))
    assert [b.path for b in tree.ordered(shuffled)] == [
        "AssetClass/Alternatives",
        "AssetClass/Bonds",
        "AssetClass/Bonds/Linkers",
        "AssetClass/Bonds/Global",
        "AssetClass/Equity",
        "AssetClass/Equity/Emerging",
        "AssetClass/Equity/World",
        "AssetClass/Equity/US",
    ]


def test_leaves_are_the_buckets_without_parts() -> None:
    assert [b.label for b in tree.leaves(six())] == [
        "US equity",
        "World equity",
        "Emerging equity",
        "Global bonds",
        "Inflation-linked",
        "Alternatives",
    ]


def test_a_bucket_without_its_parent_and_a_repeated_path_are_still_listed_once_each() -> None:
    odd = Framework("Odd", (Bucket("A/X/Y", "Y", 0.5), Bucket("A/B", "B", 0.5), Bucket("A/B", "B", 0.5)))
    assert len(tree.ordered(odd)) == 3


def test_the_nearest_band_wins_and_leaves_inherit_it() -> None:
    made = six()
    made = replace(made, buckets=(replace(made.buckets[0], band=Absolute(100)), *made.buckets[1:]))
    made = replace(made, buckets=(made.buckets[0], replace(made.buckets[1], band=Relative(50)), *made.buckets[2:]))
    assert tree.effective_band(made, "AssetClass/Equity/US") == Relative(50)
    assert tree.effective_band(made, "AssetClass/Equity/World") == Absolute(100)
    assert tree.effective_band(made, "AssetClass/Bonds/Global") is None


def test_rules_add_up_from_the_top_and_start_from_the_path() -> None:
    made = six()
    top = replace(made.buckets[0], rules=Rules(exclude_tags=("leveraged",), min_adv_usd=1e6, allowed_types=("ETF",)))
    part = replace(made.buckets[1], rules=Rules(exclude_tags=("esg",), min_adv_usd=5e6))
    made = replace(made, buckets=(top, part, *made.buckets[2:]))
    found = tree.effective_rules(made, part.path)
    assert found.include_tags == ("asset_class:equity", "region:us")
    assert found.exclude_tags == ("leveraged", "esg")
    assert found.min_adv_usd == 5e6
    assert found.allowed_types == ("ETF",)


def test_the_rules_of_all_leaves_at_once_are_those_of_each() -> None:
    asked = tree.leaf_rules(six())
    assert asked == {leaf.path: tree.effective_rules(six(), leaf.path) for leaf in tree.leaves(six())}
    assert list(asked) == [leaf.path for leaf in tree.leaves(six())]


def test_an_unknown_path_is_named() -> None:
    with pytest.raises(InvalidFrameworkError, match="no bucket AssetClass/Gold") as caught:
        tree.get(six(), "AssetClass/Gold")
    assert caught.value.issues[0].code == "unknown_bucket"
    assert tree.find(six(), "AssetClass/Gold") is None
