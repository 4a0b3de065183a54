"""What buckets hold when nobody wrote rules for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel import settings
from keel.domain.framework.choices import in_words
from keel.domain.framework.contents import CHOSEN, UNKNOWN, renamed, rules_words, understood
from keel.domain.framework.editing import rename_bucket
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import leaf_rules
from keel.domain.framework.word_list import read_words

WORDS = read_words((settings.load({}).data_dir / "labels.toml").read_bytes(), "labels.toml")
CORE = Rules(include_tags=("asset_class:equity", "region:global", "sleeve:core"), allowed_types=("ETF",))


def held(*buckets: Bucket) -> dict[str, str]:
    """The contents of each leaf in words, by its label."""
    framework = understood(Framework("F", buckets), WORDS)
    asked = leaf_rules(framework)
    return {b.label: in_words(asked[b.path].include_tags) for b in framework.buckets if b.path in asked}


def part(label: str, above: str = "AssetClass/Equity") -> Bucket:
    return Bucket(f"{above}/{label}", label, 0.1)


def test_a_childs_name_beats_the_rules_of_its_parent() -> None:
    equity = Bucket("AssetClass/Equity", "Equity", 0.6, rules=CORE)
    assert held(equity, part("US equity"), part("International"), part("Small cap value"), part("Gold")) == {
        "US equity": "Shares, US, core",
        "International": "Shares, international, core",
        "Small cap value": "Shares, small, value",
        "Gold": "Gold",
    }


def test_what_is_above_says_of_which_class_a_word_is() -> None:
    bonds = Bucket("AssetClass/Bonds", "Bonds", 0.4)
    found = held(bonds, part("Emerging", "AssetClass/Bonds"), part("Long-term", "AssetClass/Bonds"))
    assert found == {"Emerging": "Bonds, emerging markets", "Long-term": "Bonds, over 10 years"}
    assert held(Bucket("Goal/Emerging", "Emerging", 1.0)) == {"Emerging": "Shares, emerging markets"}


def test_a_broad_leaf_keeps_slices_out_and_a_narrow_one_lets_its_own_in() -> None:
    pair = understood(Framework("F", (part("US stocks", "A"), part("Short treasuries", "A"))), WORDS)
    wide, narrow = (rules.exclude_tags for rules in leaf_rules(pair).values())
    assert {"slice:size", "slice:style", "slice:sector", "slice:area"} == set(wide)
    assert "slice:term" not in narrow
    assert "slice:inflation" in narrow


def test_tags_of_its_own_are_left_as_they_are() -> None:
    own = Framework("F", (Bucket("A/Gold", "Gold", 1.0, rules=Rules(include_tags=("esg",))),))
    assert understood(own, WORDS) == own


def test_a_name_without_meaning_is_asked_about_unless_something_else_says_what_it_holds() -> None:
    buckets = (
        Bucket("A/Dreams", "Dreams", 0.5),
        Bucket("A/Named", "Named", 0.3, holdings=(Holding("VTI", 1.0),)),
        Bucket("AssetClass/Equity", "My pot", 0.2),
    )
    asked = leaf_rules(understood(Framework("F", buckets), WORDS))
    assert [rules.include_tags for rules in asked.values()] == [(UNKNOWN,), (), ("asset_class:equity",)]


def test_it_is_understood_once() -> None:
    once = understood(Framework("F", (part("US equity"), part("Whatever"))), WORDS)
    assert understood(once, WORDS) == once


@pytest.mark.parametrize(
    ("bucket", "label", "contents"),
    [
        (Bucket("AssetClass/Equity", "Equity", 1.0, rules=CORE), "US equity", "Shares, US, core"),
        (Bucket("AssetClass/Equity", "Equity", 1.0, rules=CORE), "Stocks", "Shares, world, core"),
        (Bucket("AssetClass/Equity", "Equity", 1.0, rules=CORE), "Gold", "Gold"),
        (Bucket("AssetClass/Emerging", "Emerging", 1.0), "Technology", "Shares, technology"),
        (Bucket("Region/Emerging", "Emerging", 1.0), "Bonds", "Bonds"),
        (Bucket("AssetClass/Equity", "Equity", 1.0, rules=CORE), "Grandma", "Shares, world, core"),
    ],
)
def test_a_new_name_takes_the_place_of_what_stood_for_the_old_one(bucket: Bucket, label: str, contents: str) -> None:
    before = Framework("F", (bucket,))
    after = renamed(rename_bucket(before, bucket.path, label), bucket.path, WORDS)
    assert held(*after.buckets) == {label: contents}
    assert after.buckets[0].rules.allowed_types == bucket.rules.allowed_types


def test_what_was_chosen_means_a_market_and_not_its_slices() -> None:
    chosen = Bucket("A/X", "X", 1.0, rules=Rules(include_tags=("asset_class:equity", "region:us", CHOSEN)))
    rules = leaf_rules(understood(Framework("F", (chosen,)), WORDS))["A/X"]
    assert rules.include_tags == ("asset_class:equity", "region:us")
    assert "slice:size" in rules.exclude_tags
    exact = replace(chosen, rules=Rules(include_tags=("asset_class:equity", "region:us")))
    assert leaf_rules(understood(Framework("F", (exact,)), WORDS))["A/X"].exclude_tags == ()


def test_every_rule_is_said() -> None:
    rules = Rules(
        ("region:us", "esg", CHOSEN),
        ("sector:energy", "inverse"),
        ("ETF",),
        1e6,
        0.002,
        3,
        1e9,
        ("USD", "EUR"),
        ("VTI",),
    )
    assert rules_words(rules) == (
        "US",
        "esg",
        "without Energy, inverse",
        "ETF only",
        "in USD, EUR",
        "not VTI",
        "fee at most 0.20%",
        "at least 3 years of history",
        "at least $1,000,000 traded a day",
        "at least $1,000,000,000 in the fund",
    )
    assert rules_words(Rules()) == ()
