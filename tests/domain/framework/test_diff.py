"""Differences of versions in words."""

from __future__ import annotations

from dataclasses import replace

from tests.domain.trees import six

from keel.domain.framework import editing, tree
from keel.domain.framework.diff import Kind, diff
from keel.domain.framework.records import Constraint, Holding
from keel.domain.framework.rules import Rules
from keel.domain.policy.kinds import Absolute
from keel.domain.policy.presets import PRESETS


def test_nothing_changed_says_nothing() -> None:
    assert diff(six(), replace(six(), version=3)) == ()


def test_every_field_is_told_in_words() -> None:
    a = six()
    bonds = replace(
        tree.get(a, "AssetClass/Bonds"),
        label="Fixed income",
        target_weight=0.35,
        min_weight=0.2,
        max_weight=0.4,
        band=Absolute(300),
        locked=True,
        rules=Rules(include_tags=("region:us",), min_adv_usd=1e6),
        holdings=(Holding("BND", 1.0),),
    )
    b = replace(
        editing.replace_bucket(a, bonds),
        name="Mine",
        rebalancing=PRESETS["five_twenty_five"],
        constraints=(Constraint("min_bonds", 20), Constraint("max_holdings", 8)),
    )
    assert [str(c) for c in diff(a, b)] == [
        "Framework: name Global 6 → Mine",
        "Framework: policy Every year, back to target → 5/25 band, looked at every session, back to target",
        "Limit: bonds – → at least 20.0%",
        "Limit: number of holdings – → at most 8",
        "Fixed income: label Bonds → Fixed income",
        "Fixed income: target 30.0% → 35.0%",
        "Fixed income: minimum – → 20.0%",
        "Fixed income: maximum – → 40.0%",
        "Fixed income: band inherited → ±3 pp",
        "Fixed income: lock open → locked",
        "Fixed income: rules – → US; at least $1,000,000 traded a day",
        "Fixed income: products – → BND 100.0%",
    ]


def test_buckets_that_came_and_went_are_listed() -> None:
    changes = diff(six(), editing.rename_bucket(six(), "AssetClass/Alternatives", "Gold", "Gold"))
    assert [(c.kind, str(c)) for c in changes] == [
        (Kind.added, "Gold added at 10.0%"),
        (Kind.removed, "Alternatives removed (was 10.0%)"),
    ]
