"""Targets of buckets and shares of products, changed by hand-checked amounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.targets import set_classes, set_holdings, with_class, without_class, without_holding
from keel.domain.framework.validation import check
from keel.domain.issue import errors
from keel.errors import InputError, InvalidFrameworkError, LockedHoldingError

MADE = Framework(
    "F",
    (
        Bucket("A/Equity", "Equity", 0.6),
        Bucket("A/Equity/US", "US", 0.4, holdings=(Holding("VTI", 0.5), Holding("SPY", 0.3), Holding("IVV", 0.2))),
        Bucket("A/Equity/World", "World", 0.2, holdings=(Holding("VXUS", 1.0),)),
        Bucket("A/Bonds", "Bonds", 0.3, holdings=(Holding("BND", 1.0),)),
        Bucket("A/Gold", "Gold", 0.1),
    ),
)


def weights(framework: Framework) -> dict[str, float]:
    return {b.label: round(b.target_weight, 12) for b in framework.buckets}


def test_what_lies_below_is_scaled_with_its_bucket() -> None:
    found = set_classes(MADE, {"A/Equity": 0.3, "A/Bonds": 0.6})
    assert weights(found) == {"Equity": 0.3, "US": 0.2, "World": 0.1, "Bonds": 0.6, "Gold": 0.1}
    assert not errors(check(found))


def test_the_others_make_room_for_a_new_bucket_in_proportion_but_for_what_is_locked() -> None:
    found = with_class(MADE, "Real estate", 0.2)
    assert weights(found) == {
        "Equity": 0.48,
        "US": 0.32,
        "World": 0.16,
        "Bonds": 0.24,
        "Gold": 0.08,
        "Real estate": 0.2,
    }
    assert found.buckets[-1].path == "A/Real estate"
    assert not errors(check(found))
    locked = replace(MADE, buckets=(*MADE.buckets[:3], replace(MADE.buckets[3], locked=True), MADE.buckets[4]))
    assert weights(with_class(locked, "Cash", 0.07))["Bonds"] == 0.3
    for label, target in (("", 0.1), ("X", 0.0), ("X", 0.7), ("X", 1.0)):
        with pytest.raises(InputError):
            with_class(locked, label, target)


def test_what_is_said_of_a_part_is_kept_in_whatever_order_it_is_said() -> None:
    said = {"A/Equity/World": 0.25, "A/Equity/US": 0.25, "A/Equity": 0.5, "A/Bonds": 0.4}
    for order in (said, dict(reversed(said.items()))):
        assert weights(set_classes(MADE, order)) == {
            "Equity": 0.5,
            "US": 0.25,
            "World": 0.25,
            "Bonds": 0.4,
            "Gold": 0.1,
        }


def test_a_path_that_is_none_and_a_lock_are_refused() -> None:
    with pytest.raises(InvalidFrameworkError):
        set_classes(MADE, {"A/Nothing": 0.1})
    locked = Framework("L", (Bucket("A/S", "S", 0.6, locked=True), Bucket("A/B", "B", 0.4)))
    with pytest.raises(LockedHoldingError):
        set_classes(locked, {"A/S": 0.5, "A/B": 0.5})


def test_products_belong_to_buckets_without_parts() -> None:
    found = set_holdings(MADE, "A/Gold", {"GLD": 0.75, "IAU": 0.25})
    assert found.buckets[-1].holdings == (Holding("GLD", 0.75), Holding("IAU", 0.25))
    with pytest.raises(InputError, match="Equity has parts"):
        set_holdings(MADE, "A/Equity", {"VTI": 1.0})


def test_a_bucket_takes_all_below_it_along_and_leaves_its_weight_to_its_siblings() -> None:
    found = without_class(MADE, "A/Equity")
    assert weights(found) == {"Bonds": 0.75, "Gold": 0.25}
    assert weights(without_class(MADE, "A/Equity/World"))["US"] == 0.6
    assert weights(without_class(without_class(MADE, "A/Equity/World"), "A/Equity/US"))["Equity"] == 0.6
    assert not errors(check(found))


def test_a_locked_sibling_takes_none_of_it() -> None:
    locked = Framework("L", (Bucket("A/S", "S", 0.5, locked=True), Bucket("A/B", "B", 0.3), Bucket("A/C", "C", 0.2)))
    assert weights(without_class(locked, "A/C")) == {"S": 0.5, "B": 0.5}


def test_the_only_bucket_stays() -> None:
    with pytest.raises(InputError, match="the only bucket"):
        without_class(Framework("One", (Bucket("A/S", "S", 1.0),)), "A/S")


def test_the_other_products_share_what_one_leaves() -> None:
    found = without_holding(MADE, "A/Equity/US", "VTI")
    assert [(h.symbol, round(h.share, 12)) for h in found.buckets[1].holdings] == [("SPY", 0.6), ("IVV", 0.4)]
    assert without_holding(MADE, "A/Bonds", "BND").buckets[3].holdings == ()
    with pytest.raises(InputError, match="does not name GLD"):
        without_holding(MADE, "A/Bonds", "GLD")
