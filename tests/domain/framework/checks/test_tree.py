"""The shape of a tree: its paths, parents, dimensions and names."""

from __future__ import annotations

import pytest
from tests.domain.trees import six

from keel.domain.framework.checks.tree import issues
from keel.domain.framework.records import Bucket, Framework


def codes(*buckets: Bucket) -> list[tuple[str, str]]:
    return [(found.code, found.subject) for found in issues(Framework("F", buckets))]


def test_a_sound_tree_has_no_finding() -> None:
    assert list(issues(six())) == []


@pytest.mark.parametrize(
    ("buckets", "expected"),
    [
        ((Bucket("Equity", "Equity", 1.0),), "bad_path"),
        ((Bucket("A/B", "One", 0.5), Bucket("A/B", "Two", 0.5)), "duplicate_path"),
        ((Bucket("A/B/C", "C", 1.0),), "missing_parent"),
        ((Bucket("A/B", "One", 0.5), Bucket("B/C", "Two", 0.5)), "mixed_dimensions"),
        ((Bucket("A/B", "Stocks", 0.5), Bucket("A/C", "STOCKS", 0.5)), "same_name"),
    ],
)
def test_each_fault_has_its_code(buckets: tuple[Bucket, ...], expected: str) -> None:
    assert expected in [code for code, _ in codes(*buckets)]


def test_names_in_different_places_may_be_alike() -> None:
    nested = (
        Bucket("A/B", "B", 0.5),
        Bucket("A/B/S", "Small", 0.5),
        Bucket("A/C", "C", 0.5),
        Bucket("A/C/S", "Small", 0.5),
    )
    assert codes(*nested) == []
