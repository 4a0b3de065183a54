"""Books: leaves and what fills them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.domain.trees import flat, six

from keel.domain.framework import editing, tree
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.kinds import Absolute
from keel.domain.portfolio.book import Book, book, frozen_leaves, with_assigned
from keel.errors import InvalidFrameworkError, InvalidPolicyError

ALT = "AssetClass/Alternatives"


def test_a_book_lists_leaves_in_tree_order_with_their_instruments() -> None:
    picks = {
        "AssetClass/Equity/US": (Holding("VTI", 0.75), Holding("SPY", 0.25)),
        "AssetClass/Bonds/Global": (Holding("BND", 1.0),),
    }
    made = book(six(), picks)
    assert made.labels[:2] == ("US equity", "World equity")
    assert made.symbols == ("VTI", "SPY", "CASH", "CASH", "BND", "CASH", "CASH")
    assert made.leaf.tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert made.shares.tolist() == [0.75, 0.25, 1, 1, 1, 1, 1]
    assert made.targets.tolist() == [0.3, 0.2, 0.1, 0.25, 0.05, 0.1]
    assert made.gaps == (
        "AssetClass/Equity/World",
        "AssetClass/Equity/Emerging",
        "AssetClass/Bonds/Linkers",
        "AssetClass/Alternatives",
    )


def test_picks_come_before_holdings_and_holdings_before_the_column_of_the_label() -> None:
    bucket = replace(tree.get(six(), ALT), holdings=(Holding("GLD", 1.0),))
    made = editing.replace_bucket(six(), bucket)
    columns = ["Alternatives", "GLD", "US equity"]
    assert book(six(), columns=columns).symbols[-1] == "Alternatives"
    assert book(made, columns=columns).symbols[-1] == "GLD"
    assert book(made, {ALT: (Holding("SLV", 1.0),)}, columns).symbols[-1] == "SLV"
    assert book(made, columns=columns).symbols[0] == "US equity"


def test_a_leaf_without_columns_is_not_guessed_from_its_label() -> None:
    assert book(six()).symbols == ("CASH",) * 6


def test_bands_are_those_the_leaves_inherit() -> None:
    made = editing.replace_bucket(six(), replace(six().buckets[0], band=Absolute(100)))
    assert book(made).bands == (Absolute(100), Absolute(100), Absolute(100), None, None, None)


def test_dust_of_floats_is_removed_and_more_than_dust_refused() -> None:
    made = book(flat(*[0.333333333333] * 3))
    assert float(np.sum(made.targets)) == 1.0
    with pytest.raises(InvalidFrameworkError, match=r"The buckets make 99\.0%"):
        book(flat(0.6, 0.39))
    with pytest.raises(InvalidFrameworkError, match=r"The products of B0 make 90\.0%"):
        book(flat(0.6, 0.4), {"A/B0": (Holding("VTI", 0.9),)})
    with pytest.raises(InvalidFrameworkError):
        book(flat(float("nan"), 0.4))


def test_an_empty_framework_has_no_book() -> None:
    with pytest.raises(InvalidFrameworkError, match="no buckets yet"):
        book(Framework("Empty"))


def test_leaves_are_frozen_by_path_by_label_or_by_a_bucket_above() -> None:
    made = Book(
        ("A/Equity/US", "A/Equity/EM", "A/Bonds"),
        ("US", "Emerging", "Bonds"),
        np.array([0.5, 0.2, 0.3]),
        ("X", "Y", "Z"),
        np.arange(3),
        np.ones(3),
        (None,) * 3,
    )
    assert frozen_leaves(made).tolist() == [False] * 3
    assert frozen_leaves(made, ["A/Equity"]).tolist() == [True, True, False]
    assert frozen_leaves(replace(made, frozen=(False, False, True)), ["Emerging"]).tolist() == [False, True, True]
    with pytest.raises(InvalidPolicyError, match="'Gold', which is no bucket"):
        frozen_leaves(made, ["Gold"])


def test_what_a_person_assigned_to_a_leaf_has_room_in_it_and_fills_one_without_a_product() -> None:
    pair = Framework("Pair", (Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Bonds", "Bonds", 0.4)))
    made = book(pair, {"A/Stocks": (Holding("VTI", 1.0),)}, columns=["VTI"])
    roomy = with_assigned(made, [("ODD", "A/Stocks"), ("OWN", "A/Bonds"), ("TOO", "A/Bonds"), ("X", "A/None")])
    assert roomy.symbols == ("VTI", "ODD", "OWN", "TOO")
    assert (roomy.leaf.tolist(), roomy.shares.tolist(), roomy.gaps) == ([0, 0, 1, 1], [1.0, 0.0, 0.5, 0.5], ())
    assert with_assigned(made, [("VTI", "A/Stocks")]) is made
